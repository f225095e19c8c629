/*
 * A commit: the header of one that is canonical, written again, gives the same
 * bytes; no parent comes twice; subject, body and trailers are parts of the
 * message.
 */
#include <string.h>

#include "base/buf.h"
#include "fuzz/fuzz.h"
#include "judge/commit.h"

#define HEADER_MAX ((size_t)1 << 20)

static void check_header(struct arena *arena, const char *bytes, size_t size,
    const struct commit *commit)
{
	struct buf buf;

	buf_init(&buf, arena, HEADER_MAX);
	buf_addf(&buf, "tree %s\n", oid_hex(&commit->tree).s);
	for (size_t i = 0; i < commit->parents.n; i++) {
		struct oids before = { commit->parents.v, i, i };

		MUST(!oids_have(&before, &commit->parents.v[i]));
		buf_addf(&buf, "parent %s\n", oid_hex(&commit->parents.v[i]).s);
	}
	buf_addf(&buf, "author %s <%s> %lld ", commit->author.name,
	    commit->author.email, (long long)commit->author.time);
	if (!buf.overflow && *commit->author.name)
		MUST(buf.len < size && memcmp(buf.p, bytes, buf.len) == 0);
}

static void check_message(struct arena *arena, const char *bytes, size_t size,
    const struct commit *commit)
{
	const char *subject = commit_subject(arena, commit);
	struct trailers trailers = { NULL, 0, 0 };

	MUST(strlen(commit->message) == commit->message_len);
	MUST(commit->message_len < size);
	MUST(memcmp(commit->message, bytes + size - commit->message_len,
		 commit->message_len) == 0);
	MUST(strlen(subject) <= commit->message_len && !strchr(subject, '\n'));
	MUST(strstr(commit->message, commit_body(arena, commit)));
	commit_trailers(arena, commit, &trailers);
	for (size_t i = 0; i < trailers.n; i++)
		MUST(*trailers.v[i].key && trailers.v[i].value &&
		    strstr(commit->message, trailers.v[i].key));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct commit commit;
	const char *bytes;

	arena_init(&arena, ARENA_RUN_MAX);
	memset(&commit, 0, sizeof(commit));
	bytes = fuzz_text(&arena, data, size);
	if (!commit_parse(&arena, bytes, size, &commit)) {
		check_header(&arena, bytes, size, &commit);
		check_message(&arena, bytes, size, &commit);
	}
	arena_release(&arena);
	return 0;
}
