#include "words.h"

const char *words_list(
    struct arena *arena, const struct strings *list, const char *last)
{
	const char *text = list->n ? list->v[0] : "";

	for (size_t i = 1; i < list->n; i++)
		text = i + 1 < list->n
		    ? arena_printf(arena, "%s, %s", text, list->v[i])
		    : arena_printf(arena, "%s %s %s", text, last, list->v[i]);
	return text;
}

const char *words_roles(struct arena *arena, const struct strings *roles)
{
	struct strings names = { NULL, 0, 0 };

	for (size_t i = 0; i < roles->n; i++)
		ARRAY_PUSH(
		    arena, &names, arena_printf(arena, "@%s", roles->v[i]));
	return names.n ? words_list(arena, &names, "or") : "nobody";
}

const char *words_accept(struct arena *arena, const struct stage *stage)
{
	struct strings ways = { NULL, 0, 0 };

	if (stage->accept & ACCEPT_FAST_FORWARD)
		ARRAY_PUSH(arena, &ways, "fast-forward");
	if (stage->accept & ACCEPT_MERGE)
		ARRAY_PUSH(arena, &ways, "merge");
	if (stage->accept & ACCEPT_SQUASH)
		ARRAY_PUSH(arena, &ways, "squash");
	return words_list(arena, &ways, "or");
}

const char *words_refs(struct arena *arena, const struct stage *stage)
{
	struct strings refs = { NULL, 0, 0 };

	for (size_t i = 0; i < stage->nrefs; i++)
		strings_add(arena, &refs, stage->refs[i].glob);
	return words_list(arena, &refs, "and");
}

void words_from(struct arena *arena, const struct policy *policy,
    const struct stage *stage, struct strings *ret)
{
	for (size_t i = 0; i < stage->from.n; i++)
		ARRAY_PUSH(arena, ret, policy->stages[stage->from.v[i]].name);
}

const char *words_freeze(struct arena *arena, const struct freeze *freeze)
{
	return arena_printf(
	    arena, "from %s to %s", freeze->from_text, freeze->to_text);
}

const char *status_word(enum policy_status status)
{
	switch (status) {
	case STATUS_DRAFT:
		return "draft";
	case STATUS_ACTIVE:
		return "active";
	case STATUS_LOCKED:
		break;
	}
	return "locked";
}
