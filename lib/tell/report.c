#include "tell/report.h"

#include <string.h>

#include "tell/columns.h"
#include "tell/outcome.h"
#include "tell/phrase.h"
#include "tell/report_rows.h"
#include "tell/sheet.h"

#define CONTINUED 2  /* blanks before what goes on on another line */
#define FINE_SHOWN 8 /* refs that are fine beside refused ones */
#define FLOW_MAX 200 /* bytes of a flow's name */
#define BLOCK_MAX ((size_t)8 << 20) /* bytes of one ref's part */

void report_wrap(struct arena *arena, const char *prefix, const char *text,
    size_t indent, struct buf *out)
{
	struct wrap wrap = { REPORT_COLUMNS, indent, text_columns_s(prefix) };

	buf_adds(out, prefix);
	wrap_text(out, &wrap, phrase_shown(arena, text));
	buf_addc(out, '\n');
}

static const char *ref_title(struct arena *arena, const struct ref_verdict *ref)
{
	const char *shown = phrase_shown(
	    arena, ref->shown ? ref->shown : ref->ref);

	return ref->stage
	    ? arena_printf(arena, "%s (%s)", shown, ref->stage->name)
	    : shown;
}

static void add_heading(struct arena *arena, const struct verdict *verdict,
    const struct ref_verdict *ref, struct buf *out)
{
	const char *title = ref_title(arena, ref);
	enum code code = ref_outcome_code(verdict, ref);
	enum outcome outcome = ref_outcome(verdict, ref);
	const char *said;

	if (outcome == OUTCOME_REFUSED && code == CODE_INTERNAL)
		said = "not decided, hence refused";
	else if (outcome == OUTCOME_REFUSED)
		said = "refused";
	else if (outcome == OUTCOME_DRAFT)
		said = "would be refused";
	else
		said = phrase_count(
		    arena, rows_in_state(&ref->gates, GATE_WARNED), "warning");
	if (code != CODE_COUNT)
		said = arena_printf(arena, "%s [%s]", said, code_text(code));
	report_wrap(arena, outcome == OUTCOME_REFUSED ? "error: " : "warning: ",
	    arena_printf(arena, "%s: %s", title, said), CONTINUED, out);
}

static void add_ref(struct arena *arena, const struct verdict *verdict,
    const struct ref_verdict *ref, bool brief, struct buf *out)
{
	add_heading(arena, verdict, ref, out);
	report_findings(
	    arena, &ref->findings, ref_outcome_code(verdict, ref), out);
	report_rows(arena, &ref->gates, brief, out);
	report_hints(arena, &ref->findings, &ref->gates, out);
}

static void add_push(
    struct arena *arena, const struct verdict *verdict, struct buf *out)
{
	static const struct gate_rows no_rows;
	enum code code = findings_code(&verdict->findings, false);
	bool refused = code != CODE_COUNT;

	for (size_t i = 0; i < verdict->warnings.n; i++)
		report_wrap(arena, "warning: ", verdict->warnings.v[i],
		    strlen("warning: "), out);
	if (verdict->findings.n == 0)
		return;
	if (!refused)
		code = findings_code(&verdict->findings, true);
	report_wrap(arena, refused ? "error: " : "warning: ",
	    arena_printf(arena, "this push: %s [%s]",
		refused ? "refused" : "would be refused", code_text(code)),
	    CONTINUED, out);
	report_findings(arena, &verdict->findings, code, out);
	report_hints(arena, &verdict->findings, &no_rows, out);
}

/* Those that nothing is wrong with: git refuses them with the others, and
 * whoever pushed them wants to know that this is all. */
static void add_fine(
    struct arena *arena, const struct verdict *verdict, struct buf *out)
{
	size_t n = 0;

	if (!verdict->refused)
		return;
	for (size_t i = 0; i < verdict->nrefs; i++) {
		const struct ref_verdict *ref = &verdict->refs[i];

		if (ref_outcome(verdict, ref) != OUTCOME_FINE)
			continue;
		if (n++ < FINE_SHOWN)
			report_wrap(arena, "hint: ",
			    arena_printf(arena,
				"%s: nothing is wrong with it, refused with "
				"the rest",
				ref_title(arena, ref)),
			    strlen("hint: "), out);
	}
	if (n > FINE_SHOWN)
		report_wrap(arena, "hint: ",
		    arena_printf(arena, "nothing is wrong with %s either",
			phrase_count(arena, n - FINE_SHOWN, "more ref")),
		    strlen("hint: "), out);
}

static const char *in_brackets(
    struct arena *arena, const struct summary *summary)
{
	const char *gates = phrase_count(arena, summary->gates, "gate");

	if (summary->gates && summary->undecided)
		return arena_printf(arena, " (%s, undecided)", gates);
	if (summary->gates)
		return arena_printf(arena, " (%s)", gates);
	return summary->undecided ? " (undecided)" : "";
}

/* The last line. */
static const char *conclusion(struct arena *arena,
    const struct verdict *verdict, const struct summary *summary)
{
	const struct policy *policy = verdict->policy;
	const char *refs = phrase_count(arena, verdict->nrefs, "ref");
	const char *said;
	struct buf line;

	if (verdict->refused && verdict->nrefs == 0)
		said = "refused this push";
	else if (verdict->refused)
		said = arena_printf(arena, "refused %zu of %s%s",
		    summary->refused, refs, in_brackets(arena, summary));
	else if (summary->draft)
		said = arena_printf(arena,
		    "accepted %s (draft, would refuse %zu)", refs,
		    summary->warned);
	else
		said = arena_printf(arena, "accepted %s, with warnings", refs);
	if (policy)
		said = arena_printf(arena, "%.*s %s %s", FLOW_MAX, policy->flow,
		    policy->version.text, said);
	buf_init(&line, arena, BLOCK_MAX);
	report_wrap(arena, "stagegate: ", said, CONTINUED, &line);
	return line.p;
}

/* The parts one after the other, each made in memory that the next one uses
 * again: a push may have a hundred thousand refs. */
static void fill(struct sheet *sheet, const struct verdict *verdict,
    const struct summary *summary, bool brief)
{
	struct arena scratch;
	struct buf part;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	buf_init(&part, &scratch, BLOCK_MAX);
	add_push(&scratch, verdict, &part);
	sheet_add(sheet, part.p);
	for (size_t i = 0; i < verdict->nrefs; i++) {
		const struct ref_verdict *ref = &verdict->refs[i];

		enum outcome outcome = ref_outcome(verdict, ref);

		if (outcome == OUTCOME_FINE || outcome == OUTCOME_TAKEN)
			continue;
		arena_reset(&scratch);
		buf_init(&part, &scratch, BLOCK_MAX);
		add_ref(&scratch, verdict, ref, brief, &part);
		sheet_add(sheet, part.p);
	}
	arena_reset(&scratch);
	buf_init(&part, &scratch, BLOCK_MAX);
	add_fine(&scratch, verdict, &part);
	if (summary->undecided)
		report_wrap(&scratch, "hint: ",
		    "what could not be found out is nothing you did; call the "
		    "administrator, nothing is lost",
		    strlen("hint: "), &part);
	sheet_add(sheet, part.p);
	arena_release(&scratch);
}

void report_verdict(
    struct arena *arena, const struct verdict *verdict, struct buf *out)
{
	struct summary summary;
	struct sheet sheet;
	const char *last;
	size_t room = out->max - out->len;

	verdict_summarize(verdict, &summary);
	if (!summary.speaks)
		return;
	last = conclusion(arena, verdict, &summary);
	if (room > REPORT_BYTES_MAX)
		room = REPORT_BYTES_MAX;
	sheet_init(&sheet, arena, room);
	fill(&sheet, verdict, &summary, false);
	if (sheet_is_cut(&sheet, last)) {
		sheet_init(&sheet, arena, room);
		fill(&sheet, verdict, &summary, true);
	}
	sheet_finish(&sheet, last, out);
}

void report_ref(struct arena *arena, const struct verdict *verdict,
    const struct ref_verdict *ref, struct buf *out)
{
	if (ref_outcome(verdict, ref) != OUTCOME_FINE) {
		add_ref(arena, verdict, ref, false, out);
		return;
	}
	report_wrap(arena, "",
	    arena_printf(
		arena, "%s: nothing against it", ref_title(arena, ref)),
	    CONTINUED, out);
	report_rows(arena, &ref->gates, false, out);
}
