#include "gates/basestart.h"

#include "base/text.h"

#define AGE_ENTRIES_MAX 10000 /* of the ref's history */

/* The first-parent line from the tip, to the commit or until it is too long. */
static int find_line(const struct view *view, struct arena *arena,
    const struct oid *commit, size_t max, struct oids *line, struct err *err)
{
	struct arena scratch;
	struct view_node node;
	int r = 0;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	while (line->n < max && !oid_eq(&line->v[line->n - 1], commit)) {
		arena_reset(&scratch);
		r = view->node(
		    view->git, &scratch, &line->v[line->n - 1], &node, err);
		if (r < 0 || node.parents.n == 0)
			break;
		ARRAY_PUSH(arena, line, node.parents.v[0]);
	}
	arena_release(&scratch);
	return r;
}

/* Those that contain the commit come before those that do not. */
static int count_containing(const struct view *view, const struct oid *commit,
    const struct oids *line, uint64_t *ret, struct err *err)
{
	size_t low = 1, high = line->n; /* the tip is known to */

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		bool contains;

		if (view->is_ancestor(view->git, commit, &line->v[middle],
			&contains, err) < 0)
			return -1;
		if (contains)
			low = middle + 1;
		else
			high = middle;
	}
	*ret = low;
	return 0;
}

int start_behind(const struct view *view, const struct oid *commit,
    const struct oid *tip, uint64_t max, uint64_t *ret, struct err *err)
{
	size_t limit = (size_t)max + START_BEYOND;
	struct oids line = { NULL, 0, 0 };
	struct arena arena;
	int r;

	arena_init(&arena, ARENA_RUN_MAX);
	ARRAY_PUSH(&arena, &line, *tip);
	r = find_line(view, &arena, commit, limit, &line, err);
	if (r == 0 && oid_eq(&line.v[line.n - 1], commit))
		*ret = line.n - 1;
	else if (r == 0)
		r = count_containing(view, commit, &line, ret, err);
	arena_release(&arena);
	return r;
}

int start_age(const struct gate_facts *facts, const struct oid *commit,
    const struct view_named_ref *ref, uint64_t max, uint64_t *ret,
    struct err *err)
{
	const struct view *view = facts->view;
	struct view_entry_records entries = { NULL, 0, 0 };
	bool contains;

	*ret = 0;
	if (oid_eq(commit, &ref->oid))
		return 0;
	if (view->entries(view->ledger, facts->arena, ref->name,
		AGE_ENTRIES_MAX, &entries, err) < 0)
		return -1;
	if (entries.n == 0)
		return err_set(err, ERR_NOTFOUND,
		    "nothing is recorded of %s: how old it is can't be told",
		    text_clean_s(facts->arena, ref->name));
	for (size_t i = 0; i < entries.n && *ret <= max; i++) {
		const struct view_entry_record *entry = &entries.v[i];

		if (oid_is_zero(&entry->tip))
			continue;
		if (oid_eq(&entry->tip, commit))
			break;
		if (view->is_ancestor(
			view->git, commit, &entry->tip, &contains, err) < 0)
			return -1;
		if (!contains)
			break;
		*ret = entry->at < facts->now
		    ? (uint64_t)(facts->now - entry->at)
		    : 0;
	}
	return 0;
}
