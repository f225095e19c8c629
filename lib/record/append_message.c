#include "record/appendwork.h"

#include <string.h>

#include "base/text.h"
#include "record/words.h"

#define MESSAGE_MAX ((size_t)4 << 20)
#define DIGEST_DIGITS 40 /* of a digest in a trailer */

/* A word of a trailer: no blanks, no control characters. */
static void add_word(struct buf *buf, struct arena *arena, const char *s)
{
	for (const char *p = text_clean_s(arena, s); *p; p++) {
		if (*p == ' ')
			buf_adds(buf, "\\x20");
		else
			buf_addc(buf, *p);
	}
}

/* ---- the first line -------------------------------------------------- */

/* What the line is about: the first update of a stage's ref, else the first
 * of any ref, else the first statement. */
static const struct append_update *main_update(const struct entry *entry)
{
	const struct append_update *found = entry->done.v[0];

	for (size_t i = 0; i < entry->done.n; i++) {
		const struct append_update *update = entry->done.v[i];

		if (update_enters(update))
			return update;
		if (found->ref->is_evidence && !update->ref->is_evidence)
			found = update;
	}
	return found;
}

static const char *short_name(const char *ref)
{
	static const char *const prefixes[] = { "refs/heads/", "refs/" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (str_prefix(ref, prefixes[i]))
			return ref + strlen(prefixes[i]);
	return ref;
}

static void add_update_summary(
    struct buf *buf, struct arena *arena, const struct append_update *update)
{
	const struct plan_ref *ref = update->ref;

	buf_addf(buf, "%s:", text_clean_s(arena, short_name(ref->ref)));
	if (update->state != PASSAGE_ACCEPTED)
		buf_addf(buf, " %s", passage_state_text(update->state));
	if (ref->kind != TRANSITION_OTHER)
		buf_addf(buf, " %s", transition_text(ref->kind));
	else if (oid_is_zero(&ref->new))
		buf_adds(buf, " delete");
	if (!oid_is_zero(&ref->new))
		buf_addf(buf, " %s", oid_hex8(&ref->new).s);
}

static void add_updates_summary(struct buf *buf, const struct entry *entry)
{
	const struct append_update *update = main_update(entry);
	const struct plan_ref *ref = update->ref;

	if (ref->is_evidence)
		buf_addf(buf, "%s: %s for %s",
		    text_clean_s(entry->arena, ref->gate),
		    evidence_result_text(ref->result),
		    oid_hex8(&ref->subject).s);
	else
		add_update_summary(buf, entry->arena, update);
	if (entry->done.n > 1)
		buf_addf(buf, " and %zu more", entry->done.n - 1);
}

static void add_closed_summary(struct buf *buf, const struct entry *entry)
{
	buf_addf(buf, "incident %llu: closed",
	    (unsigned long long)entry->closed.v[0].number);
	if (entry->closed.n > 1)
		buf_addf(buf, " and %zu more", entry->closed.n - 1);
}

static void add_summary(struct buf *buf, const struct entry *entry)
{
	const struct append *append = entry->append;

	if (entry->done.n > 0)
		add_updates_summary(buf, entry);
	else if (entry->closed.n > 0)
		add_closed_summary(buf, entry);
	else
		buf_addf(buf, "kept: %zu tip%s let go", entry->expired.n,
		    entry->expired.n == 1 ? "" : "s");
	if (strcmp(append->pusher, "-") != 0)
		buf_addf(
		    buf, " by %s", text_clean_s(entry->arena, append->pusher));
	if (append->policy_digest)
		buf_addf(buf, " (%s %s)",
		    text_clean_s(entry->arena, append->flow),
		    text_clean_s(entry->arena, append->version));
	buf_adds(buf, "\n\n");
}

/* ---- trailers -------------------------------------------------------- */

static void add_update(
    struct buf *buf, struct arena *arena, const struct append_update *update)
{
	const struct plan_ref *ref = update->ref;

	buf_addf(
	    buf, "Update: %s %s ", oid_hex(&ref->old).s, oid_hex(&ref->new).s);
	/* Raw bytes: it holds neither blanks nor control characters. */
	buf_adds(buf, ref->ref);
	buf_addc(buf, ' ');
	add_word(buf, arena, ref->stage);
	buf_addf(buf, " %s %s\n", transition_text(ref->kind),
	    passage_state_text(update->state));
}

static void add_evidence(
    struct buf *buf, struct arena *arena, const struct plan_ref *ref)
{
	buf_addf(buf, "Evidence: %s ", ref->digest);
	add_word(buf, arena, ref->gate);
	buf_addf(buf, " %s ", oid_hex(&ref->subject).s);
	add_word(buf, arena, ref->person);
	buf_addf(buf, " %s\n", evidence_result_text(ref->result));
}

static void add_policy(struct buf *buf, const struct entry *entry)
{
	const struct append *append = entry->append;

	if (!append->policy_digest)
		return;
	buf_addf(buf, "Policy: %.*s %s ", DIGEST_DIGITS, append->policy_digest,
	    text_clean_s(entry->arena, append->flow));
	add_word(buf, entry->arena, append->version);
	buf_addc(buf, '\n');
	for (size_t i = 0; i < append->nincludes; i++) {
		buf_addf(buf, "%s: %.*s ",
		    append->includes[i].is_base ? "Extends" : "Include",
		    DIGEST_DIGITS, append->includes[i].digest);
		add_word(buf, entry->arena, append->includes[i].name);
		buf_addc(buf, '\n');
	}
}

static void add_incident(
    struct buf *buf, const struct log_incident *incident, const char *word)
{
	buf_addf(buf, "Incident: %llu %s %s\n",
	    (unsigned long long)incident->number, word, incident->ref);
}

static void add_incidents(struct buf *buf, const struct entry *entry)
{
	for (size_t i = 0; i < entry->opened.n; i++) {
		const struct log_incident *incident = &entry->opened.v[i];

		add_incident(buf, incident, LOG_OPENED);
		if (incident->closed)
			add_incident(buf, incident, LOG_CLOSED);
	}
	for (size_t i = 0; i < entry->closed.n; i++)
		add_incident(buf, &entry->closed.v[i], LOG_CLOSED);
	for (size_t i = 0; i < entry->expired.n; i++)
		buf_addf(buf, "Expired: %s %s\n",
		    oid_hex(&entry->expired.v[i].oid).s,
		    entry->expired.v[i].ref);
}

int entry_message(const struct entry *entry, const char **ret, struct err *err)
{
	struct arena *arena = entry->arena;
	struct buf buf;

	buf_init(&buf, arena, MESSAGE_MAX);
	add_summary(&buf, entry);
	buf_addf(
	    &buf, "Pusher: %s\n", text_clean_s(arena, entry->append->pusher));
	if (entry->certificate)
		buf_addf(&buf, "Certificate: %s\n", entry->certificate);
	for (size_t i = 0; i < entry->done.n; i++) {
		const struct append_update *update = entry->done.v[i];

		if (update->ref->is_evidence)
			continue;
		if (!ref_name_fits(update->ref->ref))
			return err_set(err, ERR_FORMAT,
			    "the name of ref '%s' can't be recorded",
			    text_clean_s(arena, update->ref->ref));
		add_update(&buf, arena, update);
	}
	for (size_t i = 0; i < entry->done.n; i++)
		if (entry->done.v[i]->ref->is_evidence)
			add_evidence(&buf, arena, entry->done.v[i]->ref);
	add_policy(&buf, entry);
	add_incidents(&buf, entry);
	buf_addf(&buf, "Push: %s\n", entry->append->push);
	if (buf.overflow)
		return err_set(err, ERR_LIMIT,
		    "a record has more than %zu bytes", MESSAGE_MAX);
	*ret = buf.p;
	return 0;
}
