#include "support/sshblob.h"

#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sshsig.h"
#include "base/sshwire.h"
#include "support/unit.h"

#define BLOB_MAX ((size_t)1 << 20) /* bytes */
#define LINE 70                    /* base64 digits, as ssh-keygen does */
#define TIMEOUT_MS 30000

void blob_u8(struct buf *blob, unsigned value)
{
	buf_addc(blob, (char)value);
}

void blob_u32(struct buf *blob, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		blob_u8(blob, value >> shift & 0xff);
}

void blob_string(struct buf *blob, const void *p, size_t len)
{
	blob_u32(blob, (uint32_t)len);
	buf_add(blob, p, len);
}

void blob_cstring(struct buf *blob, const char *s)
{
	blob_string(blob, s, strlen(s));
}

const char *blob_line(const char *type, const struct buf *blob)
{
	return arena_printf(&unit_arena, "%s %s", type,
	    base64_write(&unit_arena, blob->p, blob->len, true));
}

const char *blob_armour(const void *p, size_t len)
{
	const char *base64 = base64_write(&unit_arena, p, len, true);
	struct buf armour;

	buf_init(&armour, &unit_arena, BLOB_MAX);
	buf_adds(&armour, SSHSIG_BEGIN "\n");
	for (size_t left = strlen(base64); left > 0;) {
		size_t n = left < LINE ? left : LINE;

		buf_add(&armour, base64, n);
		buf_addc(&armour, '\n');
		base64 += n;
		left -= n;
	}
	buf_adds(&armour, SSHSIG_END "\n");
	return armour.p;
}

const unsigned char *blob_of_armour(const char *armour, size_t *ret_len)
{
	const char *p = strchr(armour, '\n') + 1, *end = strstr(p, "-----END");
	struct wire blob;
	struct buf base64;

	buf_init(&base64, &unit_arena, BLOB_MAX);
	for (; p < end; p++)
		if (*p != '\n')
			buf_addc(&base64, *p);
	ck_assert(base64_read(&unit_arena, base64.p, base64.len, &blob));
	*ret_len = blob.left;
	return blob.p;
}

/* --- ssh-keygen -----------------------------------------------------------
 */

struct process_result keygen_run(
    const char *const *argv, const void *input, size_t len)
{
	const struct process process = { .argv = argv,
		.input = input,
		.input_len = len,
		.output_max = BLOB_MAX,
		.timeout_ms = TIMEOUT_MS };
	struct process_result result;
	struct err err;

	ck_assert_msg(process_run(&unit_arena, &process, &result, &err) == 0,
	    "%s", err.text);
	ck_assert(!result.timed_out);
	return result;
}

const char *keygen_make(const char *type, const char *bits, const char *name)
{
	const char *const argv[] = { SSH_KEYGEN, "-q", "-t", type, "-N", "",
		"-C", "a comment", "-f", name, bits ? "-b" : NULL, bits, NULL };
	char *line;
	struct err err;
	size_t len;

	ck_assert_int_eq(keygen_run(argv, NULL, 0).status, 0);
	ck_assert_int_eq(
	    file_read(&unit_arena, arena_printf(&unit_arena, "%s.pub", name),
		BLOB_MAX, &line, &len, &err),
	    0);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

const char *keygen_sign(const char *name, const char *name_space,
    const char *hash, const char *payload)
{
	const char *const argv[] = { SSH_KEYGEN, "-q", "-Y", "sign", "-n",
		name_space, "-O", arena_printf(&unit_arena, "hashalg=%s", hash),
		"-f", name, NULL };
	struct process_result result = keygen_run(
	    argv, payload, strlen(payload));

	ck_assert_int_eq(result.status, 0);
	return result.output;
}

/* Not file_replace: thousands of fsyncs take their time. */
static void put_file(const char *name, const void *p, size_t len)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, p, len), (ssize_t)len);
	close(fd);
}

bool keygen_verifies(const char *key_line, const void *armour, size_t len,
    const void *payload, size_t payload_len)
{
	static const char *const argv[] = { SSH_KEYGEN, "-q", "-Y", "verify",
		"-n", "git", "-I", "somebody", "-f", "their.signers", "-s",
		"their.sig", NULL };
	const char *signers = arena_printf(
	    &unit_arena, "somebody namespaces=\"git\" %s\n", key_line);

	put_file("their.signers", signers, strlen(signers));
	put_file("their.sig", armour, len);
	return keygen_run(argv, payload, payload_len).status == 0;
}

/* --- by hand --------------------------------------------------------------
 */

struct pair {
	unsigned char public[crypto_sign_PUBLICKEYBYTES];
	unsigned char secret[crypto_sign_SECRETKEYBYTES];
};

static const char * or (const char *given, const char *usual)
{
	return given ? given : usual;
}

static const char *type_of(const struct forgery *f)
{
	return f->token ? "sk-ssh-ed25519@openssh.com" : "ssh-ed25519";
}

static void make_pair(const struct forgery *f, struct pair *pair)
{
	unsigned char seed[crypto_sign_SEEDBYTES] = { f->seed };

	crypto_sign_seed_keypair(pair->public, pair->secret, seed);
	if (f->small_order) {
		memset(pair->public, 0, sizeof(pair->public));
		pair->public[0] = 1;
	}
}

static void key_blob(
    const struct forgery *f, const struct pair *pair, struct buf *blob)
{
	buf_init(blob, &unit_arena, BLOB_MAX);
	blob_cstring(blob, or (f->said_key_type, type_of(f)));
	blob_string(blob, pair->public, sizeof(pair->public));
	if (f->token)
		blob_cstring(blob, or (f->application, "ssh:"));
	buf_adds(blob, or (f->after_key, ""));
}

const char *forge_key_line(const struct forgery *f)
{
	struct pair pair;
	struct buf blob;

	make_pair(f, &pair);
	key_blob(f, &pair, &blob);
	return blob_line(type_of(f), &blob);
}

static unsigned flags_of(const struct forgery *f)
{
	return f->flags == FLAGS_0 ? 0 : f->flags ? f->flags : 1;
}

/* The bytes that are signed. */
static void message(
    const struct forgery *f, const char *payload, struct buf *blob)
{
	unsigned char digest[crypto_hash_sha512_BYTES];
	const unsigned char *p = (const unsigned char *)payload;
	bool narrow = strcmp(or (f->hash, "sha512"), "sha256") == 0;

	if (narrow)
		crypto_hash_sha256(digest, p, strlen(payload));
	else
		crypto_hash_sha512(digest, p, strlen(payload));
	buf_init(blob, &unit_arena, BLOB_MAX);
	buf_adds(blob, "SSHSIG");
	blob_cstring(blob, or (f->name_space, "git"));
	blob_cstring(blob, "");
	blob_cstring(blob, or (f->hash, "sha512"));
	blob_string(blob, digest, narrow ? 32 : 64);
}

/* The same as a token does it. */
static void token_message(const struct forgery *f, struct buf *blob)
{
	const char *application = or (f->application, "ssh:");
	unsigned char digest[2][crypto_hash_sha256_BYTES];

	crypto_hash_sha256(
	    digest[0], (const unsigned char *)application, strlen(application));
	crypto_hash_sha256(
	    digest[1], (const unsigned char *)blob->p, blob->len);
	buf_init(blob, &unit_arena, BLOB_MAX);
	buf_add(blob, digest[0], sizeof(digest[0]));
	blob_u8(blob, flags_of(f));
	blob_u32(blob, f->counter);
	buf_add(blob, digest[1], sizeof(digest[1]));
}

/* Adds the order of the group to S, which is the same number to a verifier
 * that reduces it. */
static void add_order(unsigned char *s)
{
	static const unsigned char order[] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a,
		0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
		0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10 };

	sodium_add(s, order, sizeof(order));
}

static void sign(const struct forgery *f, const struct pair *pair,
    const struct buf *blob, unsigned char *bytes)
{
	if (f->small_order) {
		memset(bytes, 0, crypto_sign_BYTES);
		bytes[0] = 1;
		return;
	}
	crypto_sign_detached(bytes, NULL, (const unsigned char *)blob->p,
	    blob->len, pair->secret);
	if (f->sum_not_reduced)
		add_order(bytes + 32);
}

static void signature_blob(const struct forgery *f, const struct pair *pair,
    const char *payload, struct buf *blob)
{
	unsigned char bytes[crypto_sign_BYTES];
	struct buf signed_data;

	message(f, payload, &signed_data);
	if (f->token)
		token_message(f, &signed_data);
	sign(f, pair, &signed_data, bytes);
	buf_init(blob, &unit_arena, BLOB_MAX);
	blob_cstring(blob, or (f->sig_type, type_of(f)));
	blob_string(blob, bytes, sizeof(bytes) - f->drop);
	buf_adds(blob, or (f->after_bytes, ""));
	if (f->token) {
		blob_u8(blob, flags_of(f));
		blob_u32(blob, f->counter);
	}
	buf_adds(blob, or (f->after_signature, ""));
}

const char *forge(const struct forgery *f, const char *payload)
{
	const char *said = or (f->said_space, or (f->name_space, "git"));
	struct buf blob, part;
	struct pair pair;

	make_pair(f, &pair);
	buf_init(&blob, &unit_arena, BLOB_MAX);
	buf_adds(&blob, or (f->magic, "SSHSIG"));
	blob_u32(&blob,
	    f->version == VERSION_0 ? 0
		: f->version        ? f->version
				    : 1);
	key_blob(f, &pair, &part);
	blob_string(&blob, part.p, part.len);
	blob_string(
	    &blob, said, f->said_space_len ? f->said_space_len : strlen(said));
	blob_cstring(&blob, or (f->reserved, ""));
	blob_cstring(&blob, or (f->hash, "sha512"));
	signature_blob(f, &pair, payload, &part);
	blob_string(&blob, part.p, part.len);
	buf_adds(&blob, or (f->after_all, ""));
	return blob_armour(blob.p, blob.len);
}
