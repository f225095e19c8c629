#ifndef JUDGE_VERDICT_H
#define JUDGE_VERDICT_H

#include <stdbool.h>

#include "base/array.h"
#include "base/oid.h"
#include "judge/view.h"
#include "policy/model.h"

/*
 * What the judge answers.  A verdict begins refused with CODE_INTERNAL and
 * only judge()'s visible success path changes it.  Texts are neutralised
 * already; ids in them are shortened.
 *
 * A name that git or the suite keeps for itself, or that could be taken for an
 * object id, HEAD or a stage's ref, is ref.reserved; any other name that may
 * not be pushed is ref.denied.  What the judge could not find out is
 * CODE_INTERNAL, in a finding that says what.
 *
 * CODES is in the order in which the first that applies is shown.
 */
#define CODES(X)                                                               \
	X(INTERNAL, "internal")                                                \
	X(POLICY_INVALID, "policy.invalid")                                    \
	X(PUSH_ROLE, "push.role")                                              \
	X(PUSH_IDENTITY, "push.identity")                                      \
	X(LIMIT_EVIDENCE, "limit.evidence")                                    \
	X(LIMIT_COMMITS, "limit.commits")                                      \
	X(LIMIT_TIME, "limit.time")                                            \
	X(LIMIT_UPDATES, "limit.updates")                                      \
	X(REF_DENIED, "ref.denied")                                            \
	X(REF_RESERVED, "ref.reserved")                                        \
	X(REF_MOVED, "ref.moved")                                              \
	X(REF_DUPLICATE, "ref.duplicate")                                      \
	X(REF_SYMBOLIC, "ref.symbolic")                                        \
	X(OBJECT_MALFORMED, "object.malformed")                                \
	X(OBJECT_MISSING, "object.missing")                                    \
	X(OBJECT_KIND, "object.kind")                                          \
	X(TAG_STAGE, "tag.stage")                                              \
	X(TAG_MOVED, "tag.moved")                                              \
	X(TAG_DELETED, "tag.deleted")                                          \
	X(TAG_UNSIGNED, "tag.unsigned")                                        \
	X(TAG_ROLE, "tag.role")                                                \
	X(EVIDENCE_GATE, "evidence.gate")                                      \
	X(EVIDENCE_NAME, "evidence.name")                                      \
	X(EVIDENCE_SUBJECT, "evidence.subject")                                \
	X(EVIDENCE_RESULT, "evidence.result")                                  \
	X(EVIDENCE_KEY, "evidence.key")                                        \
	X(EVIDENCE_YAML, "evidence.yaml")                                      \
	X(EVIDENCE_DOCUMENT, "evidence.document")                              \
	X(EVIDENCE_DUPLICATE, "evidence.duplicate")                            \
	X(EVIDENCE_VERSION, "evidence.version")                                \
	X(EVIDENCE_EXPIRED, "evidence.expired")                                \
	X(EVIDENCE_REPLAY, "evidence.replay")                                  \
	X(EVIDENCE_REPOSITORY, "evidence.repository")                          \
	X(EVIDENCE_SIGNATURE, "evidence.signature")                            \
	X(EVIDENCE_UNSIGNED, "evidence.unsigned")                              \
	X(EVIDENCE_SIGNER, "evidence.signer")                                  \
	X(EVIDENCE_KEY_VALIDITY, "evidence.key-validity")                      \
	X(EVIDENCE_NOT_ALLOWED, "evidence.not-allowed")                        \
	X(EVIDENCE_NESTED, "evidence.nested")                                  \
	X(EVIDENCE_TARGET, "evidence.target")                                  \
	X(EVIDENCE_SIZE, "evidence.size")                                      \
	X(EVIDENCE_REPORT, "evidence.report")                                  \
	X(ROLLBACK_REASON, "rollback.reason")                                  \
	X(ROLLBACK_ROLE, "rollback.role")                                      \
	X(ROLLBACK_WINDOW, "rollback.window")                                  \
	X(ROLLBACK_TARGET, "rollback.target")                                  \
	X(ROLLBACK_TREE, "rollback.tree")                                      \
	X(ROLLBACK_OPTIONS, "rollback.options")                                \
	X(BYPASS_REASON, "bypass.reason")                                      \
	X(BYPASS_ROLE, "bypass.role")                                          \
	X(BYPASS_APPROVALS, "bypass.approvals")                                \
	X(BYPASS_GATE, "bypass.gate")                                          \
	X(STAGE_REWIND, "stage.rewind")                                        \
	X(STAGE_DELETE, "stage.delete")                                        \
	X(STAGE_UNOBSERVED, "stage.unobserved")                                \
	X(STAGE_HELD, "stage.held")                                            \
	X(STAGE_LOCKED, "stage.locked")                                        \
	X(STAGE_SKIP, "stage.skip")                                            \
	X(STAGE_MERGE, "stage.merge")                                          \
	X(STAGE_GATES, "stage.gates")                                          \
	X(STAGE_SOAK, "stage.soak")                                            \
	X(STAGE_QUORUM, "stage.quorum")                                        \
	X(STAGE_SETTLED, "stage.settled")                                      \
	X(STAGE_FROZEN, "stage.frozen")                                        \
	X(STAGE_UP_TO_DATE, "stage.up-to-date")                                \
	X(REF_GATES, "ref.gates")

enum code {
#define CODE_ENUM(id, text) CODE_##id,
	CODES(CODE_ENUM)
#undef CODE_ENUM
	CODE_COUNT
};

const char *code_text(enum code code);

enum gate_state {
	GATE_PASSED,
	GATE_FAILED,
	GATE_MISSING,
	GATE_NOT_APPLICABLE,
	GATE_OVERRIDDEN,
	GATE_WARNED, /* enforce: warn, and it would have been refused */
	GATE_ERROR   /* we could not find out: refuses */
};

const char *gate_state_text(enum gate_state state);  /* "passed" */
const char *gate_state_shown(enum gate_state state); /* "FAILED" */

struct gate_row {
	const char *name, *kind; /* kind "" for soak, quorum, settled, .. */
	enum gate_state state;
	struct strings by;       /* people who attested */
	const char *text;        /* the middle column of the report */
	const char *have, *want; /* for JSON; may be NULL */
	struct strings details;  /* further lines, shown indented */
	const char *hint;        /* text behind "hint: NAME: ", or NULL */
	bool hint_is_command;    /* never wrapped */
	const char *help;        /* the gate's `help`, or NULL */
	struct mark mark;        /* where the stage asks for it */
	struct strings digests;  /* statements relied on */
	int64_t at; /* of the newest statement relied on; 0: none */
};
struct gate_rows {
	struct gate_row *v;
	size_t n, cap;
};

/* text: why it is not, in a few words. */
static inline void row_not_applicable(struct gate_row *row, const char *text)
{
	row->state = GATE_NOT_APPLICABLE;
	row->text = text;
}

struct finding { /* a reason that is not a gate's */
	enum code code;
	bool warns;       /* told, but does not refuse: `status: draft` */
	const char *text; /* one sentence without full stop */
	struct strings details;
	struct strings hints;
	struct strings commands; /* hints that are commands, never wrapped */
	struct mark mark;        /* source NULL: none */
};
struct findings {
	struct finding *v;
	size_t n, cap;
};

struct step { /* a commit on the way from the old to the new tip */
	struct oid commit, candidate;
	enum transition kind;
	/* The step before it, against which it is judged: the old tip for the
	 * first; zero for the first of a new ref. */
	struct oid before;
};
struct steps {
	struct step *v;
	size_t n, cap;
};

/* The incident that an update opens when it is recorded. */
struct incident_opening {
	enum incident_kind kind;
	bool rewind; /* see view_incident, as for the rest */
	const char *reason, *timeline;
	struct strings then, overridden, clients;
};

struct ref_verdict {
	const char *ref;   /* raw bytes */
	const char *shown; /* neutralised */
	/* the ref's name after resolving symbolic refs; raw bytes */
	const char *resolved;
	struct oid claimed; /* old value in the pusher's command */
	struct oid old;     /* what the ref names on disk */
	struct oid new;
	const struct stage *stage; /* NULL: of no stage */
	const char *stage_name;    /* "-" when there is none; "evidence", .. */
	bool refused;
	bool warned;    /* entered against the order under `status: draft` */
	bool in_flight; /* refused only until another push is recorded */
	enum transition kind;
	struct oid candidate;
	struct steps steps; /* oldest first */
	struct findings findings;
	struct gate_rows gates;
	/* evidence handed in: what is recorded when its ref is accepted */
	bool is_evidence;
	struct view_evidence statement;
	struct strings statement_patches; /* judge/patches.h; mostly none */
	const char *replay_key;
	const struct incident_opening *opening; /* NULL: none */
	/* old tips to be kept before the ref moves, and squash candidates */
	struct oids keep;
};

struct verdict {
	bool refused;
	struct ref_verdict *refs;
	size_t nrefs;
	struct findings findings; /* about the push as a whole */
	struct strings warnings;
	const struct policy *policy;
	int64_t now;
};

/* Adds a finding; the text is made with arena_printf.  Returned so that hints
 * can be added; valid until the next finding is added to the same list. */
struct finding *finding_add(struct arena *arena, struct findings *list,
    enum code code, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* The code that is shown: the first of CODES that applies; CODE_INTERNAL for
 * a refusal without any, CODE_COUNT for a ref that is not refused. */
enum code ref_verdict_code(const struct ref_verdict *verdict);
/* All codes that apply, in order, each once.  Findings that only warn and rows
 * that let pass have none. */
size_t ref_verdict_codes(
    const struct ref_verdict *verdict, enum code ret[CODE_COUNT]);
/* The code that a failed row stands for (soak -> stage.soak, ..). */
enum code gate_row_code(const struct gate_row *row, bool of_stage);
/* Does it refuse?  FAILED, MISSING and ERROR do. */
bool gate_row_refuses(const struct gate_row *row);

#endif
