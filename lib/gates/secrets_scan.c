#include "gates/secrets_scan.h"

#include <string.h>

#include "base/keywords.h"
#include "base/regex.h"

struct scan_rule {
	const struct secret_rule *rule;
	struct regex *regex; /* NULL: not needed yet */
	size_t done;         /* of the text at hand: searched up to there */
};

struct secret_scanner {
	struct arena *arena;
	struct scan_rule *rules;
	size_t n;
	struct keywords *keywords;
};

struct scan { /* of one text */
	struct secret_scanner *scanner;
	struct arena *arena;
	const struct secret_text *text;
	size_t from; /* where the part begins that keywords are looked for in */
	struct secret_hits *hits;
};

struct window { /* of the text: [begin, end) */
	size_t begin, end;
	bool is_cut; /* the line goes on behind it */
};

/* ---- a scanner ---------------------------------------------------------- */

static const struct secret_rule *find_own(
    const struct secret_rule_list *own, const char *name)
{
	for (size_t i = 0; i < own->n; i++)
		if (strcmp(own->v[i].name, name) == 0)
			return &own->v[i];
	return NULL;
}

static size_t keyword_bytes(const struct secret_scanner *scanner)
{
	size_t bytes = 0;

	for (size_t i = 0; i < scanner->n; i++)
		for (const char *const *word = scanner->rules[i].rule->keywords;
		     *word; word++)
			bytes += strlen(*word);
	return bytes;
}

static void collect_rules(
    struct secret_scanner *scanner, const struct secret_rule_list *own)
{
	scanner->rules = arena_array(
	    scanner->arena, secret_rules_n + own->n, sizeof(*scanner->rules));
	for (size_t i = 0; i < secret_rules_n; i++)
		if (!find_own(own, secret_rules[i].name))
			scanner->rules[scanner->n++].rule = &secret_rules[i];
	for (size_t i = 0; i < own->n; i++)
		scanner->rules[scanner->n++].rule = &own->v[i];
}

struct secret_scanner *secret_scanner_new(
    struct arena *arena, const struct secret_rule_list *own)
{
	struct secret_scanner *scanner = ARENA_NEW(
	    arena, struct secret_scanner);

	scanner->arena = arena;
	collect_rules(scanner, own);
	scanner->keywords = keywords_new(arena, keyword_bytes(scanner));
	for (size_t i = 0; i < scanner->n; i++)
		for (const char *const *word = scanner->rules[i].rule->keywords;
		     *word; word++)
			keywords_add(scanner->keywords, *word, (unsigned)i);
	keywords_build(scanner->keywords);
	return scanner;
}

/* ---- what a pattern found ----------------------------------------------- */

static bool counts(const struct secret_rule *rule, const char *p, size_t len)
{
	if (secret_is_placeholder(p, len, rule->flags) ||
	    secret_entropy(p, len) < rule->entropy)
		return false;
	return !(rule->flags & RULE_ASSIGNED) || secret_is_random(p, len);
}

static bool overlap(const struct secret_hit *a, const struct secret_hit *b)
{
	return a->begin < b->end && b->begin < a->end;
}

/* One credential is told once, by the rule that knows most about it. */
static void add_hit(struct scan *scan, const struct secret_hit *hit)
{
	for (size_t i = 0; i < scan->hits->n; i++) {
		struct secret_hit *other = &scan->hits->v[i];

		if (!overlap(other, hit))
			continue;
		if (other->rule->flags & RULE_ASSIGNED)
			*other = *hit;
		return;
	}
	if (scan->hits->n < HITS_MAX)
		ARRAY_PUSH(scan->arena, scan->hits, *hit);
}

static int give_up(const struct secret_rule *rule, struct err *err)
{
	return err_set(
	    err, ERR_LIMIT, "the pattern of rule '%s' gives up", rule->name);
}

/* Compiled when it is needed first: most pushes need none. */
static int compile(
    struct secret_scanner *scanner, struct scan_rule *rule, struct err *err)
{
	if (rule->regex)
		return 0;
	if (regex_compile(
		scanner->arena, rule->rule->match, &rule->regex, NULL, err) < 0)
		return err_prefix(err, "rule '%s'", rule->rule->name);
	regex_speed_up(rule->regex);
	return 0;
}

/*
 * What begins in the last SECRET_MAX bytes of a window that ends before its
 * line does may be cut off: it is searched for anew, from `done` on.
 */
static int search_window(struct scan *scan, struct scan_rule *rule,
    const struct window *window, struct err *err)
{
	const char *p = scan->text->p + window->begin;
	size_t begin = window->begin, len = window->end - begin;
	size_t limit = window->is_cut ? len - SECRET_MAX : len;
	size_t start = rule->done > begin ? rule->done - begin : 0;
	struct regex_span span;

	if (compile(scan->scanner, rule, err) < 0)
		return -1;
	while (start <= limit && scan->hits->n < HITS_MAX) {
		enum regex_result result = regex_find(
		    rule->regex, p, len, start, &span);

		if (result == REGEX_LIMIT)
			return give_up(rule->rule, err);
		if (result == REGEX_NOMATCH || span.from > limit)
			break;
		if (counts(rule->rule, p + span.begin, span.end - span.begin))
			add_hit(scan,
			    &(struct secret_hit){ rule->rule, begin + span.from,
				begin + span.to, begin + span.begin,
				begin + span.end });
		start = span.to > start ? span.to : start + 1;
	}
	rule->done = begin + limit;
	return 0;
}

/* ---- where it is searched for ------------------------------------------- */

/* The part of a window that lies in the line of a byte. */
static void keep_line(
    const struct secret_text *text, size_t at, struct window *window)
{
	const char *nl = memrchr(
	    text->p + window->begin, '\n', at - window->begin);

	if (nl)
		window->begin = (size_t)(nl + 1 - text->p);
	nl = memchr(text->p + at, '\n', window->end - at);
	if (nl) {
		window->end = (size_t)(nl - text->p);
		window->is_cut = false;
	}
}

/* A keyword ends at `end` of what is searched. */
static int found(void *ctx, unsigned id, size_t end, struct err *err)
{
	struct scan *scan = ctx;
	struct scan_rule *rule = &scan->scanner->rules[id];
	const struct secret_text *text = scan->text;
	size_t at = scan->from + end;
	struct window window = {
		.begin = at > WINDOW_BEFORE ? at - WINDOW_BEFORE : 0,
		.end = text->len - at > WINDOW_AFTER ? at + WINDOW_AFTER
						     : text->len,
	};

	if (at <= rule->done || scan->hits->n >= HITS_MAX)
		return 0;
	window.is_cut = window.end < text->len;
	if (!(rule->rule->flags & RULE_LINES))
		keep_line(text, at - 1, &window);
	return search_window(scan, rule, &window, err);
}

/* Rules without keywords: every line, long ones in pieces that overlap. */
static int search_lines(
    struct scan *scan, struct scan_rule *rule, size_t to, struct err *err)
{
	const struct secret_text *text = scan->text;
	size_t begin = scan->from;

	while (begin < to && scan->hits->n < HITS_MAX) {
		struct window window = { begin, text->len, false };

		if (text->len - begin > LINE_PIECE) {
			window.end = begin + LINE_PIECE;
			window.is_cut = true;
		}
		keep_line(text, begin, &window);
		if (search_window(scan, rule, &window, err) < 0)
			return -1;
		begin = window.is_cut ? rule->done : window.end + 1;
	}
	return 0;
}

int secret_scan(struct secret_scanner *scanner, struct arena *arena,
    const struct secret_text *text, size_t from, size_t to,
    struct secret_hits *ret, struct err *err)
{
	struct scan scan = { scanner, arena, text, from, ret };

	for (size_t i = 0; i < scanner->n; i++)
		scanner->rules[i].done = 0;
	if (keywords_search(scanner->keywords, text->p + from, to - from, found,
		&scan, err) < 0)
		return -1;
	for (size_t i = scanner->n; i-- > 0;)
		if (!scanner->rules[i].rule->keywords[0] &&
		    search_lines(&scan, &scanner->rules[i], to, err) < 0)
			return -1;
	return 0;
}
