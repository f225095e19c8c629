#include "open.h"
#include "rollout.h"

static int add_row(struct rollout *rollout, const struct stage *stage,
    const struct client *client, struct err *err)
{
	struct admin *admin = rollout->admin;
	const struct view *view = &admin->session.view;
	struct view_entry_records last = { NULL, 0, 0 };
	struct rollout_row row = { .client = client, .stage = stage };

	if (view->ref(view->git, admin->arena, client->ref, &row.now, err) <
		0 ||
	    view->entries(
		view->ledger, admin->arena, client->ref, 1, &last, err) < 0)
		return -1;
	if (row.now.exists && last.n > 0) {
		/* A clone keeps branches that are gone on the server. */
		row.gone = admin->is_clone && oid_is_zero(&last.v[0].tip);
		if (oid_eq(&last.v[0].tip, &row.now.oid)) {
			row.since = last.v[0].at;
			row.candidate = last.v[0].candidate;
		}
	}
	ARRAY_PUSH(admin->arena, &rollout->rows, row);
	return 0;
}

/* Once, however many there are. */
static void hint_if_behind(struct rollout *rollout)
{
	for (size_t i = 0; i < rollout->rows.n; i++) {
		const struct rollout_row *row = &rollout->rows.v[i];

		if (!row->now.exists || row->gone || row->since != 0)
			continue;
		hint_to_fetch(rollout->admin);
		return;
	}
}

int rollout_clients(struct rollout *rollout, struct err *err)
{
	const struct policy *policy = rollout->admin->session.policy;

	for (size_t i = 0; i < policy->nstages; i++) {
		const struct stage *stage = &policy->stages[i];

		for (size_t k = 0; k < stage->clients.n; k++) {
			const struct client *client = policy_client(
			    policy, stage->clients.v[k]);

			if (client && add_row(rollout, stage, client, err) < 0)
				return -1;
		}
	}
	if (rollout->admin->is_clone)
		hint_if_behind(rollout);
	return 0;
}

/* ---- phases ------------------------------------------------------------- */

const struct stage *rollout_ring(const struct rollout *rollout)
{
	for (size_t i = 0; i < rollout->rows.n; i++)
		if (rollout->rows.v[i].may)
			return rollout->rows.v[i].stage;
	return NULL;
}

bool rollout_in_phase(
    const struct rollout *rollout, const struct rollout_row *row)
{
	return row->may && row->stage == rollout_ring(rollout);
}
