#ifndef BASE_JAIL_H
#define BASE_JAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/array.h"
#include "base/err.h"

/*
 * A program that nobody trusts, shut in.  Where the kernel allows it (5.12,
 * unprivileged user namespaces) it gets namespaces of its own:
 *
 *   user     no capability anywhere; an account that runs as root hands the
 *            program to JAIL_NOBODY instead
 *   network  no interface at all, unless `network`
 *   pid      it sees no process but its own, and when it ends all that it has
 *            left behind ends with it, daemons too
 *   mount    /usr, /bin, /sbin, /lib*, /opt and what is everybody's of /etc,
 *            nothing of which can be written, /dev with null, zero, full and
 *random, /proc, and the private folder at JAIL_FOLDER.  No other file of the
 *server ipc, uts
 *
 * Everywhere: no new privileges, limits (below), standard input /dev/null,
 * output and errors into one pipe, no other descriptor, every signal at its
 * default.  When this process dies, the program does.
 *
 *	if (jail_start(&jail, &run, &denied, err) == 0) {
 *		.. poll run.pidfd and run.out until the first is readable
 *		jail_end(&run) where it takes too long
 *		status = jail_reap(&run, &end, err);
 *	}
 *
 * Without namespaces (`open`) only the limits hold and what it has left behind
 * is hunted down; it can then reach the network, and all files that the
 * account can.
 */
#define JAIL_FOLDER "/stagegate"
#define JAIL_TREE "tree"   /* below the private folder: where it starts */
#define JAIL_HOME "home"   /* what HOME should name */
#define JAIL_TMP "tmp"     /* what TMPDIR should name; also /tmp */
#define JAIL_ROOT "root"   /* empty: its root is put together there */
#define JAIL_NOBODY 65534u /* user and group */
#define JAIL_PROCESSES_MAX 256
#define JAIL_LOOK_MS 200
#define JAIL_FILES_MAX 1024
#define JAIL_FILE_BYTES_MAX ((uint64_t)1 << 30) /* of one file written */

struct jail {
	const char *const *argv; /* argv[0] is an absolute path */
	const char *const *envp;
	const char *folder;  /* private, absolute; holds the four above */
	const char *program; /* folder that is shown too, read only; or NULL */
	struct strings hidden;
	uint64_t memory;    /* bytes: of address space of each process, and that
			     * all together hold (looked at JAIL_LOOK_MS apart;
			     * not without namespaces and /proc) */
	uint64_t seconds;   /* of processor time of each process */
	bool network, open; /* open: no namespaces */
};

struct jail_run { /* descriptors are -1 when closed */
	pid_t pid;
	int pidfd;
	int out;    /* its output, to read, O_NONBLOCK */
	int report; /* of our own code in the child */
	int life;   /* its other end sees that we are gone */
	bool open;
};

struct jail_end {
	int status;  /* exit code */
	int signal;  /* that ended it; 0: it has exited.  SIGKILL too where it
		      * is not known how it ended */
	bool memory; /* it was ended because it held too much */
};

/* Does the program become JAIL_NOBODY?  The private folder must be its own. */
bool jail_gives_away(void);
/* 0 when the program is being started in *ret.  -1 with *ret_denied where the
 * system does not let programs be shut in: err says what it refused. */
int jail_start(const struct jail *jail, struct jail_run *ret, bool *ret_denied,
    struct err *err);
/* Ends it and all that it has started; it is to be reaped all the same. */
void jail_end(const struct jail_run *run);
/* The same where it does not come to an end: others may be left. */
void jail_kill(const struct jail_run *run);
/* Waits for it and closes everything but `out`, in which there may be bytes
 * left.  A program that can't be started is ERR_NOTFOUND or ERR_IO. */
int jail_reap(struct jail_run *run, const char *program, struct jail_end *ret,
    struct err *err);

#endif
