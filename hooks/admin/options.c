#include "options.h"

#include <stdint.h>
#include <string.h>

#include "base/nearest.h"
#include "base/num.h"
#include "base/text.h"

struct found {
	const struct option *option; /* NULL: unknown */
	void *place;
};

static void *place_of(void *into, size_t offset)
{
	return (char *)into + offset;
}

static struct found find(
    const struct options *options, const char *name, size_t len, char letter)
{
	struct found found = { NULL, NULL };

	for (; options->table; options++) {
		const struct option *option = options->table;

		for (; option->name; option++) {
			bool same = name ? strlen(option->name) == len &&
				strncmp(option->name, name, len) == 0
					 : option->letter == letter;

			if (!same)
				continue;
			found.option = option;
			found.place = place_of(options->into, option->offset);
		}
	}
	return found;
}

static int unknown(struct arena *arena, const struct options *options,
    const char *arg, struct err *err)
{
	struct strings known = { NULL, 0, 0 };
	const char *near;

	for (; options->table; options++) {
		const struct option *option = options->table;

		for (; option->name; option++)
			ARRAY_PUSH(arena, &known,
			    arena_printf(arena, "--%s", option->name));
	}
	near = nearest_name(
	    arena_strndup(arena, arg, strcspn(arg, "=")), &known);
	if (near)
		return err_set(err, ERR_FORMAT,
		    "unknown option '%s', did you mean '%s'?",
		    text_clean_s(arena, arg), near);
	return err_set(
	    err, ERR_FORMAT, "unknown option '%s'", text_clean_s(arena, arg));
}

static int set(struct arena *arena, const struct found *found,
    const char *value, struct err *err)
{
	const struct option *option = found->option;
	const char **text = found->place;
	uint64_t *count = found->place;

	switch (option->kind) {
	case OPTION_FLAG:
		*(bool *)found->place = true;
		return 0;
	case OPTION_TEXT:
		if (*text)
			return err_set(err, ERR_FORMAT,
			    "option '--%s' is given twice", option->name);
		*text = value;
		return 0;
	case OPTION_TEXTS:
		ARRAY_PUSH(arena, (struct strings *)found->place, value);
		return 0;
	case OPTION_COUNT:
		break;
	}
	if (!str_to_u64(value, UINT32_MAX, count) || *count == 0)
		return err_set(err, ERR_FORMAT,
		    "option '--%s' wants a number from 1 on, not '%s'",
		    option->name, text_clean_s(arena, value));
	return 0;
}

struct cursor { /* the arguments that are left */
	int argc;
	char **argv;
};

/* The option of an argument; *ret_value is what stands behind its `=`. */
static struct found recognize(
    const struct options *options, const char *arg, const char **ret_value)
{
	struct found none = { NULL, NULL };
	size_t len;

	*ret_value = NULL;
	if (arg[1] != '-') { /* -x, -xVALUE; no -abc */
		struct found found = find(options, NULL, 0, arg[1]);

		if (arg[2] && found.option && found.option->kind == OPTION_FLAG)
			return none;
		*ret_value = arg[2] ? arg + 2 : NULL;
		return found;
	}
	len = strcspn(arg + 2, "=");
	if (arg[2 + len] == '=')
		*ret_value = arg + 2 + len + 1;
	return find(options, arg + 2, len, 0);
}

static int read_option(struct arena *arena, const struct options *options,
    const char *arg, struct cursor *cursor, struct err *err)
{
	const char *value;
	struct found found = recognize(options, arg, &value);

	if (!found.option)
		return unknown(arena, options, arg, err);
	if (found.option->kind == OPTION_FLAG && value)
		return err_set(err, ERR_FORMAT, "option '--%s' takes no value",
		    found.option->name);
	if (found.option->kind != OPTION_FLAG && !value) {
		if (cursor->argc == 0)
			return err_set(err, ERR_FORMAT,
			    "option '--%s' wants %s", found.option->name,
			    found.option->value);
		cursor->argc--;
		value = *cursor->argv++;
	}
	return set(arena, &found, value, err);
}

int options_parse(struct arena *arena, const struct options *options, int argc,
    char **argv, struct strings *ret_rest, struct err *err)
{
	struct cursor cursor = { argc, argv };
	bool ended = false;

	while (cursor.argc > 0) {
		const char *arg = *cursor.argv++;

		cursor.argc--;
		if (!ended && strcmp(arg, "--") == 0) {
			ended = true;
		} else if (ended || arg[0] != '-' || arg[1] == '\0') {
			ARRAY_PUSH(arena, ret_rest, arg);
		} else if (read_option(arena, options, arg, &cursor, err) < 0) {
			return -1;
		}
	}
	return 0;
}
