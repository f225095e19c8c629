#include "base/array.h"

#include <string.h>

bool strings_have(const struct strings *list, const char *s)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->v[i], s) == 0)
			return true;
	return false;
}

void strings_add(struct arena *arena, struct strings *list, const char *s)
{
	if (!strings_have(list, s))
		ARRAY_PUSH(arena, list, s);
}

const char *strings_join(
    struct arena *arena, const struct strings *list, const char *before)
{
	const char *text = "";

	for (size_t i = 0; i < list->n; i++)
		text = arena_printf(arena, "%s%s%s%s", text, i > 0 ? ", " : "",
		    before, list->v[i]);
	return text;
}
