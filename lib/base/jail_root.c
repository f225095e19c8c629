#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/jailwork.h"

/* Of folders and links that hold nothing. */
#define ROOT_OPTIONS "mode=0755,size=1m"
#define NFTW_FDS 16
#define HIDING_OPTIONS "mode=0555,size=4k"
#define SHM_OPTIONS "mode=1777,size=64m"

#define HERE "stagegate" /* JAIL_FOLDER */

/* Paths in the new root are relative: we stand in it. */
static int put_folder(const char *path)
{
	return mkdir(path, 0755) == 0 || errno == EEXIST ? 0 : -1;
}

/* With those above it. */
static int put_folders(const char *path)
{
	char part[PATH_MAX];
	size_t len = strlen(path);

	if (len >= sizeof(part)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	for (size_t i = 1; i <= len; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (put_folder(part) < 0)
			return -1;
	}
	return 0;
}

static int put_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	return fd < 0 ? -1 : close(fd);
}

static int no_writing(const char *path)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY |
		    MOUNT_ATTR_NOSUID };

	return mount_setattr(AT_FDCWD, path, AT_RECURSIVE, &attr, sizeof(attr));
}

/* A folder of the server, with what is mounted below it. */
static int show_folder(const char *from, const char *to)
{
	if (put_folders(to) < 0 ||
	    mount(from, to, NULL, MS_BIND | MS_REC, NULL) < 0)
		return -1;
	return no_writing(to);
}

/* A folder at the top, or the link that it is (/bin to usr/bin); one that is
 * not there is none. */
static int show_top(const char *name)
{
	char path[PATH_MAX], target[PATH_MAX];
	struct stat st;
	ssize_t n;

	snprintf(path, sizeof(path), "/%s", name);
	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : -1;
	if (!S_ISLNK(st.st_mode))
		return show_folder(path, name);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0)
		return -1;
	target[n] = '\0';
	return symlink(target, name);
}

static int show_tops(void)
{
	static const char *const names[] = { "usr", "bin", "sbin", "lib",
		"lib32", "lib64", "libx32", "opt", "etc" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (show_top(names[i]) < 0)
			return -1;
	return 0;
}

/* An empty thing over one that would be seen. */
static int cover(const char *here, bool folder)
{
	if (folder)
		return mount("tmpfs", here, "tmpfs",
		    MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
		    HIDING_OPTIONS);
	return mount("/dev/null", here, NULL, MS_BIND, NULL);
}

static int cover_private(
    const char *path, const struct stat *st, int type, struct FTW *where)
{
	bool folder = type == FTW_D;
	mode_t others = folder ? S_IROTH | S_IXOTH : S_IROTH;

	(void)where;
	if ((!folder && type != FTW_F) || (st->st_mode & others) == others ||
	    access(path, folder ? X_OK : R_OK) < 0)
		return FTW_CONTINUE;
	if (cover(path, folder) < 0)
		return FTW_STOP;
	return folder ? FTW_SKIP_SUBTREE : FTW_CONTINUE;
}

/* What the server's account may read and others may not is configuration with
 * passwords in it, of the host that we are the hooks of. */
static int hide_private(void)
{
	return nftw("etc", cover_private, NFTW_FDS,
		   FTW_PHYS | FTW_ACTIONRETVAL) == 0
	    ? 0
	    : -1;
}

/* Where /etc/resolv.conf leads on some systems. */
static int show_resolver(void)
{
	static const char *const paths[] = { "/run/systemd/resolve",
		"/run/resolvconf" };
	struct stat st;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		if (stat(paths[i], &st) == 0 &&
		    show_folder(paths[i], paths[i] + 1) < 0)
			return -1;
	return 0;
}

static int make_devices(void)
{
	static const char *const names[] = { "null", "zero", "full", "random",
		"urandom" };
	char from[32], to[32];

	if (put_folder("dev") < 0 || put_folder("dev/shm") < 0)
		return -1;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(from, sizeof(from), "/dev/%s", names[i]);
		snprintf(to, sizeof(to), "dev/%s", names[i]);
		if (put_file(to) < 0 ||
		    mount(from, to, NULL, MS_BIND, NULL) < 0)
			return -1;
	}
	if (symlink("/proc/self/fd", "dev/fd") < 0 ||
	    symlink("/proc/self/fd/0", "dev/stdin") < 0 ||
	    symlink("/proc/self/fd/1", "dev/stdout") < 0 ||
	    symlink("/proc/self/fd/2", "dev/stderr") < 0)
		return -1;
	return mount(
	    "tmpfs", "dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, SHM_OPTIONS);
}

/* Inside a container that hides parts of its /proc none can be mounted.  Its
 * own must not be shown: /proc/PID/root leads to everything. */
static void make_proc(void)
{
	if (put_folder("proc") == 0)
		(void)mount("proc", "proc", "proc",
		    MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

static int hide(const char *path)
{
	const char *here = path + 1;
	struct stat st;

	/* What a link names is elsewhere. */
	if (*path != '/' || *here == '\0' || lstat(here, &st) < 0 ||
	    S_ISLNK(st.st_mode))
		return 0;
	return cover(here, S_ISDIR(st.st_mode));
}

static int show_program(const struct jail *jail)
{
	struct stat st;

	if (!jail->program || lstat(jail->program + 1, &st) == 0)
		return 0; /* there already */
	return show_folder(jail->program, jail->program + 1);
}

static int show_private(const struct jail *jail)
{
	const struct mount_attr attr = { .attr_set = MOUNT_ATTR_NOSUID |
		    MOUNT_ATTR_NODEV };
	struct mount_attr copy = attr;

	/* Not what is mounted below it, which is this root. */
	if (put_folder(HERE) < 0 ||
	    mount(jail->folder, HERE, NULL, MS_BIND, NULL) < 0 ||
	    mount_setattr(AT_FDCWD, HERE, 0, &copy, sizeof(copy)) < 0)
		return -1;
	return put_folder("tmp") < 0 ||
		mount(HERE "/" JAIL_TMP, "tmp", NULL, MS_BIND, NULL) < 0
	    ? -1
	    : 0;
}

static const char *fill(const struct jail *jail)
{
	if (show_tops() < 0)
		return "showing /usr and /etc";
	if (hide_private() < 0)
		return "hiding what is private in /etc";
	if (jail->network && show_resolver() < 0)
		return "showing /run/systemd/resolve";
	if (make_devices() < 0)
		return "making /dev";
	make_proc();
	if (show_private(jail) < 0)
		return "showing the private folder";
	if (show_program(jail) < 0)
		return "showing the program's folder";
	for (size_t i = 0; i < jail->hidden.n; i++)
		if (hide(jail->hidden.v[i]) < 0)
			return "hiding what is the server's own";
	return NULL;
}

/* The old root goes out of sight under the new one, and away. */
static int turn(void)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };

	if (mount_setattr(AT_FDCWD, ".", 0, &attr, sizeof(attr)) < 0 ||
	    syscall(SYS_pivot_root, ".", ".") < 0 ||
	    umount2(".", MNT_DETACH) < 0)
		return -1;
	return chdir(JAIL_FOLDER "/" JAIL_TREE);
}

const char *jail_root(const struct jail *jail)
{
	char root[PATH_MAX];
	const char *failed;
	int n = snprintf(root, sizeof(root), "%s/" JAIL_ROOT, jail->folder);

	if (n < 0 || (size_t)n >= sizeof(root)) {
		errno = ENAMETOOLONG;
		return "naming the new root";
	}
	umask(022);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return "making mounts private";
	if (mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, ROOT_OPTIONS) <
		0 ||
	    chdir(root) < 0)
		return "mounting a new root";
	failed = fill(jail);
	if (failed)
		return failed;
	return turn() < 0 ? "turning to the new root" : NULL;
}
