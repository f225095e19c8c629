#include "record/log.h"

#include <string.h>

#include "base/buf.h"
#include "git/objects.h"
#include "git/treestore.h"
#include "record/incident.h"
#include "record/words.h"

#define WORDS_MAX 6         /* of a trailer */
#define WORD_BYTES_MAX 4096 /* a person's name, an included file's */

int log_commit(struct arena *arena, struct repo *repo, const struct oid *oid,
    struct commit *ret, struct err *err)
{
	const char *bytes, *complaint;
	size_t len;

	if (object_read(repo, arena, oid, OBJECT_COMMIT, COMMIT_BYTES_MAX,
		&bytes, &len, err) < 0)
		return -1;
	complaint = commit_parse(arena, bytes, len, ret);
	if (complaint)
		return err_set(err, ERR_FORMAT, "ledger commit %s: %s",
		    oid_hex8(oid).s, complaint);
	ret->id = *oid;
	return 0;
}

/* Splits at single blanks; the number of words, 0 when they are more than
 * there may be. */
static size_t split(
    struct arena *arena, const char *text, const char *words[WORDS_MAX])
{
	size_t n = 0;

	for (;;) {
		size_t len = strcspn(text, " ");

		if (n == WORDS_MAX)
			return 0;
		words[n++] = arena_strndup(arena, text, len);
		if (!text[len])
			return n;
		text += len + 1;
	}
}

const char *log_word(struct arena *arena, const char *word)
{
	struct buf buf;

	buf_init(&buf, arena, WORD_BYTES_MAX);
	while (*word) {
		if (strncmp(word, "\\x20", 4) == 0) {
			buf_addc(&buf, ' ');
			word += 4;
		} else {
			buf_addc(&buf, *word++);
		}
	}
	return buf.p;
}

static bool parse_oid(const char *word, struct oid *ret)
{
	return strlen(word) == OID_HEX && oid_parse(word, ret);
}

static bool add_update(
    struct arena *arena, const char *value, struct log_record *record)
{
	const char *w[WORDS_MAX];
	struct log_update update;

	if (split(arena, value, w) != 6 || !parse_oid(w[0], &update.old) ||
	    !parse_oid(w[1], &update.new))
		return false;
	update.ref = w[2];
	update.stage = w[3];
	update.kind = w[4];
	update.state = w[5];
	ARRAY_PUSH(arena, &record->updates, update);
	return true;
}

static bool add_evidence(
    struct arena *arena, const char *value, struct log_record *record)
{
	const char *w[WORDS_MAX];
	struct log_evidence evidence;

	if (split(arena, value, w) != 5 || !parse_oid(w[2], &evidence.commit))
		return false;
	evidence.digest = w[0];
	evidence.gate = w[1];
	evidence.person = w[3];
	evidence.result = w[4];
	ARRAY_PUSH(arena, &record->evidence, evidence);
	return true;
}

/* `DIGEST FLOW VERSION`, where the flow may be of several words. */
static bool set_policy(
    struct arena *arena, const char *value, struct log_record *record)
{
	const char *first = strchr(value, ' ');
	const char *last = strrchr(value, ' ');

	if (!first || first == last)
		return false;
	record->policy_digest = arena_strndup(
	    arena, value, (size_t)(first - value));
	record->flow = arena_strndup(
	    arena, first + 1, (size_t)(last - first - 1));
	record->version = last + 1;
	return true;
}

static bool add_include(struct arena *arena, const char *value, bool is_base,
    struct log_record *record)
{
	const char *w[WORDS_MAX];
	struct log_include include = { .is_base = is_base };

	if (split(arena, value, w) != 2)
		return false;
	include.digest = w[0];
	include.name = w[1];
	ARRAY_PUSH(arena, &record->includes, include);
	return true;
}

static bool add_incident(
    struct arena *arena, const char *value, struct log_record *record)
{
	const char *w[WORDS_MAX];
	struct log_incident incident;

	if (split(arena, value, w) != 3 ||
	    !incident_number_parse(w[0], &incident.number) ||
	    !ref_name_fits(w[2]))
		return false;
	incident.closed = strcmp(w[1], LOG_CLOSED) == 0;
	if (!incident.closed && strcmp(w[1], LOG_OPENED) != 0)
		return false;
	incident.ref = w[2];
	ARRAY_PUSH(arena, &record->incidents, incident);
	return true;
}

static bool add_expired(
    struct arena *arena, const char *value, struct log_record *record)
{
	const char *w[WORDS_MAX];
	struct log_expired expired;

	if (split(arena, value, w) != 2 || !parse_oid(w[0], &expired.oid) ||
	    oid_is_zero(&expired.oid) || !ref_name_fits(w[1]))
		return false;
	expired.ref = w[1];
	ARRAY_PUSH(arena, &record->expired, expired);
	return true;
}

static bool add_trailer(struct arena *arena, const struct trailer *trailer,
    struct log_record *record)
{
	if (strcmp(trailer->key, "Pusher") == 0)
		record->pusher = trailer->value;
	else if (strcmp(trailer->key, "Certificate") == 0)
		record->certificate = trailer->value;
	else if (strcmp(trailer->key, "Push") == 0)
		record->push = trailer->value;
	else if (strcmp(trailer->key, "Update") == 0)
		return add_update(arena, trailer->value, record);
	else if (strcmp(trailer->key, "Evidence") == 0)
		return add_evidence(arena, trailer->value, record);
	else if (strcmp(trailer->key, "Policy") == 0)
		return set_policy(arena, trailer->value, record);
	else if (strcmp(trailer->key, "Include") == 0)
		return add_include(arena, trailer->value, false, record);
	else if (strcmp(trailer->key, "Extends") == 0)
		return add_include(arena, trailer->value, true, record);
	else if (strcmp(trailer->key, "Incident") == 0)
		return add_incident(arena, trailer->value, record);
	else if (strcmp(trailer->key, "Expired") == 0)
		return add_expired(arena, trailer->value, record);
	return true; /* a later version may know more */
}

int log_record_of(struct arena *arena, const struct commit *commit,
    struct log_record *ret, struct err *err)
{
	struct log_record record = { .id = commit->id,
		.at = commit->committer.time,
		.pusher = "-",
		.push = "-" };
	struct trailers trailers = { NULL, 0, 0 };

	commit_trailers(arena, commit, &trailers);
	for (size_t i = 0; i < trailers.n; i++)
		if (!add_trailer(arena, &trailers.v[i], &record))
			return err_set(err, ERR_FORMAT,
			    "ledger commit %s: cannot read its trailer '%s'",
			    oid_hex8(&commit->id).s, trailers.v[i].key);
	*ret = record;
	return 0;
}

int log_read(struct arena *arena, struct repo *repo, const struct oid *commit,
    struct log_record *ret, struct err *err)
{
	struct log_record record;
	struct commit parsed;

	if (log_commit(arena, repo, commit, &parsed, err) < 0)
		return -1;
	if (parsed.parents.n > 1)
		return err_set(err, ERR_FORMAT,
		    "ledger commit %s has %zu parents", oid_hex8(commit).s,
		    parsed.parents.n);
	if (log_record_of(arena, &parsed, &record, err) < 0)
		return -1;
	if (parsed.parents.n == 1)
		record.parent = parsed.parents.v[0];
	*ret = record;
	return 0;
}
