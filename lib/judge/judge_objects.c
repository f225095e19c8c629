#include "base/text.h"
#include "judge/judging.h"
#include "judge/tagrule.h"

/* Commits looked at before time and progress are asked about again. */
#define SLICE 256

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

static int judge_canonical(struct judging *j, struct ref_verdict *ref,
    const struct oids *commits, bool *ret_ok, struct err *err)
{
	size_t found = 0, more = 0;

	for (size_t i = 0; i < commits->n && found < FAULTS_MAX; i += SLICE) {
		size_t n = commits->n - i < SLICE ? commits->n - i : SLICE;
		struct oids slice = { commits->v + i, n, n };
		struct view_faults faults = { 0 };

		judging_progress(j, "Checking objects", i, commits->n);
		if (judging_expired(j)) {
			*ret_ok = false;
			return 0;
		}
		if (j->view->faults(
			j->view->git, j->arena, &slice, &faults, err) < 0)
			return -1;
		for (size_t f = 0; f < faults.n; f++, found++)
			add_fault(j, ref, &faults.v[f]);
		more += faults.more;
	}
	judging_progress(j, "Checking objects", commits->n, commits->n);
	if (more > 0)
		finding_add(j->arena, &ref->findings, CODE_OBJECT_MALFORMED,
		    "and %zu objects more", more);
	*ret_ok = found == 0;
	return 0;
}

static void refuse_many(
    struct judging *j, struct ref_verdict *ref, const char *detail)
{
	struct finding *finding = finding_add(j->arena, &ref->findings,
	    CODE_LIMIT_COMMITS, "the push has more than %llu new commits",
	    (unsigned long long)j->policy->limit_commits);

	if (detail)
		strings_add(j->arena, &finding->details,
		    text_clean_s(j->arena, detail));
	strings_add(j->arena, &finding->hints, "push them in smaller parts");
}

int judge_objects(struct judging *j, const struct gate_facts *facts,
    struct ref_verdict *ref, bool *ret_ok, struct err *err)
{
	const struct oids *commits;

	*ret_ok = false;
	if (facts_new_commits(facts, &commits, err) < 0) {
		if (err->kind == ERR_LIMIT)
			refuse_many(j, ref, err->text);
		else if (err->kind == ERR_NOTFOUND)
			finding_add(j->arena, &ref->findings,
			    CODE_OBJECT_MISSING, "%s",
			    text_clean_s(j->arena, err->text));
		else
			return -1;
		return 0;
	}
	for (size_t i = 0; i < commits->n; i++)
		oidmap_put(&j->commits, &commits->v[i], NULL);
	if (j->commits.n > j->policy->limit_commits) {
		refuse_many(j, ref, NULL);
		return 0;
	}
	return judge_canonical(j, ref, commits, ret_ok, err);
}
