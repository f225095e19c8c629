#include <string.h>
#include <unistd.h>

#include "base/process.h"
#include "base/text.h"
#include "git/mergeways.h"

#define GIT_TIMEOUT_MS 300000u
#define GIT_OUTPUT_MAX ((size_t)1 << 20) /* bytes */
#define USAGE_STATUS 129 /* of a git that does not know an option */

static int find_git(
    struct repo *repo, struct arena *arena, const char **ret, struct err *err)
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
		    "git is needed to judge this merge and was not found: set "
		    "its path with 'git config --system stagegate.git PATH'");
	*ret = path;
	return 0;
}

/* Nothing of the account's nor of the push's environment. */
static int run_git(struct arena *arena, const char *const *argv,
    const char *dir, bool merge_stderr, struct process_result *ret,
    struct err *err)
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
		.output_max = GIT_OUTPUT_MAX,
		.timeout_ms = GIT_TIMEOUT_MS,
		.merge_stderr = merge_stderr };

	if (process_run(arena, &process, ret, err))
		return -1;
	if (ret->timed_out)
		return err_set(err, ERR_LIMIT, "'%s %s' took longer than %u s",
		    argv[0], argv[1], GIT_TIMEOUT_MS / 1000);
	return 0;
}

/* What it says on stderr, for whoever runs the server. */
static int git_failed(struct arena *arena, const char *const *argv,
    const char *dir, struct err *err)
{
	struct process_result result;

	if (run_git(arena, argv, dir, true, &result, err))
		return -1;
	if (result.status == USAGE_STATUS)
		return err_set(err, ERR_FORMAT,
		    "'%s' is too old to judge this merge: git 2.38 or later "
		    "is needed",
		    argv[0]);
	return err_set(err, ERR_FORMAT, "'%s %s' failed (%d): %.200s", argv[0],
	    argv[1], result.status,
	    text_clean(arena, result.output, result.output_len));
}

/* Paths that each end in a NUL. */
static void take_paths(
    struct arena *arena, const char *p, const char *end, struct view_merge *ret)
{
	while (p < end && *p) {
		const char *nul = memchr(p, '\0', (size_t)(end - p));

		if (!nul)
			return; /* cut off */
		if (ret->differing.n < MERGE_PATHS_MAX)
			ARRAY_PUSH(arena, &ret->differing,
			    arena_strndup(arena, p, (size_t)(nul - p)));
		else
			ret->more++;
		p = nul + 1;
	}
}

static int take_answer(struct arena *arena, const struct process_result *run,
    struct view_merge *ret, struct err *err)
{
	const char *p = run->output, *end = run->output + run->output_len;

	if (run->output_len <= OID_HEX || !oid_parse(p, &ret->tree) ||
	    p[OID_HEX] != '\0')
		return err_set(err, ERR_FORMAT,
		    "git merge-tree answered something else than a tree");
	ret->state = run->status == 0 ? MERGE_CLEAN : MERGE_CONFLICT;
	ret->tree_is_scratch = true;
	if (ret->state == MERGE_CONFLICT)
		take_paths(arena, p + OID_HEX + 1, end, ret);
	return 0;
}

static int compare(struct arena *arena, const char *git, const char *dir,
    const struct oid *expect, struct view_merge *ret, struct err *err)
{
	const char *const argv[] = { git, "diff-tree", "-r", "-z",
		"--name-only", "--no-renames", "--no-ext-diff",
		arena_strdup(arena, oid_hex(expect).s),
		arena_strdup(arena, oid_hex(&ret->tree).s), NULL };
	struct process_result result;

	if (run_git(arena, argv, dir, false, &result, err))
		return -1;
	if (result.status != 0)
		return git_failed(arena, argv, dir, err);
	take_paths(
	    arena, result.output, result.output + result.output_len, ret);
	return 0;
}

static int merge_in(struct arena *arena, const char *git, const char *dir,
    const struct oid *ours, const struct oid *theirs, const struct oid *expect,
    struct view_merge *ret, struct err *err)
{
	const char *const argv[] = { git, "merge-tree", "--write-tree", "-z",
		"--name-only", "--no-messages",
		arena_strdup(arena, oid_hex(ours).s),
		arena_strdup(arena, oid_hex(theirs).s), NULL };
	struct process_result result;

	memset(ret, 0, sizeof(*ret));
	if (run_git(arena, argv, dir, false, &result, err))
		return -1;
	if (result.status != 0 && result.status != 1)
		return git_failed(arena, argv, dir, err);
	if (take_answer(arena, &result, ret, err))
		return -1;
	if (expect && ret->state == MERGE_CLEAN && oid_eq(&ret->tree, expect))
		ret->tree_is_scratch = false;
	else if (expect && ret->state == MERGE_CLEAN)
		return compare(arena, git, dir, expect, ret, err);
	return 0;
}

int merge_by_git(struct repo *repo, struct arena *arena, const struct oid *ours,
    const struct oid *theirs, const struct oid *expect, struct view_merge *ret,
    struct err *err)
{
	const char *git = NULL, *dir = NULL;
	int status;

	if (find_git(repo, arena, &git, err) ||
	    merge_scratch_make(repo, arena, &dir, err))
		return -1;
	status = merge_in(arena, git, dir, ours, theirs, expect, ret, err);
	scratch_remove(dir);
	return status;
}
