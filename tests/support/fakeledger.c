#include "support/fakeview.h"

#include <string.h>

static bool goes_back(const struct fake_entry *entry)
{
	return entry->record.kind == TRANSITION_ROLLBACK ||
	    entry->record.kind == TRANSITION_REWIND;
}

/*
 * "a tip that a rollback or rewind of that ref went behind (withdrawn there
 * until entered again)": of the ref's entries after the i-th, the last that
 * speaks about its tip says.
 */
static bool is_withdrawn(const struct fakeview *fake, size_t i)
{
	const struct fake_entry *of = &fake->entries.v[i];
	bool withdrawn = false;

	for (size_t k = i + 1; k < fake->entries.n; k++) {
		const struct fake_entry *entry = &fake->entries.v[k];

		if (strcmp(entry->ref, of->ref) != 0)
			continue;
		if (goes_back(entry) &&
		    !fake_is_ancestor(fake, &of->record.tip, &entry->restored))
			withdrawn = true;
		if (oid_eq(&entry->record.tip, &of->record.tip))
			withdrawn = false;
	}
	return withdrawn;
}

static int view_passages(void *ledger, struct arena *arena,
    const struct oid *commit, struct view_passages *ret, struct err *err)
{
	const struct fakeview *fake = ledger;
	struct view_passages found = { NULL, 0, 0 };

	(void)err;
	for (size_t i = 0; i < fake->entries.n; i++) {
		const struct fake_entry *entry = &fake->entries.v[i];
		const struct view_entry_record *record = &entry->record;

		if (!oid_eq(&record->tip, commit) || oid_is_zero(commit))
			continue;
		ARRAY_PUSH(arena, &found,
		    (struct view_passage){ record->stage, entry->ref,
			record->at, record->by, record->state,
			is_withdrawn(fake, i) });
	}
	*ret = found;
	return 0;
}

static int view_entries(void *ledger, struct arena *arena, const char *ref,
    size_t max, struct view_entry_records *ret, struct err *err)
{
	const struct fakeview *fake = ledger;
	struct view_entry_records found = { NULL, 0, 0 };

	(void)err;
	for (size_t i = fake->entries.n; i > 0 && found.n < max; i--) {
		const struct fake_entry *entry = &fake->entries.v[i - 1];

		if (strcmp(entry->ref, ref) == 0)
			ARRAY_PUSH(arena, &found, entry->record);
	}
	*ret = found;
	return 0;
}

static int view_reverts(void *ledger, struct arena *arena,
    struct view_reverts *ret, struct err *err)
{
	const struct fakeview *fake = ledger;

	(void)arena;
	(void)err;
	*ret = fake->reverts;
	return 0;
}

static int view_squashes(void *ledger, struct arena *arena,
    const struct oid *candidate, struct oids *ret, struct err *err)
{
	const struct fakeview *fake = ledger;

	(void)err;
	for (size_t i = 0; i < fake->squashes.n; i++)
		if (oid_eq(&fake->squashes.v[i].candidate, candidate))
			ARRAY_PUSH(arena, ret, fake->squashes.v[i].commit);
	return 0;
}

/* By commit, or by tree or change of the commit that a statement is about. */
static int view_evidence(void *ledger, struct arena *arena,
    const struct oid *subject, const char *gate, struct view_evidences *ret,
    struct err *err)
{
	const struct fakeview *fake = ledger;

	(void)err;
	for (size_t i = 0; i < fake->statements.n; i++) {
		const struct fake_statement *statement = &fake->statements.v[i];
		const struct view_evidence *evidence = &statement->evidence;
		const struct fake_object *commit = fake_find(
		    fake, &evidence->commit);

		if (strcmp(evidence->gate, gate) != 0)
			continue;
		if (oid_eq(&evidence->commit, subject) ||
		    (commit && oid_eq(&commit->tree, subject)) ||
		    strings_have(&statement->patches, oid_hex(subject).s))
			ARRAY_PUSH(arena, ret, *evidence);
	}
	return 0;
}

static int view_seen(
    void *ledger, const char *replay_key, bool *ret, struct err *err)
{
	const struct fakeview *fake = ledger;

	(void)err;
	*ret = strings_have(&fake->seen, replay_key);
	return 0;
}

static int view_in_flight(void *ledger, const char *ref, const struct oid *tip,
    bool *ret, struct err *err)
{
	const struct fakeview *fake = ledger;

	(void)err;
	*ret = false;
	for (size_t i = 0; i < fake->flights.n; i++)
		if ((!ref || strcmp(fake->flights.v[i].ref, ref) == 0) &&
		    oid_eq(&fake->flights.v[i].commit, tip))
			*ret = true;
	return 0;
}

static int view_last_time(void *ledger, int64_t *ret, struct err *err)
{
	const struct fakeview *fake = ledger;

	(void)err;
	*ret = fake->last_time;
	for (size_t i = 0; i < fake->entries.n; i++)
		if (fake->entries.v[i].record.at > *ret)
			*ret = fake->entries.v[i].record.at;
	return 0;
}

static int view_open_incidents(void *ledger, struct arena *arena,
    const char *ref, struct view_incidents *ret, struct err *err)
{
	const struct fakeview *fake = ledger;

	(void)err;
	for (size_t i = 0; i < fake->incidents.n; i++)
		if (!fake->incidents.v[i].closed &&
		    strcmp(fake->incidents.v[i].ref, ref) == 0)
			ARRAY_PUSH(arena, ret, fake->incidents.v[i]);
	return 0;
}

/* The kind that nobody wrote down. */
static enum transition kind_of(const struct fakeview *fake,
    const struct fake_entry *entry, const struct oid *before)
{
	const struct oid *tip = &entry->record.tip;
	const struct fake_object *object = fake_find(fake, tip);

	if (oid_is_zero(tip))
		return TRANSITION_DELETE;
	if (oid_is_zero(before))
		return TRANSITION_CREATE;
	if (!fake_is_ancestor(fake, before, tip))
		return TRANSITION_REWIND;
	if (object && object->parents.n == 2 &&
	    oid_eq(&object->parents.v[0], before))
		return TRANSITION_MERGE;
	return TRANSITION_FAST_FORWARD;
}

void fake_enter(struct fakeview *fake, const struct fake_entry *given)
{
	struct fake_entry entry = *given;
	struct oid before = fake_ref_oid(fake, entry.ref);
	const struct fake_object *object = fake_find(fake, &entry.record.tip);

	if (entry.record.kind == TRANSITION_OTHER)
		entry.record.kind = kind_of(fake, &entry, &before);
	if (oid_is_zero(&entry.record.candidate) &&
	    entry.record.kind == TRANSITION_ROLLBACK)
		entry.record.candidate = entry.restored;
	if (oid_is_zero(&entry.record.candidate))
		entry.record.candidate = entry.record.kind ==
			    TRANSITION_MERGE &&
			object
		    ? object->parents.v[1]
		    : entry.record.tip;
	if (oid_is_zero(&entry.restored))
		entry.restored = entry.record.tip;
	if (entry.record.kind == TRANSITION_ROLLBACK &&
	    !oid_eq(&entry.restored, &entry.record.tip))
		ARRAY_PUSH(fake->arena, &fake->reverts,
		    (struct view_revert){
			entry.record.tip, before, entry.restored, entry.ref });
	if (entry.record.kind == TRANSITION_SQUASH)
		ARRAY_PUSH(fake->arena, &fake->squashes,
		    (struct fake_pair){
			NULL, entry.record.tip, entry.record.candidate });
	ARRAY_PUSH(fake->arena, &fake->entries, entry);
	fake_ref(fake, entry.ref, &entry.record.tip, NULL);
}

void fakeledger_init(struct fakeview *fake, struct view *view)
{
	view->ledger = fake;
	view->passages = view_passages;
	view->entries = view_entries;
	view->reverts = view_reverts;
	view->open_incidents = view_open_incidents;
	view->squashes = view_squashes;
	view->evidence = view_evidence;
	view->seen = view_seen;
	view->in_flight = view_in_flight;
	view->last_time = view_last_time;
	view->repository_id = "0123456789abcdef0123456789abcdef";
}
