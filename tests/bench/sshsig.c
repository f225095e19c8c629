/*
 * Verifies one SSH signature many times, as a push of so many signed commits
 * does: it is read, its key is found to be the one given, and it is verified.
 *
 *	sshsig N KEY.pub SIGNATURE <PAYLOAD
 */
#include <stdio.h>
#include <string.h>

#include "base/exit.h"
#include "base/file.h"
#include "base/num.h"
#include "base/sshsig.h"

#define TIMES_MAX 1000000
#define PAYLOAD_MAX ((size_t)1 << 20) /* bytes */

struct input {
	struct ssh_key key;
	char *armour;
	size_t len;
	struct digest_part payload;
};

static const char *read_input(
    struct arena *arena, char **argv, struct input *ret, struct err *err)
{
	const char *wrong;
	char *line, *payload;
	size_t len;

	if (file_read(arena, argv[2], SSH_KEY_LINE_MAX, &line, &len, err) < 0 ||
	    file_read(arena, argv[3], SSHSIG_ARMOUR_MAX, &ret->armour,
		&ret->len, err) < 0 ||
	    fd_read(arena, 0, PAYLOAD_MAX, &payload, &len, err) < 0)
		return err->text;
	line[strcspn(line, "\n")] = '\0';
	wrong = ssh_key_parse(arena, line, &ret->key);
	ret->payload = (struct digest_part){ payload, len };
	return wrong;
}

static const char *verify(struct arena *arena, const struct input *input)
{
	struct sshsig sig;
	const char *wrong = sshsig_parse(
	    arena, input->armour, input->len, &sig);

	if (!wrong && !ssh_key_eq(&sig.key, &input->key))
		wrong = "another key";
	return wrong ? wrong : sshsig_verify(&sig, &input->payload, 1);
}

int main(int argc, char **argv)
{
	struct arena arena, scratch;
	struct input input;
	const char *wrong;
	struct err err;
	uint64_t n;

	if (argc != 4 || !str_to_u64(argv[1], TIMES_MAX, &n))
		return EXIT_USAGE;
	arena_init(&arena, ARENA_RUN_MAX);
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	wrong = read_input(&arena, argv, &input, &err);
	for (uint64_t i = 0; !wrong && i < n; i++) {
		arena_reset(&scratch);
		wrong = verify(&scratch, &input);
	}
	if (wrong)
		fprintf(stderr, "sshsig: %s\n", wrong);
	arena_release(&scratch);
	arena_release(&arena);
	return wrong ? EXIT_UNDECIDED : 0;
}
