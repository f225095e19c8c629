#include <stdlib.h>
#include <string.h>

#include "git/pack.h"

struct pack_bytes *pack_bytes_new(enum object_kind kind, size_t len)
{
	struct pack_bytes *bytes;

	if (len > PACK_OBJECT_MAX)
		return NULL;
	bytes = malloc(sizeof(*bytes) + len + 1);
	if (!bytes)
		return NULL;
	bytes->users = 1;
	bytes->kind = kind;
	bytes->len = len;
	bytes->p[len] = '\0';
	return bytes;
}

void pack_bytes_release(struct pack_bytes *bytes)
{
	if (bytes && --bytes->users == 0)
		free(bytes);
}

/* Seven bits a byte, least significant first. */
bool pack_delta_size(
    const unsigned char **p, const unsigned char *end, uint64_t *ret)
{
	uint64_t size = 0;

	for (unsigned shift = 0; *p < end && shift < 63; shift += 7) {
		unsigned char c = *(*p)++;

		size |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80)) {
			*ret = size;
			return true;
		}
	}
	return false;
}

/* The operands of a copy: which bytes follow is in the low bits of op. */
static bool take_copy(const unsigned char **p, const unsigned char *end,
    unsigned char op, size_t *ret_offset, size_t *ret_size)
{
	size_t values[2] = { 0, 0 };

	for (unsigned i = 0; i < 7; i++) {
		if (!(op & 1u << i))
			continue;
		if (*p == end)
			return false;
		if (i < 4)
			values[0] |= (size_t) * (*p)++ << 8 * i;
		else
			values[1] |= (size_t) * (*p)++ << 8 * (i - 4);
	}
	*ret_offset = values[0];
	*ret_size = values[1] ? values[1] : 0x10000;
	return true;
}

static bool apply(const struct pack_bytes *base, const unsigned char *p,
    const unsigned char *end, char *out, size_t room)
{
	while (p < end) {
		unsigned char op = *p++;
		size_t offset, size;

		if (op & 0x80) {
			if (!take_copy(&p, end, op, &offset, &size) ||
			    offset > base->len || size > base->len - offset ||
			    size > room)
				return false;
			memcpy(out, base->p + offset, size);
		} else {
			size = op;
			if (size == 0 || size > (size_t)(end - p) ||
			    size > room)
				return false;
			memcpy(out, p, size);
			p += size;
		}
		out += size;
		room -= size;
	}
	return room == 0;
}

struct pack_bytes *pack_apply_delta(const struct pack_bytes *base,
    const unsigned char *delta, size_t len, size_t max)
{
	const unsigned char *p = delta, *end = delta + len;
	struct pack_bytes *target;
	uint64_t from, to;

	if (!pack_delta_size(&p, end, &from) ||
	    !pack_delta_size(&p, end, &to) || from != base->len || to > max)
		return NULL;
	target = pack_bytes_new(base->kind, (size_t)to);
	if (target && !apply(base, p, end, target->p, target->len)) {
		pack_bytes_release(target);
		return NULL;
	}
	return target;
}
