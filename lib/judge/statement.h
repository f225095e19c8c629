#ifndef JUDGE_STATEMENT_H
#define JUDGE_STATEMENT_H

#include "base/array.h"
#include "base/diag.h"
#include "judge/commit.h"
#include "judge/verdict.h"

/*
 * A statement: an annotated tag whose message says something about a commit
 *
 *	evidence: 1
 *	gate: coverage
 *	result: pass
 *
 * read with the same restricted YAML as policies.  With `report:` the YAML
 * ends at the first line that is exactly `---`; what follows is the report.
 * Keys that begin with `x-` are anybody's; any other unknown one is refused.
 */
#define STATEMENT_VERSION "1"

struct statement {
	const char *gate;
	enum evidence_result result;
	struct oid commit;
	const char *tag_name;
	const char *repository; /* NULL: none, like all below */
	const char *for_stage;
	const char *matrix;
	bool has_expires;
	int64_t expires;
	const char *run, *summary, *url;
	const struct node *metrics;
	const char *report; /* its format */
	const char *report_bytes;
	size_t report_len;
	size_t message;      /* where the tag's message begins */
	bool is_signed;      /* there is a signature block at the end */
	size_t unsigned_len; /* bytes of the tag before its signature */
};

/* CODE_COUNT on success; otherwise the evidence.* code (object.malformed for a
 * tag that is not canonical), and *ret_why says what is wrong in one sentence,
 * with line and column in the message.  bytes end in a NUL beyond len. */
enum code statement_parse(struct arena *arena, const char *bytes, size_t len,
    struct statement *ret, const char **ret_why);

/* SHA-256 over the tag without its signature, NUL, person; 40 hex digits. */
const char *statement_replay_key(struct arena *arena, const char *bytes,
    const struct statement *statement, const char *person);

#endif
