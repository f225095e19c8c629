#include <string.h>

#include "judge/facts.h"
#include "judge/patch.h"

/* Beside the candidate itself, what a gate's statements are found by. */
struct bound {
	bool has_tree, has_patch;
	struct oid tree, patch;
	const char *patch_hex;
};

static int find_bound(const struct gate_facts *facts, const struct gate *gate,
    struct bound *ret, struct err *err)
{
	const struct evidence_keys *keys = gate->params;
	const struct view *view = facts->view;
	struct view_node node;

	memset(ret, 0, sizeof(*ret));
	if (!gate->form->takes_evidence)
		return 0;
	switch (keys->binds) {
	case BINDS_COMMIT:
		return 0;
	case BINDS_TREE:
		if (view->node(view->git, facts->arena, &facts->candidate,
			&node, err) < 0)
			return -1;
		ret->has_tree = true;
		ret->tree = node.tree;
		return 0;
	case BINDS_PATCH:
		if (patch_digest(facts, &ret->patch_hex, err) < 0)
			return -1;
		/* An empty change is nothing that anybody spoke of. */
		ret->has_patch = ret->patch_hex != NULL;
		if (ret->has_patch && !oid_parse(ret->patch_hex, &ret->patch))
			return err_set(
			    err, ERR_INTERNAL, "a digest is no digest");
		return 0;
	}
	return err_set(err, ERR_INTERNAL, "statements bind to nothing known");
}

/* Tags of two people can be the same to the last byte. */
static bool has_statement(
    const struct view_evidences *list, const struct view_evidence *statement)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->v[i].digest, statement->digest) == 0 &&
		    strcmp(list->v[i].person, statement->person) == 0)
			return true;
	return false;
}

/* ---- recorded ones ------------------------------------------------------ */

static int rank(enum evidence_result result)
{
	switch (result) {
	case EVIDENCE_PASS:
		return 0;
	case EVIDENCE_REVOKE:
		return 1;
	case EVIDENCE_FAIL:
		break;
	}
	return 2;
}

/* Within one second nobody can tell: what speaks against it is the newer. */
static bool is_older(
    const struct view_evidence *a, const struct view_evidence *b)
{
	if (a->at != b->at)
		return a->at < b->at;
	return rank(a->result) < rank(b->result);
}

/*
 * The list of a tree or a change is in the order in which its statements were
 * recorded, and so is that of a commit.  What is in both is where the first
 * has it; the others are put between by their time, since which statement of a
 * person is the newest is read from the order.
 */
static void merge(struct arena *arena, const struct view_evidences *bound,
    const struct view_evidences *own, struct view_evidences *ret)
{
	size_t b = 0;

	for (size_t i = 0; i < own->n; i++) {
		if (has_statement(bound, &own->v[i]))
			continue;
		while (b < bound->n && !is_older(&own->v[i], &bound->v[b]))
			ARRAY_PUSH(arena, ret, bound->v[b++]);
		ARRAY_PUSH(arena, ret, own->v[i]);
	}
	while (b < bound->n)
		ARRAY_PUSH(arena, ret, bound->v[b++]);
}

static int find_recorded(const struct gate_facts *facts,
    const struct gate *gate, const struct bound *bound,
    struct view_evidences *ret, struct err *err)
{
	const struct view *view = facts->view;
	const struct oid *other = bound->has_tree ? &bound->tree
						  : &bound->patch;
	struct view_evidences others = { NULL, 0, 0 }, own = { NULL, 0, 0 };

	if ((bound->has_tree || bound->has_patch) &&
	    view->evidence(view->ledger, facts->arena, other, gate->name,
		&others, err) < 0)
		return -1;
	if (view->evidence(view->ledger, facts->arena, &facts->candidate,
		gate->name, &own, err) < 0)
		return -1;
	merge(facts->arena, &others, &own, ret);
	return 0;
}

/* ---- those of this push ------------------------------------------------- */

static int is_about(const struct gate_facts *facts, const struct bound *bound,
    const struct ref_verdict *ref, bool *ret, struct err *err)
{
	const struct view *view = facts->view;
	const struct oid *commit = &ref->statement.commit;
	struct view_node node;

	*ret = oid_eq(commit, &facts->candidate) ||
	    (bound->has_patch &&
		strings_have(&ref->statement_patches, bound->patch_hex));
	if (*ret || !bound->has_tree)
		return 0;
	if (view->node(view->git, facts->arena, commit, &node, err) < 0)
		return -1;
	*ret = oid_eq(&node.tree, &bound->tree);
	return 0;
}

/* "A statement handed in by the same push counts for the promotions in it";
 * one that is itself refused does not. */
static int add_handed_in(const struct gate_facts *facts,
    const struct gate *gate, const struct bound *bound,
    struct view_evidences *ret, struct err *err)
{
	for (size_t i = 0; facts->verdict && i < facts->verdict->nrefs; i++) {
		const struct ref_verdict *ref = &facts->verdict->refs[i];
		struct view_evidence copy = ref->statement;
		bool about;

		if (!ref->is_evidence || ref->findings.n > 0 ||
		    strcmp(copy.gate, gate->name) != 0)
			continue;
		if (is_about(facts, bound, ref, &about, err) < 0)
			return -1;
		if (!about || has_statement(ret, &copy))
			continue;
		copy.this_push = true;
		ARRAY_PUSH(facts->arena, ret, copy);
	}
	return 0;
}

static bool does_count(
    const struct gate_facts *facts, const struct view_evidence *statement)
{
	const struct view_incident *incident = facts->incident;

	if (facts->not_by && strcmp(statement->person, facts->not_by) == 0)
		return false;
	return !incident ||
	    (oid_eq(&statement->commit, &incident->subject) &&
		!strings_have(&incident->earlier, statement->digest));
}

int facts_evidence(const struct gate_facts *facts, const struct gate *gate,
    struct view_evidences *ret, struct err *err)
{
	struct view_evidences all = { NULL, 0, 0 };
	struct bound bound;

	if (find_bound(facts, gate, &bound, err) < 0 ||
	    find_recorded(facts, gate, &bound, &all, err) < 0 ||
	    add_handed_in(facts, gate, &bound, &all, err) < 0)
		return -1;
	*ret = all;
	if (!facts->incident && !facts->not_by)
		return 0;
	ret->n = 0;
	for (size_t i = 0; i < all.n; i++)
		if (does_count(facts, &all.v[i]))
			ret->v[ret->n++] = all.v[i];
	return 0;
}
