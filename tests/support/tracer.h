#ifndef SUPPORT_TRACER_H
#define SUPPORT_TRACER_H

#include <stdbool.h>

/*
 * Runs a function in a child process and does something to it at its n-th
 * system call (ptrace(2)): the process is killed before the call is made, or
 * the call fails.  A test that counts n up from 0 until the child ends by
 * itself has broken it off between any two system calls.
 */
enum tracer_end {
	TRACER_ENDED, /* by itself, before its n-th call */
	TRACER_HIT,
	TRACER_CANNOT /* no ptrace here */
};

/* error: errno that the call fails with; 0: SIGKILL.  Only calls that can
 * meet a full disk count where an error is given.  *ret_status is what the
 * child exits with (function's result) where it did. */
enum tracer_end tracer_run(int (*function)(void *), void *argument, unsigned n,
    int error, int *ret_status);

#endif
