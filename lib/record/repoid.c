#include "record/repoid.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "record/ledger.h"

#define STATE_DIR "stagegate"
#define ID_FILE_MAX 64u /* bytes */
#define MODE_ALONE 0600u
#define MODE_SHARED 0660u
#define MODE_SETGID 02000u /* new files belong to the folder's group */

/* core.sharedRepository as git-config(1) has it; what others than the group
 * may read is none of ours. */
static bool is_shared(const char *value)
{
	static const char *const yes[] = { "group", "true", "yes", "on", "1",
		"all", "world", "everybody", "2" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++)
		if (strcasecmp(value, yes[i]) == 0)
			return true;
	/* An octal mode such as 0660. */
	return strlen(value) == 4 && value[0] == '0' &&
	    strspn(value, "01234567") == 4 && ((value[2] - '0') & 2);
}

int state_file_mode(
    struct arena *arena, struct repo *repo, unsigned *ret_mode, struct err *err)
{
	const char *value;

	if (repo_config(repo, arena, "core.sharedrepository", &value, err))
		return -1;
	*ret_mode = value && is_shared(value) ? MODE_SHARED : MODE_ALONE;
	return 0;
}

/* Made 0600; other accounts must be able to take it too. */
static int share(struct arena *arena, struct repo *repo, const char *path,
    int fd, struct err *err)
{
	struct stat st;
	unsigned mode;

	if (state_file_mode(arena, repo, &mode, err))
		return -1;
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
	    (st.st_mode & 0777) != mode && fchmod(fd, mode) < 0)
		return err_set(err, ERR_IO, "cannot set the mode of '%s': %s",
		    path, strerror(errno));
	return 0;
}

/* NOLINTNEXTLINE(readability-function-size): as file_lock has it */
int state_file_lock(struct arena *arena, struct repo *repo, const char *path,
    unsigned timeout_ms, int *ret_fd, struct err *err)
{
	int fd;

	if (file_lock(path, timeout_ms, &fd, err))
		return -1;
	if (share(arena, repo, path, fd, err)) {
		close(fd);
		return -1;
	}
	*ret_fd = fd;
	return 0;
}

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

/* Makes a folder in parent, durably. */
static int make(struct arena *arena, struct repo *repo, const char *parent,
    const char *path, struct err *err)
{
	unsigned mode;

	if (is_there(path))
		return 0;
	if (state_file_mode(arena, repo, &mode, err))
		return -1;
	mode = mode == MODE_SHARED ? 0770 | MODE_SETGID : 0700;
	if (dir_make(path, mode, err))
		return -1;
	return dir_sync(parent, err);
}

int state_dir(struct arena *arena, struct repo *repo, const char **ret_path,
    struct err *err)
{
	const char *path = arena_printf(
	    arena, "%s/" STATE_DIR, repo_path(repo));

	if (make(arena, repo, repo_path(repo), path, err))
		return -1;
	*ret_path = path;
	return 0;
}

int state_subdir(struct arena *arena, struct repo *repo, const char *name,
    const char **ret_path, struct err *err)
{
	const char *parent, *path;

	if (state_dir(arena, repo, &parent, err))
		return -1;
	path = arena_printf(arena, "%s/%s", parent, name);
	if (make(arena, repo, parent, path, err))
		return -1;
	*ret_path = path;
	return 0;
}

static bool is_id(const char *text)
{
	return strspn(text, "0123456789abcdef") == REPOSITORY_ID_HEX &&
	    strcmp(text + REPOSITORY_ID_HEX, "\n") == 0;
}

static int read_id(
    struct arena *arena, const char *path, const char **ret_id, struct err *err)
{
	struct err why;
	char *text;
	size_t len;

	if (file_read(arena, path, ID_FILE_MAX, &text, &len, &why)) {
		if (why.kind == ERR_NOTFOUND) {
			*ret_id = NULL;
			return 0;
		}
		*err = why;
		return -1;
	}
	if (strlen(text) != len || !is_id(text))
		return err_set(err, ERR_FORMAT,
		    "'%s' holds no repository id: 32 hex digits", path);
	*ret_id = arena_strndup(arena, text, REPOSITORY_ID_HEX);
	return 0;
}

int repository_id_read(struct arena *arena, struct repo *repo,
    const char **ret_id, struct err *err)
{
	return read_id(arena,
	    arena_printf(arena, "%s/" STATE_DIR "/id", repo_path(repo)), ret_id,
	    err);
}

/* The one that the ledger knows already, else a new one; a line. */
static int choose_id(struct arena *arena, struct repo *repo,
    const char **ret_line, struct err *err)
{
	struct ledger *ledger;
	const char *id;

	if (ledger_open(arena, repo, &ledger, err) ||
	    ledger_repository_id(ledger, arena, &id, err))
		return -1;
	*ret_line = arena_printf(arena, "%s\n", id ? id : random_hex(arena));
	if (!is_id(*ret_line))
		return err_set(err, ERR_FORMAT,
		    "the ledger's 'meta/repository' is no repository id");
	return 0;
}

/* Of several that come at once the first one's stays: link(2) makes the name
 * only where there is none. */
static int make_id(struct arena *arena, struct repo *repo, const char *dir,
    const char *path, struct err *err)
{
	const char *made = arena_printf(
	    arena, "%s.%s" FILE_TEMPORARY, path, random_hex(arena));
	const char *line;
	unsigned mode;
	int status = 0;

	if (choose_id(arena, repo, &line, err) ||
	    state_file_mode(arena, repo, &mode, err) ||
	    file_replace(made, line, strlen(line), mode, err))
		return -1;
	if (link(made, path) < 0 && errno != EEXIST)
		status = err_set(
		    err, ERR_IO, "cannot make '%s': %s", path, strerror(errno));
	unlink(made);
	return status ? status : dir_sync(dir, err);
}

int repository_id(struct arena *arena, struct repo *repo, const char **ret_id,
    struct err *err)
{
	const char *dir, *path;

	if (repository_id_read(arena, repo, ret_id, err))
		return -1;
	if (*ret_id)
		return 0;
	if (state_dir(arena, repo, &dir, err))
		return -1;
	path = arena_printf(arena, "%s/id", dir);
	if (make_id(arena, repo, dir, path, err) ||
	    read_id(arena, path, ret_id, err))
		return -1;
	return *ret_id ? 0 : err_set(err, ERR_IO, "'%s' vanished", path);
}
