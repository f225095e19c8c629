#include <string.h>

#include "policy/loader.h"
#include "policy/signers.h"

/* Is there a stage among those it comes from that is no entry stage? */
static const struct stage *inner_from(
    const struct policy *policy, const struct stage *stage)
{
	for (size_t i = 0; i < stage->from.n; i++) {
		const struct stage *from = &policy->stages[stage->from.v[i]];

		if (!stage_is_entry(from))
			return from;
	}
	return NULL;
}

/* On an entry stage there is no candidate that these could be about. */
static void check_entry(struct loader *ld, const struct stage_keys *keys)
{
	static const char *const keys_of_candidates[] = { "accept", "soak",
		"quorum", "up_to_date" };

	for (size_t i = 0;
	     i < sizeof(keys_of_candidates) / sizeof(*keys_of_candidates);
	     i++) {
		const char *key = keys_of_candidates[i];

		if (node_get(keys->node, key))
			diag_warning(ld->diags, field_mark(keys->node, key),
			    "'%s' has no effect on stage '%s': it is an "
			    "entry stage",
			    key, keys->stage.name);
	}
}

/* A squash hides the commits behind it; only where those come straight from
 * branches of an entry stage can the ledger still tell what it stands for. */
static void check_squash(struct loader *ld, const struct stage *stage)
{
	const struct policy *policy = ld->policy;
	const struct stage *inner = inner_from(policy, stage);

	if (!(stage->accept & ACCEPT_SQUASH))
		return;
	if (inner) {
		diag_error(ld->diags, stage->accept_mark,
		    "stage '%s' cannot accept squash: '%s', which it comes "
		    "from, is not an entry stage",
		    stage->name, inner->name);
		return;
	}
	for (size_t i = 0; i < stage->later.n; i++) {
		const struct stage *later = &policy->stages[stage->later.v[i]];

		if (!later->up_to_date)
			continue;
		diag_warning(ld->diags, stage->accept_mark,
		    "stage '%s' accepts squash below '%s', which is "
		    "up_to_date: a merge back can pass as a merge only",
		    stage->name, later->name);
		return;
	}
}

static void check_up_to_date(struct loader *ld, const struct stage *stage)
{
	const struct stage *inner = inner_from(ld->policy, stage);

	if (inner && !stage->up_to_date)
		diag_warning(ld->diags, stage->up_to_date_mark,
		    "stage '%s' comes from '%s' without 'up_to_date': it may "
		    "hold trees that were never there",
		    stage->name, inner->name);
}

/* Can that many refs be there at all? */
static bool quorum_can_be(
    const struct policy *policy, const struct stage *stage)
{
	for (size_t i = 0; i < stage->from.n; i++) {
		const struct stage *from = &policy->stages[stage->from.v[i]];

		if (from->nrefs >= stage->quorum.count)
			return true;
		for (size_t j = 0; j < from->nrefs; j++)
			if (!from->refs[j].literal)
				return true;
	}
	return false;
}

static void check_quorum(struct loader *ld, const struct stage *stage)
{
	if (stage->quorum.kind == QUORUM_COUNT && stage->quorum.count > 1 &&
	    stage->from.n > 0 && !quorum_can_be(ld->policy, stage))
		diag_warning(ld->diags, stage->quorum_mark,
		    "stage '%s' can never be entered: what it comes from has "
		    "fewer than %s refs",
		    stage->name, stage->quorum.text);
}

static void check_tags(struct loader *ld, const struct stage_keys *keys)
{
	const struct signers_wanted wanted = { .mark = field_mark(keys->node,
						   "annotated_tags"),
		.what = arena_printf(ld->arena, "stage '%s'", keys->stage.name),
		.roles = &keys->stage.annotated_tags.roles,
		.count = 1 };

	if (keys->stage.annotated_tags.on && keys->stage.tags.n == 0)
		diag_warning(ld->diags,
		    field_mark(keys->node, "annotated_tags"),
		    "'annotated_tags' has no effect without 'tags'");
	check_signers(ld->policy, ld->arena, &wanted, ld->diags);
}

void check_stages(struct loader *ld)
{
	for (size_t i = 0; i < ld->policy->nstages; i++) {
		const struct stage *stage = &ld->policy->stages[i];
		const struct stage_keys *keys = &ld->stage_keys[i];

		if (!keys->node)
			continue;
		check_tags(ld, keys);
		if (stage_is_entry(stage)) {
			check_entry(ld, keys);
			continue;
		}
		check_squash(ld, stage);
		check_up_to_date(ld, stage);
		check_quorum(ld, stage);
	}
}
