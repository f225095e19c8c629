/*
 * How long do programs take, side by side?  Each round runs every alternative
 * once, so that what else happens on the machine hits all of them alike.
 *
 *	interleave [-r ROUNDS] [-e FILE] [-p] ALTERNATIVE..
 *
 * An alternative is `@NAME`, then any of these, then `run` and a command line:
 *
 *	dir=DIR		where it runs
 *	in=FILE		its standard input
 *	env=NAME=VALUE	in its environment; may be repeated
 *	before=SCRIPT	for `sh -c`, before each turn; not timed
 *	log=FILE	its time is the sum of the numbers (microseconds) that
 *			it wrote there, not the time that passed
 *	any=1		an exit code of 1 will do as well as 0
 *
 * A lone `|` in the command line begins another command that reads what the
 * one before it writes.  Prints `NAME MEDIAN MINIMUM` in milliseconds, a line
 * for each alternative.  With -p, `NAME PEAK`: the most anonymous memory
 * (RssAnon) that its first command had, in KiB.  Standard error goes to FILE.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FAIL 2
#define ALTERNATIVES_MAX 8
#define COMMANDS_MAX 4  /* of a pipeline */
#define ROUNDS_MAX 1000 /* of each alternative */
#define ENVIRONMENT_MAX 1024
#define SAMPLE_NS 500000 /* between two looks at the memory */

struct alternative {
	const char *name, *dir, *in, *before, *log;
	bool any;
	char *env[32];
	size_t nenv;
	char **commands[COMMANDS_MAX];
	size_t ncommands;
	double taken_ms[ROUNDS_MAX];
	unsigned long peak_kib;
};

struct bench {
	struct alternative v[ALTERNATIVES_MAX];
	size_t n;
	size_t rounds;
	const char *errors;
	bool peaks;
};

static _Noreturn void fail(const char *what)
{
	perror(what);
	exit(FAIL);
}

static double now_ms(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) < 0)
		fail("interleave: clock_gettime");
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* --- running ---------------------------------------------------------------
 */

/* The environment with an alternative's own variables behind; what comes first
 * counts, so they stand in front. */
static void make_environment(const struct alternative *a, char **env)
{
	size_t n = 0;

	for (size_t i = 0; i < a->nenv; i++)
		env[n++] = a->env[i];
	for (char **e = environ; *e && n < ENVIRONMENT_MAX; e++)
		env[n++] = *e;
	env[n] = NULL;
}

struct ends { /* standard input and output; -1: /dev/null */
	int in, out;
	const char *file; /* read instead of `in`; NULL: none */
};

static pid_t start(const struct bench *bench, const struct alternative *a,
    char **argv, const struct ends *ends)
{
	char *env[ENVIRONMENT_MAX + 40];
	posix_spawn_file_actions_t actions;
	int error;
	pid_t pid;

	make_environment(a, env);
	error = posix_spawn_file_actions_init(&actions);
	if (ends->in >= 0)
		error |= posix_spawn_file_actions_adddup2(
		    &actions, ends->in, 0);
	else
		error |= posix_spawn_file_actions_addopen(&actions, 0,
		    ends->file ? ends->file : "/dev/null", O_RDONLY, 0);
	if (ends->out >= 0)
		error |= posix_spawn_file_actions_adddup2(
		    &actions, ends->out, 1);
	else
		error |= posix_spawn_file_actions_addopen(
		    &actions, 1, "/dev/null", O_WRONLY, 0);
	error |= posix_spawn_file_actions_addopen(
	    &actions, 2, bench->errors, O_WRONLY | O_CREAT | O_APPEND, 0600);
	if (a->dir)
		error |= posix_spawn_file_actions_addchdir_np(&actions, a->dir);
	if (error ||
	    posix_spawnp(&pid, argv[0], &actions, NULL, argv, env) != 0)
		fail(argv[0]);
	posix_spawn_file_actions_destroy(&actions);
	return pid;
}

static unsigned long anonymous_kib(pid_t pid)
{
	unsigned long kib = 0;
	char line[256];
	FILE *file;

	(void)snprintf(line, sizeof(line), "/proc/%d/status", (int)pid);
	file = fopen(line, "r");
	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file))
		if (strncmp(line, "RssAnon:", 8) == 0)
			kib = strtoul(line + 8, NULL, 10);
	fclose(file);
	return kib;
}

static void watch(struct alternative *a, pid_t pid)
{
	struct timespec pause = { 0, SAMPLE_NS };
	siginfo_t info = { 0 };

	while (
	    waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	    info.si_pid == 0) {
		unsigned long kib = anonymous_kib(pid);

		if (kib > a->peak_kib)
			a->peak_kib = kib;
		(void)nanosleep(&pause, NULL);
	}
}

static void reap(const struct alternative *a, pid_t pid)
{
	int status, code;

	if (waitpid(pid, &status, 0) < 0)
		fail("interleave: waitpid");
	code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
	if (code == 0 || (code == 1 && a->any))
		return;
	fprintf(stderr, "interleave: %s: exit code %d\n", a->name, code);
	exit(FAIL);
}

static void run_commands(const struct bench *bench, struct alternative *a)
{
	struct ends ends = { -1, -1, a->in };
	pid_t pids[COMMANDS_MAX];

	for (size_t i = 0; i < a->ncommands; i++) {
		int fds[2] = { -1, -1 };

		if (i + 1 < a->ncommands && pipe2(fds, O_CLOEXEC) < 0)
			fail("interleave: pipe");
		ends.out = fds[1];
		pids[i] = start(bench, a, a->commands[i], &ends);
		if (ends.in >= 0)
			close(ends.in);
		if (fds[1] >= 0)
			close(fds[1]);
		ends.in = fds[0];
		ends.file = NULL;
	}
	if (bench->peaks)
		watch(a, pids[0]);
	for (size_t i = 0; i < a->ncommands; i++)
		reap(a, pids[i]);
}

static void run_before(const struct bench *bench, const struct alternative *a)
{
	char shell[] = "sh", option[] = "-ec";
	struct alternative plain = { .name = a->name };
	struct ends ends = { -1, -1, NULL };
	char *script = strdup(a->before);
	char *argv[] = { shell, option, script, NULL };

	if (!script)
		fail("interleave");
	reap(&plain, start(bench, &plain, argv, &ends));
	free(script);
}

static double log_ms(const char *path)
{
	FILE *file = fopen(path, "r");
	double sum = 0;
	char line[64];

	if (!file)
		fail(path);
	while (fgets(line, sizeof(line), file))
		sum += strtod(line, NULL) / 1e3;
	fclose(file);
	return sum;
}

static double turn(const struct bench *bench, struct alternative *a)
{
	double begin;

	if (a->before)
		run_before(bench, a);
	if (a->log)
		(void)unlink(a->log);
	begin = now_ms();
	run_commands(bench, a);
	return a->log ? log_ms(a->log) : now_ms() - begin;
}

/* --- telling ---------------------------------------------------------------
 */

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void tell(const struct bench *bench, struct alternative *a)
{
	double *v = a->taken_ms;
	size_t n = bench->rounds;

	if (bench->peaks) {
		printf("%s %lu\n", a->name, a->peak_kib);
		return;
	}
	qsort(v, n, sizeof(*v), by_size);
	printf(
	    "%s %.3f %.3f\n", a->name, (v[n / 2] + v[(n - 1) / 2]) / 2, v[0]);
}

/* --- the command line ------------------------------------------------------
 */

static bool takes(const char *word, const char *key, const char **ret)
{
	size_t len = strlen(key);

	if (strncmp(word, key, len) != 0)
		return false;
	*ret = word + len;
	return true;
}

static void take_option(struct alternative *a, char *word)
{
	const char *value;

	if (takes(word, "dir=", &a->dir) || takes(word, "in=", &a->in) ||
	    takes(word, "before=", &a->before) || takes(word, "log=", &a->log))
		return;
	if (takes(word, "any=", &value)) {
		a->any = *value == '1';
	} else if (takes(word, "env=", &value) &&
	    a->nenv < sizeof(a->env) / sizeof(*a->env)) {
		a->env[a->nenv++] = word + (value - word);
	} else {
		fprintf(stderr, "interleave: what is '%s'?\n", word);
		exit(FAIL);
	}
}

/* The words up to the next alternative; they end in NULLs afterwards. */
static char **take_commands(struct alternative *a, char **word)
{
	a->commands[a->ncommands++] = word;
	for (; *word && **word != '@'; word++) {
		if (strcmp(*word, "|") != 0 || a->ncommands == COMMANDS_MAX)
			continue;
		*word = NULL;
		a->commands[a->ncommands++] = word + 1;
	}
	return word;
}

static void take_alternatives(struct bench *bench, char **word)
{
	while (*word && bench->n < ALTERNATIVES_MAX) {
		struct alternative *a = &bench->v[bench->n++];

		if (**word != '@')
			fail("interleave: an alternative begins with @NAME");
		a->name = *word + 1;
		*word++ = NULL; /* the end of the one before */
		while (*word && strcmp(*word, "run") != 0)
			take_option(a, *word++);
		if (!*word)
			fail("interleave: an alternative without `run`");
		word = take_commands(a, word + 1);
	}
}

int main(int argc, char **argv)
{
	static struct bench bench = { .rounds = 15, .errors = "/dev/null" };
	int option;

	while ((option = getopt(argc, argv, "+r:e:p")) != -1) {
		if (option == 'r')
			bench.rounds = (size_t)strtoul(optarg, NULL, 10);
		else if (option == 'e')
			bench.errors = optarg;
		else if (option == 'p')
			bench.peaks = true;
		else
			return FAIL;
	}
	if (bench.rounds < 1 || bench.rounds > ROUNDS_MAX)
		return FAIL;
	take_alternatives(&bench, argv + optind);
	for (size_t i = 0; i < bench.n; i++) /* caches get warm */
		(void)turn(&bench, &bench.v[i]);
	for (size_t r = 0; r < bench.rounds; r++)
		for (size_t i = 0; i < bench.n; i++)
			bench.v[i].taken_ms[r] = turn(&bench, &bench.v[i]);
	for (size_t i = 0; i < bench.n; i++)
		tell(&bench, &bench.v[i]);
	return 0;
}
