#include "base/program.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool runs(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    access(path, X_OK) == 0;
}

int program_find(
    struct arena *arena, const char *name, const char **ret, struct err *err)
{
	const char *folders = PROGRAM_PATH;
	const char *path = name;

	if (*name == '/' && runs(name)) {
		*ret = name;
		return 0;
	}
	while (*name != '/' && *folders) {
		size_t len = strcspn(folders, ":");

		path = arena_printf(arena, "%.*s/%s", (int)len, folders, name);
		if (runs(path)) {
			*ret = path;
			return 0;
		}
		folders += len + (folders[len] == ':');
	}
	return err_set(err, ERR_NOTFOUND,
	    "the server has no program '%s': its administrator has to install "
	    "it",
	    name);
}
