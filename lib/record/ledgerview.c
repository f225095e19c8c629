#include "record/ledgerwork.h"

#include <string.h>

#include "base/text.h"
#include "git/refs.h"
#include "record/plan.h"
#include "record/repoid.h"

static int get_passages(void *ctx, struct arena *arena,
    const struct oid *commit, struct view_passages *ret, struct err *err)
{
	struct ledger *ledger = ctx;
	struct view_passages passages = { NULL, 0, 0 };
	struct note note;

	if (ledger_note(ledger, arena, commit, &note, err))
		return -1;
	for (size_t i = 0; i < note.npassages; i++) {
		const struct note_passage *from = &note.passages[i];

		ARRAY_PUSH(arena, &passages,
		    (struct view_passage){ .stage = from->stage,
			.ref = from->ref,
			.at = from->at,
			.by = from->by,
			.state = from->state });
	}
	if (withdrawn_find(ledger, arena, commit, &note, &passages, err))
		return -1;
	*ret = passages;
	return 0;
}

static int get_entries(void *ctx, struct arena *arena, const char *ref,
    size_t max, struct view_entry_records *ret, struct err *err)
{
	struct ledger *ledger = ctx;
	struct view_entry_records entries = { NULL, 0, 0 };
	struct ref_record *record;

	if (ledger_ref(ledger, arena, ref, &record, err))
		return -1;
	while (record && entries.n < max) {
		struct view_entry_record entry = { .tip = record->tip,
			.at = record->at,
			.stage = record->stage,
			.by = record->by,
			.kind = record->kind,
			.state = record->state,
			.candidate = oid_is_zero(&record->candidate)
			    ? record->tip
			    : record->candidate };

		ARRAY_PUSH(arena, &entries, entry);
		if (oid_is_zero(&record->previous))
			break;
		if (ledger_ref_blob(
			ledger, arena, &record->previous, &record, err))
			return -1;
	}
	*ret = entries;
	return 0;
}

static int get_reverts(
    void *ctx, struct arena *arena, struct view_reverts *ret, struct err *err)
{
	(void)arena; /* they are kept with the ledger */
	return ledger_reverts(ctx, ret, err);
}

static int get_open_incidents(void *ctx, struct arena *arena, const char *ref,
    struct view_incidents *ret, struct err *err)
{
	return ledger_open_incidents(ctx, arena, ref, ret, err);
}

static int get_squashes(void *ctx, struct arena *arena,
    const struct oid *candidate, struct oids *ret, struct err *err)
{
	struct note note;

	if (ledger_note(ctx, arena, candidate, &note, err))
		return -1;
	*ret = note.squashes;
	return 0;
}

static int get_evidence(void *ctx, struct arena *arena,
    const struct oid *subject, const char *gate, struct view_evidences *ret,
    struct err *err)
{
	return ledger_evidence(ctx, arena, subject, gate, ret, err);
}

static int was_seen(
    void *ctx, const char *replay_key, bool *ret, struct err *err)
{
	return ledger_seen(ctx, replay_key, ret, err);
}

/* Whose process this is takes several looks into /proc: only where a plan makes
 * it matter. */
static bool is_own(
    const struct ledger *ledger, struct arena *arena, const struct plan *plan)
{
	struct plan_owner owner;

	if (ledger->own_plan)
		return strcmp(ledger->own_plan, plan->id) == 0;
	plan_owner_find(arena, &owner);
	return plan_owner_same(&owner, &plan->owner);
}

static bool names_tip(
    const struct plan *plan, const char *ref, const struct oid *tip)
{
	for (size_t i = 0; i < plan->nrefs; i++)
		if (oid_eq(&plan->refs[i].new, tip) &&
		    (!ref || strcmp(plan->refs[i].ref, ref) == 0))
			return true;
	return false;
}

static int find_in_flight(struct ledger *ledger, struct arena *arena,
    const char *ref, const struct oid *tip, bool *ret, struct err *err)
{
	struct plans plans = { NULL, 0, 0 };
	struct view_ref now;

	if (plans_read_for(arena, ledger->repo, ref, &plans, err))
		return -1;
	for (size_t i = 0; i < plans.n; i++) {
		if (!names_tip(plans.v[i], ref, tip) ||
		    is_own(ledger, arena, plans.v[i]))
			continue;
		*ret = true;
		return 0;
	}
	/* No plan: it may have been recorded, and its plan removed, since this
	 * ledger was opened.  Plans go after the record is there, so that the
	 * ledger's tip, read now, tells. */
	if (ref_read(ledger->repo, arena, LEDGER_REF, &now, err))
		return -1;
	*ret = now.exists && !oid_eq(&now.oid, &ledger->tip);
	return 0;
}

/* Asked after the ref was read, and of the disk each time: a plan that is dead
 * counts too, for the next hook makes a record of it. */
static int is_in_flight(void *ctx, const char *ref, const struct oid *tip,
    bool *ret, struct err *err)
{
	struct arena scratch;
	int status;

	arena_init(&scratch, ARENA_RUN_MAX);
	status = find_in_flight(ctx, &scratch, ref, tip, ret, err);
	arena_release(&scratch);
	return status;
}

static int get_last_time(void *ctx, int64_t *ret, struct err *err)
{
	const struct ledger *ledger = ctx;

	(void)err;
	*ret = ledger->time;
	return 0;
}

/* stagegate/id on a server, meta/repository in a clone; a hook that comes
 * first makes it. */
static int find_id(struct ledger *ledger, struct arena *arena, const char **ret,
    struct err *err)
{
	if (repository_id_read(arena, ledger->repo, ret, err))
		return -1;
	if (*ret)
		return 0;
	if (ledger_repository_id(ledger, arena, ret, err))
		return -1;
	if (*ret)
		return 0;
	if (repo_has_quarantine(ledger->repo))
		return repository_id(arena, ledger->repo, ret, err);
	*ret = "";
	return 0;
}

int ledger_view(struct ledger *ledger, struct arena *arena, struct repo *repo,
    struct view *view, struct err *err)
{
	(void)repo; /* the one that it was opened in */
	ledger->view = view;
	view->ledger = ledger;
	view->passages = get_passages;
	view->entries = get_entries;
	view->reverts = get_reverts;
	view->open_incidents = get_open_incidents;
	view->squashes = get_squashes;
	view->evidence = get_evidence;
	view->seen = was_seen;
	view->in_flight = is_in_flight;
	view->last_time = get_last_time;
	return find_id(ledger, arena, &view->repository_id, err);
}

void ledger_own_plan(struct ledger *ledger, const char *plan_id)
{
	ledger->own_plan = plan_id;
}
