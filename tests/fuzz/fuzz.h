#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"

/*
 * A fuzz target: bytes in, and abort() where a promise does not hold.  What is
 * promised beyond "no crash" stands in each target's first comment.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition) ((condition) ? (void)0 : abort())

/* The bytes as text with a NUL behind it. */
static inline const char *fuzz_text(
    struct arena *arena, const uint8_t *data, size_t size)
{
	return arena_strndup(arena, (const char *)data, size);
}

#endif
