#include "client.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process.h"

/* Our child runner wants an absolute path, which execvp(3) would find. */
static int find_git(struct arena *arena, const char **ret, struct err *err)
{
	const char *path = getenv("PATH");

	if (!path || !*path)
		path = "/usr/local/bin:/usr/bin:/bin";
	while (*path) {
		size_t len = strcspn(path, ":");
		const char *file = arena_printf(
		    arena, "%.*s/git", (int)len, path);

		if (file[0] == '/' && access(file, X_OK) == 0) {
			*ret = file;
			return 0;
		}
		path += path[len] ? len + 1 : len;
	}
	return err_set(err, ERR_NOTFOUND, "there is no git in PATH");
}

static int make_argv(struct admin *admin, const char *const *args,
    const char *const **ret, struct err *err)
{
	struct strings argv = { NULL, 0, 0 };
	const char *git;

	if (find_git(admin->arena, &git, err) < 0)
		return -1;
	ARRAY_PUSH(admin->arena, &argv, git);
	ARRAY_PUSH(admin->arena, &argv, "-C");
	ARRAY_PUSH(admin->arena, &argv, admin->dir);
	while (*args)
		ARRAY_PUSH(admin->arena, &argv, *args++);
	ARRAY_PUSH(admin->arena, &argv, NULL);
	*ret = argv.v;
	return 0;
}

static int run_git(struct admin *admin, const char *const *args,
    const char *input, bool with_errors, struct process_result *ret,
    struct err *err)
{
	struct process process = { .envp = (const char *const *)environ,
		.input = input,
		.input_len = input ? strlen(input) : 0,
		.output_max = CLIENT_OUTPUT_MAX,
		.timeout_ms = CLIENT_TIMEOUT_MS,
		.merge_stderr = with_errors };

	if (make_argv(admin, args, &process.argv, err) < 0)
		return -1;
	return process_run(admin->arena, &process, ret, err);
}

/* Warnings must not get into what git answers; so where it fails it is asked
 * once more, for its words. */
int client_git(struct admin *admin, const char *const *args, const char *input,
    const char **ret_line, struct err *err)
{
	struct process_result result;
	const char *line;
	bool failed;

	if (run_git(admin, args, input, false, &result, err) < 0)
		return -1;
	failed = result.timed_out || result.status != 0;
	if (failed && run_git(admin, args, input, true, &result, err) < 0)
		return -1;
	line = arena_strndup(
	    admin->arena, result.output, strcspn(result.output, "\n"));
	while (failed && strcmp(args[0], "-c") == 0)
		args += 2;
	if (failed)
		return err_set(err, ERR_FORMAT, "git %s: %s", args[0],
		    *line ? line : "failed");
	*ret_line = line;
	return 0;
}

int client_git_on_terminal(struct admin *admin, const char *const *args,
    int *ret_status, struct err *err)
{
	const char *const *argv;
	struct {
		char **v;
		size_t n, cap;
	} copy = { NULL, 0, 0 };
	int status, code;
	pid_t pid;

	if (make_argv(admin, args, &argv, err) < 0)
		return -1;
	for (size_t i = 0; argv[i]; i++)
		ARRAY_PUSH(
		    admin->arena, &copy, arena_strdup(admin->arena, argv[i]));
	ARRAY_PUSH(admin->arena, &copy, NULL);
	code = posix_spawn(&pid, copy.v[0], NULL, NULL, copy.v, environ);
	if (code != 0)
		return err_set(err, ERR_IO, "cannot start '%s': %s", argv[0],
		    strerror(code));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set(err, ERR_IO, "cannot wait for git: %s",
			    strerror(errno));
	*ret_status = WIFEXITED(status) ? WEXITSTATUS(status)
					: 128 + WTERMSIG(status);
	return 0;
}

/* git-commit-tree(1) leaves it to its caller whether commits are signed. */
static bool signs(struct admin *admin)
{
	static const char *const args[] = { "config", "--type=bool", "--get",
		"commit.gpgSign", NULL };
	const char *said;
	struct err err;

	return client_git(admin, args, NULL, &said, &err) == 0 &&
	    strcmp(said, "true") == 0;
}

static void commit_args(struct admin *admin, const struct client_commit *commit,
    struct strings *args)
{
	/* The server takes UTF-8 alone. */
	static const char *const begin[] = { "-c", "i18n.commitEncoding=UTF-8",
		"commit-tree" };
	struct arena *arena = admin->arena;

	for (size_t i = 0; i < sizeof(begin) / sizeof(*begin); i++)
		ARRAY_PUSH(arena, args, begin[i]);
	if (commit->sign || signs(admin))
		ARRAY_PUSH(arena, args, "-S");
	for (size_t i = 0; i < commit->parents.n; i++)
		ARRAY_PUSH(arena, args,
		    arena_printf(
			arena, "-p%s", oid_hex(&commit->parents.v[i]).s));
	ARRAY_PUSH(arena, args, arena_strdup(arena, oid_hex(&commit->tree).s));
	ARRAY_PUSH(arena, args, NULL);
}

int client_commit(struct admin *admin, const struct client_commit *commit,
    struct oid *ret, struct err *err)
{
	struct strings args = { NULL, 0, 0 };
	const char *said;

	commit_args(admin, commit, &args);
	if (client_git(admin, args.v, commit->message, &said, err) < 0)
		return -1;
	if (strlen(said) != OID_HEX || !oid_parse(said, ret))
		return err_set(err, ERR_FORMAT,
		    "git commit-tree answered something else than a commit");
	return 0;
}

int client_push(struct admin *admin, const char *const *args)
{
	struct err err;
	int status;

	if (client_git_on_terminal(admin, args, &status, &err) < 0)
		return admin_fail(admin, &err);
	if (status == 0)
		return EXIT_ALLOWED;
	return status == 1 ? EXIT_REFUSED : EXIT_UNDECIDED;
}
