#include "judge/verdict.h"

#include <stdarg.h>
#include <string.h>

const char *code_text(enum code code)
{
	static const char *const texts[CODE_COUNT] = {
#define CODE_TEXT(id, text) text,
		CODES(CODE_TEXT)
#undef CODE_TEXT
	};

	return (unsigned)code < CODE_COUNT ? texts[code] : "";
}

static const struct {
	const char *text, *shown;
} states[] = {
	[GATE_PASSED] = { "passed", "passed" },
	[GATE_FAILED] = { "failed", "FAILED" },
	[GATE_MISSING] = { "missing", "MISSING" },
	[GATE_NOT_APPLICABLE] = { "not-applicable", "not-applicable" },
	[GATE_OVERRIDDEN] = { "overridden", "overridden" },
	[GATE_WARNED] = { "warned", "warned" },
	[GATE_ERROR] = { "error", "ERROR" },
};

const char *gate_state_text(enum gate_state state)
{
	return states[state].text;
}

const char *gate_state_shown(enum gate_state state)
{
	return states[state].shown;
}

bool gate_row_refuses(const struct gate_row *row)
{
	switch (row->state) {
	case GATE_PASSED:
	case GATE_NOT_APPLICABLE:
	case GATE_OVERRIDDEN:
	case GATE_WARNED:
		return false;
	case GATE_FAILED:
	case GATE_MISSING:
	case GATE_ERROR:
		break;
	}
	return true;
}

enum code gate_row_code(const struct gate_row *row, bool of_stage)
{
	static const struct {
		const char *row;
		enum code code;
	} own[] = {
		{ "soak", CODE_STAGE_SOAK },
		{ "quorum", CODE_STAGE_QUORUM },
		{ "settled", CODE_STAGE_SETTLED },
		{ "freeze", CODE_STAGE_FROZEN },
		{ "up-to-date", CODE_STAGE_UP_TO_DATE },
		{ "bypass", CODE_BYPASS_APPROVALS },
	};

	/* No gate of the policy's can be called like one of these. */
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (strcmp(row->name, own[i].row) == 0)
			return own[i].code;
	return of_stage ? CODE_STAGE_GATES : CODE_REF_GATES;
}

size_t ref_verdict_codes(
    const struct ref_verdict *verdict, enum code ret[CODE_COUNT])
{
	bool applies[CODE_COUNT] = { false };
	size_t n = 0;

	for (size_t i = 0; i < verdict->findings.n; i++)
		if (!verdict->findings.v[i].warns)
			applies[verdict->findings.v[i].code] = true;
	for (size_t i = 0; i < verdict->gates.n; i++) {
		const struct gate_row *row = &verdict->gates.v[i];

		if (gate_row_refuses(row))
			applies[gate_row_code(row, verdict->stage != NULL)] =
			    true;
	}
	for (size_t code = 0; code < CODE_COUNT; code++)
		if (applies[code])
			ret[n++] = (enum code)code;
	if (n == 0 && verdict->refused)
		ret[n++] = CODE_INTERNAL;
	return n;
}

enum code ref_verdict_code(const struct ref_verdict *verdict)
{
	enum code codes[CODE_COUNT];

	return ref_verdict_codes(verdict, codes) > 0 ? codes[0] : CODE_COUNT;
}

struct finding *finding_add(struct arena *arena, struct findings *list,
    enum code code, const char *fmt, ...)
{
	struct finding finding = { .code = code };
	va_list ap;

	va_start(ap, fmt);
	finding.text = arena_vprintf(arena, fmt, ap);
	va_end(ap);
	ARRAY_PUSH(arena, list, finding);
	return &list->v[list->n - 1];
}
