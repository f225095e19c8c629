#include "record/leftover.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

static bool is_old(int dir, const char *name, int64_t now)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISREG(st.st_mode) && st.st_mtim.tv_sec < now - LEFTOVER_AGE_S;
}

void leftovers_remove(struct arena *arena, const struct repo *repo,
    const char *folder, int64_t now)
{
	DIR *dir = opendir(
	    arena_printf(arena, "%s/stagegate/%s", repo_path(repo), folder));
	const struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (str_suffix(entry->d_name, FILE_TEMPORARY) &&
		    is_old(dirfd(dir), entry->d_name, now))
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
}
