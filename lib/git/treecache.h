#ifndef GIT_TREECACHE_H
#define GIT_TREECACHE_H

#include "git/raw.h"

/*
 * Trees read last, and a cursor over a raw tree: private to lib/git.  A tree
 * in use is not thrown out; what is kept has a ceiling in bytes.
 */
#define TREE_CACHE_SLOTS 8192u
#define TREE_CACHE_BYTES ((size_t)24 << 20)
#define TREE_DEPTH_MAX 2048u             /* folders in folders */
#define TREE_PATH_MAX ((size_t)64 << 10) /* bytes of a path */

struct tree_cache;

struct cached_tree {
	struct oid oid;
	struct raw_object object;
	unsigned users;
	bool in_order;     /* a cursor has come to its end */
	bool is_canonical; /* tree_complaint() had none */
};

struct tree_cache *tree_cache_new(struct arena *arena, struct repo *repo);
void tree_cache_free(struct tree_cache *cache); /* NULL is allowed */
/* Given back with tree_release. */
int tree_get(struct tree_cache *cache, const struct oid *oid,
    struct cached_tree **ret, struct err *err);
void tree_release(struct cached_tree *tree); /* NULL is allowed */

/* A place in a raw tree. */
struct tree_cursor {
	struct cached_tree *tree; /* NULL: the empty tree */
	const char *start;        /* of the entry */
	const char *at, *end;     /* behind it; behind the tree */
	/* the entry: name NULL at the end */
	const char *name;
	size_t len;
	unsigned mode;
	const struct oid *oid;
};

static inline bool mode_is_folder(unsigned mode)
{
	return (mode & 0170000) == 0040000;
}

/* tree NULL: the empty tree. */
void tree_cursor_start(struct tree_cursor *cursor, struct cached_tree *tree);
/* The next entry; ERR_FORMAT where the tree is damaged or out of order. */
int tree_cursor_next(struct tree_cursor *cursor, struct err *err);
/* Moves both over entries that are the very same. */
int tree_cursors_skip_same(
    struct tree_cursor *a, struct tree_cursor *b, struct err *err);
/* git's order: folders as if their names ended in '/'. */
int tree_name_cmp(const char *a, size_t a_len, unsigned a_mode, const char *b,
    size_t b_len, unsigned b_mode);

#endif
