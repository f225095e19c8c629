#include "reports/junit.h"

#include <expat.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/text.h"

enum element {
	ELEMENT_OTHER,
	ELEMENT_SUITES,
	ELEMENT_SUITE,
	ELEMENT_CASE,
	ELEMENT_FAILED, /* failure, error */
	ELEMENT_SKIPPED
};

/* An element that is open.  Of suites: what they say of themselves, and what
 * had been counted before they began. */
struct open {
	enum element element;
	size_t line;
	bool says_tests, says_failed;
	uint64_t tests, failed;
	struct buf name;
};

struct reader {
	struct arena *arena;
	XML_Parser parser;
	struct junit *junit;
	struct err *err;
	struct open stack[JUNIT_DEPTH_MAX];
	size_t depth;
	bool case_failed, case_skipped; /* of the open <testcase> */
};

/* ---- what is wrong ------------------------------------------------------ */

static const char *place(const struct reader *r)
{
	return arena_printf(r->arena, "line %llu, column %llu",
	    (unsigned long long)XML_GetCurrentLineNumber(r->parser),
	    (unsigned long long)XML_GetCurrentColumnNumber(r->parser) + 1);
}

/* The first complaint holds; expat calls no handler after it. */
static void stop(struct reader *r, enum err_kind kind, const char *text)
{
	if (r->err->kind != ERR_NONE)
		return;
	err_set(r->err, kind, "%s: %s", place(r), text);
	XML_StopParser(r->parser, XML_FALSE);
}

/* ---- attributes --------------------------------------------------------- */

static const char *attribute(const char **attributes, const char *name)
{
	for (size_t i = 0; attributes[i]; i += 2)
		if (strcmp(attributes[i], name) == 0)
			return attributes[i + 1];
	return NULL;
}

/* What can't be read says nothing. */
static bool says_some(const char **attributes, const char *name)
{
	const char *value = attribute(attributes, name);
	uint64_t n;

	return value && str_to_u64(value, UINT64_MAX, &n) && n > 0;
}

static bool says_one_of(const char **attributes, const char *const *words)
{
	static const char *const names[] = { "status", "result" };

	for (size_t i = 0; i < 2; i++) {
		const char *value = attribute(attributes, names[i]);

		for (size_t k = 0; value && words[k]; k++)
			if (strcasecmp(value, words[k]) == 0)
				return true;
	}
	return false;
}

/* ---- elements ----------------------------------------------------------- */

static enum element element_of(const char *name)
{
	static const struct {
		const char *name;
		enum element element;
	} elements[] = {
		{ "testsuites", ELEMENT_SUITES },
		{ "testsuite", ELEMENT_SUITE },
		{ "testcase", ELEMENT_CASE },
		{ "failure", ELEMENT_FAILED },
		{ "error", ELEMENT_FAILED },
		{ "skipped", ELEMENT_SKIPPED },
	};

	for (size_t i = 0; i < sizeof(elements) / sizeof(*elements); i++)
		if (strcmp(elements[i].name, name) == 0)
			return elements[i].element;
	return ELEMENT_OTHER;
}

static bool is_suite(enum element element)
{
	return element == ELEMENT_SUITES || element == ELEMENT_SUITE;
}

/* A test that stands where nobody looks for one would not be counted. */
static const char *why_misplaced(
    const struct reader *r, enum element element, const char *name)
{
	const struct open *in = r->depth > 0 ? &r->stack[r->depth - 1] : NULL;

	if (!in)
		return is_suite(element)
		    ? NULL
		    : arena_printf(r->arena,
			  "it begins with <%s>, not with <testsuites> or "
			  "<testsuite>",
			  text_clean(r->arena, name, strnlen(name, 40)));
	if ((is_suite(element) || element == ELEMENT_CASE) &&
	    !is_suite(in->element))
		return arena_printf(
		    r->arena, "a <%s> that is not in a suite", name);
	return NULL;
}

static void begin_suite(
    struct reader *r, struct open *suite, const char **attributes)
{
	suite->says_tests = says_some(attributes, "tests");
	suite->says_failed = says_some(attributes, "failures") ||
	    says_some(attributes, "errors");
	suite->tests = r->junit->tests;
	suite->failed = r->junit->failed;
}

static void begin_case(struct reader *r, const char **attributes)
{
	static const char *const failed[] = { "fail", "failed", "failure",
		"error", NULL };
	static const char *const skipped[] = { "disabled", "ignored", "notrun",
		"skipped", "suppressed", "untested", NULL };

	if (++r->junit->tests > JUNIT_TESTS_MAX)
		stop(r, ERR_LIMIT,
		    arena_printf(r->arena, "it has more than %llu tests",
			(unsigned long long)JUNIT_TESTS_MAX));
	r->case_failed = says_one_of(attributes, failed);
	r->case_skipped = says_one_of(attributes, skipped);
}

/* Children of a test say how it ended; a failure of a suite itself is one that
 * no test shows. */
static void begin_outcome(struct reader *r, enum element element)
{
	struct open *in = &r->stack[r->depth - 1];

	if (in->element == ELEMENT_CASE) {
		r->case_failed |= element == ELEMENT_FAILED;
		r->case_skipped |= element == ELEMENT_SKIPPED;
	} else if (is_suite(in->element) && element == ELEMENT_FAILED) {
		in->says_failed = true;
	}
}

static void put_name(struct open *open, const char **attributes)
{
	const char *class_name = attribute(attributes, "classname");
	const char *name = attribute(attributes, "name");

	/* The buffer is used again and again: most names are never shown. */
	open->name.len = 0;
	open->name.overflow = false;
	if (open->element == ELEMENT_CASE && class_name)
		buf_adds(&open->name, class_name);
	if (open->name.len > 0 && name && *name)
		buf_addc(&open->name, '.');
	buf_adds(&open->name, name ? name : "");
}

static void XMLCALL begin(void *ctx, const char *name, const char **attributes)
{
	struct reader *r = ctx;
	enum element element = element_of(name);
	const char *why = why_misplaced(r, element, name);
	struct open *open;

	if (why) {
		stop(r, ERR_FORMAT, why);
		return;
	}
	if (r->depth == JUNIT_DEPTH_MAX) {
		stop(r, ERR_LIMIT,
		    arena_printf(r->arena, "elements are more than %d deep",
			JUNIT_DEPTH_MAX));
		return;
	}
	if (element == ELEMENT_FAILED || element == ELEMENT_SKIPPED)
		begin_outcome(r, element);
	open = &r->stack[r->depth++];
	open->element = element;
	open->line = (size_t)XML_GetCurrentLineNumber(r->parser);
	if (is_suite(element) || element == ELEMENT_CASE)
		put_name(open, attributes);
	if (is_suite(element))
		begin_suite(r, open, attributes);
	else if (element == ELEMENT_CASE)
		begin_case(r, attributes);
}

static const char *shown_name(const struct reader *r, const struct open *open)
{
	const char *name = text_clean(r->arena, open->name.p, open->name.len);

	if (!*name)
		return arena_printf(r->arena, "at line %zu", open->line);
	return open->name.overflow ? arena_printf(r->arena, "%s...", name)
				   : name;
}

static void end_case(struct reader *r, const struct open *open)
{
	struct junit *junit = r->junit;

	if (r->case_failed) {
		junit->failed++;
		if (junit->failing.n < JUNIT_SHOWN_MAX)
			ARRAY_PUSH(
			    r->arena, &junit->failing, shown_name(r, open));
	} else if (r->case_skipped) {
		junit->skipped++;
	}
}

/* One sentence for a suite and those that it is in: the innermost tells. */
static void end_suite(struct reader *r, const struct open *open)
{
	struct junit *junit = r->junit;
	bool no_failed = open->says_failed && junit->failed == open->failed;
	bool no_tests = open->says_tests && junit->tests == open->tests;

	if (!no_failed && !no_tests)
		return;
	for (size_t i = 0; i + 1 < r->depth; i++)
		r->stack[i].says_failed = r->stack[i].says_tests = false;
	if (junit->unlisted++ < JUNIT_SHOWN_MAX)
		ARRAY_PUSH(r->arena, &junit->gaps,
		    arena_printf(r->arena, "suite %s says that it has %s",
			shown_name(r, open),
			no_failed ? "failures and lists no failed test"
				  : "tests and lists none"));
}

static void XMLCALL end(void *ctx, const char *name)
{
	struct reader *r = ctx;
	const struct open *open;

	(void)name;
	if (r->err->kind != ERR_NONE) /* expat still ends an empty element */
		return;
	open = &r->stack[r->depth - 1];
	if (open->element == ELEMENT_CASE)
		end_case(r, open);
	else if (is_suite(open->element))
		end_suite(r, open);
	r->depth--;
}

static void XMLCALL begin_doctype(void *ctx, const char *name,
    const char *system_id, const char *public_id, int has_internal_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_internal_subset;
	stop(ctx, ERR_FORMAT, "a document type is not taken");
}

int junit_read(struct arena *arena, const char *bytes, size_t len,
    struct junit *ret, struct err *err)
{
	struct reader *r = ARENA_NEW(arena, struct reader);
	struct junit *junit = ARENA_NEW(arena, struct junit);

	if (len > JUNIT_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "it has more than %zu bytes",
		    JUNIT_BYTES_MAX);
	r->arena = arena;
	r->junit = junit;
	r->err = err;
	err->kind = ERR_NONE;
	for (size_t i = 0; i < JUNIT_DEPTH_MAX; i++)
		buf_init(&r->stack[i].name, arena, JUNIT_NAME_MAX);
	r->parser = XML_ParserCreate(NULL);
	if (!r->parser)
		return err_set(err, ERR_INTERNAL, "there is no memory for it");
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, begin, end);
	XML_SetStartDoctypeDeclHandler(r->parser, begin_doctype);
	if (XML_Parse(r->parser, bytes, (int)len, XML_TRUE) != XML_STATUS_OK &&
	    err->kind == ERR_NONE)
		err_set(err, ERR_FORMAT, "%s: %s", place(r),
		    XML_ErrorString(XML_GetErrorCode(r->parser)));
	XML_ParserFree(r->parser);
	if (err->kind != ERR_NONE)
		return -1;
	*ret = *junit;
	return 0;
}
