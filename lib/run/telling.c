#include "run/telling.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "notify/eventjson.h"
#include "notify/happened.h"
#include "notify/refusal.h"
#include "notify/sender.h"
#include "notify/told.h"
#include "record/repoid.h"

/* Records that are caught up with; a ledger that no longer has what the spool
 * was at (it was put back from a copy) is told of from its tip on. */
#define RECORDS_MAX 10000u
#define BATCH_BYTES ((size_t)4 << 20) /* then another one begins */

static bool has_rules(const struct session *session)
{
	return session->policy && session->policy->nnotify > 0;
}

/* ---- from the ledger ---------------------------------------------------- */

struct records { /* newest first */
	struct log_record *v;
	size_t n, cap;
};

static int find_records(struct session *session, const struct oid *since,
    struct records *ret, struct err *err)
{
	struct oid at = *ledger_tip(session->ledger);
	struct log_record record;

	while (!oid_is_zero(&at) && !oid_eq(&at, since)) {
		if (ret->n == RECORDS_MAX) {
			ret->n = 0;
			return 0;
		}
		if (log_read(session->arena, session->repo, &at, &record, err) <
		    0)
			return -1;
		ARRAY_PUSH(session->arena, ret, record);
		at = record.parent;
	}
	if (!oid_eq(&at, since))
		ret->n = 0; /* since is none of its records */
	return 0;
}

/* One that can't be written whole is told without its lists: what comes after
 * it must not wait for ever. */
static int write_event(struct session *session, const struct event *event,
    struct spooled *spooled, struct err *err)
{
	struct event bare = *event;

	if (event_json(session->arena, event, &spooled->bytes, &spooled->len,
		err) == 0)
		return 0;
	bare.changes.n = bare.gates.n = bare.texts.n = 0;
	bare.changes_more = SIZE_MAX;
	return event_json(
	    session->arena, &bare, &spooled->bytes, &spooled->len, err);
}

static int add_event(struct session *session, const struct event *event,
    struct spool_batch *batch, size_t *bytes, struct err *err)
{
	struct spooled spooled = { .id = event->id };

	destinations_of(session->arena, session->policy, event, &spooled.to);
	if (spooled.to.n == 0)
		return 0;
	if (write_event(session, event, &spooled, err) < 0)
		return -1;
	ARRAY_PUSH(session->arena, &batch->events, spooled);
	*bytes += spooled.len;
	return 0;
}

static int spool_record(struct session *session, struct spool *spool,
    const struct log_record *record, struct err *err)
{
	struct spool_batch batch = { .seq = 0 };
	struct events events = { NULL, 0, 0 };
	size_t bytes = 0;
	const struct happened happened = { .arena = session->arena,
		.policy = session->policy,
		.repo = session->repo,
		.ledger = session->ledger,
		.view = &session->view,
		.repository_id = session->view.repository_id };

	if (happened_read(&happened, record, &events, err) < 0)
		return -1;
	for (size_t i = 0; i < events.n; i++) {
		if (add_event(session, &events.v[i], &batch, &bytes, err) < 0)
			return -1;
		if (bytes < BATCH_BYTES)
			continue;
		if (spool_add(spool, &batch, NULL, err) < 0)
			return -1;
		batch.events.n = bytes = 0;
	}
	return spool_add(spool, &batch, &record->id, err);
}

/* Oldest first; the spool moves on with each, so that a crash in between tells
 * none of them twice. */
static int spool_records(struct session *session, struct spool *spool,
    const struct records *records, struct err *err)
{
	for (size_t i = records->n; i > 0; i--)
		if (spool_record(session, spool, &records->v[i - 1], err) < 0)
			return -1;
	if (spool->written && spool->began &&
	    oid_eq(&spool->ledger, ledger_tip(session->ledger)))
		return 0;
	return spool_add(spool, &(struct spool_batch){ .seq = 0 },
	    ledger_tip(session->ledger), err);
}

/* Under the spool's lock, with the ledger as it is now: whoever was here before
 * has told of all that was recorded by then. */
static int catch_up(struct session *session, struct spool *spool,
    const struct oid *begin, struct err *err)
{
	struct records records = { NULL, 0, 0 };
	struct oid since = spool->began ? spool->ledger : *begin;

	/* Before anything is told, so that nothing can get lost from here on.
	 */
	if (!spool->began &&
	    told_write(session->arena, session->repo, &since, err) < 0)
		return -1;
	if (session_open_ledger(session, err) < 0 ||
	    find_records(session, &since, &records, err) < 0)
		return -1;
	return spool_records(session, spool, &records, err);
}

static int forget(struct session *session, struct err *err)
{
	struct spool spool;
	int status;

	if (spool_open(session->arena, session->repo, &spool, err) < 0)
		return -1;
	status = spool_end(&spool, err);
	spool_close(&spool);
	return status;
}

int telling_is_on(struct session *session, bool *ret, struct err *err)
{
	struct spool spool;

	if (spool_look(session->arena, session->repo, &spool, err) < 0)
		return -1;
	*ret = spool.began;
	return 0;
}

int telling_catch_up(
    struct session *session, const struct oid *begin, struct err *err)
{
	struct spool spool;
	int status;

	if (!session->policy)
		return 0;
	if (spool_look(session->arena, session->repo, &spool, err) < 0)
		return -1;
	/* Rules that come back later are not for what was before. */
	if (!has_rules(session))
		return spool.began ? forget(session, err) : 0;
	if (spool.began && oid_eq(&spool.ledger, ledger_tip(session->ledger)))
		return 0;
	if (spool_open(session->arena, session->repo, &spool, err) < 0)
		return -1;
	status = catch_up(session, &spool, begin, err);
	spool_close(&spool);
	return status;
}

/* ---- refusals ----------------------------------------------------------- */

static int spool_refusals(
    struct session *session, struct spool_batch *batch, struct err *err)
{
	struct spool spool;
	int status = 0;

	if (spool_open(session->arena, session->repo, &spool, err) < 0)
		return -1;
	if (spool_count(&spool, SPOOL_REFUSALS_MAX) < SPOOL_REFUSALS_MAX)
		status = spool_add(&spool, batch, NULL, err);
	spool_close(&spool);
	return status;
}

int telling_refused(struct session *session, const struct push *push,
    const struct verdict *verdict, struct err *err)
{
	struct spool_batch batch = { .seq = 0 };
	struct events events = { NULL, 0, 0 };
	struct refusal refusal = { .now = session->now,
		.repository = repository_name(session->arena, session->repo) };
	size_t bytes = 0;

	if (!verdict->refused || !has_rules(session) ||
	    !(destinations_wanted(session->policy, NOTIFY_REFUSED) ||
		destinations_wanted(session->policy, NOTIFY_HELD)))
		return 0;
	if (repository_id(
		session->arena, session->repo, &refusal.repository_id, err) < 0)
		return -1;
	refusal_events(session->arena, &refusal, push, verdict, &events);
	for (size_t i = 0; i < events.n; i++)
		if (add_event(session, &events.v[i], &batch, &bytes, err) < 0)
			return -1;
	return batch.events.n > 0 ? spool_refusals(session, &batch, err) : 0;
}

/* ---- the sender --------------------------------------------------------- */

#define SENDER_ARENA_MAX ((size_t)1 << 30) /* bytes */

static void send_all(const char *path)
{
	struct arena arena;
	struct session session;
	struct sender sender;
	struct sender_result ignored;
	struct err err;

	arena_init(&arena, SENDER_ARENA_MAX);
	if (session_open_path(&arena, path, &session, &err) == 0 &&
	    session_load_policy(&session, NULL, &err) == 0 && session.policy) {
		sender = (struct sender){ .arena = &arena,
			.repo = session.repo,
			.policy = session.policy,
			.due_only = true };
		(void)sender_run(&sender, &ignored, &err);
	}
	_exit(0);
}

/* What is on 0 to 2 are git's pipes, whose end it waits for; git passes on
 * nothing else, but whatever started it may have. */
static void let_go(void)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 ||
	    dup2(null, 2) < 0 || chdir("/") < 0)
		_exit(1);
	close_range(3, ~0u, 0);
}

void telling_start(struct session *session)
{
	const char *path = repo_path(session->repo);
	struct spool spool;
	struct err ignored;
	pid_t pid;

	if (!has_rules(session) ||
	    spool_look(session->arena, session->repo, &spool, &ignored) < 0 ||
	    spool_count(&spool, 1) == 0)
		return;
	pid = fork();
	if (pid == 0) {
		/* Its own parent is gone at once, and so is the terminal. */
		setsid();
		if (fork() != 0)
			_exit(0);
		let_go();
		send_all(path);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}
