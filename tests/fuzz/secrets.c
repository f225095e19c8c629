/*
 * Bytes of any kind are searched for credentials; the first half is what was
 * there before.  Hits lie in the text and do not overlap; what is shown of one
 * is no more than a quarter; every line of a text is in the text itself; a hit
 * in a line that is new lies in the part that is left of it after trimming.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "gates/secrets.h"

/* Longer lines are searched in windows, which begin elsewhere in a part. */
#define WHOLE_LINES_MAX ((size_t)256)

static struct secret_scanner *new_scanner(struct arena *arena)
{
	static struct secret_rule word = { .name = "word",
		.match = "(?i)^x(.+)y$" };
	static const char *const none[] = { NULL };
	const struct secret_rule_list own = { &word, 1, 1 };

	word.keywords = none;
	return secret_scanner_new(arena, &own);
}

static struct secret_hits search(struct arena *arena,
    struct secret_scanner *scanner, const struct secret_text *text, size_t from,
    size_t to)
{
	struct secret_hits hits = { NULL, 0, 0 };
	struct err err;

	if (secret_scan(scanner, arena, text, from, to, &hits, &err) < 0)
		MUST(err.kind == ERR_LIMIT);
	return hits;
}

static void check_hits(struct arena *arena, const struct secret_text *text,
    const struct secret_hits *hits)
{
	MUST(hits->n <= HITS_MAX);
	for (size_t i = 0; i < hits->n; i++) {
		const struct secret_hit *hit = &hits->v[i];
		const char *shown = secret_masked(
		    arena, text->p + hit->begin, hit->end - hit->begin);

		MUST(hit->from <= hit->begin && hit->begin < hit->end &&
		    hit->end <= hit->to && hit->to <= text->len);
		MUST(strlen(shown) <= hit->end - hit->begin + strlen("****"));
		MUST(secrets_had_lines(text, text, hit));
		(void)secrets_allowed_inline(text, hit);
		for (size_t k = 0; k < i; k++)
			MUST(hit->end <= hits->v[k].begin ||
			    hits->v[k].end <= hit->begin);
	}
}

static bool has(const struct secret_hits *hits, const struct secret_hit *hit)
{
	for (size_t i = 0; i < hits->n; i++)
		if (hits->v[i].begin < hit->end && hit->begin < hits->v[i].end)
			return true;
	return false;
}

static void check_trim(struct arena *arena, struct secret_scanner *scanner,
    const struct secret_text *old, const struct secret_text *text,
    const struct secret_hits *all)
{
	struct secret_hits part;
	size_t from, to;

	secrets_trim(old, text, &from, &to);
	MUST(from <= to && to <= text->len);
	MUST(from <= old->len && memcmp(old->p, text->p, from) == 0);
	part = search(arena, scanner, text, from, to);
	check_hits(arena, text, &part);
	if (text->len > WHOLE_LINES_MAX || part.n == HITS_MAX)
		return;
	for (size_t i = 0; i < all->n; i++)
		if (!secrets_had_lines(old, text, &all->v[i]))
			MUST(has(&part, &all->v[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct secret_text text, old, narrow;
	struct secret_scanner *scanner;
	struct secret_hits hits;
	struct arena arena;

	arena_init(&arena, ARENA_RUN_MAX);
	text.p = fuzz_text(&arena, data, size);
	text.len = size;
	old.p = arena_strndup(&arena, text.p, size / 2);
	old.len = size / 2;
	scanner = new_scanner(&arena);
	hits = search(&arena, scanner, &text, 0, size);
	check_hits(&arena, &text, &hits);
	check_trim(&arena, scanner, &old, &text, &hits);
	text.p += size / 2;
	text.len -= size / 2;
	hits = search(&arena, scanner, &text, 0, text.len);
	check_trim(&arena, scanner, &old, &text, &hits);
	secret_narrow(&arena, &text, &narrow);
	MUST(narrow.len <= text.len);
	hits = search(&arena, scanner, &narrow, 0, narrow.len);
	check_hits(&arena, &narrow, &hits);
	arena_release(&arena);
	return 0;
}
