#include "gates/coveredtree.h"

#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/text.h"
#include "reports/cobertura.h"
#include "reports/lcov.h"
#include "reports/treepaths.h"

int coverage_read(struct arena *arena, const struct statement *statement,
    struct coverage *ret, struct err *err)
{
	if (strcmp(statement->report, "cobertura") == 0)
		return cobertura_read(arena, statement->report_bytes,
		    statement->report_len, ret, err);
	return lcov_read(
	    arena, statement->report_bytes, statement->report_len, ret, err);
}

/* ---- kinds of files ------------------------------------------------------ */

const char *path_extension(struct arena *arena, const char *path)
{
	const char *name = strrchr(path, '/');
	const char *dot;
	char *extension;

	name = name ? name + 1 : path;
	dot = strrchr(name, '.');
	if (!dot || dot == name || !dot[1])
		return NULL;
	extension = arena_strdup(arena, dot + 1);
	for (char *p = extension; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return extension;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* There may be as many as files. */
static void sort_extensions(struct strings *list)
{
	if (list->n > 1)
		qsort(list->v, list->n, sizeof(*list->v), compare_texts);
}

bool covered_tree_has_kind(
    const struct covered_tree *tree, const char *extension)
{
	const struct strings *list = &tree->extensions;

	return list->n > 0 &&
	    bsearch(
		&extension, list->v, list->n, sizeof(*list->v), compare_texts);
}

/* ---- which file is meant ------------------------------------------------- */

struct claim { /* a file of the report, and what it means */
	const struct coverage_file *file;
	const char *reported; /* where it was, with the source before it */
	struct treepath_match match;
};

struct claims {
	struct claim *v;
	size_t n, cap;
};

struct laying {
	struct arena *work;
	const struct coverage *report;
	const struct strings *ignore;
	struct treepaths paths; /* of the tree */
	struct claims claims;
	struct covered_tree *ret;
};

static int ambiguous(struct laying *l, const char *what, const char *a,
    const char *b, struct err *err)
{
	return err_set(err, ERR_FORMAT,
	    "%s in the report is ambiguous: %s or %s",
	    text_clean_s(l->work, what), text_clean_s(l->work, a),
	    text_clean_s(l->work, b));
}

/* Globs can't begin with a slash. */
static bool is_ignored(const struct laying *l, const char *path)
{
	return globs_match(l->ignore, path + (*path == '/'));
}

static bool is_absolute(const char *path)
{
	return *path == '/' || *path == '\\' ||
	    (*path && path[1] == ':' && (path[2] == '\\' || path[2] == '/'));
}

/* The longest end wins, whichever source it is found with. */
static int find_with_sources(
    struct laying *l, struct claim *claim, struct err *err)
{
	const struct strings *sources = &l->report->sources;
	const char *path = claim->file->path;

	for (size_t i = 0; i < sources->n && !is_absolute(path); i++) {
		const char *reported = treepath_normal(l->work,
		    arena_printf(l->work, "%s/%s", sources->v[i], path));
		struct treepath_match match;

		treepaths_find(&l->paths, reported, &match);
		if (match.parts < claim->match.parts)
			continue;
		if (match.parts > claim->match.parts || !claim->match.path) {
			claim->match = match;
			claim->reported = reported;
		} else if (strcmp(match.path, claim->match.path) != 0) {
			return ambiguous(
			    l, path, claim->match.path, match.path, err);
		}
	}
	return 0;
}

static int claim_file(
    struct laying *l, const struct coverage_file *file, struct err *err)
{
	struct claim claim = { .file = file };
	const struct treepath_match *match = &claim.match;
	const char *extension;

	claim.reported = treepath_normal(l->work, file->path);
	if (is_ignored(l, claim.reported))
		return 0;
	treepaths_find(&l->paths, claim.reported, &claim.match);
	if (find_with_sources(l, &claim, err) < 0)
		return -1;
	if (!match->path || is_ignored(l, claim.reported))
		return 0;
	if (match->other && is_ignored(l, match->path) &&
	    is_ignored(l, match->other))
		return 0;
	if (match->other)
		return ambiguous(l, file->path, match->path, match->other, err);
	extension = path_extension(l->work, match->path);
	if (extension)
		ARRAY_PUSH(l->work, &l->ret->extensions, extension);
	if (!is_ignored(l, match->path))
		ARRAY_PUSH(l->work, &l->claims, claim);
	return 0;
}

/* By path in the tree, the longest common end first. */
static int compare_claims(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;
	int order = strcmp(x->match.path, y->match.path);

	if (order != 0)
		return order;
	if (x->match.parts != y->match.parts)
		return x->match.parts > y->match.parts ? -1 : 1;
	return strcmp(x->reported, y->reported);
}

/* A file of the tree takes what those with the longest end say. */
static int settle_claims(struct laying *l, struct err *err)
{
	const struct claim *best = NULL;

	if (l->claims.n > 1)
		qsort(l->claims.v, l->claims.n, sizeof(*l->claims.v),
		    compare_claims);
	for (size_t i = 0; i < l->claims.n; i++) {
		const struct claim *claim = &l->claims.v[i];
		struct coverage_file file = *claim->file;

		if (!best || strcmp(best->match.path, claim->match.path) != 0)
			best = claim;
		if (claim->match.parts < best->match.parts)
			continue;
		if (!best->match.whole &&
		    strcmp(best->reported, claim->reported) != 0)
			return ambiguous(l, claim->match.path, best->reported,
			    claim->reported, err);
		file.path = claim->match.path;
		ARRAY_PUSH(l->work, &l->ret->files, file);
	}
	if (l->ret->files.n == 0)
		return 0;
	return coverage_finish(l->work, &l->ret->files, err);
}

/* ---- does it fit? -------------------------------------------------------- */

static uint64_t count_lines(const char *bytes, size_t len)
{
	uint64_t lines = len > 0 && bytes[len - 1] != '\n';

	for (const char *p = bytes, *end = bytes + len;
	     (p = memchr(p, '\n', (size_t)(end - p))) != NULL; p++)
		lines++;
	return lines;
}

static int lines_of(const struct view *view, struct arena *scratch,
    const struct covered_tree *tree, const char *path, uint64_t *ret,
    struct err *err)
{
	struct view_entry entry;
	const char *bytes;
	size_t len;

	if (view->entry(view->git, &tree->tree, path, &entry, err) < 0)
		return -1;
	if (view->blob(view->git, scratch, &entry.oid, LINES_BLOB_MAX, &bytes,
		&len, err) < 0)
		return err_prefix(err, "%s", text_clean_s(scratch, path));
	*ret = count_lines(bytes, len);
	return 0;
}

/* A line beyond the end of a file can only be of another one. */
static void check_fit(struct arena *work, struct covered_tree *tree,
    const struct coverage_file *file, uint64_t lines)
{
	uint64_t last = file->n > 0 ? file->v[file->n - 1].number : 0;

	if (last > lines && !tree->misfit)
		tree->misfit = arena_printf(work,
		    "the report has line %llu of %s, which has %llu: it was "
		    "made from other files",
		    (unsigned long long)last, text_clean_s(work, file->path),
		    (unsigned long long)lines);
}

static int count_files(const struct view *view, struct arena *work,
    struct covered_tree *tree, struct err *err)
{
	struct arena scratch;
	int r = 0;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	for (size_t i = 0; i < tree->files.n && r == 0; i++) {
		const struct coverage_file *file = &tree->files.v[i];
		uint64_t lines;

		tree->lines += file->n;
		for (size_t k = 0; k < file->n; k++)
			tree->covered += file->v[k].hits > 0;
		r = lines_of(view, &scratch, tree, file->path, &lines, err);
		if (r == 0)
			check_fit(work, tree, file, lines);
		arena_reset(&scratch);
	}
	arena_release(&scratch);
	return r;
}

/* ---- all of it ----------------------------------------------------------- */

static int add_path(
    void *ctx, const struct view_change *change, struct err *err)
{
	struct laying *l = ctx;

	(void)err;
	if (entry_is_file(&change->to))
		treepaths_add(
		    l->work, &l->paths, arena_strdup(l->work, change->path));
	return 0;
}

int covered_tree_read(struct arena *work, const struct view *view,
    const struct reported *reported, const struct strings *ignore,
    struct covered_tree *ret, struct err *err)
{
	struct covered_tree tree = { .commit = reported->evidence.commit };
	struct coverage report;
	struct laying l = {
		.work = work, .report = &report, .ignore = ignore, .ret = &tree
	};
	struct view_node node;

	if (coverage_read(work, &reported->statement, &report, err) < 0 ||
	    view->node(view->git, work, &tree.commit, &node, err) < 0)
		return -1;
	tree.tree = node.tree;
	if (view->list(view->git, &tree.tree, add_path, &l, err) < 0)
		return -1;
	treepaths_sort(&l.paths);
	for (size_t i = 0; i < report.n; i++)
		if (claim_file(&l, &report.v[i], err) < 0)
			return -1;
	sort_extensions(&tree.extensions);
	if (settle_claims(&l, err) < 0 ||
	    count_files(view, work, &tree, err) < 0)
		return -1;
	*ret = tree;
	return 0;
}
