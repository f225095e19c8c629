#include "reports/treepaths.h"

#include <stdlib.h>
#include <string.h>

/*
 * Paths are compared from their ends, with a slash before the first component,
 * so that whole components count.  Sorted like that, those that share an end
 * stand together, the path that is that end itself first, and the longest
 * shared end is one of a neighbour's.
 */

#define NOTHING (-1)

/* The i-th character from the end. */
static int from_end(const struct treepath *path, size_t i)
{
	if (i < path->len)
		return (unsigned char)path->path[path->len - 1 - i];
	return i == path->len ? '/' : NOTHING;
}

static int compare_ends(const struct treepath *a, const struct treepath *b)
{
	for (size_t i = 0;; i++) {
		int x = from_end(a, i), y = from_end(b, i);

		if (x != y)
			return x < y ? -1 : 1;
		if (x == NOTHING)
			return 0;
	}
}

static int compare(const void *a, const void *b)
{
	return compare_ends(a, b);
}

/* Components that both end with. */
static size_t shared_parts(const struct treepath *a, const struct treepath *b)
{
	size_t parts = 0;

	for (size_t i = 0;; i++) {
		int c = from_end(a, i);

		if (c == NOTHING || c != from_end(b, i))
			return parts;
		parts += c == '/';
	}
}

void treepaths_add(
    struct arena *arena, struct treepaths *paths, const char *path)
{
	const struct treepath added = { path, strlen(path) };

	ARRAY_PUSH(arena, paths, added);
}

void treepaths_sort(struct treepaths *paths)
{
	if (paths->n > 1)
		qsort(paths->v, paths->n, sizeof(*paths->v), compare);
}

/* The first that is not before `path`. */
static size_t lower_bound(
    const struct treepaths *paths, const struct treepath *path)
{
	size_t low = 0, high = paths->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_ends(&paths->v[middle], path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The last components of a path. */
static struct treepath end_of(const struct treepath *path, size_t parts)
{
	struct treepath end = { path->path + path->len, 0 };

	while (end.len < path->len) {
		if (end.path[-1] == '/' && --parts == 0)
			break;
		end.path--;
		end.len++;
	}
	return end;
}

void treepaths_find(const struct treepaths *paths, const char *reported,
    struct treepath_match *ret)
{
	struct treepath path = { reported, strlen(reported) }, end;
	size_t at, before = 0, after = 0;

	memset(ret, 0, sizeof(*ret));
	while (path.len > 0 && *path.path == '/') {
		path.path++;
		path.len--;
	}
	if (path.len == 0)
		return;
	at = lower_bound(paths, &path);
	if (at > 0)
		before = shared_parts(&paths->v[at - 1], &path);
	if (at < paths->n)
		after = shared_parts(&paths->v[at], &path);
	ret->parts = before > after ? before : after;
	if (ret->parts == 0)
		return;
	end = end_of(&path, ret->parts);
	at = lower_bound(paths, &end);
	ret->path = paths->v[at].path;
	ret->whole = compare_ends(&paths->v[at], &end) == 0;
	if (!ret->whole && at + 1 < paths->n &&
	    shared_parts(&paths->v[at + 1], &path) == ret->parts)
		ret->other = paths->v[at + 1].path;
}

static bool is_slash(char c)
{
	return c == '/' || c == '\\';
}

const char *treepath_normal(struct arena *arena, const char *path)
{
	bool absolute = is_slash(*path);
	char *normal = arena_alloc(arena, strlen(path) + 2);
	size_t len = 0;

	while (*path) {
		size_t part = strcspn(path, "/\\");

		if (part == 2 && memcmp(path, "..", 2) == 0) {
			while (len > 0 && normal[--len] != '/')
				;
		} else if (part > 0 && !(part == 1 && *path == '.')) {
			if (len > 0 || absolute)
				normal[len++] = '/';
			memcpy(normal + len, path, part);
			len += part;
		}
		path += part + (path[part] != '\0');
	}
	normal[len] = '\0';
	return normal;
}
