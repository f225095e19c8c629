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

#define QUEUE_MAX 512 /* objects; a fuller queue is flushed */

struct queued {
	struct oid oid;
	char *temporary; /* malloc'ed path */
	int fd;
};

struct object_queue {
	struct queued v[QUEUE_MAX];
	size_t n;
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

static void queue_free(struct repo *repo)
{
	free(repo->queue);
	repo->queue = NULL;
}

void object_queue_drop(struct repo *repo)
{
	if (!repo->queue)
		return;
	for (size_t i = 0; i < repo->queue->n; i++)
		forget(&repo->queue->v[i]);
	queue_free(repo);
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

/* Deflates header and contents at git's default level for loose objects. */
static unsigned char *packed(const char *header, size_t header_len,
    const void *p, size_t len, size_t *ret_len)
{
	z_stream z = { 0 };
	unsigned char *out = NULL;
	uLong bound;

	if (len > UINT32_MAX / 2 || deflateInit(&z, Z_BEST_SPEED) != Z_OK)
		return NULL;
	bound = deflateBound(&z, (uLong)(header_len + len)) + 64;
	out = malloc(bound);
	if (out) {
		int code;

		z.next_out = out;
		z.avail_out = (uInt)bound;
		z.next_in = (z_const Bytef *)(uintptr_t)header;
		z.avail_in = (uInt)header_len;
		code = deflate(&z, Z_NO_FLUSH);
		z.next_in = (z_const Bytef *)(uintptr_t)p;
		z.avail_in = (uInt)len;
		if (code == Z_OK)
			code = deflate(&z, Z_FINISH);
		if (code != Z_STREAM_END) {
			free(out);
			out = NULL;
		}
	}
	*ret_len = z.total_out;
	deflateEnd(&z);
	return out;
}

static int write_temporary(struct repo *repo, struct queued *object,
    const char *header, size_t header_len, const void *p, size_t len,
    struct err *err)
{
	unsigned char *bytes = NULL;
	size_t bytes_len = 0;
	int status = -1;

	object->fd = -1;
	if (asprintf(&object->temporary, "%s/tmp_obj_XXXXXX", repo->objects) <
	    0) {
		object->temporary = NULL;
		return err_set(err, ERR_INTERNAL, "out of memory");
	}
	object->fd = mkostemp(object->temporary, O_CLOEXEC);
	if (object->fd < 0) {
		err_set(err, ERR_IO, "cannot write in '%s': %s", repo->objects,
		    strerror(errno));
		free(object->temporary);
		object->temporary = NULL;
		return -1;
	}
	bytes = packed(header, header_len, p, len, &bytes_len);
	if (!bytes) {
		err_set(err, ERR_INTERNAL, "cannot compress an object");
		goto out;
	}
	if (write_all(object->fd, bytes, bytes_len) ||
	    fchmod(object->fd, repo->queue->file_mode)) {
		err_set(err, ERR_IO, "cannot write '%s': %s",
		    object->temporary, strerror(errno));
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

int object_queue_add(struct repo *repo, enum object_kind kind, const void *p,
    size_t len, struct oid *ret_oid, struct err *err)
{
	struct object_queue *queue = queue_of(repo, err);
	git_object_t type = type_of(kind), there;
	struct queued *object;
	char header[64];
	git_oid id;
	size_t size;
	int n;

	if (!queue)
		return -1;
	if (git_odb_hash(&id, p, len, type) < 0)
		return err_git(err, ERR_INTERNAL, "cannot hash an object");
	*ret_oid = oid_of_git(&id);
	/* Its header must read: a file cut short by a crash is no object. */
	if (is_queued(queue, ret_oid) ||
	    (git_odb_exists_ext(repo->odb, &id, GIT_ODB_LOOKUP_NO_REFRESH) &&
		git_odb_read_header(&size, &there, repo->odb, &id) == 0 &&
		size == len && there == type))
		return 0;
	if (queue->n == QUEUE_MAX) {
		if (object_queue_flush(repo, err))
			return -1;
		queue = queue_of(repo, err);
		if (!queue)
			return -1;
	}
	n = snprintf(header, sizeof(header), "%s %zu",
	    git_object_type2string(type), len);
	object = &queue->v[queue->n];
	object->oid = *ret_oid;
	if (write_temporary(repo, object, header, (size_t)n + 1, p, len, err))
		return -1;
	queue->n++;
	return 0;
}

static int make_folder(const char *path, mode_t mode)
{
	if (mkdir(path, 0777) < 0)
		return errno == EEXIST ? 0 : -1;
	return chmod(path, mode);
}

static int sync_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int code;

	if (fd < 0)
		return -1;
	code = fsync(fd);
	close(fd);
	return code;
}

/* "objects/ab" into path. */
static void folder_of(const struct repo *repo, const struct oid *oid,
    char *path, size_t size)
{
	snprintf(path, size, "%s/%.2s", repo->objects, oid_hex(oid).s);
}

static int name_object(struct repo *repo, struct queued *object,
    struct err *err)
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

static int sync_folders(const struct repo *repo, struct err *err)
{
	bool done[256] = { false };
	size_t size = strlen(repo->objects) + 4;
	char *path = malloc(size);
	int code = path ? 0 : -1;

	for (size_t i = 0; !code && i < repo->queue->n; i++) {
		const struct oid *oid = &repo->queue->v[i].oid;

		if (done[oid->b[0]])
			continue;
		done[oid->b[0]] = true;
		folder_of(repo, oid, path, size);
		code = sync_folder(path);
	}
	if (!code)
		code = sync_folder(repo->objects);
	free(path);
	return code ? err_set(err, ERR_IO, "cannot fsync '%s': %s",
			  repo->objects, strerror(errno)) :
		      0;
}

int object_queue_flush(struct repo *repo, struct err *err)
{
	struct object_queue *queue = repo->queue;

	if (!queue)
		return 0;
	for (size_t i = 0; i < queue->n; i++) {
		if (fsync(queue->v[i].fd) == 0)
			continue;
		err_set(err, ERR_IO, "cannot fsync an object in '%s': %s",
		    repo->objects, strerror(errno));
		goto fail;
	}
	for (size_t i = 0; i < queue->n; i++) {
		if (name_object(repo, &queue->v[i], err))
			goto fail;
		free(queue->v[i].temporary);
		queue->v[i].temporary = NULL;
	}
	if (queue->n > 0 && sync_folders(repo, err))
		goto fail;
	for (size_t i = 0; i < queue->n; i++)
		forget(&queue->v[i]);
	queue_free(repo);
	return 0;
fail:
	object_queue_drop(repo);
	return -1;
}
