#ifndef RUN_CHAIN_H
#define RUN_CHAIN_H

#include "run/identity.h"
#include "run/tell_out.h"

/*
 * A hook that was there before ours (`install.sh --chain`): kept beside it as
 * `<name>.chained` and run after ours has allowed the push, with the
 * environment, arguments and input that git gave us.  Its refusal counts.
 *
 * Returns EXIT_ALLOWED when there is none or it allows; otherwise refuses:
 * also when it is there and can't be run, for git itself would skip it.
 */
#define CHAIN_OUTPUT_MAX ((size_t)32 << 10)

struct chain_input {
	const char *args[3]; /* of update; NULL where there are none */
	const void *input;
	size_t len;
};

int chain_run(const struct teller *teller,
    const struct environment *environment, const struct chain_input *input);

#endif
