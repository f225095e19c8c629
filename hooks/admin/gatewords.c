#include <string.h>

#include "base/num.h"
#include "policy/field.h"
#include "words.h"

/*
 * A gate in words: what its kind asks for, then each key that differs from
 * its default, read through the very tables by which the policy was loaded; so
 * that a new key of a kind is explained without a line here.
 */
static const struct {
	const char *kind, *words;
} kinds[] = {
	{ "author", "who wrote each new commit is known" },
	{ "base", "the work starts from a recent commit" },
	{ "benchmark", "it is fast enough" },
	{ "children", "submodules have been through their own flow" },
	{ "command", "a program agrees" },
	{ "content", "added lines are clean" },
	{ "coverage", "tests cover the new lines" },
	{ "docs", "code comes with documentation" },
	{ "evidence", "somebody vouches for it" },
	{ "message", "commit messages fit" },
	{ "paths", "no path that is not allowed is added or changed" },
	{ "review", "others approve of the change" },
	{ "scan", "scanners found little enough" },
	{ "scope", "only the module's own paths are changed" },
	{ "secrets", "no added line holds a credential" },
	{ "signature", "commits are signed" },
	{ "size", "what is new is not too big" },
	{ "tests", "the tests pass" },
};

static const char *kind_words(const char *kind)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].words;
	return kind;
}

static void push(struct arena *arena, struct strings *list, const char *text)
{
	ARRAY_PUSH(arena, list, text);
}

static const char *choices_words(
    struct arena *arena, const char *const *choices, unsigned mask)
{
	struct strings chosen = { NULL, 0, 0 };

	for (unsigned i = 0; choices[i]; i++)
		if (mask & (1u << i))
			push(arena, &chosen, choices[i]);
	return words_list(arena, &chosen, "and");
}

/* The value of a field; NULL where there is no short one. */
static const char *value_words(
    struct arena *arena, const struct field *field, const void *at)
{
	switch (field->type) {
	case FIELD_STRING:
		return *(const char *const *)at;
	case FIELD_STRINGS:
	case FIELD_GLOBS:
		return words_list(arena, at, "and");
	case FIELD_GATES:
		return words_list(arena, at, "or");
	case FIELD_ROLES:
		return words_roles(arena, at);
	case FIELD_BOOL:
		return *(const bool *)at ? "" : "no";
	case FIELD_COUNT:
		return arena_printf(
		    arena, "%llu", (unsigned long long)*(const uint64_t *)at);
	case FIELD_DURATION:
		return duration_format(arena, *(const uint64_t *)at);
	case FIELD_SIZE:
		return size_format(arena, *(const uint64_t *)at);
	case FIELD_SHARE:
		return share_format(arena, *(const unsigned *)at);
	case FIELD_REGEX:
		return arena_printf(
		    arena, "/%s/", regex_source(*(struct regex *const *)at));
	case FIELD_CHOICE:
		return field->choices[*(const int *)at];
	case FIELD_CHOICES:
		return choices_words(
		    arena, field->choices, *(const unsigned *)at);
	case FIELD_BOOL_ROLES:
	case FIELD_MAPPING:
	case FIELD_NODE:
	case FIELD_LATER:
		break;
	}
	return NULL;
}

static size_t field_size(enum field_type type)
{
	switch (type) {
	case FIELD_STRING:
		return sizeof(const char *);
	case FIELD_STRINGS:
	case FIELD_GLOBS:
	case FIELD_ROLES:
	case FIELD_GATES:
		return sizeof(struct strings);
	case FIELD_BOOL:
		return sizeof(bool);
	case FIELD_COUNT:
	case FIELD_DURATION:
	case FIELD_SIZE:
		return sizeof(uint64_t);
	case FIELD_SHARE:
	case FIELD_CHOICES:
		return sizeof(unsigned);
	case FIELD_REGEX:
	case FIELD_NODE:
		return sizeof(void *);
	case FIELD_CHOICE:
		return sizeof(int);
	case FIELD_BOOL_ROLES:
		return sizeof(struct bool_roles);
	case FIELD_MAPPING:
	case FIELD_LATER:
		break;
	}
	return 0;
}

struct describer {
	struct arena *arena;
	const struct gate *gate;
	struct strings words; /* "subject max 72" */
};

/* The default, written out. */
static bool is_same_text(
    const struct field *field, const char *at, const char *preset)
{
	const char *text, *other;

	if (field->type != FIELD_STRING)
		return false;
	memcpy(&text, at, sizeof(text));
	memcpy(&other, preset, sizeof(other));
	return text && other && strcmp(text, other) == 0;
}

static void add_field(struct describer *describer, const char *prefix,
    const struct field *field, const char *at, const char *preset)
{
	struct arena *arena = describer->arena;
	size_t size = field_size(field->type);
	const char *value;

	if (size == 0 || memcmp(at, preset, size) == 0 ||
	    is_same_text(field, at, preset))
		return;
	value = value_words(arena, field, at);
	if (!value)
		value = arena_printf(arena, "(%s:%zu)",
		    describer->gate->mark.source
			? describer->gate->mark.source->name
			: "policy.yml",
		    describer->gate->mark.line);
	push(arena, &describer->words,
	    arena_printf(arena, "%s%s%s%s", prefix, field->name,
		*value ? " " : "", value));
}

/* Tables nest one level deep: `subject: {max: 72}`. */
static void add_fields(struct describer *describer, const struct field *fields,
    const char *at, const char *preset)
{
	for (; fields && fields->name; fields++) {
		const char *prefix;

		if (fields->type != FIELD_MAPPING) {
			add_field(describer, "", fields, at + fields->offset,
			    preset + fields->offset);
			continue;
		}
		prefix = arena_printf(describer->arena, "%s ", fields->name);
		for (const struct field *f = fields->fields; f && f->name; f++)
			add_field(describer, prefix, f,
			    at + fields->offset + f->offset,
			    preset + fields->offset + f->offset);
	}
}

static void add_evidence(
    struct describer *describer, const struct evidence_keys *keys)
{
	struct arena *arena = describer->arena;
	struct strings *words = &describer->words;
	const char *each = keys->matrix.n
	    ? arena_printf(arena, " for each of %s",
		  words_list(arena, &keys->matrix, "and"))
	    : "";

	push(arena, words,
	    arena_printf(arena, "%llu from %s%s",
		(unsigned long long)keys->count, words_roles(arena, &keys->by),
		each));
	if (keys->not_author)
		push(arena, words, "by nobody who made the change");
	if (keys->is_signed)
		push(arena, words, "signed");
	if (keys->max_age_s)
		push(arena, words,
		    arena_printf(arena, "not older than %s",
			duration_format(arena, keys->max_age_s)));
	if (keys->binds == BINDS_TREE)
		push(arena, words, "for any commit with the same tree");
	else if (keys->binds == BINDS_PATCH)
		push(arena, words, "for the same change elsewhere too");
}

static const char *when_words(struct arena *arena, const struct when *when)
{
	struct strings words = { NULL, 0, 0 };

	if (when->paths.n)
		push(arena, &words,
		    arena_printf(arena, "%s changes",
			words_list(arena, &when->paths, "or")));
	if (when->not_paths.n)
		push(arena, &words,
		    arena_printf(arena, "more than %s changes",
			words_list(arena, &when->not_paths, "and")));
	if (when->stages_from.n)
		push(arena, &words,
		    arena_printf(arena, "it comes from %s",
			words_list(arena, &when->stages_from, "or")));
	if (when->authors.n)
		push(arena, &words,
		    arena_printf(arena, "an author is in %s",
			words_roles(arena, &when->authors)));
	if (when->trailer)
		push(arena, &words,
		    arena_printf(arena, "a commit says '%s'", when->trailer));
	if (when->has_lines_over)
		push(arena, &words,
		    arena_printf(arena, "more than %llu lines change",
			(unsigned long long)when->lines_over));
	return words_list(arena, &words, "and");
}

const char *words_gate(struct arena *arena, const struct gate *gate)
{
	struct describer describer = { .arena = arena, .gate = gate };
	const struct gate_form *form = gate->form;
	void *preset = arena_alloc(arena, form->params_size);
	const char *when = when_words(arena, &gate->when);
	const char *text = kind_words(form->kind);

	if (form->takes_evidence)
		((struct evidence_keys *)preset)->report = REPORT_ANY;
	if (form->defaults)
		form->defaults(preset);
	if (form->takes_evidence)
		add_evidence(&describer, gate->params);
	add_fields(&describer, form->fields, gate->params, preset);
	for (size_t i = 0; i < describer.words.n; i++)
		text = arena_printf(arena, "%s%s %s", text, i ? "," : ":",
		    describer.words.v[i]);
	if (*when)
		text = arena_printf(arena, "%s; only when %s", text, when);
	if (gate->enforce == ENFORCE_WARN)
		text = arena_printf(arena, "%s; only warns", text);
	else if (gate->enforce == ENFORCE_OFF)
		text = arena_printf(arena, "%s; switched off", text);
	return text;
}
