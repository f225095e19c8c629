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
/* 40 digits of a list of words, each with its NUL: no two lists are alike. */
const char *sha256_words40(
    struct arena *arena, const char *const *words, size_t n);

/* The same of what comes piece by piece:
 *
 *	sum = sha256_begin(arena);
 *	sha256_add(sum, p, len); ..
 *	hex = sha256_end40(arena, sum);
 */
struct sha256;
struct sha256 *sha256_begin(struct arena *arena);
void sha256_add(struct sha256 *sum, const void *p, size_t len);
const char *sha256_end40(struct arena *arena, struct sha256 *sum);

/* HMAC-SHA256 (RFC 2104) with a key of any length, as 64 hex digits. */
const char *hmac_sha256_hex(struct arena *arena, const struct digest_part *key,
    const struct digest_part *text);

/* 128 random bits as 32 hex digits. */
const char *random_hex(struct arena *arena);

#endif
