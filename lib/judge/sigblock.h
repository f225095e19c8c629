#ifndef JUDGE_SIGBLOCK_H
#define JUDGE_SIGBLOCK_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Where the signature stands in a tag object or a push certificate: git takes
 * the last line that begins like a signature for its start, whatever stands
 * around it (gpg-interface.c, parse_signed_buffer).  What comes before that
 * line is what was signed.
 *
 * git and others read an object with two of them differently, so that one is
 * no good signature for us: see signer.h.
 */
struct sigblock {
	size_t blocks; /* lines that begin a signature; 0: unsigned */
	size_t at;     /* of the last one; len where there is none */
};

/* bytes are NUL-terminated beyond len; message: where the text begins. */
void sigblock_find(
    const char *bytes, size_t len, size_t message, struct sigblock *ret);

#endif
