#include "base/digest.h"

#include <sodium.h>
#include <string.h>

static const char *hex_of(
    struct arena *arena, const unsigned char *p, size_t len)
{
	char *hex = arena_alloc(arena, 2 * len + 1);

	return sodium_bin2hex(hex, 2 * len + 1, p, len);
}

const char *sha256_hex(
    struct arena *arena, const struct digest_part *parts, size_t n)
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;

	crypto_hash_sha256_init(&state);
	for (size_t i = 0; i < n; i++)
		if (parts[i].len > 0)
			crypto_hash_sha256_update(
			    &state, parts[i].p, parts[i].len);
	crypto_hash_sha256_final(&state, digest);
	return hex_of(arena, digest, sizeof(digest));
}

const char *sha256_hex40(struct arena *arena, const void *p, size_t len)
{
	const struct digest_part part = { .p = p, .len = len };

	return arena_strndup(arena, sha256_hex(arena, &part, 1), 40);
}

struct sha256 {
	crypto_hash_sha256_state state;
};

struct sha256 *sha256_begin(struct arena *arena)
{
	struct sha256 *sum = ARENA_NEW(arena, struct sha256);

	crypto_hash_sha256_init(&sum->state);
	return sum;
}

void sha256_add(struct sha256 *sum, const void *p, size_t len)
{
	if (len > 0)
		crypto_hash_sha256_update(&sum->state, p, len);
}

const char *sha256_end40(struct arena *arena, struct sha256 *sum)
{
	unsigned char digest[crypto_hash_sha256_BYTES];

	crypto_hash_sha256_final(&sum->state, digest);
	return arena_strndup(arena, hex_of(arena, digest, sizeof(digest)), 40);
}

const char *sha256_words40(
    struct arena *arena, const char *const *words, size_t n)
{
	struct sha256 *sum = sha256_begin(arena);

	for (size_t i = 0; i < n; i++)
		sha256_add(sum, words[i], strlen(words[i]) + 1);
	return sha256_end40(arena, sum);
}

const char *random_hex(struct arena *arena)
{
	unsigned char bytes[16];

	/* Takes getrandom(2); aborts when there is no randomness. */
	randombytes_buf(bytes, sizeof(bytes));
	return hex_of(arena, bytes, sizeof(bytes));
}

const char *hmac_sha256_hex(struct arena *arena, const struct digest_part *key,
    const struct digest_part *text)
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, key->p, key->len);
	crypto_auth_hmacsha256_update(&state, text->p, text->len);
	crypto_auth_hmacsha256_final(&state, mac);
	return hex_of(arena, mac, sizeof(mac));
}
