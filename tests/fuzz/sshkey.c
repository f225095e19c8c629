/*
 * Public keys, as a line and as a blob: one that is taken has one spelling,
 * which reads as the same key, and its line holds nothing that a file of
 * allowed signers would take for something else.
 */
#include <string.h>

#include "base/sshkey.h"
#include "fuzz/fuzz.h"

static void check(struct arena *arena, const struct ssh_key *key)
{
	size_t type = strlen(key->type);
	struct ssh_key again;

	MUST(strncmp(key->line, key->type, type) == 0);
	MUST(key->line[type] == ' ');
	MUST(!strpbrk(key->line + type + 1, " \t\r\n\"#,"));
	MUST(strncmp(key->fingerprint, "SHA256:", 7) == 0);
	MUST(strlen(key->fingerprint) == 7 + 43);
	MUST(key->blob_len <= SSH_KEY_BLOB_MAX);
	MUST((key->point == NULL) == (key->kind == SSH_KEY_FOREIGN));
	if (key->point)
		MUST(key->point >= key->blob &&
		    key->point + SSH_ED25519_POINT <=
			key->blob + key->blob_len);
	MUST(ssh_key_parse(arena, key->line, &again) == NULL);
	MUST(ssh_key_eq(key, &again));
	MUST(strcmp(key->line, again.line) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ssh_key key, claim;
	struct arena arena;

	arena_init(&arena, ARENA_RUN_MAX);
	if (!ssh_key_parse(&arena, fuzz_text(&arena, data, size), &key))
		check(&arena, &key);
	if (!ssh_key_parse_blob(&arena, data, size, &key)) {
		check(&arena, &key);
		MUST(key.blob_len == size);
		MUST(memcmp(key.blob, data, size) == 0);
		MUST(!ssh_key_parse_claim(&arena, data, size, &claim));
	}
	arena_release(&arena);
	return 0;
}
