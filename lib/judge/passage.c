#include "judge/passage.h"

#include <string.h>

bool passage_state_counts(enum passage_state state)
{
	switch (state) {
	case PASSAGE_ACCEPTED:
	case PASSAGE_RECOVERED:
	case PASSAGE_ADOPTED:
		return true;
	case PASSAGE_WARNED:
	case PASSAGE_UNOBSERVED:
		return false;
	}
	return false;
}

bool passage_counts(const struct view_passage *passage)
{
	return passage_state_counts(passage->state) && !passage->withdrawn;
}

bool stage_comes_from(const struct stage *stage, const struct stage *other)
{
	for (size_t i = 0; i < stage->from.n; i++)
		if (stage->from.v[i] == other->index)
			return true;
	return false;
}

static void passed_add(const struct policy *policy, const struct stage *stage,
    const struct view_passage *passage, struct passed *ret)
{
	/* A stage that the policy no longer knows is no stage to come from. */
	const struct stage *at = policy_stage(policy, passage->stage);

	if (!at || !passage_counts(passage))
		return;
	if (stage_comes_from(stage, at))
		ret->from = true;
	else if (at == stage)
		ret->here = true;
	else if (stage_is_later(at, stage))
		ret->later = true;
	else
		return;
	if (!ret->last || passage->at >= ret->last_at) {
		ret->last = at;
		ret->last_at = passage->at;
	}
}

/* NOLINTNEXTLINE(readability-function-size): as passage.h has it */
int passed_find(const struct view *view, struct arena *arena,
    const struct policy *policy, const struct stage *stage, const char *ref,
    const struct oid *commit, struct passed *ret, struct err *err)
{
	struct view_passages passages = { NULL, 0, 0 };
	struct passed found = { .from = false };
	bool back = false, again = false;

	if (view->passages(view->ledger, arena, commit, &passages, err) < 0)
		return -1;
	for (size_t i = 0; i < passages.n; i++) {
		const struct view_passage *passage = &passages.v[i];

		passed_add(policy, stage, passage, &found);
		if (strcmp(passage->ref, ref) != 0)
			continue;
		if (passage->withdrawn)
			back = true;
		else if (passage_counts(passage))
			again = true;
	}
	found.withdrawn_here = back && !again;
	*ret = found;
	return 0;
}

/*
 * "withdrawn there until entered again, and that only from a `from` stage,
 * never as a merge back from a later stage that still has it"
 */
bool passed_may_enter(const struct passed *passed)
{
	if (passed->withdrawn_here)
		return passed->from;
	return passed->from || passed->here || passed->later;
}
