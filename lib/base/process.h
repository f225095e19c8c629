#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * Child processes: argv without a shell, an environment of our own, all
 * descriptors but 0-2 (and a file, below) closed, a process group of its own,
 * an output ceiling and a time limit after which the whole group is killed.
 */
#define PROCESS_FILE "/dev/fd/4"

struct process {
	const char *const *argv; /* argv[0] is an absolute path */
	const char *const *envp; /* NULL: empty environment */
	const char *cwd;         /* NULL: unchanged */
	const void *input;       /* standard input; may be NULL */
	size_t input_len;
	/* What the program can read as PROCESS_FILE: a file without a name, for
	 * what must not stand in argv, which all accounts can see.  NULL:
	 * nothing. */
	const void *file;
	size_t file_len;
	uint64_t memory;   /* of each process: RLIMIT_AS, bytes; 0: no limit */
	size_t output_max; /* bytes of standard output kept */
	unsigned timeout_ms; /* wall clock; 0: none */
	bool merge_stderr;   /* stderr into the output, else /dev/null */
};

struct process_result {
	const char *output; /* NUL-terminated, in the arena */
	size_t output_len;
	bool output_cut;
	bool timed_out;
	int status; /* exit code, or 128 + signal */
};

/* 0 whenever the program was started and reaped, whatever it answered.  One
 * that cannot be started is an error (ERR_NOTFOUND, ERR_IO), not status 127.
 * It ends when the program does: descendants in its group are then killed, and
 * of their output only what is there by then is kept. */
int process_run(struct arena *arena, const struct process *process,
    struct process_result *ret, struct err *err);

#endif
