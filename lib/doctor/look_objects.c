#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "doctor/doctor.h"
#include "git/refs.h"

#define ALTERNATES_MAX ((size_t)64 << 10) /* bytes */
#define QUARANTINE_AGE_S 86400

static const char *inside(struct doctor *d, const char *name)
{
	return arena_printf(d->arena, "%s/%s", d->place.gitdir, name);
}

/* ---- objects of other repositories ---------------------------------------
 */

static void look_alternate(struct doctor *d, const char *line)
{
	const char *path = *line == '/'
	    ? line
	    : inside(d, arena_printf(d->arena, "objects/%s", line));

	if (access(path, R_OK | X_OK) != 0)
		doctor_find(d, "objects.alternate-missing",
		    "objects/info/alternates names '%s', which can't be read",
		    text_clean_s(d->arena, path));
	else
		doctor_find(d, "objects.alternate",
		    "objects lie in '%s' too: what is removed there is "
		    "missing here",
		    text_clean_s(d->arena, path));
}

static void look_alternates(struct doctor *d)
{
	struct err err;
	char *text;
	size_t len;

	if (file_read(d->arena, inside(d, "objects/info/alternates"),
		ALTERNATES_MAX, &text, &len, &err) < 0) {
		if (err.kind != ERR_NOTFOUND)
			doctor_unseen(d, "objects.alternate-missing", &err);
		return;
	}
	for (char *line = text; *line;) {
		size_t n = strcspn(line, "\n");
		bool more = line[n] == '\n';

		line[n] = '\0';
		if (*line && *line != '#')
			look_alternate(d, line);
		line += n + more;
	}
}

/* ---- history that is not what it seems ------------------------------------
 */

static bool has_text(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_size > 0;
}

static void look_history(struct doctor *d)
{
	if (has_text(inside(d, "info/grafts")))
		doctor_find(d, "objects.grafts",
		    "info/grafts gives commits other parents than they have");
	if (access(inside(d, "shallow"), F_OK) == 0)
		doctor_find(d, "objects.shallow",
		    "the repository is shallow: its history is cut off");
	if (has_text(inside(d, "objects/info/http-alternates")))
		doctor_find(d, "objects.http-alternates",
		    "objects/info/http-alternates tells clients to take "
		    "objects from elsewhere");
}

static void look_replaced(struct doctor *d)
{
	struct view_refs refs = { NULL, 0, 0 };
	struct err err;

	if (!d->opened)
		return;
	if (refs_below(
		d->session.repo, d->arena, "refs/replace/", &refs, &err) < 0)
		doctor_unseen(d, "refs.unreadable", &err);
	else if (refs.n > 0)
		doctor_find(d, "objects.replace",
		    "%zu refs below refs/replace/: git shows other objects "
		    "than those that were judged",
		    refs.n);
}

/* ---- what broken off pushes leave -----------------------------------------
 */

static bool is_quarantine(const char *name)
{
	return str_prefix(name, "incoming-") || str_prefix(name, "tmp_objdir-");
}

static void look_quarantine(struct doctor *d)
{
	DIR *dir = opendir(inside(d, "objects"));
	const struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		struct stat st;
		struct ailment *finding;

		if (!is_quarantine(entry->d_name) ||
		    fstatat(dirfd(dir), entry->d_name, &st,
			AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISDIR(st.st_mode) ||
		    st.st_mtim.tv_sec > d->server->now - QUARANTINE_AGE_S)
			continue;
		finding = doctor_find(d, "objects.quarantine",
		    "objects/%s is of a push that was broken off",
		    text_clean_s(d->arena, entry->d_name));
		finding->fix = (struct fix){ .kind = FIX_REMOVE_TREE,
			.ino = st.st_ino,
			.path = inside(d,
			    arena_printf(
				d->arena, "objects/%s", entry->d_name)) };
	}
	closedir(dir);
}

void look_objects(struct doctor *d)
{
	look_alternates(d);
	look_history(d);
	look_replaced(d);
	look_quarantine(d);
}
