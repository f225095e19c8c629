#include <string.h>

#include "base/digest.h"
#include "base/glob.h"
#include "base/oidmap.h"
#include "base/text.h"
#include "gates/gate.h"

/*
 * docs: what changes the code comes with documentation, or with a gate that
 * says that none is needed.  What documents is a file with new bytes: one that
 * is taken away, moved, emptied, made executable or spaced otherwise says
 * nothing new.
 */
struct docs_keys {
	struct strings code, docs;
	struct strings others; /* gates, of which one may have passed instead */
};

struct documenting {
	struct arena *arena;
	const struct docs_keys *keys;
	const struct gate_facts *facts;
	struct oidmap removed; /* blobs of files that are not there any more */
	const char *document;  /* the first that counts; NULL: none does */
	struct offenders code;
	struct strings empty_handed; /* documents that do not count, and why */
};

/* Some side had those very bytes there. */
static bool had_it(const struct path_change *path)
{
	if (entry_is_file(&path->from) &&
	    oid_eq(&path->from.oid, &path->to.oid))
		return true;
	for (size_t i = 0; i < path->nsides; i++)
		if (entry_is_file(&path->sides[i]) &&
		    oid_eq(&path->sides[i].oid, &path->to.oid))
			return true;
	return false;
}

/* What lines hold beside blanks, those taken away and those added. */
struct words {
	struct sha256 *removed, *added;
};

static void add_words(struct sha256 *sum, const char *bytes, size_t len)
{
	static const char blanks[] = " \t\n\v\f\r";
	const char *end = bytes + len;

	while (bytes < end) {
		const char *from = bytes;

		while (bytes < end && !memchr(blanks, *bytes, 6))
			bytes++;
		sha256_add(sum, from, (size_t)(bytes - from));
		while (bytes < end && memchr(blanks, *bytes, 6))
			bytes++;
	}
}

static int look_at_line(void *ctx, enum hunk_line kind, const char *bytes,
    size_t len, struct err *err)
{
	struct words *words = ctx;

	(void)err;
	if (kind == HUNK_ADDED)
		add_words(words->added, bytes, len);
	else if (kind == HUNK_REMOVED)
		add_words(words->removed, bytes, len);
	return 0;
}

/* Do the two differ in blanks alone?  Not where lines say nothing. */
static int is_respaced(const struct documenting *d,
    const struct view_entry *from, const struct oid *to, bool *ret,
    struct err *err)
{
	const struct view *view = d->facts->view;
	const struct oid none = { { 0 } };
	struct words words = { sha256_begin(d->arena), sha256_begin(d->arena) };
	int r = view->hunks(view->git, entry_is_file(from) ? &from->oid : &none,
	    to, look_at_line, &words, err);

	if (r < 0)
		return -1;
	*ret = r == 0 &&
	    strcmp(sha256_end40(d->arena, words.removed),
		sha256_end40(d->arena, words.added)) == 0;
	return 0;
}

/* .. from what any of the sides has. */
static int is_blank_change(const struct documenting *d,
    const struct path_change *path, bool *ret, struct err *err)
{
	if (is_respaced(d, &path->from, &path->to.oid, ret, err) < 0)
		return -1;
	for (size_t i = 0; i < path->nsides && !*ret; i++)
		if (is_respaced(d, &path->sides[i], &path->to.oid, ret, err) <
		    0)
			return -1;
	return 0;
}

/* *ret_why NULL: it documents something. */
static int why_nothing(const struct documenting *d,
    const struct path_change *path, const char **ret_why, struct err *err)
{
	bool blank;

	const struct view *view = d->facts->view;
	enum object_kind kind;
	uint64_t size;

	*ret_why = NULL;
	if (path->to.mode == 0)
		*ret_why = "is removed";
	else if (!entry_is_file(&path->to))
		*ret_why = "is no file";
	else if (had_it(path))
		*ret_why = "has nothing new in it";
	else if (oidmap_has(&d->removed, &path->to.oid))
		*ret_why = "is moved, and has nothing new in it";
	if (*ret_why)
		return 0;
	if (view->kind(view->git, &path->to.oid, &kind, &size, err) < 0)
		return -1;
	if (kind != OBJECT_BLOB || size == 0) {
		*ret_why = "is empty";
		return 0;
	}
	if (is_blank_change(d, path, &blank, err) < 0)
		return -1;
	if (blank)
		*ret_why = "differs in blanks alone";
	return 0;
}

static int look_at(
    struct documenting *d, const struct path_change *path, struct err *err)
{
	const char *shown = text_clean_s(d->arena, path->path);
	const char *why;

	if (!globs_match(&d->keys->docs, path->path)) {
		if (globs_match(&d->keys->code, path->path))
			offenders_add(&d->code, "%s", shown);
		return 0;
	}
	if (d->document)
		return 0;
	if (why_nothing(d, path, &why, err) < 0)
		return -1;
	if (!why)
		d->document = shown;
	else if (d->empty_handed.n < OFFENDERS_MAX)
		strings_add(d->arena, &d->empty_handed,
		    arena_printf(d->arena, "%s %s", shown, why));
	return 0;
}

static int look_at_all(struct documenting *d, struct err *err)
{
	const struct change *change;

	if (facts_change(d->facts, &change, err) < 0)
		return -1;
	for (size_t i = 0; i < change->n; i++)
		if (change->v[i].to.mode == 0 &&
		    entry_is_file(&change->v[i].from))
			oidmap_put(&d->removed, &change->v[i].from.oid, NULL);
	for (size_t i = 0; i < change->n; i++)
		if (look_at(d, &change->v[i], err) < 0)
			return -1;
	return 0;
}

/* ---- gates instead ------------------------------------------------------- */

/* Only what has passed: a gate that is not applicable has said nothing. */
static bool has_passed(struct documenting *d, const char *name,
    struct gate_row *row, struct gate_row *other)
{
	const struct gate *gate = policy_gate(d->facts->policy, name);
	struct err err;

	if (gate_judge_alone(gate, d->facts, other, &err) < 0) {
		other->state = GATE_ERROR;
		other->text = arena_printf(d->arena, "could not be judged: %s",
		    text_clean_s(d->arena, err.text));
	}
	if (other->state != GATE_PASSED)
		return false;
	row->state = GATE_PASSED;
	row->text = other->text
	    ? arena_printf(d->arena, "%s: %s", name, other->text)
	    : arena_printf(d->arena, "%s has passed", name);
	row->by = other->by;
	row->digests = other->digests;
	row->at = other->at;
	return true;
}

static void tell_failed(const struct documenting *d, const struct strings *said,
    struct gate_row *row)
{
	size_t n = d->code.n;

	offenders_finish(&d->code, row);
	row->text = arena_printf(d->arena,
	    "%zu path%s of code changed without documentation", n,
	    n == 1 ? "" : "s");
	for (size_t i = 0; i < d->empty_handed.n; i++)
		strings_add(d->arena, &row->details, d->empty_handed.v[i]);
	for (size_t i = 0; i < said->n; i++)
		strings_add(d->arena, &row->details, said->v[i]);
}

static void judge_others(struct documenting *d, struct gate_row *row)
{
	const struct strings *names = &d->keys->others;
	struct strings said = { NULL, 0, 0 };

	for (size_t i = 0; i < names->n; i++) {
		struct gate_row other;

		if (has_passed(d, names->v[i], row, &other))
			return;
		strings_add(d->arena, &said,
		    arena_printf(d->arena, "%s: %s%s%s", names->v[i],
			gate_state_shown(other.state), other.text ? ", " : "",
			other.text ? other.text : ""));
		if (!row->hint && other.hint) {
			row->hint = other.hint;
			row->hint_is_command = other.hint_is_command;
		}
	}
	tell_failed(d, &said, row);
}

/* ---- the gate ------------------------------------------------------------ */

static const char *globs_shown(struct arena *arena, const struct strings *globs)
{
	const char *shown = "";

	for (size_t i = 0; i < globs->n; i++)
		shown = arena_printf(arena, "%s%s%s", shown, i > 0 ? ", " : "",
		    text_clean_s(arena, globs->v[i]));
	return shown;
}

static int judge_docs(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err)
{
	struct documenting d = { .arena = arena,
		.keys = gate->params,
		.facts = facts,
		.code = { .arena = arena } };

	oidmap_init(&d.removed, arena);
	if (look_at_all(&d, err) < 0)
		return -1;
	if (d.code.n == 0) {
		row_not_applicable(row, "no code changed");
		return 0;
	}
	if (d.document) {
		row->state = GATE_PASSED;
		row->text = d.document;
		return 0;
	}
	judge_others(&d, row);
	if (row->state != GATE_PASSED && !row->hint)
		row->hint = arena_printf(arena, "say what is new in %s",
		    globs_shown(arena, &d.keys->docs));
	return 0;
}

#define KEY(member) .offset = offsetof(struct docs_keys, member)

static const struct field fields[] = {
	{ .name = "code",
	    .type = FIELD_GLOBS,
	    .flags = FIELD_REQUIRED | FIELD_NONEMPTY,
	    KEY(code) },
	{ .name = "docs",
	    .type = FIELD_GLOBS,
	    .flags = FIELD_REQUIRED | FIELD_NONEMPTY,
	    KEY(docs) },
	{ .name = "or",
	    .type = FIELD_GATES,
	    .flags = FIELD_NONEMPTY,
	    KEY(others) },
	{ .name = NULL },
};

const struct gate_kind gate_docs = {
	.form = { .kind = "docs",
	    .params_size = sizeof(struct docs_keys),
	    .fields = fields },
	.family = GATE_OF_CHANGE,
	.judge = judge_docs,
	.needs_change = true,
};
