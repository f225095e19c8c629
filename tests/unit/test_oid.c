#include "base/oid.h"

#include <string.h>

#include "base/oidmap.h"
#include "support/unit.h"

#define HEX "0123456789abcdef0123456789abcdef01234567"

START_TEST(oid_survives_hex_and_back)
	{
		struct oid oid;

		ck_assert(oid_parse(HEX " refs/heads/main", &oid));
		ck_assert_int_eq(oid.b[0], 0x01);
		ck_assert_int_eq(oid.b[OID_SIZE - 1], 0x67);
		ck_assert_str_eq(oid_hex(&oid).s, HEX);
		ck_assert_str_eq(oid_hex8(&oid).s, "01234567");
	}
END_TEST

static const char *const no_oids[] = {
	"",
	"0",
	"0123456789abcdef0123456789abcdef0123456", /* 39 */
	"0123456789ABCDEF0123456789abcdef01234567",
	"0123456789abcdef0123456789abcdef0123456g",
	" 123456789abcdef0123456789abcdef01234567",
	"0x23456789abcdef0123456789abcdef01234567",
	"0123456789abcdef0123456789abcdef0123456\n",
	"-123456789abcdef0123456789abcdef01234567",
	"refs/heads/main refs/heads/main refs/hea",
};

START_TEST(oid_parse_refuses_all_else)
	{
		struct oid oid = { .b = { 9 } };

		ck_assert(!oid_parse(no_oids[_i], &oid));
		ck_assert_int_eq(oid.b[0], 9); /* untouched */
	}
END_TEST

START_TEST(oid_comparison)
	{
		struct oid a = { .b = { 1 } }, b = { .b = { 1 } }, zero = { 0 };
		struct oids list = { .v = &a, .n = 1, .cap = 1 };

		ck_assert(oid_eq(&a, &b));
		ck_assert(oids_have(&list, &b));
		b.b[OID_SIZE - 1] = 0xff;
		ck_assert(!oid_eq(&a, &b));
		ck_assert_int_lt(oid_cmp(&a, &b), 0);
		ck_assert_int_gt(oid_cmp(&b, &a), 0);
		ck_assert(!oids_have(&list, &b));
		ck_assert(oid_is_zero(&zero));
		ck_assert(!oid_is_zero(&a));
		zero.b[OID_SIZE - 1] = 1;
		ck_assert(!oid_is_zero(&zero));
	}
END_TEST

static struct oid numbered(unsigned n)
{
	struct oid oid = { 0 };

	/* Low bytes first and last: clusters in the table on purpose. */
	memcpy(oid.b, &n, sizeof(n));
	memcpy(oid.b + OID_SIZE - sizeof(n), &n, sizeof(n));
	return oid;
}

START_TEST(oidmap_finds_what_was_put_and_nothing_else)
	{
		static int values[20000];
		struct oidmap map;
		struct oid key;

		oidmap_init(&map, &unit_arena);
		key = numbered(1);
		ck_assert(!oidmap_has(&map, &key));
		ck_assert_ptr_null(oidmap_get(&map, &key));
		for (unsigned i = 0; i < 20000; i++) {
			key = numbered(i);
			ck_assert(oidmap_put(&map, &key, &values[i]));
		}
		ck_assert_uint_eq(map.n, 20000);
		for (unsigned i = 0; i < 20000; i++) {
			key = numbered(i);
			ck_assert(oidmap_has(&map, &key));
			ck_assert_ptr_eq(oidmap_get(&map, &key), &values[i]);
			key = numbered(i + 20000);
			ck_assert(!oidmap_has(&map, &key));
			ck_assert_ptr_null(oidmap_get(&map, &key));
		}
	}
END_TEST

START_TEST(oidmap_put_replaces)
	{
		struct oid zero = { 0 }, same_start = { .b[OID_SIZE - 1] = 1 };
		struct oidmap map;
		int a, b;

		oidmap_init(&map, &unit_arena);
		ck_assert(oidmap_put(&map, &zero, &a));
		ck_assert(!oidmap_put(&map, &zero, &b));
		ck_assert_ptr_eq(oidmap_get(&map, &zero), &b);
		ck_assert(!oidmap_has(&map, &same_start));
		ck_assert(oidmap_put(&map, &same_start, NULL));
		ck_assert(oidmap_has(&map, &same_start));
		ck_assert_ptr_null(oidmap_get(&map, &same_start));
		ck_assert_uint_eq(map.n, 2);
	}
END_TEST

START_TEST(oidmap_copes_with_equal_hashes)
	{
		struct oidmap map;
		struct oid key = { 0 };
		int value;

		oidmap_init(&map, &unit_arena);
		for (unsigned i = 0; i < 500; i++) {
			memcpy(key.b + 10, &i, sizeof(i));
			ck_assert(oidmap_put(&map, &key, &value));
		}
		for (unsigned i = 0; i < 1000; i++) {
			memcpy(key.b + 10, &i, sizeof(i));
			ck_assert(oidmap_has(&map, &key) == (i < 500));
		}
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("oid");
	TCase *tcase = unit_case(suite, "oid");

	tcase_add_test(tcase, oid_survives_hex_and_back);
	tcase_add_loop_test(
	    tcase, oid_parse_refuses_all_else, 0, COUNT(no_oids));
	tcase_add_test(tcase, oid_comparison);
	tcase = unit_case(suite, "oidmap");
	tcase_add_test(tcase, oidmap_finds_what_was_put_and_nothing_else);
	tcase_add_test(tcase, oidmap_put_replaces);
	tcase_add_test(tcase, oidmap_copes_with_equal_hashes);
	return unit_main(suite);
}
