#include "record/appendwork.h"

#include <string.h>

#include "base/digest.h"
#include "record/log.h"

static struct oid key_of(struct arena *arena, const char *ref)
{
	struct oid key = { { 0 } };

	(void)oid_parse(sha256_hex40(arena, ref, strlen(ref)), &key);
	return key;
}

/* Newest first, so that the oldest stays. */
static void take_beginnings(
    struct recorded *recorded, const struct log_record *record)
{
	struct arena *arena = recorded->began.arena;

	for (size_t i = record->updates.n; i-- > 0;) {
		const struct log_update *update = &record->updates.v[i];
		struct oid key = key_of(arena, update->ref);
		struct oid *began = oidmap_get(&recorded->began, &key);

		if (!began) {
			began = ARENA_NEW(arena, struct oid);
			oidmap_put(&recorded->began, &key, began);
		}
		*began = update->old;
	}
}

/* A crash between the append and the removal of the plan must not record the
 * push twice: its records, if any, lie between the tip and where the ledger
 * was when the plan was made, which is as long as the pushes in between. */
int recorded_find(struct arena *arena, struct repo *repo,
    const struct ledger *ledger, const struct append *append,
    struct recorded *ret, struct err *err)
{
	struct oid at = *ledger_tip(ledger);
	struct log_record record = { 0 };
	struct arena scratch;
	int status = 0;

	oidmap_init(&ret->refs, arena);
	oidmap_init(&ret->began, arena);
	if (strcmp(append->push, "-") == 0)
		return 0;
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	while (!oid_is_zero(&at) && !oid_eq(&at, &append->since)) {
		arena_reset(&scratch);
		status = log_read(&scratch, repo, &at, &record, err);
		if (status)
			break;
		at = record.parent;
		take_beginnings(ret, &record);
		if (strcmp(record.push, append->push) != 0)
			continue;
		for (size_t i = 0; i < record.updates.n; i++) {
			struct oid key = key_of(
			    &scratch, record.updates.v[i].ref);

			oidmap_put(&ret->refs, &key, ret);
		}
	}
	arena_release(&scratch);
	return status;
}

bool recorded_has(
    const struct recorded *recorded, const struct append_update *update)
{
	struct oid key;

	if (update->ref->is_evidence) /* its replay key tells */
		return false;
	key = key_of(recorded->refs.arena, update->ref->ref);
	return oidmap_has(&recorded->refs, &key);
}

const struct oid *recorded_began(
    const struct recorded *recorded, const char *ref)
{
	struct oid key = key_of(recorded->began.arena, ref);

	return oidmap_get(&recorded->began, &key);
}
