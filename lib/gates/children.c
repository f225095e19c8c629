#include <string.h>

#include "base/oidmap.h"
#include "base/text.h"
#include "gates/gate.h"
#include "judge/passage.h"
#include "judge/submodules.h"
#include "policy/names.h"

/*
 * children: each submodule commit that the candidate's tree records has been
 * through a stage of its own repository, by the ledger there; and so have the
 * submodules that it records itself, as deep as they go.
 *
 * Whose repository it is says `children` of the policy, by the full path, and
 * nothing in the tree.  A nested submodule has a longer path than the one that
 * it lies in, and is looked into only where that path is listed: so a circle of
 * repositories ends.
 */
#define STAGE_SAME "same"

struct children_keys {
	const char *stage;
};

/* Submodules by the tree that records them, over all refs of a push. */
struct trees_known {
	struct oidmap by_tree; /* struct view_links */
};

struct looking {
	struct arena *arena;
	const struct gate *gate;
	const struct gate_facts *facts;
	const char *stage;
	struct view_links links; /* those found are added at the end */
	struct strings complaints;
	const char *hint; /* to the first */
	const char *have; /* where the first one is */
	bool undecided;   /* something could not be found out */
	const char *not_here;
};

static const char *shown(const struct looking *l, const char *text)
{
	return text_clean_s(l->arena, text);
}

/* "billing.git": where repositories lie is nobody's business who pushes. */
static const char *repository_name(
    const struct looking *l, const struct submodule *child)
{
	const char *slash = strrchr(child->repository, '/');

	return shown(l, slash[1] ? slash + 1 : child->repository);
}

static void complain(
    struct looking *l, const char *text, const char *have, const char *hint)
{
	if (l->complaints.n == 0) {
		l->have = have;
		l->hint = hint;
	}
	ARRAY_PUSH(l->arena, &l->complaints, text);
}

/* ---- one submodule ---------------------------------------------------- */

static bool is_in(const struct view_passages *passages, const char *stage)
{
	for (size_t i = 0; i < passages->n; i++)
		if (passage_counts(&passages->v[i]) &&
		    strcmp(passages->v[i].stage, stage) == 0)
			return true;
	return false;
}

/* The newest that counts of a stage that is not in the list yet. */
static const struct view_passage *next_newest(
    const struct view_passages *passages, const struct strings *had)
{
	const struct view_passage *newest = NULL;

	for (size_t i = 0; i < passages->n; i++) {
		const struct view_passage *passage = &passages->v[i];

		if (passage_counts(passage) &&
		    !strings_have(had, passage->stage) &&
		    (!newest || passage->at >= newest->at))
			newest = passage;
	}
	return newest;
}

/* Stages that it has been through, newest first; "" for none. */
static const char *stages_text(
    const struct looking *l, const struct view_passages *passages)
{
	const struct view_passage *passage;
	struct strings stages = { NULL, 0, 0 };

	while ((passage = next_newest(passages, &stages)) != NULL)
		ARRAY_PUSH(l->arena, &stages, passage->stage);
	return shown(l, strings_join(l->arena, &stages, ""));
}

/* Why a passage of the stage asked for does not count; NULL: there is none. */
static const char *why_not_counted(
    const struct looking *l, const struct view_passages *passages)
{
	const char *why = NULL;

	for (size_t i = 0; i < passages->n; i++) {
		const struct view_passage *passage = &passages->v[i];

		if (strcmp(passage->stage, l->stage) != 0)
			continue;
		if (passage->withdrawn)
			why = "a rollback there has taken it out again";
		else if (passage->state == PASSAGE_WARNED)
			why = "it got in there against the order";
		else
			why = "it got in there without being judged";
	}
	return why;
}

static void complain_of_stage(struct looking *l, const struct view_link *link,
    const struct submodule *child, const struct view_child *known)
{
	const char *stages = stages_text(l, &known->passages);
	const char *why = why_not_counted(l, &known->passages);
	const char *name = repository_name(l, child);
	const char *what = arena_printf(
	    l->arena, "%s %s", shown(l, link->path), oid_hex8(&link->commit).s);

	if (!known->has_commit && known->passages.n == 0) {
		complain(l,
		    arena_printf(l->arena, "%s is not in %s", what, name),
		    "none",
		    arena_printf(l->arena,
			"push it to %s, and through its stages up to %s", name,
			l->stage));
		return;
	}
	what = *stages
	    ? arena_printf(
		  l->arena, "%s is in %s, not in %s", what, stages, l->stage)
	    : arena_printf(l->arena, "%s has been through no stage, not in %s",
		  what, l->stage);
	if (why)
		what = arena_printf(l->arena, "%s: %s", what, why);
	complain(l, what, *stages ? stages : "none",
	    arena_printf(l->arena,
		"promote %s to %s in %s first; what is only contained in a "
		"tip there does not count",
		oid_hex8(&link->commit).s, l->stage, name));
}

/* What can't be found out is somebody else's to put right. */
static void complain_of_child(struct looking *l, const struct view_link *link,
    const struct view_child *known)
{
	const char *what = "can't be looked at";

	if (known->state == CHILD_MISSING)
		what = "is not there";
	else if (known->state == CHILD_NO_LEDGER)
		what = "has no ledger";
	l->undecided = true;
	complain(l,
	    arena_printf(l->arena, "%s: its repository %s: %s",
		shown(l, link->path), what, shown(l, known->why)),
	    NULL, "this is for the administrator of the server to put right");
}

static void add_nested(struct looking *l, const struct view_link *link,
    const struct view_links *nested)
{
	for (size_t i = 0; i < nested->n; i++)
		ARRAY_PUSH(l->arena, &l->links,
		    (struct view_link){ arena_printf(l->arena, "%s/%s",
					    link->path, nested->v[i].path),
			nested->v[i].commit });
}

static void judge_answer(struct looking *l, const struct view_link *link,
    const struct submodule *child, const struct view_child *known)
{
	switch (known->state) {
	case CHILD_NOT_HERE:
		l->not_here = shown(l, known->why);
		break;
	case CHILD_ASSUMED:
		break;
	case CHILD_MISSING:
	case CHILD_UNUSABLE:
	case CHILD_NO_LEDGER:
		complain_of_child(l, link, known);
		break;
	case CHILD_READ:
		if (!is_in(&known->passages, l->stage))
			complain_of_stage(l, link, child, known);
		add_nested(l, link, &known->links);
		break;
	}
}

static int judge_link(
    struct looking *l, const struct view_link *link, struct err *err)
{
	const struct view *view = l->facts->view;
	const struct submodule *child = policy_child(
	    l->facts->policy, link->path);
	struct view_child_asked asked = { .commit = link->commit,
		.gate = l->gate->name,
		.ref = l->facts->ref->ref };
	struct view_child known = { .state = CHILD_NOT_HERE,
		.why = "submodules are looked at when this is pushed" };

	if (!child) {
		complain(l,
		    arena_printf(l->arena,
			"%s is a submodule that the policy does not list",
			shown(l, link->path)),
		    NULL,
		    "an administrator names its repository under 'children'");
		return 0;
	}
	asked.repository = child->repository;
	if (view->child &&
	    view->child(view->children, l->arena, &asked, &known, err) < 0)
		return -1;
	judge_answer(l, link, child, &known);
	return 0;
}

/* ---- all of them ------------------------------------------------------ */

static int find_links(struct looking *l, struct err *err)
{
	const struct gate_facts *facts = l->facts;
	const struct view *view = facts->view;
	struct view_links *links;
	struct trees_known *known;
	struct view_node node;
	bool is_new;

	if (view->node(view->git, l->arena, &facts->candidate, &node, err) < 0)
		return -1;
	known = push_wide_of(
	    facts->wide, l->arena, l->gate, sizeof(*known), &is_new);
	if (is_new)
		oidmap_init(&known->by_tree, l->arena);
	links = oidmap_get(&known->by_tree, &node.tree);
	if (!links) {
		links = ARENA_NEW(l->arena, struct view_links);
		if (submodules_of(view, l->arena, &node.tree, links, err) < 0)
			return -1;
		oidmap_put(&known->by_tree, &node.tree, links);
	}
	for (size_t i = 0; i < links->n; i++)
		ARRAY_PUSH(l->arena, &l->links, links->v[i]);
	return 0;
}

static void tell(const struct looking *l, struct gate_row *row)
{
	struct offenders more = { .arena = l->arena };
	const char *text;

	row->want = l->stage;
	if (l->complaints.n == 0 && l->not_here) {
		row->state = GATE_MISSING;
		row->text = l->not_here;
		return;
	}
	if (l->complaints.n == 0) {
		row->state = GATE_PASSED;
		row->have = l->stage;
		row->text = arena_printf(l->arena, "%zu submodule%s in %s",
		    l->links.n, l->links.n == 1 ? " is" : "s are", l->stage);
		return;
	}
	for (size_t i = 1; i < l->complaints.n; i++)
		offenders_add(&more, "%s", l->complaints.v[i]);
	text = l->complaints.v[0];
	offenders_finish(&more, row); /* its details; the rest is ours */
	row->state = l->undecided ? GATE_ERROR : GATE_FAILED;
	row->text = text;
	row->have = l->have;
	row->hint = l->hint;
}

static int judge_children(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err)
{
	const struct children_keys *keys = gate->params;
	bool same = strcmp(keys->stage, STAGE_SAME) == 0;
	struct looking l = { .arena = arena,
		.gate = gate,
		.facts = facts,
		.stage = same ? NULL : keys->stage };

	if (same && !facts->stage) {
		row_not_applicable(row, "the ref is in no stage");
		return 0;
	}
	if (same)
		l.stage = facts->stage->name;
	if (find_links(&l, err) < 0)
		return -1;
	if (l.links.n == 0) {
		row_not_applicable(row, "there are no submodules");
		return 0;
	}
	for (size_t i = 0; i < l.links.n; i++) {
		struct view_link link = l.links.v[i]; /* the list may move */

		if (l.links.n > VIEW_LINKS_MAX)
			return err_set(err, ERR_LIMIT,
			    "more than %d submodules, nested ones counted",
			    VIEW_LINKS_MAX);
		if (judge_link(&l, &link, err) < 0)
			return -1;
	}
	tell(&l, row);
	return 0;
}

/* ---- keys ------------------------------------------------------------- */

static void defaults(void *params)
{
	struct children_keys *keys = params;

	keys->stage = STAGE_SAME;
}

/* The stage is one of other repositories, whose policies are their own. */
static void check(struct arena *arena, const struct policy *policy,
    const struct gate *gate, const struct node *node, struct diags *diags)
{
	const struct children_keys *keys = gate->params;
	const char *fault = name_fault(NAME_STAGE, keys->stage);

	(void)arena;
	if (fault)
		diag_error(diags, field_mark(node, "stage"), "'%s': %s",
		    keys->stage, fault);
	if (policy->nchildren == 0)
		diag_warning(diags, gate->mark,
		    "gate '%s' lets no submodule pass: 'children' lists none",
		    gate->name);
}

static const struct field fields[] = {
	{ .name = "stage",
	    .type = FIELD_STRING,
	    .offset = offsetof(struct children_keys, stage) },
	{ .name = NULL },
};

const struct gate_kind gate_children = {
	.form = { .kind = "children",
	    .params_size = sizeof(struct children_keys),
	    .fields = fields,
	    .defaults = defaults,
	    .check = check },
	.family = GATE_OF_EVIDENCE,
	.judge = judge_children,
};
