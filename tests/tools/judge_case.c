/*
 * Runs the judge over tables: see tests/judge/README for the format.
 *
 *	judge_case [-v] FILE..
 *
 * Prints TAP, a line for each case; of a case that fails what was expected and
 * the verdict as it was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "gates/gate.h"
#include "judge/facts.h"
#include "judge/judge.h"
#include "policy/load.h"
#include "support/fakecase.h"

#define FILE_MAX ((size_t)4 << 20)
#define ARENA_MAX ((size_t)1 << 30)

struct block {
	size_t line; /* of its first line of text */
	struct strings lines;
};

struct test {
	const char *file, *name;
	struct block policy, facts, body;
};

struct tests {
	struct test *v;
	size_t n, cap;
};

/* ---- reading --------------------------------------------------------------- */

/* Begins a block; -1 when its kind is unknown. */
static int begin_block(struct arena *arena, const char *head, size_t line,
    struct test *now, struct tests *tests, struct block **ret)
{
	if (str_prefix(head, "policy")) {
		*ret = &now->policy;
	} else if (str_prefix(head, "facts")) {
		*ret = &now->facts;
	} else if (str_prefix(head, "case ")) {
		now->name = head + 5;
		ARRAY_PUSH(arena, tests, *now);
		*ret = &tests->v[tests->n - 1].body;
	} else {
		return -1;
	}
	memset(*ret, 0, sizeof(**ret));
	(*ret)->line = line + 1;
	return 0;
}

static int read_tests(struct arena *arena, const char *path,
    struct tests *tests, struct err *err)
{
	struct test now = { .file = path };
	struct block *block = NULL;
	size_t len, line = 0;
	char *text;

	if (file_read(arena, path, FILE_MAX, &text, &len, err) < 0)
		return -1;
	for (char *p = text; p < text + len;) {
		char *nl = strchr(p, '\n');

		if (nl)
			*nl = '\0';
		line++;
		if (str_prefix(p, "=== ")) {
			if (begin_block(arena, p + 4, line, &now, tests,
				&block) < 0)
				return err_set(err, ERR_FORMAT,
				    "%s:%zu: what is '%s'?", path, line, p);
		} else if (block) {
			ARRAY_PUSH(arena, &block->lines, p);
		} else if (*p && *p != '#') {
			return err_set(err, ERR_FORMAT,
			    "%s:%zu: before the first block", path, line);
		}
		if (!nl)
			break;
		p = nl + 1;
	}
	return 0;
}

/* ---- one case --------------------------------------------------------------- */

struct expectation {
	size_t line;
	struct words words;
};

struct running {
	struct arena *arena;
	const struct test *test;
	struct policy *policy;
	struct fakecase c;
	struct {
		struct expectation *v;
		size_t n, cap;
	} expectations;
	struct verdict verdict;
	struct strings wrong; /* what was expected and is not so */
};

static void complain(struct running *r, size_t line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void complain(struct running *r, size_t line, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vprintf(r->arena, fmt, ap);
	va_end(ap);
	ARRAY_PUSH(r->arena, &r->wrong,
	    arena_printf(r->arena, "%s:%zu: %s", r->test->file, line, text));
}

static const char *policy_text(struct running *r)
{
	const struct strings *lines = &r->test->policy.lines;
	bool has_flow = false;
	struct buf buf;

	buf_init(&buf, r->arena, FILE_MAX);
	for (size_t i = 0; i < lines->n; i++) {
		has_flow = has_flow || str_prefix(lines->v[i], "flow:");
		buf_addf(&buf, "%s\n", lines->v[i]);
	}
	if (!has_flow)
		buf_adds(&buf, "flow: test\nversion: 1.0.0\n");
	return buf.p;
}

static bool load_policy(struct running *r)
{
	const char *text = policy_text(r);
	struct diags diags;
	struct buf out;

	diags_init(&diags, r->arena);
	r->policy = policy_parse(r->arena, "policy.yml", text, strlen(text),
	    &gate_forms, &diags);
	if (r->policy)
		return true;
	buf_init(&out, r->arena, FILE_MAX);
	diags_print(&diags, &out);
	complain(r, r->test->policy.line, "the policy is wrong:\n%s", out.p);
	return false;
}

/* A line that ends in a backslash goes on in the next. */
static const char *whole_line(struct arena *arena,
    const struct strings *lines, size_t *at)
{
	const char *line = lines->v[*at];

	while (str_suffix(line, "\\") && *at + 1 < lines->n) {
		(*at)++;
		line = arena_printf(arena, "%.*s %s", (int)strlen(line) - 1,
		    line, lines->v[*at]);
	}
	return line;
}

static bool run_block(struct running *r, const struct block *block)
{
	for (size_t i = 0; i < block->lines.n; i++) {
		size_t number = block->line + i;
		const char *line = whole_line(r->arena, &block->lines, &i);
		struct words words;
		struct err err;
		bool known = true;

		if (fakecase_words(&r->c, line, &words, &err) < 0 ||
		    (words.n > 0 &&
			strcmp(words.v[0].text, "expect") != 0 &&
			fakecase_run(&r->c, &words, &known, &err) < 0)) {
			complain(r, number, "%s", err.text);
			return false;
		}
		if (words.n == 0)
			continue;
		if (!known) {
			complain(r, number, "what is '%s'?",
			    words.v[0].text);
			return false;
		}
		if (strcmp(words.v[0].text, "expect") == 0)
			ARRAY_PUSH(r->arena, &r->expectations,
			    (struct expectation){ number, words });
	}
	return true;
}

/* ---- showing ---------------------------------------------------------------- */

/* Ids of objects that have a name become <name>. */
static const char *with_names(const struct running *r, const char *text)
{
	const struct fakeview *fake = &r->c.fake;
	struct buf buf;

	buf_init(&buf, r->arena, FILE_MAX);
	for (const char *p = text ? text : ""; *p;) {
		const struct fake_object *found = NULL;
		size_t len = 0;

		for (size_t i = 0; i < fake->objects.n && !found; i++) {
			const struct fake_object *object =
			    &fake->objects.v[i];
			struct oid_hex hex = oid_hex(&object->oid);

			if (!object->name || strncmp(p, hex.s, 8) != 0)
				continue;
			found = object;
			len = strncmp(p, hex.s, OID_HEX) == 0 ? OID_HEX : 8;
		}
		if (found) {
			buf_addf(&buf, "<%s>", found->name);
			p += len;
		} else {
			buf_addc(&buf, *p++);
		}
	}
	return buf.p;
}

static void show(const struct running *r, const char *what, const char *text)
{
	if (text && *text)
		printf("#     %s%s\n", what, with_names(r, text));
}

static void show_all(const struct running *r, const char *what,
    const struct strings *list)
{
	for (size_t i = 0; i < list->n; i++)
		show(r, what, list->v[i]);
}

static void show_ref(const struct running *r, const struct ref_verdict *ref)
{
	printf("#   %s %s%s%s: %s, candidate %s\n", ref->shown,
	    ref->refused ? "refused" : "accepted",
	    ref->warned ? ", warned" : "",
	    ref->in_flight ? ", in flight" : "",
	    fakecase_transition_text(ref->kind),
	    fake_name(&r->c.fake, &ref->candidate));
	for (size_t i = 0; i < ref->steps.n; i++)
		printf("#     step %s:%s:%s on %s\n",
		    fake_name(&r->c.fake, &ref->steps.v[i].commit),
		    fake_name(&r->c.fake, &ref->steps.v[i].candidate),
		    fakecase_transition_text(ref->steps.v[i].kind),
		    fake_name(&r->c.fake, &ref->steps.v[i].before));
	for (size_t i = 0; i < ref->keep.n; i++)
		printf("#     keep %s\n",
		    fake_name(&r->c.fake, &ref->keep.v[i]));
	for (size_t i = 0; i < ref->findings.n; i++) {
		const struct finding *finding = &ref->findings.v[i];

		printf("#     [%s] %s\n", code_text(finding->code),
		    with_names(r, finding->text));
		show_all(r, "  ", &finding->details);
		show_all(r, "  hint: ", &finding->hints);
		show_all(r, "  hint: ", &finding->commands);
	}
	for (size_t i = 0; i < ref->gates.n; i++) {
		const struct gate_row *row = &ref->gates.v[i];

		printf("#     %s %s %s\n", gate_state_shown(row->state),
		    row->name, with_names(r, row->text));
		show_all(r, "  ", &row->details);
		show(r, "  hint: ", row->hint);
	}
}

static void show_verdict(const struct running *r)
{
	printf("# verdict: %s\n",
	    r->verdict.refused ? "refused" : "accepted");
	for (size_t i = 0; i < r->verdict.findings.n; i++)
		printf("#   [%s] %s\n",
		    code_text(r->verdict.findings.v[i].code),
		    with_names(r, r->verdict.findings.v[i].text));
	show_all(r, "warning: ", &r->verdict.warnings);
	for (size_t i = 0; i < r->verdict.nrefs; i++)
		show_ref(r, &r->verdict.refs[i]);
}

/* ---- expectations ------------------------------------------------------------ */

struct check {
	struct running *r;
	size_t line;
	const struct words *words; /* expect REF WHAT .. */
	struct ref_verdict *ref;
};

static const char *join_words(struct arena *arena, const struct words *words,
    size_t from)
{
	const char *text = "";

	for (size_t i = from; i < words->n; i++)
		text = arena_printf(arena, "%s%s%s", text,
		    i > from ? " " : "", words->v[i].text);
	return text;
}

static void differ(struct check *check, const char *is)
{
	complain(check->r, check->line, "expected %s, is: %s",
	    join_words(check->r->arena, check->words, 1), is);
}

static int text_cmp(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Compares a list with the words from `from` on; `-` is the empty one. */
static void check_list(struct check *check, size_t from,
    const struct strings *list, bool sorted)
{
	struct arena *arena = check->r->arena;
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
		text = arena_printf(arena, "%s%s%s", text, i > 0 ? " " : "",
		    is.v[i]);
	differ(check, *text ? text : "-");
}

static void check_oids(struct check *check, const struct oids *oids,
    bool sorted)
{
	struct strings names = { NULL, 0, 0 };

	for (size_t i = 0; i < oids->n; i++)
		ARRAY_PUSH(check->r->arena, &names,
		    fake_name(&check->r->c.fake, &oids->v[i]));
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
		ARRAY_PUSH(check->r->arena, &list, code_text(codes[i]));
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

	ARRAY_PUSH(check->r->arena, &list,
	    fakecase_transition_text(check->ref->kind));
	check_list(check, 3, &list, false);
}

static void check_candidate(struct check *check)
{
	struct oids list = { &check->ref->candidate, 1, 1 };

	check_oids(check, &list, false);
}

static void check_steps(struct check *check)
{
	const struct fakeview *fake = &check->r->c.fake;
	struct strings list = { NULL, 0, 0 };

	for (size_t i = 0; i < check->ref->steps.n; i++) {
		const struct step *step = &check->ref->steps.v[i];

		ARRAY_PUSH(check->r->arena, &list,
		    arena_printf(check->r->arena, "%s:%s:%s",
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

		text = arena_printf(check->r->arena, "%s%s%s:%s", text,
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

		ARRAY_PUSH(check->r->arena, &list,
		    arena_printf(check->r->arena, "%s:%s", row->name,
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
			strcmp(gate_state_text(row->state),
			    words->v[4].text) == 0))
			differ(check, rows_text(check));
	}
}

static bool finding_holds(const struct check *check, const char *part,
    bool commands)
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
			if (strings_have(&check->ref->findings.v[k].details,
				line))
				found = true;
		for (size_t k = 0; k < check->ref->gates.n; k++)
			if (strings_have(&check->ref->gates.v[k].details,
				line))
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
		ARRAY_PUSH(check->r->arena, &list,
		    check->ref->statement.person);
		ARRAY_PUSH(check->r->arena, &list,
		    results[check->ref->statement.result]);
	}
	check_list(check, 3, &list, false);
}

/* ---- facts -------------------------------------------------------------------- */

static struct gate_facts facts_of(struct check *check)
{
	struct running *r = check->r;
	const struct steps *steps = &check->ref->steps;
	struct gate_facts facts = { .arena = r->arena,
		.policy = r->policy,
		.push = &r->c.push,
		.view = &r->c.view,
		.now = r->c.now,
		.verdict = &r->verdict,
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
		ARRAY_PUSH(check->r->arena, &list, change->v[i].path);
	check_list(check, 3, &list, false);
}

static void check_sides(struct check *check)
{
	const struct change *change = change_of(check);

	for (size_t i = 0; change && i < change->n; i++) {
		const char *n = arena_printf(check->r->arena, "%zu",
		    change->v[i].nsides);

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

/* ---- which expectation --------------------------------------------------------- */

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
		{ "bases", check_bases, 4 },
		{ "people", check_people, 4 },
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

	for (size_t i = 0; i < check->r->verdict.findings.n; i++)
		ARRAY_PUSH(check->r->arena, &list,
		    code_text(check->r->verdict.findings.v[i].code));
	check_list(check, 2, &list, false);
}

/* `expect accepted`, `expect push ..`: about the push as a whole. */
static bool check_whole(struct check *check)
{
	const char *what = check->words->v[1].text;
	const struct verdict *verdict = &check->r->verdict;

	if (strcmp(what, "push") == 0) {
		check_push(check);
	} else if (strcmp(what, "warning") == 0 && check->words->n > 2) {
		if (!any_holds(&verdict->warnings, check->words->v[2].text))
			differ(check, "no such warning");
	} else if (check->words->n > 2) {
		return false;
	} else if (strcmp(what, "accepted") == 0 ||
	    strcmp(what, "refused") == 0) {
		if (verdict->refused != (*what == 'r'))
			differ(check,
			    verdict->refused ? "refused" : "accepted");
	} else {
		return false;
	}
	return true;
}

static void check_one(struct running *r, const struct expectation *e)
{
	struct check check = { .r = r, .line = e->line, .words = &e->words };
	const char *name;
	check_fn *fn;
	size_t least;

	if (e->words.n < 2) {
		differ(&check, "nothing");
		return;
	}
	if (check_whole(&check))
		return;
	name = fakecase_ref(&r->c, &e->words.v[1]);
	for (size_t i = 0; i < r->verdict.nrefs && !check.ref; i++)
		if (strcmp(r->verdict.refs[i].ref, name) == 0)
			check.ref = &r->verdict.refs[i];
	fn = e->words.n > 2 ? find_check(e->words.v[2].text, &least) : NULL;
	if (!check.ref)
		differ(&check, "no such ref in the push");
	else if (!fn || e->words.n < least)
		differ(&check, "not understood");
	else
		fn(&check);
}

/* ---- all --------------------------------------------------------------------------- */

static bool is_expired(void *ctx)
{
	const struct running *r = ctx;

	return r->c.expired;
}

static void run_test(struct running *r)
{
	const struct judge_env env = { NULL, is_expired, r };

	if (!load_policy(r))
		return;
	fakecase_init(&r->c, r->arena, r->policy);
	if (!run_block(r, &r->test->facts) || !run_block(r, &r->test->body))
		return;
	if (!r->c.has_push || r->expectations.n == 0) {
		complain(r, r->test->body.line,
		    "a case wants a push and an expectation");
		return;
	}
	push_options_read(&r->c.push);
	judge(r->arena, r->policy, &r->c.push, &r->c.view, r->c.now, &env,
	    &r->verdict);
	for (size_t i = 0; i < r->expectations.n; i++)
		check_one(r, &r->expectations.v[i]);
}

static bool run_one(const struct test *test, size_t number, bool verbose)
{
	struct arena arena;
	struct running r = { .arena = &arena, .test = test };
	bool good;

	arena_init(&arena, ARENA_MAX);
	run_test(&r);
	good = r.wrong.n == 0;
	printf("%sok %zu - %s\n", good ? "" : "not ", number, test->name);
	for (size_t i = 0; i < r.wrong.n; i++) {
		const char *text = with_names(&r, r.wrong.v[i]);

		for (const char *p = text; *p;) {
			size_t len = strcspn(p, "\n");

			printf("# %.*s\n", (int)len, p);
			p += len + (p[len] == '\n');
		}
	}
	if ((verbose || !good) && r.verdict.nrefs > 0)
		show_verdict(&r);
	arena_release(&arena);
	return good;
}

int main(int argc, char **argv)
{
	struct arena arena;
	struct tests tests = { NULL, 0, 0 };
	bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	size_t failed = 0;
	struct err err;

	arena_init(&arena, ARENA_MAX);
	for (int i = verbose ? 2 : 1; i < argc; i++) {
		if (read_tests(&arena, argv[i], &tests, &err) < 0) {
			printf("Bail out! %s\n", err.text);
			arena_release(&arena);
			return 1;
		}
	}
	printf("1..%zu\n", tests.n);
	for (size_t i = 0; i < tests.n; i++)
		if (!run_one(&tests.v[i], i + 1, verbose))
			failed++;
	arena_release(&arena);
	return failed > 0;
}
