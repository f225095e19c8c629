#include "support/fakeexpect.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "judge/facts.h"

void fake_complain(struct fakejudged *j, size_t line, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vprintf(j->arena, fmt, ap);
	va_end(ap);
	ARRAY_PUSH(j->arena, &j->wrong,
	    arena_printf(j->arena, "%s:%zu: %s", j->file, line, text));
}

struct check {
	struct fakejudged *j;
	size_t line;
	const struct words *words; /* expect REF WHAT .. */
	struct ref_verdict *ref;
};

static const char *join_words(
    struct arena *arena, const struct words *words, size_t from)
{
	const char *text = "";

	for (size_t i = from; i < words->n; i++)
		text = arena_printf(arena, "%s%s%s", text, i > from ? " " : "",
		    words->v[i].text);
	return text;
}

static void differ(struct check *check, const char *is)
{
	fake_complain(check->j, check->line, "expected %s, is: %s",
	    join_words(check->j->arena, check->words, 1), is);
}

static int text_cmp(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Compares a list with the words from `from` on; `-` is the empty one. */
static void check_list(
    struct check *check, size_t from, const struct strings *list, bool sorted)
{
	struct arena *arena = check->j->arena;
	struct strings is = { NULL, 0, 0 }, want = { NULL, 0, 0 };
	const char *text = "";
	bool same;

	for (size_t i = 0; i < list->n; i++)
		ARRAY_PUSH(arena, &is, list->v[i]);
	for (size_t i = from; i < check->words->n; i++)
		if (strcmp(check->words->v[i].text, "-") != 0)
			ARRAY_PUSH(arena, &want, check->words->v[i].text);
	if (sorted && is.n > 1)
		qsort(is.v, is.n, sizeof(*is.v), text_cmp);
	if (sorted && want.n > 1)
		qsort(want.v, want.n, sizeof(*want.v), text_cmp);
	same = is.n == want.n;
	for (size_t i = 0; same && i < is.n; i++)
		same = strcmp(is.v[i], want.v[i]) == 0;
	if (same)
		return;
	for (size_t i = 0; i < is.n; i++)
		text = arena_printf(
		    arena, "%s%s%s", text, i > 0 ? " " : "", is.v[i]);
	differ(check, *text ? text : "-");
}

static void check_oids(
    struct check *check, const struct oids *oids, bool sorted)
{
	struct strings names = { NULL, 0, 0 };

	for (size_t i = 0; i < oids->n; i++)
		ARRAY_PUSH(check->j->arena, &names,
		    fake_name(&check->j->c.fake, &oids->v[i]));
	check_list(check, 3, &names, sorted);
}

static void check_refused(struct check *check)
{
	enum code codes[CODE_COUNT];
	size_t n = ref_verdict_codes(check->ref, codes);
	struct strings list = { NULL, 0, 0 };

	if (!check->ref->refused) {
		differ(check, "accepted");
		return;
	}
	for (size_t i = 0; i < n; i++)
		ARRAY_PUSH(check->j->arena, &list, code_text(codes[i]));
	check_list(check, 3, &list, false);
}

static void check_accepted(struct check *check)
{
	enum code code = ref_verdict_code(check->ref);

	if (check->ref->refused)
		differ(check, code < CODE_COUNT ? code_text(code) : "refused");
	else if (check->ref->warned)
		differ(check, "accepted with a warning");
}

static void check_warned(struct check *check)
{
	if (check->ref->refused || !check->ref->warned)
		differ(check, check->ref->refused ? "refused" : "accepted");
}

static void check_kind(struct check *check)
{
	struct strings list = { NULL, 0, 0 };

	ARRAY_PUSH(
	    check->j->arena, &list, fakecase_transition_text(check->ref->kind));
	check_list(check, 3, &list, false);
}

static void check_candidate(struct check *check)
{
	struct oids list = { &check->ref->candidate, 1, 1 };

	check_oids(check, &list, false);
}

static void check_steps(struct check *check)
{
	const struct fakeview *fake = &check->j->c.fake;
	struct strings list = { NULL, 0, 0 };

	for (size_t i = 0; i < check->ref->steps.n; i++) {
		const struct step *step = &check->ref->steps.v[i];

		ARRAY_PUSH(check->j->arena, &list,
		    arena_printf(check->j->arena, "%s:%s:%s",
			fake_name(fake, &step->commit),
			fake_name(fake, &step->candidate),
			fakecase_transition_text(step->kind)));
	}
	check_list(check, 3, &list, false);
}

static void check_keep(struct check *check)
{
	check_oids(check, &check->ref->keep, true);
}

static bool holds(const char *text, const char *part)
{
	return text && strstr(text, part);
}

static bool any_holds(const struct strings *list, const char *part)
{
	for (size_t i = 0; i < list->n; i++)
		if (holds(list->v[i], part))
			return true;
	return false;
}

static bool row_holds(const struct gate_row *row, const char *part)
{
	return holds(row->text, part) || holds(row->hint, part) ||
	    holds(row->have, part) || holds(row->want, part) ||
	    holds(row->help, part) || any_holds(&row->details, part) ||
	    any_holds(&row->by, part);
}

static bool row_is(const struct check *check, const struct gate_row *row)
{
	const struct words *words = check->words;

	if (strcmp(row->name, words->v[3].text) != 0 ||
	    strcmp(gate_state_text(row->state), words->v[4].text) != 0)
		return false;
	for (size_t i = 5; i < words->n; i++)
		if (!row_holds(row, words->v[i].text))
			return false;
	return true;
}

static const char *rows_text(const struct check *check)
{
	const char *text = "";

	for (size_t i = 0; i < check->ref->gates.n; i++) {
		const struct gate_row *row = &check->ref->gates.v[i];

		text = arena_printf(check->j->arena, "%s%s%s:%s", text,
		    i > 0 ? " " : "", row->name, gate_state_text(row->state));
	}
	return *text ? text : "no rows";
}

static void check_row(struct check *check)
{
	if (check->words->n < 5) {
		differ(check, "row NAME STATE [part..]");
		return;
	}
	for (size_t i = 0; i < check->ref->gates.n; i++)
		if (row_is(check, &check->ref->gates.v[i]))
			return;
	differ(check, rows_text(check));
}

static void check_rows(struct check *check)
{
	struct strings list = { NULL, 0, 0 };

	for (size_t i = 0; i < check->ref->gates.n; i++) {
		const struct gate_row *row = &check->ref->gates.v[i];

		ARRAY_PUSH(check->j->arena, &list,
		    arena_printf(check->j->arena, "%s:%s", row->name,
			gate_state_text(row->state)));
	}
	check_list(check, 3, &list, false);
}

static void check_no_row(struct check *check)
{
	const struct words *words = check->words;

	for (size_t i = 0; i < check->ref->gates.n; i++) {
		const struct gate_row *row = &check->ref->gates.v[i];

		if (strcmp(row->name, words->v[3].text) == 0 &&
		    (words->n < 5 ||
			strcmp(gate_state_text(row->state), words->v[4].text) ==
			    0))
			differ(check, rows_text(check));
	}
}

static bool finding_holds(
    const struct check *check, const char *part, bool commands)
{
	for (size_t i = 0; i < check->ref->findings.n; i++) {
		const struct finding *finding = &check->ref->findings.v[i];

		if (any_holds(&finding->commands, part))
			return true;
		if (!commands &&
		    (holds(finding->text, part) ||
			any_holds(&finding->details, part) ||
			any_holds(&finding->hints, part)))
			return true;
	}
	for (size_t i = 0; commands && i < check->ref->gates.n; i++)
		if (check->ref->gates.v[i].hint_is_command &&
		    holds(check->ref->gates.v[i].hint, part))
			return true;
	return false;
}

static void check_text(struct check *check)
{
	for (size_t i = 3; i < check->words->n; i++)
		if (!finding_holds(check, check->words->v[i].text, false))
			differ(check, "not said");
}

static void check_no_text(struct check *check)
{
	for (size_t i = 3; i < check->words->n; i++)
		if (finding_holds(check, check->words->v[i].text, false))
			differ(check, "said");
}

/* A line of the details of a finding or row, whole. */
static void check_detail(struct check *check)
{
	for (size_t i = 3; i < check->words->n; i++) {
		const char *line = check->words->v[i].text;
		bool found = false;

		for (size_t k = 0; k < check->ref->findings.n; k++)
			if (strings_have(
				&check->ref->findings.v[k].details, line))
				found = true;
		for (size_t k = 0; k < check->ref->gates.n; k++)
			if (strings_have(&check->ref->gates.v[k].details, line))
				found = true;
		if (!found)
			differ(check, "not among the details");
	}
}

static void check_command(struct check *check)
{
	for (size_t i = 3; i < check->words->n; i++)
		if (!finding_holds(check, check->words->v[i].text, true))
			differ(check, "not said");
}

static void check_in_flight(struct check *check)
{
	if (!check->ref->in_flight)
		differ(check, "not in flight");
}

static void check_evidence(struct check *check)
{
	static const char *const results[] = { "pass", "fail", "revoke" };
	struct strings list = { NULL, 0, 0 };

	if (check->ref->is_evidence) {
		ARRAY_PUSH(
		    check->j->arena, &list, check->ref->statement.person);
		ARRAY_PUSH(check->j->arena, &list,
		    results[check->ref->statement.result]);
	}
	check_list(check, 3, &list, false);
}

/* ---- facts
 * -------------------------------------------------------------------- */

static struct gate_facts facts_of(struct check *check)
{
	struct fakejudged *j = check->j;
	const struct steps *steps = &check->ref->steps;
	struct gate_facts facts = { .arena = j->arena,
		.policy = j->policy,
		.push = &j->c.push,
		.view = &j->c.view,
		.now = j->c.now,
		.verdict = &j->verdict,
		.ref = check->ref,
		.candidate = check->ref->candidate,
		.before = check->ref->old };

	if (steps->n > 0) {
		facts.candidate = steps->v[steps->n - 1].candidate;
		facts.before = steps->v[steps->n - 1].before;
	}
	facts_init(&facts);
	return facts;
}

static void check_new(struct check *check)
{
	struct gate_facts facts = facts_of(check);
	const struct oids *commits;
	struct err err;

	if (facts_new_commits(&facts, &commits, &err) < 0)
		differ(check, err.text);
	else
		check_oids(check, commits, false);
}

static const struct change *change_of(struct check *check)
{
	struct gate_facts facts = facts_of(check);
	const struct change *change;
	struct err err;

	if (facts_change(&facts, &change, &err) == 0)
		return change;
	differ(check, err.text);
	return NULL;
}

static void check_change(struct check *check)
{
	const struct change *change = change_of(check);
	struct strings list = { NULL, 0, 0 };

	if (!change)
		return;
	for (size_t i = 0; i < change->n; i++)
		ARRAY_PUSH(check->j->arena, &list, change->v[i].path);
	check_list(check, 3, &list, false);
}

static int note_line(
    void *ctx, uint64_t line, const char *bytes, size_t len, struct err *err)
{
	struct buf *buf = ctx;

	(void)bytes;
	(void)len;
	(void)err;
	buf_addf(
	    buf, "%s%llu", buf->len > 0 ? "," : "", (unsigned long long)line);
	return 0;
}

/* Numbers of the lines that the change adds to a path: 3,4,9; - none. */
static void check_added(struct check *check)
{
	const struct change *change = change_of(check);
	struct gate_facts facts = facts_of(check);
	struct buf lines;
	struct err err;

	buf_init(&lines, check->j->arena, 10000);
	for (size_t i = 0; change && i < change->n; i++) {
		if (strcmp(change->v[i].path, check->words->v[3].text) != 0)
			continue;
		if (facts_added_lines(
			&facts, &change->v[i], note_line, &lines, &err) < 0)
			differ(check, err.text);
	}
	if (strcmp(lines.len > 0 ? lines.p : "-", check->words->v[4].text) != 0)
		differ(check, lines.len > 0 ? lines.p : "-");
}

static void check_sides(struct check *check)
{
	const struct change *change = change_of(check);

	for (size_t i = 0; change && i < change->n; i++) {
		const char *n = arena_printf(
		    check->j->arena, "%zu", change->v[i].nsides);

		if (strcmp(change->v[i].path, check->words->v[3].text) != 0)
			continue;
		if (strcmp(n, check->words->v[4].text) != 0)
			differ(check, n);
		return;
	}
	differ(check, "not in the change");
}

static void check_bases(struct check *check)
{
	const struct change *change = change_of(check);

	if (change)
		check_oids(check, &change->bases, true);
}

static void check_people(struct check *check)
{
	struct gate_facts facts = facts_of(check);
	struct strings people, emails;
	struct err err;

	if (facts_authors(&facts, &people, &emails, &err) < 0) {
		differ(check, err.text);
		return;
	}
	check_list(check, 3, &people, true);
}

static void check_emails(struct check *check)
{
	struct gate_facts facts = facts_of(check);
	struct strings people, emails;
	struct err err;

	if (facts_authors(&facts, &people, &emails, &err) < 0)
		differ(check, err.text);
	else
		check_list(check, 3, &emails, true);
}

/* A finding, or a row that refuses, points at that line of the policy. */
static void check_line(struct check *check)
{
	uint64_t line = 0;

	(void)str_to_u64(check->words->v[3].text, 10000, &line);
	for (size_t i = 0; i < check->ref->findings.n; i++)
		if (check->ref->findings.v[i].mark.line == line)
			return;
	for (size_t i = 0; i < check->ref->gates.n; i++)
		if (gate_row_refuses(&check->ref->gates.v[i]) &&
		    check->ref->gates.v[i].mark.line == line)
			return;
	differ(check, "nothing points there");
}

/* ---- incidents
 * --------------------------------------------------------- */

/* opening rollback|bypass [revert|rewind] REASON [GATE..] */
static void check_opening(struct check *check)
{
	const struct incident_opening *opening = check->ref->opening;
	const struct words *words = check->words;
	const char *style = NULL;
	size_t at = 4;

	if (!opening) {
		differ(check, "none");
		return;
	}
	if (opening->kind == INCIDENT_ROLLBACK)
		style = opening->rewind ? "rewind" : "revert";
	if (strcmp(words->v[3].text,
		opening->kind == INCIDENT_ROLLBACK ? "rollback" : "bypass") !=
	    0)
		differ(check, "of the other kind");
	if (style &&
	    (words->n <= at || strcmp(words->v[at++].text, style) != 0))
		differ(check, style);
	if (words->n > at && strcmp(words->v[at].text, opening->reason) != 0)
		differ(check, opening->reason);
}

static void check_no_opening(struct check *check)
{
	if (check->ref->opening)
		differ(check, "one");
}

static void check_clients(struct check *check)
{
	static const struct strings none;

	check_list(check, 3,
	    check->ref->opening ? &check->ref->opening->clients : &none, false);
}

static void check_then(struct check *check)
{
	static const struct strings none;

	check_list(check, 3,
	    check->ref->opening ? &check->ref->opening->then : &none, true);
}

static void check_overridden(struct check *check)
{
	static const struct strings none;

	check_list(check, 3,
	    check->ref->opening ? &check->ref->opening->overridden : &none,
	    true);
}

/* ---- which expectation
 * --------------------------------------------------------- */

typedef void check_fn(struct check *check);

static check_fn *find_check(const char *what, size_t *ret_words)
{
	static const struct {
		const char *what;
		check_fn *check;
		size_t words; /* at least */
	} checks[] = {
		{ "accepted", check_accepted, 3 },
		{ "warned", check_warned, 3 },
		{ "refused", check_refused, 4 },
		{ "kind", check_kind, 4 },
		{ "candidate", check_candidate, 4 },
		{ "steps", check_steps, 4 },
		{ "keep", check_keep, 4 },
		{ "row", check_row, 5 },
		{ "rows", check_rows, 4 },
		{ "no-row", check_no_row, 4 },
		{ "text", check_text, 4 },
		{ "no-text", check_no_text, 4 },
		{ "detail", check_detail, 4 },
		{ "command", check_command, 4 },
		{ "in-flight", check_in_flight, 3 },
		{ "evidence", check_evidence, 4 },
		{ "new", check_new, 4 },
		{ "change", check_change, 4 },
		{ "sides", check_sides, 5 },
		{ "added", check_added, 5 },
		{ "bases", check_bases, 4 },
		{ "people", check_people, 4 },
		{ "emails", check_emails, 4 },
		{ "line", check_line, 4 },
		{ "opening", check_opening, 4 },
		{ "no-opening", check_no_opening, 3 },
		{ "clients", check_clients, 4 },
		{ "then", check_then, 4 },
		{ "overridden", check_overridden, 4 },
	};

	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		if (strcmp(what, checks[i].what) == 0) {
			*ret_words = checks[i].words;
			return checks[i].check;
		}
	}
	return NULL;
}

static void check_push(struct check *check)
{
	struct strings list = { NULL, 0, 0 };

	for (size_t i = 0; i < check->j->verdict.findings.n; i++)
		ARRAY_PUSH(check->j->arena, &list,
		    code_text(check->j->verdict.findings.v[i].code));
	check_list(check, 2, &list, false);
}

/* `expect accepted`, `expect push ..`: about the push as a whole. */
static bool check_whole(struct check *check)
{
	const char *what = check->words->v[1].text;
	const struct verdict *verdict = &check->j->verdict;

	if (strcmp(what, "push") == 0) {
		check_push(check);
		return true;
	}
	if (strcmp(what, "warning") == 0 && check->words->n > 2) {
		if (!any_holds(&verdict->warnings, check->words->v[2].text))
			differ(check, "no such warning");
		return true;
	}
	if (check->words->n > 2 ||
	    (strcmp(what, "accepted") != 0 && strcmp(what, "refused") != 0))
		return false;
	if (verdict->refused != (*what == 'r'))
		differ(check, verdict->refused ? "refused" : "accepted");
	return true;
}

void fake_expect(struct fakejudged *j, size_t line, const struct words *words)
{
	struct check check = { .j = j, .line = line, .words = words };
	const char *name;
	check_fn *fn;
	size_t least;

	if (words->n < 2) {
		differ(&check, "nothing");
		return;
	}
	if (check_whole(&check))
		return;
	name = fakecase_ref(&j->c, &words->v[1]);
	for (size_t i = 0; i < j->verdict.nrefs && !check.ref; i++)
		if (strcmp(j->verdict.refs[i].ref, name) == 0)
			check.ref = &j->verdict.refs[i];
	fn = words->n > 2 ? find_check(words->v[2].text, &least) : NULL;
	if (!check.ref)
		differ(&check, "no such ref in the push");
	else if (!fn || words->n < least)
		differ(&check, "not understood");
	else
		fn(&check);
}
