#include "gates/newlines.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/glob.h"
#include "base/text.h"

#define RANGES_SHOWN 12
#define WORDS_MAX 20000 /* bytes: a path, neutralised, and its ranges */

/*
 * Extensions of languages that run and whose tests can say what ran.  Headers
 * are none: most hold declarations alone, so that reports leave them out; where
 * a report has one, its extension counts.
 */
static const char *const sources[] = { "adb", "bas", "c", "c++", "cc", "cjs",
	"clj", "cpp", "cs", "cu", "cxx", "d", "dart", "erl", "ex", "f", "f03",
	"f08", "f90", "f95", "for", "fs", "go", "groovy", "hs", "java", "jl",
	"js", "jsx", "kt", "kts", "lua", "m", "mjs", "ml", "mm", "nim", "pas",
	"php", "pl", "pm", "py", "pyx", "r", "rb", "rs", "scala", "swift", "ts",
	"tsx", "v", "vb", "vue", "zig" };

#define SOURCES (sizeof(sources) / sizeof(*sources))

struct joining {
	struct arena *arena;
	const struct coverage_file *file; /* NULL: the report has none */
	struct new_file counted;
};

static bool is_source(
    struct arena *arena, const struct covered_tree *tree, const char *path)
{
	const char *extension = path_extension(arena, path);

	if (!extension)
		return false;
	for (size_t i = 0; i < SOURCES; i++)
		if (strcmp(sources[i], extension) == 0)
			return true;
	return covered_tree_has_kind(tree, extension);
}

/* ---- one file ------------------------------------------------------------ */

static void count_line(struct joining *j, uint64_t line, bool covered)
{
	struct new_file *counted = &j->counted;
	size_t n = counted->uncovered.n;

	counted->lines++;
	counted->covered += covered;
	if (covered)
		return;
	if (n > 0 && counted->uncovered.v[n - 1].to + 1 == line)
		counted->uncovered.v[n - 1].to = line;
	else
		ARRAY_PUSH(j->arena, &counted->uncovered,
		    (struct line_range){ line, line });
}

static int join_line(
    void *ctx, uint64_t line, const char *bytes, size_t len, struct err *err)
{
	struct joining *j = ctx;
	const struct coverage_line *executable;

	(void)bytes;
	(void)len;
	(void)err;
	if (!j->file) {
		count_line(j, line, false);
		return 0;
	}
	executable = coverage_line(j->file, line);
	if (executable)
		count_line(j, line, executable->hits > 0);
	return 0;
}

/* Is it the same file in the tree that the report was made from?  A statement
 * that binds to a change speaks of trees that differ elsewhere, and maybe in
 * this file too. */
static int is_other_file(const struct gate_facts *facts,
    const struct covered_tree *tree, const struct path_change *path, bool *ret,
    struct err *err)
{
	struct view_entry entry;

	*ret = false;
	if (oid_eq(&tree->commit, &facts->candidate))
		return 0;
	if (facts->view->entry(
		facts->view->git, &tree->tree, path->path, &entry, err) < 0)
		return -1;
	*ret = entry.mode == 0 || !oid_eq(&entry.oid, &path->to.oid);
	return 0;
}

/* Where a diff does not tell lines apart, all may be new. */
static void count_all(struct joining *j, struct new_lines *all)
{
	if (!j->file) {
		all->unknown = true;
		j->counted.why = "binary or too big, and not in the report";
		return;
	}
	for (size_t i = 0; i < j->file->n; i++)
		count_line(j, j->file->v[i].number, j->file->v[i].hits > 0);
}

static int count_file(struct joining *j, const struct gate_facts *facts,
    const struct covered_tree *tree, const struct path_change *path,
    struct new_lines *all, struct err *err)
{
	struct new_file *counted = &j->counted;
	bool other;
	int r;

	*counted = (struct new_file){ .path = path->path };
	j->file = coverage_file(&tree->files, path->path);
	if (!j->file && !is_source(j->arena, tree, path->path))
		return 0;
	if (is_other_file(facts, tree, path, &other, err) < 0)
		return -1;
	if (other) {
		j->file = NULL;
		counted->why = arena_printf(j->arena,
		    "not the file of %s, of which the report is",
		    oid_hex8(&tree->commit).s);
	} else if (!j->file) {
		counted->why = "not in the report";
	}
	r = facts_added_lines(facts, path, join_line, j, err);
	if (r < 0)
		return -1;
	if (r > 0)
		count_all(j, all);
	all->lines += counted->lines;
	all->covered += counted->covered;
	if (counted->lines > counted->covered || (r > 0 && !j->file))
		ARRAY_PUSH(j->arena, all, *counted);
	return 0;
}

/* ---- all files ----------------------------------------------------------- */

static int compare_files(const void *a, const void *b)
{
	const struct new_file *x = a, *y = b;
	uint64_t x_missing = x->lines - x->covered;
	uint64_t y_missing = y->lines - y->covered;

	if (x_missing != y_missing)
		return x_missing > y_missing ? -1 : 1;
	return strcmp(x->path, y->path);
}

int new_lines_count(struct arena *arena, const struct gate_facts *facts,
    const struct covered_tree *tree, const struct strings *ignore,
    struct new_lines *ret, struct err *err)
{
	struct joining j = { .arena = arena };
	struct new_lines all = { 0 };
	const struct change *change;

	if (facts_change(facts, &change, err) < 0)
		return -1;
	for (size_t i = 0; i < change->n; i++) {
		const struct path_change *path = &change->v[i];

		if (!entry_is_file(&path->to) ||
		    globs_match(ignore, path->path))
			continue;
		if (count_file(&j, facts, tree, path, &all, err) < 0)
			return -1;
	}
	if (all.n > 1)
		qsort(all.v, all.n, sizeof(*all.v), compare_files);
	*ret = all;
	return 0;
}

const char *new_file_words(struct arena *arena, const struct new_file *file)
{
	struct buf buf;

	buf_init(&buf, arena, WORDS_MAX);
	buf_adds(&buf, text_clean_s(arena, file->path));
	for (size_t i = 0; i < file->uncovered.n; i++) {
		const struct line_range *range = &file->uncovered.v[i];

		if (i == RANGES_SHOWN) {
			buf_addf(&buf, " and %zu more",
			    file->uncovered.n - RANGES_SHOWN);
			break;
		}
		buf_addf(&buf, "%s %llu", i > 0 ? "," : ":",
		    (unsigned long long)range->from);
		if (range->to > range->from)
			buf_addf(&buf, "-%llu", (unsigned long long)range->to);
	}
	if (file->why)
		buf_addf(&buf, " (%s)", file->why);
	else
		buf_addf(&buf, " (%llu of %llu covered)",
		    (unsigned long long)file->covered,
		    (unsigned long long)file->lines);
	return buf.p;
}
