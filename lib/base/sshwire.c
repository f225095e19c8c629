#include "base/sshwire.h"

#include <sodium.h>
#include <string.h>

#include "base/text.h"

#define SHOWN_MAX 64 /* bytes of something unknown in a message */

bool wire_bytes(struct wire *wire, size_t n, const unsigned char **ret)
{
	if (n > wire->left)
		return false;
	*ret = wire->p;
	wire->p += n;
	wire->left -= n;
	return true;
}

bool wire_u8(struct wire *wire, unsigned char *ret)
{
	const unsigned char *p;

	if (!wire_bytes(wire, 1, &p))
		return false;
	*ret = *p;
	return true;
}

bool wire_u32(struct wire *wire, uint32_t *ret)
{
	const unsigned char *p;

	if (!wire_bytes(wire, 4, &p))
		return false;
	*ret = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
	return true;
}

bool wire_string(struct wire *wire, struct wire *ret)
{
	struct wire rest = *wire;
	const unsigned char *p;
	uint32_t len;

	if (!wire_u32(&rest, &len) || !wire_bytes(&rest, len, &p))
		return false;
	*ret = (struct wire){ .p = p, .left = len };
	*wire = rest;
	return true;
}

bool wire_mpint(struct wire *wire, struct wire *ret)
{
	struct wire rest = *wire, digits;

	if (!wire_string(&rest, &digits) || digits.left == 0 ||
	    digits.p[0] & 0x80)
		return false;
	if (digits.p[0] == 0) {
		/* Only to keep the next byte's first bit from being a sign. */
		if (digits.left == 1 || !(digits.p[1] & 0x80))
			return false;
		digits.p++;
		digits.left--;
	}
	*ret = digits;
	*wire = rest;
	return true;
}

bool wire_is(const struct wire *wire, const char *s)
{
	size_t len = strlen(s);

	return wire->left == len && (len == 0 || memcmp(wire->p, s, len) == 0);
}

const char *wire_show(struct arena *arena, const struct wire *wire)
{
	bool cut = wire->left > SHOWN_MAX;
	const char *text = text_clean(
	    arena, (const char *)wire->p, cut ? SHOWN_MAX : wire->left);

	return cut ? arena_printf(arena, "%s...", text) : text;
}

bool base64_read(
    struct arena *arena, const char *text, size_t len, struct wire *ret)
{
	size_t max = len / 4 * 3, n;
	unsigned char *bytes;
	const char *again;

	if (len == 0 || len % 4 != 0)
		return false;
	bytes = arena_alloc(arena, max);
	if (sodium_base642bin(bytes, max, text, len, NULL, &n, NULL,
		sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    n == 0)
		return false;
	/* Written again it must be the same: libsodium 1.0.18 takes every byte
	 * from 0x80 on for a '/', where char is signed. */
	again = base64_write(arena, bytes, n, true);
	if (strlen(again) != len || memcmp(again, text, len) != 0)
		return false;
	*ret = (struct wire){ .p = bytes, .left = n };
	return true;
}

const char *base64_write(
    struct arena *arena, const void *p, size_t len, bool padded)
{
	int variant = padded ? sodium_base64_VARIANT_ORIGINAL
			     : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
	size_t max = sodium_base64_encoded_len(len, variant);

	return sodium_bin2base64(arena_alloc(arena, max), max, p, len, variant);
}
