#include "git/objects.h"

#include <string.h>

#include "git/handle.h"
#include "git/queue.h"
#include "git/raw.h"

static enum object_kind kind_of(git_object_t type)
{
	if (type == GIT_OBJECT_COMMIT)
		return OBJECT_COMMIT;
	if (type == GIT_OBJECT_TREE)
		return OBJECT_TREE;
	if (type == GIT_OBJECT_BLOB)
		return OBJECT_BLOB;
	if (type == GIT_OBJECT_TAG)
		return OBJECT_TAG;
	return OBJECT_MISSING;
}

static const char *kind_name(enum object_kind kind)
{
	static const char *const names[] = { "missing object", "commit",
		"tree", "blob", "tag" };

	return names[kind];
}

static int unreadable(const struct oid *oid, struct err *err)
{
	return err_git(err, ERR_FORMAT, "cannot read object %s",
	    oid_hex(oid).s);
}

/* The first database that has it; NULL: missing. */
static int locate(struct repo *repo, const struct oid *oid, git_odb **ret_odb,
    git_object_t *ret_type, size_t *ret_size, struct err *err)
{
	git_odb *const odbs[] = { repo->incoming, repo->borrowed, repo->odb };
	git_oid id = git_oid_of(oid);

	*ret_odb = NULL;
	if (oid_is_zero(oid))
		return 0;
	if (repo->queue && object_queue_flush(repo, err))
		return -1;
	for (size_t i = 0; i < sizeof(odbs) / sizeof(*odbs); i++) {
		int code;

		if (!odbs[i])
			continue;
		code = git_odb_read_header(ret_size, ret_type, odbs[i], &id);
		if (code == 0) {
			*ret_odb = odbs[i];
			return 0;
		}
		if (code != GIT_ENOTFOUND)
			return unreadable(oid, err);
	}
	return 0;
}

int object_header(struct repo *repo, const struct oid *oid,
    enum object_kind *ret_kind, uint64_t *ret_size, struct err *err)
{
	git_odb *odb;
	git_object_t type = GIT_OBJECT_INVALID;
	size_t size = 0;

	if (locate(repo, oid, &odb, &type, &size, err))
		return -1;
	*ret_kind = odb ? kind_of(type) : OBJECT_MISSING;
	if (ret_size)
		*ret_size = size;
	return 0;
}

int raw_read(struct repo *repo, const struct oid *oid, enum object_kind want,
    size_t max, struct raw_object *ret, struct err *err)
{
	git_oid id = git_oid_of(oid);
	git_object_t type = GIT_OBJECT_INVALID;
	git_odb_object *object;
	git_odb *odb;
	size_t size = 0;

	if (locate(repo, oid, &odb, &type, &size, err))
		return -1;
	if (!odb)
		return err_set(err, ERR_NOTFOUND, "%s %s is missing",
		    kind_name(want), oid_hex(oid).s);
	if (kind_of(type) != want)
		return err_set(err, ERR_FORMAT, "object %s is a %s, not a %s",
		    oid_hex(oid).s, kind_name(kind_of(type)), kind_name(want));
	if (size > max)
		return err_set(err, ERR_LIMIT,
		    "%s %s has %zu bytes, and at most %zu are read",
		    kind_name(want), oid_hex(oid).s, size, max);
	if (git_odb_read(&object, odb, &id) < 0)
		return unreadable(oid, err);
	ret->bytes = git_odb_object_data(object);
	ret->len = git_odb_object_size(object);
	ret->owner = object;
	return 0;
}

void raw_release(struct raw_object *object)
{
	git_odb_object_free(object->owner);
	memset(object, 0, sizeof(*object));
}

int object_read(struct repo *repo, struct arena *arena, const struct oid *oid,
    enum object_kind want, size_t max, const char **ret_bytes,
    size_t *ret_len, struct err *err)
{
	struct raw_object object;

	if (raw_read(repo, oid, want, max, &object, err))
		return -1;
	*ret_bytes = arena_strndup(arena, object.bytes, object.len);
	*ret_len = object.len;
	raw_release(&object);
	return 0;
}

int object_is_incoming(struct repo *repo, const struct oid *oid, bool *ret,
    struct err *err)
{
	git_oid id = git_oid_of(oid);

	(void)err;
	*ret = repo->incoming &&
	    git_odb_exists_ext(repo->incoming, &id, GIT_ODB_LOOKUP_NO_REFRESH);
	return 0;
}

int object_write(struct repo *repo, enum object_kind kind, const void *p,
    size_t len, struct oid *ret_oid, struct err *err)
{
	if (object_queue_add(repo, kind, p, len, ret_oid, err))
		return -1;
	return object_queue_flush(repo, err);
}
