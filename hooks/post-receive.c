#include <stdio.h>
#include <unistd.h>

#include "base/exit.h"
#include "record/hookmark.h"
#include "run/receive.h"

/* githooks(5): no arguments, `old SP new SP ref LF` lines on standard input. */
int main(int argc, char **argv)
{
	(void)argv;
	if (argc != 1) {
		fputs(
		    "usage: post-receive, run by git receive-pack (" HOOK_MARK(
			"post-receive") ")\n",
		    stderr);
		return EXIT_USAGE;
	}
	return run_post_receive(STDIN_FILENO);
}
