#include "rejudge.h"

#include <string.h>

#include "gates/gate.h"
#include "git/gitview.h"
#include "record/log.h"

#define POLICY_NAME "policy.yml" /* of a recorded one, in diagnostics */

/* The policies that records have named, each parsed once. */
struct known_policy {
	const char *key;       /* digests of its files */
	struct policy *policy; /* NULL: not valid for this version */
};

struct rejudge {
	struct arena *arena;
	struct repo *repo;
	const struct verify_sink *sink;
	size_t last;
	struct gitview *gitview;
	struct view git;
	struct past_refs refs;
	struct {
		struct known_policy *v;
		size_t n, cap;
	} policies;
};

struct rejudge *rejudge_new(struct arena *arena, struct repo *repo,
    const struct verify_sink *sink, size_t last)
{
	struct rejudge *rejudge = ARENA_NEW(arena, struct rejudge);

	rejudge->arena = arena;
	rejudge->repo = repo;
	rejudge->sink = sink;
	rejudge->last = last;
	rejudge->refs.arena = arena;
	rejudge->gitview = gitview_new(arena, repo, &rejudge->git);
	return rejudge;
}

void rejudge_free(struct rejudge *rejudge)
{
	if (rejudge)
		gitview_free(rejudge->gitview);
}

static void tell(const struct rejudge *rejudge, const struct log_record *record,
    enum verify_kind kind, const char *text)
{
	rejudge->sink->tell(rejudge->sink->ctx, kind, &record->id, text);
}

/* ---- the policy of a record ---------------------------------------------- */

static const char *policy_name(
    struct arena *arena, const struct log_record *record)
{
	const char *key = record->policy_digest;

	for (size_t i = 0; i < record->includes.n; i++)
		key = arena_printf(arena, "%s %s %s", key,
		    record->includes.v[i].digest, record->includes.v[i].name);
	return key;
}

static int parse_policy(struct rejudge *rejudge,
    const struct log_record *record, struct policy **ret, struct err *err)
{
	struct policy_file file = { POLICY_NAME, NULL, 0 };
	struct policy_files included = { NULL, 0, 0 };
	struct diags diags;

	*ret = NULL;
	if (log_policy_of(rejudge->arena, rejudge->repo, record, &file,
		&included, err) < 0)
		return -1;
	if (!file.text)
		return 0; /* a finding says so */
	diags_init(&diags, rejudge->arena);
	*ret = policy_parse_files(
	    rejudge->arena, &file, &included, &gate_forms, &diags);
	if (!*ret)
		tell(rejudge, record, VERIFY_UNSHOWN,
		    "what was accepted under its policy: that is not valid "
		    "for this version of stagegate");
	return 0;
}

static int find_policy(struct rejudge *rejudge, struct arena *arena,
    const struct log_record *record, struct policy **ret, struct err *err)
{
	const char *key = policy_name(arena, record);

	for (size_t i = rejudge->policies.n; i > 0; i--) {
		if (strcmp(rejudge->policies.v[i - 1].key, key) != 0)
			continue;
		*ret = rejudge->policies.v[i - 1].policy;
		return 0;
	}
	if (parse_policy(rejudge, record, ret, err) < 0)
		return -1;
	ARRAY_PUSH(rejudge->arena, &rejudge->policies,
	    (struct known_policy){ arena_strdup(rejudge->arena, key), *ret });
	return 0;
}

/* ---- one record -----------------------------------------------------------
 */

static void put_refs(
    struct rejudge *rejudge, const struct log_record *record, bool as_new)
{
	for (size_t i = 0; i < record->updates.n; i++) {
		const struct log_update *update = &record->updates.v[i];

		past_refs_put(&rejudge->refs, update->ref,
		    as_new ? &update->new : &update->old);
	}
}

static bool has_finding(const struct complaints *complaints)
{
	for (size_t i = 0; i < complaints->n; i++)
		if (complaints->v[i].kind == VERIFY_FINDING)
			return true;
	return false;
}

static bool is_recovered(const struct log_record *record)
{
	return record->updates.n > 0 &&
	    strcmp(record->updates.v[0].state, "recovered") == 0;
}

/* The ledger before that one; *ret NULL: there is none. */
static int ledger_before(struct rejudge_push *push, const struct ledger *ledger,
    struct ledger **ret, struct err *err)
{
	const struct oid *tip = ledger_tip(ledger);
	struct commit commit;

	*ret = NULL;
	if (oid_is_zero(tip))
		return 0;
	if (log_commit(push->arena, push->repo, tip, &commit, err) < 0)
		return -1;
	if (commit.parents.n == 0)
		return 0;
	return ledger_open_at(
	    push->arena, push->repo, &commit.parents.v[0], ret, err);
}

/*
 * Judges it as the ledger stood right before the record, and where that does
 * not hold as it stood earlier.  *ret: of the first time where something holds
 * at none.
 */
static int ask_all(
    struct rejudge_push *push, struct complaints *ret, struct err *err)
{
	const struct log_record *record = push->record->record;
	int64_t since = is_recovered(record)
	    ? INT64_MIN
	    : record->at - REJUDGE_ON_ITS_WAY_S;
	struct ledger *ledger = push->record->before;

	if (rejudge_push_ask(push, ledger, record->at, ret, err) < 0)
		return -1;
	if (!has_finding(ret))
		return 0;
	for (size_t i = 0; ledger && i < REJUDGE_ATTEMPTS_MAX; i++) {
		int64_t now = ledger_time(ledger);
		struct complaints some = { NULL, 0, 0 };

		if (rejudge_push_ask(push, ledger, now > since ? now : since,
			&some, err) < 0)
			return -1;
		if (!has_finding(&some)) {
			*ret = some;
			return 0;
		}
		if (now < since)
			return 0;
		if (ledger_before(push, ledger, &ledger, err) < 0)
			return -1;
	}
	return 0;
}

static int judge_again(struct rejudge *rejudge, struct arena *arena,
    const struct verify_record *record, struct err *err)
{
	struct rejudge_push push = { .arena = arena,
		.repo = rejudge->repo,
		.git = &rejudge->git,
		.record = record,
		.past = { .refs = &rejudge->refs } };
	struct complaints first = { NULL, 0, 0 }, judged = { NULL, 0, 0 };
	struct policy *policy;

	if (find_policy(rejudge, arena, record->record, &policy, err) < 0)
		return -1;
	push.policy = policy;
	if (!policy)
		return 0;
	if (rejudge_certificate(&push, &first, err) < 0 ||
	    rejudge_push_make(&push, &first, err) < 0 ||
	    rejudge_closings(&push, &first, err) < 0)
		return -1;
	if (push.push.updates.n > 0 && ask_all(&push, &judged, err) < 0)
		return -1;
	for (size_t i = 0; i < first.n; i++)
		tell(rejudge, record->record, first.v[i].kind, first.v[i].text);
	for (size_t i = 0; i < judged.n; i++)
		tell(rejudge, record->record, judged.v[i].kind,
		    judged.v[i].text);
	return 0;
}

int rejudge_record(struct rejudge *rejudge, struct arena *arena,
    const struct verify_record *record, struct err *err)
{
	int status = 0;

	put_refs(rejudge, record->record, false);
	if (record->record->policy_digest &&
	    (rejudge->last == 0 || record->newer < rejudge->last))
		status = judge_again(rejudge, arena, record, err);
	put_refs(rejudge, record->record, true);
	return status;
}
