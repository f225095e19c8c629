#include <string.h>
#include <unistd.h>

#include "admin.h"
#include "base/nearest.h"
#include "base/process_env.h"
#include "base/text.h"

static const struct verb *const verbs[] = {
	&verb_init,
	&verb_check,
	&verb_diff,
	&verb_explain,
	&verb_status,
	&verb_try,
	&verb_attest,
	&verb_promote,
	&verb_rollback,
	&verb_rollout,
	&verb_log,
	&verb_verify,
	&verb_incidents,
	&verb_kept,
	&verb_outbox,
	&verb_deliver,
	&verb_doctor,
	&verb_adopt,
	&verb_id,
};

#define VERBS (sizeof(verbs) / sizeof(*verbs))

static const char *const about[] = {
	"Changes go through stages, and nothing gets into one that has not "
	"been "
	"through the one before. The hooks of this suite enforce it; this "
	"command asks the same rules without pushing.",
};

static const char *const codes[] = {
	"0    allowed, or done",
	"1    refused",
	"2    the policy is invalid",
	"3    could not decide",
	"100  wrong usage",
};

/* What every verb understands. */
struct common {
	const char *dir;
	bool json, help, version;
};

static const struct option common_options[] = {
	{ "dir", 'C', OPTION_TEXT, offsetof(struct common, dir), "DIR",
	    "the repository; else the one that one stands in" },
	{ "json", 0, OPTION_FLAG, offsetof(struct common, json), NULL,
	    "print data as one JSON object" },
	{ "help", 'h', OPTION_FLAG, offsetof(struct common, help), NULL,
	    "print this" },
	{ .name = NULL },
};

static const struct option main_options[] = {
	{ "version", 'V', OPTION_FLAG, offsetof(struct common, version), NULL,
	    "print the version" },
	{ .name = NULL },
};

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < VERBS; i++)
		if (strcmp(verbs[i]->name, name) == 0)
			return verbs[i];
	return NULL;
}

/* ---- help ------------------------------------------------------------- */

#define HELP_COLUMN 24

static void help_row(struct admin *admin, const char *left, const char *right)
{
	const char *prefix = arena_printf(
	    admin->arena, "  %-*s", HELP_COLUMN - 2, left);

	if (strlen(left) + 4 > HELP_COLUMN) {
		buf_addf(&admin->out, "  %s\n", left);
		prefix = arena_printf(admin->arena, "%*s", HELP_COLUMN, "");
	}
	admin_wrap(admin, prefix, right, HELP_COLUMN);
}

static void help_options(struct admin *admin, const struct option *options)
{
	for (; options && options->name; options++) {
		const char *letter = options->letter
		    ? arena_printf(admin->arena, "-%c, ", options->letter)
		    : "";
		const char *left = arena_printf(admin->arena, "%s--%s%s%s",
		    letter, options->name, options->value ? " " : "",
		    options->value ? options->value : "");

		help_row(admin, left, options->help);
	}
}

static int help_all(struct admin *admin)
{
	struct buf *out = &admin->out;

	buf_adds(out, "usage: stagegate [-C DIR] VERB [ARGUMENT..]\n\n");
	for (size_t i = 0; i < sizeof(about) / sizeof(*about); i++)
		admin_wrap(admin, "", about[i], 0);
	buf_addc(out, '\n');
	for (size_t i = 0; i < VERBS; i++)
		help_row(admin, verbs[i]->name, verbs[i]->summary);
	help_row(admin, "help [VERB]", "this text, or all about a verb");
	buf_addc(out, '\n');
	help_options(admin, common_options);
	help_options(admin, main_options);
	buf_adds(out, "\nExit codes\n");
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		buf_addf(out, "  %s\n", codes[i]);
	return EXIT_ALLOWED;
}

static int help_verb(struct admin *admin, const struct verb *verb)
{
	struct buf *out = &admin->out;
	const char *line = verb->help;

	admin_wrap(admin,
	    arena_printf(admin->arena, "usage: stagegate %s%s", verb->name,
		*verb->arguments ? " " : ""),
	    verb->arguments, 4);
	buf_addc(out, '\n');
	while (*line) {
		size_t len = strcspn(line, "\n");

		admin_wrap(
		    admin, "", arena_strndup(admin->arena, line, len), 0);
		line += line[len] ? len + 1 : len;
		if (*line)
			buf_addc(out, '\n');
	}
	buf_addc(out, '\n');
	help_options(admin, verb->options);
	for (const struct option *o = common_options; o->name; o++) {
		struct option row[2] = { *o, { .name = NULL } };

		if (verb->json || strcmp(o->name, "json") != 0)
			help_options(admin, row);
	}
	return EXIT_ALLOWED;
}

static int complain(struct admin *admin, const char *text)
{
	admin_note(admin, "error: ", "%s", text);
	admin_note(admin, "hint: ", "'stagegate help' names the verbs");
	return EXIT_USAGE;
}

static int unknown_verb(struct admin *admin, const char *name)
{
	struct strings known = { NULL, 0, 0 };
	const char *near;

	for (size_t i = 0; i < VERBS; i++)
		ARRAY_PUSH(admin->arena, &known, verbs[i]->name);
	near = nearest_name(name, &known);
	return complain(admin,
	    near ? arena_printf(admin->arena,
		       "unknown verb '%s', did you mean '%s'?", name, near)
		 : arena_printf(admin->arena, "unknown verb '%s'", name));
}

static int help(struct admin *admin)
{
	const struct verb *verb;

	if (admin->args.n == 0)
		return help_all(admin);
	verb = find_verb(admin->args.v[0]);
	return verb ? help_verb(admin, verb)
		    : unknown_verb(admin, admin->args.v[0]);
}

/* ---- running ---------------------------------------------------------- */

static int run_verb(
    struct admin *admin, const struct common *common, const void *options)
{
	const struct verb *verb = admin->verb;
	int status;

	if (common->json && !verb->json)
		return admin_usage(
		    admin, "'%s' has no data for --json", verb->name);
	if (admin->args.n < verb->args_min)
		return admin_usage(admin, "an argument is missing");
	if (admin->args.n > verb->args_max)
		return admin_usage(admin, "'%s' is one argument too many",
		    admin->args.v[verb->args_max]);
	/* What runs the user's own git is to find the user's own settings;
	 * everything else listens to no environment. */
	if (verb->client) {
		admin->environment = environment_copy(admin->arena);
	} else {
		process_harden();
		admin->environment = environment_take(admin->arena);
	}
	status = verb->run(admin, options);
	session_close(&admin->session);
	return status;
}

/* The verb is the first argument that is no option, wherever the options
 * stand; `-C DIR` before it as git has it. */
static int find_word(int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (argv[i][0] != '-')
			return i;
		if (strcmp(argv[i], "-C") == 0 || strcmp(argv[i], "--dir") == 0)
			i++;
	}
	return argc;
}

static int run(struct admin *admin, int argc, char **argv)
{
	struct common common = { NULL, false, false, false };
	int word = find_word(argc, argv);
	const char *name = word < argc ? argv[word] : NULL;
	const struct verb *verb = name ? find_verb(name) : NULL;
	struct options options[4] = { { common_options, &common },
		{ main_options, &common }, { NULL, NULL }, { NULL, NULL } };
	struct err err;

	admin->verb = verb;
	if (verb && verb->options) {
		options[2].table = verb->options;
		options[2].into = arena_alloc(admin->arena, verb->options_size);
	}
	if (options_parse(
		admin->arena, options, argc, argv, &admin->args, &err) < 0)
		return verb ? admin_usage(admin, "%s", err.text)
			    : complain(admin, err.text);
	if (name) { /* the verb itself is no argument */
		admin->args.v++;
		admin->args.n--;
	}
	if (common.dir)
		admin->dir = common.dir;
	admin->json = common.json;
	if (common.version) {
		buf_adds(&admin->out, "stagegate " STAGEGATE_VERSION "\n");
		return EXIT_ALLOWED;
	}
	if (verb && common.help)
		return help_verb(admin, verb);
	if (common.help || (name && strcmp(name, "help") == 0))
		return help(admin);
	if (!name)
		return complain(admin, "a verb is missing");
	if (!verb)
		return unknown_verb(admin, name);
	return run_verb(admin, &common, options[2].into);
}

int main(int argc, char **argv)
{
	struct arena arena;
	struct admin admin;
	int status;

	arena_init(&arena, ARENA_RUN_MAX);
	memset(&admin, 0, sizeof(admin));
	admin.arena = &arena;
	admin.dir = ".";
	buf_init(&admin.out, &arena, ADMIN_OUTPUT_MAX);
	status = run(&admin, argc - 1, argv + 1);
	admin_flush(&admin);
	if (admin.unwritten && status == EXIT_ALLOWED)
		status = EXIT_UNDECIDED;
	arena_release(&arena);
	return status;
}
