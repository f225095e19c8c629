#include "reports/cobertura.h"

#include <expat.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

enum element {
	ELEMENT_NONE, /* above the root */
	ELEMENT_COVERAGE,
	ELEMENT_SOURCES,
	ELEMENT_SOURCE,
	ELEMENT_PACKAGES,
	ELEMENT_PACKAGE,
	ELEMENT_CLASSES,
	ELEMENT_CLASS,
	ELEMENT_METHODS,
	ELEMENT_METHOD,
	ELEMENT_LINES,
	ELEMENT_LINE,
	ELEMENT_OTHER /* passed over with all that is below it */
};

/* What may stand where; all else is ELEMENT_OTHER. */
static const struct {
	enum element parent;
	const char *name;
	enum element element;
} places[] = {
	{ ELEMENT_NONE, "coverage", ELEMENT_COVERAGE },
	{ ELEMENT_COVERAGE, "sources", ELEMENT_SOURCES },
	{ ELEMENT_SOURCES, "source", ELEMENT_SOURCE },
	{ ELEMENT_COVERAGE, "packages", ELEMENT_PACKAGES },
	{ ELEMENT_PACKAGES, "package", ELEMENT_PACKAGE },
	{ ELEMENT_PACKAGE, "classes", ELEMENT_CLASSES },
	{ ELEMENT_CLASSES, "class", ELEMENT_CLASS },
	{ ELEMENT_CLASS, "methods", ELEMENT_METHODS },
	{ ELEMENT_METHODS, "method", ELEMENT_METHOD },
	{ ELEMENT_METHOD, "lines", ELEMENT_LINES },
	{ ELEMENT_CLASS, "lines", ELEMENT_LINES },
	{ ELEMENT_LINES, "line", ELEMENT_LINE },
};

#define PLACES (sizeof(places) / sizeof(*places))

struct reader {
	struct arena *arena;
	XML_Parser parser;
	struct coverage *coverage;
	struct err *err;
	bool failed;
	enum element open[COBERTURA_DEPTH_MAX + 1]; /* [0]: above the root */
	unsigned depth;
	struct buf source; /* text of the open <source> */
};

/* ---- what is wrong ------------------------------------------------------- */

static int put_place(struct reader *r)
{
	return err_prefix(r->err, "line %llu, column %llu",
	    (unsigned long long)XML_GetCurrentLineNumber(r->parser),
	    (unsigned long long)XML_GetCurrentColumnNumber(r->parser) + 1);
}

/* err is filled.  The first complaint holds: expat may still tell the end of
 * an empty element after it was stopped. */
static void stop(struct reader *r)
{
	r->failed = true;
	put_place(r);
	XML_StopParser(r->parser, XML_FALSE);
}

static void wrong(struct reader *r, enum err_kind kind, const char *text)
{
	if (r->failed)
		return;
	err_set(r->err, kind, "%s", text);
	stop(r);
}

/* ---- elements ------------------------------------------------------------ */

static const char *attribute(const XML_Char **attributes, const char *name)
{
	for (size_t i = 0; attributes[i]; i += 2)
		if (strcmp(attributes[i], name) == 0)
			return attributes[i + 1];
	return NULL;
}

static void begin_class(struct reader *r, const XML_Char **attributes)
{
	const char *path = attribute(attributes, "filename");

	if (!path)
		wrong(r, ERR_FORMAT, "the class has no filename");
	else if (coverage_add_file(
		     r->arena, r->coverage, path, strlen(path), r->err) < 0)
		stop(r);
}

static void add_line(struct reader *r, const XML_Char **attributes)
{
	const char *number_text = attribute(attributes, "number");
	const char *hits_text = attribute(attributes, "hits");
	uint64_t number, hits;

	if (!number_text ||
	    !coverage_number(number_text, strlen(number_text), &number))
		wrong(r, ERR_FORMAT, "the line has no number");
	else if (!hits_text ||
	    !coverage_hits(hits_text, strlen(hits_text), &hits))
		wrong(r, ERR_FORMAT, "the line has no number of hits");
	else if (coverage_add_line(
		     r->arena, r->coverage, number, hits, r->err) < 0)
		stop(r);
}

static void add_source(struct reader *r)
{
	static const char blanks[] = " \t\r\n";
	const char *path = r->source.p + strspn(r->source.p, blanks);
	size_t len = strlen(path);

	while (len > 0 && strchr(blanks, path[len - 1]))
		len--;
	if (r->source.overflow)
		wrong(r, ERR_LIMIT, "the source is too long");
	else if (len > 0 &&
	    coverage_add_source(r->arena, r->coverage, path, len, r->err) < 0)
		stop(r);
}

static enum element element_of(enum element parent, const char *name)
{
	for (size_t i = 0; i < PLACES; i++)
		if (places[i].parent == parent &&
		    strcmp(places[i].name, name) == 0)
			return places[i].element;
	return ELEMENT_OTHER;
}

static void XMLCALL begin_element(
    void *ctx, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *r = ctx;
	enum element element = element_of(r->open[r->depth], name);

	if (r->failed)
		return;
	if (r->depth == COBERTURA_DEPTH_MAX) {
		wrong(r, ERR_LIMIT, "elements nest too deep");
		return;
	}
	if (r->depth == 0 && element != ELEMENT_COVERAGE) {
		wrong(r, ERR_FORMAT, "the first element is not <coverage>");
		return;
	}
	r->open[++r->depth] = element;
	if (element == ELEMENT_CLASS)
		begin_class(r, attributes);
	else if (element == ELEMENT_LINE)
		add_line(r, attributes);
	else if (element == ELEMENT_SOURCE)
		buf_init(&r->source, r->arena, COVERAGE_PATH_MAX);
	else if (element == ELEMENT_OTHER && strcmp(name, "line") == 0)
		wrong(r, ERR_FORMAT, "the line is of no class");
}

static void XMLCALL end_element(void *ctx, const XML_Char *name)
{
	struct reader *r = ctx;

	(void)name;
	if (r->failed)
		return;
	if (r->open[r->depth] == ELEMENT_SOURCE)
		add_source(r);
	r->depth--;
}

static void XMLCALL text(void *ctx, const XML_Char *p, int len)
{
	struct reader *r = ctx;

	if (!r->failed && r->open[r->depth] == ELEMENT_SOURCE)
		buf_add(&r->source, p, (size_t)len);
}

/* ---- what XML can do beyond elements ------------------------------------- */

static void XMLCALL begin_doctype(void *ctx, const XML_Char *name,
    const XML_Char *system_id, const XML_Char *public_id, int has_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	if (has_subset)
		wrong(ctx, ERR_FORMAT,
		    "a DOCTYPE with declarations of its own is not taken");
}

static void XMLCALL skipped_entity(
    void *ctx, const XML_Char *name, int is_parameter)
{
	(void)name;
	(void)is_parameter;
	wrong(ctx, ERR_FORMAT, "entities are not taken");
}

static XML_Parser make_parser(struct reader *r)
{
	XML_Parser parser = XML_ParserCreate(NULL);

	if (!parser)
		return NULL;
	XML_SetUserData(parser, r);
	XML_SetElementHandler(parser, begin_element, end_element);
	XML_SetCharacterDataHandler(parser, text);
	XML_SetStartDoctypeDeclHandler(parser, begin_doctype);
	XML_SetSkippedEntityHandler(parser, skipped_entity);
	return parser;
}

static int parse(struct reader *r, const char *bytes, size_t len)
{
	if (XML_Parse(r->parser, bytes, (int)len, 1) == XML_STATUS_OK)
		return 0;
	if (r->failed)
		return -1;
	err_set(r->err, ERR_FORMAT, "%s",
	    XML_ErrorString(XML_GetErrorCode(r->parser)));
	return put_place(r);
}

int cobertura_read(struct arena *arena, const char *bytes, size_t len,
    struct coverage *ret, struct err *err)
{
	struct coverage coverage = { 0 };
	struct reader r = { .arena = arena, .coverage = &coverage, .err = err };
	int result;

	if (len > COVERAGE_BYTES_MAX)
		return err_set(err, ERR_LIMIT,
		    "the report has %zu bytes, at most %zu", len,
		    COVERAGE_BYTES_MAX);
	r.parser = make_parser(&r);
	if (!r.parser)
		return err_set(err, ERR_INTERNAL, "out of memory");
	result = parse(&r, bytes, len);
	XML_ParserFree(r.parser);
	if (result < 0)
		return -1;
	if (coverage_finish(arena, &coverage, err) < 0)
		return err_prefix(err, "line 1, column 1");
	*ret = coverage;
	return 0;
}
