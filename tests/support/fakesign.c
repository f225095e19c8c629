#include "support/fakesign.h"

#include <sodium.h>
#include <string.h>

#include "base/sshsig.h"
#include "base/text.h"
#include "judge/signer.h"

#define BYTES_MAX ((size_t)1 << 20)
#define LINE 70 /* columns of base64, as ssh-keygen has them */
#define RSA_BYTES 256

struct fake_key {
	bool sk, touched, rsa;
	const char *type, *signature_type;
	unsigned char public[crypto_sign_PUBLICKEYBYTES];
	unsigned char secret[crypto_sign_SECRETKEYBYTES];
};

static struct fake_key key_of(const char *name)
{
	struct fake_key key = { .type = "ssh-ed25519" };
	unsigned char seed[crypto_sign_SEEDBYTES];
	size_t len = strlen(name);

	key.rsa = str_prefix(name, "rsa.");
	key.sk = str_prefix(name, "sk.");
	key.touched = key.sk && name[len - 1] != '!';
	if (key.sk && !key.touched)
		len--;
	if (key.sk)
		key.type = "sk-ssh-ed25519@openssh.com";
	if (key.rsa)
		key.type = "ssh-rsa";
	key.signature_type = key.rsa ? "rsa-sha2-512" : key.type;
	crypto_hash_sha256(seed, (const unsigned char *)name, len);
	crypto_sign_seed_keypair(key.public, key.secret, seed);
	return key;
}

/* ---- RFC 4251 ------------------------------------------------------------ */

static void add_u32(struct buf *buf, size_t n)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_addc(buf, (char)(n >> shift & 0xff));
}

static void add_string(struct buf *buf, const void *p, size_t len)
{
	add_u32(buf, len);
	buf_add(buf, p, len);
}

static void add_text(struct buf *buf, const char *text)
{
	add_string(buf, text, strlen(text));
}

/* A number of RSA_BYTES bytes with its highest bit set, after a zero. */
static void add_modulus(struct buf *buf, const struct fake_key *key)
{
	add_u32(buf, RSA_BYTES + 1);
	buf_addc(buf, 0);
	for (size_t i = 0; i < RSA_BYTES; i++)
		buf_addc(buf,
		    (char)(key->public[i % sizeof(key->public)] |
			(i == 0 ? 0x80 : 0) | (i == RSA_BYTES - 1 ? 1 : 0)));
}

static void add_key(struct buf *buf, const struct fake_key *key)
{
	add_text(buf, key->type);
	if (key->rsa) {
		add_string(buf, "\1\0\1", 3);
		add_modulus(buf, key);
		return;
	}
	add_string(buf, key->public, sizeof(key->public));
	if (key->sk)
		add_text(buf, "ssh:");
}

/* ---- lines --------------------------------------------------------------- */

static char *base64(struct arena *arena, const char *p, size_t len)
{
	size_t max = sodium_base64_ENCODED_LEN(
	    len, sodium_base64_VARIANT_ORIGINAL);
	char *text = arena_alloc(arena, max);

	return sodium_bin2base64(text, max, (const unsigned char *)p, len,
	    sodium_base64_VARIANT_ORIGINAL);
}

const char *fakesign_line(struct arena *arena, const char *name)
{
	const struct fake_key key = key_of(name);
	struct buf blob;

	buf_init(&blob, arena, BYTES_MAX);
	add_key(&blob, &key);
	return arena_printf(
	    arena, "%s %s", key.type, base64(arena, blob.p, blob.len));
}

const char *fakesign_fill(struct arena *arena, const char *text)
{
	static const char mark[] = "%key:";
	const char *at, *end;
	struct buf out;

	buf_init(&out, arena, BYTES_MAX);
	while ((at = strstr(text, mark)) != NULL) {
		end = strchr(at + 1, '%');
		if (!end)
			break;
		buf_add(&out, text, (size_t)(at - text));
		at += strlen(mark);
		buf_adds(&out,
		    fakesign_line(
			arena, arena_strndup(arena, at, (size_t)(end - at))));
		text = end + 1;
	}
	buf_adds(&out, text);
	return out.p;
}

/* ---- signatures ---------------------------------------------------------- */

/* What an Ed25519 key signs: PROTOCOL.sshsig. */
static void add_message(struct buf *buf, const char *payload, size_t len)
{
	unsigned char hash[crypto_hash_sha512_BYTES];

	crypto_hash_sha512(hash, (const unsigned char *)payload, len);
	buf_adds(buf, "SSHSIG");
	add_text(buf, SSHSIG_NAMESPACE);
	add_text(buf, "");
	add_text(buf, "sha512");
	add_string(buf, hash, sizeof(hash));
}

static void add_digest(struct buf *buf, const void *p, size_t len)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, p, len);
	buf_add(buf, hash, sizeof(hash));
}

static void add_ed25519(struct arena *arena, struct buf *buf,
    const struct fake_key *key, const struct buf *message)
{
	unsigned char signature[crypto_sign_BYTES];
	struct buf token;

	buf_init(&token, arena, BYTES_MAX);
	if (key->sk) { /* PROTOCOL.u2f: flags and counter are signed too */
		add_digest(&token, "ssh:", 4);
		buf_addc(&token, key->touched ? 1 : 0);
		add_u32(&token, 7);
		add_digest(&token, message->p, message->len);
		message = &token;
	}
	crypto_sign_detached(signature, NULL, (const unsigned char *)message->p,
	    message->len, key->secret);
	add_string(buf, signature, sizeof(signature));
	if (key->sk) {
		buf_addc(buf, key->touched ? 1 : 0);
		add_u32(buf, 7);
	}
}

/* Of the tables' own making: a digest of key and message, over and over. */
static void add_rsa(
    struct buf *buf, const struct fake_key *key, const struct buf *message)
{
	unsigned char hash[crypto_auth_hmacsha256_BYTES];

	crypto_auth_hmacsha256(
	    hash, (const unsigned char *)message->p, message->len, key->public);
	add_u32(buf, RSA_BYTES);
	for (size_t i = 0; i < RSA_BYTES; i += sizeof(hash))
		buf_add(buf, hash, sizeof(hash));
}

static void add_blob(struct arena *arena, struct buf *blob,
    const struct fake_key *key, const char *payload, size_t len)
{
	struct buf message, part;

	buf_init(&message, arena, BYTES_MAX);
	add_message(&message, payload, len);
	buf_adds(blob, "SSHSIG");
	add_u32(blob, 1);
	buf_init(&part, arena, BYTES_MAX);
	add_key(&part, key);
	add_string(blob, part.p, part.len);
	add_text(blob, SSHSIG_NAMESPACE);
	add_text(blob, "");
	add_text(blob, "sha512");
	buf_init(&part, arena, BYTES_MAX);
	add_text(&part, key->signature_type);
	if (key->rsa)
		add_rsa(&part, key, &message);
	else
		add_ed25519(arena, &part, key, &message);
	add_string(blob, part.p, part.len);
}

const char *fakesign_armour(
    struct arena *arena, const char *name, const char *payload, size_t len)
{
	const struct fake_key key = key_of(name);
	struct buf blob, out;
	const char *text;

	buf_init(&blob, arena, BYTES_MAX);
	add_blob(arena, &blob, &key, payload, len);
	text = base64(arena, blob.p, blob.len);
	buf_init(&out, arena, BYTES_MAX);
	buf_adds(&out, SSHSIG_BEGIN "\n");
	for (size_t i = 0; i < strlen(text); i += LINE)
		buf_addf(&out, "%.*s\n", LINE, text + i);
	buf_adds(&out, SSHSIG_END "\n");
	return out.p;
}

int fakesign_foreign(void *git, struct arena *arena,
    const struct signed_text *text, const struct sshsig *sig, bool *ret_good,
    struct err *err)
{
	struct buf payload, message, want;
	struct fake_key key = { .rsa = true };

	(void)git;
	(void)err;
	buf_init(&payload, arena, BYTES_MAX);
	for (size_t i = 0; i < text->nparts; i++)
		buf_add(&payload, text->payload[i].p, text->payload[i].len);
	buf_init(&message, arena, BYTES_MAX);
	add_message(&message, payload.p, payload.len);
	/* The modulus holds the key, but for the bits that were set in it. */
	memcpy(key.public, sig->key.blob + sig->key.blob_len - 7 * 32,
	    sizeof(key.public));
	buf_init(&want, arena, BYTES_MAX);
	add_rsa(&want, &key, &message);
	*ret_good = sig->signature_len == RSA_BYTES &&
	    memcmp(sig->signature, want.p + 4, RSA_BYTES) == 0;
	return 0;
}
