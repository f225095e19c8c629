#include "setup/programs.h"

#include <string.h>

#include "base/file.h"
#include "record/hookmark.h"

#define WORD_MAX ((size_t)64) /* bytes of a version or number in the mark */

const char *hook_name(enum hook hook)
{
	static const char *const names[HOOKS] = { [HOOK_UPDATE] = "update",
		[HOOK_POST_RECEIVE] = "post-receive",
		[HOOK_PRE_RECEIVE] = "pre-receive" };

	return names[hook];
}

/* Reads `before`, then a word up to a blank, ',' or ')'; "" and no step where
 * it does not stand there. */
static const char *take_word(
    struct arena *arena, const char **at, const char *end, const char *before)
{
	size_t skip = strlen(before), n = 0;
	const char *word;

	if ((size_t)(end - *at) < skip || memcmp(*at, before, skip) != 0)
		return "";
	word = *at + skip;
	while (word + n < end && n < WORD_MAX && word[n] > ' ' &&
	    word[n] < 0x7f && word[n] != ',' && word[n] != ')')
		n++;
	*at = word + n;
	return arena_strndup(arena, word, n);
}

struct hook_mark hook_mark_read(
    struct arena *arena, const char *bytes, size_t len)
{
	struct hook_mark mark = { false, "", "", "", "" };
	const char *end = bytes + len;
	const char *at = len > 0
	    ? memmem(bytes, len, HOOK_MARK_TEXT, strlen(HOOK_MARK_TEXT))
	    : NULL;

	if (!at)
		return mark;
	at += strlen(HOOK_MARK_TEXT);
	mark.is_ours = true;
	mark.hook = take_word(arena, &at, end, "; ");
	mark.version = take_word(arena, &at, end, " ");
	mark.ledger = take_word(arena, &at, end, ", ledger ");
	mark.plan = take_word(arena, &at, end, ", plan ");
	return mark;
}

static int load(struct arena *arena, const char *dir, enum hook hook,
    struct program *ret, struct err *err)
{
	const char *path = arena_printf(arena, "%s/%s", dir, hook_name(hook));
	char *bytes;
	size_t len;

	if (file_read(arena, path, PROGRAM_BYTES_MAX, &bytes, &len, err))
		return err->kind == ERR_NOTFOUND
		    ? err_set(err, ERR_NOTFOUND,
			  "the hook '%s' is not installed: run install.sh, or "
			  "'make install'",
			  path)
		    : -1;
	*ret = (struct program){ path, bytes, len,
		hook_mark_read(arena, bytes, len) };
	if (strcmp(ret->mark.hook, hook_name(hook)) != 0)
		return err_set(err, ERR_FORMAT,
		    "'%s' is not the %s hook of this stagegate: install it "
		    "again",
		    path, hook_name(hook));
	return 0;
}

int programs_load(
    struct arena *arena, const char *dir, struct programs *ret, struct err *err)
{
	for (int i = 0; i < HOOKS; i++)
		if (load(arena, dir, (enum hook)i, &ret->v[i], err))
			return -1;
	return 0;
}
