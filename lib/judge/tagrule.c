#include "judge/tagrule.h"

#include <string.h>

#include "base/text.h"
#include "judge/passage.h"
#include "judge/signer.h"
#include "judge/stagerefs.h"

#define TAGS "refs/tags/"

struct tagging {
	const struct judging *j;
	struct arena *arena; /* j's, as are push and view */
	const struct push *push;
	const struct view *view;
	struct ref_verdict *ref;
	const struct stage *stage;
};

/* ---- peeling ------------------------------------------------------------ */

/* The outermost tag object has a name of its own: where it is another than
 * the ref's, `git describe` and `git fetch` tell different stories.  git reads
 * one that nobody made, too. */
static void check_outermost(
    struct arena *arena, struct ref_verdict *ref, const struct tag *tag)
{
	if (!str_prefix(ref->ref, TAGS))
		return;
	if (strcmp(ref->ref + strlen(TAGS), tag->name) != 0)
		finding_add(arena, &ref->findings, CODE_OBJECT_MALFORMED,
		    "tag %s is called '%s' inside, not like its ref",
		    oid_hex8(&ref->new).s, text_clean_s(arena, tag->name));
	if (!tag->has_tagger)
		finding_add(arena, &ref->findings, CODE_OBJECT_MALFORMED,
		    "tag %s has no tagger", oid_hex8(&ref->new).s);
}

static int read_tag(const struct judging *j, const struct oid *oid,
    struct ref_verdict *ref, struct tag *ret, bool *ret_ok, struct err *err)
{
	const struct view *view = j->view;
	struct arena *arena = j->arena;
	const char *bytes, *complaint;
	size_t len;

	if (view->tag(view->git, arena, oid, &bytes, &len, err) < 0)
		return -1;
	complaint = tag_parse(arena, bytes, len, ret);
	if (complaint)
		finding_add(arena, &ref->findings, CODE_OBJECT_MALFORMED,
		    "tag %s: %s", oid_hex8(oid).s, complaint);
	*ret_ok = complaint == NULL;
	return 0;
}

static const char *kind_text(enum object_kind kind)
{
	switch (kind) {
	case OBJECT_COMMIT:
		return "a commit";
	case OBJECT_TREE:
		return "a tree";
	case OBJECT_BLOB:
		return "a blob";
	case OBJECT_TAG:
		return "a tag";
	case OBJECT_MISSING:
		break;
	}
	return "missing";
}

/* git believes the tag, libgit2 the object. */
static bool is_of_type(struct arena *arena, struct ref_verdict *ref,
    const struct oid *oid, enum object_kind kind, const char *type)
{
	const char *text = kind_text(kind);

	if (!type || kind == OBJECT_MISSING || strcmp(text + 2, type) == 0)
		return true;
	finding_add(arena, &ref->findings, CODE_OBJECT_MALFORMED,
	    "a tag gives object %s the type %s, and it is %s", oid_hex8(oid).s,
	    type, text);
	return false;
}

int tag_peel(const struct judging *j, const struct oid *oid,
    struct ref_verdict *ref, struct oid *ret_commit, bool *ret_ok,
    struct err *err)
{
	const struct view *view = j->view;
	struct arena *arena = j->arena;
	struct oid at = *oid;
	const char *type = NULL; /* that the tag before gives it */

	*ret_ok = false;
	for (size_t depth = 0; depth <= TAG_DEPTH_MAX; depth++) {
		enum object_kind kind;
		uint64_t size;
		struct tag tag;
		bool ok;

		if (view->kind(view->git, &at, &kind, &size, err) < 0)
			return -1;
		if (!is_of_type(arena, ref, &at, kind, type))
			return 0;
		if (kind == OBJECT_COMMIT) {
			*ret_commit = at;
			*ret_ok = true;
			return 0;
		}
		if (kind == OBJECT_MISSING) {
			finding_add(arena, &ref->findings, CODE_OBJECT_MISSING,
			    "object %s is missing", oid_hex8(&at).s);
			return 0;
		}
		if (kind != OBJECT_TAG) {
			finding_add(arena, &ref->findings, CODE_OBJECT_KIND,
			    "object %s is %s, not a commit", oid_hex8(&at).s,
			    kind_text(kind));
			return 0;
		}
		if (read_tag(j, &at, ref, &tag, &ok, err) < 0)
			return -1;
		if (!ok)
			return 0;
		if (depth == 0)
			check_outermost(arena, ref, &tag);
		at = tag.target;
		type = tag.type;
	}
	finding_add(arena, &ref->findings, CODE_OBJECT_KIND,
	    "tags of tags, more than %d deep", TAG_DEPTH_MAX);
	return 0;
}

/* ---- tags of a stage ---------------------------------------------------- */

static bool is_move(const struct tagging *t)
{
	struct finding *finding;

	if (oid_is_zero(&t->ref->old) ||
	    (t->push->again && oid_eq(&t->ref->old, &t->ref->new)))
		return false;
	finding = oid_is_zero(&t->ref->new)
	    ? finding_add(t->arena, &t->ref->findings, CODE_TAG_DELETED,
		  "tags of %s are never deleted", t->stage->name)
	    : finding_add(t->arena, &t->ref->findings, CODE_TAG_MOVED,
		  "tags of %s never move: this one names %s", t->stage->name,
		  oid_hex8(&t->ref->old).s);
	if (!oid_is_zero(&t->ref->new))
		strings_add(t->arena, &finding->hints,
		    "give the new tag a name of its own");
	return true;
}

static void judge_pusher(const struct tagging *t)
{
	const struct push *push = t->push;

	if (policy_in_roles(t->j->policy, &t->stage->push, push->pusher))
		return;
	if (push->pusher) {
		finding_add(t->arena, &t->ref->findings, CODE_TAG_ROLE,
		    "%s may not make tags of %s",
		    text_clean_s(t->arena, push->pusher), t->stage->name);
		return;
	}
	finding_add(t->arena, &t->ref->findings, CODE_PUSH_IDENTITY, "%s",
	    push->pusher_problem ? text_clean_s(t->arena, push->pusher_problem)
				 : "the server could not tell who pushes");
}

static void refuse_signer(const struct tagging *t, const struct signer *signer)
{
	struct finding *finding = finding_add(t->arena, &t->ref->findings,
	    CODE_TAG_UNSIGNED, "tags of %s must be signed: %s", t->stage->name,
	    signer->why);

	if (signer->state == SIGNER_NONE)
		strings_add(t->arena, &finding->hints,
		    "make it with `git tag -s`, signed with an SSH key");
}

/* The outermost tag object's signature: what the ref names. */
static int judge_signed(const struct tagging *t, struct err *err)
{
	const struct strings *roles = &t->stage->annotated_tags.roles;
	const struct policy *policy = t->j->policy;
	const char *bytes, *body;
	struct signed_text text;
	struct signer signer;
	size_t len;

	if (t->view->tag(
		t->view->git, t->arena, &t->ref->new, &bytes, &len, err) < 0)
		return -1;
	body = strstr(bytes, "\n\n");
	text = signed_tag(bytes, len, body ? (size_t)(body + 2 - bytes) : len);
	if (signer_find(
		t->arena, policy, t->view, t->j->now, &text, &signer, err) < 0)
		return -1;
	if (signer.state != SIGNER_GOOD)
		refuse_signer(t, &signer);
	else if (!policy_in_roles(policy, roles, signer.person->name))
		finding_add(t->arena, &t->ref->findings, CODE_TAG_ROLE,
		    "%s signed it, who may not sign tags of %s",
		    text_clean_s(t->arena, signer.person->name),
		    t->stage->name);
	return 0;
}

static int judge_annotated(const struct tagging *t, struct err *err)
{
	enum object_kind kind;
	uint64_t size;
	struct finding *finding;

	if (!t->stage->annotated_tags.on)
		return 0;
	if (t->view->kind(t->view->git, &t->ref->new, &kind, &size, err) < 0)
		return -1;
	if (kind == OBJECT_TAG)
		return t->stage->annotated_tags.roles.n > 0
		    ? judge_signed(t, err)
		    : 0;
	finding = finding_add(t->arena, &t->ref->findings, CODE_TAG_UNSIGNED,
	    "tags of %s must be annotated", t->stage->name);
	strings_add(t->arena, &finding->hints,
	    t->stage->annotated_tags.roles.n > 0
		? "make it with `git tag -s`, signed with an SSH key"
		: "make it with `git tag -a`");
	return 0;
}

/* Has the commit been through the stage, on any of its refs? */
static int find_passage(const struct tagging *t, const struct oid *commit,
    bool *ret, struct err *err)
{
	struct view_passages passages = { 0 };

	*ret = false;
	if (t->view->passages(
		t->view->ledger, t->arena, commit, &passages, err) < 0)
		return -1;
	for (size_t i = 0; i < passages.n; i++)
		if (passage_counts(&passages.v[i]) &&
		    strcmp(passages.v[i].stage, t->stage->name) == 0)
			*ret = true;
	return 0;
}

static bool is_tip_of_push(const struct tagging *t, const struct oid *commit)
{
	for (size_t i = 0; i < t->j->verdict->nrefs; i++)
		if (t->j->verdict->refs[i].stage == t->stage &&
		    oid_eq(&t->j->verdict->refs[i].new, commit))
			return true;
	return false;
}

/* Is it a tip of the stage that another push is just recording? */
static int find_in_flight(const struct tagging *t, const struct oid *commit,
    bool *ret, struct err *err)
{
	const struct view *view = t->view;
	struct view_refs refs;

	*ret = false;
	if (stage_refs(view, t->arena, t->stage, &refs, err) < 0)
		return -1;
	for (size_t i = 0; i < refs.n && !*ret; i++)
		if (oid_eq(&refs.v[i].oid, commit) &&
		    view->in_flight(
			view->ledger, refs.v[i].name, commit, ret, err) < 0)
			return -1;
	return 0;
}

static int judge_passage(
    const struct tagging *t, const struct oid *commit, struct err *err)
{
	struct finding *finding;
	bool ok;

	if (find_passage(t, commit, &ok, err) < 0)
		return -1;
	if (ok)
		return 0;
	if (find_in_flight(t, commit, &ok, err) < 0)
		return -1;
	if (ok) {
		t->ref->in_flight = true;
		finding_add(t->arena, &t->ref->findings, CODE_REF_MOVED,
		    "commit %s is being recorded, push again",
		    oid_hex8(commit).s);
		return 0;
	}
	finding = finding_add(t->arena, &t->ref->findings, CODE_TAG_STAGE,
	    "commit %s has not been through %s", oid_hex8(commit).s,
	    t->stage->name);
	/* git may move one of the two refs and not the other. */
	if (is_tip_of_push(t, commit))
		strings_add(t->arena, &finding->hints,
		    "push the branch first, then the tag");
	return 0;
}

int tag_judge(const struct judging *j, struct ref_verdict *ref,
    const struct oid *commit, struct err *err)
{
	const struct tagging t = { .j = j,
		.arena = j->arena,
		.push = j->push,
		.view = j->view,
		.ref = ref,
		.stage = policy_stage_of_tag(j->policy, ref->ref) };

	if (!t.stage)
		return err_set(err, ERR_INTERNAL, "no stage has that tag");
	if (is_move(&t))
		return 0;
	judge_pusher(&t);
	if (!commit)
		return 0;
	if (judge_annotated(&t, err) < 0)
		return -1;
	return judge_passage(&t, commit, err);
}
