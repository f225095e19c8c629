/*
 * A very long ledger in a few minutes: a stream for git fast-import.
 *
 *	longledger REPOSITORY N | git -C REPOSITORY fast-import
 *
 * Adds N records of commits that never were, each the tip of a ref of the stage
 * `development` once, with a statement of its own for the gate `tests`: as if
 * pushes of PUSH refs at a time had gone on for years.  REPOSITORY has a ledger
 * already; its times are kept, so that ours are the time of its tip.
 */
#include <stdio.h>
#include <string.h>

#include <git2.h>

#include "base/digest.h"
#include "base/exit.h"
#include "base/num.h"
#include "record/entryfile.h"

#define PUSH 1000u /* refs of one push */
#define POLICY "0123456789012345678901234567890123456789"
#define TEXT_MAX 1024

struct stream {
	struct arena arena; /* of one push */
	int64_t at;
	struct oid tips[PUSH];    /* of the refs */
	struct oid records[PUSH]; /* the blobs that say so */
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

static int put_record(struct stream *s, const char *ref, const struct oid *tip,
    unsigned i, uint64_t number, struct err *err)
{
	struct ref_record record = { .ref = ref,
		.stage = "development",
		.by = "alice",
		.tip = *tip,
		.at = s->at,
		.number = number,
		.kind = number > 1 ? TRANSITION_REWIND : TRANSITION_CREATE,
		.state = PASSAGE_ACCEPTED,
		.previous = s->records[i] };
	const char *bytes;
	git_oid id;
	size_t len;

	if (ref_record_format(&s->arena, &record, &bytes, &len, err))
		return -1;
	put(ledger_ref_path(&s->arena, ref), bytes, len);
	if (git_odb_hash(&id, bytes, len, GIT_OBJECT_BLOB) < 0)
		return err_set(err, ERR_INTERNAL, "cannot hash a record");
	memcpy(s->records[i].b, id.id, OID_SIZE);
	return 0;
}

static int put_note(struct stream *s, const char *ref, const struct oid *tip,
    const char *digest, uint64_t number, struct err *err)
{
	struct note_passage passage = { .stage = "development",
		.ref = ref,
		.by = "alice",
		.at = s->at,
		.number = number,
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

/* The n-th record, which stands i-th in its push. */
static int put_all(struct stream *s, uint64_t n, unsigned i, struct err *err)
{
	const char *ref = arena_printf(&s->arena, "refs/heads/feature/%03u", i);
	const char *digest = hex_of(&s->arena, "statement", n);
	uint64_t number = n / PUSH + 1;
	struct oid tip = oid_of(&s->arena, "commit", n);

	if (put_record(s, ref, &tip, i, number, err) ||
	    put_note(s, ref, &tip, digest, number, err) ||
	    put_tree(s, &tip, digest, n, err))
		return -1;
	put_statement(s, &tip, digest, n);
	s->tips[i] = tip;
	return 0;
}

static void message(struct stream *s, uint64_t n, unsigned count)
{
	struct buf buf;

	buf_init(&buf, &s->arena, (size_t)PUSH * TEXT_MAX);
	buf_adds(&buf,
	    "feature/000 and more by alice (bench 0.0.0)\n\n"
	    "Pusher: alice\n");
	for (unsigned i = 0; i < count; i++)
		buf_addf(&buf,
		    "Update: %s %s refs/heads/feature/%03u development %s "
		    "accepted\n",
		    oid_hex(&s->tips[i]).s, hex_of(&s->arena, "commit", n + i),
		    i, n ? "rewind" : "create");
	for (unsigned i = 0; i < count; i++)
		buf_addf(&buf, "Evidence: %s tests %s ci-bot pass\n",
		    hex_of(&s->arena, "statement", n + i),
		    hex_of(&s->arena, "commit", n + i));
	buf_addf(&buf, "Policy: " POLICY " bench 0.0.0\nPush: %.32s\n",
	    hex_of(&s->arena, "push", n));
	printf("commit " LEDGER_REF "\n"
	       "committer stagegate <stagegate@bench> %lld +0000\n"
	       "data %zu\n%s\n",
	    (long long)s->at, buf.len, buf.p);
	if (n == 0)
		printf("from " LEDGER_REF "^0\n");
}

static int run(struct stream *s, uint64_t total, struct err *err)
{
	for (uint64_t n = 0; n < total; n += PUSH) {
		unsigned count = total - n < PUSH ? (unsigned)(total - n)
						  : PUSH;
		int status = 0;

		arena_init(&s->arena, ARENA_RUN_MAX);
		message(s, n, count);
		for (unsigned i = 0; i < count && status == 0; i++)
			status = put_all(s, n + i, i, err);
		arena_release(&s->arena);
		if (status)
			return -1;
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		return err_set(err, ERR_IO, "cannot write");
	return 0;
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
	return git_libgit2_init() < 0
	    ? err_set(err, ERR_INTERNAL, "cannot start libgit2")
	    : 0;
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
