/*
 * SSH signatures, as an armour and as what is in one: one that is read lies
 * within its bytes, has a form that its key can make, and is the only spelling
 * of what it says: a byte more is refused.  One
 * that is good for a payload is not good for another.
 */
#include <string.h>

#include "base/sshsig.h"
#include "base/sshwire.h"
#include "fuzz/fuzz.h"

#define PAYLOAD "hello\n"

static void check_members(const struct sshsig *sig)
{
	MUST(strcmp(sig->name_space, SSHSIG_NAMESPACE) == 0);
	MUST(strcmp(sig->hash, "sha256") == 0 ||
	    strcmp(sig->hash, "sha512") == 0);
	MUST(strcmp(sig->type, "ssh-rsa") != 0);
	MUST(sig->signature_len > 0);
	if (sig->key.kind != SSH_KEY_FOREIGN)
		MUST(sig->signature_len == 64 &&
		    strcmp(sig->type, sig->key.type) == 0);
	if (!sig->key.application)
		MUST(!sshsig_touched(sig) && sig->counter == 0);
}

static void check_answers(const struct sshsig *sig)
{
	const struct digest_part parts[] = { { PAYLOAD, strlen(PAYLOAD) },
		{ "more", 4 } };

	MUST(sshsig_verify(sig, parts, 2) != NULL);
	if (sig->key.kind == SSH_KEY_FOREIGN)
		MUST(sshsig_verify(sig, parts, 1) != NULL);
	else
		(void)sshsig_verify(sig, parts, 1);
}

static void check(struct arena *arena, const char *armour, size_t len)
{
	struct sshsig sig, again;
	char *more;

	if (sshsig_parse(arena, armour, len, &sig))
		return;
	MUST(len <= SSHSIG_ARMOUR_MAX && sig.armour_len == len);
	MUST(memcmp(sig.armour, armour, len) == 0);
	check_members(&sig);
	check_answers(&sig);
	more = arena_alloc(arena, len + 1);
	memcpy(more, armour, len);
	for (int c = 0; c < 256; c++) {
		more[len] = (char)c;
		MUST(sshsig_parse(arena, more, len + 1, &again) != NULL ||
		    (c == '\n' && armour[len - 1] != '\n'));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	const char *armour;

	arena_init(&arena, ARENA_RUN_MAX);
	check(&arena, (const char *)data, size);
	if (size > 0) {
		armour = arena_printf(&arena, "%s\n%s\n%s\n", SSHSIG_BEGIN,
		    base64_write(&arena, data, size, true), SSHSIG_END);
		check(&arena, armour, strlen(armour));
	}
	arena_release(&arena);
	return 0;
}
