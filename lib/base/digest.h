#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stddef.h>

#include "base/arena.h"

/* SHA-256 (libsodium).  Names in the ledger are the first 40 hex digits. */
#define SHA256_HEX 64

struct digest_part {
	const void *p;
	size_t len;
};

/* The hex digits (64 and a NUL) of the concatenated parts. */
const char *sha256_hex(
    struct arena *arena, const struct digest_part *parts, size_t n);
const char *sha256_hex40(struct arena *arena, const void *p, size_t len);
/* 128 random bits as 32 hex digits. */
const char *random_hex(struct arena *arena);

#endif
