#include "git/gitprogram.h"

#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define GIT_TIMEOUT_MS 300000u
#define SAID_MAX ((size_t)64 << 10) /* bytes */
#define USAGE_STATUS 129            /* of a git that does not know an option */

int git_program_find(struct repo *repo, struct arena *arena,
    const char *purpose, const char **ret, struct err *err)
{
	const char *path;

	if (repo_config(repo, arena, "stagegate.git", &path, err))
		return -1;
	if (path && (*path != '/' || access(path, X_OK) != 0))
		return err_set(err, ERR_FORMAT,
		    "stagegate.git is '%s', which is no absolute path of a "
		    "program",
		    path);
	if (!path && access("/usr/bin/git", X_OK) == 0)
		path = "/usr/bin/git";
	if (!path && access("/usr/local/bin/git", X_OK) == 0)
		path = "/usr/local/bin/git";
	if (!path)
		return err_set(err, ERR_NOTFOUND,
		    "git is needed to %s and was not found: set its path with "
		    "'git config --system stagegate.git PATH'",
		    purpose);
	*ret = path;
	return 0;
}

/* Nothing of the account's nor of the push's environment. */
static int run(struct arena *arena, const char *const *argv, const char *dir,
    size_t max, bool merge_stderr, struct process_result *ret, struct err *err)
{
	const char *const envp[] = {
		arena_printf(arena, "GIT_DIR=%s", dir),
		"GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL=/dev/null",
		"GIT_ATTR_NOSYSTEM=1",
		"GIT_NO_REPLACE_OBJECTS=1",
		"GIT_OPTIONAL_LOCKS=0",
		"HOME=/nonexistent",
		"PATH=/usr/local/bin:/usr/bin:/bin",
		"LC_ALL=C",
		NULL,
	};
	struct process process = { .argv = argv,
		.envp = envp,
		.cwd = dir,
		.output_max = max,
		.timeout_ms = GIT_TIMEOUT_MS,
		.merge_stderr = merge_stderr };

	if (process_run(arena, &process, ret, err))
		return -1;
	if (ret->timed_out)
		return err_set(err, ERR_LIMIT, "'%s %s' took longer than %u s",
		    argv[0], argv[1], GIT_TIMEOUT_MS / 1000);
	return 0;
}

int git_program_run(struct arena *arena, const char *const *argv,
    const char *dir, size_t max, struct process_result *ret, struct err *err)
{
	return run(arena, argv, dir, max, false, ret, err);
}

/* What it says on stderr, for whoever runs the server. */
int git_program_failed(struct arena *arena, const char *const *argv,
    const char *dir, struct err *err)
{
	struct process_result result;

	if (run(arena, argv, dir, SAID_MAX, true, &result, err))
		return -1;
	if (result.status == USAGE_STATUS)
		return err_set(err, ERR_FORMAT,
		    "'%s' is too old for '%s': git 2.38 or later is needed",
		    argv[0], argv[1]);
	return err_set(err, ERR_FORMAT, "'%s %s' failed (%d): %.200s", argv[0],
	    argv[1], result.status,
	    text_clean(arena, result.output, result.output_len));
}
