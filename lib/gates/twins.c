#include <stdlib.h>
#include <string.h>

#include "gates/portable.h"

/*
 * Twins: names that are one to some systems.  The changed paths and the folders
 * on the way to them, folded, are the keys; the candidate's tree is listed
 * once, and a second spelling of a key is a twin.  A folder that is no key
 * holds none, so that what is kept and what is looked at grows with the change,
 * not with the tree.
 */
struct key {
	const char *folded;
	const char *seen; /* first spelling in the tree; NULL: none yet */
};

struct keys {
	struct key *v;
	size_t n, cap;
};

struct search {
	struct arena *arena;
	struct arena scratch; /* of one entry */
	struct keys keys;
	size_t longest; /* bytes of a key */
	struct offenders *offenders;
};

static int compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	return strcmp(x->folded, y->folded);
}

static void add_path(struct search *s, const char *path)
{
	const char *folded = portable_fold(s->arena, path);
	size_t len = strlen(folded);

	if (len > s->longest)
		s->longest = len;
	for (size_t i = 1; i <= len; i++)
		if (folded[i] == '/' || i == len)
			ARRAY_PUSH(s->arena, &s->keys,
			    (struct key){
				arena_strndup(s->arena, folded, i), NULL });
}

static void sort_keys(struct keys *keys)
{
	size_t n = 0;

	if (keys->n > 1)
		qsort(keys->v, keys->n, sizeof(*keys->v), compare_keys);
	for (size_t i = 0; i < keys->n; i++)
		if (n == 0 || compare_keys(&keys->v[n - 1], &keys->v[i]) != 0)
			keys->v[n++] = keys->v[i];
	keys->n = n;
}

static struct key *find_key(struct search *s, const char *path)
{
	struct key wanted = { NULL, NULL };

	arena_reset(&s->scratch);
	wanted.folded = portable_fold(&s->scratch, path);
	if (strlen(wanted.folded) > s->longest)
		return NULL;
	return bsearch(
	    &wanted, s->keys.v, s->keys.n, sizeof(*s->keys.v), compare_keys);
}

static int look_at(void *ctx, const struct view_change *entry, struct err *err)
{
	struct search *s = ctx;
	struct key *key = find_key(s, entry->path);

	(void)err;
	if (!key)
		return 1; /* nothing below it either */
	if (!key->seen)
		key->seen = arena_strdup(s->arena, entry->path);
	else if (strcmp(key->seen, entry->path) != 0)
		offenders_add(s->offenders, "%s",
		    portable_difference(s->arena, key->seen, entry->path));
	return 0;
}

int portable_twins(const struct gate_facts *facts, const struct change *change,
    struct offenders *offenders, struct err *err)
{
	const struct view *view = facts->view;
	struct search s = { .arena = facts->arena, .offenders = offenders };
	struct view_node node;
	int r;

	for (size_t i = 0; i < change->n; i++)
		if (change->v[i].to.mode != 0)
			add_path(&s, change->v[i].path);
	if (s.keys.n == 0)
		return 0;
	sort_keys(&s.keys);
	if (view->node(view->git, facts->arena, &facts->candidate, &node, err) <
	    0)
		return -1;
	arena_init(&s.scratch, ARENA_SCRATCH_MAX);
	r = view->list(view->git, &node.tree, look_at, &s, err);
	arena_release(&s.scratch);
	return r;
}
