#define PCRE2_CODE_UNIT_WIDTH 8

#include "base/regex.h"

#include <pcre2.h>
#include <string.h>

#define PATTERN_MAX 4096 /* bytes */

/* The compiled pattern lives in the arena; what a search needs is made and
 * freed by that search.  So there is nothing to forget. */
struct regex {
	const char *source;
	pcre2_code *code;
	pcre2_match_context *limits;
};

struct text {
	const char *p;
	size_t len, start;
};

static void *in_arena(size_t size, void *arena)
{
	return arena_alloc(arena, size);
}

static void stays(void *p, void *arena)
{
	(void)p;
	(void)arena;
}

static int compile_error(int code, size_t offset, struct err *err)
{
	PCRE2_UCHAR text[160];

	if (pcre2_get_error_message(code, text, sizeof(text)) < 0)
		return err_set(
		    err, ERR_FORMAT, "error %d at byte %zu", code, offset + 1);
	return err_set(
	    err, ERR_FORMAT, "%s at byte %zu", (const char *)text, offset + 1);
}

int regex_compile(struct arena *arena, const char *pattern,
    struct regex **ret_regex, size_t *ret_offset, struct err *err)
{
	/* \C could stand in the middle of a character. */
	const uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF |
	    PCRE2_NEVER_BACKSLASH_C;
	pcre2_general_context *general;
	struct regex *regex;
	PCRE2_SIZE offset = 0;
	int code = 0;

	if (ret_offset)
		*ret_offset = 0;
	if (strnlen(pattern, PATTERN_MAX + 1) > PATTERN_MAX)
		return err_set(err, ERR_FORMAT,
		    "regular expression of more than %d bytes", PATTERN_MAX);
	general = pcre2_general_context_create(in_arena, stays, arena);
	regex = ARENA_NEW(arena, struct regex);
	regex->source = arena_strdup(arena, pattern);
	regex->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
	    options, &code, &offset, pcre2_compile_context_create(general));
	if (!regex->code) {
		if (ret_offset)
			*ret_offset = offset;
		return compile_error(code, offset, err);
	}
	regex->limits = pcre2_match_context_create(general);
	pcre2_set_match_limit(regex->limits, REGEX_MATCH_LIMIT);
	pcre2_set_depth_limit(regex->limits, REGEX_DEPTH_LIMIT);
	pcre2_set_heap_limit(regex->limits, REGEX_HEAP_LIMIT);
	*ret_regex = regex;
	return 0;
}

void regex_free(struct regex *regex)
{
	if (!regex)
		return;
	pcre2_code_free(regex->code);
	regex->code = NULL;
}

const char *regex_source(const struct regex *regex)
{
	return regex->source;
}

void regex_speed_up(struct regex *regex)
{
	/* Where it can't be, it is interpreted as before. */
	(void)pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
}

static int match(
    const struct regex *regex, struct text text, pcre2_match_data *data)
{
	PCRE2_SPTR p = (PCRE2_SPTR)(text.p ? text.p : "");
	int found = pcre2_match(
	    regex->code, p, text.len, text.start, 0, data, regex->limits);

	/* Machine code has a stack of 32 KiB; the interpreter a heap. */
	if (found == PCRE2_ERROR_JIT_STACKLIMIT)
		found = pcre2_match(regex->code, p, text.len, text.start,
		    PCRE2_NO_JIT, data, regex->limits);
	return found;
}

static enum regex_result result_of(int found)
{
	if (found >= 0)
		return REGEX_MATCH;
	/* Any other error is a limit too: the caller must refuse. */
	return found == PCRE2_ERROR_NOMATCH ? REGEX_NOMATCH : REGEX_LIMIT;
}

enum regex_result regex_search(
    const struct regex *regex, const char *p, size_t len)
{
	/* One pair is all that is asked for, and it is not even read. */
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	int found;

	if (!data)
		return REGEX_LIMIT;
	found = match(regex, (struct text){ p, len, 0 }, data);
	pcre2_match_data_free(data);
	return result_of(found);
}

enum regex_result regex_find(const struct regex *regex, const char *p,
    size_t len, size_t start, struct regex_span *ret)
{
	pcre2_match_data *data = pcre2_match_data_create(2, NULL);
	const PCRE2_SIZE *pairs;
	int found;

	if (!data)
		return REGEX_LIMIT;
	found = match(regex, (struct text){ p, len, start }, data);
	if (found >= 0) {
		pairs = pcre2_get_ovector_pointer(data);
		ret->from = ret->begin = pairs[0];
		ret->to = ret->end = pairs[1];
		/* 0: there are more groups than pairs. */
		if ((found == 0 || found > 1) && pairs[2] != PCRE2_UNSET) {
			ret->begin = pairs[2];
			ret->end = pairs[3];
		}
	}
	pcre2_match_data_free(data);
	return result_of(found);
}
