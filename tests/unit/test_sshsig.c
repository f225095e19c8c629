#include "base/sshsig.h"

#include <string.h>

#include "support/sshblob.h"
#include "support/unit.h"

#define PAYLOAD "tree 0123\n\nWhat was done\n"

/* Parses and verifies: NULL, or the words of the one that refused. */
static const char *judge(const char *armour, const char *payload)
{
	const struct digest_part part = { payload, strlen(payload) };
	struct sshsig sig;
	const char *wrong = sshsig_parse(
	    &unit_arena, armour, strlen(armour), &sig);

	return wrong ? wrong : sshsig_verify(&sig, &part, 1);
}

static void expect(const char *got, const char *want)
{
	if (want)
		ck_assert_msg(got && strcmp(got, want) == 0, "'%s', not '%s'",
		    want, got ? got : "good");
	else
		ck_assert_msg(!got, "good, not '%s'", got);
}

/* Made by OpenSSH 9.2: `printf 'hello\n' | ssh-keygen -Y sign -n git`. */
static const struct {
	const char *armour, *type, *hash, *fingerprint;
	bool foreign;
} fixed[] = {
	{ "-----BEGIN SSH SIGNATURE-----\n"
	  "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgTgUZSIJY3b+ylS6Igp6gu/"
	  "PD5M\n"
	  "Q/"
	  "SniRBBqBgHKSHvsAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5"
	  "\n"
	  "AAAAQNiknorha+"
	  "1S6vm7bIosXKlBc6aC3FQ9poVSjrYXHoEqqaN1rsKXtXhYTm2FapmhYT\n"
	  "pl9nx36jiGVrqYVySmPQU=\n"
	  "-----END SSH SIGNATURE-----\n",
	    "ssh-ed25519", "sha512",
	    "SHA256:1XYsQOvhl0iJvK6OP0xUuOP2bUjv7ILkULo4UL8Hr4I", false },
	{ "-----BEGIN SSH SIGNATURE-----\n"
	  "U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgTgUZSIJY3b+ylS6Igp6gu/"
	  "PD5M\n"
	  "Q/"
	  "SniRBBqBgHKSHvsAAAADZ2l0AAAAAAAAAAZzaGEyNTYAAABTAAAAC3NzaC1lZDI1NTE5"
	  "\n"
	  "AAAAQMKTGlolTvaNC6ri7/tRk+asdJsxLCSPuAdgWGDr3yUjNW1I6UEkn1a/"
	  "JhykiSMJCd\n"
	  "ZmMTkivk0t7ZFSrdpYZg4=\n"
	  "-----END SSH SIGNATURE-----\n",
	    "ssh-ed25519", "sha256",
	    "SHA256:1XYsQOvhl0iJvK6OP0xUuOP2bUjv7ILkULo4UL8Hr4I", false },
	{ "-----BEGIN SSH SIGNATURE-----\n"
	  "U1NIU0lHAAAAAQAAAGgAAAATZWNkc2Etc2hhMi1uaXN0cDI1NgAAAAhuaXN0cDI1NgAA"
	  "AE\n"
	  "EESywK6bPqlDWOWI2G0qEZa2YU2et4bm2Jytcgp1uYhwQ2FoJuKDU7YQZ07FH+"
	  "ssC8BNkU\n"
	  "QHTxXOr6u91tRFzBCQAAAANnaXQAAAAAAAAABnNoYTI1NgAAAGUAAAATZWNkc2Etc2hh"
	  "Mi\n"
	  "1uaXN0cDI1NgAAAEoAAAAhAPYdTDra1f0pVQuNucizRUPDiF09nkgS5qGQjZf2zGSsAA"
	  "AA\n"
	  "IQDkDngblsHbQ63Q0rB2NQ0tnBdhEs0r/5Fahu1TsoCEag==\n"
	  "-----END SSH SIGNATURE-----\n",
	    "ecdsa-sha2-nistp256", "sha256",
	    "SHA256:7ahTKE3qTmm9SK/wJxPN8yMzIzP7jmV3FPAP9q8x/K8", true },
};

START_TEST(sshsig_of_openssh_is_read)
	{
		const char *armour = fixed[_i].armour;
		struct sshsig sig;

		expect(sshsig_parse(&unit_arena, armour, strlen(armour), &sig),
		    NULL);
		ck_assert_str_eq(sig.type, fixed[_i].type);
		ck_assert_str_eq(sig.hash, fixed[_i].hash);
		ck_assert_str_eq(sig.name_space, "git");
		ck_assert_str_eq(sig.key.fingerprint, fixed[_i].fingerprint);
		ck_assert_str_eq(sig.armour, armour);
		ck_assert(!sshsig_touched(&sig));
		expect(judge(armour, "hello\n"),
		    fixed[_i].foreign
			? "its type of key is ssh-keygen's to verify"
			: NULL);
	}
END_TEST

static const char not_of_it[] = "it is not of this key for these bytes";
static const char odd[] = "its bytes are not a signature of its type";
static const char early[] = "it ends too early";

static const struct {
	struct forgery forgery;
	const char *wrong;
} forged[] = {
	{ { .seed = 1 }, NULL },
	{ { .seed = 2, .hash = "sha256" }, NULL },
	{ { .token = true }, NULL },
	{ { .token = true, .hash = "sha256", .counter = 0xfedcba98 }, NULL },
	{ { .token = true, .flags = FLAGS_0 }, NULL },
	{ { .token = true, .flags = 5, .application = "ssh:work" }, NULL },
	{ { .magic = "SSHSIC" }, "it does not begin with SSHSIG" },
	{ { .magic = "SSHSI" }, "it does not begin with SSHSIG" },
	{ { .version = VERSION_0 }, "its version is 0, not 1" },
	{ { .version = 2 }, "its version is 2, not 1" },
	{ { .version = 0x01000000 }, "its version is 16777216, not 1" },
	{ { .name_space = "file" },
	    "it was made in the namespace 'file', not 'git'" },
	{ { .name_space = "" }, "it was made in the namespace '', not 'git'" },
	{ { .name_space = "\033[31mgit" },
	    "it was made in the namespace '\\x1b[31mgit', not 'git'" },
	{ { .said_space = "git\0", .said_space_len = 4 },
	    "it was made in the namespace 'git\\x00', not 'git'" },
	{ { .name_space = "file", .said_space = "git" }, not_of_it },
	{ { .reserved = "x" }, "its reserved field is not empty" },
	{ { .hash = "sha1" }, "its hash is 'sha1', neither sha256 nor sha512" },
	{ { .hash = "SHA512" },
	    "its hash is 'SHA512', neither sha256 nor sha512" },
	{ { .hash = "" }, "its hash is '', neither sha256 nor sha512" },
	{ { .sig_type = "ssh-rsa" },
	    "it is of type 'ssh-rsa', which is not taken from a key of type "
	    "'ssh-ed25519'" },
	{ { .token = true, .sig_type = "ssh-ed25519" },
	    "it is of type 'ssh-ed25519', which is not taken from a key of "
	    "type 'sk-ssh-ed25519@openssh.com'" },
	{ { .said_key_type = "ssh-dss" },
	    "its public key: DSA keys (ssh-dss) are not taken, they are too "
	    "short" },
	{ { .said_key_type = "ssh-ed25519-cert-v01@openssh.com" },
	    "its public key: certificates are not taken, give the key "
	    "itself" },
	{ { .said_key_type = "sk-ssh-ed25519@openssh.com" },
	    "its public key: it ends too early" },
	{ { .after_key = "x" }, "its public key: something follows its end" },
	{ { .after_bytes = "x" },
	    "something follows the signature's own bytes" },
	{ { .after_signature = "x" },
	    "something follows the signature's own bytes" },
	{ { .token = true, .after_signature = "x" },
	    "something follows the signature's own bytes" },
	{ { .token = true, .after_bytes = "x" },
	    "something follows the signature's own bytes" },
	{ { .after_all = "x" }, "something follows its last field" },
	{ { .drop = 1 }, odd },
	{ { .drop = 64 }, odd },
	{ { .token = true, .drop = 32 }, odd },
	{ { .sum_not_reduced = true }, not_of_it },
	{ { .token = true, .sum_not_reduced = true }, not_of_it },
	{ { .small_order = true }, not_of_it },
	{ { .token = true, .small_order = true }, not_of_it },
};

START_TEST(sshsig_put_together_by_hand)
	{
		expect(judge(forge(&forged[_i].forgery, PAYLOAD), PAYLOAD),
		    forged[_i].wrong);
	}
END_TEST

START_TEST(sshsig_tells_whether_the_token_was_touched)
	{
		static const struct {
			struct forgery forgery;
			bool touched;
		} rows[] = {
			{ { .token = true, .flags = 1 }, true },
			{ { .token = true, .flags = 5, .counter = 7 }, true },
			{ { .token = true, .flags = 4 }, false },
			{ { .token = true, .flags = FLAGS_0 }, false },
			{ { .token = false }, false },
		};

		for (int i = 0; i < COUNT(rows); i++) {
			const char *armour = forge(&rows[i].forgery, PAYLOAD);
			struct sshsig sig;

			expect(sshsig_parse(
				   &unit_arena, armour, strlen(armour), &sig),
			    NULL);
			ck_assert_int_eq(sshsig_touched(&sig), rows[i].touched);
			ck_assert_uint_eq(sig.counter, rows[i].forgery.counter);
		}
	}
END_TEST

START_TEST(sshsig_is_of_one_payload)
	{
		const char *armour = forge(&(struct forgery){ 0 }, PAYLOAD);

		expect(judge(armour, PAYLOAD "x"), not_of_it);
		expect(judge(armour, ""), not_of_it);
		expect(judge(forge(&(struct forgery){ 0 }, ""), ""), NULL);
	}
END_TEST

START_TEST(sshsig_of_parts_is_that_of_the_whole)
	{
		const struct digest_part parts[] = { { "ab", 2 }, { NULL, 0 },
			{ "c", 1 }, { "", 0 }, { "def", 3 } };
		static const char *const hashes[] = { "sha256", "sha512" };

		for (int i = 0; i < COUNT(hashes); i++) {
			const struct forgery f = { .hash = hashes[i] };
			const char *armour = forge(&f, "abcdef");
			struct sshsig sig;

			expect(sshsig_parse(
				   &unit_arena, armour, strlen(armour), &sig),
			    NULL);
			expect(sshsig_verify(&sig, parts, 5), NULL);
			expect(sshsig_verify(&sig, parts, 4), not_of_it);
			expect(sshsig_verify(&sig, NULL, 0), not_of_it);
		}
	}
END_TEST

/* --- the armour -----------------------------------------------------------
 */

static const char no_base64[] =
    "what is between its first and last line is not base64";
static const char no_begin[] = "it does not begin with the line '" SSHSIG_BEGIN
			       "'";
static const char no_end[] = "it has no line '" SSHSIG_END "'";
static const char follows[] = "something follows its last line";

static const struct {
	const char *armour, *wrong;
} armours[] = {
	{ "", no_begin },
	{ SSHSIG_BEGIN, no_begin },
	{ SSHSIG_BEGIN "\r\nAAAA\r\n" SSHSIG_END "\r\n", no_begin },
	{ "\n" SSHSIG_BEGIN "\nAAAA\n" SSHSIG_END, no_begin },
	{ " " SSHSIG_BEGIN "\nAAAA\n" SSHSIG_END, no_begin },
	{ "-----BEGIN PGP SIGNATURE-----\nAAAA\n-----END PGP SIGNATURE-----",
	    no_begin },
	{ SSHSIG_BEGIN "\n", no_end },
	{ SSHSIG_BEGIN "\nAAAA\n", no_end },
	{ SSHSIG_BEGIN "\nAAAA" SSHSIG_END, no_end },
	{ SSHSIG_BEGIN "\nAAAA\n " SSHSIG_END, no_end },
	{ SSHSIG_BEGIN "\nAAAA\n-----END SSH SIGNATURE----", no_end },
	{ SSHSIG_BEGIN "\n" SSHSIG_END, no_base64 },
	{ SSHSIG_BEGIN "\n\n" SSHSIG_END, "it has an empty line" },
	{ SSHSIG_BEGIN "\nAAAA\n\n" SSHSIG_END, "it has an empty line" },
	{ SSHSIG_BEGIN "\n\nAAAA\n" SSHSIG_END, "it has an empty line" },
	{ SSHSIG_BEGIN "\nAAAA\n\nAAAA\n" SSHSIG_END, "it has an empty line" },
	{ SSHSIG_BEGIN "\nAAAA\n" SSHSIG_END "\n\n", follows },
	{ SSHSIG_BEGIN "\nAAAA\n" SSHSIG_END " ", follows },
	{ SSHSIG_BEGIN "\nAAAA\n" SSHSIG_END "\nAAAA\n", follows },
	{ SSHSIG_BEGIN "\nAAAA\n" SSHSIG_END "\n" SSHSIG_BEGIN
		       "\nAAAA\n" SSHSIG_END "\n",
	    follows },
	{ SSHSIG_BEGIN "\n" SSHSIG_BEGIN "\nAAAA\n" SSHSIG_END "\n",
	    no_base64 },
	{ SSHSIG_BEGIN "\nAAA\n" SSHSIG_END, no_base64 },
	{ SSHSIG_BEGIN "\nAAAA AAAA\n" SSHSIG_END, no_base64 },
	{ SSHSIG_BEGIN "\nAAAA\t\n" SSHSIG_END, no_base64 },
	{ SSHSIG_BEGIN "\nAAAA\r\nAAAA\r\n" SSHSIG_END, no_base64 },
	{ SSHSIG_BEGIN "\nAA-_\n" SSHSIG_END, no_base64 },
	/* which libsodium takes for a slash */
	{ SSHSIG_BEGIN "\nAAA\xaf\n" SSHSIG_END, no_base64 },
	{ SSHSIG_BEGIN "\nAA==AAAA\n" SSHSIG_END, no_base64 },
	{ SSHSIG_BEGIN "\nAAAAA===\n" SSHSIG_END, no_base64 },
	{ SSHSIG_BEGIN "\nAB==\n" SSHSIG_END, no_base64 }, /* unused bits */
	{ SSHSIG_BEGIN "\nAAA\nA\nAA\nAA\n" SSHSIG_END,
	    "it does not begin with SSHSIG" },
	{ SSHSIG_BEGIN "\nU1NIU0lH\n" SSHSIG_END "\n", early },
	{ SSHSIG_BEGIN "\nU1NIU0lHAAAAAQ==\n" SSHSIG_END "\n", early },
	/* a string of 2^32 - 1 bytes */
	{ SSHSIG_BEGIN "\nU1NIU0lHAAAAAf////8=\n" SSHSIG_END "\n", early },
};

START_TEST(sshsig_has_one_armour)
	{
		expect(judge(armours[_i].armour, ""), armours[_i].wrong);
	}
END_TEST

START_TEST(sshsig_may_lack_the_last_line_break)
	{
		char *armour = arena_strdup(
		    &unit_arena, forge(&(struct forgery){ 0 }, PAYLOAD));

		armour[strlen(armour) - 1] = '\0';
		expect(judge(armour, PAYLOAD), NULL);
	}
END_TEST

START_TEST(sshsig_with_a_nul_is_refused)
	{
		const char *good = forge(&(struct forgery){ 0 }, PAYLOAD);
		size_t len = strlen(good);
		char *armour = arena_strdup(&unit_arena, good);
		struct sshsig sig;

		expect(sshsig_parse(&unit_arena, good, len + 1, &sig), follows);
		armour[50] = '\0';
		expect(sshsig_parse(&unit_arena, armour, len, &sig), no_base64);
	}
END_TEST

START_TEST(sshsig_has_a_ceiling)
	{
		struct sshsig sig;
		struct buf blob;
		const char *armour;

		buf_init(&blob, &unit_arena, 1 << 20);
		for (int i = 0; i < 7000; i++)
			buf_addc(&blob, 'x');
		armour = blob_armour(blob.p, blob.len);
		expect(sshsig_parse(&unit_arena, armour, strlen(armour), &sig),
		    "it is longer than 8192 bytes");
		armour = blob_armour(blob.p, 5900);
		ck_assert_uint_le(strlen(armour), SSHSIG_ARMOUR_MAX);
		expect(sshsig_parse(&unit_arena, armour, strlen(armour), &sig),
		    "it does not begin with SSHSIG");
	}
END_TEST

/* --- what nobody may change -----------------------------------------------
 */

START_TEST(sshsig_that_is_cut_off_is_refused)
	{
		const struct forgery f = { .token = _i == 1 };
		const char *armour = forge(&f, PAYLOAD);
		size_t len;
		const unsigned char *blob = blob_of_armour(armour, &len);

		for (size_t n = 1; n < len; n++)
			ck_assert_ptr_nonnull(
			    judge(blob_armour(blob, n), PAYLOAD));
		for (size_t n = 0; n + 1 < strlen(armour); n++)
			ck_assert_ptr_nonnull(judge(
			    arena_strndup(&unit_arena, armour, n), PAYLOAD));
	}
END_TEST

/* Each bit counts; none is read and forgotten. */
START_TEST(sshsig_with_a_bit_changed_is_refused)
	{
		const struct forgery f = { .token = _i == 1 };
		const char *armour = forge(&f, PAYLOAD);
		char *copy = arena_strdup(&unit_arena, armour);
		size_t len;
		const unsigned char *blob = blob_of_armour(armour, &len);
		unsigned char *changed = arena_alloc(&unit_arena, len);

		memcpy(changed, blob, len);
		for (size_t bit = 0; bit < 8 * len; bit++) {
			changed[bit / 8] ^= (unsigned char)(1u << bit % 8);
			ck_assert_ptr_nonnull(
			    judge(blob_armour(changed, len), PAYLOAD));
			changed[bit / 8] ^= (unsigned char)(1u << bit % 8);
		}
		for (size_t bit = 0; bit < 8 * strlen(armour) - 8; bit++) {
			copy[bit / 8] ^= (char)(1u << bit % 8);
			ck_assert_ptr_nonnull(judge(copy, PAYLOAD));
			copy[bit / 8] ^= (char)(1u << bit % 8);
		}
	}
END_TEST

/* --- types that are only read here ----------------------------------------
 */

static const char *foreign_armour(const char *line, const char *sig_type,
    const struct buf *bytes, const char *tail, size_t tail_len)
{
	struct ssh_key key;
	struct buf blob, part;

	expect(ssh_key_parse(&unit_arena, line, &key), NULL);
	buf_init(&part, &unit_arena, 1 << 20);
	blob_cstring(&part, sig_type);
	blob_string(&part, bytes->p, bytes->len);
	buf_add(&part, tail, tail_len);
	buf_init(&blob, &unit_arena, 1 << 20);
	buf_adds(&blob, "SSHSIG");
	blob_u32(&blob, 1);
	blob_string(&blob, key.blob, key.blob_len);
	blob_cstring(&blob, "git");
	blob_cstring(&blob, "");
	blob_cstring(&blob, "sha512");
	blob_string(&blob, part.p, part.len);
	return blob_armour(blob.p, blob.len);
}

static const char ecdsa_line[] =
    "ecdsa-sha2-nistp256 "
    "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEssCumz6pQ1jliNhtKhGW"
    "tmFNnreG5ticrXIKdbmIcENhaCbig1O2EGdOxR/rLAvATZFEB08Vzq+rvdbURcwQk=";

static const struct {
	const char *r, *s;
	size_t r_len, s_len;
	const char *after;
	const char *wrong;
} numbers[] = {
	{ "\x7f", "\x01", 1, 1, "", NULL },
	{ "\0\x80", "\0\xff", 2, 2, "", NULL },
	{ "\x80", "\x01", 1, 1, "", odd },   /* negative */
	{ "\0\x7f", "\x01", 2, 1, "", odd }, /* a superfluous zero */
	{ "\0", "\x01", 1, 1, "", odd },
	{ "", "\x01", 0, 1, "", odd }, /* zero */
	{ "\x01", "", 1, 0, "", odd },
	{ "\x01", "\0\0\x80", 1, 3, "", odd },
	{ "\x01", "\x01", 1, 1, "x", odd },
};

START_TEST(sshsig_of_ecdsa_has_two_numbers)
	{
		struct buf bytes;
		const char *armour;
		struct sshsig sig;

		buf_init(&bytes, &unit_arena, 1000);
		blob_string(&bytes, numbers[_i].r, numbers[_i].r_len);
		blob_string(&bytes, numbers[_i].s, numbers[_i].s_len);
		buf_adds(&bytes, numbers[_i].after);
		armour = foreign_armour(
		    ecdsa_line, "ecdsa-sha2-nistp256", &bytes, "", 0);
		expect(sshsig_parse(&unit_arena, armour, strlen(armour), &sig),
		    numbers[_i].wrong);
	}
END_TEST

START_TEST(sshsig_of_an_ecdsa_token_is_read)
	{
		struct ssh_key key;
		struct buf blob, bytes;
		const char *armour, *line;
		struct sshsig sig;

		/* A token's key is the same with another type in front and an
		 * application behind. */
		expect(ssh_key_parse(&unit_arena, ecdsa_line, &key), NULL);
		buf_init(&blob, &unit_arena, 1000);
		blob_cstring(&blob, "sk-ecdsa-sha2-nistp256@openssh.com");
		buf_add(&blob, key.blob + 4 + strlen("ecdsa-sha2-nistp256"),
		    key.blob_len - 4 - strlen("ecdsa-sha2-nistp256"));
		blob_cstring(&blob, "ssh:");
		line = blob_line("sk-ecdsa-sha2-nistp256@openssh.com", &blob);
		buf_init(&bytes, &unit_arena, 1000);
		blob_string(&bytes, "\1", 1);
		blob_string(&bytes, "\2", 1);
		armour = foreign_armour(line,
		    "sk-ecdsa-sha2-nistp256@openssh.com", &bytes, "\1\0\0\1\2",
		    5);
		expect(sshsig_parse(&unit_arena, armour, strlen(armour), &sig),
		    NULL);
		ck_assert(sshsig_touched(&sig));
		ck_assert_uint_eq(sig.counter, 0x102);
		armour = foreign_armour(line,
		    "sk-ecdsa-sha2-nistp256@openssh.com", &bytes, "\1\0\0\1",
		    4);
		expect(sshsig_parse(&unit_arena, armour, strlen(armour), &sig),
		    early);
		/* A browser signs something else. */
		armour = foreign_armour(line,
		    "webauthn-sk-ecdsa-sha2-nistp256@openssh.com", &bytes,
		    "\1\0\0\1\2", 5);
		ck_assert_ptr_nonnull(
		    sshsig_parse(&unit_arena, armour, strlen(armour), &sig));
	}
END_TEST

static const struct {
	const char *type;
	size_t len;
	bool good;
} rsa[] = { { "rsa-sha2-256", 256, true }, { "rsa-sha2-512", 256, true },
	{ "ssh-rsa", 256, false }, { "rsa-sha2-512", 0, false },
	{ "rsa-sha2-512", 2049, false }, { "rsa-sha2-384", 256, false },
	{ "ssh-ed25519", 64, false } };

START_TEST(sshsig_of_rsa_is_never_with_sha1)
	{
		const char *line = keygen_make("rsa", "2048", "key");
		struct sshsig sig;
		struct buf bytes;
		const char *armour;

		buf_init(&bytes, &unit_arena, 10000);
		while (bytes.len < rsa[_i].len)
			buf_addc(&bytes, 'x');
		armour = foreign_armour(line, rsa[_i].type, &bytes, "", 0);
		ck_assert_int_eq(sshsig_parse(&unit_arena, armour,
				     strlen(armour), &sig) == NULL,
		    rsa[_i].good);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sshsig");
	TCase *tcase = unit_case(suite, "good or not");

	tcase_add_loop_test(tcase, sshsig_of_openssh_is_read, 0, COUNT(fixed));
	tcase_add_loop_test(
	    tcase, sshsig_put_together_by_hand, 0, COUNT(forged));
	tcase_add_test(tcase, sshsig_tells_whether_the_token_was_touched);
	tcase_add_test(tcase, sshsig_is_of_one_payload);
	tcase_add_test(tcase, sshsig_of_parts_is_that_of_the_whole);
	tcase = unit_case(suite, "armour");
	tcase_add_loop_test(tcase, sshsig_has_one_armour, 0, COUNT(armours));
	tcase_add_test(tcase, sshsig_may_lack_the_last_line_break);
	tcase_add_test(tcase, sshsig_with_a_nul_is_refused);
	tcase_add_test(tcase, sshsig_has_a_ceiling);
	tcase = unit_case(suite, "changed");
	tcase_add_loop_test(tcase, sshsig_that_is_cut_off_is_refused, 0, 2);
	tcase_add_loop_test(tcase, sshsig_with_a_bit_changed_is_refused, 0, 2);
	tcase = unit_case_in_dir(suite, "only read");
	tcase_add_loop_test(
	    tcase, sshsig_of_ecdsa_has_two_numbers, 0, COUNT(numbers));
	tcase_add_test(tcase, sshsig_of_an_ecdsa_token_is_read);
	tcase_add_loop_test(
	    tcase, sshsig_of_rsa_is_never_with_sha1, 0, COUNT(rsa));
	return unit_main(suite);
}
