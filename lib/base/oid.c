#include "base/oid.h"

#include <string.h>

/* Upper case is refused: git never writes it, a forger might. */
static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool oid_parse(const char *hex, struct oid *ret_oid)
{
	struct oid oid;

	for (size_t i = 0; i < OID_SIZE; i++) {
		int high = nibble(hex[2 * i]);
		int low;

		if (high < 0) /* also stops at a NUL */
			return false;
		low = nibble(hex[2 * i + 1]);
		if (low < 0)
			return false;
		oid.b[i] = (unsigned char)(high << 4 | low);
	}
	*ret_oid = oid;
	return true;
}

struct oid_hex oid_hex(const struct oid *oid)
{
	static const char digits[] = "0123456789abcdef";
	struct oid_hex hex;

	for (size_t i = 0; i < OID_SIZE; i++) {
		hex.s[2 * i] = digits[oid->b[i] >> 4];
		hex.s[2 * i + 1] = digits[oid->b[i] & 15];
	}
	hex.s[OID_HEX] = '\0';
	return hex;
}

struct oid_hex oid_hex8(const struct oid *oid)
{
	struct oid_hex hex = oid_hex(oid);

	hex.s[8] = '\0';
	return hex;
}

bool oid_is_zero(const struct oid *oid)
{
	static const struct oid zero;

	return oid_eq(oid, &zero);
}

bool oid_eq(const struct oid *a, const struct oid *b)
{
	return oid_cmp(a, b) == 0;
}

int oid_cmp(const struct oid *a, const struct oid *b)
{
	return memcmp(a->b, b->b, OID_SIZE);
}

bool oids_have(const struct oids *list, const struct oid *oid)
{
	for (size_t i = 0; i < list->n; i++)
		if (oid_eq(&list->v[i], oid))
			return true;
	return false;
}
