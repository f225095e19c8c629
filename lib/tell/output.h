#ifndef TELL_OUTPUT_H
#define TELL_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writing to the pusher: standard error, never waiting for a client that is
 * gone.  A hook that blocks there keeps git receive-pack, and with it the
 * repository's locks, until somebody kills it: when the client vanishes, git's
 * multiplexer ends but the pipe stays open and fills up.  So nothing here
 * waits longer than a deadline, and what can't be written in time is dropped,
 * since the verdict is the exit code.  SIGPIPE is ignored while writing.
 */
#define OUTPUT_WAIT_MS 5000

/* Writes all of it, or as much as is taken within OUTPUT_WAIT_MS. */
void output_write(int fd, const char *p, size_t len);
/* Writes it if that can be done at once, else not at all; len is at most
 * PIPE_BUF bytes.  For progress, which the next line replaces anyway. */
bool output_try(int fd, const char *p, size_t len);

#endif
