#ifndef BASE_SSHWIRE_H
#define BASE_SSHWIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * What SSH's formats are made of: the data types of RFC 4251, section 5, and
 * base64 with one spelling for the same bytes.
 *
 * struct wire is a bounded cursor over bytes that somebody else owns.  A
 * reader that succeeds moves it behind what it read; one that fails returns
 * false and leaves it and the outputs alone.  Nothing is ever read beyond
 * `left`, whatever a length field says.
 */
struct wire {
	const unsigned char *p;
	size_t left; /* bytes */
};

bool wire_u8(struct wire *wire, unsigned char *ret);
bool wire_u32(struct wire *wire, uint32_t *ret);
bool wire_bytes(struct wire *wire, size_t n, const unsigned char **ret);
/* `string`: a length and so many bytes, which *ret then covers. */
bool wire_string(struct wire *wire, struct wire *ret);
/* `mpint` that is positive and has no byte more than it needs; *ret covers its
 * digits, most significant first, without the zero in front. */
bool wire_mpint(struct wire *wire, struct wire *ret);

/* Are the bytes exactly those of s? */
bool wire_is(const struct wire *wire, const char *s);
/* The first 64 of the bytes, safe in a message. */
const char *wire_show(struct arena *arena, const struct wire *wire);

/* Base64 of RFC 4648, section 4: padded, no blank or line break in it, unused
 * bits zero.  False for all else, and for no bytes at all. */
bool base64_read(
    struct arena *arena, const char *text, size_t len, struct wire *ret);
const char *base64_write(
    struct arena *arena, const void *p, size_t len, bool padded);

#endif
