#ifndef RECORD_PLAN_H
#define RECORD_PLAN_H

#include "git/repo.h"
#include "judge/push.h"
#include "judge/verdict.h"

/*
 * A plan: the decision of pre-receive, durable before git moves a ref
 * (stagegate/plans/<random>.yml, 0600, written by file_replace).  update
 * accepts only what a live plan names, post-receive records what the plan says
 * and removes it, reconciling works on plans whose owner is gone.
 *
 * The owner is the nearest ancestor process whose /proc/PID/exe has a base
 * name beginning with `git` and whose argv is `git-receive-pack ..` or
 * `git .. receive-pack ..`: never simply the parent, since wrappers and
 * `hooks/<name>.d` runners put a shell in between.  Recorded as boot id,
 * pid-namespace inode, pid and start time (proc(5), /proc/PID/stat field 22).
 * Where there is none, or it lies in another pid namespace, the plan is a
 * lease: live for limits.time + 10 min, or until post-receive has taken it.  A
 * plan of another boot is not live.
 *
 * The text of each policy file is not in the plan but beside it, once
 * (stagegate/policies/<digest>.yml, by the first 40 digits): the ledger may
 * not hold it yet when the plan is all that a crash has left.
 */
#define PLAN_FORMAT "1" /* what its text means; another number is not read */

struct plan_owner {
	bool known;
	const char *boot, *pid_namespace; /* "" where they can't be read */
	uint64_t pid, start;              /* start: clock ticks since boot */
};

struct plan_gate {
	const char *name;
	enum gate_state state;
};

struct plan_squash { /* a squash commit and what it brings in */
	struct oid commit, candidate;
};

struct plan_ref { /* one update, as it was judged */
	const char *ref;
	struct oid old, new;
	const char *stage; /* "-": of no stage */
	enum transition kind;
	bool warned;
	struct oid candidate; /* of a rollback: the tip that it restores */
	struct plan_gate *gates;
	size_t ngates;
	struct strings digests; /* statements relied on */
	struct oids keep;       /* old tips to keep before the ref moves */
	struct plan_squash *squashes; /* all steps that are one */
	size_t nsquashes;
	const struct incident_opening *opening; /* NULL: opens no incident */
	/* evidence handed in */
	bool is_evidence;
	const char *gate, *person, *replay_key;
	struct oid subject; /* the commit spoken of */
	struct oid tag;     /* the tag object */
	const char *digest; /* of the tag's bytes, 40 hex digits */
	enum evidence_result result;
	struct strings patches; /* digests of changes that it is about too */
};

struct plan_policy {        /* a file that the policy includes or extends */
	bool is_base;       /* extends */
	const char *name;   /* policy_source.kept */
	const char *digest; /* 40 hex digits */
	const char *text;
	size_t len;
};

struct plan {
	const char *id;   /* random, the file's base name */
	const char *path; /* NULL: not written */
	struct plan_owner owner;
	int64_t at; /* decided */
	int64_t lease_until;
	const char *pusher;
	struct oid cert;      /* blob of the push's certificate; zero: none */
	const char *cert_key; /* its replay key; NULL: none */
	const char *policy_digest, *flow, *version;
	const char *sign_key; /* file that signs its record; NULL: none */
	const char *ground;   /* digest of all policy files, set by the caller;
			       * kept as it is, for update to compare */
	const char *policy_text; /* for the ledger's snapshot */
	size_t policy_text_len;
	struct plan_policy *includes; /* beside policy.yml itself */
	size_t nincludes;
	struct oid ledger;      /* its tip when judged */
	struct strings options; /* raw bytes */
	/* Keys of the programs that have exited 0 for it, set by the caller:
	 * update need not run them again. */
	struct strings commands;
	struct plan_ref *refs;
	size_t nrefs;
};

struct plans {
	struct plan **v;
	size_t n, cap;
};

/* Finds the owner of this process; known false when there is none (boot and
 * pid_namespace are filled all the same). */
void plan_owner_find(struct arena *arena, struct plan_owner *ret);
/* Are both known, and one and the same process? */
bool plan_owner_same(const struct plan_owner *a, const struct plan_owner *b);

/* Makes a plan of an accepted verdict. */
struct plan *plan_make(struct arena *arena, const struct push *push,
    const struct verdict *verdict, const struct oid *ledger);
/* An update of it, as it would be recorded. */
struct plan_ref plan_ref_of(
    struct arena *arena, const struct ref_verdict *verdict);
/* Puts the policy and its files into a plan, as plan_make does. */
void plan_set_policy(
    struct arena *arena, const struct policy *policy, struct plan *plan);
/* Writes it durably, and the policy's texts before it. */
int plan_write(
    struct arena *arena, struct repo *repo, struct plan *plan, struct err *err);
int plan_remove(const struct plan *plan, struct err *err);
/* All plans there are, live or not, in order of their time. A damaged one is
 * an error that names the file. */
int plans_read(
    struct arena *arena, struct repo *repo, struct plans *ret, struct err *err);
/* The same for somebody who asks about one ref: of each plan only the updates
 * of that ref, and the statements handed in, are read, and not the policy's
 * texts.  So asking for each of a thousand refs costs little.  ref NULL: about
 * all of them. */
int plans_read_for(struct arena *arena, struct repo *repo, const char *ref,
    struct plans *ret, struct err *err);
bool plan_is_live(const struct plan *plan, int64_t now);
/* The ref of a plan that names exactly this update, or NULL. */
struct plan_ref *plan_find_ref(const struct plan *plan, const char *ref,
    const struct oid *old, const struct oid *new);

#endif
