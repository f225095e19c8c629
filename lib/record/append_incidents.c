#include "record/appendwork.h"

#include <string.h>

#include "git/treestore.h"
#include "record/incident.h"
#include "record/words.h"

/* The incidents that an entry opens and closes: their files, the lists of the
 * refs that they lock, and the lists in the notes of their subjects. */

/* ---- the list of a ref ----------------------------------------------- */

/* As the ledger has it when it is first asked for; NULL with err. */
static struct entry_lock *lock_of(
    struct entry *entry, const char *ref, struct err *err)
{
	struct entry_lock *lock;

	for (size_t i = 0; i < entry->locks.n; i++)
		if (strcmp(entry->locks.v[i]->ref, ref) == 0)
			return entry->locks.v[i];
	lock = ARENA_NEW(entry->arena, struct entry_lock);
	lock->ref = ref;
	if (ledger_open_numbers(
		entry->ledger, entry->arena, ref, &lock->open, err))
		return NULL;
	ARRAY_PUSH(entry->arena, &entry->locks, lock);
	return lock;
}

static bool take_out(struct numbers *list, uint64_t number)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->v[i] != number)
			continue;
		list->n--;
		memmove(&list->v[i], &list->v[i + 1],
		    (list->n - i) * sizeof(*list->v));
		return true;
	}
	return false;
}

static int put_lock(
    struct entry *entry, const struct entry_lock *lock, struct err *err)
{
	const char *bytes = NULL;
	size_t len = 0;

	if (lock->open.n > 0 &&
	    lock_format(
		entry->arena, lock->ref, &lock->open, &bytes, &len, err))
		return -1;
	entry_put(entry, ledger_lock_path(entry->arena, lock->ref), bytes, len);
	return 0;
}

/* ---- opening --------------------------------------------------------- */

const char *opening_complaint(const struct append_update *update)
{
	const struct plan_ref *ref = update->ref;
	const struct incident_opening *opening = ref->opening;
	bool rollback = opening->kind == INCIDENT_ROLLBACK;

	if (!update_enters(update))
		return "enters no stage";
	if (rollback != (ref->kind == TRANSITION_ROLLBACK))
		return rollback ? "is no rollback" : "is a rollback";
	if (oid_is_zero(&ref->new) || (rollback && oid_is_zero(&ref->old)))
		return "is about no commit";
	return NULL;
}

/* One higher than any before. */
static int next_number(struct entry *entry, uint64_t *ret, struct err *err)
{
	struct numbers numbers;

	if (ledger_incidents(entry->ledger, entry->arena, &numbers, err))
		return -1;
	*ret = numbers.n ? numbers.v[numbers.n - 1] + 1 : 1;
	return 0;
}

struct earlier {
	struct entry *entry;
	struct view_incident *incident;
	struct oidmap known; /* two people may hand in the very same bytes */
};

static int add_earlier(struct earlier *earlier, const char *gate,
    const char *digest, struct err *err)
{
	struct oid key;

	if (!strings_have(&earlier->incident->then, gate))
		return 0;
	if (strlen(digest) != OID_HEX || !oid_parse(digest, &key))
		return err_set(err, ERR_FORMAT,
		    "the ledger's note of %s names a statement by '%s'",
		    oid_hex8(&earlier->incident->subject).s, digest);
	if (oidmap_put(&earlier->known, &key, earlier))
		ARRAY_PUSH(
		    earlier->entry->arena, &earlier->incident->earlier, digest);
	return 0;
}

/* Statements that do not count: those that are in the ledger, and those that
 * come with this entry, which are not later than it. */
static int find_earlier(
    struct entry *entry, struct view_incident *incident, struct err *err)
{
	struct earlier earlier = { .entry = entry, .incident = incident };
	struct note note;

	oidmap_init(&earlier.known, entry->arena);
	if (ledger_note(
		entry->ledger, entry->arena, &incident->subject, &note, err))
		return -1;
	for (size_t i = 0; i < note.nevidence; i++)
		if (add_earlier(&earlier, note.evidence[i].gate,
			note.evidence[i].digest, err))
			return -1;
	for (size_t i = 0; i < entry->done.n; i++) {
		const struct plan_ref *ref = entry->done.v[i]->ref;

		if (ref->is_evidence &&
		    oid_eq(&ref->subject, &incident->subject) &&
		    add_earlier(&earlier, ref->gate, ref->digest, err))
			return -1;
	}
	return 0;
}

static int make_incident(struct entry *entry,
    const struct append_update *update, uint64_t number,
    struct view_incident *ret, struct err *err)
{
	const struct plan_ref *ref = update->ref;
	const struct incident_opening *opening = ref->opening;

	*ret = (struct view_incident){ .number = number,
		.kind = opening->kind,
		.rewind = opening->rewind,
		.ref = ref->ref,
		.stage = ref->stage,
		.by = entry->append->pusher,
		.reason = opening->reason,
		.timeline = opening->timeline,
		.commit = ref->new,
		.subject = ref->new,
		.opened = entry->at,
		.then = opening->then,
		.overridden = opening->overridden,
		.clients = opening->clients,
		.closed = opening->then.n == 0,
		.closed_at = entry->at };
	if (opening->kind == INCIDENT_ROLLBACK) {
		ret->subject = ref->old;
		/* As in the ref's record. */
		ret->restored = oid_is_zero(&ref->candidate) ? ref->new
							     : ref->candidate;
	}
	return find_earlier(entry, ret, err);
}

static int open_incident(struct entry *entry,
    const struct append_update *update, uint64_t number, struct err *err)
{
	const char *ref = update->ref->ref, *bytes;
	struct view_incident incident;
	struct entry_lock *lock;
	struct note_text *note;
	size_t len;

	if (make_incident(entry, update, number, &incident, err) ||
	    incident_format(entry->arena, &incident, &bytes, &len, err))
		return -1;
	entry_put(
	    entry, ledger_incident_path(entry->arena, number), bytes, len);
	note = entry_note(entry, &incident.subject, err);
	if (!note)
		return -1;
	note_add_incident(note, number);
	ARRAY_PUSH(entry->arena, &entry->opened,
	    (struct log_incident){ number, incident.closed, ref });
	if (incident.closed)
		return 0;
	lock = lock_of(entry, ref, err);
	if (!lock)
		return -1;
	ARRAY_PUSH(entry->arena, &lock->open, number);
	return 0;
}

/* ---- closing --------------------------------------------------------- */

static bool is_closed(const struct entry *entry, uint64_t number)
{
	for (size_t i = 0; i < entry->closed.n; i++)
		if (entry->closed.v[i].number == number)
			return true;
	return false;
}

static int unlock(
    struct entry *entry, const struct view_incident *incident, struct err *err)
{
	struct entry_lock *lock = lock_of(entry, incident->ref, err);

	if (!lock)
		return -1;
	if (!take_out(&lock->open, incident->number))
		return err_set(err, ERR_FORMAT,
		    "the ledger's '%s' lacks incident %llu",
		    ledger_lock_path(entry->arena, incident->ref),
		    (unsigned long long)incident->number);
	return 0;
}

int entry_close(struct entry *entry, uint64_t number, struct err *err)
{
	const char *path = ledger_incident_path(entry->arena, number);
	const char *bytes, *closed;
	struct view_incident *incident;
	size_t len, closed_len;

	if (ledger_incident(
		entry->ledger, entry->arena, number, &incident, err))
		return -1;
	if (!incident || incident->closed || is_closed(entry, number))
		return 0;
	if (unlock(entry, incident, err) ||
	    treestore_read(ledger_tree(entry->ledger), entry->arena, path,
		&bytes, &len, NULL, err) ||
	    incident_close(
		entry->arena, bytes, len, entry->at, &closed, &closed_len, err))
		return -1;
	entry_put(entry, path, closed, closed_len);
	ARRAY_PUSH(entry->arena, &entry->closed,
	    (struct log_incident){ number, true, incident->ref });
	return 0;
}

/* ---- all of them ----------------------------------------------------- */

int entry_incidents(struct entry *entry, struct err *err)
{
	uint64_t number = 0;

	for (size_t i = 0; i < entry->done.n; i++) {
		const struct append_update *update = entry->done.v[i];

		if (!update->ref->opening)
			continue;
		if (number == 0 && next_number(entry, &number, err))
			return -1;
		if (number > INCIDENT_NUMBER_MAX)
			return err_set(err, ERR_LIMIT,
			    "the ledger has more than %llu incidents",
			    (unsigned long long)INCIDENT_NUMBER_MAX);
		if (open_incident(entry, update, number++, err))
			return -1;
	}
	for (size_t i = 0; i < entry->locks.n; i++)
		if (put_lock(entry, entry->locks.v[i], err))
			return -1;
	return 0;
}
