#ifndef POLICY_PROGRAM_H
#define POLICY_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "policy/field.h"

/*
 * The programs that a policy names: of gates of kind `command` (`run`) and of
 * `notify` (`exec`).  The first word is an absolute path without detours, or a
 * name that is looked for in /usr/local/bin, /usr/bin and /bin; there is no
 * shell.  Both have the same limits with the same defaults.
 */
struct program_limits {
	uint64_t timeout_s; /* wall clock; default 60, at most 24 h */
	uint64_t memory;    /* bytes; default 1 GiB, at least 16 MiB */
	uint64_t output;    /* bytes that are kept; default 64 KiB, at most
			     * 16 MiB */
};

void program_limits_default(struct program_limits *limits);
/* Errors at the keys `timeout`, `memory` and `output` of the mapping; false
 * when there is one. */
bool program_limits_check(const struct program_limits *limits,
    const struct node *mapping, struct diags *diags);
/* Errors at the key that holds the words; none: no error of ours. */
void program_words_check(const struct strings *words, const char *key,
    const struct node *mapping, struct diags *diags);

#endif
