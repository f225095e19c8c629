#include "log_incidents.h"

#include <string.h>

#include "base/num.h"
#include "incidentlook.h"
#include "record/ledger.h"
#include "record/words.h"
#include "words.h"

static bool concerns(const char *ref, const char *wanted)
{
	return !wanted || strcmp(ref, wanted) == 0;
}

static int add_incident(struct admin *admin, struct arena *arena,
    const struct log_incident *entry, struct log_told *ret, struct err *err)
{
	struct view_incident *incident;

	if (ledger_incident(admin->session.ledger, arena, entry->number,
		&incident, err) < 0)
		return -1;
	if (!incident)
		return err_set(err, ERR_FORMAT,
		    "the ledger lacks incident %llu",
		    (unsigned long long)entry->number);
	ARRAY_PUSH(arena, &ret->incidents,
	    (struct log_told_incident){ entry, incident });
	return 0;
}

int log_told_find(struct admin *admin, struct arena *arena,
    const struct log_record *record, const char *ref, struct log_told *ret,
    struct err *err)
{
	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < record->incidents.n; i++)
		if (concerns(record->incidents.v[i].ref, ref) &&
		    add_incident(
			admin, arena, &record->incidents.v[i], ret, err) < 0)
			return -1;
	for (size_t i = 0; i < record->expired.n; i++)
		if (concerns(record->expired.v[i].ref, ref))
			ARRAY_PUSH(arena, &ret->expired, &record->expired.v[i]);
	return 0;
}

bool log_told_is_empty(const struct log_told *told)
{
	return told->incidents.n == 0 && told->expired.n == 0;
}

/* ---- in words --------------------------------------------------------- */

static void print_incident(struct admin *admin, struct arena *arena,
    const struct log_told_incident *told)
{
	const struct view_incident *incident = told->incident;
	bool closed = told->entry->closed;

	admin_wrap(admin, "  ",
	    arena_printf(arena, "incident %llu %s, %s: %s",
		(unsigned long long)incident->number,
		closed ? LOG_CLOSED : LOG_OPENED,
		incident_title(arena, incident), incident->reason),
	    4);
	if (closed)
		return;
	if (incident->timeline)
		admin_wrap(admin, "    timeline: ", incident->timeline, 6);
	if (incident->overridden.n)
		admin_wrap(admin, "    gone around: ",
		    words_list(arena, &incident->overridden, "and"), 6);
}

void log_told_print(
    struct admin *admin, struct arena *arena, const struct log_told *told)
{
	for (size_t i = 0; i < told->incidents.n; i++)
		print_incident(admin, arena, &told->incidents.v[i]);
	for (size_t i = 0; i < told->expired.n; i++)
		admin_wrap(admin, "  ",
		    arena_printf(arena, "expired %s, kept for %s",
			oid_hex8(&told->expired.v[i]->oid).s,
			told->expired.v[i]->ref),
		    4);
}

/* ---- JSON ------------------------------------------------------------- */

json_t *log_incidents_json(struct arena *arena, const struct log_told *told)
{
	json_t *array = json_array();

	for (size_t i = 0; i < told->incidents.n; i++) {
		const struct log_incident *entry = told->incidents.v[i].entry;
		const struct view_incident *incident =
		    told->incidents.v[i].incident;
		json_t *object = json_object();

		json_object_set_new(
		    object, "number", json_integer((json_int_t)entry->number));
		json_object_set_new(object, "state",
		    json_string(entry->closed ? LOG_CLOSED : LOG_OPENED));
		json_object_set_new(
		    object, "ref", json_text(arena, entry->ref));
		json_object_set_new(object, "kind",
		    json_string(incident_kind_text(incident->kind)));
		json_object_set_new(
		    object, "reason", json_text(arena, incident->reason));
		json_object_set_new(
		    object, "timeline", json_text(arena, incident->timeline));
		json_object_set_new(object, "overridden",
		    json_texts(arena, &incident->overridden));
		json_array_append_new(array, object);
	}
	return array;
}

json_t *log_expired_json(struct arena *arena, const struct log_told *told)
{
	json_t *array = json_array();

	for (size_t i = 0; i < told->expired.n; i++) {
		json_t *object = json_object();

		json_object_set_new(
		    object, "ref", json_text(arena, told->expired.v[i]->ref));
		json_object_set_new(
		    object, "oid", json_oid(&told->expired.v[i]->oid));
		json_array_append_new(array, object);
	}
	return array;
}
