#include "git/objectdirs.h"

#include <string.h>

#include "base/file.h"

#define ALTERNATES_BYTES_MAX ((size_t)64 << 10)

static void add_alternates(
    struct arena *arena, const char *dir, struct strings *dirs)
{
	struct err ignored;
	char *rest, *line;
	size_t len;

	if (file_read(arena, arena_printf(arena, "%s/info/alternates", dir),
		ALTERNATES_BYTES_MAX, &rest, &len, &ignored))
		return;
	while ((line = strsep(&rest, "\n"))) {
		if (!*line || *line == '#' || *line == '"' ||
		    dirs->n == OBJECT_DIRS_MAX)
			continue;
		if (*line == '/')
			strings_add(arena, dirs, line);
		else
			strings_add(arena, dirs,
			    arena_printf(arena, "%s/%s", dir, line));
	}
}

void object_dirs(
    struct arena *arena, const char *objects, struct strings *ret_dirs)
{
	memset(ret_dirs, 0, sizeof(*ret_dirs));
	strings_add(arena, ret_dirs, objects);
	for (size_t i = 0; i < ret_dirs->n; i++)
		add_alternates(arena, ret_dirs->v[i], ret_dirs);
}
