#ifndef BASE_PROCESS_CHILD_H
#define BASE_PROCESS_CHILD_H

#include "base/process.h"

/*
 * The side of process_run that runs in the child, between fork and exec: only
 * async-signal-safe calls, no memory, no return.
 */
struct process_pipes { /* each [0] to read, [1] to write */
	int in[2], out[2];
	int report[2]; /* errno of what failed; closed by exec */
	int file;      /* -1: none */
};

_Noreturn void process_child(
    const struct process *process, const struct process_pipes *pipes);

/* For execve, which promises not to write but cannot say so in its type. */
char *const *exec_words(const char *const *v);
/* Every signal back to its default and unblocked. */
void signals_reset(void);

#endif
