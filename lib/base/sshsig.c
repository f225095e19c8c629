#include "base/sshsig.h"

#include <sodium.h>
#include <string.h>

#include "base/buf.h"
#include "base/sshwire.h"

#define MAGIC "SSHSIG"
#define VERSION 1
#define RSA_SIGNATURE_MAX (SSH_RSA_BITS_MAX / 8) /* bytes */
#define ECDSA_NUMBER_MAX 66                      /* bytes, of nistp521 */
#define USER_PRESENT 0x01                        /* PROTOCOL.u2f, flags */

static const char too_early[] = "it ends too early";
static const char bad_numbers[] = "its bytes are not a signature of its type";

/* --- reading --------------------------------------------------------------
 */

/* Which key makes which signatures: never any with SHA-1. */
struct sig_type {
	const char *key, *name;
	/* Are the bytes of such a form? */
	bool (*fits)(struct wire bytes);
	bool in_token; /* flags and counter follow */
};

static bool fits_ed25519(struct wire bytes)
{
	return bytes.left == crypto_sign_BYTES;
}

static bool fits_rsa(struct wire bytes)
{
	return bytes.left > 0 && bytes.left <= RSA_SIGNATURE_MAX;
}

/* RFC 5656, section 3.1.2: two numbers. */
static bool fits_ecdsa(struct wire bytes)
{
	struct wire r, s;

	return wire_mpint(&bytes, &r) && wire_mpint(&bytes, &s) &&
	    r.left <= ECDSA_NUMBER_MAX && s.left <= ECDSA_NUMBER_MAX &&
	    bytes.left == 0;
}

static const struct sig_type types[] = {
	{ "ssh-ed25519", "ssh-ed25519", fits_ed25519, false },
	{ "sk-ssh-ed25519@openssh.com", "sk-ssh-ed25519@openssh.com",
	    fits_ed25519, true },
	{ "ssh-rsa", "rsa-sha2-512", fits_rsa, false },
	{ "ssh-rsa", "rsa-sha2-256", fits_rsa, false },
	{ "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", fits_ecdsa, false },
	{ "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384", fits_ecdsa, false },
	{ "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521", fits_ecdsa, false },
	{ "sk-ecdsa-sha2-nistp256@openssh.com",
	    "sk-ecdsa-sha2-nistp256@openssh.com", fits_ecdsa, true },
};

static const struct sig_type *find_type(
    const struct ssh_key *key, const struct wire *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(types[i].key, key->type) == 0 &&
		    wire_is(name, types[i].name))
			return &types[i];
	return NULL;
}

/* The innermost part: what the key itself made. */
static const char *read_signature(
    struct arena *arena, struct wire field, struct sshsig *sig)
{
	const struct sig_type *type;
	struct wire name, bytes;

	if (!wire_string(&field, &name) || !wire_string(&field, &bytes))
		return too_early;
	type = find_type(&sig->key, &name);
	if (!type)
		return arena_printf(arena,
		    "it is of type '%s', which is not taken from a key of "
		    "type '%s'",
		    wire_show(arena, &name), sig->key.type);
	if (!type->fits(bytes))
		return bad_numbers;
	if (type->in_token &&
	    (!wire_u8(&field, &sig->flags) || !wire_u32(&field, &sig->counter)))
		return too_early;
	if (field.left > 0)
		return "something follows the signature's own bytes";
	sig->type = type->name;
	sig->signature = bytes.p;
	sig->signature_len = bytes.left;
	return NULL;
}

static const char *read_key(
    struct arena *arena, const struct wire *field, struct sshsig *sig)
{
	const char *wrong = ssh_key_parse_claim(
	    arena, field->p, field->left, &sig->key);

	return wrong ? arena_printf(arena, "its public key: %s", wrong) : NULL;
}

static const char *read_names(struct arena *arena, const struct wire *space,
    const struct wire *reserved, const struct wire *hash, struct sshsig *sig)
{
	static const char *const hashes[] = { "sha512", "sha256" };

	if (!wire_is(space, SSHSIG_NAMESPACE))
		return arena_printf(arena,
		    "it was made in the namespace '%s', not '%s'",
		    wire_show(arena, space), SSHSIG_NAMESPACE);
	sig->name_space = SSHSIG_NAMESPACE;
	/* Not covered by the signature: anybody could write into it. */
	if (reserved->left > 0)
		return "its reserved field is not empty";
	for (size_t i = 0; i < sizeof(hashes) / sizeof(*hashes); i++)
		if (wire_is(hash, hashes[i]))
			sig->hash = hashes[i];
	if (!sig->hash)
		return arena_printf(arena,
		    "its hash is '%s', neither sha256 nor sha512",
		    wire_show(arena, hash));
	return NULL;
}

static const char *read_blob(
    struct arena *arena, struct wire blob, struct sshsig *sig)
{
	struct wire key, space, reserved, hash, signature;
	const unsigned char *magic;
	const char *wrong;
	uint32_t version;

	if (!wire_bytes(&blob, strlen(MAGIC), &magic) ||
	    memcmp(magic, MAGIC, strlen(MAGIC)) != 0)
		return "it does not begin with " MAGIC;
	if (!wire_u32(&blob, &version))
		return too_early;
	if (version != VERSION)
		return arena_printf(
		    arena, "its version is %u, not 1", (unsigned)version);
	if (!wire_string(&blob, &key) || !wire_string(&blob, &space) ||
	    !wire_string(&blob, &reserved) || !wire_string(&blob, &hash) ||
	    !wire_string(&blob, &signature))
		return too_early;
	if (blob.left > 0)
		return "something follows its last field";
	wrong = read_key(arena, &key, sig);
	if (!wrong)
		wrong = read_names(arena, &space, &reserved, &hash, sig);
	return wrong ? wrong : read_signature(arena, signature, sig);
}

/* Takes the armour away; NULL and the base64 without its line breaks. */
static const char *strip(
    struct arena *arena, const char *armour, size_t len, struct buf *ret)
{
	static const char begin[] = SSHSIG_BEGIN "\n", end[] = "\n" SSHSIG_END;
	size_t begin_len = strlen(begin), end_len = strlen(end);
	const char *p, *stop;

	if (len < begin_len || memcmp(armour, begin, begin_len) != 0)
		return "it does not begin with the line '" SSHSIG_BEGIN "'";
	p = armour + begin_len;
	/* The line break before the end may be the one after the beginning. */
	stop = memmem(p - 1, len - begin_len + 1, end, end_len);
	if (!stop)
		return "it has no line '" SSHSIG_END "'";
	len -= (size_t)(stop - armour) + end_len;
	if (len > 1 || (len == 1 && stop[end_len] != '\n'))
		return "something follows its last line";
	buf_init(ret, arena, SSHSIG_ARMOUR_MAX);
	while (p < stop + 1) {
		const char *line_end = memchr(p, '\n', (size_t)(stop + 1 - p));

		if (line_end == p)
			return "it has an empty line";
		buf_add(ret, p, (size_t)(line_end - p));
		p = line_end + 1;
	}
	return NULL;
}

const char *sshsig_parse(
    struct arena *arena, const char *armour, size_t len, struct sshsig *ret)
{
	struct sshsig sig = { .name_space = NULL };
	const char *wrong;
	struct buf base64;
	struct wire blob;

	if (len > SSHSIG_ARMOUR_MAX)
		return "it is longer than 8192 bytes";
	wrong = strip(arena, armour, len, &base64);
	if (wrong)
		return wrong;
	if (!base64_read(arena, base64.p, base64.len, &blob))
		return "what is between its first and last line is not base64";
	wrong = read_blob(arena, blob, &sig);
	if (wrong)
		return wrong;
	sig.armour = arena_strndup(arena, armour, len);
	sig.armour_len = len;
	*ret = sig;
	return NULL;
}

/* --- verifying ------------------------------------------------------------
 */

/* MAGIC, three strings of at most 6 bytes, a digest of at most 64. */
#define SIGNED_MAX 128 /* bytes */

struct signed_data {
	unsigned char bytes[SIGNED_MAX];
	size_t len;
};

static void put(struct signed_data *data, const void *p, size_t len)
{
	memcpy(data->bytes + data->len, p, len);
	data->len += len;
}

static void put_string(struct signed_data *data, const void *p, size_t len)
{
	const unsigned char prefix[] = { 0, 0, 0, (unsigned char)len };

	put(data, prefix, sizeof(prefix));
	put(data, p, len);
}

static size_t hash_payload(const char *name, const struct digest_part *parts,
    size_t n, unsigned char *digest)
{
	crypto_hash_sha512_state wide;
	crypto_hash_sha256_state narrow;
	bool is_wide = strcmp(name, "sha512") == 0;

	crypto_hash_sha512_init(&wide);
	crypto_hash_sha256_init(&narrow);
	for (size_t i = 0; i < n; i++) {
		if (parts[i].len == 0)
			continue;
		if (is_wide)
			crypto_hash_sha512_update(
			    &wide, parts[i].p, parts[i].len);
		else
			crypto_hash_sha256_update(
			    &narrow, parts[i].p, parts[i].len);
	}
	if (!is_wide) {
		crypto_hash_sha256_final(&narrow, digest);
		return crypto_hash_sha256_BYTES;
	}
	crypto_hash_sha512_final(&wide, digest);
	return crypto_hash_sha512_BYTES;
}

/* PROTOCOL.sshsig, section 3. */
static void signed_by_all(const struct sshsig *sig,
    const struct digest_part *payload, size_t n, struct signed_data *data)
{
	unsigned char digest[crypto_hash_sha512_BYTES];
	size_t len = hash_payload(sig->hash, payload, n, digest);

	data->len = 0;
	put(data, MAGIC, strlen(MAGIC));
	put_string(data, SSHSIG_NAMESPACE, strlen(SSHSIG_NAMESPACE));
	put_string(data, "", 0);
	put_string(data, sig->hash, strlen(sig->hash));
	put_string(data, digest, len);
}

/* PROTOCOL.u2f, "SSH U2F signatures": what a token signs instead. */
static void signed_by_token(const struct sshsig *sig, struct signed_data *data)
{
	unsigned char application[crypto_hash_sha256_BYTES];
	unsigned char message[crypto_hash_sha256_BYTES];
	const unsigned char rest[] = { sig->flags,
		(unsigned char)(sig->counter >> 24),
		(unsigned char)(sig->counter >> 16),
		(unsigned char)(sig->counter >> 8),
		(unsigned char)sig->counter };

	crypto_hash_sha256(application,
	    (const unsigned char *)sig->key.application,
	    strlen(sig->key.application));
	crypto_hash_sha256(message, data->bytes, data->len);
	data->len = 0;
	put(data, application, sizeof(application));
	put(data, rest, sizeof(rest));
	put(data, message, sizeof(message));
}

const char *sshsig_verify(
    const struct sshsig *sig, const struct digest_part *payload, size_t n)
{
	struct signed_data data;

	if (sig->key.kind == SSH_KEY_FOREIGN)
		return "its type of key is ssh-keygen's to verify";
	if (sig->signature_len != crypto_sign_BYTES)
		return bad_numbers;
	signed_by_all(sig, payload, n, &data);
	if (sig->key.kind == SSH_KEY_SK_ED25519)
		signed_by_token(sig, &data);
	if (crypto_sign_verify_detached(
		sig->signature, data.bytes, data.len, sig->key.point) != 0)
		return "it is not of this key for these bytes";
	return NULL;
}

bool sshsig_touched(const struct sshsig *sig)
{
	return sig->key.application && (sig->flags & USER_PRESENT);
}
