#include "judge/refname.h"

#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/text.h"

#define STAGES_NAMED_MAX 8 /* in the hints of a refusal */
#define HEADS "refs/heads/"

struct known_ref { /* a pattern of a stage's refs or tags */
	const struct stage *stage;
	const char *glob;
	const char *folded; /* NULL: folding leaves no pattern */
	const char *folded_prefix;
	bool literal, tag;
};

struct refname_index {
	const struct policy *policy;
	struct known_ref *v;
	size_t n, cap;
};

/* ---- what git says ----------------------------------------------------- */

static bool component_is_valid(const char *p, size_t len)
{
	static const char forbidden[] = " ~^:?*[\\\x7f";

	if (len == 0 || p[0] == '.')
		return false;
	if (len >= 5 && memcmp(p + len - 5, ".lock", 5) == 0)
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)p[i] < 0x20 || strchr(forbidden, p[i]))
			return false;
		if (i + 1 < len && p[i] == '.' && p[i + 1] == '.')
			return false;
		if (i + 1 < len && p[i] == '@' && p[i + 1] == '{')
			return false;
	}
	return true;
}

bool refname_is_valid(const char *name)
{
	size_t len = strlen(name), components = 0;

	if (len == 0 || name[len - 1] == '.')
		return false;
	for (const char *p = name;; components++) {
		size_t n = strcspn(p, "/");

		if (!component_is_valid(p, n))
			return false;
		if (!p[n])
			return components > 0;
		p += n + 1;
	}
}

/* ---- an index of the policy's refs ------------------------------------- */

static void index_glob(struct arena *arena, struct refname_index *index,
    const struct stage *stage, const char *glob, bool tag)
{
	struct known_ref known = { .stage = stage, .glob = glob, .tag = tag };
	struct err err;

	known.literal = glob_is_literal(glob);
	known.folded = text_skeleton(arena, glob, strlen(glob));
	/* [Z-a] folds to [z-a], which is no class. */
	if (glob_check(known.folded, &err) < 0)
		known.folded = NULL;
	else
		known.folded_prefix = glob_prefix(arena, known.folded);
	ARRAY_PUSH(arena, index, known);
}

struct refname_index *refname_index(
    struct arena *arena, const struct policy *policy)
{
	struct refname_index *index = ARENA_NEW(arena, struct refname_index);

	index->policy = policy;
	for (size_t i = 0; i < policy->nstages; i++) {
		const struct stage *stage = &policy->stages[i];

		for (size_t r = 0; r < stage->nrefs; r++)
			index_glob(
			    arena, index, stage, stage->refs[r].glob, false);
		for (size_t t = 0; t < stage->tags.n; t++)
			index_glob(arena, index, stage, stage->tags.v[t], true);
	}
	return index;
}

/* ---- never, whatever the policy says ------------------------------------ */

static bool deny(struct arena *arena, struct ref_verdict *ref, const char *text)
{
	finding_add(arena, &ref->findings, CODE_REF_DENIED, "%s", text);
	return false;
}

static bool is_ascii(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x80)
			return false;
	return true;
}

static bool has_blank_or_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s <= 0x20 || *s == 0x7f)
			return true;
	return false;
}

static bool judge_form(
    struct arena *arena, struct ref_verdict *ref, const char *folded)
{
	const char *name = ref->ref;
	size_t len = strlen(name);

	if (has_blank_or_control(name) || strchr(folded, ' '))
		return deny(
		    arena, ref, "its name has a blank or a control character");
	if (!utf8_valid(name, len))
		return deny(arena, ref, "its name is not UTF-8");
	if (text_has_hidden(name, len))
		return deny(
		    arena, ref, "its name has a character that can't be seen");
	if (!refname_is_valid(name))
		return deny(arena, ref,
		    "its name is none that git allows (git-check-ref-format)");
	return true;
}

/* Is it that name, or below it? */
static bool is_at_or_below(const char *name, const char *place)
{
	return strcmp(name, place) == 0 || str_below(name, place);
}

/* Statements are made as tags, and --follow-tags pushes what is left behind.
 * The name is repeated in a command only where no shell reads it its way. */
static void refuse_evidence_tag(struct arena *arena, struct ref_verdict *ref)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
	struct finding *finding = finding_add(arena, &ref->findings,
	    CODE_REF_RESERVED, "statements are not kept as tags");
	const char *rest = ref->ref + strlen("refs/tags/");

	strings_add(arena, &finding->hints,
	    "hand statements in at refs/evidence/<gate>/<commit>/<anything>, "
	    "and remove the tag here, or --follow-tags takes it along");
	if (rest[strspn(rest, safe)] != '\0' || !str_prefix(rest, "evidence/"))
		return;
	strings_add(arena, &finding->commands,
	    arena_printf(arena,
		"git push origin %s:refs/%s/$(date +%%s)-$$ && git tag -d %s",
		ref->ref, rest, rest));
}

static bool judge_reserved(
    struct arena *arena, struct ref_verdict *ref, const char *folded)
{
	static const struct {
		const char *place, *why;
	} reserved[] = {
		{ "refs/stagegate", "belongs to stagegate itself" },
		{ "refs/notes/stagegate",
		    "is the ledger, which only "
		    "stagegate writes" },
		{ "refs/replace",
		    "would show other objects in place of those "
		    "that were judged" },
		{ "refs/namespaces", "is another repository to git" },
	};

	for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++) {
		if (!is_at_or_below(folded, reserved[i].place))
			continue;
		finding_add(arena, &ref->findings, CODE_REF_RESERVED, "%s %s",
		    reserved[i].place, reserved[i].why);
		return false;
	}
	if (str_prefix(folded, "refs/tags/evidence/")) {
		refuse_evidence_tag(arena, ref);
		return false;
	}
	return true;
}

static bool judge_place(
    struct arena *arena, const struct policy *policy, struct ref_verdict *ref)
{
	static const char *const places[] = { HEADS, "refs/tags/",
		"refs/notes/", EVIDENCE_PREFIX };

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (str_prefix(ref->ref, places[i]))
			return true;
	if (globs_match(&policy->host_refs, ref->ref))
		return true;
	return deny(arena, ref,
	    "only refs/heads/, refs/tags/, refs/notes/ and refs/evidence/ "
	    "take pushes");
}

static bool looks_like_oid(const char *s)
{
	return str_is_hex(s, 40) || str_is_hex(s, 64);
}

/* The whole name of a branch: what git would read as something else. */
static bool judge_branch(
    struct arena *arena, struct ref_verdict *ref, const char *folded)
{
	const char *name, *as = NULL;

	if (!str_prefix(folded, HEADS))
		return true;
	name = folded + strlen(HEADS);
	if (strcmp(name, "head") == 0)
		as = "HEAD";
	else if (looks_like_oid(name))
		as = "an object id";
	else if (str_prefix(name, "refs/"))
		as = "the full name of a ref";
	if (!as)
		return true;
	finding_add(arena, &ref->findings, CODE_REF_RESERVED,
	    "a branch of this name would be taken for %s", as);
	return false;
}

static bool refuse_like(struct arena *arena, struct ref_verdict *ref,
    const struct known_ref *known, const char *how)
{
	finding_add(arena, &ref->findings, CODE_REF_RESERVED,
	    "its name %s %s of %s", how, text_clean_s(arena, known->glob),
	    known->stage->name);
	return false;
}

/* A literal ref of a stage, or what any ref of the pattern begins with. */
static bool judge_beside(struct arena *arena, struct ref_verdict *ref,
    const char *folded, const struct known_ref *known)
{
	bool same = glob_match(known->glob, ref->ref);

	/* Refs of one pattern may look alike, but none like a literal one. */
	if (!same && (known->literal || ref->stage != known->stage) &&
	    glob_match(known->folded, folded))
		return refuse_like(arena, ref, known, "could be taken for");
	if (same || known->tag)
		return true;
	if (known->literal && is_at_or_below(folded, known->folded) &&
	    strcmp(folded, known->folded) != 0)
		return refuse_like(arena, ref, known,
		    "lies below a ref, git can't have both:");
	if (str_below(known->folded_prefix, folded))
		return refuse_like(arena, ref, known,
		    "is a folder of refs, git can't have both:");
	return true;
}

/* Names that a reader or a file system takes for a ref of a stage. */
static bool judge_look_alike(struct arena *arena,
    const struct refname_index *index, struct ref_verdict *ref,
    const char *folded)
{
	for (size_t i = 0; i < index->n; i++)
		if (index->v[i].folded &&
		    !judge_beside(arena, ref, folded, &index->v[i]))
			return false;
	return true;
}

/* ---- what kind of ref --------------------------------------------------- */

static const char *refs_of(struct arena *arena, const struct stage *stage)
{
	struct buf buf;

	buf_init(&buf, arena, 400);
	for (size_t i = 0; i < stage->nrefs; i++)
		buf_addf(&buf, "%s%s", i > 0 ? ", " : "",
		    text_clean_s(arena, stage->refs[i].glob));
	if (buf.overflow)
		return arena_printf(arena, "%s, and more",
		    text_clean_s(arena, stage->refs[0].glob));
	return buf.p;
}

static bool judge_other(
    struct arena *arena, const struct policy *policy, struct ref_verdict *ref)
{
	struct finding *finding;

	if (policy->other_refs_allowed)
		return true;
	finding = finding_add(arena, &ref->findings, CODE_REF_DENIED,
	    "this flow has no stage for it");
	finding->warns = policy->status == STATUS_DRAFT;
	for (size_t i = 0; i < policy->nstages && i < STAGES_NAMED_MAX; i++)
		strings_add(arena, &finding->hints,
		    arena_printf(arena, "%s takes %s", policy->stages[i].name,
			refs_of(arena, &policy->stages[i])));
	if (policy->nstages > STAGES_NAMED_MAX)
		strings_add(arena, &finding->hints,
		    arena_printf(arena, "and %zu stages more",
			policy->nstages - STAGES_NAMED_MAX));
	return finding->warns;
}

static enum ref_kind kind_of(
    const struct policy *policy, struct ref_verdict *ref)
{
	if (str_prefix(ref->ref, EVIDENCE_PREFIX)) {
		ref->stage_name = "evidence";
		return REF_EVIDENCE;
	}
	ref->stage = policy_stage_of_ref(policy, ref->ref, NULL);
	if (ref->stage) {
		ref->stage_name = ref->stage->name;
		return REF_STAGE;
	}
	if (policy_stage_of_tag(policy, ref->ref))
		return REF_STAGE_TAG;
	if (globs_match(&policy->host_refs, ref->ref))
		return REF_HOST;
	return REF_OTHER;
}

bool refname_judge(struct arena *arena, const struct refname_index *index,
    struct ref_verdict *ref, enum ref_kind *ret_kind)
{
	const struct policy *policy = index->policy;
	const char *folded = text_skeleton(arena, ref->ref, strlen(ref->ref));
	enum ref_kind kind = kind_of(policy, ref);

	*ret_kind = kind;
	if (!judge_form(arena, ref, folded) ||
	    !judge_reserved(arena, ref, folded) ||
	    !judge_place(arena, policy, ref) ||
	    !judge_branch(arena, ref, folded) ||
	    !judge_look_alike(arena, index, ref, folded))
		return false;
	if (kind == REF_OTHER)
		return judge_other(arena, policy, ref);
	if (!is_ascii(ref->ref) &&
	    !(kind == REF_STAGE && stage_is_entry(ref->stage)))
		return deny(arena, ref,
		    "only names of ASCII characters are allowed here");
	return true;
}

/* ---- twice in one push -------------------------------------------------- */

struct folded_ref {
	const char *folded;
	struct ref_verdict *ref;
};

static int folded_cmp(const void *a, const void *b)
{
	const struct folded_ref *x = a, *y = b;
	int order = strcmp(x->folded, y->folded);

	if (order != 0)
		return order;
	return x->ref < y->ref ? -1 : x->ref > y->ref;
}

static void refuse_duplicate(struct arena *arena, struct ref_verdict *ref,
    const struct ref_verdict *other)
{
	if (strcmp(ref->ref, other->ref) == 0)
		finding_add(arena, &ref->findings, CODE_REF_DUPLICATE,
		    "the push names it twice");
	else
		finding_add(arena, &ref->findings, CODE_REF_DUPLICATE,
		    "the push names it twice, also as %s", other->shown);
}

void refname_duplicates(struct arena *arena, struct verdict *verdict)
{
	size_t n = verdict->nrefs;
	struct folded_ref *refs = arena_array(arena, n, sizeof(*refs));
	struct arena scratch;

	if (n < 2)
		return;
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	for (size_t i = 0; i < n; i++) {
		struct ref_verdict *ref = &verdict->refs[i];
		const char *name = ref->resolved ? ref->resolved : ref->ref;

		refs[i].ref = ref;
		refs[i].folded = text_skeleton(&scratch, name, strlen(name));
	}
	qsort(refs, n, sizeof(*refs), folded_cmp);
	for (size_t i = 0; i < n; i++) {
		bool before = i > 0 &&
		    strcmp(refs[i - 1].folded, refs[i].folded) == 0;
		bool behind = i + 1 < n &&
		    strcmp(refs[i].folded, refs[i + 1].folded) == 0;

		if (before || behind)
			refuse_duplicate(arena, refs[i].ref,
			    refs[before ? i - 1 : i + 1].ref);
	}
	arena_release(&scratch);
}
