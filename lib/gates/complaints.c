#include "gates/complaints.h"

#include "base/text.h"

const char *complaint_about(const struct complaints *complaints,
    const struct reported *of, const char *text)
{
	const char *whose = of->evidence.matrix ? of->evidence.matrix
						: of->evidence.person;

	if (!complaints->several)
		return text;
	return arena_printf(complaints->arena, "%s: %s",
	    text_clean_s(complaints->arena, whose), text);
}

void complaint_add(const struct complaints *complaints,
    const struct reported *of, const char *text)
{
	struct gate_row *row = complaints->row;

	text = complaint_about(complaints, of, text);
	if (row->state == GATE_FAILED) {
		ARRAY_PUSH(complaints->arena, &row->details, text);
		return;
	}
	row->state = GATE_FAILED;
	row->text = text;
}

static const char *number(const struct complaints *complaints, uint64_t n)
{
	return arena_printf(complaints->arena, "%llu", (unsigned long long)n);
}

void complaint_number(const struct complaints *complaints,
    const struct reported *of, const char *text, uint64_t have, uint64_t want)
{
	struct gate_row *row = complaints->row;

	if (row->state != GATE_FAILED) {
		row->have = number(complaints, have);
		row->want = number(complaints, want);
	}
	complaint_add(complaints, of, text);
}
