#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * Growing arrays in an arena.  An array is any struct with the members
 * `T *v; size_t n, cap;`.  ARRAY_PUSH appends one element (by value).
 */
#define ARRAY_PUSH(arena, array, ...)                                          \
	do {                                                                   \
		if ((array)->n == (array)->cap) {                              \
			size_t cap_ = (array)->cap ? 2 * (array)->cap : 8;     \
			(array)->v = arena_grow((arena), (array)->v,           \
			    (array)->n, cap_, sizeof(*(array)->v));            \
			(array)->cap = cap_;                                   \
		}                                                              \
		(array)->v[(array)->n++] = (__VA_ARGS__);                      \
	} while (0)

/* A list of NUL-terminated strings. */
struct strings {
	const char **v;
	size_t n, cap;
};

bool strings_have(const struct strings *list, const char *s);
/* Appends unless already there. */
void strings_add(struct arena *arena, struct strings *list, const char *s);
/* "@a, @b", where before is "@"; "" for none. */
const char *strings_join(
    struct arena *arena, const struct strings *list, const char *before);

#endif
