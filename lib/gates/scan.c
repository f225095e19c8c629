#include "base/buf.h"
#include "base/text.h"
#include "gates/complaints.h"
#include "gates/findings.h"
#include "gates/gate.h"

/*
 * scan: people say that an analyser is content, and the SARIF report that comes
 * with each statement that counts has no more findings of each level than are
 * allowed; with `new_only` those do not count that the report for the stage's
 * present tip has too.
 */
#define UNBOUNDED UINT64_MAX
#define SHOWN_MAX 10           /* findings */
#define TEXT_MAX ((size_t)400) /* bytes of a list of numbers */

struct scan_bounds {
	uint64_t level[SARIF_LEVELS];
};

struct scan_keys {
	struct evidence_keys evidence;
	struct scan_bounds max; /* all UNBOUNDED: not given */
	bool new_only;
};

struct scanning {
	struct arena *arena;
	const struct gate *gate;
	const struct gate_facts *facts;
	const struct scan_keys *keys;
	struct scan_bounds max;
	struct gate_row *row;
	struct complaints complaints;
	struct strings worst;   /* findings of levels that are over */
	size_t nworst;          /* those not shown too */
	struct strings remarks; /* told with a refusal */
	const char *hint;       /* the same */
	uint64_t counts[SARIF_LEVELS], known;
};

/* One of the reports. */
struct scanned {
	const struct reported *reported;
	struct scan_findings findings;
};

static const char *number(struct scanning *s, uint64_t n)
{
	return arena_printf(s->arena, "%llu", (unsigned long long)n);
}

/* "3 new errors" */
static const char *counted(
    struct scanning *s, enum sarif_level level, uint64_t n)
{
	static const char *const words[] = {
		[SARIF_ERROR] = "error",
		[SARIF_WARNING] = "warning",
		[SARIF_NOTE] = "note",
		[SARIF_NONE] = "finding without level",
	};
	bool plural = n != 1;

	if (level == SARIF_NONE && plural)
		return arena_printf(s->arena, "%s %sfindings without level",
		    number(s, n), s->keys->new_only ? "new " : "");
	return arena_printf(s->arena, "%s %s%s%s", number(s, n),
	    s->keys->new_only ? "new " : "", words[level], plural ? "s" : "");
}

static void remark(
    struct scanning *s, const struct reported *of, const char *text)
{
	strings_add(
	    s->arena, &s->remarks, complaint_about(&s->complaints, of, text));
}

/* ---- one report --------------------------------------------------------- */

static const char *line_of(
    struct scanning *s, const struct scan_finding *finding)
{
	const struct sarif_result *result = finding->result;
	const char *path = *finding->path ? finding->path : "(nowhere)";
	const char *line = result->line > 0
	    ? arena_printf(s->arena, ":%s", number(s, result->line))
	    : "";

	return text_clean_s(s->arena,
	    arena_printf(s->arena, "%s%s%s%s%s%s", path, line,
		*result->rule ? " " : "", result->rule,
		*result->message ? " " : "", result->message));
}

static void list_worst(
    struct scanning *s, const struct scan_findings *findings, const bool *over)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct scan_finding *finding = &findings->v[i];

		if (finding->known || !over[finding->result->level])
			continue;
		if (s->nworst++ < SHOWN_MAX)
			ARRAY_PUSH(s->arena, &s->worst, line_of(s, finding));
	}
}

static void judge_numbers(struct scanning *s, const struct scanned *scanned)
{
	const struct scan_findings *findings = &scanned->findings;
	uint64_t counts[SARIF_LEVELS] = { 0 };
	bool over[SARIF_LEVELS] = { false };

	for (size_t i = 0; i < findings->n; i++) {
		if (findings->v[i].known)
			s->known++;
		else
			counts[findings->v[i].result->level]++;
	}
	for (size_t i = 0; i < SARIF_LEVELS; i++) {
		s->counts[i] += counts[i];
		over[i] = counts[i] > s->max.level[i];
		if (!over[i])
			continue;
		complaint_number(&s->complaints, scanned->reported,
		    arena_printf(s->arena, "%s, at most %s",
			counted(s, (enum sarif_level)i, counts[i]),
			number(s, s->max.level[i])),
		    counts[i], s->max.level[i]);
	}
	list_worst(s, findings, over);
}

static int read_report(struct scanning *s, const struct reported *reported,
    struct sarif *ret, const char **ret_why, struct err *err)
{
	const struct statement *statement = &reported->statement;
	struct err wrong;

	*ret_why = NULL;
	if (sarif_read(s->arena, statement->report_bytes, statement->report_len,
		ret, &wrong) == 0)
		return 0;
	if (wrong.kind == ERR_INTERNAL)
		return err_set(err, wrong.kind, "%s", wrong.text);
	*ret_why = arena_strdup(s->arena, wrong.text);
	return 0;
}

static void remark_none(struct scanning *s, const struct reported *reported)
{
	const struct oid *tip = &s->facts->ref->old;

	if (oid_is_zero(tip)) {
		remark(s, reported,
		    "there is no tip to compare with: all findings are new");
		return;
	}
	remark(
	    s, reported, "the stage's tip has no report: all findings are new");
	s->hint = arena_printf(s->arena,
	    "a report handed in about %s, the tip, makes its findings known",
	    oid_hex8(tip).s);
}

/* Marks what the report for the tip has too.  Where there is none that can be
 * read, all is new. */
static int compare_with_tip(
    struct scanning *s, const struct scanned *scanned, struct err *err)
{
	const struct reported *reported = scanned->reported;
	struct scan_findings before;
	struct reported baseline;
	struct sarif sarif;
	const char *why;
	bool found;

	if (reported_baseline(s->arena, s->facts, s->gate,
		reported->evidence.matrix, &baseline, &found, err) < 0)
		return -1;
	if (!found) {
		remark_none(s, reported);
		return 0;
	}
	if (read_report(s, &baseline, &sarif, &why, err) < 0)
		return -1;
	if (why) {
		remark(s, reported,
		    arena_printf(s->arena,
			"the report of the stage's tip can't be read (%s): all "
			"findings are new",
			why));
		return 0;
	}
	if (findings_of(s->arena, s->facts, &sarif, &baseline.evidence.commit,
		&before, err) < 0)
		return -1;
	findings_mark_known(s->arena, &scanned->findings, &before);
	return 0;
}

static int judge_report(
    struct scanning *s, const struct reported *reported, struct err *err)
{
	struct scanned scanned = { .reported = reported };
	struct sarif *sarif = ARENA_NEW(s->arena, struct sarif);
	const char *why;

	if (read_report(s, reported, sarif, &why, err) < 0)
		return -1;
	if (why) {
		complaint_add(&s->complaints, reported,
		    arena_printf(
			s->arena, "the report can't be read: %s", why));
		return 0;
	}
	if (findings_of(s->arena, s->facts, sarif, &s->facts->candidate,
		&scanned.findings, err) < 0)
		return -1;
	if (s->keys->new_only && sarif->n > 0 &&
	    compare_with_tip(s, &scanned, err) < 0)
		return -1;
	judge_numbers(s, &scanned);
	for (size_t i = 0; i < sarif->troubles.n; i++)
		complaint_add(&s->complaints, reported, sarif->troubles.v[i]);
	if (sarif->scans == 0 && sarif->troubles.n == 0)
		complaint_add(&s->complaints, reported,
		    "the report has no run with results");
	return 0;
}

/* ---- the row ------------------------------------------------------------ */

static void tell_failed(struct scanning *s)
{
	struct strings *details = &s->row->details;

	for (size_t i = 0; i < s->worst.n; i++)
		ARRAY_PUSH(s->arena, details, s->worst.v[i]);
	if (s->nworst > s->worst.n)
		ARRAY_PUSH(s->arena, details,
		    arena_printf(s->arena, "and %s more",
			number(s, s->nworst - s->worst.n)));
	for (size_t i = 0; i < s->remarks.n; i++)
		ARRAY_PUSH(s->arena, details, s->remarks.v[i]);
	s->row->hint = s->hint;
}

static void tell_passed(struct scanning *s)
{
	const char *separator = ": ";
	struct buf buf;

	buf_init(&buf, s->arena, TEXT_MAX);
	for (size_t i = 0; i < SARIF_LEVELS; i++) {
		if (s->counts[i] == 0)
			continue;
		buf_adds(&buf, separator);
		buf_adds(&buf, counted(s, (enum sarif_level)i, s->counts[i]));
		separator = ", ";
	}
	if (buf.len == 0)
		buf_adds(&buf,
		    s->keys->new_only ? ": nothing new" : ": nothing found");
	if (s->known > 0)
		buf_addf(&buf, ", %s known", number(s, s->known));
	s->row->text = arena_printf(s->arena, "%s%s", s->row->text, buf.p);
}

static struct scan_bounds bounds(const struct scan_keys *keys)
{
	struct scan_bounds max = keys->max;

	for (size_t i = 0; i < SARIF_LEVELS; i++)
		if (max.level[i] != UNBOUNDED)
			return max;
	max.level[SARIF_ERROR] = 0;
	return max;
}

static int judge_scan(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err)
{
	struct scanning s = { .arena = arena,
		.gate = gate,
		.facts = facts,
		.keys = gate->params,
		.row = row };
	struct reporteds reports;

	s.max = bounds(s.keys);
	if (reported_stand(
		arena, facts, gate, &s.keys->evidence, row, &reports, err) < 0)
		return -1;
	if (row->state != GATE_PASSED)
		return 0;
	s.complaints = (struct complaints){ arena, row, reports.n > 1 };
	for (size_t i = 0; i < reports.n; i++)
		if (judge_report(&s, &reports.v[i], err) < 0)
			return -1;
	if (row->state == GATE_PASSED)
		tell_passed(&s);
	else
		tell_failed(&s);
	return 0;
}

static int hand_in(struct arena *scratch, const struct gate *gate,
    const struct statement *statement, struct err *err)
{
	struct sarif sarif;

	(void)gate;
	return sarif_read(scratch, statement->report_bytes,
	    statement->report_len, &sarif, err);
}

/* ---- keys --------------------------------------------------------------- */

static void defaults(void *params)
{
	struct scan_keys *keys = params;

	for (size_t i = 0; i < SARIF_LEVELS; i++)
		keys->max.level[i] = UNBOUNDED;
}

static void check(struct arena *arena, const struct policy *policy,
    const struct gate *gate, const struct node *node, struct diags *diags)
{
	const struct node *max = node_get(node, "max");

	(void)arena;
	(void)policy;
	(void)gate;
	if (max && !max->bad && max->type == NODE_MAPPING && max->n == 0)
		diag_error(diags, max->mark,
		    "'max' names no level (error, warning, note, none)");
}

static const char *const reports[] = { "sarif", NULL };

#define LEVEL(level_)                                                          \
	.type = FIELD_COUNT,                                                   \
	.offset = offsetof(struct scan_bounds, level) +                        \
	    (level_) * sizeof(uint64_t)

static const struct field max_fields[] = {
	{ .name = "error", LEVEL(SARIF_ERROR) },
	{ .name = "warning", LEVEL(SARIF_WARNING) },
	{ .name = "note", LEVEL(SARIF_NOTE) },
	{ .name = "none", LEVEL(SARIF_NONE) },
	{ .name = NULL },
};

#define KEY(member) .offset = offsetof(struct scan_keys, member)

static const struct field fields[] = {
	{ .name = "report",
	    .type = FIELD_CHOICE,
	    KEY(evidence.report),
	    .choices = reports },
	{ .name = "max",
	    .type = FIELD_MAPPING,
	    KEY(max),
	    .fields = max_fields },
	{ .name = "new_only", .type = FIELD_BOOL, KEY(new_only) },
	{ .name = NULL },
};

const struct gate_kind gate_scan = {
	.form = { .kind = "scan",
	    .params_size = sizeof(struct scan_keys),
	    .fields = fields,
	    .takes_evidence = true,
	    .reports = reports,
	    .defaults = defaults,
	    .check = check },
	.family = GATE_OF_EVIDENCE,
	.judge = judge_scan,
	.hand_in = hand_in,
};
