#include <string.h>

#include "policy/loader.h"
#include "policy/names.h"

/* From where each stage may be entered, and where it leads. */
static void read_from(struct loader *ld, struct stage_keys *keys)
{
	const struct node *list = node_get(keys->node, "from");
	struct stage *stage = &keys->stage;

	if (!list) {
		if (stage->index > 0)
			ARRAY_PUSH(ld->arena, &stage->from, stage->index - 1);
		return;
	}
	for (size_t i = 0; i < keys->from.n; i++) {
		const struct node *node = field_item(list, i);
		const struct stage *from;
		bool twice = false;

		if (!check_stage(ld->policy, ld->arena, node, ld->diags))
			continue;
		from = policy_stage(ld->policy, node->text);
		for (size_t j = 0; j < stage->from.n; j++)
			if (stage->from.v[j] == from->index)
				twice = true;
		if (twice)
			diag_error(ld->diags, node->mark,
			    "stage '%s' is listed twice", node->text);
		else
			ARRAY_PUSH(ld->arena, &stage->from, from->index);
	}
}

/* A walk back over `from`: where each stage was met from. */
struct walk {
	size_t next[STAGES_MAX]; /* INDEX_NONE: not met */
	size_t queue[STAGES_MAX];
	size_t n;
};

/* Each circle is met from all of its stages: it is told by the first one. */
static void report_circle(
    struct loader *ld, const struct walk *walk, size_t start, size_t last)
{
	const struct stage *stages = ld->policy->stages;
	const struct stage_keys *keys = &ld->stage_keys[start];
	const char *way = stages[start].name;

	for (size_t i = last; i != start; i = walk->next[i]) {
		if (i < start)
			return;
		way = arena_printf(ld->arena, "%s, %s", stages[i].name, way);
	}
	diag_error(ld->diags, field_mark(keys->node, "from"),
	    "a circle in 'from': stage '%s' comes from %s", stages[start].name,
	    way);
}

/* Everything that leads to a stage gets it as a later one. */
static void trace_back(struct loader *ld, struct walk *walk, size_t start)
{
	struct stage *stages = ld->policy->stages;

	for (size_t i = 0; i < ld->policy->nstages; i++)
		walk->next[i] = INDEX_NONE;
	walk->next[start] = start;
	walk->queue[0] = start;
	walk->n = 1;
	for (size_t q = 0; q < walk->n; q++) {
		const struct stage *at = &stages[walk->queue[q]];

		for (size_t i = 0; i < at->from.n; i++) {
			size_t from = at->from.v[i];

			if (from == start)
				report_circle(ld, walk, start, at->index);
			if (walk->next[from] != INDEX_NONE)
				continue;
			walk->next[from] = at->index;
			walk->queue[walk->n++] = from;
			ARRAY_PUSH(ld->arena, &stages[from].later, start);
		}
	}
}

void read_order(struct loader *ld)
{
	struct policy *policy = ld->policy;
	struct walk *walk = ARENA_NEW(ld->arena, struct walk);

	for (size_t i = 0; i < policy->nstages; i++) {
		if (!ld->stage_keys[i].node)
			continue;
		read_from(ld, &ld->stage_keys[i]);
		policy->stages[i].from = ld->stage_keys[i].stage.from;
	}
	for (size_t i = 0; i < policy->nstages; i++)
		trace_back(ld, walk, i);
}
