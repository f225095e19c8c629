#include "base/num.h"
#include "base/text.h"
#include "gates/benchlimits.h"
#include "gates/complaints.h"
#include "gates/gate.h"
#include "judge/reported.h"

/*
 * benchmark: the numbers of the report that comes with each statement that
 * counts are within bounds, and not worse than those reported about what the
 * stage has now.  Of two margins both must be passed to count as worse, so
 * that neither 1 ns in 10 ns nor a slow machine's noise is.
 */
struct benchmark_keys {
	struct evidence_keys evidence;
	const struct node *node; /* `limits` */
	struct limits limits;    /* read by check() */
};

enum { /* indices of `formats` */
	HYPERFINE,
	GOOGLE_BENCHMARK,
	METRICS
};

static const char *const formats[] = { [HYPERFINE] = "hyperfine",
	[GOOGLE_BENCHMARK] = "google-benchmark",
	[METRICS] = "metrics",
	NULL };

/* Rounding makes 12ms and 0.012 two numbers. */
#define ROUNDING 1e-9

struct benching {
	struct arena *arena;
	const struct benchmark_keys *keys;
	const struct gate *gate;
	const struct gate_facts *facts;
	struct gate_row *row;
	struct complaints complaints;
	/* of the report being judged */
	const struct reported *report;
	struct measures measures, before; /* before: of the baseline */
	bool has_before;
	/* of all */
	size_t bounded, compared; /* limits that were held against something */
	size_t alone;             /* comparisons without a baseline */
	const char *said;         /* of the only limit, where it holds */
};

/* ---- reports ------------------------------------------------------------- */

static int read_metrics(struct arena *arena, const struct node *metrics,
    struct measures *ret, struct err *err)
{
	struct measures measures = { .n = 0 };

	for (size_t i = 0; metrics && i < metrics->n; i++) {
		struct measure measure = { .name = metrics->keys[i]->text };
		const char *rest;

		if (!str_to_double(
			metrics->items[i]->text, &measure.value, &rest))
			return err_set(err, ERR_FORMAT, "'%s' is out of range",
			    text_clean_s(arena, measure.name));
		if (measures_add(arena, &measures, &measure, err) < 0)
			return -1;
	}
	if (measures_settle(arena, &measures, err) < 0)
		return -1;
	*ret = measures;
	return 0;
}

static int read_report(struct arena *arena, const struct benchmark_keys *keys,
    const struct statement *statement, struct measures *ret, struct err *err)
{
	switch (keys->evidence.report) {
	case HYPERFINE:
		return hyperfine_read(arena, statement->report_bytes,
		    statement->report_len, ret, err);
	case GOOGLE_BENCHMARK:
		return googlebench_read(arena, statement->report_bytes,
		    statement->report_len, ret, err);
	case METRICS:
		return read_metrics(arena, statement->metrics, ret, err);
	}
	return err_set(err, ERR_INTERNAL, "a report that nobody reads");
}

static int hand_in(struct arena *scratch, const struct gate *gate,
    const struct statement *statement, struct err *err)
{
	struct measures measures;

	return read_report(scratch, gate->params, statement, &measures, err);
}

/* ---- one limit ----------------------------------------------------------- */

static void complain(struct benching *b, const char *text)
{
	complaint_add(&b->complaints, b->report, text);
}

/* Of the first complaint. */
static void remember(struct benching *b, const char *have, const char *want)
{
	if (b->row->state == GATE_FAILED)
		return;
	b->row->have = have;
	b->row->want = want;
}

/* How much a is above b; not what rounding makes. */
static double above(double a, double b)
{
	double size = b < 0 ? -b : b;

	return a - b > size * ROUNDING ? a - b : 0;
}

static void judge_bound(struct benching *b, const struct limit *limit,
    const struct measure *measure, bool is_max)
{
	const struct bound *bound = is_max ? &limit->max : &limit->min;
	double amount = measure_amount(measure), over, at;
	const char *have, *want, *text;

	if (!bound->given)
		return;
	at = bound_amount(bound, measure);
	over = is_max ? above(amount, at) : above(at, amount);
	have = amount_words(b->arena, amount, measure);
	want = amount_words(b->arena, at, measure);
	text = arena_printf(b->arena, "%s %s, %s %s",
	    text_clean_s(b->arena, limit->metric), have,
	    is_max ? "limit" : "at least", want);
	b->bounded++;
	b->said = text;
	if (over <= 0)
		return;
	remember(b, have, want);
	complain(b, text);
}

/* "18.3%"; without a number to take it of, everything is more. */
static const char *share_words(struct arena *arena, double worse, double of)
{
	if (of <= 0)
		return "from nothing";
	return arena_printf(arena, "%.1f%%", worse / of * 100);
}

static void tell_worse(struct benching *b, const struct limit *limit,
    const struct measure *measure, const struct measure *before, double worse)
{
	struct arena *arena = b->arena;
	double was = measure_amount(before), size = was < 0 ? -was : was;
	const char *have = amount_words(
	    arena, measure_amount(measure), measure);
	const char *want = amount_words(arena, was, before), *at_most = "";

	if (limit->has_worse_by)
		at_most = arena_printf(arena, "%g%%", limit->worse_by / 100.0);
	if (limit->and_by.given)
		at_most = arena_printf(arena, "%s%s%s", at_most,
		    *at_most ? " and " : "",
		    amount_words(
			arena, bound_amount(&limit->and_by, measure), measure));
	remember(b, have, want);
	complain(b,
	    arena_printf(arena, "%s %s, was %s: worse by %s and %s, at most %s",
		text_clean_s(arena, limit->metric), have, want,
		share_words(arena, worse, size),
		amount_words(arena, worse, measure), at_most));
}

static void judge_change(struct benching *b, const struct limit *limit,
    const struct measure *measure)
{
	const struct measure *before = b->has_before
	    ? measures_find(&b->before, limit->metric)
	    : NULL;
	double now = measure_amount(measure), was, worse, size;

	if (!limit_compares(limit))
		return;
	if (!before) {
		b->alone++;
		return;
	}
	b->compared++;
	was = measure_amount(before);
	size = was < 0 ? -was : was;
	worse = limit->up ? above(was, now) : above(now, was);
	b->said = arena_printf(b->arena, "%s %s, was %s",
	    text_clean_s(b->arena, limit->metric),
	    amount_words(b->arena, now, measure),
	    amount_words(b->arena, was, before));
	if (worse <= 0 ||
	    (limit->has_worse_by &&
		above(worse, size * limit->worse_by / 10000) <= 0) ||
	    (limit->and_by.given &&
		above(worse, bound_amount(&limit->and_by, measure)) <= 0))
		return;
	tell_worse(b, limit, measure, before, worse);
}

static void judge_limit(struct benching *b, const struct limit *limit)
{
	const struct measure *measure = measures_find(
	    &b->measures, limit->metric);

	if (!measure) {
		complain(b,
		    arena_printf(b->arena, "%s is not in the report",
			text_clean_s(b->arena, limit->metric)));
		return;
	}
	judge_bound(b, limit, measure, true);
	judge_bound(b, limit, measure, false);
	judge_change(b, limit, measure);
}

/* ---- all of them --------------------------------------------------------- */

static bool any_compares(const struct limits *limits)
{
	for (size_t i = 0; i < limits->n; i++)
		if (limit_compares(&limits->v[i]))
			return true;
	return false;
}

static int find_before(struct benching *b, struct err *err)
{
	struct reported before;

	b->has_before = false;
	if (!any_compares(&b->keys->limits))
		return 0;
	if (reported_baseline(b->arena, b->facts, b->gate,
		b->report->evidence.matrix, &before, &b->has_before, err) < 0)
		return -1;
	if (!b->has_before)
		return 0;
	return read_report(
	    b->arena, b->keys, &before.statement, &b->before, err);
}

static int judge_report(
    struct benching *b, const struct reported *report, struct err *err)
{
	const struct limits *limits = &b->keys->limits;

	b->report = report;
	if (read_report(
		b->arena, b->keys, &report->statement, &b->measures, err) < 0 ||
	    find_before(b, err) < 0)
		return -1;
	for (size_t i = 0; i < limits->n; i++)
		judge_limit(b, &limits->v[i]);
	return 0;
}

static void tell_passed(struct benching *b)
{
	size_t held = b->bounded + b->compared;
	const char *said = held == 1
	    ? b->said
	    : arena_printf(b->arena, "%zu limits hold", held);

	if (held == 0) {
		row_not_applicable(b->row,
		    "no report about what the stage has now, to compare with");
		return;
	}
	b->row->text = arena_printf(b->arena, "%s: %s%s", b->row->text, said,
	    b->alone > 0 ? "; nothing to compare with yet" : "");
}

static int judge_benchmark(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err)
{
	struct benching b = { .arena = arena,
		.keys = gate->params,
		.gate = gate,
		.facts = facts,
		.row = row,
		.complaints = { .arena = arena, .row = row } };
	struct reporteds reports;

	if (reported_stand(
		arena, facts, gate, &b.keys->evidence, row, &reports, err) < 0)
		return -1;
	if (row->state != GATE_PASSED)
		return 0;
	b.complaints.several = reports.n > 1;
	for (size_t i = 0; i < reports.n; i++)
		if (judge_report(&b, &reports.v[i], err) < 0)
			return -1;
	if (row->state == GATE_PASSED)
		tell_passed(&b);
	return 0;
}

/* ---- the form ------------------------------------------------------------ */

static void check(struct arena *arena, const struct policy *policy,
    const struct gate *gate, const struct node *node, struct diags *diags)
{
	struct benchmark_keys *keys = gate->params;

	(void)policy;
	(void)node;
	if (keys->node && keys->evidence.report != REPORT_ANY)
		limits_read(arena, keys->node, keys->evidence.report != METRICS,
		    &keys->limits, diags);
}

static const struct field fields[] = {
	{ .name = "report",
	    .type = FIELD_CHOICE,
	    .flags = FIELD_REQUIRED,
	    .offset = offsetof(struct benchmark_keys, evidence.report),
	    .choices = formats },
	{ .name = "limits",
	    .type = FIELD_NODE,
	    .flags = FIELD_REQUIRED,
	    .offset = offsetof(struct benchmark_keys, node) },
	{ .name = NULL },
};

const struct gate_kind gate_benchmark = {
	.form = { .kind = "benchmark",
	    .params_size = sizeof(struct benchmark_keys),
	    .fields = fields,
	    .takes_evidence = true,
	    .reports = formats,
	    .check = check },
	.family = GATE_OF_EVIDENCE,
	.judge = judge_benchmark,
	.hand_in = hand_in,
};
