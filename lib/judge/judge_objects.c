#include "base/text.h"
#include "judge/judging.h"
#include "judge/tagrule.h"

/* Commits whose trees stay in memory for a second look, and after which time
 * and progress are asked about again. */
#define SLICE 64

struct slices {
	struct ref_verdict *ref;
	struct asking *asking; /* NULL: no gate looks at commits */
	struct arena scratch;  /* of one commit */
	size_t faults, more;
};

static const char *kind_text(enum object_kind kind)
{
	switch (kind) {
	case OBJECT_COMMIT:
		return "commit";
	case OBJECT_TREE:
		return "tree";
	case OBJECT_BLOB:
		return "blob";
	case OBJECT_TAG:
		return "tag";
	case OBJECT_MISSING:
		break;
	}
	return "object";
}

int judge_tip(struct judging *j, struct ref_verdict *ref,
    struct oid *ret_commit, bool *ret_ok, struct err *err)
{
	enum object_kind kind;
	uint64_t size;

	*ret_ok = false;
	if (!ref->stage && !str_prefix(ref->ref, "refs/heads/"))
		return tag_peel(j, &ref->new, ref, ret_commit, ret_ok, err);
	if (j->view->kind(j->view->git, &ref->new, &kind, &size, err) < 0)
		return -1;
	if (kind == OBJECT_MISSING) {
		finding_add(j->arena, &ref->findings, CODE_OBJECT_MISSING,
		    "object %s is missing", oid_hex8(&ref->new).s);
		return 0;
	}
	if (kind != OBJECT_COMMIT) {
		finding_add(j->arena, &ref->findings, CODE_OBJECT_KIND,
		    "it names commits only, and %s is a %s",
		    oid_hex8(&ref->new).s, kind_text(kind));
		return 0;
	}
	*ret_commit = ref->new;
	*ret_ok = true;
	return 0;
}

static void add_fault(
    struct judging *j, struct ref_verdict *ref, const struct view_fault *fault)
{
	if (fault->missing)
		finding_add(j->arena, &ref->findings, CODE_OBJECT_MISSING,
		    "%s %s is missing", kind_text(fault->kind),
		    oid_hex8(&fault->oid).s);
	else
		finding_add(j->arena, &ref->findings, CODE_OBJECT_MALFORMED,
		    "%s %s: %s", kind_text(fault->kind),
		    oid_hex8(&fault->oid).s, fault->text);
}

/* Commits that are canonical, shown to the gates. */
static int show(struct judging *j, const struct oids *commits,
    struct asking *asking, struct arena *scratch, struct err *err)
{
	const struct view *view = j->view;

	for (size_t i = 0; i < commits->n; i++) {
		const char *complaint = NULL;
		struct commit commit;

		arena_reset(scratch);
		if (view->commit(view->git, scratch, &commits->v[i], &commit,
			&complaint, err) < 0)
			return -1;
		if (complaint)
			return err_set(err, ERR_FORMAT, "commit %s: %s",
			    oid_hex8(&commits->v[i]).s, complaint);
		gate_rows_commit(asking, scratch, &commit);
	}
	return 0;
}

/*
 * The commits in slices: first are the objects of a slice canonical, then are
 * its commits shown to the gates, which find its trees still in memory.
 */
static int judge_slices(struct judging *j, struct slices *s,
    const struct oids *commits, struct err *err)
{
	for (size_t i = 0; i < commits->n && s->faults < FAULTS_MAX;
	     i += SLICE) {
		size_t n = commits->n - i < SLICE ? commits->n - i : SLICE;
		struct oids slice = { commits->v + i, n, n };
		struct view_faults faults = { 0 };

		judging_progress(j, "Checking commits", i, commits->n);
		if (judging_expired(j))
			return 0;
		if (j->view->faults(
			j->view->git, j->arena, &slice, &faults, err) < 0)
			return -1;
		for (size_t f = 0; f < faults.n; f++, s->faults++)
			add_fault(j, s->ref, &faults.v[f]);
		s->more += faults.more;
		if (s->asking && s->faults == 0 &&
		    show(j, &slice, s->asking, &s->scratch, err) < 0)
			return -1;
	}
	judging_progress(j, "Checking commits", commits->n, commits->n);
	return 0;
}

static int judge_commits(struct judging *j, struct ref_verdict *ref,
    const struct oids *commits, struct asking *asking, bool *ret_ok,
    struct err *err)
{
	struct slices s = { .ref = ref };
	int r;

	if (asking && gate_rows_read(asking))
		s.asking = asking;
	arena_init(&s.scratch, ARENA_SCRATCH_MAX);
	r = judge_slices(j, &s, commits, err);
	arena_release(&s.scratch);
	if (s.more > 0)
		finding_add(j->arena, &ref->findings, CODE_OBJECT_MALFORMED,
		    "and %zu objects more", s.more);
	*ret_ok = r == 0 && s.faults == 0 && !j->expired;
	return r;
}

static void refuse_many(struct judging *j, struct ref_verdict *ref)
{
	struct finding *finding = finding_add(j->arena, &ref->findings,
	    CODE_LIMIT_COMMITS, "the push has more than %llu new commits",
	    (unsigned long long)j->policy->limit_commits);

	strings_add(j->arena, &finding->hints, "push them in smaller parts");
}

/* New in the push so far; a commit that two refs bring counts once. */
static size_t count_commits(struct judging *j, const struct oids *commits)
{
	if (j->verdict->nrefs == 1)
		return commits->n;
	for (size_t i = 0; i < commits->n; i++)
		oidmap_put(&j->commits, &commits->v[i], NULL);
	return j->commits.n;
}

/* What the push itself is to blame for; -1: it is not. */
static int refuse_walk(
    struct judging *j, struct ref_verdict *ref, const struct err *err)
{
	enum code code = CODE_INTERNAL;

	switch (err->kind) {
	case ERR_LIMIT:
		refuse_many(j, ref);
		return 0;
	case ERR_NOTFOUND:
		code = CODE_OBJECT_MISSING;
		break;
	case ERR_SIZE:
		code = CODE_OBJECT_MALFORMED;
		break;
	case ERR_NONE:
	case ERR_IO:
	case ERR_FORMAT:
	case ERR_MOVED:
	case ERR_INTERNAL:
		return -1;
	}
	finding_add(j->arena, &ref->findings, code, "%s",
	    text_clean_s(j->arena, err->text));
	return 0;
}

int judge_objects(struct judging *j, const struct gate_facts *facts,
    struct ref_verdict *ref, struct asking *asking, bool *ret_ok,
    struct err *err)
{
	const struct oids *commits;

	*ret_ok = false;
	if (facts_new_commits(facts, &commits, err) < 0)
		return refuse_walk(j, ref, err);
	if (count_commits(j, commits) > j->policy->limit_commits) {
		refuse_many(j, ref);
		return 0;
	}
	return judge_commits(j, ref, commits, asking, ret_ok, err);
}
