#include "judge/facts.h"

#include <string.h>

#include "judge/factscache.h"

void facts_init(struct gate_facts *facts)
{
	const struct ref_verdict *ref = facts->ref;

	facts->module = NULL;
	facts->stage = ref->stage;
	if (facts->stage)
		policy_stage_of_ref(facts->policy, ref->ref, &facts->module);
	facts->cache = ARENA_NEW(facts->arena, struct facts_cache);
	facts->cache->ref = ARENA_NEW(facts->arena, struct ref_facts);
}

void facts_step(struct gate_facts *facts, const struct gate_facts *first,
    const struct oid *candidate, const struct oid *before)
{
	*facts = *first;
	facts->candidate = *candidate;
	facts->before = *before;
	facts->cache = ARENA_NEW(facts->arena, struct facts_cache);
	facts->cache->ref = first->cache->ref;
}

int facts_each_new_commit(const struct gate_facts *facts, new_commit_fn *fn,
    void *ctx, struct err *err)
{
	const struct view *view = facts->view;
	const struct oids *commits;
	struct arena scratch;
	int r = 0;

	if (facts_new_commits(facts, &commits, err) < 0)
		return -1;
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	for (size_t i = 0; i < commits->n && r == 0; i++) {
		const char *complaint = NULL;
		struct commit commit;

		arena_reset(&scratch);
		r = view->commit(view->git, &scratch, &commits->v[i], &commit,
		    &complaint, err);
		if (r == 0 && complaint)
			r = err_set(err, ERR_FORMAT, "commit %s: %s",
			    oid_hex8(&commits->v[i]).s, complaint);
		if (r == 0)
			r = fn(ctx, &scratch, &commit, err);
	}
	arena_release(&scratch);
	return r < 0 ? -1 : 0;
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

static void add_recorded(struct arena *arena, struct view_evidences *ret,
    const struct view_evidences *found)
{
	for (size_t i = 0; i < found->n; i++)
		if (!has_statement(ret, &found->v[i]))
			ARRAY_PUSH(arena, ret, found->v[i]);
}

static bool binds_tree(const struct gate *gate)
{
	const struct evidence_keys *keys = gate->params;

	return gate->form->takes_evidence && keys->binds == BINDS_TREE;
}

/* "A statement handed in by the same push counts for the promotions in it";
 * one that is itself refused does not. */
static int add_handed_in(const struct gate_facts *facts,
    const struct gate *gate, const struct oid *tree, struct view_evidences *ret,
    struct err *err)
{
	const struct view *view = facts->view;

	for (size_t i = 0; facts->verdict && i < facts->verdict->nrefs; i++) {
		const struct ref_verdict *ref = &facts->verdict->refs[i];
		const struct view_evidence *statement = &ref->statement;
		struct view_evidence copy;
		struct view_node node;

		if (!ref->is_evidence || ref->findings.n > 0 ||
		    strcmp(statement->gate, gate->name) != 0)
			continue;
		if (!oid_eq(&statement->commit, &facts->candidate)) {
			if (!tree)
				continue;
			if (view->node(view->git, facts->arena,
				&statement->commit, &node, err) < 0)
				return -1;
			if (!oid_eq(&node.tree, tree))
				continue;
		}
		if (has_statement(ret, statement))
			continue;
		copy = *statement;
		copy.this_push = true;
		ARRAY_PUSH(facts->arena, ret, copy);
	}
	return 0;
}

int facts_evidence(const struct gate_facts *facts, const struct gate *gate,
    struct view_evidences *ret, struct err *err)
{
	const struct view *view = facts->view;
	struct view_evidences all = { NULL, 0, 0 }, found = { NULL, 0, 0 };
	struct view_node node;
	bool by_tree = binds_tree(gate);

	/* A tree's list is in the order in which its statements were recorded,
	 * this commit's among them: which is the newest is read from that. */
	if (by_tree) {
		if (view->node(view->git, facts->arena, &facts->candidate,
			&node, err) < 0 ||
		    view->evidence(view->ledger, facts->arena, &node.tree,
			gate->name, &found, err) < 0)
			return -1;
		add_recorded(facts->arena, &all, &found);
	}
	if (view->evidence(view->ledger, facts->arena, &facts->candidate,
		gate->name, &found, err) < 0)
		return -1;
	add_recorded(facts->arena, &all, &found);
	if (add_handed_in(facts, gate, by_tree ? &node.tree : NULL, &all, err) <
	    0)
		return -1;
	*ret = all;
	return 0;
}
