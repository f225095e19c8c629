#include "policy/address.h"

#include <string.h>

#include "support/unit.h"

static const char *const good[] = { "a@b", "ops@acme.example",
	"first.last+tag@sub.example.com", "o'neil@example.com",
	"root@localhost", "x!y%z@example.com", "_@_" };

static const char *const bad[] = { "", "@", "a", "a@", "@b", "a@b@c", "-a@b",
	"a b@c", "a@b c", " a@b", "a@b ", "a@b\n", "a@b\nBcc: x@y", "a@b\r",
	"a\t@b", "a@b,c@d", "a@b;c", "<a@b>", "a@b>", "\"a\"@b", "a(b)@c",
	"a:b@c", "a\\@b", "a@[127.0.0.1]", "\xc3\xa4@b", "a@b\xc3\xa4",
	"a@b\x7f", "a@b\x01", ".a@b", "a.@b", "a..b@c", "a@.b", "a@b.",
	"a@b..c" };

START_TEST(address_is_taken)
	{
		ck_assert_msg(mail_address_ok(good[_i]), "%s", good[_i]);
	}
END_TEST

START_TEST(address_is_not_taken)
	{
		ck_assert_msg(!mail_address_ok(bad[_i]), "%s", bad[_i]);
	}
END_TEST

START_TEST(address_has_a_ceiling)
	{
		char address[ADDRESS_MAX + 2];

		memset(address, 'a', sizeof(address));
		address[1] = '@';
		address[ADDRESS_MAX] = '\0';
		ck_assert(mail_address_ok(address));
		address[ADDRESS_MAX] = 'a';
		address[ADDRESS_MAX + 1] = '\0';
		ck_assert(!mail_address_ok(address));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("address");
	TCase *tcase = unit_case(suite, "address");

	tcase_add_loop_test(tcase, address_is_taken, 0, COUNT(good));
	tcase_add_loop_test(tcase, address_is_not_taken, 0, COUNT(bad));
	tcase_add_test(tcase, address_has_a_ceiling);
	return unit_main(suite);
}
