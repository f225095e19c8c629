#include "record/owner.h"

/*
 * Which receive-pack do we work for?  Read from proc(5); whatever can't be
 * read makes the owner unknown, and the plan a lease.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "base/text.h"

#define ANCESTORS_MAX 64
#define PROC_FILE_MAX ((size_t)2 << 20) /* an argv may be long */
#define STAT_FIELD_STATE 3
#define STAT_FIELD_PARENT 4
#define STAT_FIELD_START 22

static int read_proc(
    struct arena *arena, const char *path, char **ret_text, size_t *ret_len)
{
	struct err ignored;

	return file_read(
	    arena, path, PROC_FILE_MAX, ret_text, ret_len, &ignored);
}

/* One field of /proc/PID/stat, counted from 1; only those behind the name of
 * the program, which may hold blanks and parentheses itself. */
static const char *stat_field(struct arena *arena, const char *stat, int field)
{
	const char *p = strrchr(stat, ')');

	if (!p)
		return NULL;
	p++;
	for (int i = STAT_FIELD_STATE;; i++) {
		size_t len;

		p += strspn(p, " ");
		len = strcspn(p, " \n");
		if (len == 0)
			return NULL;
		if (i == field)
			return arena_strndup(arena, p, len);
		p += len;
	}
}

bool process_stat_parse(
    struct arena *arena, const char *text, struct process_stat *ret)
{
	const char *state = stat_field(arena, text, STAT_FIELD_STATE);
	const char *parent = stat_field(arena, text, STAT_FIELD_PARENT);
	const char *start = stat_field(arena, text, STAT_FIELD_START);

	if (!state || !parent || !start ||
	    !str_to_u64(parent, INT_MAX, &ret->parent) ||
	    !str_to_u64(start, UINT64_MAX, &ret->start))
		return false;
	ret->gone = strchr("ZXx", *state) != NULL;
	return true;
}

static bool process_stat(
    struct arena *arena, uint64_t pid, struct process_stat *ret)
{
	char *text;
	size_t len;

	return read_proc(arena,
		   arena_printf(
		       arena, "/proc/%llu/stat", (unsigned long long)pid),
		   &text, &len) == 0 &&
	    process_stat_parse(arena, text, ret);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Options of git(1) before the command, whose value is the next word. */
static bool takes_value(const char *option)
{
	static const char *const options[] = { "-C", "-c", "--git-dir",
		"--work-tree", "--namespace", "--super-prefix", "--config-env",
		"--attr-source" };

	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (strcmp(options[i], option) == 0)
			return true;
	return false;
}

bool argv_is_receive_pack(const char *argv, size_t len)
{
	const char *end = argv + len, *name = base_name(argv);

	if (len == 0)
		return false;
	if (strcmp(name, "git-receive-pack") == 0)
		return true;
	if (!str_prefix(name, "git"))
		return false;
	for (const char *p = argv + strlen(argv) + 1; p < end;
	     p += strlen(p) + 1) {
		if (takes_value(p))
			p += strlen(p) + 1;
		else if (*p != '-')
			return strcmp(p, "receive-pack") == 0;
		if (p >= end)
			break;
	}
	return false;
}

static bool is_receive_pack(struct arena *arena, uint64_t pid)
{
	const char *dir = arena_printf(
	    arena, "/proc/%llu", (unsigned long long)pid);
	char exe[PATH_MAX], *argv;
	ssize_t n = readlink(
	    arena_printf(arena, "%s/exe", dir), exe, sizeof(exe) - 1);
	size_t len;

	if (n <= 0)
		return false;
	exe[n] = '\0';
	return str_prefix(base_name(exe), "git") &&
	    read_proc(arena, arena_printf(arena, "%s/cmdline", dir), &argv,
		&len) == 0 &&
	    argv_is_receive_pack(argv, len);
}

/* A container may have been given the /proc of another pid namespace. */
static bool proc_is_ours(struct arena *arena)
{
	char self[32];
	ssize_t n = readlink("/proc/self", self, sizeof(self) - 1);

	if (n <= 0)
		return false;
	self[n] = '\0';
	return strcmp(self, arena_printf(arena, "%ld", (long)getpid())) == 0;
}

/* This boot and this pid namespace; "" where they can't be read. */
static void find_place(struct arena *arena, struct plan_owner *ret)
{
	struct stat st;
	char *text;
	size_t len;

	ret->boot = ret->pid_namespace = "";
	if (read_proc(arena, "/proc/sys/kernel/random/boot_id", &text, &len) ==
	    0)
		ret->boot = arena_strndup(arena, text, strcspn(text, "\n"));
	if (proc_is_ours(arena) && stat("/proc/self/ns/pid", &st) == 0)
		ret->pid_namespace = arena_printf(
		    arena, "%llu", (unsigned long long)st.st_ino);
}

void plan_owner_find(struct arena *arena, struct plan_owner *ret)
{
	struct process_stat process = { .parent = (uint64_t)getppid() };

	memset(ret, 0, sizeof(*ret));
	find_place(arena, ret);
	if (!*ret->boot || !*ret->pid_namespace)
		return;
	for (int i = 0; i < ANCESTORS_MAX && process.parent > 0; i++) {
		uint64_t pid = process.parent;
		bool found = is_receive_pack(arena, pid);

		if (!process_stat(arena, pid, &process))
			return;
		if (!found)
			continue;
		ret->known = true;
		ret->pid = pid;
		ret->start = process.start;
		return;
	}
}

bool plan_owner_same(const struct plan_owner *a, const struct plan_owner *b)
{
	return a->known && b->known && a->pid == b->pid &&
	    a->start == b->start && strcmp(a->boot, b->boot) == 0 &&
	    strcmp(a->pid_namespace, b->pid_namespace) == 0;
}

/* Only the kernel's word counts: that /proc does not read may have many reasons
 * (no descriptor left, hidepid), and a plan that is taken for dead is lost. */
static bool has_ended(uint64_t pid)
{
	return kill((pid_t)pid, 0) < 0 && errno == ESRCH;
}

enum owner_state owner_state(
    struct arena *arena, const struct plan_owner *owner)
{
	struct process_stat process;
	struct plan_owner here;

	find_place(arena, &here);
	if (*owner->boot && *here.boot && strcmp(owner->boot, here.boot) != 0)
		return OWNER_GONE;
	if (!owner->known || !*here.pid_namespace ||
	    strcmp(owner->pid_namespace, here.pid_namespace) != 0)
		return OWNER_UNKNOWN;
	if (owner->pid == 0 || owner->pid > INT_MAX)
		return OWNER_GONE; /* no number of a process */
	if (!process_stat(arena, owner->pid, &process))
		return has_ended(owner->pid) ? OWNER_GONE : OWNER_UNKNOWN;
	return process.gone || process.start != owner->start ? OWNER_GONE
							     : OWNER_RUNS;
}
