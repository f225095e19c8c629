#include "reports/coverage.h"

#include <stdlib.h>
#include <string.h>

/* ---- asking -------------------------------------------------------------- */

static int compare_files(const void *a, const void *b)
{
	const struct coverage_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

static int compare_lines(const void *a, const void *b)
{
	const struct coverage_line *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

const struct coverage_file *coverage_file(
    const struct coverage *coverage, const char *path)
{
	const struct coverage_file key = { .path = path };

	if (coverage->n == 0)
		return NULL;
	return bsearch(&key, coverage->v, coverage->n, sizeof(*coverage->v),
	    compare_files);
}

const struct coverage_line *coverage_line(
    const struct coverage_file *file, uint64_t number)
{
	struct coverage_line key = { 0 };

	if (file->n == 0 || number > COVERAGE_NUMBER_MAX)
		return NULL;
	key.number = (uint32_t)number;
	return bsearch(&key, file->v, file->n, sizeof(*file->v), compare_lines);
}

/* ---- adding -------------------------------------------------------------- */

/* Control characters in a path would be read by people as something else. */
static int check_path(const char *path, size_t len, struct err *err)
{
	if (len == 0)
		return err_set(err, ERR_FORMAT, "a path is empty");
	if (len > COVERAGE_PATH_MAX)
		return err_set(err, ERR_LIMIT,
		    "a path has %zu bytes, at most %zu", len,
		    COVERAGE_PATH_MAX);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)path[i] < ' ' || path[i] == 0x7f)
			return err_set(
			    err, ERR_FORMAT, "a path has a control character");
	return 0;
}

int coverage_add_file(struct arena *arena, struct coverage *coverage,
    const char *path, size_t len, struct err *err)
{
	struct coverage_file file = { 0 };

	if (check_path(path, len, err) < 0)
		return -1;
	if (coverage->n == COVERAGE_FILES_MAX)
		return err_set(
		    err, ERR_LIMIT, "more than %zu files", COVERAGE_FILES_MAX);
	file.path = arena_strndup(arena, path, len);
	ARRAY_PUSH(arena, coverage, file);
	return 0;
}

int coverage_add_line(struct arena *arena, struct coverage *coverage,
    uint64_t number, uint64_t hits, struct err *err)
{
	const struct coverage_line line = { (uint32_t)number, hits };

	if (coverage->lines == COVERAGE_LINES_MAX)
		return err_set(
		    err, ERR_LIMIT, "more than %zu lines", COVERAGE_LINES_MAX);
	coverage->lines++;
	ARRAY_PUSH(arena, &coverage->v[coverage->n - 1], line);
	return 0;
}

int coverage_add_source(struct arena *arena, struct coverage *coverage,
    const char *path, size_t len, struct err *err)
{
	if (check_path(path, len, err) < 0)
		return -1;
	if (coverage->sources.n == COVERAGE_SOURCES_MAX)
		return err_set(err, ERR_LIMIT, "more than %zu sources",
		    COVERAGE_SOURCES_MAX);
	strings_add(arena, &coverage->sources, arena_strndup(arena, path, len));
	return 0;
}

/* ---- joining ------------------------------------------------------------- */

/* Files of one path, n of them, into the first. */
static void join_files(
    struct arena *arena, struct coverage_file *files, size_t n)
{
	struct coverage_line *lines;
	size_t total = 0;

	for (size_t i = 0; i < n; i++)
		total += files[i].n;
	lines = arena_array(arena, total, sizeof(*lines));
	total = 0;
	for (size_t i = 0; i < n; i++) {
		if (files[i].n > 0)
			memcpy(lines + total, files[i].v,
			    files[i].n * sizeof(*lines));
		total += files[i].n;
	}
	files->v = lines;
	files->n = files->cap = total;
}

static void join_lines(struct coverage_file *file)
{
	size_t n = 0;

	if (file->n == 0)
		return;
	qsort(file->v, file->n, sizeof(*file->v), compare_lines);
	for (size_t i = 1; i < file->n; i++) {
		struct coverage_line *last = &file->v[n];

		if (file->v[i].number != last->number)
			file->v[++n] = file->v[i];
		else if (__builtin_add_overflow(
			     last->hits, file->v[i].hits, &last->hits))
			last->hits = UINT64_MAX;
	}
	file->n = n + 1;
}

int coverage_finish(
    struct arena *arena, struct coverage *coverage, struct err *err)
{
	size_t n = 0, same;

	if (coverage->n == 0)
		return err_set(err, ERR_FORMAT, "there is no file in it");
	qsort(coverage->v, coverage->n, sizeof(*coverage->v), compare_files);
	for (size_t i = 0; i < coverage->n; i += same) {
		struct coverage_file *file = &coverage->v[i];

		for (same = 1; i + same < coverage->n; same++)
			if (strcmp(file[same].path, file->path) != 0)
				break;
		if (same > 1)
			join_files(arena, file, same);
		join_lines(file);
		coverage->v[n++] = *file;
	}
	coverage->n = n;
	return 0;
}

/* ---- numbers ------------------------------------------------------------- */

static bool all_digits(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] < '0' || p[i] > '9')
			return false;
	return len > 0;
}

bool coverage_hits(const char *p, size_t len, uint64_t *ret)
{
	bool negative = len > 0 && *p == '-';
	uint64_t hits = 0;

	p += negative;
	len -= negative;
	if (!all_digits(p, len))
		return false;
	for (size_t i = 0; i < len && !negative; i++)
		if (__builtin_mul_overflow(hits, 10, &hits) ||
		    __builtin_add_overflow(
			hits, (uint64_t)(p[i] - '0'), &hits)) {
			hits = UINT64_MAX;
			break;
		}
	*ret = hits;
	return true;
}

bool coverage_number(const char *p, size_t len, uint64_t *ret)
{
	uint64_t number;

	if (!all_digits(p, len) || !coverage_hits(p, len, &number) ||
	    number < 1 || number > COVERAGE_NUMBER_MAX)
		return false;
	*ret = number;
	return true;
}
