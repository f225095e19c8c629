#ifndef BASE_EXIT_H
#define BASE_EXIT_H

/*
 * Exit codes of every executable of the suite, hooks and command alike.
 * git refuses a push for any code but 0, so each failure fails closed.
 */
enum exit_code {
	EXIT_ALLOWED = 0,
	EXIT_REFUSED = 1,
	EXIT_POLICY = 2,    /* policy.yml is missing or wrong */
	EXIT_UNDECIDED = 3, /* we could not find out: refuses too */
	EXIT_USAGE = 100
};

#endif
