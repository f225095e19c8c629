#include "run/command_run.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/program.h"
#include "base/text.h"
#include "git/checkout.h"
#include "git/scratch.h"

#define CHANGED_FILE "changed"
#define READ_SIZE ((size_t)16 << 10) /* bytes */

/* ---- the program ------------------------------------------------------ */

/* Never a file of the tree.  Programs see nothing of the repository, nor of the
 * suite's own folder. */
static int check_seen(
    const struct command_place *place, const char *program, struct err *err)
{
	for (size_t i = 0; i < place->hidden.n; i++) {
		const char *hidden = place->hidden.v[i];

		if (str_below(program, hidden))
			return err_set(err, ERR_FORMAT,
			    "program '%s' lies where programs see nothing: its "
			    "administrator has to put it elsewhere",
			    program);
	}
	return 0;
}

static const char *folder_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == path
	    ? NULL
	    : arena_strndup(arena, path, (size_t)(slash - path));
}

/* ---- the folder ------------------------------------------------------- */

static int cannot_make(const char *path, struct err *err)
{
	return err_set(
	    err, ERR_IO, "cannot make '%s': %s", path, strerror(errno));
}

static int give(const char *path, struct err *err)
{
	if (jail_gives_away() && lchown(path, JAIL_NOBODY, JAIL_NOBODY) < 0)
		return cannot_make(path, err);
	return 0;
}

static int make_folders(
    struct arena *arena, const char *folder, struct err *err)
{
	static const char *const names[] = { JAIL_TREE, JAIL_HOME, JAIL_TMP,
		JAIL_ROOT };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *path = arena_printf(
		    arena, "%s/%s", folder, names[i]);

		if (mkdir(path, 0700) < 0)
			return cannot_make(path, err);
		if (give(path, err) < 0)
			return -1;
	}
	return give(folder, err);
}

/* Each name with its NUL. */
static int write_names(int fd, const struct view_files *files)
{
	for (size_t i = 0; i < files->n; i++) {
		const char *p = files->v[i].path;
		size_t left = strlen(p) + 1;

		while (left > 0) {
			ssize_t put = write(fd, p, left);

			if (put < 0 && errno != EINTR)
				return -1;
			p += put > 0 ? put : 0;
			left -= put > 0 ? (size_t)put : 0;
		}
	}
	return 0;
}

static int write_changed(struct arena *arena, const char *folder,
    const struct view_files *files, struct err *err)
{
	const char *path = arena_printf(arena, "%s/" CHANGED_FILE, folder);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int status = fd < 0 ? -1 : write_names(fd, files);

	if (status < 0)
		cannot_make(path, err);
	if (fd >= 0)
		close(fd);
	return status < 0 ? -1 : give(path, err);
}

static bool is_late(void *ctx)
{
	const struct command_place *place = ctx;

	return clock_monotonic_ms() >= place->deadline_ms;
}

static int fill(
    struct command_place *place, struct command_run *run, struct err *err)
{
	const struct view_command *command = run->command;
	const struct checkout checkout = { .tree = &command->tree,
		.only = command->only_changed ? &command->changed : NULL,
		.give_away = jail_gives_away(),
		.user = JAIL_NOBODY,
		.group = JAIL_NOBODY,
		.expired = is_late,
		.ctx = place };
	struct checkout_left left;
	const char *tree = arena_printf(
	    place->arena, "%s/" JAIL_TREE, run->folder);
	int fd, status;

	if (make_folders(place->arena, run->folder, err) < 0 ||
	    write_changed(place->arena, run->folder, &command->changed, err) <
		0)
		return -1;
	fd = open(tree, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return cannot_make(tree, err);
	status = checkout_write(
	    place->repo, place->arena, &checkout, fd, &left, err);
	close(fd);
	if (status < 0)
		return -1;
	run->end.left_out = left.n;
	run->end.left_out_first = left.first;
	return 0;
}

/* ---- starting --------------------------------------------------------- */

static const char *const *environment(
    struct arena *arena, const struct command_run *run, const char *folder)
{
	const struct view_command *command = run->command;
	const char *const entries[] = {
		arena_printf(arena, "PATH=%s", PROGRAM_PATH),
		"LC_ALL=C.UTF-8",
		arena_printf(arena, "HOME=%s/" JAIL_HOME, folder),
		arena_printf(arena, "TMPDIR=%s/" JAIL_TMP, folder),
		arena_printf(arena, "STAGEGATE_REF=%s", command->ref),
		arena_printf(
		    arena, "STAGEGATE_OLD=%s", oid_hex(&command->old).s),
		arena_printf(
		    arena, "STAGEGATE_NEW=%s", oid_hex(&command->new).s),
		arena_printf(arena, "STAGEGATE_CANDIDATE=%s",
		    oid_hex(&command->candidate).s),
		arena_printf(arena, "STAGEGATE_STAGE=%s", command->stage),
		arena_printf(
		    arena, "STAGEGATE_CHANGED=%s/" CHANGED_FILE, folder),
	};
	size_t n = sizeof(entries) / sizeof(*entries);
	const char **list = arena_array(arena, n + 1, sizeof(*list));

	memcpy(list, entries, sizeof(entries));
	return list;
}

static const char *const *arguments(
    struct arena *arena, const struct strings *run, const char *program)
{
	const char **list = arena_array(arena, run->n + 1, sizeof(*list));

	for (size_t i = 0; i < run->n; i++)
		list[i] = run->v[i];
	list[0] = program;
	return list;
}

static int say_denied(struct err *err)
{
	struct err why = *err;

	return err_set(err, ERR_IO,
	    "the server can't shut programs in (%s): its administrator has to "
	    "allow user namespaces (user.max_user_namespaces, "
	    "kernel.unprivileged_userns_clone, "
	    "kernel.apparmor_restrict_unprivileged_userns, kernel 5.12), or "
	    "say `network: true` for a program that may reach everything",
	    why.text);
}

static int start_jail(struct command_place *place, struct command_run *run,
    const char *program, struct err *err)
{
	struct arena *arena = place->arena;
	const struct view_command *command = run->command;
	struct jail jail = {
		.argv = arguments(arena, &command->run, program),
		.envp = environment(arena, run, JAIL_FOLDER),
		.folder = run->folder,
		.program = folder_of(arena, program),
		.hidden = place->hidden,
		.memory = command->memory,
		.seconds = command->timeout * place->processors + 1,
		.network = command->network,
	};
	bool denied;

	if (jail_start(&jail, &run->jail, &denied, err) == 0)
		return 0;
	if (!denied)
		return -1;
	if (!command->network)
		return say_denied(err);
	jail.open = true;
	jail.envp = environment(arena, run, run->folder);
	return jail_start(&jail, &run->jail, &denied, err);
}

static void set_deadline(
    const struct command_place *place, struct command_run *run)
{
	run->deadline_ms = clock_monotonic_ms() + run->command->timeout * 1000;
	if (run->deadline_ms <= place->deadline_ms)
		return;
	run->deadline_ms = place->deadline_ms;
	run->of_push = true;
}

int command_run_start(struct command_place *place,
    const struct view_command *command, struct command_run *ret,
    struct err *err)
{
	struct command_run run = { .command = command };
	struct err ignored;
	const char *program;

	if (program_find(place->arena, command->run.v[0], &program, err) < 0 ||
	    check_seen(place, program, err) < 0 ||
	    scratch_hold(
		place->repo, place->arena, &run.folder, &run.lock, err) < 0)
		return -1;
	buf_init(&run.output, place->arena, command->output);
	if (fill(place, &run, err) < 0 ||
	    start_jail(place, &run, program, err) < 0) {
		(void)scratch_drop(run.folder, run.lock, &ignored);
		return -1;
	}
	set_deadline(place, &run);
	*ret = run;
	return 0;
}

/* ---- while it runs ---------------------------------------------------- */

void command_run_take(struct command_run *run)
{
	char bytes[READ_SIZE];
	ssize_t got;

	/* What is over the ceiling is read all the same, so that it goes on. */
	while (run->jail.out >= 0) {
		got = read(run->jail.out, bytes, sizeof(bytes));
		if (got > 0) {
			buf_add(&run->output, bytes, (size_t)got);
			return;
		}
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return;
		close(run->jail.out);
		run->jail.out = -1;
	}
}

/* What lies in the pipe when all writers are gone. */
static void drain(struct command_run *run)
{
	char bytes[READ_SIZE];
	ssize_t got;

	while ((got = read(run->jail.out, bytes, sizeof(bytes))) > 0 ||
	    (got < 0 && errno == EINTR))
		if (got > 0)
			buf_add(&run->output, bytes, (size_t)got);
	close(run->jail.out);
	run->jail.out = -1;
}

static void tell_end(struct command_run *run, const struct jail_end *jail)
{
	struct view_command_end *end = &run->end;

	end->output = run->output.p;
	end->output_len = run->output.len;
	end->output_cut = run->output.overflow;
	if (run->late) {
		end->state = run->of_push ? COMMAND_PUSH_TIMEOUT
					  : COMMAND_TIMEOUT;
	} else if (jail->memory) {
		end->state = COMMAND_MEMORY;
	} else if (jail->signal != 0) {
		end->state = COMMAND_KILLED;
		end->status = jail->signal;
	} else {
		end->state = COMMAND_EXITED;
		end->status = jail->status;
	}
}

int command_run_finish(struct command_run *run, struct err *err)
{
	struct jail_end jail;
	struct err why;
	int status;

	status = jail_reap(&run->jail, run->command->run.v[0], &jail, err);
	if (run->jail.out >= 0)
		drain(run);
	tell_end(run, &jail);
	if (scratch_drop(run->folder, run->lock, &why) < 0 && status == 0) {
		*err = why;
		status = -1;
	}
	return status;
}
