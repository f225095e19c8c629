#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "git/treestore.h"
#include "record/incident.h"
#include "record/ledgerwork.h"

const char *ledger_incident_path(struct arena *arena, uint64_t number)
{
	return arena_printf(
	    arena, "incidents/%llu", (unsigned long long)number);
}

const char *ledger_lock_path(struct arena *arena, const char *ref)
{
	return ledger_path(
	    arena, "locks/", sha256_hex40(arena, ref, strlen(ref)));
}

int ledger_incident(struct ledger *ledger, struct arena *arena, uint64_t number,
    struct view_incident **ret, struct err *err)
{
	const char *path = ledger_incident_path(arena, number);
	struct view_incident *incident;
	const char *bytes, *what;
	size_t len;

	if (treestore_read(ledger->store, arena, path, &bytes, &len, NULL, err))
		return -1;
	*ret = NULL;
	if (!bytes)
		return 0;
	what = arena_printf(arena, "the ledger's '%s'", path);
	incident = ARENA_NEW(arena, struct view_incident);
	if (incident_parse(arena, what, bytes, len, incident, err))
		return -1;
	if (incident->number != number)
		return err_set(err, ERR_FORMAT, "%s is about incident %llu",
		    what, (unsigned long long)incident->number);
	*ret = incident;
	return 0;
}

/* ---- all of them ----------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

int ledger_incidents(struct ledger *ledger, struct arena *arena,
    struct numbers *ret, struct err *err)
{
	struct numbers numbers = { NULL, 0, 0 };
	struct strings names;

	if (treestore_list(ledger->store, arena, "incidents", &names, err))
		return -1;
	for (size_t i = 0; i < names.n; i++) {
		uint64_t number;

		if (!incident_number_parse(names.v[i], &number))
			return err_set(err, ERR_FORMAT,
			    "the ledger's 'incidents/%s' is named after no "
			    "incident",
			    names.v[i]);
		ARRAY_PUSH(arena, &numbers, number);
	}
	if (numbers.n > 1)
		qsort(numbers.v, numbers.n, sizeof(*numbers.v), by_number);
	*ret = numbers;
	return 0;
}

static int read_there(struct ledger *ledger, struct arena *arena,
    uint64_t number, struct view_incident **ret, struct err *err)
{
	if (ledger_incident(ledger, arena, number, ret, err))
		return -1;
	if (!*ret)
		return err_set(err, ERR_FORMAT,
		    "the ledger lacks incident %llu",
		    (unsigned long long)number);
	return 0;
}

static int read_reverts(struct ledger *ledger, struct arena *scratch,
    struct view_reverts *ret, struct err *err)
{
	struct arena *arena = ledger->arena;
	struct numbers numbers;

	if (ledger_incidents(ledger, scratch, &numbers, err))
		return -1;
	for (size_t i = 0; i < numbers.n; i++) {
		struct view_incident *incident;

		if (read_there(ledger, scratch, numbers.v[i], &incident, err))
			return -1;
		if (incident->kind == INCIDENT_ROLLBACK && !incident->rewind)
			ARRAY_PUSH(arena, ret,
			    (struct view_revert){ .commit = incident->commit,
				.from = incident->subject,
				.restored = incident->restored,
				.ref = arena_strdup(arena, incident->ref) });
	}
	return 0;
}

/* Asked for several times a push, and every incident is read: once. */
int ledger_reverts(
    struct ledger *ledger, struct view_reverts *ret, struct err *err)
{
	struct view_reverts reverts = { NULL, 0, 0 };
	struct arena scratch;
	int status = 0;

	if (!ledger->has_reverts) {
		arena_init(&scratch, ARENA_RUN_MAX);
		status = read_reverts(ledger, &scratch, &reverts, err);
		arena_release(&scratch);
		if (status)
			return -1;
		ledger->reverts = reverts;
		ledger->has_reverts = true;
	}
	*ret = ledger->reverts;
	return 0;
}

/* ---- those that are open --------------------------------------------- */

int ledger_open_numbers(struct ledger *ledger, struct arena *arena,
    const char *ref, struct numbers *ret, struct err *err)
{
	const char *path = ledger_lock_path(arena, ref);
	const char *bytes, *what, *of;
	struct numbers open = { NULL, 0, 0 };
	size_t len;

	if (treestore_read(ledger->store, arena, path, &bytes, &len, NULL, err))
		return -1;
	*ret = open;
	if (!bytes)
		return 0;
	what = arena_printf(arena, "the ledger's '%s'", path);
	if (lock_parse(arena, what, bytes, len, &of, &open, err))
		return -1;
	if (strcmp(of, ref) != 0)
		return err_set(
		    err, ERR_FORMAT, "%s is about another ref", what);
	*ret = open;
	return 0;
}

int ledger_open_incidents(struct ledger *ledger, struct arena *arena,
    const char *ref, struct view_incidents *ret, struct err *err)
{
	struct view_incidents incidents = { NULL, 0, 0 };
	struct numbers open;

	if (ledger_open_numbers(ledger, arena, ref, &open, err))
		return -1;
	for (size_t i = 0; i < open.n; i++) {
		struct view_incident *incident;

		if (read_there(ledger, arena, open.v[i], &incident, err))
			return -1;
		if (incident->closed || strcmp(incident->ref, ref) != 0)
			return err_set(err, ERR_FORMAT,
			    "the ledger's '%s' locks the ref by incident %llu, "
			    "which is %s",
			    ledger_lock_path(arena, ref),
			    (unsigned long long)incident->number,
			    incident->closed ? "closed" : "another's");
		ARRAY_PUSH(arena, &incidents, *incident);
	}
	*ret = incidents;
	return 0;
}
