#include "record/append.h"

#include <string.h>

#include "base/clock.h"
#include "record/appendwork.h"
#include "record/chain.h"
#include "record/serveraddress.h"
#include "record/signkey.h"

/* Others than us hardly ever write the ledger, and we hold a lock. */
#define ATTEMPTS_MAX 10
#define ATTEMPT_PAUSE_MS 20u

struct append append_of_plan(struct arena *arena, const struct plan *plan)
{
	return (struct append){ .pusher = plan->pusher,
		.push = plan->id,
		.cert = plan->cert,
		.cert_key = plan->cert_key,
		.sign_key = plan->sign_key,
		.policy_digest = plan->policy_digest,
		.flow = plan->flow,
		.version = plan->version,
		.policy_text = plan->policy_text,
		.policy_text_len = plan->policy_text_len,
		.includes = plan->includes,
		.nincludes = plan->nincludes,
		.since = plan->ledger,
		.updates = arena_array(
		    arena, plan->nrefs, sizeof(struct append_update)) };
}

struct append append_of_policy(struct arena *arena, const struct policy *policy)
{
	struct plan plan = { .id = "-", .pusher = "-" };

	plan_set_policy(arena, policy, &plan);
	return append_of_plan(arena, &plan);
}

static int sign_entry(void *ctx, struct arena *arena, const char *payload,
    size_t len, const char **ret_armour, struct err *err)
{
	const struct entry *entry = ctx;

	return sign_key_sign(arena, entry->repo, entry->append->sign_key,
	    payload, len, ret_armour, err);
}

static int entry_write(struct entry *entry, struct state_lock *lock,
    struct oid *ret_commit, struct err *err)
{
	struct treestore_commit commit = { .name = SERVER_NAME,
		.email = server_address(entry->arena),
		.time = entry->at };
	struct oid tree, id;

	if (entry->append->sign_key) {
		commit.sign = sign_entry;
		commit.sign_ctx = entry;
	}
	if (entry_end(entry, err) ||
	    entry_message(entry, &commit.message, err) ||
	    treestore_write(ledger_tree(entry->ledger), entry->files.v,
		entry->files.n, &tree, err) ||
	    treestore_commit(entry->repo, &tree, ledger_tip(entry->ledger),
		&commit, &id, err))
		return -1;
	*ret_commit = id;
	return state_lock_update(lock, LEDGER_REF, ledger_tip(entry->ledger),
	    &id, "stagegate: record", err);
}

/* How far an append has got: what comes next. */
struct progress {
	size_t update, close, expire;
};

static bool is_done(const struct progress *at, const struct append *append)
{
	return at->update == append->n && at->close == append->closes.n &&
	    at->expire == append->expired.n;
}

static bool has_room(const struct entry *entry)
{
	return entry_size(entry) < APPEND_UPDATES_MAX;
}

/* What was judged of another ledger is not closed by this one. */
static bool may_close(const struct entry *entry, const struct oid *judged)
{
	return oid_eq(ledger_tip(entry->ledger), judged);
}

static int fill(struct entry *entry, const struct recorded *recorded,
    const struct oid *judged, struct progress *at, struct err *err)
{
	const struct append *append = entry->append;

	if (!may_close(entry, judged))
		at->close = append->closes.n;
	for (; at->update < append->n && has_room(entry); at->update++)
		if (!recorded_has(recorded, &append->updates[at->update]) &&
		    entry_add(entry, &append->updates[at->update], err))
			return -1;
	for (; at->close < append->closes.n && has_room(entry); at->close++)
		if (entry_close(entry, append->closes.v[at->close], err))
			return -1;
	for (; at->expire < append->expired.n && has_room(entry); at->expire++)
		if (entry_expire(entry, &append->expired.v[at->expire], err))
			return -1;
	return 0;
}

/* What an append is at, and what it tells. */
struct appending {
	struct arena *arena; /* of the caller */
	const struct append *append;
	int64_t now;
	struct progress at;
	int64_t time;      /* of the newest entry */
	struct oid judged; /* the ledger that the closings were judged by, and
			    * what this append has added to it */
};

/* One commit from a->at on. */
static int append_some(struct arena *arena, struct state_lock *lock,
    struct appending *a, struct err *err)
{
	const struct append *append = a->append;
	struct progress at = a->at;
	struct oid judged = a->judged;
	struct recorded recorded;
	struct ledger *ledger;
	struct entry entry;

	if (ledger_open(arena, lock->repo, &ledger, err) ||
	    recorded_find(arena, lock->repo, ledger, append, &recorded, err))
		return -1;
	entry_begin(&entry, arena, lock->repo, ledger, append, a->now);
	if (fill(&entry, &recorded, &judged, &at, err) ||
	    (entry_size(&entry) > 0 && entry_write(&entry, lock, &judged, err)))
		return -1;
	for (size_t i = 0; append->ret_closed && i < entry.closed.n; i++)
		ARRAY_PUSH(
		    a->arena, append->ret_closed, entry.closed.v[i].number);
	a->at = at;
	a->judged = judged;
	a->time = entry.at;
	return 0;
}

static int append_all(
    struct state_lock *lock, struct appending *a, struct err *err)
{
	int attempts = 0;

	while (!is_done(&a->at, a->append)) {
		struct arena arena;
		int status;

		arena_init(&arena, ARENA_RUN_MAX);
		status = append_some(&arena, lock, a, err);
		arena_release(&arena);
		if (status == 0) {
			attempts = 0;
			continue;
		}
		if (err->kind != ERR_MOVED || ++attempts == ATTEMPTS_MAX)
			return err_prefix(err, "cannot write the ledger");
		clock_sleep_ms(ATTEMPT_PAUSE_MS);
	}
	return 0;
}

/* ---- what must come before ------------------------------------------- */

/* Where a ref's history as recorded does not lead to where an update began. */
static int find_gaps(struct arena *arena, struct repo *repo,
    const struct append *append, struct chain *gaps, struct err *err)
{
	struct plans plans = { NULL, 0, 0 };
	struct recorded recorded;
	struct ledger *ledger;
	bool have_plans = false;

	if (ledger_open(arena, repo, &ledger, err) ||
	    recorded_find(arena, repo, ledger, append, &recorded, err))
		return -1;
	for (size_t i = 0; i < append->n; i++) {
		const struct append_update *update = &append->updates[i];
		struct oid from;

		if (!update_enters(update) ||
		    update->state == PASSAGE_UNOBSERVED ||
		    update->state == PASSAGE_ADOPTED ||
		    recorded_has(&recorded, update))
			continue;
		if (recorded_tip(ledger, arena, update->ref->ref, &from, err))
			return -1;
		if (oid_eq(&from, &update->ref->old))
			continue;
		if (!have_plans && plans_read(arena, repo, &plans, err))
			return -1;
		have_plans = true;
		chain_find(arena, &plans, update->ref->ref, &from,
		    &update->ref->old, append->push, gaps);
	}
	return 0;
}

static int fill_gap(struct arena *arena, struct state_lock *lock,
    const struct chain *gaps, const struct plan *plan, int64_t now,
    struct err *err)
{
	struct append append = append_of_plan(arena, plan);
	struct appending a = { .arena = arena, .append = &append, .now = now };
	enum passage_state state = plan_is_live(plan, now) ? PASSAGE_ACCEPTED
							   : PASSAGE_RECOVERED;

	for (size_t i = 0; i < gaps->n; i++) {
		const struct plan_ref *ref = gaps->v[i].ref;

		if (gaps->v[i].plan == plan)
			append.updates[append.n++] = (struct append_update){
				ref, ref->warned ? PASSAGE_WARNED : state
			};
	}
	return append_all(lock, &a, err);
}

int append_under_lock(struct arena *arena, struct state_lock *lock,
    const struct append *append, int64_t now, int64_t *ret_time,
    struct err *err)
{
	struct appending a = { .arena = arena,
		.append = append,
		.now = now,
		.time = now,
		.judged = append->since };
	struct chain gaps = { NULL, 0, 0 };

	if (ret_time)
		*ret_time = now;
	if (is_done(&a.at, append))
		return 0;
	if (find_gaps(arena, lock->repo, append, &gaps, err))
		return err_prefix(err, "cannot write the ledger");
	for (size_t i = 0; i < gaps.n; i++)
		if (chain_is_first_of_plan(&gaps, i) &&
		    fill_gap(arena, lock, &gaps, gaps.v[i].plan, now, err))
			return -1;
	if (append_all(lock, &a, err))
		return -1;
	if (ret_time)
		*ret_time = a.time;
	return 0;
}

int ledger_append(struct arena *arena, struct repo *repo,
    const struct append *append, int64_t now, int64_t *ret_time,
    struct err *err)
{
	struct state_lock lock;
	int status;

	if (state_lock_take(arena, repo, &lock, err))
		return -1;
	status = append_under_lock(arena, &lock, append, now, ret_time, err);
	state_lock_release(&lock);
	return status;
}
