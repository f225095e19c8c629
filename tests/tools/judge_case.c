/*
 * Runs the judge over tables: see tests/judge/README for the format.
 *
 *	judge_case [-v|-f] FILE..
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
#include "judge/judge.h"
#include "policy/load.h"
#include "support/fakeexpect.h"
#include "support/fakefault.h"
#include "support/fakesign.h"

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

/* ---- reading ---------------------------------------------------------------
 */

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

static int read_tests(
    struct arena *arena, const char *path, struct tests *tests, struct err *err)
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
			if (begin_block(
				arena, p + 4, line, &now, tests, &block) < 0)
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

/* ---- one case ---------------------------------------------------------------
 */

struct expectation {
	size_t line;
	struct words words;
};

struct running {
	const struct test *test;
	struct fakejudged j;
	struct {
		struct expectation *v;
		size_t n, cap;
	} expectations;
};

static const char *policy_text(struct running *r)
{
	const struct strings *lines = &r->test->policy.lines;
	bool has_flow = false;
	struct buf buf;

	buf_init(&buf, r->j.arena, FILE_MAX);
	for (size_t i = 0; i < lines->n; i++) {
		has_flow = has_flow || str_prefix(lines->v[i], "flow:");
		buf_addf(&buf, "%s\n", lines->v[i]);
	}
	if (!has_flow)
		buf_adds(&buf, "flow: test\nversion: 1.0.0\n");
	return fakesign_fill(r->j.arena, buf.p);
}

static bool load_policy(struct running *r)
{
	const char *text = policy_text(r);
	struct diags diags;
	struct buf out;

	diags_init(&diags, r->j.arena);
	r->j.policy = policy_parse(
	    r->j.arena, "policy.yml", text, strlen(text), &gate_forms, &diags);
	if (r->j.policy)
		return true;
	buf_init(&out, r->j.arena, FILE_MAX);
	diags_print(&diags, &out);
	fake_complain(
	    &r->j, r->test->policy.line, "the policy is wrong:\n%s", out.p);
	return false;
}

/* A line that ends in a backslash goes on in the next. */
static const char *whole_line(
    struct arena *arena, const struct strings *lines, size_t *at)
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
		const char *line = whole_line(r->j.arena, &block->lines, &i);
		struct words words;
		struct err err;
		bool known = true;

		if (fakecase_words(&r->j.c, line, &words, &err) < 0 ||
		    (words.n > 0 && strcmp(words.v[0].text, "expect") != 0 &&
			fakecase_run(&r->j.c, &words, &known, &err) < 0)) {
			fake_complain(&r->j, number, "%s", err.text);
			return false;
		}
		if (words.n == 0)
			continue;
		if (!known) {
			fake_complain(
			    &r->j, number, "what is '%s'?", words.v[0].text);
			return false;
		}
		if (strcmp(words.v[0].text, "expect") == 0)
			ARRAY_PUSH(r->j.arena, &r->expectations,
			    (struct expectation){ number, words });
	}
	return true;
}

/* ---- showing ----------------------------------------------------------------
 */

/* Ids of objects that have a name become <name>. */
static const char *with_names(const struct running *r, const char *text)
{
	const struct fakeview *fake = &r->j.c.fake;
	struct buf buf;

	buf_init(&buf, r->j.arena, FILE_MAX);
	for (const char *p = text ? text : ""; *p;) {
		const struct fake_object *found = NULL;
		size_t len = 0;

		for (size_t i = 0; i < fake->objects.n && !found; i++) {
			const struct fake_object *object = &fake->objects.v[i];
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

static void show_all(
    const struct running *r, const char *what, const struct strings *list)
{
	for (size_t i = 0; i < list->n; i++)
		show(r, what, list->v[i]);
}

static void show_ref(const struct running *r, const struct ref_verdict *ref)
{
	printf("#   %s %s%s%s: %s, candidate %s\n", ref->shown,
	    ref->refused ? "refused" : "accepted",
	    ref->warned ? ", warned" : "", ref->in_flight ? ", in flight" : "",
	    fakecase_transition_text(ref->kind),
	    fake_name(&r->j.c.fake, &ref->candidate));
	for (size_t i = 0; i < ref->steps.n; i++)
		printf("#     step %s:%s:%s on %s\n",
		    fake_name(&r->j.c.fake, &ref->steps.v[i].commit),
		    fake_name(&r->j.c.fake, &ref->steps.v[i].candidate),
		    fakecase_transition_text(ref->steps.v[i].kind),
		    fake_name(&r->j.c.fake, &ref->steps.v[i].before));
	for (size_t i = 0; i < ref->keep.n; i++)
		printf("#     keep %s\n",
		    fake_name(&r->j.c.fake, &ref->keep.v[i]));
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
	printf(
	    "# verdict: %s\n", r->j.verdict.refused ? "refused" : "accepted");
	for (size_t i = 0; i < r->j.verdict.findings.n; i++)
		printf("#   [%s] %s\n",
		    code_text(r->j.verdict.findings.v[i].code),
		    with_names(r, r->j.verdict.findings.v[i].text));
	show_all(r, "warning: ", &r->j.verdict.warnings);
	for (size_t i = 0; i < r->j.verdict.nrefs; i++)
		show_ref(r, &r->j.verdict.refs[i]);
}

/* ---- all
 * ---------------------------------------------------------------------------
 */

static bool is_expired(void *ctx)
{
	const struct running *r = ctx;

	return r->j.c.expired;
}

/* What was refused stays so, whatever could not be found out.  (As a whole:
 * of several refs one may be judged without what another would have said, but
 * then that one is refused.) */
static void sweep_faults(struct running *r, const struct judge_env *env)
{
	struct fakefault fault = { .hit = true };

	if (!r->j.verdict.refused)
		return;
	for (size_t i = 0; fault.hit; i++) {
		struct verdict verdict;
		struct arena arena;
		struct view view;

		arena_init(&arena, ARENA_MAX);
		fakefault_init(&fault, &r->j.c.view, i, &view);
		judge(&arena, r->j.policy, &r->j.c.push, &view, r->j.c.now, env,
		    &verdict);
		if (!verdict.refused)
			fake_complain(&r->j, r->test->body.line,
			    "with question %zu failing it is accepted", i + 1);
		arena_release(&arena);
	}
}

static void run_test(struct running *r, bool faults)
{
	const struct judge_env env = { NULL, is_expired, r };

	if (!load_policy(r))
		return;
	fakecase_init(&r->j.c, r->j.arena, r->j.policy);
	if (!run_block(r, &r->test->facts) || !run_block(r, &r->test->body))
		return;
	if (!r->j.c.has_push || r->expectations.n == 0) {
		fake_complain(&r->j, r->test->body.line,
		    "a case wants a push and an expectation");
		return;
	}
	push_options_read(&r->j.c.push);
	judge(r->j.arena, r->j.policy, &r->j.c.push, &r->j.c.view, r->j.c.now,
	    &env, &r->j.verdict);
	if (faults)
		sweep_faults(r, &env);
	for (size_t i = 0; !faults && i < r->expectations.n; i++)
		fake_expect(&r->j, r->expectations.v[i].line,
		    &r->expectations.v[i].words);
}

enum mode {
	MODE_CHECK,
	MODE_VERBOSE,
	MODE_FAULTS
};

static bool run_one(const struct test *test, size_t number, enum mode mode)
{
	struct arena arena;
	struct running r = { .test = test,
		.j = { .arena = &arena, .file = test->file } };
	bool good;

	arena_init(&arena, ARENA_MAX);
	run_test(&r, mode == MODE_FAULTS);
	good = r.j.wrong.n == 0;
	printf("%sok %zu - %s\n", good ? "" : "not ", number, test->name);
	for (size_t i = 0; i < r.j.wrong.n; i++) {
		const char *text = with_names(&r, r.j.wrong.v[i]);

		for (const char *p = text; *p;) {
			size_t len = strcspn(p, "\n");

			printf("# %.*s\n", (int)len, p);
			p += len + (p[len] == '\n');
		}
	}
	if ((mode == MODE_VERBOSE || !good) && r.j.verdict.nrefs > 0)
		show_verdict(&r);
	arena_release(&arena);
	return good;
}

int main(int argc, char **argv)
{
	struct arena arena;
	struct tests tests = { NULL, 0, 0 };
	enum mode mode = MODE_CHECK;
	size_t failed = 0;
	struct err err;

	if (argc > 1 && strcmp(argv[1], "-v") == 0)
		mode = MODE_VERBOSE;
	else if (argc > 1 && strcmp(argv[1], "-f") == 0)
		mode = MODE_FAULTS;
	arena_init(&arena, ARENA_MAX);
	for (int i = mode == MODE_CHECK ? 1 : 2; i < argc; i++) {
		if (read_tests(&arena, argv[i], &tests, &err) < 0) {
			printf("Bail out! %s\n", err.text);
			arena_release(&arena);
			return 1;
		}
	}
	printf("1..%zu\n", tests.n);
	for (size_t i = 0; i < tests.n; i++)
		if (!run_one(&tests.v[i], i + 1, mode))
			failed++;
	arena_release(&arena);
	return failed > 0;
}
