#include "base/num.h"
#include "gates/complaints.h"
#include "gates/coveredtree.h"
#include "gates/gate.h"
#include "gates/newlines.h"

#include <limits.h>
#include <string.h>

/*
 * coverage: tests ran the lines that the change adds, or enough of all, as
 * computed here from diff and report.  Every statement that counts has to show
 * it: with a matrix, each value.
 */

#define NO_BOUND UINT_MAX
#define SHARE_ONE 10000u /* hundredths of a per cent in the whole */

struct coverage_keys {
	struct evidence_keys evidence;
	unsigned new_lines, total; /* hundredths of a per cent, or NO_BOUND */
	bool no_decrease;
	struct strings ignore;
};

struct judging_coverage {
	struct arena *arena; /* the row's */
	struct arena work;   /* for one report */
	const struct gate *gate;
	const struct coverage_keys *keys;
	const struct gate_facts *facts;
	struct complaints complaints; /* say whose figures they are */

	/* of one report */
	const struct reported *reported;
	const char *figures; /* "new lines 12 of 20 (60.0 %), .." */
	struct offenders offenders;
	bool failed;

	/* of all */
	bool misfit; /* a report was made from other files */
	size_t judged, nfailed, compared;
	struct strings details;
	const char *text, *have, *want; /* of the first that failed, else of
					 * the first */
};

/* ---- shares -------------------------------------------------------------- */

static bool reaches(uint64_t part, uint64_t of, unsigned share)
{
	return share == NO_BOUND || part * SHARE_ONE >= of * share;
}

/* Never rounded up: what is shown as 80.0 % is that or more. */
static const char *percent(
    struct judging_coverage *c, uint64_t part, uint64_t of)
{
	uint64_t tenths = of > 0 ? part * 1000 / of : 0;

	return arena_printf(c->arena, "%llu.%llu %%",
	    (unsigned long long)(tenths / 10),
	    (unsigned long long)(tenths % 10));
}

static const char *figure(
    struct judging_coverage *c, uint64_t part, uint64_t of)
{
	return arena_printf(c->arena, "%llu of %llu (%s)",
	    (unsigned long long)part, (unsigned long long)of,
	    percent(c, part, of));
}

/* One more figure of the report at hand. */
static void tell(struct judging_coverage *c, const char *text)
{
	c->figures = c->figures
	    ? arena_printf(c->arena, "%s; %s", c->figures, text)
	    : text;
}

/* For who reads JSON: the bound that is missed, else the first. */
static void tell_numbers(
    struct judging_coverage *c, const char *have, const char *want, bool missed)
{
	if (c->have && !(missed && !c->failed && c->nfailed == 0))
		return;
	c->have = have;
	c->want = want;
}

/* ---- the bounds ---------------------------------------------------------- */

static int judge_new_lines(struct judging_coverage *c,
    const struct covered_tree *tree, struct err *err)
{
	const struct coverage_keys *keys = c->keys;
	const char *want;
	struct new_lines new;
	bool missed;

	if (keys->new_lines == NO_BOUND)
		return 0;
	if (new_lines_count(
		c->arena, c->facts, tree, &keys->ignore, &new, err) < 0)
		return -1;
	missed = new.unknown ||
	    !reaches(new.covered, new.lines, keys->new_lines);
	want = share_format(c->arena, keys->new_lines);
	if (new.lines == 0) {
		tell(c,
		    new.unknown ? "new lines can't be told"
				: "no new executable line");
	} else {
		tell(c,
		    arena_printf(c->arena, "new lines %s, at least %s",
			figure(c, new.covered, new.lines), want));
	}
	if (new.lines > 0)
		tell_numbers(
		    c, percent(c, new.covered, new.lines), want, missed);
	c->failed = c->failed || missed;
	for (size_t i = 0; missed && i < new.n; i++)
		offenders_add(
		    &c->offenders, "%s", new_file_words(c->arena, &new.v[i]));
	return 0;
}

/* A report that is about nothing in the tree has no share at all. */
static void judge_total(
    struct judging_coverage *c, const struct covered_tree *tree)
{
	const struct coverage_keys *keys = c->keys;
	const char *want;
	bool missed;

	if (keys->total == NO_BOUND)
		return;
	want = share_format(c->arena, keys->total);
	missed = tree->lines == 0 ||
	    !reaches(tree->covered, tree->lines, keys->total);
	tell(c,
	    arena_printf(c->arena, "total %s, at least %s",
		figure(c, tree->covered, tree->lines), want));
	tell_numbers(c, percent(c, tree->covered, tree->lines), want, missed);
	c->failed = c->failed || missed;
}

static int read_baseline(struct judging_coverage *c, struct covered_tree *ret,
    bool *ret_found, struct err *err)
{
	struct reported baseline;

	if (reported_baseline(c->arena, c->facts, c->gate,
		c->reported->evidence.matrix, &baseline, ret_found, err) < 0)
		return -1;
	if (!*ret_found)
		return 0;
	if (covered_tree_read(&c->work, c->facts->view, &baseline,
		&c->keys->ignore, ret, err) < 0)
		return err_prefix(err, "the report about %s",
		    oid_hex8(&baseline.evidence.commit).s);
	if (ret->misfit)
		return err_set(err, ERR_FORMAT, "the report about %s: %s",
		    oid_hex8(&ret->commit).s, ret->misfit);
	return 0;
}

static int judge_decrease(struct judging_coverage *c,
    const struct covered_tree *tree, struct err *err)
{
	struct covered_tree before;
	const char *want;
	bool found, missed;

	if (!c->keys->no_decrease)
		return 0;
	if (read_baseline(c, &before, &found, err) < 0)
		return -1;
	if (!found) {
		tell(c, "no earlier report to compare the total with");
		return 0;
	}
	c->compared++;
	want = percent(c, before.covered, before.lines);
	missed = tree->lines == 0 ||
	    tree->covered * before.lines < before.covered * tree->lines;
	if (c->keys->total == NO_BOUND)
		tell(c,
		    arena_printf(c->arena, "total %s",
			figure(c, tree->covered, tree->lines)));
	c->figures = arena_printf(c->arena, "%s, before %s", c->figures,
	    figure(c, before.covered, before.lines));
	tell_numbers(c, percent(c, tree->covered, tree->lines), want, missed);
	c->failed = c->failed || missed;
	return 0;
}

/* ---- one report ---------------------------------------------------------- */

static void add_details(struct judging_coverage *c)
{
	struct gate_row lines = { 0 };

	if (c->complaints.several)
		ARRAY_PUSH(c->arena, &c->details,
		    complaint_about(&c->complaints, c->reported, c->figures));
	offenders_finish(&c->offenders, &lines);
	for (size_t i = 0; i < lines.details.n; i++)
		ARRAY_PUSH(c->arena, &c->details, lines.details.v[i]);
}

static int judge_report(struct judging_coverage *c, struct err *err)
{
	struct covered_tree tree;

	c->figures = NULL;
	c->failed = false;
	c->offenders = (struct offenders){ .arena = c->arena };
	if (covered_tree_read(&c->work, c->facts->view, c->reported,
		&c->keys->ignore, &tree, err) < 0)
		return -1;
	if (tree.misfit) {
		tell(c, arena_strdup(c->arena, tree.misfit));
		c->failed = c->misfit = true;
	} else {
		if (tree.files.n == 0)
			tell(c, "no file of the report is in the tree");
		if (judge_new_lines(c, &tree, err) < 0)
			return -1;
		judge_total(c, &tree);
		if (judge_decrease(c, &tree, err) < 0)
			return -1;
	}
	add_details(c);
	if (c->judged == 0 || (c->failed && c->nfailed == 0))
		c->text = c->figures;
	c->judged++;
	c->nfailed += c->failed;
	return 0;
}

/* A report can be large, and what is kept of it is a few words. */
static int judge_in_turn(struct judging_coverage *c,
    const struct reported *reported, struct err *err)
{
	int r;

	arena_init(&c->work, ARENA_RUN_MAX);
	c->reported = reported;
	r = judge_report(c, err);
	arena_release(&c->work);
	return r;
}

/* ---- the row ------------------------------------------------------------- */

static enum gate_state state_of(const struct judging_coverage *c)
{
	if (c->nfailed > 0)
		return GATE_FAILED;
	if (c->keys->new_lines == NO_BOUND && c->keys->total == NO_BOUND &&
	    c->compared == 0)
		return GATE_NOT_APPLICABLE;
	return GATE_PASSED;
}

static int judge_coverage(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err)
{
	const struct coverage_keys *keys = gate->params;
	struct judging_coverage c = {
		.arena = arena, .gate = gate, .keys = keys, .facts = facts
	};
	struct reporteds reports;

	if (reported_stand(
		arena, facts, gate, &keys->evidence, row, &reports, err) < 0)
		return -1;
	if (row->state != GATE_PASSED)
		return 0;
	c.complaints = (struct complaints){ arena, row, reports.n > 1 };
	for (size_t i = 0; i < reports.n; i++)
		if (judge_in_turn(&c, &reports.v[i], err) < 0)
			return -1;
	row->state = state_of(&c);
	row->text = c.text;
	row->have = c.have;
	row->want = c.want;
	row->details = c.details;
	if (row->state == GATE_FAILED)
		row->hint = c.misfit
		    ? "hand in a report that was made from this very commit"
		    : "cover more of it with tests, and hand in the report of "
		      "the commit that does";
	return 0;
}

static int hand_in(struct arena *scratch, const struct gate *gate,
    const struct statement *statement, struct err *err)
{
	struct coverage coverage;

	(void)gate;
	return coverage_read(scratch, statement, &coverage, err);
}

/* ---- the form ------------------------------------------------------------ */

static void defaults(void *params)
{
	struct coverage_keys *keys = params;

	keys->new_lines = keys->total = NO_BOUND;
}

static void check(struct arena *arena, const struct policy *policy,
    const struct gate *gate, const struct node *node, struct diags *diags)
{
	const struct node *no_decrease = node_get(node, "no_decrease");

	(void)arena;
	(void)policy;
	if (node_get(node, "new_lines") || node_get(node, "total") ||
	    (no_decrease &&
		(no_decrease->type != NODE_SCALAR ||
		    strcmp(no_decrease->text, "false") != 0)))
		return;
	diag_error(diags, gate->mark,
	    "gate '%s' asks for nothing: it wants 'new_lines', 'total' or "
	    "'no_decrease'",
	    gate->name);
}

static const char *const formats[] = { "lcov", "cobertura", NULL };

#define KEY(member) .offset = offsetof(struct coverage_keys, member)

static const struct field fields[] = {
	{ .name = "report",
	    .type = FIELD_CHOICE,
	    .choices = formats,
	    KEY(evidence.report) },
	{ .name = "new_lines", .type = FIELD_SHARE, KEY(new_lines) },
	{ .name = "total", .type = FIELD_SHARE, KEY(total) },
	{ .name = "no_decrease", .type = FIELD_BOOL, KEY(no_decrease) },
	{ .name = "ignore",
	    .type = FIELD_GLOBS,
	    .flags = FIELD_NONEMPTY,
	    KEY(ignore) },
	{ .name = NULL },
};

const struct gate_kind gate_coverage = {
	.form = { .kind = "coverage",
	    .params_size = sizeof(struct coverage_keys),
	    .fields = fields,
	    .takes_evidence = true,
	    .reports = formats,
	    .defaults = defaults,
	    .check = check },
	.family = GATE_OF_EVIDENCE,
	.judge = judge_coverage,
	.hand_in = hand_in,
	.needs_change = true,
};
