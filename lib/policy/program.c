#include "policy/program.h"

#include <string.h>

#define TIMEOUT_DEFAULT_S 60
#define MEMORY_DEFAULT ((uint64_t)1 << 30)
#define OUTPUT_DEFAULT ((uint64_t)64 << 10)
#define OUTPUT_MAX ((uint64_t)16 << 20)
#define TIMEOUT_MAX_S 86400
#define MEMORY_MIN ((uint64_t)16 << 20) /* below, hardly a program starts */

void program_limits_default(struct program_limits *limits)
{
	limits->timeout_s = TIMEOUT_DEFAULT_S;
	limits->memory = MEMORY_DEFAULT;
	limits->output = OUTPUT_DEFAULT;
}

bool program_limits_check(const struct program_limits *limits,
    const struct node *mapping, struct diags *diags)
{
	size_t errors = diags->errors;

	if (limits->timeout_s > TIMEOUT_MAX_S)
		diag_error(diags, field_mark(mapping, "timeout"),
		    "'timeout' must be at most 24h");
	if (limits->memory < MEMORY_MIN)
		diag_error(diags, field_mark(mapping, "memory"),
		    "'memory' must be at least 16MiB");
	if (limits->output > OUTPUT_MAX)
		diag_error(diags, field_mark(mapping, "output"),
		    "'output' must be at most 16MiB");
	return diags->errors == errors;
}

/* Neither from the pushed tree nor from wherever a hook happens to stand. */
void program_words_check(const struct strings *words, const char *key,
    const struct node *mapping, struct diags *diags)
{
	const struct mark mark = field_mark(mapping, key);
	const char *program, *slash;

	if (words->n == 0)
		return;
	program = words->v[0];
	slash = strchr(program, '/');
	if (!slash && strchr(program, ' '))
		diag_error(diags, mark,
		    "'%s' names no program with '%s': it is a list of words, "
		    "for which there is no shell",
		    key, program);
	if (!slash)
		return;
	if (*program != '/')
		diag_error(diags, mark,
		    "'%s' must begin with the absolute path of a program or "
		    "a name without slash, not '%s'",
		    key, program);
	else if (strstr(program, "/../") || strstr(program, "/./") ||
	    program[strlen(program) - 1] == '/')
		diag_error(diags, mark,
		    "'%s' must name a program without detours, not '%s'", key,
		    program);
}
