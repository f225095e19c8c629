#include "record/words.h"

#include <string.h>

#include "base/text.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const char *const transitions[] = {
	[TRANSITION_FAST_FORWARD] = "fast-forward",
	[TRANSITION_MERGE] = "merge",
	[TRANSITION_SQUASH] = "squash",
	[TRANSITION_CREATE] = "create",
	[TRANSITION_ROLLBACK] = "rollback",
	[TRANSITION_REWIND] = "rewind",
	[TRANSITION_DELETE] = "delete",
	[TRANSITION_ENTRY] = "entry",
	[TRANSITION_OTHER] = "other",
};

static const char *const passage_states[] = {
	[PASSAGE_ACCEPTED] = "accepted",
	[PASSAGE_WARNED] = "warned",
	[PASSAGE_RECOVERED] = "recovered",
	[PASSAGE_ADOPTED] = "adopted",
	[PASSAGE_UNOBSERVED] = "unobserved",
};

static const char *const evidence_results[] = {
	[EVIDENCE_PASS] = "pass",
	[EVIDENCE_FAIL] = "fail",
	[EVIDENCE_REVOKE] = "revoke",
};

static const char *const incident_kinds[] = {
	[INCIDENT_ROLLBACK] = "rollback",
	[INCIDENT_BYPASS] = "bypass",
};

static const char *const incident_styles[] = { "revert", "rewind" };

const char *transition_text(enum transition kind)
{
	return transitions[kind];
}

const char *passage_state_text(enum passage_state state)
{
	return passage_states[state];
}

const char *evidence_result_text(enum evidence_result result)
{
	return evidence_results[result];
}

const char *incident_kind_text(enum incident_kind kind)
{
	return incident_kinds[kind];
}

const char *incident_style_text(bool rewind)
{
	return incident_styles[rewind];
}

static bool find(
    const char *const *words, size_t n, const char *text, unsigned *ret)
{
	for (unsigned i = 0; i < n; i++) {
		if (strcmp(words[i], text) == 0) {
			*ret = i;
			return true;
		}
	}
	return false;
}

bool transition_parse(const char *text, enum transition *ret)
{
	unsigned i;

	if (!find(transitions, COUNT(transitions), text, &i))
		return false;
	*ret = (enum transition)i;
	return true;
}

bool passage_state_parse(const char *text, enum passage_state *ret)
{
	unsigned i;

	if (!find(passage_states, COUNT(passage_states), text, &i))
		return false;
	*ret = (enum passage_state)i;
	return true;
}

bool evidence_result_parse(const char *text, enum evidence_result *ret)
{
	unsigned i;

	if (!find(evidence_results, COUNT(evidence_results), text, &i))
		return false;
	*ret = (enum evidence_result)i;
	return true;
}

bool gate_state_parse(const char *text, enum gate_state *ret)
{
	for (unsigned i = GATE_PASSED; i <= GATE_ERROR; i++) {
		if (strcmp(gate_state_text((enum gate_state)i), text) == 0) {
			*ret = (enum gate_state)i;
			return true;
		}
	}
	return false;
}

bool incident_kind_parse(const char *text, enum incident_kind *ret)
{
	unsigned i;

	if (!find(incident_kinds, COUNT(incident_kinds), text, &i))
		return false;
	*ret = (enum incident_kind)i;
	return true;
}

bool incident_style_parse(const char *text, bool *ret_rewind)
{
	unsigned i;

	if (!find(incident_styles, COUNT(incident_styles), text, &i))
		return false;
	*ret_rewind = i != 0;
	return true;
}

bool transition_takes_back(enum transition kind)
{
	return kind == TRANSITION_ROLLBACK || kind == TRANSITION_REWIND;
}

bool ref_name_fits(const char *ref)
{
	for (const char *p = ref; *p; p++)
		if ((unsigned char)*p <= 0x20 || *p == 0x7f)
			return false;
	return *ref && utf8_valid(ref, strlen(ref));
}
