#ifndef BASE_KEYWORDS_H
#define BASE_KEYWORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/err.h"

/*
 * Many words looked for in one pass over the text, ASCII letters without
 * regard to case (Aho and Corasick, 1975, as a table of transitions).  The
 * time taken depends on the text alone, never on how many words there are.
 *
 *	kw = keywords_new(arena, bytes);	bytes: of all words together
 *	keywords_add(kw, "ghp_", 7);		any number of times
 *	keywords_build(kw);
 *	keywords_search(kw, text, len, found, ctx, err);
 */
#define KEYWORDS_BYTES_MAX ((size_t)32000) /* of all words together */
#define KEYWORD_MIN 2                      /* bytes of a word */
#define KEYWORD_MAX 64

struct keywords;

/* Called for each place where a word ends: text[end - 1] is its last byte.
 * Words that end at the same place are told one after the other.  -1 ends the
 * search with err. */
typedef int keyword_fn(void *ctx, unsigned id, size_t end, struct err *err);

struct keywords *keywords_new(struct arena *arena, size_t bytes);
/* The same word may be added several times, with other ids. */
void keywords_add(struct keywords *kw, const char *word, unsigned id);
void keywords_build(struct keywords *kw);
int keywords_search(const struct keywords *kw, const char *text, size_t len,
    keyword_fn *fn, void *ctx, struct err *err);

#endif
