#include "base/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "support/unit.h"

/* Every test runs in a new directory of its own. */

static void put(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_int_eq(fchmod(fd, mode), 0);
	close(fd);
}

static char *get(const char *path)
{
	struct err err = { 0 };
	char *text;
	size_t len;

	ck_assert_msg(
	    file_read(&unit_arena, path, 1 << 20, &text, &len, &err) == 0, "%s",
	    err.text);
	return text;
}

static size_t descriptors_open(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 256; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			n++;
	return n;
}

START_TEST(file_read_gives_all_and_a_nul)
	{
		static const size_t sizes[] = { 0, 1, 16383, 16384, 16385,
			1000000 };
		size_t size = sizes[_i], len, before = descriptors_open();
		char *text = arena_alloc(&unit_arena, size + 1), *back;
		struct err err;

		memset(text, 'x', size);
		put("f", text, 0600);
		ck_assert_int_eq(
		    file_read(&unit_arena, "f", size, &back, &len, &err), 0);
		ck_assert_uint_eq(len, size);
		ck_assert_str_eq(back, text);
		ck_assert_uint_eq(descriptors_open(), before);
	}
END_TEST

START_TEST(file_read_has_a_ceiling)
	{
		struct err err;
		char *text = NULL;
		size_t len = 7;

		put("f", "12345", 0600);
		ck_assert_int_eq(
		    file_read(&unit_arena, "f", 5, &text, &len, &err), 0);
		text = NULL;
		len = 7;
		ck_assert_int_eq(
		    file_read(&unit_arena, "f", 4, &text, &len, &err), -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		ck_assert_str_eq(err.text, "'f' is larger than 4 bytes");
		ck_assert_ptr_null(text); /* untouched */
		ck_assert_uint_eq(len, 7);
	}
END_TEST

START_TEST(file_read_of_a_sparse_giant_allocates_nothing)
	{
		struct err err;
		char *text;
		size_t len;

		put("f", "", 0600);
		ck_assert_int_eq(truncate("f", (off_t)1 << 40), 0);
		ck_assert_int_eq(
		    file_read(&unit_arena, "f", 1 << 20, &text, &len, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		ck_assert_uint_lt(unit_arena.used, 4096);
	}
END_TEST

static void make_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(address.sun_path, path, strlen(path));
	ck_assert_int_eq(
	    bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
}

static const struct {
	const char *path;
	enum err_kind kind;
	const char *text;
} unreadable[] = {
	{ "missing", ERR_NOTFOUND,
	    "cannot open 'missing': No such file or directory" },
	{ "file/x", ERR_IO, "cannot open 'file/x': Not a directory" },
	{ "fifo", ERR_FORMAT, "'fifo' is not a regular file" },
	{ "directory", ERR_FORMAT, "'directory' is not a regular file" },
	{ "socket", ERR_IO, "cannot open 'socket': No such device or address" },
	{ "dangling", ERR_NOTFOUND,
	    "cannot open 'dangling': No such file or directory" },
	{ "loop", ERR_IO,
	    "cannot open 'loop': Too many levels of symbolic links" },
	{ "to-fifo", ERR_FORMAT, "'to-fifo' is not a regular file" },
	{ "/dev/zero", ERR_FORMAT, "'/dev/zero' is not a regular file" },
	{ "/dev/null", ERR_FORMAT, "'/dev/null' is not a regular file" },
	{ "", ERR_NOTFOUND, "cannot open '': No such file or directory" },
};

static void make_the_unreadable(void)
{
	put("file", "x", 0600);
	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	ck_assert_int_eq(mkdir("directory", 0700), 0);
	make_socket("socket");
	ck_assert_int_eq(symlink("nowhere", "dangling"), 0);
	ck_assert_int_eq(symlink("loop", "loop"), 0);
	ck_assert_int_eq(symlink("fifo", "to-fifo"), 0);
}

START_TEST(file_read_refuses_what_is_no_file_at_once)
	{
		const char *path = unreadable[_i].path;
		struct err err;
		char *text;
		size_t len;

		make_the_unreadable();
		ck_assert_int_eq(
		    file_read(&unit_arena, path, 100, &text, &len, &err), -1);
		ck_assert_str_eq(err.text, unreadable[_i].text);
		ck_assert_int_eq(err.kind, unreadable[_i].kind);
		ck_assert_int_eq(file_read_trusted(
				     &unit_arena, path, 100, &text, &len, &err),
		    -1);
		ck_assert_str_eq(err.text, unreadable[_i].text);
	}
END_TEST

START_TEST(file_read_of_proc_knows_no_size)
	{
		ck_assert_uint_gt(strlen(get("/proc/self/status")), 100);
	}
END_TEST

static const struct {
	mode_t mode;
	const char *why; /* NULL: trusted */
} modes[] = {
	{ 0600, NULL },
	{ 0644, NULL },
	{ 0755, NULL },
	{ 0400, NULL },
	{ 0620, "'f' is writable by group or others" },
	{ 0602, "'f' is writable by group or others" },
	{ 0664, "'f' is writable by group or others" },
	{ 0666, "'f' is writable by group or others" },
};

START_TEST(file_read_trusted_looks_at_the_mode)
	{
		const char *why = modes[_i].why;
		struct err err;
		char *text;
		size_t len;

		put("f", "x", modes[_i].mode);
		ck_assert_int_eq(symlink("f", "link"), 0);
		ck_assert_int_eq(
		    file_read_trusted(&unit_arena, "f", 10, &text, &len, &err),
		    why ? -1 : 0);
		if (why) {
			ck_assert_int_eq(err.kind, ERR_FORMAT);
			ck_assert_str_eq(err.text, why);
		}
		/* It is the file behind a link that counts. */
		ck_assert_int_eq(file_read_trusted(&unit_arena, "link", 10,
				     &text, &len, &err),
		    why ? -1 : 0);
		ck_assert_str_eq(
		    get("f"), "x"); /* the other reader does not care */
	}
END_TEST

static void read_as_somebody_else(void *path)
{
	struct err err;
	char *text;
	size_t len;

	arena_init(&unit_arena, ARENA_SCRATCH_MAX);
	if (setegid(65534) < 0 || seteuid(65534) < 0)
		_exit(99);
	if (file_read_trusted(&unit_arena, path, 10, &text, &len, &err) < 0)
		_exit(strstr(err.text, "owned by neither") ? 1 : 98);
	_exit(0);
}

START_TEST(file_read_trusted_looks_at_the_owner)
	{
		char own[] = "own", roots[] = "roots", others[] = "others";

		if (geteuid() != 0)
			return;
		ck_assert_int_eq(chmod(".", 0755), 0);
		put(own, "x", 0644);
		put(roots, "x", 0644);
		put(others, "x", 0644);
		ck_assert_int_eq(chown(own, 65534, 0), 0);
		ck_assert_int_eq(chown(others, 65533, 0), 0);
		ck_assert_int_eq(unit_exit_code(read_as_somebody_else, own), 0);
		ck_assert_int_eq(
		    unit_exit_code(read_as_somebody_else, roots), 0);
		ck_assert_int_eq(
		    unit_exit_code(read_as_somebody_else, others), 1);
	}
END_TEST

START_TEST(fd_read_takes_pipes_to_their_end)
	{
		struct err err;
		char *text;
		size_t len;
		int fds[2];

		ck_assert_int_eq(pipe(fds), 0);
		ck_assert_int_eq(write(fds[1], "a\0b", 3), 3);
		close(fds[1]);
		ck_assert_int_eq(
		    fd_read(&unit_arena, fds[0], 3, &text, &len, &err), 0);
		close(fds[0]);
		ck_assert_uint_eq(len, 3);
		ck_assert_int_eq(memcmp(text, "a\0b", 4), 0);
	}
END_TEST

START_TEST(fd_read_waits_where_the_descriptor_does_not)
	{
		struct err err;
		char *text;
		size_t len;
		int fds[2];
		pid_t pid;

		ck_assert_int_eq(pipe2(fds, O_NONBLOCK), 0);
		pid = fork();
		if (pid == 0) {
			clock_sleep_ms(50);
			_exit(write(fds[1], "late", 4) == 4 ? 0 : 1);
		}
		close(fds[1]);
		ck_assert_int_eq(
		    fd_read(&unit_arena, fds[0], 100, &text, &len, &err), 0);
		ck_assert_str_eq(text, "late");
		close(fds[0]);
		waitpid(pid, NULL, 0);
	}
END_TEST

START_TEST(fd_read_has_a_ceiling_and_ends_on_endless_input)
	{
		int fd = open("/dev/zero", O_RDONLY);
		struct err err;
		char *text;
		size_t len;

		ck_assert_int_eq(
		    fd_read(&unit_arena, fd, 100000, &text, &len, &err), -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		close(fd);
		ck_assert_int_eq(
		    fd_read(&unit_arena, fd, 100000, &text, &len, &err), -1);
		ck_assert_int_eq(err.kind, ERR_IO);
	}
END_TEST

/* All names in the directory, those of half-written files too. */
static size_t entries(void)
{
	const struct dirent *entry;
	DIR *dir = opendir(".");
	size_t n = 0;

	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			n++;
	closedir(dir);
	return n;
}

START_TEST(file_replace_makes_and_replaces)
	{
		struct err err;
		struct stat st;
		mode_t umask_before = umask(077);

		ck_assert_int_eq(file_replace("f", "one", 3, 0644, &err), 0);
		ck_assert_str_eq(get("f"), "one");
		ck_assert_int_eq(stat("f", &st), 0);
		ck_assert_uint_eq(
		    st.st_mode & 07777, 0644); /* whatever umask says */
		ck_assert_int_eq(file_replace("f", "", 0, 0600, &err), 0);
		ck_assert_str_eq(get("f"), "");
		ck_assert_int_eq(stat("f", &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, 0600);
		ck_assert_uint_eq(entries(), 1);
		umask(umask_before);
	}
END_TEST

START_TEST(file_replace_leaves_open_readers_the_old_text)
	{
		struct err err;
		char old[4] = { 0 };
		int fd;

		put("f", "old", 0600);
		fd = open("f", O_RDONLY);
		ck_assert_int_eq(file_replace("f", "new", 3, 0600, &err), 0);
		ck_assert_int_eq(read(fd, old, 3), 3);
		close(fd);
		ck_assert_str_eq(old, "old");
		ck_assert_str_eq(get("f"), "new");
	}
END_TEST

START_TEST(file_replace_replaces_a_link_not_its_target)
	{
		struct err err;
		struct stat st;

		put("target", "old", 0600);
		ck_assert_int_eq(symlink("target", "link"), 0);
		ck_assert_int_eq(file_replace("link", "new", 3, 0600, &err), 0);
		ck_assert_str_eq(get("target"), "old");
		ck_assert_str_eq(get("link"), "new");
		ck_assert_int_eq(lstat("link", &st), 0);
		ck_assert(S_ISREG(st.st_mode));
	}
END_TEST

START_TEST(file_replace_in_a_subdirectory_and_by_absolute_path)
	{
		struct err err;
		char *path;
		char here[1000];

		ck_assert_ptr_nonnull(getcwd(here, sizeof(here)));
		path = arena_printf(&unit_arena, "%s/f", here);
		ck_assert_int_eq(mkdir("d", 0700), 0);
		ck_assert_int_eq(file_replace("d/f", "1", 1, 0600, &err), 0);
		ck_assert_int_eq(file_replace(path, "2", 1, 0600, &err), 0);
		ck_assert_str_eq(get("d/f"), "1");
		ck_assert_str_eq(get("f"), "2");
	}
END_TEST

START_TEST(file_replace_that_fails_leaves_nothing_behind)
	{
		struct err err;
		char *name = arena_alloc(&unit_arena, 5001);

		ck_assert_int_eq(
		    file_replace("missing/f", "x", 1, 0600, &err), -1);
		ck_assert_int_eq(err.kind, ERR_NOTFOUND);
		ck_assert_int_eq(mkdir("d", 0700), 0);
		put("d/f", "x", 0600);
		ck_assert_int_eq(file_replace("d", "x", 1, 0600, &err), -1);
		ck_assert_int_eq(err.kind, ERR_IO);
		ck_assert_str_eq(
		    err.text, "cannot replace 'd': Is a directory");
		memset(name, 'a', 5000);
		ck_assert_int_eq(file_replace(name, "x", 1, 0600, &err), -1);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		ck_assert_uint_eq(entries(), 1);
	}
END_TEST

static void replace_with_little_room(void *path)
{
	const struct rlimit room = { 10, 10 };
	struct err err;

	/* As good as a full disk: the second part of the text fails. */
	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &room) < 0)
		_exit(99);
	if (file_replace(path, "0123456789abcdef", 16, 0600, &err) == 0)
		_exit(0);
	_exit(err.kind == ERR_IO ? 1 : 98);
}

START_TEST(file_replace_on_a_full_disk_keeps_the_old_text)
	{
		char path[] = "f";

		put(path, "old", 0600);
		ck_assert_int_eq(
		    unit_exit_code(replace_with_little_room, path), 1);
		ck_assert_str_eq(get(path), "old");
		ck_assert_uint_eq(entries(), 1);
	}
END_TEST

START_TEST(dir_make_is_content_with_a_directory)
	{
		struct err err;
		struct stat st;

		ck_assert_int_eq(dir_make("d", 02775, &err), 0);
		ck_assert_int_eq(stat("d", &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, 02775);
		ck_assert_int_eq(dir_make("d", 0700, &err), 0);
		ck_assert_int_eq(stat("d", &st), 0);
		ck_assert_uint_eq(st.st_mode & 07777, 02775); /* as it was */
		put("f", "", 0600);
		ck_assert_int_eq(dir_make("f", 0700, &err), -1);
		ck_assert_str_eq(err.text, "'f' is not a directory");
		ck_assert_int_eq(dir_make("x/y", 0700, &err), -1);
		ck_assert_int_eq(err.kind, ERR_NOTFOUND);
	}
END_TEST

START_TEST(dir_sync_wants_a_directory)
	{
		struct err err;

		ck_assert_int_eq(dir_sync(".", &err), 0);
		ck_assert_int_eq(dir_sync("x", &err), -1);
		ck_assert_int_eq(err.kind, ERR_NOTFOUND);
		put("f", "", 0600);
		ck_assert_int_eq(dir_sync("f", &err), -1);
		ck_assert_int_eq(err.kind, ERR_IO);
	}
END_TEST

START_TEST(dir_list_names_regular_files_in_order)
	{
		static const char *const names[] = { "b", "a", "B", "10", "9",
			"\xc3\xa9", ".hidden", "x.0123456789abcdef.tmp" };
		static const char *const sorted[] = { "10", "9", "B", "a", "b",
			"\xc3\xa9" };
		struct strings list;
		struct err err;

		for (int i = 0; i < COUNT(names); i++)
			put(names[i], "", 0600);
		ck_assert_int_eq(mkdir("directory", 0700), 0);
		ck_assert_int_eq(mkfifo("fifo", 0600), 0);
		ck_assert_int_eq(symlink("a", "link"), 0);
		ck_assert_int_eq(dir_list(&unit_arena, ".", &list, &err), 0);
		ck_assert_uint_eq(list.n, COUNT(sorted));
		for (int i = 0; i < COUNT(sorted); i++)
			ck_assert_str_eq(list.v[i], sorted[i]);
	}
END_TEST

START_TEST(dir_list_of_nothing_and_of_no_directory)
	{
		struct strings list = { .n = 9 };
		struct err err;

		ck_assert_int_eq(
		    dir_list(&unit_arena, "missing", &list, &err), 0);
		ck_assert_uint_eq(list.n, 0);
		put("f", "", 0600);
		ck_assert_int_eq(dir_list(&unit_arena, "f", &list, &err), -1);
		ck_assert_int_eq(err.kind, ERR_IO);
	}
END_TEST

START_TEST(file_remove_of_what_is_not_there_is_fine)
	{
		struct err err;

		put("f", "", 0600);
		ck_assert_int_eq(file_remove("f", &err), 0);
		ck_assert_int_eq(file_remove("f", &err), 0);
		ck_assert_int_eq(mkdir("d", 0700), 0);
		ck_assert_int_eq(file_remove("d", &err), -1);
		ck_assert_int_eq(err.kind, ERR_IO);
	}
END_TEST

START_TEST(file_lock_keeps_others_out_until_closed)
	{
		uint64_t start;
		struct err err;
		int a, b = -5;

		ck_assert_int_eq(file_lock("lock", 0, &a, &err), 0);
		ck_assert_int_eq(fcntl(a, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
		start = clock_monotonic_ms();
		ck_assert_int_eq(file_lock("lock", 100, &b, &err), -1);
		ck_assert_uint_ge(clock_monotonic_ms() - start, 100);
		ck_assert_int_eq(err.kind, ERR_LIMIT);
		ck_assert_str_eq(
		    err.text, "'lock' is locked by another process");
		ck_assert_int_eq(b, -5); /* untouched */
		close(a);
		ck_assert_int_eq(file_lock("lock", 0, &b, &err), 0);
		close(b);
	}
END_TEST

START_TEST(file_lock_waits_for_its_turn)
	{
		struct err err;
		int fd;
		pid_t pid;

		ck_assert_int_eq(file_lock("lock", 0, &fd, &err), 0);
		pid = fork();
		if (pid == 0) {
			clock_sleep_ms(100);
			_exit(0); /* the lock is shared with this child until
				     here */
		}
		close(fd);
		ck_assert_int_eq(file_lock("lock", 10000, &fd, &err), 0);
		close(fd);
		waitpid(pid, NULL, 0);
	}
END_TEST

START_TEST(file_lock_notices_that_the_file_was_removed)
	{
		struct err err;
		int a, b;

		ck_assert_int_eq(file_lock("lock", 0, &a, &err), 0);
		ck_assert_int_eq(unlink("lock"), 0);
		/* A lock on the nameless file would keep nobody out. */
		ck_assert_int_eq(file_lock("lock", 0, &b, &err), 0);
		ck_assert_int_eq(access("lock", F_OK), 0);
		close(a);
		close(b);
	}
END_TEST

START_TEST(file_lock_takes_no_links_and_needs_a_directory)
	{
		struct err err;
		int fd;

		ck_assert_int_eq(symlink("elsewhere", "lock"), 0);
		ck_assert_int_eq(file_lock("lock", 0, &fd, &err), -1);
		ck_assert_int_eq(err.kind, ERR_IO);
		ck_assert_int_eq(access("elsewhere", F_OK), -1);
		ck_assert_int_eq(file_lock("missing/lock", 0, &fd, &err), -1);
		ck_assert_int_eq(err.kind, ERR_NOTFOUND);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("file");
	TCase *tcase = unit_case_in_dir(suite, "read");

	tcase_add_loop_test(tcase, file_read_gives_all_and_a_nul, 0, 6);
	tcase_add_test(tcase, file_read_has_a_ceiling);
	tcase_add_test(tcase, file_read_of_a_sparse_giant_allocates_nothing);
	tcase_add_loop_test(tcase, file_read_refuses_what_is_no_file_at_once, 0,
	    COUNT(unreadable));
	tcase_add_test(tcase, file_read_of_proc_knows_no_size);
	tcase_add_loop_test(
	    tcase, file_read_trusted_looks_at_the_mode, 0, COUNT(modes));
	tcase_add_test(tcase, file_read_trusted_looks_at_the_owner);
	tcase_add_test(tcase, fd_read_takes_pipes_to_their_end);
	tcase_add_test(tcase, fd_read_waits_where_the_descriptor_does_not);
	tcase_add_test(tcase, fd_read_has_a_ceiling_and_ends_on_endless_input);
	tcase = unit_case_in_dir(suite, "replace");
	tcase_add_test(tcase, file_replace_makes_and_replaces);
	tcase_add_test(tcase, file_replace_leaves_open_readers_the_old_text);
	tcase_add_test(tcase, file_replace_replaces_a_link_not_its_target);
	tcase_add_test(
	    tcase, file_replace_in_a_subdirectory_and_by_absolute_path);
	tcase_add_test(tcase, file_replace_that_fails_leaves_nothing_behind);
	tcase_add_test(tcase, file_replace_on_a_full_disk_keeps_the_old_text);
	tcase_add_test(tcase, file_remove_of_what_is_not_there_is_fine);
	tcase = unit_case_in_dir(suite, "directory");
	tcase_add_test(tcase, dir_make_is_content_with_a_directory);
	tcase_add_test(tcase, dir_sync_wants_a_directory);
	tcase_add_test(tcase, dir_list_names_regular_files_in_order);
	tcase_add_test(tcase, dir_list_of_nothing_and_of_no_directory);
	tcase = unit_case_in_dir(suite, "lock");
	tcase_add_test(tcase, file_lock_keeps_others_out_until_closed);
	tcase_add_test(tcase, file_lock_waits_for_its_turn);
	tcase_add_test(tcase, file_lock_notices_that_the_file_was_removed);
	tcase_add_test(tcase, file_lock_takes_no_links_and_needs_a_directory);
	return unit_main(suite);
}
