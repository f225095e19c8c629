#include "base/sshkeygen.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "support/sshblob.h"
#include "support/unit.h"

#define PAYLOAD "tree 0123\n\nWhat was done\n"
#define DIR_MAX 4096

static const struct digest_part whole[] = { { PAYLOAD, sizeof(PAYLOAD) - 1 } };

/* The working directory, which is a new one for each test. */
static const char *here(void)
{
	char *dir = arena_alloc(&unit_arena, DIR_MAX);

	ck_assert_ptr_nonnull(getcwd(dir, DIR_MAX));
	return dir;
}

static const char *path_of(const char *name)
{
	return arena_printf(&unit_arena, "%s/%s", here(), name);
}

static const char *private_dir(void)
{
	struct err err;

	ck_assert_int_eq(dir_make("private", 0700, &err), 0);
	return path_of("private");
}

static int entries(const char *dir)
{
	DIR *open = opendir(dir);
	int n = 0;

	ck_assert_ptr_nonnull(open);
	while (readdir(open))
		n++;
	closedir(open);
	return n - 2;
}

static struct sshsig parsed(const char *armour)
{
	struct sshsig sig;
	const char *wrong = sshsig_parse(
	    &unit_arena, armour, strlen(armour), &sig);

	ck_assert_msg(!wrong, "%s", wrong);
	return sig;
}

/* A program of our own in its place. */
static const char *program(const char *script)
{
	const char *text = arena_printf(&unit_arena, "#!/bin/sh\n%s\n", script);
	struct err err;

	ck_assert_int_eq(
	    file_replace("program", text, strlen(text), 0700, &err), 0);
	return path_of("program");
}

static const struct {
	const char *type, *bits, *hash;
} made[] = { { "rsa", "2048", "sha256" }, { "rsa", "2048", "sha512" },
	{ "ecdsa", "256", "sha512" }, { "ecdsa", "384", "sha256" },
	{ "ecdsa", "521", "sha512" }, { "ed25519", NULL, "sha512" } };

START_TEST(ssh_keygen_verifies_what_it_signed)
	{
		static const struct digest_part parts[] = { { PAYLOAD, 7 },
			{ NULL, 0 }, { PAYLOAD + 7, sizeof(PAYLOAD) - 8 } };
		const char *dir = private_dir();
		struct sshsig sig;
		bool good = false;
		struct err err;

		keygen_make(made[_i].type, made[_i].bits, "key");
		sig = parsed(keygen_sign("key", "git", made[_i].hash, PAYLOAD));
		ck_assert_int_eq(sshkeygen_verify(&unit_arena, SSH_KEYGEN, dir,
				     &sig, parts, 3, &good, &err),
		    0);
		ck_assert(good);
		ck_assert_int_eq(sshkeygen_verify(&unit_arena, SSH_KEYGEN, dir,
				     &sig, parts, 2, &good, &err),
		    0);
		ck_assert(!good);
		ck_assert_int_eq(entries(dir), 0);
	}
END_TEST

START_TEST(ssh_keygen_verifies_a_tokens_signature)
	{
		const struct forgery f = { .token = true, .counter = 9 };
		struct sshsig sig = parsed(forge(&f, PAYLOAD));
		bool good = false;
		struct err err;

		ck_assert_int_eq(
		    sshkeygen_verify(&unit_arena, SSH_KEYGEN, private_dir(),
			&sig, whole, 1, &good, &err),
		    0);
		ck_assert(good);
		sig.key = parsed(
		    forge(
			&(struct forgery){ .token = true, .seed = 3 }, PAYLOAD))
			      .key;
		ck_assert_int_eq(
		    sshkeygen_verify(&unit_arena, SSH_KEYGEN,
			path_of("private"), &sig, whole, 1, &good, &err),
		    0);
		ck_assert(!good); /* not of that key */
	}
END_TEST

/* What answers in its place, and what that is taken for.  @ stands for the
 * fingerprint of the key. */
static const struct {
	const char *script;
	int result;
	bool good;
	const char *text; /* behind the program's path */
} answers[] = {
	{ "echo 'Good \"git\" signature for signer with RSA key @'", 0, true,
	    NULL },
	{ "echo hint >&2; "
	  "echo 'Good \"git\" signature for signer with RSA key @'",
	    0, true, NULL },
	{ "echo Could not verify signature.; exit 255", 0, false, NULL },
	{ "echo why >&2; echo Could not verify signature.; exit 255", 0, false,
	    NULL },
	{ "exit 0", -1, false, "ended with exit code 0 and said: nothing" },
	{ "echo Could not verify signature.", -1, false,
	    "ended with exit code 0 and said: Could not verify signature." },
	{ "echo 'Good \"git\" signature for signer with RSA key @'; exit 1", -1,
	    false, NULL },
	{ "echo 'Good \"git\" signature for signer with RSA key SHA256:x'", -1,
	    false, NULL },
	{ "echo 'Good \"git\" signature for signer with RSA key @x'", -1, false,
	    NULL },
	{ "echo 'Good \"git\" signature for another with RSA key @'", -1, false,
	    NULL },
	{ "echo 'Good \"file\" signature for signer with RSA key @'", -1, false,
	    NULL },
	{ "echo '> Good \"git\" signature for signer with RSA key @'", -1,
	    false, NULL },
	{ "echo \"No user exists for uid 4711\r\" >&2; exit 255", -1, false,
	    "ended with exit code 255 and said: No user exists for uid 4711" },
	{ "echo usage; printf '\\033[31mred' >&2; exit 1", -1, false,
	    "ended with exit code 1 and said: \\x1b[31mred" },
	{ "kill -SEGV $$", -1, false,
	    "ended with exit code 139 and said: nothing" },
	{ "head -c 100000 /dev/zero", -1, false, "said more than 65536 bytes" },
};

START_TEST(ssh_keygen_answers)
	{
		struct sshsig sig = parsed(
		    forge(&(struct forgery){ 0 }, PAYLOAD));
		const char *script = answers[_i].script;
		const char *mark = strchr(script, '@'), *path;
		bool good = true;
		struct err err = { 0 };

		if (mark)
			script = arena_printf(&unit_arena, "%.*s%s%s",
			    (int)(mark - script), script, sig.key.fingerprint,
			    mark + 1);
		path = program(script);
		if (answers[_i].good)
			good = false;
		ck_assert_int_eq(
		    sshkeygen_verify(&unit_arena, path, private_dir(), &sig,
			whole, 1, &good, &err),
		    answers[_i].result);
		if (answers[_i].result == 0)
			ck_assert_int_eq(good, answers[_i].good);
		if (answers[_i].text)
			ck_assert_str_eq(err.text,
			    arena_printf(&unit_arena, "'%s' %s", path,
				answers[_i].text));
		ck_assert_int_eq(entries("private"), 0);
	}
END_TEST

/* Two files, for nobody else, and nothing of ours in the environment. */
START_TEST(ssh_keygen_is_given_files_for_nobody_else)
	{
		struct sshsig sig = parsed(
		    forge(&(struct forgery){ 0 }, PAYLOAD));
		const char *seen = path_of("seen"), *want;
		char *text;
		size_t len;
		bool good;
		struct err err;

		umask(0);
		(void)sshkeygen_verify(&unit_arena,
		    program(arena_printf(&unit_arena,
			"{ echo \"$1 $2 $3 $4 $5 $6 $7 $9 $#\"; "
			"/usr/bin/stat -c %%a \"$8\" \"${10}\"; "
			"/bin/cat \"$8\"; /bin/cat; "
			"/usr/bin/env | /bin/grep -c -v -e ^PWD= -e ^_= "
			"-e ^SHLVL= -e ^OLDPWD=; } >%s",
			seen)),
		    private_dir(), &sig, whole, 1, &good, &err);
		ck_assert_int_eq(
		    file_read(&unit_arena, seen, 10000, &text, &len, &err), 0);
		want = arena_printf(&unit_arena,
		    "-Y verify -n git -I signer -f -s 10\n600\n600\n"
		    "signer namespaces=\"git\" %s\n" PAYLOAD "0\n",
		    sig.key.line);
		ck_assert_str_eq(text, want);
		ck_assert_int_eq(entries("private"), 0);
	}
END_TEST

START_TEST(ssh_keygen_that_is_missing_is_an_error)
	{
		struct sshsig sig = parsed(
		    forge(&(struct forgery){ 0 }, PAYLOAD));
		const char *dir = private_dir();
		bool good;
		struct err err;

		ck_assert_int_eq(sshkeygen_verify(&unit_arena, "/nowhere", dir,
				     &sig, whole, 1, &good, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_NOTFOUND);
		ck_assert_int_eq(entries(dir), 0);
		ck_assert_int_eq(sshkeygen_verify(&unit_arena, "ssh-keygen",
				     dir, &sig, whole, 1, &good, &err),
		    -1);
		ck_assert_str_eq(
		    err.text, "'ssh-keygen' is not an absolute path");
		ck_assert_int_eq(entries(dir), 0);
		ck_assert_int_eq(sshkeygen_verify(&unit_arena, SSH_KEYGEN,
				     "private", &sig, whole, 1, &good, &err),
		    -1);
		ck_assert_str_eq(err.text, "'private' is not an absolute path");
		ck_assert_int_eq(sshkeygen_verify(&unit_arena, SSH_KEYGEN,
				     "/nowhere", &sig, whole, 1, &good, &err),
		    -1);
		ck_assert_int_eq(err.kind, ERR_IO);
	}
END_TEST

START_TEST(ssh_keygen_gets_no_odd_key_line)
	{
		static const char *const odd[] = { "", "ssh-rsa", "ssh-rsa ",
			"ssh-rsa AAAA comment", "ssh-rsa AAAA\nsigner x y",
			"ssh-rsa AAAA#", "cert-authority ssh-rsa AAAA",
			"a=\"b\" AAAA", "ssh-rsa\tAAAA" };
		struct sshsig sig = parsed(
		    forge(&(struct forgery){ 0 }, PAYLOAD));
		const char *dir = private_dir();
		bool good;
		struct err err;

		for (int i = 0; i < COUNT(odd); i++) {
			sig.key.line = odd[i];
			ck_assert_int_eq(
			    sshkeygen_verify(&unit_arena, SSH_KEYGEN, dir, &sig,
				whole, 1, &good, &err),
			    -1);
			ck_assert_int_eq(err.kind, ERR_INTERNAL);
		}
		ck_assert_int_eq(entries(dir), 0);
	}
END_TEST

/* --- signing --------------------------------------------------------------
 */

START_TEST(ssh_keygen_signs)
	{
		const char *armour;
		struct sshsig sig;
		bool good = false;
		struct err err;

		keygen_make(made[_i].type, made[_i].bits, "key");
		ck_assert_msg(
		    sshkeygen_sign(&unit_arena, SSH_KEYGEN, path_of("key"),
			PAYLOAD, strlen(PAYLOAD), &armour, &err) == 0,
		    "%s", err.text);
		sig = parsed(armour);
		ck_assert_int_eq(
		    sshkeygen_verify(&unit_arena, SSH_KEYGEN, private_dir(),
			&sig, whole, 1, &good, &err),
		    0);
		ck_assert(good);
		if (sig.key.kind != SSH_KEY_FOREIGN)
			ck_assert_ptr_null(sshsig_verify(&sig, whole, 1));
	}
END_TEST

static const char *sign_error(const char *run, const char *key)
{
	const char *armour = "untouched";
	struct err err;

	ck_assert_int_eq(sshkeygen_sign(&unit_arena, run, key, PAYLOAD,
			     strlen(PAYLOAD), &armour, &err),
	    -1);
	ck_assert_str_eq(armour, "untouched");
	return arena_strdup(&unit_arena, err.text);
}

START_TEST(ssh_keygen_that_cannot_sign_says_why)
	{
		const char *const protect[] = { SSH_KEYGEN, "-q", "-p", "-N",
			"secret", "-f", "key", NULL };
		const char *key = path_of("key");

		ck_assert_ptr_nonnull(
		    strstr(sign_error(SSH_KEYGEN, path_of("none")),
			"No such file or directory"));
		ck_assert_str_eq(sign_error(SSH_KEYGEN, "key"),
		    "'key' is not an absolute path");
		ck_assert_str_eq(sign_error("/nowhere", key),
		    "cannot start '/nowhere': No such file or directory");
		keygen_make("ed25519", NULL, "key");
		ck_assert_int_eq(chmod("key", 0644), 0);
		ck_assert_ptr_nonnull(
		    strstr(sign_error(SSH_KEYGEN, key), "cannot sign with"));
		/* It asks nobody for a passphrase. */
		ck_assert_int_eq(chmod("key", 0600), 0);
		ck_assert_int_eq(keygen_run(protect, NULL, 0).status, 0);
		ck_assert_ptr_nonnull(
		    strstr(sign_error(SSH_KEYGEN, key), "passphrase"));
	}
END_TEST

START_TEST(ssh_keygen_must_have_made_a_signature)
	{
		const char *key = path_of("key");
		const char *armour;
		struct sshsig sig;
		struct err err;

		ck_assert_ptr_nonnull(strstr(sign_error(program("exit 0"), key),
		    "did not make an SSH signature"));
		ck_assert_ptr_nonnull(
		    strstr(sign_error(program("echo \"" SSHSIG_BEGIN
					      "\nAAAA\n" SSHSIG_END "\""),
			       key),
			"does not begin with SSHSIG"));
		keygen_make("ed25519", NULL, "key");
		/* A warning in front of it does not matter. */
		ck_assert_int_eq(
		    sshkeygen_sign(&unit_arena,
			program("echo warning >&2; exec " SSH_KEYGEN " \"$@\""),
			key, PAYLOAD, strlen(PAYLOAD), &armour, &err),
		    0);
		sig = parsed(armour);
		ck_assert_ptr_null(sshsig_verify(&sig, whole, 1));
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sshkeygen");
	TCase *tcase = unit_case_in_dir(suite, "verify");

	tcase_add_loop_test(
	    tcase, ssh_keygen_verifies_what_it_signed, 0, COUNT(made));
	tcase_add_test(tcase, ssh_keygen_verifies_a_tokens_signature);
	tcase_add_loop_test(tcase, ssh_keygen_answers, 0, COUNT(answers));
	tcase_add_test(tcase, ssh_keygen_is_given_files_for_nobody_else);
	tcase_add_test(tcase, ssh_keygen_that_is_missing_is_an_error);
	tcase_add_test(tcase, ssh_keygen_gets_no_odd_key_line);
	tcase = unit_case_in_dir(suite, "sign");
	tcase_add_loop_test(tcase, ssh_keygen_signs, 0, COUNT(made));
	tcase_add_test(tcase, ssh_keygen_that_cannot_sign_says_why);
	tcase_add_test(tcase, ssh_keygen_must_have_made_a_signature);
	return unit_main(suite);
}
