#include "judge/attributes.h"

#include <string.h>

#include "base/buf.h"
#include "base/glob.h"

#define ATTRIBUTES_MAX ((size_t)64 << 10) /* bytes of a file that is read */
#define FOLDERS_MAX 32                    /* of a path that are looked at */

struct asking {
	const struct view *view;
	struct arena *arena;
	const struct oid *tree;
	const char *path;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of a line; the cursor moves behind it. */
static const char *next_word(struct arena *arena, const char **at)
{
	const char *p = *at, *start;

	while (is_blank(*p))
		p++;
	start = p;
	while (*p && !is_blank(*p))
		p++;
	*at = p;
	return p > start ? arena_strndup(arena, start, (size_t)(p - start))
			 : NULL;
}

/* gitignore(5)'s pattern as one of ours: braces are literal there. */
static const char *as_glob(struct arena *arena, const char *pattern)
{
	struct err err;
	struct buf buf;

	buf_init(&buf, arena, GLOB_MAX);
	for (const char *p = pattern; *p; p++) {
		if (*p == '{' || *p == '}' || *p == ',')
			buf_addc(&buf, '\\');
		buf_addc(&buf, *p);
	}
	if (buf.overflow || glob_check(buf.p, &err) < 0)
		return NULL;
	return buf.p;
}

/* A pattern without a slash is about names, one with a slash about paths from
 * the folder that the file stands in. */
static bool pattern_matches(
    struct arena *arena, const char *pattern, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *glob;

	if (!strchr(pattern, '/'))
		path = slash ? slash + 1 : path;
	else if (*pattern == '/')
		pattern++;
	glob = as_glob(arena, pattern);
	return glob && glob_match(glob, path);
}

/* What one line says: false when it says nothing about merging. */
static bool line_says(
    struct arena *arena, const char *line, const char *path, const char **ret)
{
	const char *pattern = next_word(arena, &line);
	const char *word;
	bool says = false;

	if (!pattern || *pattern == '#' || *pattern == '[' || *pattern == '"' ||
	    !pattern_matches(arena, pattern, path))
		return false;
	while ((word = next_word(arena, &line)) != NULL) {
		if (strncmp(word, "merge=", 6) == 0)
			*ret = word + 6;
		else if (strcmp(word, "-merge") == 0 ||
		    strcmp(word, "binary") == 0)
			*ret = "binary";
		else if (strcmp(word, "merge") == 0 ||
		    strcmp(word, "!merge") == 0)
			*ret = NULL;
		else
			continue;
		says = true;
	}
	return says;
}

static bool file_says(struct arena *arena, const char *text, size_t len,
    const char *path, const char **ret)
{
	const char *end = text + len;
	bool says = false;

	for (const char *p = text; p < end;) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl : end;

		if (line_says(arena,
			arena_strndup(arena, p, (size_t)(stop - p)), path, ret))
			says = true;
		p = stop + 1;
	}
	return says;
}

/* The file in the folder that is the first `folder` bytes of the path. */
static int folder_says(struct asking *asking, size_t folder, const char **ret,
    bool *ret_says, struct err *err)
{
	const struct view *view = asking->view;
	const char *name = arena_printf(
	    asking->arena, "%.*s.gitattributes", (int)folder, asking->path);
	struct view_entry entry;
	enum object_kind kind;
	const char *text;
	uint64_t size;
	size_t len;

	*ret_says = false;
	if (view->entry(view->git, asking->tree, name, &entry, err) < 0)
		return -1;
	if (entry.mode != 0100644 && entry.mode != 0100755)
		return 0;
	if (view->kind(view->git, &entry.oid, &kind, &size, err) < 0)
		return -1;
	if (kind != OBJECT_BLOB || size > ATTRIBUTES_MAX)
		return 0;
	if (view->blob(view->git, asking->arena, &entry.oid, ATTRIBUTES_MAX,
		&text, &len, err) < 0)
		return -1;
	*ret_says = file_says(
	    asking->arena, text, len, asking->path + folder, ret);
	return 0;
}

int attributes_merge(const struct view *view, struct arena *arena,
    const struct oid *tree, const char *path, const char **ret, struct err *err)
{
	struct asking asking = { view, arena, tree, path };
	size_t folder = strlen(path);

	*ret = NULL;
	for (size_t i = 0; i < FOLDERS_MAX; i++) {
		bool says;

		/* up to and with the slash before; none is the root */
		while (folder > 0 && path[folder - 1] != '/')
			folder--;
		if (folder_says(&asking, folder, ret, &says, err) < 0)
			return -1;
		if (says || folder == 0)
			return 0;
		folder--;
	}
	return 0;
}
