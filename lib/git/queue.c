#include "git/queue.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "git/handle.h"

#define QUEUE_MAX 64u /* objects, each an open file; then it is flushed */

struct queued {
	struct oid oid;
	char *temporary; /* malloc'ed path */
	int fd;
};

struct object_queue {
	struct queued v[QUEUE_MAX];
	size_t n;
	z_stream zlib;
	bool zlib_ready;
	mode_t dir_mode;  /* as the object directory's own, whatever the */
	mode_t file_mode; /* umask: other accounts may serve fetches */
};

static git_object_t type_of(enum object_kind kind)
{
	switch (kind) {
	case OBJECT_COMMIT:
		return GIT_OBJECT_COMMIT;
	case OBJECT_TREE:
		return GIT_OBJECT_TREE;
	case OBJECT_BLOB:
		return GIT_OBJECT_BLOB;
	case OBJECT_TAG:
		return GIT_OBJECT_TAG;
	case OBJECT_MISSING:
		break;
	}
	return GIT_OBJECT_INVALID;
}

static struct object_queue *queue_of(struct repo *repo, struct err *err)
{
	struct stat st;

	if (repo->queue)
		return repo->queue;
	if (stat(repo->objects, &st) < 0) {
		err_set(err, ERR_IO, "cannot read '%s': %s", repo->objects,
		    strerror(errno));
		return NULL;
	}
	repo->queue = calloc(1, sizeof(*repo->queue));
	if (!repo->queue) {
		err_set(err, ERR_INTERNAL, "out of memory");
		return NULL;
	}
	/* git's default level for loose objects. */
	repo->queue->zlib_ready = deflateInit(
				      &repo->queue->zlib, Z_BEST_SPEED) == Z_OK;
	repo->queue->dir_mode = st.st_mode & 07777;
	repo->queue->file_mode = st.st_mode & 0444;
	return repo->queue;
}

static void forget(struct queued *object)
{
	if (object->fd >= 0)
		close(object->fd);
	if (object->temporary)
		unlink(object->temporary);
	free(object->temporary);
	object->temporary = NULL;
	object->fd = -1;
}

static void forget_all(struct object_queue *queue)
{
	for (size_t i = 0; i < queue->n; i++)
		forget(&queue->v[i]);
	queue->n = 0;
}

void object_queue_drop(struct repo *repo)
{
	if (!repo->queue)
		return;
	forget_all(repo->queue);
	if (repo->queue->zlib_ready)
		deflateEnd(&repo->queue->zlib);
	free(repo->queue);
	repo->queue = NULL;
}

static int write_all(int fd, const unsigned char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

/* Header and contents, deflated: malloc'ed. */
static unsigned char *packed(struct object_queue *queue, const char *header,
    size_t header_len, const void *p, size_t len, size_t *ret_len)
{
	z_stream *z = &queue->zlib;
	unsigned char *out;
	uLong bound;
	int code;

	if (len > UINT32_MAX / 2 || !queue->zlib_ready ||
	    deflateReset(z) != Z_OK)
		return NULL;
	bound = deflateBound(z, (uLong)(header_len + len)) + 64;
	out = malloc(bound);
	if (!out)
		return NULL;
	z->next_out = out;
	z->avail_out = (uInt)bound;
	z->next_in = (z_const Bytef *)(uintptr_t)header;
	z->avail_in = (uInt)header_len;
	code = deflate(z, Z_NO_FLUSH);
	z->next_in = (z_const Bytef *)(uintptr_t)p;
	z->avail_in = (uInt)len;
	if (code == Z_OK)
		code = deflate(z, Z_FINISH);
	*ret_len = z->total_out;
	if (code == Z_STREAM_END)
		return out;
	free(out);
	return NULL;
}

static int make_temporary(
    struct repo *repo, struct queued *object, struct err *err)
{
	int code;

	object->fd = -1;
	if (asprintf(&object->temporary, "%s/tmp_obj_XXXXXX", repo->objects) <
	    0) {
		object->temporary = NULL;
		return err_set(err, ERR_INTERNAL, "out of memory");
	}
	object->fd = mkostemp(object->temporary, O_CLOEXEC);
	if (object->fd >= 0)
		return 0;
	code = errno;
	free(object->temporary);
	object->temporary = NULL;
	err_set(err, ERR_IO, "cannot write in '%s': %s", repo->objects,
	    strerror(code));
	errno = code;
	return -1;
}

static int write_temporary(struct repo *repo, struct queued *object,
    const char *header, size_t header_len, const void *p, size_t len,
    struct err *err)
{
	unsigned char *bytes = NULL;
	size_t bytes_len = 0;
	int status = -1;

	if (make_temporary(repo, object, err)) {
		/* Few descriptors: those of the queue can be let go. */
		if (errno != EMFILE || object_queue_flush(repo, err) ||
		    make_temporary(repo, object, err))
			return -1;
	}
	bytes = packed(repo->queue, header, header_len, p, len, &bytes_len);
	if (!bytes) {
		err_set(err, ERR_INTERNAL, "cannot compress an object");
		goto out;
	}
	if (write_all(object->fd, bytes, bytes_len) ||
	    fchmod(object->fd, repo->queue->file_mode)) {
		err_set(err, ERR_IO, "cannot write '%s': %s", object->temporary,
		    strerror(errno));
		goto out;
	}
	/* Starts the writing; fsync in the flush waits for it. */
	(void)sync_file_range(object->fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	status = 0;
out:
	free(bytes);
	if (status)
		forget(object);
	return status;
}

static bool is_queued(const struct object_queue *queue, const struct oid *oid)
{
	for (size_t i = 0; i < queue->n; i++)
		if (oid_eq(&queue->v[i].oid, oid))
			return true;
	return false;
}

int object_hash(enum object_kind kind, const void *p, size_t len,
    struct oid *ret_oid, struct err *err)
{
	git_oid id;

	if (git_odb_hash(&id, p, len, type_of(kind)) < 0)
		return err_git(err, ERR_INTERNAL, "cannot hash an object");
	*ret_oid = oid_of_git(&id);
	return 0;
}

int object_queue_add(struct repo *repo, enum object_kind kind, const void *p,
    size_t len, struct oid *ret_oid, struct err *err)
{
	struct object_queue *queue = queue_of(repo, err);
	git_object_t type = type_of(kind), there;
	struct queued object;
	git_oid id;
	char header[64];
	size_t size;
	int n;

	if (!queue)
		return -1;
	if (object_hash(kind, p, len, ret_oid, err))
		return -1;
	id = git_oid_of(ret_oid);
	/* Its header must read: a file cut short by a crash is no object. */
	if (is_queued(queue, ret_oid) ||
	    (git_odb_exists_ext(repo->odb, &id, GIT_ODB_LOOKUP_NO_REFRESH) &&
		git_odb_read_header(&size, &there, repo->odb, &id) == 0 &&
		size == len && there == type))
		return 0;
	if (queue->n == QUEUE_MAX && object_queue_flush(repo, err))
		return -1;
	n = snprintf(header, sizeof(header), "%s %zu",
	    git_object_type2string(type), len);
	object.oid = *ret_oid;
	if (write_temporary(repo, &object, header, (size_t)n + 1, p, len, err))
		return -1;
	queue->v[queue->n++] = object;
	return 0;
}

static int make_folder(const char *path, mode_t mode)
{
	if (mkdir(path, 0777) < 0)
		return errno == EEXIST ? 0 : -1;
	return chmod(path, mode);
}

/* "objects/ab" into path. */
static void folder_of(
    const struct repo *repo, const struct oid *oid, char *path, size_t size)
{
	snprintf(path, size, "%s/%.2s", repo->objects, oid_hex(oid).s);
}

static int name_object(
    struct repo *repo, struct queued *object, struct err *err)
{
	size_t size = strlen(repo->objects) + OID_HEX + 3;
	char *path = malloc(size);
	int code = -1;

	if (path) {
		folder_of(repo, &object->oid, path, size);
		code = make_folder(path, repo->queue->dir_mode);
	}
	if (path && code == 0) {
		snprintf(path, size, "%s/%.2s/%s", repo->objects,
		    oid_hex(&object->oid).s, oid_hex(&object->oid).s + 2);
		code = rename(object->temporary, path);
	}
	if (code)
		err_set(err, ERR_IO, "cannot write object %s in '%s': %s",
		    oid_hex(&object->oid).s, repo->objects, strerror(errno));
	free(path);
	return code ? -1 : 0;
}

/* Each rename took a name out of the object directory and put one into a
 * folder of it, at one stroke: with the one the other is on disk, whatever
 * folders there were, on every journalling file system. */
static int sync_names(const struct repo *repo, struct err *err)
{
	int fd = open(repo->objects, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int code = fd < 0 ? -1 : fsync(fd);

	if (code)
		err_set(err, ERR_IO, "cannot fsync '%s': %s", repo->objects,
		    strerror(errno));
	if (fd >= 0)
		close(fd);
	return code;
}

int object_queue_flush(struct repo *repo, struct err *err)
{
	struct object_queue *queue = repo->queue;
	int status = -1;

	if (!queue || queue->n == 0)
		return 0;
	for (size_t i = 0; i < queue->n; i++) {
		if (fsync(queue->v[i].fd) == 0)
			continue;
		err_set(err, ERR_IO, "cannot fsync an object in '%s': %s",
		    repo->objects, strerror(errno));
		goto out;
	}
	for (size_t i = 0; i < queue->n; i++) {
		if (name_object(repo, &queue->v[i], err))
			goto out;
		free(queue->v[i].temporary);
		queue->v[i].temporary = NULL;
	}
	status = sync_names(repo, err);
out:
	forget_all(queue); /* removes what has no name yet */
	return status;
}
