#include "judge/judging.h"

#include <string.h>

#include "base/nearest.h"
#include "base/text.h"

/*
 * `git push -o`: opaque bytes of the pusher's.  Ours are known by their name,
 * what stands before `=`; those that a later version knows are refused rather
 * than passed over, since who gives one counts on what it does.  Others are
 * for other software, but for one that nearly names one of ours.
 */
static const struct {
	const char *name;
	enum code code; /* of the refusal; CODE_COUNT: it is understood */
} known[] = {
	{ "report", CODE_COUNT },
	{ "rollback", CODE_ROLLBACK_OPTIONS },
	{ "timeline", CODE_ROLLBACK_OPTIONS },
	{ "bypass", CODE_BYPASS_GATE },
};

#define KNOWN_COUNT (sizeof(known) / sizeof(*known))

void push_options_read(struct push *push)
{
	push->report_json = strings_have(&push->options, "report=json");
}

/* An option of that name that is ours, KNOWN_COUNT when it is not. */
static size_t find(const char *name)
{
	size_t i = 0;

	while (i < KNOWN_COUNT && strcmp(known[i].name, name) != 0)
		i++;
	return i;
}

static void judge_known(struct judging *j, size_t i, const char *option)
{
	struct verdict *verdict = j->verdict;

	if (known[i].code != CODE_COUNT)
		finding_add(j->arena, &verdict->findings, known[i].code,
		    "the push option '%s' is not in this version",
		    known[i].name);
	else if (strcmp(option, "report=json") != 0)
		strings_add(j->arena, &verdict->warnings,
		    arena_printf(j->arena,
			"the push option '%s' is not understood: there is "
			"report=json",
			text_clean_s(j->arena, option)));
}

static void judge_unknown(struct judging *j, const char *name)
{
	struct strings names = { 0 };
	const char *near;

	for (size_t i = 0; i < KNOWN_COUNT; i++)
		ARRAY_PUSH(j->arena, &names, known[i].name);
	near = nearest_name(name, &names);
	if (near)
		strings_add(j->arena, &j->verdict->warnings,
		    arena_printf(j->arena,
			"the push option '%s' is not known, did you mean "
			"'%s'?",
			text_clean_s(j->arena, name), near));
}

void push_options_judge(struct judging *j)
{
	const struct strings *options = &j->push->options;

	for (size_t i = 0; i < options->n; i++) {
		const char *option = options->v[i];
		const char *name = arena_strndup(
		    j->arena, option, strcspn(option, "="));
		size_t at = find(name);

		if (at < KNOWN_COUNT)
			judge_known(j, at, option);
		else
			judge_unknown(j, name);
	}
}
