#include <string.h>

#include "base/glob.h"
#include "base/regex.h"
#include "base/text.h"
#include "gates/gate.h"

/*
 * content: the lines that the change adds are clean.  Binary files have no
 * lines that could end in blanks; what `deny` names is looked for in the whole
 * of one, since else a zero byte would hide anything.
 */

#define MARKER 7 /* letters of a conflict marker */

enum {
	EOL_ANY,
	EOL_LF
};

struct deny_rule {
	struct regex *match;
	struct strings paths; /* none: all */
	const char *say;      /* NULL: that it matches */
};

struct content_keys {
	const struct node *deny;
	bool conflict_markers, trailing_space;
	int eol;

	/* of `deny`, read by check() */
	struct deny_rule *rules;
	size_t nrules;
};

struct marks { /* lines that look like conflict markers, of one file */
	struct {
		uint64_t *v;
		size_t n, cap;
	} lines;
	/* A row of = alone underlines a heading. */
	bool certain;
};

struct reading {
	struct arena *arena;
	const struct content_keys *keys;
	const struct gate_facts *facts;
	struct offenders offenders;
	/* the file being read */
	const char *path, *shown;
	bool *applies; /* which rules are about it */
	bool any;      /* one is */
	struct marks marks;
};

/* ---- one line ----------------------------------------------------------- */

static void complain(struct reading *r, uint64_t line, const char *what)
{
	offenders_add(&r->offenders, "%s:%llu %s", r->shown,
	    (unsigned long long)line, what);
}

/* Text is made for what is shown alone: a push may have any number of lines. */
static void complain_of(
    struct reading *r, uint64_t line, const struct deny_rule *rule)
{
	const char *what = "";

	if (r->offenders.n < OFFENDERS_MAX)
		what = rule->say
		    ? text_clean_s(r->arena, rule->say)
		    : arena_printf(r->arena, "must not match `%s`",
			  text_clean_s(r->arena, regex_source(rule->match)));
	complain(r, line, what);
}

static int judge_deny(struct reading *r, uint64_t line, const char *p,
    size_t len, struct err *err)
{
	for (size_t i = 0; r->any && i < r->keys->nrules; i++) {
		const struct deny_rule *rule = &r->keys->rules[i];

		if (!r->applies[i])
			continue;
		switch (regex_search(rule->match, p, len)) {
		case REGEX_NOMATCH:
			break;
		case REGEX_LIMIT:
			return err_set(err, ERR_LIMIT,
			    "the pattern `%s` gives up on %s:%llu",
			    regex_source(rule->match), r->path,
			    (unsigned long long)line);
		case REGEX_MATCH:
			complain_of(r, line, rule);
		}
	}
	return 0;
}

/* As git writes them: seven times the same sign, then a blank or nothing. */
static char marker_of(const char *p, size_t len)
{
	if (len < MARKER || !memchr("<=>|", p[0], 4) ||
	    (len > MARKER && p[MARKER] != ' '))
		return '\0';
	for (size_t i = 1; i < MARKER; i++)
		if (p[i] != p[0])
			return '\0';
	return p[0];
}

static void note_marker(
    struct reading *r, uint64_t line, const char *p, size_t len)
{
	char sign = marker_of(p, len);

	if (!sign || (sign == '=' && len > MARKER))
		return;
	if (sign != '=')
		r->marks.certain = true;
	ARRAY_PUSH(r->arena, &r->marks.lines, line);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\v' || c == '\f';
}

static int judge_line(
    void *ctx, uint64_t line, const char *p, size_t len, struct err *err)
{
	struct reading *r = ctx;
	bool cr;

	if (len > 0 && p[len - 1] == '\n')
		len--;
	cr = len > 0 && p[len - 1] == '\r';
	if (cr)
		len--;
	if (cr && r->keys->eol == EOL_LF)
		complain(r, line, "ends in CR LF, not in LF");
	if (r->keys->trailing_space && len > 0 && is_blank(p[len - 1]))
		complain(r, line, "ends in blanks");
	if (r->keys->conflict_markers)
		note_marker(r, line, p, len);
	return judge_deny(r, line, p, len, err);
}

/* ---- one file ----------------------------------------------------------- */

static void begin_file(struct reading *r, const char *path)
{
	r->path = path;
	r->shown = text_clean_s(r->arena, path);
	r->any = false;
	r->marks.lines.n = 0;
	r->marks.certain = false;
	for (size_t i = 0; i < r->keys->nrules; i++) {
		const struct strings *paths = &r->keys->rules[i].paths;

		r->applies[i] = paths->n == 0;
		for (size_t k = 0; k < paths->n && !r->applies[i]; k++)
			r->applies[i] = glob_match(paths->v[k], path);
		r->any = r->any || r->applies[i];
	}
}

static void finish_file(struct reading *r)
{
	const struct marks *marks = &r->marks;

	for (size_t i = 0; marks->certain && i < marks->lines.n; i++)
		complain(r, marks->lines.v[i], "is a conflict marker");
}

static int deny_lines(
    struct reading *r, const char *p, size_t len, struct err *err)
{
	uint64_t line = 0;

	while (len > 0) {
		const char *nl = memchr(p, '\n', len);
		size_t n = nl ? (size_t)(nl + 1 - p) : len;
		size_t text = nl ? n - 1 : n;

		if (text > 0 && p[text - 1] == '\r')
			text--;
		if (judge_deny(r, ++line, p, text, err) < 0)
			return -1;
		p += n;
		len -= n;
	}
	return 0;
}

/* Of a file that has no lines, all of it is new. */
static int judge_whole(
    struct reading *r, const struct oid *blob, struct err *err)
{
	const struct view *view = r->facts->view;
	struct arena scratch;
	const char *bytes;
	size_t len;
	int status;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	status = view->blob(view->git, &scratch, blob, (size_t)LINES_BLOB_MAX,
	    &bytes, &len, err);
	if (status == 0) {
		status = deny_lines(r, bytes, len, err);
	} else if (err->kind == ERR_SIZE || err->kind == ERR_LIMIT) {
		offenders_add(&r->offenders,
		    "%s is too large to be searched: more than %llu MiB",
		    r->shown, (unsigned long long)(LINES_BLOB_MAX >> 20));
		status = 0;
	}
	arena_release(&scratch);
	return status;
}

static int judge_file(
    struct reading *r, const struct path_change *path, struct err *err)
{
	int status;

	if (!entry_is_file(&path->to))
		return 0;
	begin_file(r, path->path);
	status = facts_added_lines(r->facts, path, judge_line, r, err);
	if (status > 0)
		return r->any ? judge_whole(r, &path->to.oid, err) : 0;
	finish_file(r);
	return status;
}

static int judge_content(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err)
{
	struct reading r = { .arena = arena,
		.keys = gate->params,
		.facts = facts,
		.offenders = { .arena = arena } };
	const struct change *change;

	if (facts_change(facts, &change, err) < 0)
		return -1;
	r.applies = arena_array(arena, r.keys->nrules, sizeof(*r.applies));
	for (size_t i = 0; i < change->n; i++)
		if (judge_file(&r, &change->v[i], err) < 0)
			return -1;
	offenders_finish(&r.offenders, row);
	return 0;
}

/* ---- the form ----------------------------------------------------------- */

#define DENY(member) .offset = offsetof(struct deny_rule, member)

static const struct field deny_fields[] = {
	{ .name = "match",
	    .type = FIELD_REGEX,
	    .flags = FIELD_REQUIRED,
	    DENY(match) },
	{ .name = "paths",
	    .type = FIELD_GLOBS,
	    .flags = FIELD_NONEMPTY,
	    DENY(paths) },
	{ .name = "say", .type = FIELD_STRING, DENY(say) },
	{ .name = NULL },
};

static void check(struct arena *arena, const struct policy *policy,
    const struct gate *gate, const struct node *node, struct diags *diags)
{
	struct content_keys *keys = gate->params;
	size_t n = field_items(keys->deny);

	(void)policy;
	(void)node;
	if (keys->deny && n == 0)
		diag_error(diags, keys->deny->mark, "'deny' is an empty list");
	keys->rules = arena_array(arena, n, sizeof(*keys->rules));
	for (size_t i = 0; i < n; i++)
		if (fields_read(arena, field_item(keys->deny, i), deny_fields,
			"deny", &keys->rules[keys->nrules], diags))
			keys->nrules++;
}

static const char *const eols[] = { [EOL_ANY] = "any", [EOL_LF] = "lf", NULL };

#define KEY(member) .offset = offsetof(struct content_keys, member)

static const struct field fields[] = {
	{ .name = "deny", .type = FIELD_NODE, KEY(deny) },
	{ .name = "conflict_markers",
	    .type = FIELD_BOOL,
	    KEY(conflict_markers) },
	{ .name = "trailing_space", .type = FIELD_BOOL, KEY(trailing_space) },
	{ .name = "eol", .type = FIELD_CHOICE, .choices = eols, KEY(eol) },
	{ .name = NULL },
};

const struct gate_kind gate_content = {
	.form = { .kind = "content",
	    .params_size = sizeof(struct content_keys),
	    .fields = fields,
	    .check = check },
	.family = GATE_OF_CHANGE,
	.judge = judge_content,
	.needs_change = true,
};
