#include "judge/judging.h"

#include <string.h>

#include "base/nearest.h"
#include "base/text.h"
#include "judge/reason.h"

/*
 * `git push -o`: opaque bytes of the pusher's.  Ours are known by their name,
 * what stands before `=`.  Others are for other software, but for one that
 * nearly names one of ours.
 */
enum known {
	OPTION_REPORT,
	OPTION_ROLLBACK,
	OPTION_TIMELINE,
	OPTION_BYPASS,
	OPTION_COUNT
};

static const char *const names[OPTION_COUNT] = {
	[OPTION_REPORT] = "report",
	[OPTION_ROLLBACK] = "rollback",
	[OPTION_TIMELINE] = "timeline",
	[OPTION_BYPASS] = "bypass",
};

/* The option of ours that it is, and what it says; OPTION_COUNT: none. */
static enum known find(const char *option, const char **ret_value)
{
	size_t len = strcspn(option, "=");

	*ret_value = option[len] ? option + len + 1 : "";
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (strlen(names[i]) == len &&
		    strncmp(option, names[i], len) == 0)
			return (enum known)i;
	return OPTION_COUNT;
}

static void take(const char **place, const char *value)
{
	if (!*place)
		*place = value;
}

void push_options_read(struct push *push)
{
	push->report_json = false;
	push->rollback = push->timeline = push->bypass = NULL;
	for (size_t i = 0; i < push->options.n; i++) {
		const char *value;

		switch (find(push->options.v[i], &value)) {
		case OPTION_REPORT:
			if (strcmp(value, "json") == 0)
				push->report_json = true;
			break;
		case OPTION_ROLLBACK:
			take(&push->rollback, value);
			break;
		case OPTION_TIMELINE:
			take(&push->timeline, value);
			break;
		case OPTION_BYPASS:
			take(&push->bypass, value);
			break;
		case OPTION_COUNT:
			break;
		}
	}
}

static void warn_of_unknown(struct judging *j, const char *option)
{
	const char *name = arena_strndup(
	    j->arena, option, strcspn(option, "="));
	struct strings known = { 0 };
	const char *near;

	for (size_t i = 0; i < OPTION_COUNT; i++)
		ARRAY_PUSH(j->arena, &known, names[i]);
	near = nearest_name(name, &known);
	if (near)
		strings_add(j->arena, &j->verdict->warnings,
		    arena_printf(j->arena,
			"the push option '%s' is not known, did you mean "
			"'%s'?",
			text_clean_s(j->arena, name), near));
}

static void warn_of_report(struct judging *j, const char *option)
{
	if (strcmp(option, "report=json") != 0)
		strings_add(j->arena, &j->verdict->warnings,
		    arena_printf(j->arena,
			"the push option '%s' is not understood: there is "
			"report=json",
			text_clean_s(j->arena, option)));
}

/* A push of one ref is told with that ref; what is wrong with a push of
 * several is wrong with all of them. */
static struct findings *place_of(struct judging *j)
{
	struct verdict *verdict = j->verdict;

	return verdict->nrefs == 1 ? &verdict->refs[0].findings
				   : &verdict->findings;
}

static void refuse(struct judging *j, enum code code, const char *text)
{
	finding_add(j->arena, place_of(j), code, "%s", text);
}

static void judge_twice(struct judging *j, const size_t given[OPTION_COUNT])
{
	static const enum code codes[OPTION_COUNT] = {
		[OPTION_ROLLBACK] = CODE_ROLLBACK_OPTIONS,
		[OPTION_TIMELINE] = CODE_ROLLBACK_OPTIONS,
		[OPTION_BYPASS] = CODE_BYPASS_REASON,
	};

	for (size_t i = OPTION_ROLLBACK; i < OPTION_COUNT; i++)
		if (given[i] > 1)
			refuse(j, codes[i],
			    arena_printf(j->arena,
				"the push option '%s' is given %zu times, "
				"which one holds?",
				names[i], given[i]));
}

static void judge_reasons(struct judging *j)
{
	const struct push *push = j->push;
	const char *fault;

	fault = push->rollback ? reason_fault(push->rollback) : NULL;
	if (fault)
		refuse(j, CODE_ROLLBACK_REASON,
		    arena_printf(
			j->arena, "the reason of a rollback %s", fault));
	fault = push->timeline ? reason_fault(push->timeline) : NULL;
	if (fault)
		refuse(j, CODE_ROLLBACK_REASON,
		    arena_printf(
			j->arena, "the timeline of a rollback %s", fault));
	fault = push->bypass ? reason_fault(push->bypass) : NULL;
	if (fault)
		refuse(j, CODE_BYPASS_REASON,
		    arena_printf(j->arena, "the reason of a bypass %s", fault));
}

static void judge_together(struct judging *j)
{
	const struct push *push = j->push;

	if (push->timeline && !push->rollback)
		refuse(j, CODE_ROLLBACK_OPTIONS,
		    "the push option 'timeline' goes with 'rollback' alone");
	if (push->rollback && push->bypass)
		refuse(j, CODE_ROLLBACK_OPTIONS,
		    "a push is a rollback or a bypass, not both");
	if (push->rollback && push->updates.n > 1)
		refuse(j, CODE_ROLLBACK_OPTIONS,
		    "a rollback is of one ref: push each by itself");
}

void push_options_judge(struct judging *j)
{
	const struct strings *options = &j->push->options;
	size_t given[OPTION_COUNT] = { 0 };

	for (size_t i = 0; i < options->n; i++) {
		const char *value;
		enum known known = find(options->v[i], &value);

		if (known == OPTION_COUNT)
			warn_of_unknown(j, options->v[i]);
		else if (known == OPTION_REPORT)
			warn_of_report(j, options->v[i]);
		else
			given[known]++;
	}
	judge_twice(j, given);
	judge_reasons(j);
	judge_together(j);
}
