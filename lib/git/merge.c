#include "git/merge.h"

#include <string.h>

#include "git/mergeways.h"

/* Where one side contains the other nothing is to be merged. */
static bool is_trivial(const struct oids *bases, const struct oid *ours,
    const struct oid *theirs, const struct view_node *our_node,
    const struct view_node *their_node, struct oid *ret_tree)
{
	if (bases->n != 1)
		return false;
	if (oid_eq(&bases->v[0], ours))
		*ret_tree = their_node->tree;
	else if (oid_eq(&bases->v[0], theirs))
		*ret_tree = our_node->tree;
	else
		return false;
	return true;
}

int merge_compute(struct repo *repo, struct history *history,
    struct arena *arena, const struct oid *ours, const struct oid *theirs,
    const struct oid *expect, struct view_merge *ret, struct err *err)
{
	struct view_node our_node, their_node, base_node;
	struct oids bases;
	bool plain;

	memset(ret, 0, sizeof(*ret));
	if (history_node(history, arena, ours, &our_node, err) ||
	    history_node(history, arena, theirs, &their_node, err) ||
	    history_merge_bases(history, arena, ours, theirs, &bases, err))
		return -1;
	if (bases.n == 0) {
		ret->state = MERGE_UNRELATED;
		return 0;
	}
	if (is_trivial(
		&bases, ours, theirs, &our_node, &their_node, &ret->tree)) {
		ret->state = MERGE_CLEAN;
		return 0;
	}
	if (bases.n == 1 && expect) {
		if (history_node(
			history, arena, &bases.v[0], &base_node, err) ||
		    merge_is_plain(repo, &base_node.tree, &our_node.tree,
			&their_node.tree, &plain, err))
			return -1;
		if (plain &&
		    merge_by_library(repo, &base_node.tree, &our_node.tree,
			&their_node.tree, ret, err))
			return -1;
		if (plain && ret->state == MERGE_CLEAN &&
		    oid_eq(&ret->tree, expect))
			return 0;
	}
	return merge_by_git(repo, arena, ours, theirs, expect, ret, err);
}
