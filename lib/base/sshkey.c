#include "base/sshkey.h"

#include <sodium.h>
#include <string.h>

#include "base/sshwire.h"
#include "base/text.h"

#define RSA_EXPONENT_MAX 8u /* bytes */
#define UNCOMPRESSED 0x04   /* SEC 1, section 2.3.3 */

static const char too_early[] = "it ends too early";

struct key_type {
	const char *name;
	enum ssh_key_kind kind;
	/* Reads what follows the type: NULL, or what is wrong. */
	const char *(*read)(struct wire *blob, const struct key_type *type,
	    struct ssh_key *key);
	const char *curve; /* of ECDSA */
	size_t point_len;  /* bytes */
	bool in_token;     /* an application follows */
};

static const char *read_ed25519(
    struct wire *blob, const struct key_type *type, struct ssh_key *key)
{
	struct wire point;

	if (!wire_string(blob, &point))
		return too_early;
	if (point.left != type->point_len)
		return "its point is not of 32 bytes";
	key->point = point.p;
	return NULL;
}

static size_t bits_of(const struct wire *number)
{
	size_t bits = 8 * number->left;

	for (unsigned mask = 0x80; mask && !(number->p[0] & mask); mask >>= 1)
		bits--;
	return bits;
}

static bool is_odd(const struct wire *number)
{
	return number->p[number->left - 1] & 1;
}

static const char *read_rsa(
    struct wire *blob, const struct key_type *type, struct ssh_key *key)
{
	struct wire exponent, modulus;
	size_t bits;

	(void)type;
	(void)key;
	if (!wire_mpint(blob, &exponent) || !wire_mpint(blob, &modulus))
		return "it ends too early, or a number is negative or has "
		       "superfluous zeros";
	if (exponent.left > RSA_EXPONENT_MAX || !is_odd(&exponent) ||
	    (exponent.left == 1 && exponent.p[0] < 3))
		return "its exponent is not one of RSA";
	bits = bits_of(&modulus);
	if (bits < SSH_RSA_BITS_MIN)
		return "it is an RSA key of less than 2048 bits";
	if (bits > SSH_RSA_BITS_MAX)
		return "it is an RSA key of more than 16384 bits";
	return is_odd(&modulus) ? NULL : "its modulus is not one of RSA";
}

static const char *read_ecdsa(
    struct wire *blob, const struct key_type *type, struct ssh_key *key)
{
	struct wire curve, point;

	(void)key;
	if (!wire_string(blob, &curve) || !wire_string(blob, &point))
		return too_early;
	if (!wire_is(&curve, type->curve))
		return "its curve is not the one of its type";
	if (point.left != type->point_len || point.p[0] != UNCOMPRESSED)
		return "its point is not an uncompressed one of its curve";
	return NULL;
}

static const struct key_type types[] = {
	{ "ssh-ed25519", SSH_KEY_ED25519, read_ed25519, NULL, SSH_ED25519_POINT,
	    false },
	{ "sk-ssh-ed25519@openssh.com", SSH_KEY_SK_ED25519, read_ed25519, NULL,
	    SSH_ED25519_POINT, true },
	{ "ssh-rsa", SSH_KEY_FOREIGN, read_rsa, NULL, 0, false },
	{ "ecdsa-sha2-nistp256", SSH_KEY_FOREIGN, read_ecdsa, "nistp256", 65,
	    false },
	{ "ecdsa-sha2-nistp384", SSH_KEY_FOREIGN, read_ecdsa, "nistp384", 97,
	    false },
	{ "ecdsa-sha2-nistp521", SSH_KEY_FOREIGN, read_ecdsa, "nistp521", 133,
	    false },
	{ "sk-ecdsa-sha2-nistp256@openssh.com", SSH_KEY_FOREIGN, read_ecdsa,
	    "nistp256", 65, true },
};

static bool ends_with(const struct wire *name, const char *end)
{
	size_t len = strlen(end);

	return name->left >= len &&
	    memcmp(name->p + name->left - len, end, len) == 0;
}

static const char *find_type(
    struct arena *arena, const struct wire *name, const struct key_type **ret)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (wire_is(name, types[i].name)) {
			*ret = &types[i];
			return NULL;
		}
	}
	if (wire_is(name, "ssh-dss"))
		return "DSA keys (ssh-dss) are not taken, they are too short";
	if (ends_with(name, "-cert-v01@openssh.com"))
		return "certificates are not taken, give the key itself";
	return arena_printf(arena, "'%s' is no type of key that is taken",
	    wire_show(arena, name));
}

/* What a token's keys were made for.  It is hashed as it is, so a NUL or what
 * cannot be seen would make two applications look the same. */
static const char *read_application(
    struct arena *arena, struct wire *blob, struct ssh_key *key)
{
	struct wire application;

	if (!wire_string(blob, &application))
		return too_early;
	for (size_t i = 0; i < application.left; i++)
		if (application.p[i] <= ' ' || application.p[i] >= 0x7f)
			return "its application is not printable ASCII";
	if (application.left == 0)
		return "its application is empty";
	key->application = arena_strndup(
	    arena, (const char *)application.p, application.left);
	return NULL;
}

static const char *fingerprint_of(
    struct arena *arena, const struct ssh_key *key)
{
	unsigned char digest[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(digest, key->blob, key->blob_len);
	return arena_printf(arena, "SHA256:%s",
	    base64_write(arena, digest, sizeof(digest), false));
}

const char *ssh_key_parse_claim(struct arena *arena, const unsigned char *blob,
    size_t len, struct ssh_key *ret)
{
	struct ssh_key key = { .blob_len = len };
	const struct key_type *type;
	struct wire rest, name;
	const char *wrong;

	if (len > SSH_KEY_BLOB_MAX)
		return "it is longer than 4096 bytes";
	key.blob = (const unsigned char *)arena_strndup(
	    arena, (const char *)blob, len);
	rest = (struct wire){ .p = key.blob, .left = len };
	if (!wire_string(&rest, &name))
		return too_early;
	wrong = find_type(arena, &name, &type);
	if (!wrong)
		wrong = type->read(&rest, type, &key);
	if (!wrong && type->in_token)
		wrong = read_application(arena, &rest, &key);
	if (wrong)
		return wrong;
	if (rest.left > 0)
		return "something follows its end";
	key.kind = type->kind;
	key.type = type->name;
	key.line = arena_printf(arena, "%s %s", type->name,
	    base64_write(arena, key.blob, len, true));
	key.fingerprint = fingerprint_of(arena, &key);
	*ret = key;
	return NULL;
}

const char *ssh_key_parse_blob(struct arena *arena, const unsigned char *blob,
    size_t len, struct ssh_key *ret)
{
	struct ssh_key key;
	const char *wrong = ssh_key_parse_claim(arena, blob, len, &key);

	if (wrong)
		return wrong;
	if (key.point && !crypto_core_ed25519_is_valid_point(key.point))
		return "its 32 bytes are not a point of Ed25519's group "
		       "(of small order, not canonical or not on the curve)";
	*ret = key;
	return NULL;
}

/* The next word of a line; empty at its end. */
static struct wire take_word(const char **line)
{
	const char *word = *line + strspn(*line, " ");
	size_t len = strcspn(word, " ");

	*line = word + len;
	return (struct wire){ .p = (const unsigned char *)word, .left = len };
}

static bool has_control(const char *line)
{
	for (; *line; line++)
		if ((unsigned char)*line < ' ' || *line == 0x7f)
			return true;
	return false;
}

const char *ssh_key_parse(
    struct arena *arena, const char *line, struct ssh_key *ret)
{
	const struct key_type *type;
	struct wire name, base64, blob;
	struct ssh_key key;
	const char *wrong;

	if (strlen(line) > SSH_KEY_LINE_MAX)
		return "it is longer than 8192 bytes";
	if (has_control(line))
		return "it holds a control character";
	name = take_word(&line);
	wrong = find_type(arena, &name, &type);
	if (wrong)
		return wrong;
	base64 = take_word(&line);
	if (!base64_read(arena, (const char *)base64.p, base64.left, &blob))
		return "what follows its type is not base64";
	wrong = ssh_key_parse_blob(arena, blob.p, blob.left, &key);
	if (wrong)
		return wrong;
	if (strcmp(key.type, type->name) != 0)
		return arena_printf(arena,
		    "it says '%s', but is a key of type '%s'", type->name,
		    key.type);
	*ret = key;
	return NULL;
}

bool ssh_key_eq(const struct ssh_key *a, const struct ssh_key *b)
{
	return a->blob_len == b->blob_len &&
	    memcmp(a->blob, b->blob, a->blob_len) == 0;
}
