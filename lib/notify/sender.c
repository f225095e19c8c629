#include "notify/sender.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "notify/senderwork.h"
#include "notify/spoolfiles.h"
#include "record/repoid.h"

#define POLL_MS 10u
#define LOOK_EVERY_MS 500u /* whether something was spooled, while waiting */
#define CHILD_ARENA_MAX ((size_t)256 << 20) /* bytes */

struct child { /* what it was given, whatever becomes of the scan */
	pid_t pid;
	struct arena *arena;
	const char *key;
	struct spool_place *places;
	size_t n, dead; /* of the places; dead letters for it, before */
};

struct sending {
	struct sender how; /* a copy, so that it may change */
	struct scan scan;
	struct child children[SENDER_CHILDREN_MAX];
	size_t nchildren;
	struct strings failed; /* keys that are not tried again */
	struct sender_result *result;
	bool broken;
};

/* ---- what comes of a child ---------------------------------------------- */

static size_t count_dead(
    const struct sending *sending, struct arena *arena, const char *key)
{
	struct strings names = { NULL, 0, 0 };
	struct err ignored;
	size_t n = 0;

	if (dir_list(arena,
		arena_printf(arena, "%s/" SPOOL_DEAD, sending->scan.spool.dir),
		&names, &ignored) < 0)
		return 0;
	for (size_t i = 0; i < names.n; i++)
		n += !key || str_suffix(names.v[i], key);
	return n;
}

static size_t count_done(
    const struct sending *sending, const struct child *child)
{
	struct spool spool = sending->scan.spool;
	struct delivery delivery;
	size_t n = 0;

	spool.arena = child->arena;
	delivery_read(&spool, child->key, &delivery);
	for (size_t i = 0; i < child->n; i++)
		n += delivery_is_done(
		    &delivery, child->places[i].seq, child->places[i].index);
	return n;
}

/* What it has passed, it has delivered or given up; dead letters that are gone
 * were delivered too. */
static void reckon(
    struct sending *sending, const struct child *child, int status)
{
	struct sender_result *result = sending->result;
	size_t dead = count_dead(sending, child->arena, child->key);
	size_t done = count_done(sending, child);

	if (dead > child->dead) {
		result->given_up += dead - child->dead;
		done -= done < dead - child->dead ? done : dead - child->dead;
	} else {
		done += child->dead - dead;
	}
	result->delivered += done;
	if (WIFEXITED(status) && WEXITSTATUS(status) == WORK_DONE)
		return;
	ARRAY_PUSH(sending->how.arena, &sending->failed,
	    arena_strdup(sending->how.arena, child->key));
	result->failed++;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != WORK_FAILED)
		sending->broken = true;
}

static void drop_child(struct sending *sending, size_t i)
{
	struct child *child = &sending->children[i];

	arena_release(child->arena);
	*child = sending->children[--sending->nchildren];
}

/* One that has ended, if there is any. */
static bool reap(struct sending *sending)
{
	for (size_t i = 0; i < sending->nchildren; i++) {
		int status;
		pid_t pid = waitpid(sending->children[i].pid, &status, WNOHANG);

		if (pid == 0 || (pid < 0 && errno == EINTR))
			continue;
		if (pid > 0)
			reckon(sending, &sending->children[i], status);
		drop_child(sending, i);
		return true;
	}
	return false;
}

/* ---- beginning them ----------------------------------------------------- */

static bool is_at_work(const struct sending *sending, const char *key)
{
	for (size_t i = 0; i < sending->nchildren; i++)
		if (strcmp(sending->children[i].key, key) == 0)
			return true;
	return false;
}

static struct child child_of(
    const struct sending *sending, const struct work *work)
{
	struct arena *arena = ARENA_NEW(sending->how.arena, struct arena);
	struct child child = { .arena = arena, .n = work->pending.n };

	arena_init(arena, CHILD_ARENA_MAX);
	child.key = arena_strdup(arena, work->key);
	child.places = arena_array(arena, child.n, sizeof(*child.places));
	for (size_t i = 0; i < child.n; i++)
		child.places[i] = work->pending.v[i].place;
	child.dead = count_dead(sending, arena, child.key);
	return child;
}

static void begin(struct sending *sending, struct work *work)
{
	struct child child = child_of(sending, work);

	child.pid = fork();
	if (child.pid == 0)
		_exit(work_do(work));
	if (child.pid < 0)
		sending->broken = true;
	else
		sending->children[sending->nchildren++] = child;
	/* It has been given all of it. */
	work->pending.n = work->dead.n = 0;
	if (child.pid < 0)
		arena_release(child.arena);
}

/* Of those that are due, as many as may be; false: there is none. */
static bool begin_due(struct sending *sending)
{
	bool any = false;

	for (size_t i = 0; i < sending->scan.works.n &&
	     sending->nchildren < SENDER_CHILDREN_MAX;
	     i++) {
		struct work *work = &sending->scan.works.v[i];

		if (!work_is_due(work) || is_at_work(sending, work->key) ||
		    strings_have(&sending->failed, work->key))
			continue;
		begin(sending, work);
		any = true;
	}
	return any;
}

/* ---- the loop ----------------------------------------------------------- */

static int scan_again(struct sending *sending, struct err *err)
{
	scan_end(&sending->scan);
	return scan_spool(&sending->how, false, &sending->scan, err);
}

/* Until there is nothing left to do; what is spooled meanwhile is done too,
 * even while a slow program keeps one destination busy. */
static int work_off(struct sending *sending, struct err *err)
{
	uint64_t looked = clock_monotonic_ms();

	for (;;) {
		bool busy = begin_due(sending) || sending->nchildren > 0;

		if (!busy &&
		    (sending->how.once || !scan_is_old(&sending->scan)))
			return 0;
		if (!busy ||
		    (!sending->how.once &&
			clock_monotonic_ms() - looked > LOOK_EVERY_MS &&
			scan_is_old(&sending->scan))) {
			if (scan_again(sending, err) < 0)
				return -1;
			looked = clock_monotonic_ms();
		}
		if (busy && !reap(sending))
			clock_sleep_ms(POLL_MS);
	}
}

static void wait_for_all(struct sending *sending)
{
	while (sending->nchildren > 0)
		if (!reap(sending))
			clock_sleep_ms(POLL_MS);
}

/* What is left, as of now. */
static int count_left(struct sending *sending, struct err *err)
{
	if (scan_again(sending, err) < 0)
		return -1;
	sending->result->waiting = 0;
	for (size_t i = 0; i < sending->scan.works.n; i++)
		sending->result->waiting += sending->scan.works.v[i].pending.n;
	sending->result->dead = count_dead(sending, &sending->scan.arena, NULL);
	return 0;
}

static int send_all(struct sending *sending, struct err *err)
{
	int status;

	if (scan_spool(&sending->how, sending->how.retry_dead, &sending->scan,
		err) < 0)
		return -1;
	status = work_off(sending, err);
	wait_for_all(sending);
	if (status == 0)
		status = sender_clear(&sending->how, err);
	if (status == 0)
		status = count_left(sending, err);
	if (status == 0 && sending->broken)
		status = err_set(err, ERR_IO,
		    "what became of a delivery can't be written down in '%s'",
		    sending->scan.spool.dir);
	scan_end(&sending->scan);
	return status;
}

/* Is there something that a sender which found us at work has left to us? */
static bool is_needed(const struct sender *sender)
{
	struct sender due = *sender;
	struct scan scan;
	struct err ignored;
	bool needed = false;

	due.due_only = true;
	if (scan_spool(&due, false, &scan, &ignored) < 0)
		return false;
	for (size_t i = 0; i < scan.works.n; i++)
		needed = needed || work_is_due(&scan.works.v[i]);
	scan_end(&scan);
	return needed;
}

/* *ret_any false: there is no spool.  One that has lost its cursor gets one, so
 * that what becomes of a delivery can be noted. */
static int make_ready(const struct sender *sender, struct spool *spool,
    bool *ret_any, struct err *err)
{
	int status = 0;

	if (spool_look(sender->arena, sender->repo, spool, err) < 0)
		return -1;
	*ret_any = access(spool->dir, F_OK) == 0;
	if (!*ret_any || spool->written || spool_count(spool, 1) == 0)
		return 0;
	if (spool_open(sender->arena, sender->repo, spool, err) < 0)
		return -1;
	if (!spool->written)
		status = spool_add(
		    spool, &(struct spool_batch){ .seq = 0 }, NULL, err);
	spool_close(spool);
	return status;
}

int sender_run(
    const struct sender *sender, struct sender_result *ret, struct err *err)
{
	struct sending sending = { .how = *sender, .result = ret };
	struct spool spool;
	int lock, status;
	bool any;

	memset(ret, 0, sizeof(*ret));
	if (make_ready(sender, &spool, &any, err) < 0)
		return -1;
	while (any) {
		if (state_file_lock(sender->arena, sender->repo,
			spool_path(&spool, SPOOL_SENDING), sending.how.wait_ms,
			&lock, err) < 0) {
			ret->busy = err->kind == ERR_LIMIT;
			return ret->busy ? 0 : -1;
		}
		status = send_all(&sending, err);
		close(lock);
		if (status < 0 || sender->once || !is_needed(sender))
			return status;
		/* The second time it is only what is new. */
		sending.how.retry_dead = false;
		sending.how.due_only = true;
		sending.how.wait_ms = 0;
	}
	return 0;
}
