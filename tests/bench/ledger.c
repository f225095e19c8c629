/*
 * A long ledger in a short time: records pushes that never were.
 *
 *	ledger REPOSITORY STAGE=REF.. <COMMITS
 *
 * COMMITS are object ids, one a line, oldest first.  Each but the first is a
 * push that moved every REF to it from the commit before, recorded as
 * post-receive would; the refs themselves stay where they are.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit.h"
#include "record/append.h"

#define REFS_MAX 8

/* Durability is not what is measured with the result: without it this takes
 * seconds, not minutes.  The library's calls end here too. */
int fsync(int fd)
{
	(void)fd;
	return 0;
}

struct fill {
	struct arena arena;
	struct repo *repo;
	struct plan_ref refs[REFS_MAX];
	size_t nrefs;
	int64_t now;
};

static int append(struct fill *fill, const struct oid *old,
    const struct oid *new, struct err *err)
{
	struct append_update updates[REFS_MAX];
	struct append append = { .pusher = "alice",
		.push = "-",
		.policy_digest = "0123456789012345678901234567890123456789",
		.flow = "bench",
		.version = "0.0.0",
		.policy_text = "flow: bench\n",
		.policy_text_len = strlen("flow: bench\n"),
		.updates = updates,
		.n = fill->nrefs };

	for (size_t i = 0; i < fill->nrefs; i++) {
		fill->refs[i].old = *old;
		fill->refs[i].new = *new;
		fill->refs[i].candidate = *new;
		updates[i] = (struct append_update){ &fill->refs[i],
			PASSAGE_ACCEPTED };
	}
	return ledger_append(
	    &fill->arena, fill->repo, &append, fill->now, NULL, err);
}

static int run(struct fill *fill, const char *path, struct err *err)
{
	char line[OID_HEX + 2];
	struct oid old, new;
	bool first = true;

	while (fgets(line, sizeof(line), stdin)) {
		if (!oid_parse(line, &new))
			return err_set(err, ERR_FORMAT, "not an id: %s", line);
		arena_init(&fill->arena, ARENA_RUN_MAX);
		if (!first &&
		    (repo_open_path(&fill->arena, path, &fill->repo, err) < 0 ||
			append(fill, &old, &new, err) < 0))
			return -1;
		if (!first)
			repo_close(fill->repo);
		arena_release(&fill->arena);
		old = new;
		first = false;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct fill fill = { .now = clock_now() };
	struct err err;

	if (argc < 3 || argc - 2 > REFS_MAX) {
		fputs("usage: ledger REPOSITORY STAGE=REF..\n", stderr);
		return EXIT_USAGE;
	}
	for (int i = 2; i < argc; i++) {
		char *equals = strchr(argv[i], '=');

		if (!equals)
			return EXIT_USAGE;
		*equals = '\0';
		fill.refs[fill.nrefs++] = (struct plan_ref){ .ref = equals + 1,
			.stage = argv[i],
			.kind = TRANSITION_FAST_FORWARD };
	}
	if (run(&fill, argv[1], &err) < 0) {
		fprintf(stderr, "ledger: %s\n", err.text);
		return EXIT_UNDECIDED;
	}
	return 0;
}
