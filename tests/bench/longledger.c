/*
 * A very long ledger in a few minutes: a stream for git fast-import.
 *
 *	longledger REPOSITORY N | git -C REPOSITORY fast-import
 *
 * Adds N records of commits that never were, each the tip of a new ref of the
 * stage `development`, with a statement of its own for the gate `tests`.  The
 * tree is what N pushes would have left, and what a look-up or an append reads;
 * of history there are only commits of BATCH records, which names the first few
 * of them.  REPOSITORY has a ledger already, from which it goes on.
 */
#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/exit.h"
#include "base/num.h"
#include "record/entryfile.h"

#define BATCH 50000u /* records of a commit */
#define NAMED 1000u  /* of them in its message */
#define POLICY "0123456789012345678901234567890123456789"
#define TEXT_MAX 1024

struct stream {
	struct arena arena; /* of one record or message */
	int64_t at;
};

/* As good as any digest, and the same each time. */
static const char *hex_of(struct arena *arena, const char *what, uint64_t n)
{
	const char *text = arena_printf(
	    arena, "%s %llu", what, (unsigned long long)n);

	return sha256_hex40(arena, text, strlen(text));
}

static struct oid oid_of(struct arena *arena, const char *what, uint64_t n)
{
	struct oid oid = { { 0 } };

	(void)oid_parse(hex_of(arena, what, n), &oid);
	return oid;
}

static void put(const char *path, const char *bytes, size_t len)
{
	printf("M 100644 inline %s\ndata %zu\n", path, len);
	(void)fwrite(bytes, 1, len, stdout);
	(void)putchar('\n');
}

static int put_record(
    struct stream *s, const char *ref, const struct oid *tip, struct err *err)
{
	struct ref_record record = { .ref = ref,
		.stage = "development",
		.by = "alice",
		.tip = *tip,
		.at = s->at,
		.number = 1,
		.kind = TRANSITION_CREATE,
		.state = PASSAGE_ACCEPTED };
	const char *bytes;
	size_t len;

	if (ref_record_format(&s->arena, &record, &bytes, &len, err))
		return -1;
	put(ledger_ref_path(&s->arena, ref), bytes, len);
	return 0;
}

static int put_note(struct stream *s, const char *ref, const struct oid *tip,
    const char *digest, struct err *err)
{
	struct note_passage passage = { .stage = "development",
		.ref = ref,
		.by = "alice",
		.at = s->at,
		.number = 1,
		.state = PASSAGE_ACCEPTED };
	struct note_evidence evidence = { .gate = "tests",
		.by = "ci-bot",
		.digest = digest,
		.result = EVIDENCE_PASS,
		.at = s->at };
	struct note_text note;
	const char *bytes;
	size_t len;

	note_begin(&note, &s->arena, NOTE_EMPTY, strlen(NOTE_EMPTY));
	note_add_passage(&note, &passage, NULL, 0);
	note_add_evidence(&note, &evidence);
	if (note_end(&note, &bytes, &len, err))
		return -1;
	put(ledger_note_path(&s->arena, tip), bytes, len);
	return 0;
}

static int put_tree(struct stream *s, const struct oid *tip, const char *digest,
    uint64_t n, struct err *err)
{
	struct tree_statement statement = { "tests", digest, "ci-bot", *tip };
	struct note_text list;
	const char *bytes;
	size_t len;

	note_begin(&list, &s->arena, TREE_EMPTY, strlen(TREE_EMPTY));
	tree_add_statement(&list, &statement);
	if (note_end(&list, &bytes, &len, err))
		return -1;
	put(ledger_path(&s->arena, "trees/", hex_of(&s->arena, "tree", n)),
	    bytes, len);
	return 0;
}

static void put_statement(
    struct stream *s, const struct oid *tip, const char *digest, uint64_t n)
{
	const char *tag = arena_printf(&s->arena,
	    "object %s\ntype commit\ntag evidence/tests/%s\n"
	    "tagger CI <ci@example.com> %lld +0000\n\n"
	    "evidence: 1\ngate: tests\nresult: pass\n",
	    oid_hex(tip).s, oid_hex(tip).s, (long long)s->at);
	const char *line = arena_printf(&s->arena, "%s\n", digest);

	put(ledger_evidence_path(&s->arena, tip, "tests", digest), tag,
	    strlen(tag));
	put(ledger_path(&s->arena, "seen/", hex_of(&s->arena, "key", n)), line,
	    strlen(line));
}

static const char *ref_of(struct arena *arena, uint64_t n)
{
	return arena_printf(
	    arena, "refs/heads/feature/%07llu", (unsigned long long)n);
}

static int put_all(struct stream *s, uint64_t n, struct err *err)
{
	const char *ref = ref_of(&s->arena, n);
	const char *digest = hex_of(&s->arena, "statement", n);
	struct oid tip = oid_of(&s->arena, "commit", n);

	if (put_record(s, ref, &tip, err) ||
	    put_note(s, ref, &tip, digest, err) ||
	    put_tree(s, &tip, digest, n, err))
		return -1;
	put_statement(s, &tip, digest, n);
	return 0;
}

static void put_commit(struct stream *s, uint64_t first, uint64_t end)
{
	struct buf buf;
	uint64_t named = end - first < NAMED ? end : first + NAMED;

	buf_init(&buf, &s->arena, (size_t)NAMED * TEXT_MAX);
	buf_adds(&buf,
	    "feature/0000000 and more by alice (bench 0.0.0)\n\n"
	    "Pusher: alice\n");
	for (uint64_t n = first; n < named; n++)
		buf_addf(&buf,
		    "Update: %040d %s %s development create "
		    "accepted\n",
		    0, hex_of(&s->arena, "commit", n), ref_of(&s->arena, n));
	for (uint64_t n = first; n < named; n++)
		buf_addf(&buf, "Evidence: %s tests %s ci-bot pass\n",
		    hex_of(&s->arena, "statement", n),
		    hex_of(&s->arena, "commit", n));
	buf_addf(&buf, "Policy: " POLICY " bench 0.0.0\nPush: %.32s\n",
	    hex_of(&s->arena, "push", first));
	printf("commit " LEDGER_REF "\n"
	       "committer stagegate <stagegate@bench> %lld +0000\n"
	       "data %zu\n%s\n",
	    (long long)s->at, buf.len, buf.p);
	if (first == 0)
		printf("from " LEDGER_REF "^0\n");
}

static int run(struct stream *s, uint64_t total, struct err *err)
{
	int status = 0;

	for (uint64_t n = 0; n < total && status == 0; n++) {
		arena_init(&s->arena, ARENA_RUN_MAX);
		if (n % BATCH == 0)
			put_commit(s, n, total - n < BATCH ? total : n + BATCH);
		status = put_all(s, n, err);
		arena_release(&s->arena);
	}
	if (status == 0 && (fflush(stdout) != 0 || ferror(stdout)))
		return err_set(err, ERR_IO, "cannot write");
	return status;
}

/* The time of the ledger's tip. */
static int begin(struct stream *s, const char *path, struct err *err)
{
	struct ledger *ledger;
	struct repo *repo;

	arena_init(&s->arena, ARENA_RUN_MAX);
	if (repo_open_path(&s->arena, path, &repo, err) ||
	    ledger_open(&s->arena, repo, &ledger, err))
		return -1;
	s->at = ledger_time(ledger);
	repo_close(repo);
	arena_release(&s->arena);
	return 0;
}

int main(int argc, char **argv)
{
	static struct stream s;
	struct err err;
	uint64_t total;

	if (argc != 3 || !str_to_u64(argv[2], UINT32_MAX, &total)) {
		fputs("usage: longledger REPOSITORY N\n", stderr);
		return EXIT_USAGE;
	}
	if (begin(&s, argv[1], &err) || run(&s, total, &err)) {
		fprintf(stderr, "longledger: %s\n", err.text);
		return EXIT_UNDECIDED;
	}
	return 0;
}
