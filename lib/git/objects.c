#include "git/objects.h"

#include <string.h>

#include "git/handle.h"
#include "git/objectcache.h"
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
	static const char *const names[] = { "missing object", "commit", "tree",
		"blob", "tag" };

	return names[kind];
}

static int unreadable(const struct oid *oid, struct err *err)
{
	return err_git(
	    err, ERR_FORMAT, "cannot read object %s", oid_hex(oid).s);
}

static struct object_cache *cache_of(struct repo *repo)
{
	if (!repo->cache)
		repo->cache = object_cache_new();
	return repo->cache;
}

/* The first of libgit2's databases that has it; NULL: missing. */
static int locate(struct repo *repo, const struct oid *oid, git_odb **ret_odb,
    enum object_kind *ret_kind, uint64_t *ret_size, struct err *err)
{
	git_odb *const odbs[] = { repo->incoming, repo->borrowed, repo->odb };
	git_oid id = git_oid_of(oid);

	*ret_odb = NULL;
	*ret_kind = OBJECT_MISSING;
	*ret_size = 0;
	if (oid_is_zero(oid))
		return 0;
	for (size_t i = 0; i < sizeof(odbs) / sizeof(*odbs); i++) {
		git_object_t type;
		size_t size;
		int code;

		if (!odbs[i])
			continue;
		code = git_odb_read_header(&size, &type, odbs[i], &id);
		if (code == GIT_ENOTFOUND)
			continue;
		if (code < 0)
			return unreadable(oid, err);
		*ret_odb = odbs[i];
		*ret_kind = kind_of(type);
		*ret_size = size;
		return 0;
	}
	return 0;
}

/* In our own packs, and which. */
static struct packs *find_packed(
    struct repo *repo, const struct oid *oid, struct pack_place *ret)
{
	if (packs_find(repo->incoming_packs, oid, ret))
		return repo->incoming_packs;
	return packs_find(repo->packs, oid, ret) ? repo->packs : NULL;
}

int object_header(struct repo *repo, const struct oid *oid,
    enum object_kind *ret_kind, uint64_t *ret_size, struct err *err)
{
	struct object_cache *cache = cache_of(repo);
	struct pack_place place;
	struct packs *packs;
	git_odb *odb;

	if (object_cache_header(cache, oid, ret_kind, ret_size))
		return 0;
	if (repo->queue && object_queue_flush(repo, err))
		return -1;
	packs = find_packed(repo, oid, &place);
	if ((!packs || !pack_header(packs, &place, ret_kind, ret_size)) &&
	    locate(repo, oid, &odb, ret_kind, ret_size, err))
		return -1;
	object_cache_put_header(cache, oid, *ret_kind, *ret_size);
	return 0;
}

static void share(struct raw_object *ret, struct pack_bytes *bytes)
{
	ret->bytes = bytes->p;
	ret->len = bytes->len;
	ret->shared = bytes;
	ret->object = NULL;
}

static int read_by_library(struct repo *repo, const struct oid *oid,
    enum object_kind want, size_t max, struct raw_object *ret, struct err *err)
{
	git_oid id = git_oid_of(oid);
	git_odb_object *object;
	enum object_kind kind;
	git_odb *odb;
	uint64_t size;

	if (locate(repo, oid, &odb, &kind, &size, err))
		return -1;
	if (!odb)
		return err_set(err, ERR_NOTFOUND, "%s %s is missing",
		    kind_name(want), oid_hex(oid).s);
	if (kind != want)
		return err_set(err, ERR_FORMAT, "object %s is a %s, not a %s",
		    oid_hex(oid).s, kind_name(kind), kind_name(want));
	if (size > max)
		return err_set(err, ERR_SIZE,
		    "%s %s has %llu bytes, and at most %zu are read",
		    kind_name(want), oid_hex(oid).s, (unsigned long long)size,
		    max);
	if (git_odb_read(&object, odb, &id) < 0)
		return unreadable(oid, err);
	ret->bytes = git_odb_object_data(object);
	ret->len = git_odb_object_size(object);
	ret->shared = NULL;
	ret->object = object;
	return 0;
}

int raw_read(struct repo *repo, const struct oid *oid, enum object_kind want,
    size_t max, struct raw_object *ret, struct err *err)
{
	struct pack_bytes *bytes = NULL;
	struct pack_place place;
	struct packs *packs;

	if (want == OBJECT_COMMIT || want == OBJECT_TREE)
		bytes = object_cache_bytes(repo->cache, oid, want);
	if (bytes && bytes->len <= max) {
		share(ret, bytes);
		return 0;
	}
	pack_bytes_release(bytes);
	if (repo->queue && object_queue_flush(repo, err))
		return -1;
	packs = find_packed(repo, oid, &place);
	if (!packs || !pack_read(packs, &place, want, max, &bytes))
		return read_by_library(repo, oid, want, max, ret, err);
	/* Old ones are not asked again: a walk goes through many. */
	if (want == OBJECT_COMMIT && packs == repo->incoming_packs)
		object_cache_put_bytes(cache_of(repo), oid, bytes);
	share(ret, bytes);
	return 0;
}

void raw_keep(
    struct repo *repo, const struct oid *oid, const struct raw_object *object)
{
	if (object->shared)
		object_cache_put_bytes(cache_of(repo), oid, object->shared);
}

void raw_release(struct raw_object *object)
{
	pack_bytes_release(object->shared);
	git_odb_object_free(object->object);
	memset(object, 0, sizeof(*object));
}

int object_read(struct repo *repo, struct arena *arena, const struct oid *oid,
    enum object_kind want, size_t max, const char **ret_bytes, size_t *ret_len,
    struct err *err)
{
	struct raw_object object;

	if (raw_read(repo, oid, want, max, &object, err))
		return -1;
	*ret_bytes = arena_strndup(arena, object.bytes, object.len);
	*ret_len = object.len;
	raw_release(&object);
	return 0;
}

static bool is_in(struct packs *packs, git_odb *odb, const struct oid *oid)
{
	git_oid id = git_oid_of(oid);
	struct pack_place place;

	return packs_find(packs, oid, &place) ||
	    (odb && git_odb_exists_ext(odb, &id, GIT_ODB_LOOKUP_NO_REFRESH));
}

bool object_is_in_quarantine(struct repo *repo, const struct oid *oid)
{
	return is_in(repo->incoming_packs, repo->incoming, oid);
}

bool object_is_in_store(struct repo *repo, const struct oid *oid)
{
	return is_in(repo->packs, repo->odb, oid);
}

int object_is_incoming(
    struct repo *repo, const struct oid *oid, bool *ret, struct err *err)
{
	(void)err;
	*ret = object_is_in_quarantine(repo, oid);
	return 0;
}

int object_write(struct repo *repo, enum object_kind kind, const void *p,
    size_t len, struct oid *ret_oid, struct err *err)
{
	if (object_queue_add(repo, kind, p, len, ret_oid, err))
		return -1;
	return object_queue_flush(repo, err);
}
