#include "judge/judge.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "gates/gate.h"
#include "judge/judging.h"
#include "judge/standing.h"

bool judging_expired(struct judging *j)
{
	if (!j->expired && j->env && j->env->expired)
		j->expired = j->env->expired(j->env->ctx);
	return j->expired;
}

void judging_progress(
    const struct judging *j, const char *what, size_t done, size_t total)
{
	if (j->env && j->env->progress && total > 0)
		j->env->progress(j->env->ctx, what, done, total);
}

/* One line of the push on its way through. */
struct line {
	enum ref_kind kind;
	bool judged; /* go on: its name allows it */
};

/* Everything begins refused. */
static void begin_refs(struct judging *j)
{
	const struct updates *updates = &j->push->updates;
	struct verdict *verdict = j->verdict;

	verdict->nrefs = updates->n;
	verdict->refs = arena_array(
	    j->arena, updates->n, sizeof(*verdict->refs));
	for (size_t i = 0; i < updates->n; i++) {
		const struct update *update = &updates->v[i];

		verdict->refs[i] = (struct ref_verdict){
			.ref = update->ref,
			.shown = text_clean_s(j->arena, update->ref),
			.claimed = update->old,
			.new = update->new,
			.stage_name = "-",
			.refused = true,
			.kind = TRANSITION_OTHER,
		};
	}
}

/*
 * What the ref names on disk.  Asked only for names that are well formed: the
 * others must not become a path.  git would write through a symbolic ref to
 * another one than hooks are told of.
 */
static bool read_ref(struct judging *j, struct ref_verdict *ref)
{
	const struct view *view = j->view;
	struct view_ref disk;
	struct finding *finding;
	struct err err;

	if (view->ref(view->git, j->arena, ref->ref, &disk, &err) < 0) {
		finding_add(j->arena, &ref->findings, CODE_INTERNAL,
		    "the server could not read the ref: %s",
		    text_clean_s(j->arena, err.text));
		return false;
	}
	if (disk.exists)
		ref->old = disk.oid;
	if (!disk.symbolic) /* one that dangles is symbolic too */
		return true;
	ref->resolved = disk.symbolic;
	finding = finding_add(j->arena, &ref->findings, CODE_REF_SYMBOLIC,
	    "it is a symbolic ref to %s",
	    text_clean_s(j->arena, disk.symbolic));
	strings_add(j->arena, &finding->hints, "push to that ref itself");
	return false;
}

static void judge_names(struct judging *j, struct line *lines)
{
	struct verdict *verdict = j->verdict;

	j->names = refname_index(j->arena, j->policy);
	for (size_t i = 0; i < verdict->nrefs; i++) {
		struct ref_verdict *ref = &verdict->refs[i];

		lines[i].judged = refname_judge(j->arena, j->names, ref,
				      &lines[i].kind) &&
		    read_ref(j, ref);
	}
	refname_duplicates(j->arena, verdict);
}

/* ---- the same statement twice ------------------------------------------- */

static int compare_replay(const void *a, const void *b)
{
	const struct ref_verdict *x = *(struct ref_verdict *const *)a;
	const struct ref_verdict *y = *(struct ref_verdict *const *)b;
	int order = strcmp(x->replay_key, y->replay_key);

	if (order != 0)
		return order;
	return x < y ? -1 : x > y;
}

/* The ledger knows what was recorded before this push; the push itself may
 * still say a thing twice.  The first time counts. */
static void refuse_repeated(struct judging *j)
{
	struct verdict *verdict = j->verdict;
	struct ref_verdict **said = arena_array(
	    j->arena, verdict->nrefs, sizeof(struct ref_verdict *));
	size_t n = 0;

	for (size_t i = 0; i < verdict->nrefs; i++)
		if (verdict->refs[i].is_evidence)
			said[n++] = &verdict->refs[i];
	if (n < 2)
		return;
	qsort(said, n, sizeof(struct ref_verdict *), compare_replay);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(said[i - 1]->replay_key, said[i]->replay_key) != 0)
			continue;
		said[i]->is_evidence = false;
		finding_add(j->arena, &said[i]->findings, CODE_EVIDENCE_REPLAY,
		    "the push hands in the very same statement twice");
	}
}

/* ---- the push ----------------------------------------------------------- */

/* Statements first: they count for what the same push promotes, whatever the
 * order of its lines. */
static void judge_refs(struct judging *j, const struct line *lines)
{
	struct verdict *verdict = j->verdict;

	for (size_t i = 0; i < verdict->nrefs; i++)
		if (lines[i].judged && lines[i].kind == REF_EVIDENCE)
			judge_ref(j, &verdict->refs[i], lines[i].kind);
	refuse_repeated(j);
	for (size_t i = 0; i < verdict->nrefs; i++)
		if (lines[i].judged && lines[i].kind != REF_EVIDENCE)
			judge_ref(j, &verdict->refs[i], lines[i].kind);
}

/* True when every ref may move and nothing speaks against the push. */
static bool settle(struct judging *j, const struct line *lines)
{
	struct verdict *verdict = j->verdict;
	bool all = verdict->nrefs > 0 && verdict->findings.n == 0;

	for (size_t i = 0; i < verdict->nrefs; i++) {
		struct ref_verdict *ref = &verdict->refs[i];

		/* What is wrong with the whole push refuses each ref. */
		if (lines[i].judged && verdict->findings.n == 0)
			judge_settle(j, ref);
		if (ref->refused)
			all = false;
	}
	return all;
}

void judge(struct arena *arena, const struct policy *policy,
    const struct push *push, const struct view *view, int64_t now,
    const struct judge_env *env, struct verdict *ret)
{
	struct judging j = { .arena = arena,
		.policy = policy,
		.push = push,
		.view = view,
		.now = now,
		.env = env,
		.verdict = ret };
	struct line *lines;

	*ret = (struct verdict){
		.refused = true, .policy = policy, .now = now
	};
	oidmap_init(&j.commits, arena);
	j.wide = push_wide_new(arena);
	j.standings = ARENA_NEW(arena, struct standings);
	begin_refs(&j);
	lines = arena_array(arena, ret->nrefs, sizeof(*lines));
	push_options_judge(&j);
	judge_names(&j, lines);
	judge_refs(&j, lines);
	/* success: the only place where a push becomes one that may pass */
	if (settle(&j, lines))
		ret->refused = false;
}
