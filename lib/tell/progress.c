#include "tell/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "tell/output.h"

#define LINE_MAX_BYTES 160

void progress_init(struct progress *progress)
{
	progress->started_ms = clock_monotonic_ms();
	progress->shown_ms = 0;
	progress->what = NULL;
	progress->shown = 0;
	progress->fd = STDERR_FILENO;
}

static size_t format(
    char *line, size_t size, const char *what, size_t done, size_t total)
{
	int n;

	if (total == 0) {
		n = snprintf(line, size, "%s: %zu\r", what, done);
	} else {
		if (done > total)
			done = total;
		n = snprintf(line, size, "%s: %zu%% (%zu/%zu)\r", what,
		    done * 100 / total, done, total);
	}
	return n > 0 && (size_t)n < size ? (size_t)n : 0;
}

void progress_step(
    struct progress *progress, const char *what, size_t done, size_t total)
{
	uint64_t now = clock_monotonic_ms();
	char line[LINE_MAX_BYTES];
	size_t len;

	if (now - progress->started_ms < PROGRESS_AFTER_MS ||
	    (progress->shown && progress->what == what &&
		now - progress->shown_ms < PROGRESS_EVERY_MS))
		return;
	len = format(line, sizeof(line), what, done, total);
	if (len == 0)
		return;
	if (progress->shown && progress->what != what)
		progress_end(progress);
	progress->shown_ms = now;
	if (output_try(progress->fd, line, len)) {
		progress->what = what;
		progress->shown = 1;
	}
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		output_try(progress->fd, "\n", 1);
	progress->shown = 0;
}
