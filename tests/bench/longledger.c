/*
 * A very long ledger in a few minutes: a stream for git fast-import.
 *
 *	longledger REPOSITORY FIRST N | git -C REPOSITORY fast-import
 *
 * Adds, in one commit, all paths that the N pushes from the FIRST-th on would
 * have left in the tree: of each the note of a commit, the record of a new ref,
 * a statement for the gate `tests`, its replay key and the list of its tree.
 * What they hold is the same for all: a look-up or an append about another
 * commit reads trees, and these are as wide and as deep as they would be.
 *
 * REPOSITORY has a ledger already, from which it goes on.  fast-import gets
 * slow when it has seen very many names: a long one takes several runs.
 */
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/exit.h"
#include "base/num.h"
#include "record/ledger.h"

struct names { /* of one record */
	struct arena arena;
	uint64_t n;
};

/* As good as any digest, and the same each time. */
static const char *hex_of(struct names *names, const char *what)
{
	const char *text = arena_printf(
	    &names->arena, "%s %llu", what, (unsigned long long)names->n);

	return sha256_hex40(&names->arena, text, strlen(text));
}

static void put(const char *path)
{
	printf("M 100644 :1 %s\n", path);
}

static void put_record(struct names *names)
{
	struct arena *arena = &names->arena;
	const char *ref = arena_printf(
	    arena, "refs/heads/feature/%llu", (unsigned long long)names->n);
	struct oid commit = { { 0 } };

	(void)oid_parse(hex_of(names, "commit"), &commit);
	put(ledger_note_path(arena, &commit));
	put(ledger_ref_path(arena, ref));
	put(ledger_evidence_path(
	    arena, &commit, "tests", hex_of(names, "statement")));
	put(ledger_path(arena, "seen/", hex_of(names, "key")));
	put(ledger_path(arena, "trees/", hex_of(names, "tree")));
}

static void begin(int64_t at)
{
	static const char text[] = "passages: []\nevidence: []\n";
	static const char message[] = "very many, by alice (bench 0.0.0)\n\n"
				      "Pusher: alice\n"
				      "Push: -\n";

	printf("blob\nmark :1\ndata %zu\n%s\n", strlen(text), text);
	printf("commit " LEDGER_REF "\n"
	       "committer stagegate <stagegate@bench> %lld +0000\n"
	       "data %zu\n%s\nfrom " LEDGER_REF "^0\n",
	    (long long)at, strlen(message), message);
}

/* The time of the ledger's tip: times never decrease. */
static int time_of(const char *path, int64_t *ret, struct err *err)
{
	struct ledger *ledger;
	struct arena arena;
	struct repo *repo;
	int status = -1;

	arena_init(&arena, ARENA_RUN_MAX);
	if (repo_open_path(&arena, path, &repo, err) == 0) {
		status = ledger_open(&arena, repo, &ledger, err);
		if (status == 0)
			*ret = ledger_time(ledger);
		repo_close(repo);
	}
	arena_release(&arena);
	return status;
}

int main(int argc, char **argv)
{
	struct names names;
	struct err err;
	uint64_t first, n;
	int64_t at;

	if (argc != 4 || !str_to_u64(argv[2], UINT32_MAX, &first) ||
	    !str_to_u64(argv[3], UINT32_MAX, &n)) {
		fputs("usage: longledger REPOSITORY FIRST N\n", stderr);
		return EXIT_USAGE;
	}
	if (time_of(argv[1], &at, &err)) {
		fprintf(stderr, "longledger: %s\n", err.text);
		return EXIT_UNDECIDED;
	}
	begin(at);
	for (names.n = first; names.n < first + n; names.n++) {
		arena_init(&names.arena, ARENA_SCRATCH_MAX);
		put_record(&names);
		arena_release(&names.arena);
	}
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : EXIT_UNDECIDED;
}
