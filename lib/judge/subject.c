#include "judge/evidence.h"
#include "judge/stagerefs.h"

/* Refs that are asked whether they contain a commit; statements are nearly
 * always about recorded tips, which are found without asking any. */
#define SUBJECT_REFS_MAX 10000

struct search {
	struct arena *arena;
	const struct view *view;
	const struct oid *commit;
	size_t asked;
	bool known, in_flight;
};

/* Recorded as a tip that somebody judged: warned ones are in the flow too. */
static bool is_accepted(const struct view_entry_records *entries)
{
	return entries->n > 0 && !oid_is_zero(&entries->v[0].tip) &&
	    entries->v[0].state != PASSAGE_UNOBSERVED;
}

static int ask_ref(
    struct search *s, const char *name, const struct oid *tip, struct err *err)
{
	const struct view *view = s->view;
	struct view_entry_records entries = { 0 };
	bool contains, in_flight;

	if (s->asked++ >= SUBJECT_REFS_MAX)
		return 0;
	if (view->entries(view->ledger, s->arena, name, 1, &entries, err) < 0)
		return -1;
	if (is_accepted(&entries)) {
		if (view->is_ancestor(view->git, s->commit, &entries.v[0].tip,
			&s->known, err) < 0)
			return -1;
		if (s->known || oid_eq(&entries.v[0].tip, tip))
			return 0;
	}
	if (view->in_flight(view->ledger, name, tip, &in_flight, err) < 0)
		return -1;
	if (!in_flight)
		return 0;
	if (view->is_ancestor(view->git, s->commit, tip, &contains, err) < 0)
		return -1;
	if (contains)
		s->in_flight = true;
	return 0;
}

static int ask_stages(
    struct search *s, const struct policy *policy, struct err *err)
{
	for (size_t i = 0; i < policy->nstages; i++) {
		struct view_refs refs;

		if (stage_refs(
			s->view, s->arena, &policy->stages[i], &refs, err) < 0)
			return -1;
		for (size_t r = 0; r < refs.n && !s->known; r++)
			if (ask_ref(s, refs.v[r].name, &refs.v[r].oid, err) < 0)
				return -1;
	}
	return 0;
}

int subject_known(const struct judging *j, const struct oid *commit,
    bool *ret_known, bool *ret_in_flight, struct err *err)
{
	const struct view *view = j->view;
	struct search s = { .arena = j->arena, .view = view, .commit = commit };
	struct view_passages passages = { 0 };
	enum object_kind kind;
	uint64_t size;

	*ret_known = *ret_in_flight = false;
	if (view->kind(view->git, commit, &kind, &size, err) < 0)
		return -1;
	if (kind != OBJECT_COMMIT)
		return 0;
	if (view->passages(view->ledger, j->arena, commit, &passages, err) < 0)
		return -1;
	if (passages.n > 0) {
		*ret_known = true;
		return 0;
	}
	if (ask_stages(&s, j->policy, err) < 0)
		return -1;
	*ret_known = s.known;
	*ret_in_flight = !s.known && s.in_flight;
	return 0;
}
