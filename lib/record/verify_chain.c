#include "record/verifywork.h"

#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "record/words.h"

#define SERVER_NAME "stagegate"

/* ---- telling ---------------------------------------------------------- */

static void tell(
    const struct verify_entry *entry, enum verify_kind kind, const char *text)
{
	const struct verify_sink *sink = entry->run->sink;

	sink->tell(sink->ctx, kind, &entry->commit.id,
	    text_clean_s(entry->arena, text));
}

void verify_find(const struct verify_entry *entry, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(entry, VERIFY_FINDING, arena_vprintf(entry->arena, fmt, ap));
	va_end(ap);
}

void verify_unshown(const struct verify_entry *entry, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(entry, VERIFY_UNSHOWN, arena_vprintf(entry->arena, fmt, ap));
	va_end(ap);
}

int verify_unread(const struct verify_entry *entry, struct err *err)
{
	if (err->kind != ERR_FORMAT)
		return -1;
	verify_find(entry, "%s", err->text);
	return 0;
}

/* ---- the commit -------------------------------------------------------- */

/* "stagegate <stagegate@HOST>", where HOST has been made plain. */
static bool is_server(const struct signature_line *line)
{
	const char *host = line->email + strlen(SERVER_NAME "@");

	if (strcmp(line->name, SERVER_NAME) != 0 ||
	    !str_prefix(line->email, SERVER_NAME "@") || !*host)
		return false;
	for (; *host; host++)
		if (*host == '@' || *host == ' ')
			return false;
	return true;
}

static void check_identity(const struct verify_entry *entry)
{
	const struct signature_line *author = &entry->commit.author;
	const struct signature_line *committer = &entry->commit.committer;

	if (!is_server(committer))
		verify_find(entry,
		    "it was committed by %s <%s>, not by the server",
		    committer->name, committer->email);
	else if (strcmp(author->name, committer->name) != 0 ||
	    strcmp(author->email, committer->email) != 0)
		verify_find(entry, "its author is %s <%s>, not the server",
		    author->name, author->email);
	if (author->time != committer->time)
		verify_find(entry, "its author's date is another one");
}

static void check_time(const struct verify_entry *entry)
{
	struct verify_run *run = entry->run;
	int64_t time = entry->commit.committer.time;

	if (time < run->newest)
		verify_find(entry,
		    "its time was forged: it is dated %s, the one before it %s",
		    time_format(entry->arena, time),
		    time_format(entry->arena, run->newest));
	else
		run->newest = time;
}

/* ---- where refs were --------------------------------------------------- */

/* A ref's recorded moves join: what was recorded next began where the one
 * before has led. */
static int check_joins(const struct verify_entry *entry,
    const struct log_update *update, struct err *err)
{
	struct ref_record *last;

	if (strcmp(update->stage, "-") == 0)
		return 0;
	if (ledger_ref(entry->before, entry->arena, update->ref, &last, err))
		return -1;
	/* The latter: somebody else has recorded that it had got there. */
	if (!last || oid_eq(&last->tip, &update->old) ||
	    oid_eq(&last->tip, &update->new))
		return 0;
	verify_find(entry,
	    "%s began at %s, but %s was recorded as its tip before",
	    update->ref, oid_hex8(&update->old).s, oid_hex8(&last->tip).s);
	return 0;
}

static int check_all_join(const struct verify_entry *entry, struct err *err)
{
	for (size_t i = 0; i < entry->record.updates.n; i++)
		if (check_joins(entry, &entry->record.updates.v[i], err) &&
		    verify_unread(entry, err))
			return -1;
	return 0;
}

/* ---- the walk ---------------------------------------------------------- */

/* The commits from tip on, newest first. */
static int find_chain(struct verify_run *run, const struct oid *tip,
    struct oids *ret, struct err *err)
{
	struct arena scratch;
	struct oid next = *tip;
	int status = 0;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	while (!oid_is_zero(&next)) {
		struct commit commit;

		arena_reset(&scratch);
		status = log_commit(&scratch, run->repo, &next, &commit, err);
		if (status)
			break;
		ARRAY_PUSH(run->arena, ret, next);
		next = commit.parents.n ? commit.parents.v[0]
					: (struct oid){ { 0 } };
	}
	arena_release(&scratch);
	return status;
}

static int check_record(struct verify_entry *entry, struct err *err)
{
	const struct verify_sink *sink = entry->run->sink;

	if (log_record_of(entry->arena, &entry->commit, &entry->record, err))
		return verify_unread(entry, err);
	if (check_all_join(entry, err) || verify_policy(entry, err) ||
	    verify_signature(entry, err) || verify_tree(entry, err))
		return -1;
	return sink->record
	    ? sink->record(sink->ctx, entry->arena,
		  &(struct verify_record){ &entry->record, entry->before,
		      entry->after, entry->newer },
		  err)
	    : 0;
}

static int check_commit(struct verify_run *run, struct arena *arena,
    const struct oid *id, size_t newer, struct err *err)
{
	struct verify_entry entry = {
		.run = run, .arena = arena, .newer = newer
	};
	struct oid parent = { { 0 } };

	if (log_commit(arena, run->repo, id, &entry.commit, err))
		return -1;
	if (entry.commit.parents.n > 1)
		verify_find(&entry, "it is a merge: the ledger is one line");
	if (entry.commit.parents.n > 0)
		parent = entry.commit.parents.v[0];
	check_identity(&entry);
	check_time(&entry);
	if (ledger_open_at(arena, run->repo, &parent, &entry.before, err) ||
	    ledger_open_at(arena, run->repo, id, &entry.after, err))
		return -1;
	return check_record(&entry, err);
}

static int check_all(
    struct verify_run *run, const struct oids *chain, struct err *err)
{
	const struct verify_sink *sink = run->sink;
	struct arena scratch;
	int status = 0;

	/* A record may be a push of thousands of refs, judged again. */
	arena_init(&scratch, ARENA_RUN_MAX);
	for (size_t i = chain->n; status == 0 && i > 0; i--) {
		arena_reset(&scratch);
		if (sink->progress)
			sink->progress(sink->ctx, chain->n - i, chain->n);
		status = check_commit(
		    run, &scratch, &chain->v[i - 1], i - 1, err);
		if (status)
			err_prefix(err, "ledger commit %s",
			    oid_hex8(&chain->v[i - 1]).s);
	}
	arena_release(&scratch);
	return status;
}

int verify_ledger(struct arena *arena, struct repo *repo, const struct oid *tip,
    const struct verify_sink *sink, struct verify_count *ret, struct err *err)
{
	struct verify_run run = { .arena = arena, .repo = repo, .sink = sink };
	struct oids chain = { NULL, 0, 0 };
	int status;

	oidmap_init(&run.policies.by_text, arena);
	if (find_chain(&run, tip, &chain, err))
		return -1;
	run.diff = treediff_new(arena, repo);
	status = check_all(&run, &chain, err);
	treediff_free(run.diff);
	run.count.records = chain.n;
	if (status == 0)
		*ret = run.count;
	return status;
}
