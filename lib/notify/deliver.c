#include "notify/deliver.h"

#include <string.h>

#include "base/process_env.h"
#include "base/program.h"
#include "base/text.h"

#define WORDS_MAX ((size_t)200) /* bytes of what a program said */

int deliver_program(const struct parcel *parcel, const char *key,
    const char *usual, const char **ret, struct err *err)
{
	const char *path;

	if (repo_config(parcel->repo, parcel->arena, key, &path, err) < 0)
		return -1;
	if (path && *path != '/')
		return err_set(err, ERR_FORMAT,
		    "%s is '%s', which is no absolute path of a program", key,
		    text_clean_s(parcel->arena, path));
	return program_find(parcel->arena, path ? path : usual, ret, err);
}

const char *deliver_home(struct arena *arena)
{
	const char *home = environment_get("HOME");

	return home && *home ? arena_printf(arena, "HOME=%s", home) : NULL;
}

/* The last line that says something. */
static const char *last_words(
    struct arena *arena, const struct process_result *result)
{
	const char *p = result->output;
	size_t len = result->output_len, begin;

	while (len > 0 && strchr(" \t\r\n", p[len - 1]))
		len--;
	for (begin = len; begin > 0 && p[begin - 1] != '\n';)
		begin--;
	if (len - begin > WORDS_MAX)
		len = begin + WORDS_MAX;
	return text_clean(arena, p + begin, len - begin);
}

int deliver_failed(const struct parcel *parcel, const char *name,
    const struct process_result *result, struct err *err)
{
	const char *words = last_words(parcel->arena, result);
	const char *shown = text_clean_s(parcel->arena, name);

	if (result->timed_out)
		return err_set(err, ERR_LIMIT, "'%s' took too long%s%s", shown,
		    *words ? ": " : "", words);
	if (result->status > 128)
		return err_set(err, ERR_IO, "'%s' was ended by signal %d%s%s",
		    shown, result->status - 128, *words ? ": " : "", words);
	return err_set(err, ERR_IO, "'%s' exited %d%s%s", shown, result->status,
	    *words ? ": " : "", words);
}

int deliver(const struct parcel *parcel, struct err *err)
{
	switch (parcel->destination->kind) {
	case DESTINATION_MAIL:
		return deliver_mail(parcel, err);
	case DESTINATION_WEBHOOK:
		return deliver_webhook(parcel, err);
	case DESTINATION_EXEC:
		return deliver_exec(parcel, err);
	}
	return err_set(err, ERR_INTERNAL, "no such kind of destination");
}
