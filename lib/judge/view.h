#ifndef JUDGE_VIEW_H
#define JUDGE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/err.h"
#include "base/oid.h"
#include "judge/commit.h"

/*
 * The interface through which the judge sees a repository and its ledger.
 * Everything is a fact that was true before the push (save the objects that
 * the push brings).  Functions return 0, or -1 with err: we could not find
 * out, which refuses.  Results belong to the arena given.
 *
 * The hooks and the command fill it from git (git/gitview.h) and from the
 * ledger (record/ledgerview.h); tests fill it from tables.
 */
enum object_kind {
	OBJECT_MISSING,
	OBJECT_COMMIT,
	OBJECT_TREE,
	OBJECT_BLOB,
	OBJECT_TAG
};

struct view_ref {
	bool exists;
	const char *symbolic; /* target's full name, NULL: a direct ref */
	struct oid oid;       /* resolved; zero for a dangling symbolic ref */
};

struct view_named_ref {
	const char *name;
	struct oid oid;
};
struct view_refs {
	struct view_named_ref *v;
	size_t n, cap;
};

struct view_node { /* the part of a commit that a graph knows */
	struct oid tree;
	struct oids parents;
	int64_t date;
};

/* Kinds of entries, as the upper bits of a mode in a tree have them. */
#define MODE_KIND 0170000u
#define MODE_FILE 0100000u
#define MODE_FOLDER 0040000u
#define MODE_SYMLINK 0120000u
#define MODE_SUBMODULE 0160000u

struct view_entry {    /* a path's entry; mode 0: there is none */
	unsigned mode; /* as in the tree: 0100644, 0100755, 0120000, 0160000,
			* 0040000 */
	struct oid oid;
};

static inline bool entry_is_file(const struct view_entry *entry)
{
	return (entry->mode & MODE_KIND) == MODE_FILE;
}

/* Its id is that of a blob: a file or a symbolic link, no folder being told. */
static inline bool entry_is_blob(const struct view_entry *entry)
{
	return entry->mode != 0 && (entry->mode & MODE_KIND) != MODE_SUBMODULE;
}

struct view_change {
	const char *path;
	struct view_entry from, to;
};

/* Called for each changed path; -1 ends the walk with err. */
typedef int view_change_fn(
    void *ctx, const struct view_change *change, struct err *err);

/* Called for each line of a comparison; -1 ends it with err. */
enum hunk_line {
	HUNK_BEGINS,    /* a hunk: no bytes, and not where in the file */
	HUNK_CONTEXT,   /* in both */
	HUNK_ADDED,     /* in the new one alone */
	HUNK_REMOVED,   /* in the old one alone */
	HUNK_NO_NEWLINE /* the line told before ends its file without one */
};
typedef int view_hunk_fn(void *ctx, enum hunk_line kind, const char *bytes,
    size_t len, struct err *err);

/* Called for each line that a comparison adds; `line` from 1, of the new file,
 * bytes with their line end.  -1 ends it with err. */
typedef int view_added_fn(
    void *ctx, uint64_t line, const char *bytes, size_t len, struct err *err);

struct view_rename {
	const char *from, *to;
};
struct view_renames {
	struct view_rename *v;
	size_t n, cap;
};

/* True: this commit and all before it are not to be walked.  -1 in *ret_err
 * style is not needed: a stop function that fails records it in its ctx and
 * answers true. */
typedef bool view_stop_fn(void *ctx, const struct oid *oid);

enum merge_state {
	MERGE_CLEAN,
	MERGE_CONFLICT,
	MERGE_UNRELATED
};

struct view_merge {
	enum merge_state state;
	struct oid tree; /* MERGE_CLEAN */
	/* Its objects can't be read any more.  Where it is not the tree that
	 * was expected, `differing` then holds the first MERGE_PATHS_MAX paths
	 * whose entries differ, and `more` counts the others. */
	bool tree_is_scratch;
	struct strings differing;
	size_t more;
};
#define MERGE_PATHS_MAX 10

struct view_fault { /* an object that is not canonical */
	struct oid oid;
	enum object_kind kind;
	bool missing;
	const char *text; /* what is wrong, neutralised */
};
#define FAULTS_MAX 20
#define LINES_BLOB_MAX ((uint64_t)16 << 20) /* bytes */
#define HUNK_CONTEXT_LINES 3
#define HUNK_BINARY_BYTES 8000 /* as git looks at */
struct view_faults {
	struct view_fault *v;
	size_t n, cap;
	size_t more; /* beyond FAULTS_MAX */
};

/* ---- the ledger's half ------------------------------------------------ */

enum passage_state {
	PASSAGE_ACCEPTED,
	PASSAGE_WARNED,
	PASSAGE_RECOVERED,
	PASSAGE_ADOPTED,
	PASSAGE_UNOBSERVED
};

enum transition { /* KIND of an `Update:` trailer */
	TRANSITION_FAST_FORWARD,
	TRANSITION_MERGE,
	TRANSITION_SQUASH,
	TRANSITION_CREATE,
	TRANSITION_ROLLBACK,
	TRANSITION_REWIND,
	TRANSITION_DELETE,
	TRANSITION_ENTRY,
	TRANSITION_OTHER
};

struct view_passage { /* a commit was a tip of a stage's ref */
	const char *stage, *ref;
	int64_t at;
	const char *by;
	enum passage_state state;
	bool withdrawn; /* that ref was taken back behind it since, and it has
			 * not entered there again */
};
struct view_passages {
	struct view_passage *v;
	size_t n, cap;
};

struct view_entry_record { /* one entry in the history of a stage's ref */
	struct oid tip;    /* zero: deleted */
	int64_t at;
	const char *stage, *by;
	enum transition kind;
	enum passage_state state;
	struct oid candidate; /* by which it entered; the tip itself for a
			       * fast-forward or an entry stage */
};
struct view_entry_records {
	struct view_entry_record *v; /* newest first */
	size_t n, cap;
};

enum incident_kind {
	INCIDENT_ROLLBACK,
	INCIDENT_BYPASS
};

/*
 * A rollback or a bypass that was recorded.  Until every gate of `then` has
 * passed for its subject, by statements recorded after it opened, the ref
 * takes no new candidates (judge/incident.h).
 */
struct view_incident {
	uint64_t number; /* 1 for the first of a repository */
	enum incident_kind kind;
	bool rewind; /* a rollback to the earlier tip itself, not by a revert
		      * commit */
	const char *ref, *stage, *by;
	const char *reason, *timeline; /* timeline NULL: none was given */
	struct oid commit;             /* the tip that the ref got */
	struct oid subject;  /* that `then` is about: of a rollback the tip
			      * that it left, of a bypass the new tip */
	struct oid restored; /* by a rollback: the earlier tip; else zero */
	int64_t opened;
	bool closed;
	int64_t closed_at;
	struct strings then;       /* gates */
	struct strings overridden; /* by a bypass: gates, soak, .. */
	struct strings clients;    /* names of those that had the subject when
				    * it was rolled back */
	struct strings earlier; /* digests of statements about the subject that
				 * were there when it opened: they do not
				 * count */
};
struct view_incidents {
	struct view_incident *v;
	size_t n, cap;
};

struct view_revert { /* a recorded rollback in the style of a revert commit */
	struct oid commit;   /* the revert commit */
	struct oid from;     /* rolled back from: its parent */
	struct oid restored; /* the earlier tip whose tree it has */
	const char *ref;
};
struct view_reverts {
	struct view_revert *v;
	size_t n, cap;
};

enum evidence_result {
	EVIDENCE_PASS,
	EVIDENCE_FAIL,
	EVIDENCE_REVOKE
};

struct view_evidence { /* a recorded statement */
	const char *gate, *person;
	const char *digest; /* of the tag's bytes, 40 hex digits */
	enum evidence_result result;
	struct oid commit;     /* that it was made about */
	int64_t at;            /* when recorded */
	const char *matrix;    /* NULL: none */
	const char *for_stage; /* NULL: any */
	bool has_expires;
	int64_t expires;
	const char *key;   /* fingerprint of the one that signed it; NULL:
			    * unsigned */
	bool this_push;    /* handed in by the push that is judged */
	const char *bytes; /* of the tag, verbatim, NUL-ended; */
	size_t len;        /* for what it reports (judge/reported.h) */
};
struct view_evidences {
	struct view_evidence *v;
	size_t n, cap;
};

/* ---- repositories of submodules ---------------------------------------- */

struct view_link { /* a submodule as a tree records it */
	const char *path;
	struct oid commit;
};
struct view_links {
	struct view_link *v;
	size_t n, cap;
};
#define VIEW_LINKS_MAX 10000 /* submodules of one tree */

enum view_child_state {
	CHILD_READ,      /* all below is known */
	CHILD_MISSING,   /* there is no repository */
	CHILD_UNUSABLE,  /* it can't be opened or read, or is not to be trusted
			  */
	CHILD_NO_LEDGER, /* nothing was ever recorded in it */
	CHILD_ASSUMED,   /* nobody asks it again: whatever is asked, it is so */
	CHILD_NOT_HERE   /* children are not looked at here */
};

struct view_child_asked {
	const char *repository; /* path on this server, as the policy has it */
	struct oid commit;
	const char *gate, *ref; /* for whom it is asked */
};

struct view_child { /* a commit as the child's own repository knows it */
	enum view_child_state state;
	const char *why; /* but for CHILD_READ and CHILD_ASSUMED */
	bool has_commit; /* the commit is there */
	struct view_passages passages; /* by the child's ledger */
	struct view_links links;       /* of the commit's tree */
};

/* ---- programs that gates run ------------------------------------------ */

struct view_file { /* of a commit */
	const char *path;
	struct view_entry entry;
};
struct view_files {
	struct view_file *v;
	size_t n, cap;
};

struct view_command {
	const char *gate; /* who asks */
	/* Of all below: what has the same one is the same run. */
	const char *key;
	struct strings run; /* program and arguments; an absolute path, or a
			     * name to be looked for */
	uint64_t timeout, memory, output; /* seconds, bytes, bytes */
	bool network;
	/* The files that it is given: those of the candidate's tree, all of
	 * them or (only_changed) the changed ones. */
	bool only_changed;
	struct view_files changed;
	struct oid tree;
	/* What its environment says. */
	const char *ref, *stage; /* stage "": none */
	struct oid old, new, candidate;
};

enum view_command_state {
	COMMAND_EXITED,  /* status */
	COMMAND_KILLED,  /* status: the signal */
	COMMAND_MEMORY,  /* its processes together held too much */
	COMMAND_TIMEOUT, /* of its own */
	COMMAND_PUSH_TIMEOUT,
	COMMAND_REMEMBERED, /* the same run has exited 0 before */
	COMMAND_NOT_HERE    /* programs are not run here; output says why */
};

struct view_command_end {
	enum view_command_state state;
	int status;
	const char *output;
	size_t output_len;
	bool output_cut;
	size_t left_out; /* symbolic links that would have led out */
	const char *left_out_first;
};

struct signed_text; /* judge/signer.h */
struct sshsig;      /* base/sshsig.h */

struct view {
	void *git, *ledger; /* contexts of the two halves */
	void *commands, *children;

	/* repository */
	int (*ref)(void *git, struct arena *arena, const char *name,
	    struct view_ref *ret, struct err *err);
	int (*refs_below)(void *git, struct arena *arena, const char *prefix,
	    struct view_refs *ret, struct err *err);
	int (*kind)(void *git, const struct oid *oid, enum object_kind *ret,
	    uint64_t *ret_size, struct err *err);
	/* *ret_complaint: see commit_parse; NULL when *ret is filled. */
	int (*commit)(void *git, struct arena *arena, const struct oid *oid,
	    struct commit *ret, const char **ret_complaint, struct err *err);
	int (*tag)(void *git, struct arena *arena, const struct oid *oid,
	    const char **ret_bytes, size_t *ret_len, struct err *err);
	int (*blob)(void *git, struct arena *arena, const struct oid *oid,
	    size_t max, const char **ret_bytes, size_t *ret_len,
	    struct err *err);
	int (*node)(void *git, struct arena *arena, const struct oid *oid,
	    struct view_node *ret, struct err *err);
	int (*is_ancestor)(void *git, const struct oid *a, const struct oid *b,
	    bool *ret, struct err *err);
	int (*merge_bases)(void *git, struct arena *arena, const struct oid *a,
	    const struct oid *b, struct oids *ret, struct err *err);
	int (*walk)(void *git, struct arena *arena, const struct oids *tips,
	    const struct oids *hide, view_stop_fn *stop, void *stop_ctx,
	    size_t max, struct oids *ret, struct err *err);
	/* expect: the tree that the pusher made, so that the dearer second
	 * opinion is asked only where it matters. */
	int (*merge)(void *git, struct arena *arena, const struct oid *ours,
	    const struct oid *theirs, const struct oid *expect,
	    struct view_merge *ret, struct err *err);
	/* Trees; old NULL: the empty tree. */
	int (*changes)(void *git, const struct oid *old_tree,
	    const struct oid *new_tree, view_change_fn *fn, void *ctx,
	    struct err *err);
	int (*entry)(void *git, const struct oid *tree, const char *path,
	    struct view_entry *ret, struct err *err);
	/* Every entry of a whole tree.  Folders come before what is in them
	 * (mode 0040000); one for which fn answers 1 need not be looked into.
	 */
	int (*list)(void *git, const struct oid *tree, view_change_fn *fn,
	    void *ctx, struct err *err);
	/* Lines added and removed from one blob to another (zero: an empty
	 * one), as a diff without attributes counts them: every blob is text,
	 * a NUL byte makes nothing binary, since a limit in lines could be
	 * gone around with one.  Where a blob has more than LINES_BLOB_MAX
	 * bytes its bytes are counted instead (never fewer than its lines). */
	int (*lines)(void *git, const struct oid *old_blob,
	    const struct oid *new_blob, uint64_t *ret_added,
	    uint64_t *ret_removed, struct err *err);
	/*
	 * What a diff from one blob to another (zero: none) shows, with
	 * HUNK_CONTEXT_LINES lines of context: byte for byte, line ends
	 * included, white space being as good as any other byte, and nothing
	 * that attributes or configuration say.  Answers 1, without a call,
	 * where lines say nothing: a NUL byte in the first HUNK_BINARY_BYTES of
	 * either, or either with more than LINES_BLOB_MAX bytes.
	 */
	int (*hunks)(void *git, const struct oid *old_blob,
	    const struct oid *new_blob, view_hunk_fn *fn, void *ctx,
	    struct err *err);
	/*
	 * The lines that a diff from one blob to another (zero: none) adds, as
	 * git-diff(1) has them by default.  Answers 1, without a call, where
	 * lines say nothing: the new one is binary as of `hunks`, or has more
	 * than LINES_BLOB_MAX bytes.  An old one of that kind counts as none:
	 * then all lines are added.
	 */
	int (*added)(void *git, const struct oid *old_blob,
	    const struct oid *new_blob, view_added_fn *fn, void *ctx,
	    struct err *err);
	/* Files that a tree has and an older one had under another name, as
	 * git-diff(1) finds them by default: at least half is the same. */
	int (*renames)(void *git, struct arena *arena,
	    const struct oid *old_tree, const struct oid *new_tree,
	    struct view_renames *ret, struct err *err);
	/* Is that the signature, of a kind that is not verified in process, of
	 * its key over that text?  *ret_good false: no. */
	int (*foreign_signature)(void *git, struct arena *arena,
	    const struct signed_text *text, const struct sshsig *sig,
	    bool *ret_good, struct err *err);
	/* Everything that these commits make newly reachable. */
	int (*faults)(void *git, struct arena *arena,
	    const struct oids *commits, struct view_faults *ret,
	    struct err *err);

	/*
	 * Programs.  Those that have begun run side by side, as many as there
	 * are processors; command_end waits for one, and begins it where
	 * nobody has.  A program that can't be run is an error.
	 */
	int (*command_begin)(void *commands, const struct view_command *command,
	    struct err *err);
	int (*command_end)(void *commands, struct arena *arena,
	    const struct view_command *command, struct view_command_end *ret,
	    struct err *err);

	/* A commit of another repository on this server.  NULL: as
	 * CHILD_NOT_HERE. */
	int (*child)(void *children, struct arena *arena,
	    const struct view_child_asked *asked, struct view_child *ret,
	    struct err *err);

	/* ledger */
	int (*passages)(void *ledger, struct arena *arena,
	    const struct oid *commit, struct view_passages *ret,
	    struct err *err);
	/* Entries of a stage's ref, newest first, at most max. */
	int (*entries)(void *ledger, struct arena *arena, const char *ref,
	    size_t max, struct view_entry_records *ret, struct err *err);
	int (*reverts)(void *ledger, struct arena *arena,
	    struct view_reverts *ret, struct err *err);
	/* Incidents of a ref that are open, oldest first. */
	int (*open_incidents)(void *ledger, struct arena *arena,
	    const char *ref, struct view_incidents *ret, struct err *err);
	/* Squash commits that were recorded as bringing in this candidate. */
	int (*squashes)(void *ledger, struct arena *arena,
	    const struct oid *candidate, struct oids *ret, struct err *err);
	/* Statements for a gate about a subject: a commit, or (for gates that
	 * bind to it) the id of a tree or the digest of a change
	 * (judge/patch.h).  In order of recording. */
	int (*evidence)(void *ledger, struct arena *arena,
	    const struct oid *subject, const char *gate,
	    struct view_evidences *ret, struct err *err);
	/* Was the very same statement (statement_replay_key) recorded? */
	int (*seen)(
	    void *ledger, const char *replay_key, bool *ret, struct err *err);
	/* Does a live plan of another push name this ref (NULL: any) with this
	 * new tip? */
	int (*in_flight)(void *ledger, const char *ref, const struct oid *tip,
	    bool *ret, struct err *err);
	/* Newest time in the ledger; 0 when it is empty. */
	int (*last_time)(void *ledger, int64_t *ret, struct err *err);
	/* The repository's id: 32 hex digits. */
	const char *repository_id;
};

#endif
