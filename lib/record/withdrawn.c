#include "record/ledgerwork.h"

#include <string.h>

#include "judge/passage.h"
#include "record/words.h"

struct asking {
	struct ledger *ledger;
	struct arena *arena;
	const struct oid *commit;
};

/* Does what the ref was taken back to hold the commit?  A tip that is gone
 * (rewound itself, and collected since) can't speak for it. */
static int holds(const struct asking *a, const struct ref_record *back,
    bool *ret, struct err *err)
{
	const struct view *view = a->ledger->view;
	const struct oid *restored = oid_is_zero(&back->candidate)
	    ? &back->tip
	    : &back->candidate;
	enum object_kind kind;
	uint64_t size;

	if (oid_eq(a->commit, restored)) {
		*ret = true;
		return 0;
	}
	if (view->kind(view->git, restored, &kind, &size, err))
		return -1;
	*ret = false;
	if (kind != OBJECT_COMMIT)
		return 0;
	return view->is_ancestor(view->git, a->commit, restored, ret, err);
}

/* Is there a taking back later than entry `number` that went behind it? */
static int was_taken_back(const struct asking *a, struct ref_record *record,
    uint64_t number, bool *ret, struct err *err)
{
	bool held;

	*ret = false;
	while (record && record->number > number) {
		if (transition_takes_back(record->kind)) {
			if (holds(a, record, &held, err))
				return -1;
			if (!held) {
				*ret = true;
				return 0;
			}
		}
		if (oid_is_zero(&record->back))
			return 0;
		if (ledger_ref_blob(
			a->ledger, a->arena, &record->back, &record, err))
			return -1;
	}
	return 0;
}

static uint64_t newest_entry(const struct note *note, const char *ref)
{
	uint64_t newest = 0;

	for (size_t i = 0; i < note->npassages; i++) {
		const struct note_passage *passage = &note->passages[i];

		if (passage->number > newest &&
		    passage_state_counts(passage->state) &&
		    strcmp(passage->ref, ref) == 0)
			newest = passage->number;
	}
	return newest;
}

int withdrawn_find(struct ledger *ledger, struct arena *arena,
    const struct oid *commit, const struct note *note,
    struct view_passages *passages, struct err *err)
{
	struct asking a = {
		.ledger = ledger, .arena = arena, .commit = commit
	};

	for (size_t i = 0; i < note->npassages; i++) {
		const struct note_passage *passage = &note->passages[i];
		struct ref_record *record;
		uint64_t number;

		if (ledger_ref(ledger, arena, passage->ref, &record, err))
			return -1;
		/* Most refs never went back: no need to look at anything. */
		if (!record ||
		    (!transition_takes_back(record->kind) &&
			oid_is_zero(&record->back)))
			continue;
		number = newest_entry(note, passage->ref);
		if (number < passage->number)
			number = passage->number;
		if (was_taken_back(
			&a, record, number, &passages->v[i].withdrawn, err))
			return -1;
	}
	return 0;
}
