#include "gates/newblobs.h"

struct found {
	const char *path;
	struct oid oid;
};

struct collecting {
	struct arena *scratch;
	const struct oidmap *known;
	struct {
		struct found *v;
		size_t n, cap;
	} found;
	struct oids left; /* blobs that the first parent has there instead */
	struct oidmap left_map; /* the same, where there are many */
};

/* Few are found sooner by looking at each. */
#define FEW 16

static int collect(void *ctx, const struct view_change *change, struct err *err)
{
	struct collecting *c = ctx;

	(void)err;
	if (entry_is_blob(&change->from))
		ARRAY_PUSH(c->scratch, &c->left, change->from.oid);
	if (entry_is_blob(&change->to) &&
	    !oidmap_has(c->known, &change->to.oid))
		ARRAY_PUSH(c->scratch, &c->found,
		    (struct found){ arena_strdup(c->scratch, change->path),
			change->to.oid });
	return 0;
}

static void index_left(struct collecting *c)
{
	if (c->left.n <= FEW)
		return;
	oidmap_init(&c->left_map, c->scratch);
	for (size_t i = 0; i < c->left.n; i++)
		oidmap_put(&c->left_map, &c->left.v[i], NULL);
}

static bool was_moved(const struct collecting *c, const struct oid *oid)
{
	return c->left.n <= FEW ? oids_have(&c->left, oid)
				: oidmap_has(&c->left_map, oid);
}

/* Has another parent of a merge the same at that path? */
static int is_in_parent(const struct view *view, struct arena *scratch,
    const struct commit *commit, const struct found *found, bool *ret,
    struct err *err)
{
	*ret = false;
	for (size_t i = 1; i < commit->parents.n && !*ret; i++) {
		struct view_node node;
		struct view_entry entry;

		if (view->node(view->git, scratch, &commit->parents.v[i], &node,
			err) < 0 ||
		    view->entry(
			view->git, &node.tree, found->path, &entry, err) < 0)
			return -1;
		*ret = entry_is_blob(&entry) && oid_eq(&entry.oid, &found->oid);
	}
	return 0;
}

int new_blobs(const struct view *view, struct arena *scratch,
    const struct commit *commit, const struct new_blobs *wanted,
    struct err *err)
{
	struct collecting c = { .scratch = scratch, .known = wanted->known };
	const struct oid *old = NULL;
	struct view_node parent;

	if (commit->parents.n > 0) {
		if (view->node(view->git, scratch, &commit->parents.v[0],
			&parent, err) < 0)
			return -1;
		old = &parent.tree;
	}
	if (view->changes(view->git, old, &commit->tree, collect, &c, err) < 0)
		return -1;
	index_left(&c);
	for (size_t i = 0; i < c.found.n; i++) {
		const struct found *found = &c.found.v[i];
		bool had = was_moved(&c, &found->oid);

		if (!had &&
		    is_in_parent(view, scratch, commit, found, &had, err) < 0)
			return -1;
		if (!had &&
		    wanted->fn(wanted->ctx, found->path, &found->oid, err) < 0)
			return -1;
	}
	return 0;
}
