#include "base/sshkey.h"

#include <string.h>

#include "base/process.h"
#include "base/sshwire.h"
#include "support/sshblob.h"
#include "support/unit.h"

#define BLOB_MAX 100000

static void expect(const char *got, const char *want)
{
	if (want)
		ck_assert_msg(got && strcmp(got, want) == 0, "'%s', not '%s'",
		    want, got ? got : "taken");
	else
		ck_assert_msg(!got, "taken, not '%s'", got);
}

#define POINT                                                                  \
	"AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"

/* The first key of RFC 8032, section 7.1; the others by OpenSSH 9.2. */
static const struct {
	const char *line;
	enum ssh_key_kind kind;
	const char *fingerprint;
} fixed[] = {
	{ "ssh-ed25519 " POINT, SSH_KEY_ED25519,
	    "SHA256:bbXpuKG6zhzdmnxq256TlqzFBzRl2f6OOg722cYNbU8" },
	{ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE4FGUiCWN2/spUuiIKeoLvz"
	  "w+TEP0p4kQQagYBykh77",
	    SSH_KEY_ED25519,
	    "SHA256:1XYsQOvhl0iJvK6OP0xUuOP2bUjv7ILkULo4UL8Hr4I" },
	{ "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlz"
	  "dHAyNTYAAABBBEssCumz6pQ1jliNhtKhGWtmFNnreG5ticrXIKdbmIcENhaC"
	  "big1O2EGdOxR/rLAvATZFEB08Vzq+rvdbURcwQk=",
	    SSH_KEY_FOREIGN,
	    "SHA256:7ahTKE3qTmm9SK/wJxPN8yMzIzP7jmV3FPAP9q8x/K8" },
	{ "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQCqodz3ubujinkKiqem7k+u"
	  "fptmg6duq45XP3Ey7ZQoyUaOG9sM1n7FhK5n60TGxW4fhCJ9pkNjIUncUUbd"
	  "Liy/JdK1lBHkPEEtdjNFicXBIJ1NkEcyOarlPtE+fYslk8JeE8wFgEEId0Uj"
	  "oSx0rz/4gPceP7FeKbLvXSQJJeTetIJe31zFg7zRjp1HmUE+G2FStyI6RjvX"
	  "+oZzZX7hKp9kCubK+WoX3t9PnbhD8mlSxZVnRI1rGpQhpjJyGASLoKXgYTB0"
	  "LKmKb9HjlGxvqNxnuamOK3CaaB18tZq3qQDFiat55SvMAeYx1fDvMIB9i5My"
	  "CM0q1gBkeFL4hds7m7jVgVpMhDGtofDPSkG8hPyV1VImOdeGO1MCTfKwQ3si"
	  "Tfx/nUaSD+jbka3d6wQ0Q2uKIBBeG9zH39YhNnLhjYx5PXLKLBAcU4li5fMs"
	  "54R73f9Y/aejmH5IcKdSEVv6+8iscqveLjZ/xP2Wa0A3+qdI/qEogClPfVI4"
	  "8pKQ7HMfunc=",
	    SSH_KEY_FOREIGN,
	    "SHA256:o1qRui2CfW/sahrTFKAmXDkOhY1XLgdilIPl3lsSHac" },
};

START_TEST(ssh_key_of_openssh_is_read)
	{
		const char *line = fixed[_i].line;
		const char *commented = arena_printf(
		    &unit_arena, "%s alice  at home", line);
		struct ssh_key key, again;

		expect(ssh_key_parse(&unit_arena, line, &key), NULL);
		ck_assert_int_eq(key.kind, fixed[_i].kind);
		ck_assert_str_eq(key.line, line);
		ck_assert_str_eq(key.fingerprint, fixed[_i].fingerprint);
		ck_assert_int_eq(
		    key.point != NULL, fixed[_i].kind != SSH_KEY_FOREIGN);
		ck_assert_ptr_null(key.application);
		expect(ssh_key_parse(&unit_arena, commented, &again), NULL);
		ck_assert_str_eq(again.line, line);
		ck_assert(ssh_key_eq(&key, &again));
		expect(ssh_key_parse_blob(
			   &unit_arena, key.blob, key.blob_len, &again),
		    NULL);
		ck_assert(ssh_key_eq(&key, &again));
		ck_assert_str_eq(again.line, line);
	}
END_TEST

START_TEST(ssh_key_eq_tells_keys_apart)
	{
		struct ssh_key keys[COUNT(fixed)];

		for (int i = 0; i < COUNT(fixed); i++)
			expect(
			    ssh_key_parse(&unit_arena, fixed[i].line, &keys[i]),
			    NULL);
		for (int i = 0; i < COUNT(fixed); i++)
			for (int j = 0; j < COUNT(fixed); j++)
				ck_assert_int_eq(
				    ssh_key_eq(&keys[i], &keys[j]), i == j);
	}
END_TEST

/* --- lines ----------------------------------------------------------------
 */

static const char no_base64[] = "what follows its type is not base64";

static const struct {
	const char *line, *wrong;
} lines[] = {
	{ "ssh-ed25519 " POINT, NULL },
	{ "  ssh-ed25519   " POINT "   alice ", NULL },
	{ "ssh-ed25519 " POINT " \xc3\xa4lice", NULL },
	{ "", "'' is no type of key that is taken" },
	{ POINT,
	    "'AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3."
	    ".."
	    "' is no type of key that is taken" },
	{ "ssh-ed448 AAAA", "'ssh-ed448' is no type of key that is taken" },
	{ "SSH-ED25519 " POINT,
	    "'SSH-ED25519' is no type of key that is taken" },
	{ "no-pty ssh-ed25519 " POINT,
	    "'no-pty' is no type of key that is taken" },
	{ "ssh-\xff AAAA", "'ssh-\\xff' is no type of key that is taken" },
	{ "ssh-dss AAAA",
	    "DSA keys (ssh-dss) are not taken, they are too short" },
	{ "ssh-ed25519-cert-v01@openssh.com AAAA",
	    "certificates are not taken, give the key itself" },
	{ "rsa-sha2-512-cert-v01@openssh.com AAAA",
	    "certificates are not taken, give the key itself" },
	{ "ssh-ed25519", no_base64 },
	{ "ssh-ed25519 ", no_base64 },
	{ "ssh-ed25519 AAA", no_base64 },
	{ "ssh-ed25519 AAAA=", no_base64 },
	{ "ssh-ed25519 " POINT "=", no_base64 },
	{ "ssh-ed25519 AB==", no_base64 },
	{ "ssh-ed25519 AA-_", no_base64 },
	{ "ssh-ed25519 AAA\xaf", no_base64 },
	{ "ssh-ed25519 AAAA", "it ends too early" },
	{ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "it ends too early" },
	{ "ssh-ed25519 " POINT "\n", "it holds a control character" },
	{ "ssh-ed25519\t" POINT, "it holds a control character" },
	{ "ssh-ed25519 " POINT " alice\nssh-ed25519 " POINT,
	    "it holds a control character" },
	{ "ssh-ed25519 " POINT " \x7f", "it holds a control character" },
	{ "ssh-rsa " POINT,
	    "it says 'ssh-rsa', but is a key of type 'ssh-ed25519'" },
};

START_TEST(ssh_key_line)
	{
		struct ssh_key key = { .line = "untouched" };

		expect(ssh_key_parse(&unit_arena, lines[_i].line, &key),
		    lines[_i].wrong);
		ck_assert_str_eq(key.line,
		    lines[_i].wrong ? "untouched" : "ssh-ed25519 " POINT);
	}
END_TEST

START_TEST(ssh_key_has_ceilings)
	{
		char *line = arena_alloc(&unit_arena, 9001);
		unsigned char *blob = arena_alloc(&unit_arena, 5000);
		struct ssh_key key;

		memset(line, 'x', 9000);
		memcpy(line, "ssh-ed25519 " POINT " ", 81);
		expect(ssh_key_parse(&unit_arena, line, &key),
		    "it is longer than 8192 bytes");
		line[8192] = '\0';
		expect(ssh_key_parse(&unit_arena, line, &key), NULL);
		expect(ssh_key_parse_blob(&unit_arena, blob, 4097, &key),
		    "it is longer than 4096 bytes");
		expect(ssh_key_parse_blob(&unit_arena, blob, 0, &key),
		    "it ends too early");
	}
END_TEST

/* --- points ---------------------------------------------------------------
 */

static const char no_point[] =
    "its 32 bytes are not a point of Ed25519's group "
    "(of small order, not canonical or not on the curve)";

/* Hex.  Points of small order and their other spellings as listed in "Taming
 * the many EdDSAs" (Chalkias, Garillot, Nikolaenko, 2020). */
static const struct {
	const char *hex, *wrong;
} points[] = {
	{ "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
	    NULL },
	{ "0100000000000000000000000000000000000000000000000000000000000000",
	    no_point },
	{ "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    no_point },
	{ "0000000000000000000000000000000000000000000000000000000000000080",
	    no_point },
	{ "0000000000000000000000000000000000000000000000000000000000000000",
	    no_point },
	{ "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	    no_point },
	{ "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
	    no_point },
	{ "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	    no_point },
	{ "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
	    no_point },
	{ "0100000000000000000000000000000000000000000000000000000000000080",
	    no_point },
	{ "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    no_point },
	{ "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    no_point },
	{ "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    no_point },
	{ "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	    no_point },
	{ "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	    no_point },
	/* not on the curve */
	{ "0200000000000000000000000000000000000000000000000000000000000000",
	    no_point },
	/* on it, but with a part of small order (the key of their vectors) */
	{ "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
	    no_point },
	{ "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70751",
	    "its point is not of 32 bytes" },
	{ "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a00",
	    "its point is not of 32 bytes" },
	{ "", "its point is not of 32 bytes" },
};

static void add_hex(struct buf *to, const char *hex)
{
	static const char digits[] = "0123456789abcdef";

	for (; *hex; hex += 2)
		blob_u8(to,
		    (unsigned)((strchr(digits, hex[0]) - digits) << 4 |
			(strchr(digits, hex[1]) - digits)));
}

static const char *parse(const struct buf *blob, struct ssh_key *ret)
{
	return ssh_key_parse_blob(
	    &unit_arena, (const unsigned char *)blob->p, blob->len, ret);
}

START_TEST(ssh_key_point)
	{
		static const char *const types[] = { "ssh-ed25519",
			"sk-ssh-ed25519@openssh.com" };
		struct buf blob, point;
		struct ssh_key key;

		for (int i = 0; i < COUNT(types); i++) {
			buf_init(&point, &unit_arena, BLOB_MAX);
			add_hex(&point, points[_i].hex);
			buf_init(&blob, &unit_arena, BLOB_MAX);
			blob_cstring(&blob, types[i]);
			blob_string(&blob, point.p, point.len);
			if (i == 1)
				blob_cstring(&blob, "ssh:");
			expect(parse(&blob, &key), points[_i].wrong);
		}
	}
END_TEST

/* --- what else is in them -------------------------------------------------
 */

static const struct {
	const char *application;
	size_t len;
	const char *after, *wrong;
} tokens[] = {
	{ "ssh:", 4, "", NULL },
	{ "ssh:work", 8, "", NULL },
	{ "https://example.com", 19, "", NULL },
	{ "", 0, "", "its application is empty" },
	{ "ssh:\0", 5, "", "its application is not printable ASCII" },
	{ "ssh: x", 6, "", "its application is not printable ASCII" },
	{ "ssh:\xc3\xa4", 6, "", "its application is not printable ASCII" },
	{ "ssh:", 4, "x", "something follows its end" },
};

START_TEST(ssh_key_application)
	{
		struct buf blob, point;
		struct ssh_key key;

		buf_init(&point, &unit_arena, BLOB_MAX);
		add_hex(&point, points[0].hex);
		buf_init(&blob, &unit_arena, BLOB_MAX);
		blob_cstring(&blob, "sk-ssh-ed25519@openssh.com");
		blob_string(&blob, point.p, point.len);
		expect(parse(&blob, &key), "it ends too early");
		blob_string(&blob, tokens[_i].application, tokens[_i].len);
		buf_adds(&blob, tokens[_i].after);
		expect(parse(&blob, &key), tokens[_i].wrong);
		if (tokens[_i].wrong)
			return;
		ck_assert_str_eq(key.application, tokens[_i].application);
		ck_assert_int_eq(key.kind, SSH_KEY_SK_ED25519);
	}
END_TEST

static const char rsa_numbers[] = "it ends too early, or a number is negative "
				  "or has superfluous zeros";
static const char rsa_exponent[] = "its exponent is not one of RSA";

/* The modulus is `first`, as many zeros as fill `bytes`, and `last`. */
static const struct {
	const char *exponent; /* hex */
	const char *first;    /* hex */
	size_t bytes;
	unsigned last;
	const char *wrong;
} rsas[] = {
	{ "010001", "0080", 257, 1, NULL },
	{ "03", "0080", 257, 1, NULL },
	{ "010001", "01", 257, 1, NULL },
	{ "010001", "0080", 2049, 1, NULL },
	{ "7fffffffffffffff", "0080", 257, 1, NULL },
	{ "010001", "7f", 256, 1, "it is an RSA key of less than 2048 bits" },
	{ "010001", "0080", 129, 1, "it is an RSA key of less than 2048 bits" },
	{ "010001", "01", 2049, 1, "it is an RSA key of more than 16384 bits" },
	{ "010001", "0080", 257, 0, "its modulus is not one of RSA" },
	{ "010001", "80", 256, 1, rsa_numbers },
	{ "010001", "0001", 258, 1, rsa_numbers },
	{ "010001", "00", 257, 1, rsa_numbers },
	{ "00010001", "0080", 257, 1, rsa_numbers },
	{ "810001", "0080", 257, 1, rsa_numbers },
	{ "", "0080", 257, 1, rsa_numbers },
	{ "00", "0080", 257, 1, rsa_numbers },
	{ "01", "0080", 257, 1, rsa_exponent },
	{ "02", "0080", 257, 1, rsa_exponent },
	{ "010000", "0080", 257, 1, rsa_exponent },
	{ "01000000000000000001", "0080", 257, 1, rsa_exponent },
};

START_TEST(ssh_key_rsa)
	{
		struct buf blob, exponent, modulus;
		struct ssh_key key;

		buf_init(&exponent, &unit_arena, BLOB_MAX);
		add_hex(&exponent, rsas[_i].exponent);
		buf_init(&modulus, &unit_arena, BLOB_MAX);
		add_hex(&modulus, rsas[_i].first);
		while (modulus.len < rsas[_i].bytes - 1)
			blob_u8(&modulus, 0);
		blob_u8(&modulus, rsas[_i].last);
		buf_init(&blob, &unit_arena, BLOB_MAX);
		blob_cstring(&blob, "ssh-rsa");
		blob_string(&blob, exponent.p, exponent.len);
		blob_string(&blob, modulus.p, modulus.len);
		expect(parse(&blob, &key), rsas[_i].wrong);
		blob_u8(&blob, 0);
		expect(parse(&blob, &key),
		    rsas[_i].wrong ? rsas[_i].wrong
				   : "something follows its end");
	}
END_TEST

static const struct {
	const char *type, *curve;
	unsigned form;
	size_t bytes;
	const char *wrong;
} curves[] = {
	{ "ecdsa-sha2-nistp256", "nistp256", 4, 65, NULL },
	{ "ecdsa-sha2-nistp384", "nistp384", 4, 97, NULL },
	{ "ecdsa-sha2-nistp521", "nistp521", 4, 133, NULL },
	{ "ecdsa-sha2-nistp256", "nistp384", 4, 65,
	    "its curve is not the one of its type" },
	{ "ecdsa-sha2-nistp256", "", 4, 65,
	    "its curve is not the one of its type" },
	{ "ecdsa-sha2-nistp256", "nistp256", 2, 65,
	    "its point is not an uncompressed one of its curve" },
	{ "ecdsa-sha2-nistp256", "nistp256", 2, 33,
	    "its point is not an uncompressed one of its curve" },
	{ "ecdsa-sha2-nistp256", "nistp256", 4, 0,
	    "its point is not an uncompressed one of its curve" },
	{ "ecdsa-sha2-nistp521", "nistp521", 4, 132,
	    "its point is not an uncompressed one of its curve" },
	{ "ecdsa-sha2-nistp521", "nistp521", 4, 134,
	    "its point is not an uncompressed one of its curve" },
};

START_TEST(ssh_key_ecdsa)
	{
		struct buf blob, point;
		struct ssh_key key;

		buf_init(&point, &unit_arena, BLOB_MAX);
		while (point.len < curves[_i].bytes)
			blob_u8(&point, point.len ? 7 : curves[_i].form);
		buf_init(&blob, &unit_arena, BLOB_MAX);
		blob_cstring(&blob, curves[_i].type);
		blob_cstring(&blob, curves[_i].curve);
		blob_string(&blob, point.p, point.len);
		expect(parse(&blob, &key), curves[_i].wrong);
	}
END_TEST

/* --- ssh-keygen's own -----------------------------------------------------
 */

static const struct {
	const char *type, *bits, *name;
	enum ssh_key_kind kind;
} made[] = {
	{ "ed25519", NULL, "ssh-ed25519", SSH_KEY_ED25519 },
	{ "rsa", "2048", "ssh-rsa", SSH_KEY_FOREIGN },
	{ "ecdsa", "256", "ecdsa-sha2-nistp256", SSH_KEY_FOREIGN },
	{ "ecdsa", "384", "ecdsa-sha2-nistp384", SSH_KEY_FOREIGN },
	{ "ecdsa", "521", "ecdsa-sha2-nistp521", SSH_KEY_FOREIGN },
};

/* The second word of `ssh-keygen -l`. */
static const char *their_fingerprint(const char *file)
{
	const char *const argv[] = { SSH_KEYGEN, "-l", "-f", file, NULL };
	const struct process process = { .argv = argv, .output_max = BLOB_MAX };
	struct process_result result;
	struct err err;
	const char *begin;

	ck_assert_int_eq(process_run(&unit_arena, &process, &result, &err), 0);
	ck_assert_int_eq(result.status, 0);
	begin = strchr(result.output, ' ') + 1;
	return arena_strndup(&unit_arena, begin, strcspn(begin, " "));
}

START_TEST(ssh_key_made_by_ssh_keygen)
	{
		const char *line = keygen_make(
		    made[_i].type, made[_i].bits, "key");
		struct ssh_key key;

		expect(ssh_key_parse(&unit_arena, line, &key), NULL);
		ck_assert_int_eq(key.kind, made[_i].kind);
		ck_assert_str_eq(key.type, made[_i].name);
		ck_assert_int_eq(strncmp(line, key.line, strlen(key.line)), 0);
		ck_assert_str_eq(line + strlen(key.line), " a comment");
		ck_assert_str_eq(key.fingerprint, their_fingerprint("key.pub"));
		for (size_t n = 0; n < key.blob_len; n++) {
			struct ssh_key cut;

			ck_assert_ptr_nonnull(
			    ssh_key_parse_blob(&unit_arena, key.blob, n, &cut));
		}
	}
END_TEST

START_TEST(ssh_key_of_a_short_rsa_key_is_refused)
	{
		struct ssh_key key;

		expect(ssh_key_parse(&unit_arena,
			   keygen_make("rsa", "1024", "key"), &key),
		    "it is an RSA key of less than 2048 bits");
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sshkey");
	TCase *tcase = unit_case(suite, "fixed");

	tcase_add_loop_test(tcase, ssh_key_of_openssh_is_read, 0, COUNT(fixed));
	tcase_add_test(tcase, ssh_key_eq_tells_keys_apart);
	tcase = unit_case(suite, "form");
	tcase_add_loop_test(tcase, ssh_key_line, 0, COUNT(lines));
	tcase_add_test(tcase, ssh_key_has_ceilings);
	tcase_add_loop_test(tcase, ssh_key_point, 0, COUNT(points));
	tcase_add_loop_test(tcase, ssh_key_application, 0, COUNT(tokens));
	tcase_add_loop_test(tcase, ssh_key_rsa, 0, COUNT(rsas));
	tcase_add_loop_test(tcase, ssh_key_ecdsa, 0, COUNT(curves));
	tcase = unit_case_in_dir(suite, "made");
	tcase_add_loop_test(tcase, ssh_key_made_by_ssh_keygen, 0, COUNT(made));
	tcase_add_test(tcase, ssh_key_of_a_short_rsa_key_is_refused);
	return unit_main(suite);
}
