#include <string.h>

#include "base/glob.h"
#include "base/text.h"
#include "judge/attributes.h"
#include "judge/orderwork.h"

/*
 * Whose tree is what merging gives: "the candidate's tree where the candidate
 * has P as an ancestor, else the tree that git itself computes with its
 * defaults, no attributes and no merge drivers of the pushed tree".
 */
int order_note_path(
    void *ctx, const struct view_change *change, struct err *err)
{
	struct differing *differing = ctx;

	(void)err;
	if (differing->paths.n < PATHS_MAX)
		ARRAY_PUSH(differing->arena, &differing->paths,
		    arena_strdup(differing->arena, change->path));
	else
		differing->more++;
	return 0;
}

static int tell_paths(struct order *order, const struct made *made,
    const struct differing *differing, struct finding *finding, struct err *err)
{
	for (size_t i = 0; i < differing->paths.n; i++) {
		const char *path = differing->paths.v[i];
		const char *shown = text_clean_s(order->arena, path);
		const char *driver;

		if (attributes_merge(order->view, order->arena, &made->tree,
			path, &driver, err) < 0)
			return -1;
		if (driver)
			shown = arena_printf(order->arena,
			    "%s (.gitattributes sets merge=%s, which does not "
			    "count here)",
			    shown, text_clean_s(order->arena, driver));
		ARRAY_PUSH(order->arena, &finding->details, shown);
	}
	if (differing->more > 0)
		ARRAY_PUSH(order->arena, &finding->details,
		    arena_printf(
			order->arena, "and %zu more", differing->more));
	return 0;
}

static int tell_wrong(struct order *order, const struct made *made,
    const struct differing *differing, bool contains, struct err *err)
{
	bool reverted = !oid_eq(&made->stands_in, &made->before);
	struct finding *finding = finding_add(order->arena,
	    &order->ref->findings, CODE_STAGE_MERGE,
	    "the tree of %s is not what merging %s into %s gives",
	    oid_hex8(&made->commit).s, oid_hex8(&made->candidate).s,
	    oid_hex8(&made->before).s);

	if (tell_paths(order, made, differing, finding, err) < 0)
		return -1;
	if (reverted)
		order_hint(order, finding,
		    "%s is the revert commit of a rollback: git's own merge "
		    "leaves out what was reverted, this does not:",
		    oid_hex8(&made->before).s);
	else
		order_hint(order, finding,
		    "changes belong on a branch of %s; a merge as git makes "
		    "it:",
		    order_first_stage(order));
	order_merge_command(order, finding, made, contains);
	return 0;
}

static int tell_conflict(struct order *order, const struct made *made,
    const struct differing *conflicting, struct err *err)
{
	const char *first = order_first_stage(order);
	struct finding *finding = finding_add(order->arena,
	    &order->ref->findings, CODE_STAGE_MERGE,
	    "merging %s into %s conflicts, and a resolution in %s would be "
	    "judged by nobody",
	    oid_hex8(&made->candidate).s, oid_hex8(&made->stands_in).s,
	    oid_hex8(&made->commit).s);

	order_hint(order, finding,
	    "merge %s into a branch of %s, resolve and review it there, "
	    "promote that",
	    oid_hex8(&made->before).s, first);
	return tell_paths(order, made, conflicting, finding, err);
}

static int tell_difference(struct order *order, const struct made *made,
    const struct oid *expected, bool contains, struct err *err)
{
	const struct view *view = order->view;
	struct differing differing = { .arena = order->arena };

	if (view->changes(view->git, expected, &made->tree, order_note_path,
		&differing, err) < 0)
		return -1;
	return tell_wrong(order, made, &differing, contains, err);
}

static int judge_contained(
    struct order *order, const struct made *made, struct err *err)
{
	const struct view *view = order->view;
	struct view_node node;

	if (view->node(view->git, order->arena, &made->candidate, &node, err) <
	    0)
		return -1;
	if (oid_eq(&node.tree, &made->tree))
		return 0;
	return tell_difference(order, made, &node.tree, true, err);
}

static int judge_merged(
    struct order *order, const struct made *made, struct err *err)
{
	const struct view *view = order->view;
	struct view_merge merge = { .state = MERGE_CONFLICT };
	struct differing differing = { .arena = order->arena };

	if (view->merge(view->git, order->arena, &made->stands_in,
		&made->candidate, &made->tree, &merge, err) < 0)
		return -1;
	differing.paths = merge.differing;
	differing.more = merge.more;
	switch (merge.state) {
	case MERGE_CLEAN:
		break;
	case MERGE_CONFLICT:
		return tell_conflict(order, made, &differing, err);
	case MERGE_UNRELATED:
		finding_add(order->arena, &order->ref->findings,
		    CODE_STAGE_MERGE,
		    "%s brings in %s, which shares no commit with it",
		    oid_hex8(&made->commit).s, oid_hex8(&made->candidate).s);
		return 0;
	}
	if (oid_eq(&merge.tree, &made->tree))
		return 0;
	if (!merge.tree_is_scratch)
		return tell_difference(order, made, &merge.tree, false, err);
	return tell_wrong(order, made, &differing, false, err);
}

int order_tree(struct order *order, const struct made *made, bool contains,
    struct err *err)
{
	return contains ? judge_contained(order, made, err)
			: judge_merged(order, made, err);
}
