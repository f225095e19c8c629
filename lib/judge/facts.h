#ifndef JUDGE_FACTS_H
#define JUDGE_FACTS_H

#include "judge/judge.h"
#include "judge/verdict.h"
#include "judge/view.h"

/*
 * What a gate is given: one ref update, its candidate and everything computed
 * for it, each part at most once and only when a gate asks (facts.c).
 */
struct path_change {
	const char *path;
	/* With one K `from` is its entry.  With several sides that changed the
	 * path differently, `from` is the first one's and `sides` holds all. */
	struct view_entry from, to;
	struct view_entry *sides;
	size_t nsides;
};

struct change {                /* "The change" that change gates judge */
	struct path_change *v; /* sorted by path */
	size_t n, cap;
	struct oids bases; /* the K's; none: the empty tree */
};

/* Called for each new commit, oldest first; the commit lives for the call. */
typedef int new_commit_fn(void *ctx, struct arena *scratch,
    const struct commit *commit, struct err *err);

struct gate_facts {
	struct arena *arena;
	const struct policy *policy;
	const struct push *push;
	const struct view *view;
	int64_t now;
	const struct verdict *verdict; /* its other refs hold the statements
					* that this push hands in; NULL: none */
	const struct ref_verdict *ref; /* being judged: ref, old, new, steps */
	const struct stage *stage;     /* NULL on refs of no stage */
	const char *module;            /* that {module} matched, or NULL */
	struct oid candidate, before;  /* before zero: none (a new ref) */
	/* Statements that do not count: all but those that an incident asks
	 * for (made after it opened, about its own commit), and those of one
	 * person.  NULL: all count. */
	const struct view_incident *incident;
	const char *not_by;
	struct facts_cache *cache;
	/* What gates keep over all refs of a push, and how candidates were
	 * found to stand; NULL: this update is looked at alone. */
	struct push_wide *wide;
	struct standings *standings; /* judge/standing.h */
};

/*
 * Begins the facts of an update.  The caller has filled arena, policy, push,
 * view, now, verdict, ref, candidate and before (a step's, as order_judge put
 * them into ref->steps; on refs of no stage the new tip and the old); stage,
 * module and an empty cache are added.  Everything given must outlive the
 * facts.
 */
void facts_init(struct gate_facts *facts);
/* The facts of another step of the same update: shares with `first` what does
 * not depend on the candidate, such as the new commits. */
void facts_step(struct gate_facts *facts, const struct gate_facts *first,
    const struct oid *candidate, const struct oid *before);

/*
 * The new commits of this update, oldest first: reachable from the new tip and
 * neither from the old one, nor from a present tip of a later stage's refs,
 * nor from a recorded tip of this or a later stage.  More than
 * policy->limit_commits: ERR_LIMIT.
 */
int facts_new_commits(
    const struct gate_facts *facts, const struct oids **ret, struct err *err);
/* A commit that is not canonical ends the loop with ERR_FORMAT. */
int facts_each_new_commit(const struct gate_facts *facts, new_commit_fn *fn,
    void *ctx, struct err *err);
/* The change of the candidate against the step before it. */
int facts_change(
    const struct gate_facts *facts, const struct change **ret, struct err *err);
/*
 * The lines that the change adds to a path of it: those of the candidate's file
 * that none of the sides has.  A file that a rename brought is compared with
 * what it was before.  Answers 1, without a call, where the candidate has no
 * file there, or one that lines say nothing of (see `added` of the view).
 */
int facts_added_lines(const struct gate_facts *facts,
    const struct path_change *path, view_added_fn *fn, void *ctx,
    struct err *err);
/* Statements that count for this gate: about the candidate and, as the gate
 * binds, about other commits with its tree or its change; recorded ones in
 * their order, then those handed in by this very push (factsevidence.c). */
int facts_evidence(const struct gate_facts *facts, const struct gate *gate,
    struct view_evidences *ret, struct err *err);
/*
 * Everyone who authored, committed, co-authored, signed or pushed the change.
 * Names are those of `people` and of recorded pushers; e-mails are in lower
 * case and include those that belong to nobody.
 */
int facts_authors(const struct gate_facts *facts, struct strings *ret_people,
    struct strings *ret_emails, struct err *err);

#endif
