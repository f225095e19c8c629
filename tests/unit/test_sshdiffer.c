/*
 * Signatures, whole and spoiled, are put before sshsig.h and before `ssh-keygen
 * -Y verify`.  What ssh-keygen refuses must be refused here too; where it is
 * only we who refuse, the reason must be in `stricter`.
 */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/sshkeygen.h"
#include "support/sshblob.h"
#include "support/unit.h"

#define PAYLOAD "tree 0123\nparent 4567\n\nWhat was done\n"
#define SAMPLES                                                                \
	10 /* of each way to spoil a signature; each costs a process           \
	    */

/* What OpenSSH takes and we do not, on purpose: a second spelling of the same
 * signature, or one that others than the key's owner could have made. */
static const char *const stricter[] = {
	"its version is 0, not 1",
	"its reserved field is not empty", /* nothing signs it */
	"it was made in the namespace 'git\\x00', not 'git'",
	/* CR, blanks, unused bits */
	"it does not begin with the line '" SSHSIG_BEGIN "'",
	"what is between its first and last line is not base64",
	"it has an empty line",
	"something follows its last line",
	/* S that is not reduced */
	"it is not of this key for these bytes",
	/* keys that people may not have; one of small order signs anything */
	"key: its 32 bytes are not a point of Ed25519's group "
	"(of small order, not canonical or not on the curve)",
	"key: it is an RSA key of less than 2048 bits",
	"key: its application is not printable ASCII",
};

static bool is_stricter(const char *wrong)
{
	for (int i = 0; i < COUNT(stricter); i++)
		if (strcmp(stricter[i], wrong) == 0)
			return true;
	return false;
}

/* The working directory, which is a new one for each test. */
static const char *here(void)
{
	char *dir = arena_alloc(&unit_arena, PATH_MAX);

	ck_assert_ptr_nonnull(getcwd(dir, PATH_MAX));
	return dir;
}

/* NULL: taken from the owner of that key; else why not. */
static const char *our_answer(
    const char *key_line, const char *armour, size_t len, const char *payload)
{
	const struct digest_part part = { payload, strlen(payload) };
	struct ssh_key allowed;
	struct sshsig sig;
	const char *wrong;
	struct err err;
	bool good;

	wrong = ssh_key_parse(&unit_arena, key_line, &allowed);
	if (wrong)
		return arena_printf(&unit_arena, "key: %s", wrong);
	wrong = sshsig_parse(&unit_arena, armour, len, &sig);
	if (wrong)
		return wrong;
	if (!ssh_key_eq(&sig.key, &allowed))
		return "it is of another key";
	if (sig.key.kind != SSH_KEY_FOREIGN)
		return sshsig_verify(&sig, &part, 1);
	ck_assert_msg(sshkeygen_verify(&unit_arena, SSH_KEYGEN, here(), &sig,
			  &part, 1, &good, &err) == 0,
	    "%s", err.text);
	return good ? NULL : "ssh-keygen says no";
}

/* Asks both; true when we take it. */
static bool ask(
    const char *key_line, const char *armour, size_t len, const char *payload)
{
	const char *wrong = our_answer(key_line, armour, len, payload);
	bool theirs = keygen_verifies(
	    key_line, armour, len, payload, strlen(payload));

	ck_assert_msg(wrong || theirs, "taken, but not by ssh-keygen:\n%.*s",
	    (int)len, armour);
	ck_assert_msg(!wrong || !theirs || is_stricter(wrong),
	    "taken by ssh-keygen, not by us: %s\n%.*s", wrong, (int)len,
	    armour);
	return !wrong;
}

static bool ask_s(const char *key_line, const char *armour)
{
	return ask(key_line, armour, strlen(armour), PAYLOAD);
}

/* --- one of each kind -----------------------------------------------------
 */

static const struct {
	const char *type, *bits, *hash; /* type NULL: a token's, by hand */
} kinds[] = { { "ed25519", NULL, "sha512" }, { "ed25519", NULL, "sha256" },
	{ NULL, NULL, "sha512" }, { NULL, NULL, "sha256" },
	{ "rsa", "2048", "sha512" }, { "ecdsa", "256", "sha256" },
	{ "ecdsa", "521", "sha512" } };

struct subject {
	const char *key_line, *armour;
	const unsigned char *blob;
	size_t armour_len, blob_len;
};

static struct subject subject(int i)
{
	const struct forgery token = {
		.token = true, .hash = kinds[i].hash, .counter = 77
	};
	struct subject s;

	if (kinds[i].type) {
		s.key_line = keygen_make(kinds[i].type, kinds[i].bits, "key");
		s.armour = keygen_sign("key", "git", kinds[i].hash, PAYLOAD);
	} else {
		s.key_line = forge_key_line(&token);
		s.armour = forge(&token, PAYLOAD);
	}
	s.armour_len = strlen(s.armour);
	s.blob = blob_of_armour(s.armour, &s.blob_len);
	return s;
}

/* The i-th of SAMPLES places, not all at the same offset of a line. */
static size_t place(int i, size_t len)
{
	size_t at = (size_t)i * len / SAMPLES + (size_t)i % 3;

	return at < len ? at : len - 1;
}

START_TEST(sshsig_that_is_whole_is_taken_by_both)
	{
		const struct subject s = subject(_i);

		ck_assert(ask_s(s.key_line, s.armour));
		ck_assert(ask(s.key_line, s.armour, s.armour_len - 1, PAYLOAD));
		ck_assert(
		    !ask(s.key_line, s.armour, s.armour_len, PAYLOAD "more"));
		ck_assert(!ask(s.key_line, s.armour, s.armour_len, ""));
		ck_assert(
		    !ask_s(keygen_make("ed25519", NULL, "other"), s.armour));
		if (kinds[_i].type)
			ck_assert(!ask_s(s.key_line,
			    keygen_sign(
				"key", "file", kinds[_i].hash, PAYLOAD)));
	}
END_TEST

START_TEST(sshsig_with_more_in_its_armour)
	{
		static const char *const around[][2] = { { "", "\n" },
			{ "", "x" }, { "", " " }, { "\n", "" }, { " ", "" },
			{ "", SSHSIG_BEGIN "\nAAAA\n" SSHSIG_END "\n" } };
		const struct subject s = subject(_i);

		for (int i = 0; i < COUNT(around); i++)
			ck_assert(!ask_s(s.key_line,
			    arena_printf(&unit_arena, "%s%s%s", around[i][0],
				s.armour, around[i][1])));
		ck_assert(!ask_s(s.key_line,
		    arena_printf(&unit_arena, "%s%s", s.armour, s.armour)));
	}
END_TEST

/* The line breaks become something else: all of them, or those around base64
 * alone. */
static const char *broken(const struct subject *s, const char *with, bool all)
{
	const char *end = strstr(s->armour, "\n" SSHSIG_END);
	const char *begin = strchr(s->armour, '\n');
	struct buf armour;

	buf_init(&armour, &unit_arena, 1 << 16);
	for (const char *p = s->armour; *p; p++) {
		if (*p == '\n' && (all || (p > begin && p < end)))
			buf_adds(&armour, with);
		else
			buf_addc(&armour, *p);
	}
	return armour.p;
}

START_TEST(sshsig_with_other_line_breaks)
	{
		static const char *const breaks[] = { "\r\n", "\n\n", " \n",
			"\t", "\r", "\v" };
		const struct subject s = subject(_i);

		for (int i = 0; i < COUNT(breaks); i++)
			ck_assert(
			    !ask_s(s.key_line, broken(&s, breaks[i], false)));
		ck_assert(!ask_s(s.key_line, broken(&s, "\r\n", true)));
		/* No line break at all is base64 all the same. */
		ck_assert(ask_s(s.key_line, broken(&s, "", false)));
	}
END_TEST

START_TEST(sshsig_cut_off)
	{
		const struct subject s = subject(_i);

		for (int i = 0; i < SAMPLES; i++) {
			size_t n = place(i, s.armour_len - 1);

			ck_assert(!ask(s.key_line, s.armour, n, PAYLOAD));
			n = place(i, s.blob_len);
			if (n > 0)
				ck_assert(
				    !ask_s(s.key_line, blob_armour(s.blob, n)));
		}
	}
END_TEST

START_TEST(sshsig_with_bytes_added)
	{
		const struct subject s = subject(_i);
		char *more = arena_alloc(&unit_arena, s.blob_len + 1);

		for (int i = 0; i < SAMPLES / 2; i++) {
			size_t n = place(2 * i + 1, s.blob_len);

			memcpy(more, s.blob, n);
			more[n] = (char)i;
			memcpy(more + n + 1, s.blob + n, s.blob_len - n);
			ck_assert(!ask_s(
			    s.key_line, blob_armour(more, s.blob_len + 1)));
		}
		memcpy(more, s.blob, s.blob_len);
		more[s.blob_len] = 0;
		ck_assert(
		    !ask_s(s.key_line, blob_armour(more, s.blob_len + 1)));
	}
END_TEST

START_TEST(sshsig_with_a_bit_changed)
	{
		const struct subject s = subject(_i);
		char *armour = arena_strdup(&unit_arena, s.armour);
		char *blob = arena_strndup(
		    &unit_arena, (const char *)s.blob, s.blob_len);

		for (int i = 0; i < SAMPLES; i++) {
			size_t n = place(i, s.armour_len - 1);
			char bit = (char)(1 << (7 * i + 7) % 8);

			armour[n] ^= bit;
			ck_assert(
			    !ask(s.key_line, armour, s.armour_len, PAYLOAD));
			armour[n] ^= bit;
			n = place(i, s.blob_len);
			blob[n] ^= bit;
			ck_assert(
			    !ask_s(s.key_line, blob_armour(blob, s.blob_len)));
			blob[n] ^= bit;
		}
	}
END_TEST

/* --- put together by hand -------------------------------------------------
 */

static const struct {
	struct forgery forgery;
	bool taken;
} forged[] = {
	{ { .seed = 1 }, true },
	{ { .hash = "sha256" }, true },
	{ { .token = true }, true },
	{ { .token = true, .flags = FLAGS_0 }, true }, /* touch: the caller's */
	{ { .token = true, .flags = 0xc5, .counter = ~0u }, true },
	{ { .token = true, .application = "ssh:work" }, true },
	{ { .token = true, .application = "ssh: work" }, false },
	{ { .magic = "SSHSIC" }, false },
	{ { .version = VERSION_0 }, false },
	{ { .version = 2 }, false },
	{ { .name_space = "file" }, false },
	{ { .name_space = "file", .said_space = "git" }, false },
	{ { .said_space = "file" }, false },
	{ { .said_space = "git\0", .said_space_len = 4 }, false },
	{ { .said_space = "git\0x", .said_space_len = 5 }, false },
	{ { .reserved = "x" }, false },
	{ { .token = true, .reserved = "x" }, false },
	{ { .hash = "sha1" }, false },
	{ { .hash = "SHA512" }, false },
	{ { .sig_type = "ssh-rsa" }, false },
	{ { .sig_type = "sk-ssh-ed25519@openssh.com" }, false },
	{ { .token = true, .sig_type = "ssh-ed25519" }, false },
	{ { .after_key = "x" }, false },
	{ { .after_bytes = "x" }, false },
	{ { .after_signature = "x" }, false },
	{ { .token = true, .after_signature = "x" }, false },
	{ { .after_all = "x" }, false },
	{ { .drop = 1 }, false },
	{ { .drop = 64 }, false },
	{ { .token = true, .drop = 64 }, false },
	{ { .sum_not_reduced = true }, false },
	{ { .token = true, .sum_not_reduced = true }, false },
	{ { .small_order = true }, false },
	{ { .token = true, .small_order = true }, false },
};

START_TEST(sshsig_put_together_by_hand)
	{
		const struct forgery *f = &forged[_i].forgery;

		ck_assert_int_eq(ask_s(forge_key_line(f), forge(f, PAYLOAD)),
		    forged[_i].taken);
	}
END_TEST

START_TEST(sshsig_of_a_short_rsa_key)
	{
		const char *line = keygen_make("rsa", "1024", "key");

		ck_assert(
		    !ask_s(line, keygen_sign("key", "git", "sha512", PAYLOAD)));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sshdiffer");
	TCase *tcase = unit_case_in_dir(suite, "kinds");
	int n = COUNT(kinds);

	tcase_add_loop_test(tcase, sshsig_that_is_whole_is_taken_by_both, 0, n);
	tcase_add_loop_test(tcase, sshsig_with_more_in_its_armour, 0, n);
	tcase_add_loop_test(tcase, sshsig_with_other_line_breaks, 0, n);
	tcase_add_loop_test(tcase, sshsig_cut_off, 0, n);
	tcase_add_loop_test(tcase, sshsig_with_bytes_added, 0, n);
	tcase_add_loop_test(tcase, sshsig_with_a_bit_changed, 0, n);
	tcase = unit_case_in_dir(suite, "by hand");
	tcase_add_loop_test(
	    tcase, sshsig_put_together_by_hand, 0, COUNT(forged));
	tcase_add_test(tcase, sshsig_of_a_short_rsa_key);
	return unit_main(suite);
}
