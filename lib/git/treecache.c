#include "git/treecache.h"

#include <stdlib.h>
#include <string.h>

#include "git/handle.h"

struct tree_cache {
	struct repo *repo;
	struct cached_tree *slots[TREE_CACHE_SLOTS];
	size_t bytes; /* of the trees in slots */
	size_t hand;  /* where throwing out goes on */
};

struct tree_cache *tree_cache_new(struct arena *arena, struct repo *repo)
{
	struct tree_cache *cache = ARENA_NEW(arena, struct tree_cache);

	cache->repo = repo;
	return cache;
}

static size_t slot_of(const struct oid *oid)
{
	return ((size_t)oid->b[0] << 8 | oid->b[1]) % TREE_CACHE_SLOTS;
}

static void tree_free(struct cached_tree *tree)
{
	raw_release(&tree->object);
	free(tree);
}

/* Out of its slot; freed now or by its last user. */
static void throw_out(struct tree_cache *cache, size_t slot)
{
	struct cached_tree *tree = cache->slots[slot];

	if (!tree)
		return;
	cache->slots[slot] = NULL;
	cache->bytes -= tree->object.len;
	tree_release(tree);
}

void tree_cache_free(struct tree_cache *cache)
{
	if (!cache)
		return;
	for (size_t i = 0; i < TREE_CACHE_SLOTS; i++)
		throw_out(cache, i);
}

void tree_release(struct cached_tree *tree)
{
	if (tree && --tree->users == 0)
		tree_free(tree);
}

static void keep(struct tree_cache *cache, struct cached_tree *tree)
{
	size_t slot = slot_of(&tree->oid);

	throw_out(cache, slot);
	if (tree->object.len > TREE_CACHE_BYTES / 4)
		return;
	while (cache->bytes + tree->object.len > TREE_CACHE_BYTES) {
		throw_out(cache, cache->hand);
		cache->hand = (cache->hand + 1) % TREE_CACHE_SLOTS;
	}
	cache->slots[slot] = tree;
	cache->bytes += tree->object.len;
	tree->users++;
}

int tree_get(struct tree_cache *cache, const struct oid *oid,
    struct cached_tree **ret, struct err *err)
{
	struct cached_tree *tree = cache->slots[slot_of(oid)];

	if (tree && oid_eq(&tree->oid, oid)) {
		tree->users++;
		*ret = tree;
		return 0;
	}
	tree = calloc(1, sizeof(*tree));
	if (!tree)
		return err_set(err, ERR_INTERNAL, "out of memory");
	tree->oid = *oid;
	tree->users = 1;
	if (raw_read(cache->repo, oid, OBJECT_TREE, TREE_BYTES_MAX,
		&tree->object, err)) {
		free(tree);
		return -1;
	}
	keep(cache, tree);
	*ret = tree;
	return 0;
}

void tree_cursor_start(struct tree_cursor *cursor, struct cached_tree *tree)
{
	memset(cursor, 0, sizeof(*cursor));
	if (tree) {
		cursor->tree = tree;
		cursor->at = tree->object.bytes;
		cursor->end = tree->object.bytes + tree->object.len;
	}
}

int tree_name_cmp(const char *a, size_t a_len, unsigned a_mode, const char *b,
    size_t b_len, unsigned b_mode)
{
	size_t least = a_len < b_len ? a_len : b_len;
	int order = memcmp(a, b, least);
	int x, y;

	if (order)
		return order;
	/* Names end in a NUL in the tree; a folder's, in a slash. */
	x = a_len > least            ? (unsigned char)a[least]
	    : mode_is_folder(a_mode) ? '/'
				     : 0;
	y = b_len > least            ? (unsigned char)b[least]
	    : mode_is_folder(b_mode) ? '/'
				     : 0;
	return x - y;
}

static int damaged(
    const struct tree_cursor *cursor, const char *what, struct err *err)
{
	return err_set(err, ERR_FORMAT, "tree %s is %s",
	    oid_hex(&cursor->tree->oid).s, what);
}

static int at_end(struct tree_cursor *cursor)
{
	cursor->name = NULL;
	if (cursor->tree)
		cursor->tree->in_order = true;
	return 0;
}

/* "<mode> <name>\0<20 bytes>" */
int tree_cursor_next(struct tree_cursor *cursor, struct err *err)
{
	const char *p = cursor->at, *name, *nul;
	const char *before = cursor->name;
	size_t before_len = cursor->len;
	unsigned mode = 0, before_mode = cursor->mode;

	if (p == cursor->end)
		return at_end(cursor);
	cursor->name = NULL;
	cursor->start = p;
	for (; p < cursor->end && *p >= '0' && *p <= '7'; p++)
		mode = mode << 3 | (unsigned)(*p - '0');
	if (p == cursor->end || *p != ' ' || p == cursor->at ||
	    p - cursor->at > 7)
		return damaged(cursor, "damaged", err);
	name = p + 1;
	nul = memchr(name, '\0', (size_t)(cursor->end - name));
	if (!nul || cursor->end - nul < OID_SIZE + 1)
		return damaged(cursor, "damaged", err);
	cursor->len = (size_t)(nul - name);
	cursor->mode = mode;
	cursor->oid = (const struct oid *)(nul + 1);
	cursor->at = nul + 1 + OID_SIZE;
	if (before && !cursor->tree->in_order &&
	    tree_name_cmp(
		before, before_len, before_mode, name, cursor->len, mode) >= 0)
		return damaged(cursor, "out of order", err);
	cursor->name = name;
	return 0;
}

/* Bytes that both have alike. */
static size_t common(const char *a, const char *b, size_t max)
{
	size_t n = 0;
	uint64_t x, y;

	while (max - n >= sizeof(x)) {
		memcpy(&x, a + n, sizeof(x));
		memcpy(&y, b + n, sizeof(y));
		if (x != y)
			break;
		n += sizeof(x);
	}
	while (n < max && a[n] == b[n])
		n++;
	return n;
}

int tree_cursors_skip_same(
    struct tree_cursor *a, struct tree_cursor *b, struct err *err)
{
	const char *from = a->start, *end;
	struct tree_cursor before;
	size_t a_left, b_left;

	if (!a->name || !b->name)
		return 0;
	a_left = (size_t)(a->end - a->start);
	b_left = (size_t)(b->end - b->start);
	end = from +
	    common(a->start, b->start, a_left < b_left ? a_left : b_left);
	if (a->at > end)
		return 0;
	/* What is alike is read once; b follows in one leap, behind the last
	 * entry that is. */
	do {
		before = *a;
		if (tree_cursor_next(a, err))
			return -1;
	} while (a->name && a->at <= end);
	b->at = b->start + (before.at - from);
	b->name = before.name;
	b->len = before.len;
	b->mode = before.mode;
	return tree_cursor_next(b, err);
}
