#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/exit.h"
#include "record/hookmark.h"
#include "run/receive.h"

/*
 * githooks(5): update REF OLD NEW, once for each ref.
 *
 * gitolite, which keeps the update hook for itself, starts ours from there as
 * VREF/stagegate REF OLD NEW OLD-TREE NEW-TREE ACCESS REFEX [ARG]..; its REFEX
 * is `VREF/stagegate`, ARG what a rule puts behind it.  It takes lines of
 * standard output for rules of its own: nothing of ours may go there.
 * (Gitolite/Hooks/Update.pm, check_vrefs)
 */
enum {
	ARGC_GIT = 4,
	ARGC_VREF = 8,
	AT_REFEX = 7
};

static bool is_vref(int argc, char **argv)
{
	static const char start[] = "VREF/";

	return argc >= ARGC_VREF &&
	    strncmp(argv[AT_REFEX], start, sizeof(start) - 1) == 0;
}

int main(int argc, char **argv)
{
	if (argc != ARGC_GIT && !is_vref(argc, argv)) {
		fputs("usage: update REF OLD NEW, run by git receive-pack "
		      "(" HOOK_MARK("update") ")\n",
		    stderr);
		return EXIT_USAGE;
	}
	return run_update(argv[1], argv[2], argv[3]);
}
