#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/num.h"
#include "base/text.h"
#include "doctor/doctor.h"

/*
 * git's locks are files, made by whoever changes something and named after it.
 * They hold nothing of their process, so that one is known to be left over by
 * its age, and by there being no process at work in the repository: git stands
 * in the directory of a repository that it serves (/proc/PID/cwd).
 */
#define LOCK_AGE_S 600
#define LOCK_DIRS_MAX 100000 /* looked into below refs/ */

static bool is_at_work(const char *pid, const char *gitdir)
{
	char link[64 + NAME_MAX], path[PATH_MAX];
	ssize_t n;

	if (strspn(pid, "0123456789") != strlen(pid) || strlen(pid) > 20)
		return false;
	n = snprintf(link, sizeof(link), "/proc/%s/cwd", pid) < 0
	    ? -1
	    : readlink(link, path, sizeof(path) - 1);
	if (n <= 0)
		return false;
	path[n] = '\0';
	return strncmp(path, gitdir, strlen(gitdir)) == 0;
}

/* Nobody but root sees where the processes of others stand. */
static bool somebody_works(const char *gitdir)
{
	DIR *dir = opendir("/proc");
	const struct dirent *entry;
	bool found = false;

	if (!dir)
		return true;
	while (!found && (entry = readdir(dir)))
		found = is_at_work(entry->d_name, gitdir);
	closedir(dir);
	return found;
}

static void look_lock(struct doctor *d, const char *path)
{
	int64_t age;
	struct stat st;

	/* git takes anything of that name for a lock. */
	if (lstat(path, &st) < 0 || S_ISDIR(st.st_mode))
		return;
	age = d->server->now - st.st_mtim.tv_sec;
	if (age < LOCK_AGE_S)
		return;
	if (somebody_works(d->place.gitdir))
		doctor_find(d, "locks.held",
		    "%s stands for %s, and somebody is at work in the "
		    "repository",
		    text_clean_s(d->arena, path),
		    duration_format(d->arena, (uint64_t)age));
	else
		doctor_find(d, "locks.stale",
		    "%s was left %s ago, and nobody is at work in the "
		    "repository",
		    text_clean_s(d->arena, path),
		    duration_format(d->arena, (uint64_t)age))
		    ->fix = (struct fix){
			.kind = FIX_REMOVE, .path = path, .ino = st.st_ino
		};
}

static bool is_folder(DIR *dir, const struct dirent *entry)
{
	struct stat st;

	if (entry->d_name[0] == '.')
		return false;
	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
	return fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) ==
	    0 &&
	    S_ISDIR(st.st_mode);
}

static void look_into(
    struct doctor *d, const char *path, struct strings *folders)
{
	/* A link would lead to locks of others. */
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	if (!dir && fd >= 0)
		close(fd);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		const char *inner = arena_printf(
		    d->arena, "%s/%s", path, entry->d_name);

		if (is_folder(dir, entry) && folders->n < LOCK_DIRS_MAX)
			ARRAY_PUSH(d->arena, folders, inner);
		else if (str_suffix(entry->d_name, ".lock"))
			look_lock(d, inner);
	}
	closedir(dir);
}

void look_locks(struct doctor *d)
{
	static const char *const names[] = { "packed-refs.lock",
		"packed-refs.new", "config.lock", "HEAD.lock", "index.lock",
		"shallow.lock" };
	struct strings folders = { NULL, 0, 0 };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		look_lock(d,
		    arena_printf(d->arena, "%s/%s", d->place.gitdir, names[i]));
	ARRAY_PUSH(d->arena, &folders,
	    arena_printf(d->arena, "%s/refs", d->place.gitdir));
	for (size_t i = 0; i < folders.n; i++)
		look_into(d, folders.v[i], &folders);
}
