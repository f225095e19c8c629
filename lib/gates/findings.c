#include "gates/findings.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* ---- paths -------------------------------------------------------------- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* RFC 3986, section 2.1; a NUL stays written out. */
static char *decode(struct arena *arena, const char *uri)
{
	char *path = arena_strdup(arena, uri);
	size_t n = 0;

	for (const char *p = uri; *p; p++) {
		int high = *p == '%' ? hex_digit(p[1]) : -1;
		int low = high >= 0 ? hex_digit(p[2]) : -1;

		if (low >= 0 && high + low > 0) {
			path[n++] = (char)(high << 4 | low);
			p += 2;
		} else {
			path[n++] = *p;
		}
	}
	path[n] = '\0';
	return path;
}

/* What follows the host of a file: URI, or the root of a plain path; NULL: it
 * is relative, or of another kind. */
static const char *absolute_path(const char *path)
{
	static const char scheme[] = "file:";

	if (str_prefix(path, scheme)) {
		path += strlen(scheme);
		if (str_prefix(path, "//"))
			path += 2 + strcspn(path + 2, "/");
	} else if (path[0] && str_prefix(path + 1, ":/")) {
		path += 2; /* C:/ */
	}
	return *path == '/' ? path : NULL;
}

/* The last parts of a path, so many that a hostile one is no work. */
static const char *last_parts(const char *path)
{
	size_t parts = 1;

	for (const char *p = path; *p; p++)
		parts += *p == '/';
	for (; parts > FINDINGS_PARTS_MAX; parts--)
		path = strchr(path, '/') + 1;
	return path;
}

static int find_path(struct arena *arena, const struct view *view,
    const struct oid *tree, const char *uri, const char **ret, struct err *err)
{
	const char *path = decode(arena, uri);
	const char *rest = absolute_path(path);
	struct view_entry entry;

	while (str_prefix(path, "./"))
		path += 2;
	*ret = path;
	if (!rest)
		return 0;
	for (rest = last_parts(rest); rest; rest = strchr(rest, '/')) {
		rest += strspn(rest, "/");
		if (!*rest)
			break;
		if (view->entry(view->git, tree, rest, &entry, err) < 0)
			return -1;
		if (entry.mode != 0 &&
		    (entry.mode & MODE_KIND) != MODE_FOLDER) {
			*ret = rest;
			break;
		}
	}
	return 0;
}

/* ---- the list ----------------------------------------------------------- */

static int compare_uri(const void *a, const void *b)
{
	const struct scan_finding *x = a, *y = b;

	return strcmp(x->result->path, y->result->path);
}

static int compare_worst(const void *a, const void *b)
{
	const struct scan_finding *x = a, *y = b;
	int order = (int)x->result->level - (int)y->result->level;

	if (order == 0)
		order = strcmp(x->path, y->path);
	if (order == 0)
		order = (x->result->line > y->result->line) -
		    (x->result->line < y->result->line);
	if (order == 0)
		order = (x->result > y->result) - (x->result < y->result);
	return order;
}

int findings_of(struct arena *arena, const struct gate_facts *facts,
    const struct sarif *sarif, const struct oid *commit,
    struct scan_findings *ret, struct err *err)
{
	const struct view *view = facts->view;
	struct scan_finding *v = arena_array(arena, sarif->n, sizeof(*v));
	const char *uri = NULL, *path = NULL;
	struct view_node node;

	if (view->node(view->git, arena, commit, &node, err) < 0)
		return -1;
	for (size_t i = 0; i < sarif->n; i++)
		v[i].result = &sarif->v[i];
	/* So that each is looked for once. */
	if (sarif->n > 0)
		qsort(v, sarif->n, sizeof(*v), compare_uri);
	for (size_t i = 0; i < sarif->n; i++) {
		if (!uri || strcmp(uri, v[i].result->path) != 0) {
			uri = v[i].result->path;
			if (find_path(
				arena, view, &node.tree, uri, &path, err) < 0)
				return -1;
		}
		v[i].path = path;
	}
	if (sarif->n > 0)
		qsort(v, sarif->n, sizeof(*v), compare_worst);
	*ret = (struct scan_findings){ .v = v, .n = sarif->n };
	return 0;
}

/* ---- which are new ------------------------------------------------------ */

static int compare_identity(
    const struct scan_finding *x, const struct scan_finding *y)
{
	int order = strcmp(x->result->key, y->result->key);

	/* Alike in both: the key says whether the path belongs to it. */
	if (order == 0 && x->result->by_path)
		order = strcmp(x->path, y->path);
	return order;
}

static int compare_pointers(const void *a, const void *b)
{
	const struct scan_finding *const *x = a, *const *y = b;
	int order = compare_identity(*x, *y);

	return order != 0 ? order : (*x > *y) - (*x < *y);
}

static struct scan_finding **sorted(
    struct arena *arena, const struct scan_findings *findings)
{
	struct scan_finding **v = arena_array(arena, findings->n, sizeof(*v));

	for (size_t i = 0; i < findings->n; i++)
		v[i] = &findings->v[i];
	if (findings->n > 0)
		qsort(v, findings->n, sizeof(*v), compare_pointers);
	return v;
}

void findings_mark_known(struct arena *arena,
    const struct scan_findings *findings, const struct scan_findings *before)
{
	struct scan_finding **now = sorted(arena, findings);
	struct scan_finding **then = sorted(arena, before);
	size_t i = 0, k = 0;

	while (i < findings->n && k < before->n) {
		int order = compare_identity(now[i], then[k]);

		if (order == 0)
			now[i]->known = true;
		i += order <= 0;
		k += order >= 0;
	}
}
