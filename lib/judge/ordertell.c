#include <stdarg.h>
#include <string.h>

#include "base/shellword.h"
#include "base/text.h"
#include "judge/orderwork.h"
#include "judge/stagerefs.h"

#define SUBJECT_SHOWN 48 /* characters of a subject */

void order_hint(
    struct order *order, struct finding *finding, const char *fmt, ...)
{
	va_list ap;
	const char *text;

	va_start(ap, fmt);
	text = arena_vprintf(order->arena, fmt, ap);
	va_end(ap);
	ARRAY_PUSH(order->arena, &finding->hints, text);
}

void order_merge_command(struct order *order, struct finding *finding,
    const struct made *made, bool contains)
{
	struct arena *arena = order->arena;
	const char *tree = contains
	    ? arena_printf(arena, "'%s^{tree}'", oid_hex8(&made->candidate).s)
	    : arena_printf(arena, "\"$(git merge-tree --write-tree %s %s)\"",
		  oid_hex8(&made->stands_in).s, oid_hex8(&made->candidate).s);
	const char *commit = made->kind == TRANSITION_SQUASH
	    ? arena_printf(arena,
		  "git commit-tree -p %s -m 'Squash %s' -m 'Promotes: %s' %s",
		  oid_hex8(&made->before).s, oid_hex8(&made->candidate).s,
		  oid_hex(&made->candidate).s, tree)
	    : arena_printf(arena,
		  "git commit-tree -p %s -p %s -m 'Merge %s' %s",
		  oid_hex8(&made->before).s, oid_hex8(&made->candidate).s,
		  oid_hex8(&made->candidate).s, tree);

	ARRAY_PUSH(arena, &finding->commands,
	    arena_printf(arena, "git push origin \"$(%s)\":%s", commit,
		shell_word(arena, order->ref->shown)));
}

const char *order_from_names(struct order *order, const struct stage *stage)
{
	const char *names = "";

	for (size_t i = 0; i < stage->from.n; i++)
		names = arena_printf(order->arena, "%s%s%s", names,
		    i == 0 ? "" : " or ",
		    order->policy->stages[stage->from.v[i]].name);
	return *names ? names : stage->name;
}

/* At most that many characters of neutralised text. */
static const char *cut(struct arena *arena, const char *s, size_t max)
{
	size_t at = 0, len = strlen(s);

	for (size_t n = 0; n < max && at < len; n++) {
		uint32_t c;
		size_t step = utf8_decode(s + at, len - at, &c);

		at += step ? step : 1;
	}
	if (at >= len)
		return s;
	return arena_printf(arena, "%.*s...", (int)at, s);
}

int order_named(struct order *order, const struct oid *commit, const char **ret,
    struct err *err)
{
	const struct view *view = order->view;
	const char *complaint = NULL;
	struct commit read;

	if (view->commit(
		view->git, order->arena, commit, &read, &complaint, err) < 0)
		return -1;
	*ret = complaint
	    ? arena_strdup(order->arena, oid_hex8(commit).s)
	    : arena_printf(order->arena, "%s %s", oid_hex8(commit).s,
		  cut(order->arena,
		      text_clean_s(
			  order->arena, commit_subject(order->arena, &read)),
		      SUBJECT_SHOWN));
	return 0;
}

/* ---- the stages before, nearest first ----------------------------------- */

struct before { /* stages that lead to one, breadth first, each once */
	size_t *v;
	size_t n, cap;
};

static void add_before(
    const struct order *order, struct before *list, const struct stage *stage)
{
	for (size_t i = 0; i < stage->from.n; i++) {
		bool known = false;

		for (size_t k = 0; k < list->n && !known; k++)
			known = list->v[k] == stage->from.v[i];
		if (!known)
			ARRAY_PUSH(order->arena, list, stage->from.v[i]);
	}
}

static void find_before(const struct order *order, struct before *ret)
{
	add_before(order, ret, order->stage);
	for (size_t i = 0; i < ret->n; i++)
		add_before(order, ret, &order->policy->stages[ret->v[i]]);
}

const char *order_first_stage(const struct order *order)
{
	struct before before = { NULL, 0, 0 };
	const struct stage *first = NULL;

	find_before(order, &before);
	for (size_t i = 0; i < before.n; i++) {
		const struct stage *stage = &order->policy->stages[before.v[i]];

		if (stage_is_entry(stage) &&
		    (!first || stage->index < first->index))
			first = stage;
	}
	return first ? first->name : order->stage->name;
}

/* The stage nearest to this one that the commit may enter now. */
int order_next_stage(const struct order *order, const struct oid *commit,
    const struct stage **ret, struct err *err)
{
	struct before before = { NULL, 0, 0 };

	*ret = NULL;
	find_before(order, &before);
	for (size_t i = 0; i < before.n; i++) {
		const struct stage *stage = &order->policy->stages[before.v[i]];
		struct passed passed;

		if (passed_find(order->view, order->arena, order->policy, stage,
			"", commit, &passed, err) < 0)
			return -1;
		if (!stage_is_entry(stage) && !passed_may_enter(&passed))
			continue;
		*ret = stage;
		return 0;
	}
	return 0;
}

/* ---- in flight ----------------------------------------------------------- */

static int stage_in_flight(const struct order *order, const struct stage *stage,
    const struct oid *commit, bool *ret, struct err *err)
{
	const struct view *view = order->view;
	struct view_refs refs;

	/* A ref with a fixed name may not have moved yet; of others, those
	 * that have are found by where they are. */
	for (size_t i = 0; i < stage->nrefs && !*ret; i++)
		if (stage->refs[i].literal &&
		    view->in_flight(view->ledger, stage->refs[i].prefix, commit,
			ret, err) < 0)
			return -1;
	if (*ret)
		return 0;
	if (stage_refs(view, order->arena, stage, &refs, err) < 0)
		return -1;
	for (size_t i = 0; i < refs.n && !*ret; i++)
		if (oid_eq(&refs.v[i].oid, commit) &&
		    view->in_flight(
			view->ledger, refs.v[i].name, commit, ret, err) < 0)
			return -1;
	return 0;
}

int order_in_flight(
    struct order *order, const struct oid *commit, bool *ret, struct err *err)
{
	const struct policy *policy = order->policy;
	const struct view *view = order->view;
	bool anywhere;

	/* Nearly always nobody is pushing it, and the stages may have hundreds
	 * of refs to be asked about. */
	*ret = false;
	if (view->in_flight(view->ledger, NULL, commit, &anywhere, err) < 0)
		return -1;
	for (size_t i = 0; anywhere && i < policy->nstages && !*ret; i++) {
		const struct stage *stage = &policy->stages[i];

		if (stage != order->stage &&
		    !stage_comes_from(order->stage, stage) &&
		    !stage_is_later(stage, order->stage))
			continue;
		if (stage_in_flight(order, stage, commit, ret, err) < 0)
			return -1;
	}
	return 0;
}
