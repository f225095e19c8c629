#ifndef TELL_PROGRESS_H
#define TELL_PROGRESS_H

#include <stddef.h>
#include <stdint.h>

/*
 * `Checking commits: 45% (4500/10000)` on the pusher's terminal, after two
 * seconds, at most ten times a second, each line replacing the one before,
 * ended by a line feed.  Never waits for the terminal.
 *
 *	progress_init(&progress);
 *	progress_step(&progress, "Checking commits", done, total);
 *	progress_end(&progress);
 */
#define PROGRESS_AFTER_MS 2000
#define PROGRESS_EVERY_MS 100

struct progress {
	uint64_t started_ms, shown_ms;
	const char *what; /* of the line on the terminal */
	int shown;        /* there is a line that wants its line feed */
	int fd;           /* standard error */
};
void progress_init(struct progress *progress);
/* total 0: how much there is to do is not known.  `what` is a constant: it is
 * compared by address. */
void progress_step(
    struct progress *progress, const char *what, size_t done, size_t total);
void progress_end(struct progress *progress);

#endif
