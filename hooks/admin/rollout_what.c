#include "commits.h"
#include "judge/stagerefs.h"
#include "open.h"
#include "rollout.h"

/*
 * What is rolled out, where no commit is named: what is in the stage that the
 * rings come from.  Where there are several such stages (a hot-fix lane beside
 * the main one), or refs, it is the tip that was entered last, by the ledger.
 */
static bool is_ring(const struct stage *stage)
{
	return stage->clients.n > 0;
}

static bool leads_to_ring(
    const struct policy *policy, const struct stage *stage)
{
	for (size_t i = 0; i < policy->nstages; i++) {
		const struct stage *ring = &policy->stages[i];

		for (size_t k = 0; is_ring(ring) && k < ring->from.n; k++)
			if (ring->from.v[k] == stage->index)
				return true;
	}
	return false;
}

static int add_source(struct rollout *rollout, const struct stage *stage,
    const struct view_named_ref *ref, struct err *err)
{
	struct admin *admin = rollout->admin;
	const struct view *view = &admin->session.view;
	struct view_entry_records last = { NULL, 0, 0 };
	struct rollout_source source = {
		.stage = stage, .ref = ref->name, .oid = ref->oid
	};

	if (view->entries(
		view->ledger, admin->arena, ref->name, 1, &last, err) < 0)
		return -1;
	if (last.n > 0 && oid_eq(&last.v[0].tip, &ref->oid))
		source.since = last.v[0].at;
	ARRAY_PUSH(admin->arena, &rollout->beside, source);
	return 0;
}

static int find_sources(struct rollout *rollout, struct err *err)
{
	struct admin *admin = rollout->admin;
	const struct policy *policy = admin->session.policy;

	for (size_t i = 0; i < policy->nstages; i++) {
		const struct stage *stage = &policy->stages[i];
		struct view_refs refs = { NULL, 0, 0 };

		if (is_ring(stage) || !leads_to_ring(policy, stage))
			continue;
		if (stage_refs(&admin->session.view, admin->arena, stage, &refs,
			err) < 0)
			return -1;
		for (size_t k = 0; k < refs.n; k++)
			if (add_source(rollout, stage, &refs.v[k], err) < 0)
				return -1;
	}
	return 0;
}

/* The newest of them; the others stay beside it unless it has them. */
static int choose(struct rollout *rollout, struct oid *ret, struct err *err)
{
	const struct view *view = &rollout->admin->session.view;
	struct rollout_sources *beside = &rollout->beside;
	size_t best = 0, n = 0;

	for (size_t i = 1; i < beside->n; i++)
		if (beside->v[i].since > beside->v[best].since)
			best = i;
	rollout->source = beside->v[best];
	*ret = rollout->source.oid;
	for (size_t i = 0; i < beside->n; i++) {
		bool has;

		if (view->is_ancestor(
			view->git, &beside->v[i].oid, ret, &has, err) < 0)
			return -1;
		if (!has)
			beside->v[n++] = beside->v[i];
	}
	beside->n = n;
	return 0;
}

static int read_commit(struct rollout *rollout, const struct oid *oid)
{
	int status = commit_read(rollout->admin, oid, &rollout->commit);

	rollout->has_commit = status == EXIT_ALLOWED;
	return status;
}

int rollout_what(struct rollout *rollout)
{
	struct admin *admin = rollout->admin;
	struct oid oid;
	struct err err;

	if (admin->args.n > 0) {
		if (commit_named(admin, admin->args.v[0], &oid, &err) < 0)
			return admin_fail(admin, &err);
		return read_commit(rollout, &oid);
	}
	if (find_sources(rollout, &err) < 0)
		return admin_fail(admin, &err);
	if (rollout->beside.n == 0)
		return EXIT_ALLOWED;
	if (choose(rollout, &oid, &err) < 0)
		return admin_fail(admin, &err);
	return read_commit(rollout, &oid);
}
