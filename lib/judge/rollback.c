#include "judge/rollback.h"

#include "base/oidmap.h"
#include "judge/passage.h"

/* Entries of a ref that are looked at: years of a ref that moves daily. */
#define ENTRIES_MAX 10000

int rollback_tips(const struct view *view, struct arena *arena,
    const struct policy *policy, const char *ref, const struct oid *present,
    int64_t now, struct rollback_tips *ret, struct err *err)
{
	struct view_entry_records entries = { NULL, 0, 0 };
	struct rollback_tips tips = { NULL, 0, 0 };
	int64_t since = now - (int64_t)policy->rollback.window_s;
	struct oidmap seen;

	if (view->entries(
		view->ledger, arena, ref, ENTRIES_MAX, &entries, err) < 0)
		return -1;
	oidmap_init(&seen, arena);
	for (size_t i = 0; i < entries.n; i++) {
		const struct view_entry_record *entry = &entries.v[i];
		struct rollback_tip tip = { .tip = entry->tip,
			.by = entry->by,
			.entered = entry->at,
			.left = i > 0 ? entries.v[i - 1].at : now,
			.last = tips.n == 0 };

		if (oid_is_zero(&entry->tip) || oid_eq(&entry->tip, present) ||
		    !passage_state_counts(entry->state) ||
		    !oidmap_put(&seen, &entry->tip, NULL))
			continue;
		tip.within = tip.last || tip.left >= since;
		ARRAY_PUSH(arena, &tips, tip);
	}
	*ret = tips;
	return 0;
}

/* A tip that is gone (let go by an administrator) can't be come back to. */
static int has_tree(const struct view *view, struct arena *arena,
    const struct oid *tip, const struct oid *tree, bool *ret, struct err *err)
{
	struct view_node node;
	enum object_kind kind;
	uint64_t size;

	*ret = false;
	if (view->kind(view->git, tip, &kind, &size, err) < 0)
		return -1;
	if (kind != OBJECT_COMMIT)
		return 0;
	if (view->node(view->git, arena, tip, &node, err) < 0)
		return -1;
	*ret = oid_eq(&node.tree, tree);
	return 0;
}

int rollback_find_tree(const struct view *view, struct arena *arena,
    const struct rollback_tips *tips, const struct oid *tree,
    const struct rollback_tip **ret, struct err *err)
{
	*ret = NULL;
	for (size_t i = 0; i < tips->n; i++) {
		const struct rollback_tip *tip = &tips->v[i];
		bool has;

		if (*ret && !tip->within)
			continue;
		if (has_tree(view, arena, &tip->tip, tree, &has, err) < 0)
			return -1;
		if (!has)
			continue;
		*ret = tip;
		if (tip->within)
			return 0;
	}
	return 0;
}

int rollback_clients(const struct view *view, struct arena *arena,
    const struct policy *policy, const struct oid *commit, struct strings *ret,
    struct err *err)
{
	for (size_t i = 0; i < policy->nclients; i++) {
		const struct client *client = &policy->clients[i];
		struct view_ref ref;
		bool has;

		if (view->ref(view->git, arena, client->ref, &ref, err) < 0)
			return -1;
		if (!ref.exists)
			continue;
		if (view->is_ancestor(view->git, commit, &ref.oid, &has, err) <
		    0)
			return -1;
		if (has)
			strings_add(arena, ret, client->name);
	}
	return 0;
}
