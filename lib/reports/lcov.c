#include "reports/lcov.h"

#include <string.h>

#include "base/text.h"

/* A line of the report, without its end. */
struct tracefile {
	struct arena *arena;
	struct coverage *coverage;
	const char *line;
	size_t len;
	size_t number; /* of the line, from 1 */
	bool in_file;  /* between SF and end_of_record */
	size_t began;  /* line of the SF */
};

/* column: of the byte that is wrong, from 0 */
static int wrong(
    const struct tracefile *t, size_t column, const char *text, struct err *err)
{
	return err_set(err, ERR_FORMAT, "line %zu, column %zu: %s", t->number,
	    column + 1, text);
}

/* ---- records ------------------------------------------------------------- */

static int begin_file(struct tracefile *t, size_t at, struct err *err)
{
	if (t->in_file)
		return err_set(err, ERR_FORMAT,
		    "line %zu, column 1: the file of line %zu has no "
		    "end_of_record",
		    t->number, t->began);
	if (coverage_add_file(
		t->arena, t->coverage, t->line + at, t->len - at, err) < 0)
		return err_prefix(
		    err, "line %zu, column %zu", t->number, at + 1);
	t->in_file = true;
	t->began = t->number;
	return 0;
}

/* DA:<line>,<executions>[,<checksum>] */
static int add_line(struct tracefile *t, size_t at, struct err *err)
{
	const char *comma = memchr(t->line + at, ',', t->len - at);
	uint64_t number, hits;
	const char *end;
	size_t count;

	if (!comma)
		return wrong(t, t->len, "DA wants a line and a number", err);
	if (!coverage_number(
		t->line + at, (size_t)(comma - t->line) - at, &number))
		return wrong(t, at, "not the number of a line", err);
	count = (size_t)(comma - t->line) + 1;
	end = memchr(t->line + count, ',', t->len - count);
	if (!coverage_hits(t->line + count,
		(end ? (size_t)(end - t->line) : t->len) - count, &hits))
		return wrong(t, count, "not a number of executions", err);
	if (coverage_add_line(t->arena, t->coverage, number, hits, err) < 0)
		return err_prefix(err, "line %zu, column 1", t->number);
	return 0;
}

enum record {
	RECORD_FILE,    /* SF */
	RECORD_LINE,    /* DA */
	RECORD_END,     /* end_of_record */
	RECORD_OF_FILE, /* passed over, inside a file */
	RECORD_ANYWHERE /* passed over */
};

static const struct {
	const char *name;
	enum record record;
} records[] = {
	{ "DA:", RECORD_LINE }, /* the most frequent first */
	{ "BRDA:", RECORD_OF_FILE },
	{ "FN:", RECORD_OF_FILE },
	{ "FNDA:", RECORD_OF_FILE },
	{ "FNL:", RECORD_OF_FILE },
	{ "FNA:", RECORD_OF_FILE },
	{ "FNF:", RECORD_OF_FILE },
	{ "FNH:", RECORD_OF_FILE },
	{ "BRF:", RECORD_OF_FILE },
	{ "BRH:", RECORD_OF_FILE },
	{ "MCDC:", RECORD_OF_FILE },
	{ "MCF:", RECORD_OF_FILE },
	{ "MCH:", RECORD_OF_FILE },
	{ "LF:", RECORD_OF_FILE },
	{ "LH:", RECORD_OF_FILE },
	{ "VER:", RECORD_OF_FILE },
	{ "SF:", RECORD_FILE },
	{ "TN:", RECORD_ANYWHERE },
	{ "#", RECORD_ANYWHERE },
};

#define RECORDS (sizeof(records) / sizeof(*records))

static const char end_of_record[] = "end_of_record";

/* *ret_len: bytes of the record's name */
static int record_of(const struct tracefile *t, enum record *ret,
    size_t *ret_len, struct err *err)
{
	if (t->len == strlen(end_of_record) &&
	    memcmp(t->line, end_of_record, t->len) == 0) {
		*ret = RECORD_END;
		*ret_len = t->len;
		return 0;
	}
	for (size_t i = 0; i < RECORDS; i++) {
		size_t len = strlen(records[i].name);

		if (t->len < len || memcmp(t->line, records[i].name, len) != 0)
			continue;
		*ret = records[i].record;
		*ret_len = len;
		return 0;
	}
	return err_set(err, ERR_FORMAT, "line %zu, column 1: no record '%s'",
	    t->number,
	    text_clean(t->arena, t->line, t->len < 20 ? t->len : 20));
}

static int read_line(struct tracefile *t, struct err *err)
{
	enum record record;
	size_t at;

	if (t->len > 0 && t->line[t->len - 1] == '\r')
		t->len--;
	if (t->len == 0)
		return 0;
	if (record_of(t, &record, &at, err) < 0)
		return -1;
	if (!t->in_file && record != RECORD_FILE && record != RECORD_ANYWHERE)
		return wrong(t, 0, "there is no SF before it", err);
	switch (record) {
	case RECORD_FILE:
		return begin_file(t, at, err);
	case RECORD_LINE:
		return add_line(t, at, err);
	case RECORD_END:
		t->in_file = false;
		return 0;
	case RECORD_OF_FILE:
	case RECORD_ANYWHERE:
		break;
	}
	return 0;
}

int lcov_read(struct arena *arena, const char *bytes, size_t len,
    struct coverage *ret, struct err *err)
{
	struct coverage coverage = { 0 };
	struct tracefile t = { .arena = arena, .coverage = &coverage };
	const char *p = bytes, *end = bytes + len;

	if (len > COVERAGE_BYTES_MAX)
		return err_set(err, ERR_LIMIT,
		    "the report has %zu bytes, at most %zu", len,
		    COVERAGE_BYTES_MAX);
	while (p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));

		t.line = p;
		t.len = (size_t)((newline ? newline : end) - p);
		t.number++;
		if (read_line(&t, err) < 0)
			return -1;
		p = newline ? newline + 1 : end;
	}
	if (t.in_file)
		return err_set(err, ERR_FORMAT,
		    "line %zu, column %zu: the report ends within the file of "
		    "line %zu",
		    t.number, t.len + 1, t.began);
	if (coverage_finish(arena, &coverage, err) < 0)
		return err_prefix(err, "line 1, column 1");
	*ret = coverage;
	return 0;
}
