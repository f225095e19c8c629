#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "base/text.h"
#include "doctor/doctor.h"
#include "git/refs.h"
#include "judge/stagerefs.h"
#include "record/plan.h"
#include "record/verify.h"

#define INBOX "refs/evidence/"
#define CLOCK_SLACK_S 60

/* ---- where the ledger has them --------------------------------------------
 */

static void look_state_of(struct doctor *d, const struct stage *stage,
    const struct view_named_ref *ref, const struct view_entry_record *entry)
{
	/* What is not there any more is another finding. */
	if (!oid_eq(&entry->tip, &ref->oid))
		return;
	if (entry->state == PASSAGE_UNOBSERVED && !stage_is_entry(stage))
		doctor_find(d, "refs.unobserved",
		    "%s was moved to %s behind the hooks' back, and takes no "
		    "push",
		    text_clean_s(d->arena, ref->name), oid_hex8(&ref->oid).s);
	else if (entry->state == PASSAGE_WARNED)
		doctor_find(d, "refs.warned",
		    "%s is at %s, which entered against the order: nothing "
		    "can go on from there",
		    text_clean_s(d->arena, ref->name), oid_hex8(&ref->oid).s);
}

static int look_stage(struct doctor *d, const struct stage *stage,
    size_t *ret_refs, struct err *err)
{
	const struct view *view = &d->session.view;
	struct view_refs refs = { NULL, 0, 0 };

	if (stage_refs(view, d->arena, stage, &refs, err) < 0)
		return -1;
	for (size_t i = 0; i < refs.n; i++) {
		struct view_entry_records entries = { NULL, 0, 0 };

		if (view->entries(view->ledger, d->arena, refs.v[i].name, 1,
			&entries, err) < 0)
			return -1;
		if (entries.n > 0)
			look_state_of(d, stage, &refs.v[i], &entries.v[0]);
	}
	*ret_refs += refs.n;
	return 0;
}

static void tell(void *ctx, enum verify_kind kind, const struct oid *commit,
    const char *text)
{
	(void)kind;
	(void)commit;
	doctor_find(ctx, "refs.unobserved", "%s", text);
}

static int compare(struct doctor *d, struct err *err)
{
	const struct verify_sink sink = { .tell = tell, .ctx = d };
	const struct verify_refs_of of = { .repo = d->session.repo,
		.ledger = d->session.ledger,
		.view = &d->session.view,
		.policy = d->session.policy,
		.sink = &sink };

	return verify_refs(d->arena, &of, err);
}

static int look_ledger(struct doctor *d, struct err *err)
{
	const struct policy *policy = d->session.policy;
	size_t refs = 0;

	for (size_t i = 0; i < policy->nstages; i++)
		if (look_stage(d, &policy->stages[i], &refs, err) < 0)
			return -1;
	if (!oid_is_zero(ledger_tip(d->session.ledger)))
		return compare(d, err);
	if (refs > 0)
		doctor_find(d, "ledger.none",
		    "%zu refs of stages are there, and nothing is recorded of "
		    "them",
		    refs);
	return 0;
}

/* ---- refs that lead to others ---------------------------------------------
 */

static int look_symbolic(struct doctor *d, struct err *err)
{
	const struct policy *policy = d->session.policy;
	struct strings names = { NULL, 0, 0 };

	if (refs_symbolic(d->session.repo, d->arena, "refs/", &names, err) < 0)
		return -1;
	for (size_t i = 0; i < names.n; i++) {
		struct view_ref ref;

		if (ref_read(d->session.repo, d->arena, names.v[i], &ref, err) <
		    0)
			return -1;
		if (ref.symbolic &&
		    (policy_stage_of_ref(policy, ref.symbolic, NULL) ||
			policy_stage_of_ref(policy, names.v[i], NULL)))
			doctor_find(d, "refs.symbolic",
			    "%s is a symbolic ref to %s",
			    text_clean_s(d->arena, names.v[i]),
			    text_clean_s(d->arena, ref.symbolic));
	}
	return 0;
}

/* A push that is being recorded has refs there for a moment. */
static int look_inbox(struct doctor *d, struct err *err)
{
	struct view_refs refs = { NULL, 0, 0 };
	struct plans plans = { NULL, 0, 0 };

	if (refs_below(d->session.repo, d->arena, INBOX, &refs, err) < 0)
		return -1;
	if (refs.n == 0)
		return 0;
	if (plans_read(d->arena, d->session.repo, &plans, err) < 0)
		return -1;
	if (plans.n == 0)
		doctor_find(d, "refs.inbox",
		    "%zu refs are left below " INBOX ", such as %s", refs.n,
		    text_clean_s(d->arena, refs.v[0].name));
	return 0;
}

static void look_clock(struct doctor *d)
{
	int64_t ahead = ledger_time(d->session.ledger) - clock_now();

	if (ahead > CLOCK_SLACK_S)
		doctor_find(d, "clock.behind",
		    "the ledger's newest record is %s ahead of the server's "
		    "clock",
		    duration_format(d->arena, (uint64_t)ahead));
}

void look_refs(struct doctor *d)
{
	struct err err;

	look_clock(d);
	if (!d->session.policy)
		return;
	if (look_ledger(d, &err) < 0)
		doctor_unseen(d, "ledger.unreadable", &err);
	if (look_symbolic(d, &err) < 0 || look_inbox(d, &err) < 0)
		doctor_unseen(d, "refs.unreadable", &err);
}
