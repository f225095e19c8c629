#ifndef BASE_OID_H
#define BASE_OID_H

#include <stdbool.h>
#include <stddef.h>

/*
 * An object id as a value: 20 bytes (SHA-1 repositories are the only ones
 * served) and its 40 hex digits.
 */
#define OID_SIZE 20
#define OID_HEX 40

struct oid {
	unsigned char b[OID_SIZE];
};

struct oids {
	struct oid *v;
	size_t n, cap;
};

struct oid_hex {
	char s[OID_HEX + 1];
};

/* Reads exactly 40 lower-case hex digits (no NUL needed). False: not so. */
bool oid_parse(const char *hex, struct oid *ret_oid);
/* By value, so that it can stand in an argument list: oid_hex(&oid).s */
struct oid_hex oid_hex(const struct oid *oid);
struct oid_hex oid_hex8(const struct oid *oid); /* the first 8 digits */
bool oid_is_zero(const struct oid *oid);
bool oid_eq(const struct oid *a, const struct oid *b);
int oid_cmp(const struct oid *a, const struct oid *b);
bool oids_have(const struct oids *list, const struct oid *oid);

#endif
