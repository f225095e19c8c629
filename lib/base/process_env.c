#include "base/process_env.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/process_child.h"

static const char *const kept[] = { "GIT_DIR", "GIT_OBJECT_DIRECTORY",
	"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH",
	"GIT_PUSH_OPTION_COUNT", "GIT_NAMESPACE", "HOME" };

/* A descriptor 0-2 that is missing would be given to the next file opened,
 * and messages would end up in it. */
static void fill_standard_fds(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
		if (fd < 0)
			_exit(EXIT_UNDECIDED);
	} while (fd <= 2);
	close(fd);
}

static void raise_limit(__rlimit_resource_t what)
{
	struct rlimit limit;

	if (getrlimit(what, &limit) < 0 || limit.rlim_cur == limit.rlim_max)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(what, &limit);
}

void process_harden(void)
{
	const struct rlimit none = { 0, 0 };
	struct sigaction action;

	fill_standard_fds();
	signals_reset();
	memset(&action, 0, sizeof(action));
	sigemptyset(&action.sa_mask);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	umask(077);
	setrlimit(RLIMIT_CORE, &none);
	raise_limit(RLIMIT_FSIZE);
	raise_limit(RLIMIT_NOFILE);
}

static bool is_named(const char *entry, size_t len, const char *name)
{
	return strlen(name) == len && memcmp(entry, name, len) == 0;
}

/* GIT_PUSH_OPTION_<n>, with digits only. */
static bool is_push_option(const char *entry, size_t len)
{
	static const char start[] = "GIT_PUSH_OPTION_";
	size_t n = sizeof(start) - 1;

	return len > n && memcmp(entry, start, n) == 0 &&
	    strspn(entry + n, "0123456789") == len - n;
}

static bool is_kept(const char *entry, size_t len, const struct strings *keep)
{
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		if (is_named(entry, len, kept[i]))
			return true;
	for (size_t i = 0; keep && i < keep->n; i++)
		if (is_named(entry, len, keep->v[i]))
			return true;
	return false;
}

/* Has one of the first n entries the same name?  getenv(3) takes the first,
 * other programs the last: so there must be only one. */
static bool came_before(
    char *const *entries, size_t n, const char *entry, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strncmp(entries[i], entry, len + 1) == 0)
			return true;
	return false;
}

void environment_reduce(const struct strings *keep)
{
	size_t n = 0;

	for (size_t i = 0; environ && environ[i]; i++) {
		char *entry = environ[i];
		const char *equals = strchr(entry, '=');
		size_t len = equals ? (size_t)(equals - entry) : 0;

		/* Push options are made by git, each once, and a pusher may
		 * send very many: not compared with each other. */
		if (is_push_option(entry, len) ||
		    (is_kept(entry, len, keep) &&
			!came_before(environ, n, entry, len)))
			environ[n++] = entry;
	}
	if (environ)
		environ[n] = NULL;
	if (setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1) < 0 ||
	    setenv("GIT_NO_REPLACE_OBJECTS", "1", 1) < 0)
		exit(EXIT_UNDECIDED);
}

const char *environment_get(const char *name)
{
	return getenv(name);
}
