#include <stdio.h>

#include "base/exit.h"
#include "record/hookmark.h"
#include "run/receive.h"

/* githooks(5): update REF OLD NEW, once for each ref. */
int main(int argc, char **argv)
{
	if (argc != 4) {
		fputs("usage: update REF OLD NEW, run by git receive-pack "
		      "(" HOOK_MARK("update") ")\n",
		    stderr);
		return EXIT_USAGE;
	}
	return run_update(argv[1], argv[2], argv[3]);
}
