#include "record/verifywork.h"

#include <string.h>

/*
 * Why a ref was rolled back, or a gate gone around, no trailer says: it is
 * taken from the file of the incident that the entry has opened.  Everything
 * else in that file is made anew.
 */

/* Number of the incident that an update has opened; 0: none. */
static uint64_t opened_by(
    const struct verify_entry *entry, const struct plan_ref *ref)
{
	const struct log_record *record = &entry->record;

	for (size_t i = 0; i < record->incidents.n; i++)
		if (!record->incidents.v[i].closed &&
		    strcmp(record->incidents.v[i].ref, ref->ref) == 0)
			return record->incidents.v[i].number;
	return 0;
}

static struct incident_opening *opening_of(
    struct arena *arena, const struct view_incident *incident)
{
	struct incident_opening *opening = ARENA_NEW(
	    arena, struct incident_opening);

	*opening = (struct incident_opening){ .kind = incident->kind,
		.rewind = incident->rewind,
		.reason = incident->reason,
		.timeline = incident->timeline,
		.then = incident->then,
		.overridden = incident->overridden,
		.clients = incident->clients };
	return opening;
}

int verify_opening(
    const struct verify_entry *entry, struct plan_ref *ref, struct err *err)
{
	const uint64_t number = opened_by(entry, ref);
	struct view_incident *incident;
	const char *complaint;

	if (number == 0)
		return 0;
	if (ledger_incident(entry->after, entry->arena, number, &incident, err))
		return -1;
	if (!incident) {
		verify_find(entry,
		    "incident %llu of %s, which it opened, is "
		    "missing",
		    (unsigned long long)number, ref->ref);
		return 0;
	}
	ref->opening = opening_of(entry->arena, incident);
	complaint = opening_complaint(
	    &(struct append_update){ ref, PASSAGE_ACCEPTED });
	if (complaint)
		return err_set(err, ERR_FORMAT,
		    "incident %llu can't have been opened by the update of %s, "
		    "which %s",
		    (unsigned long long)number, ref->ref, complaint);
	return 0;
}

void verify_closings(const struct verify_entry *entry, struct append *append)
{
	const struct log_record *record = &entry->record;

	/* One that was opened in this very entry is not there to be closed:
	 * it is passed over. */
	for (size_t i = 0; i < record->incidents.n; i++)
		if (record->incidents.v[i].closed)
			ARRAY_PUSH(entry->arena, &append->closes,
			    record->incidents.v[i].number);
	for (size_t i = 0; i < record->expired.n; i++)
		ARRAY_PUSH(entry->arena, &append->expired,
		    (struct expired_tip){
			record->expired.v[i].ref, record->expired.v[i].oid });
}
