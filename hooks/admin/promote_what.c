#include <string.h>

#include "base/text.h"
#include "commits.h"
#include "judge/stagerefs.h"
#include "open.h"
#include "promote.h"
#include "words.h"

/*
 * Which ref, and which commit: what is not said is found where there is no
 * choice, and asked for where there is.
 */
#define NAMED_MAX 10 /* refs that one may choose from */

/* What to write next, for each of the refs. */
static int ask_for(
    struct promotion *promotion, const char *before, const struct strings *refs)
{
	for (size_t i = 0; i < refs->n && i < NAMED_MAX; i++)
		admin_note(promotion->admin, "hint: ", "stagegate promote %s%s",
		    before, short_ref(refs->v[i]));
	if (refs->n > NAMED_MAX)
		admin_note(promotion->admin, "hint: ", "and %zu more",
		    refs->n - NAMED_MAX);
	return EXIT_USAGE;
}

/* ---- the ref ------------------------------------------------------------ */

static int choose_ref(struct promotion *promotion)
{
	struct admin *admin = promotion->admin;
	const struct stage *stage = promotion->stage;
	struct view_refs refs = { NULL, 0, 0 };
	struct strings names = { NULL, 0, 0 };
	struct err err;

	promotion->ref = stage_single_ref(stage);
	if (promotion->ref)
		return EXIT_ALLOWED;
	if (stage_refs(&admin->session.view, admin->arena, stage, &refs, &err) <
	    0)
		return admin_fail(admin, &err);
	if (refs.n == 1) {
		promotion->ref = refs.v[0].name;
		return EXIT_ALLOWED;
	}
	for (size_t i = 0; i < refs.n; i++)
		strings_add(admin->arena, &names, refs.v[i].name);
	for (size_t i = 0; i < stage->nrefs; i++)
		if (stage->refs[i].literal)
			strings_add(
			    admin->arena, &names, stage->refs[i].prefix);
	admin_note(admin, "error: ",
	    names.n ? "stage %s has several refs: which one?"
		    : "stage %s has no ref yet: say which one of %s to make",
	    stage->name, words_refs(admin->arena, stage));
	return ask_for(promotion, "", &names);
}

static int no_target(struct promotion *promotion, const char *name)
{
	struct admin *admin = promotion->admin;
	const struct policy *policy = admin->session.policy;
	struct strings names = { NULL, 0, 0 };

	for (size_t i = 0; i < policy->nstages; i++)
		if (!stage_is_entry(&policy->stages[i]))
			ARRAY_PUSH(
			    admin->arena, &names, policy->stages[i].name);
	admin_note(admin, "error: ", "'%s' is neither a stage nor a ref of one",
	    text_clean_s(admin->arena, name));
	admin_note(admin, "hint: ", "what is promoted goes to %s",
	    words_list(admin->arena, &names, "or"));
	return EXIT_USAGE;
}

int promote_target(struct promotion *promotion)
{
	struct admin *admin = promotion->admin;
	const struct policy *policy = admin->session.policy;
	const char *name = admin->args.v[0], *given = promotion->opts->ref;
	const char *ref = full_ref(admin->arena, given ? given : name);
	const struct stage *stage = policy_stage(policy, name);
	const struct stage *of = policy_stage_of_ref(policy, ref, NULL);

	if (stage && of && of != stage) {
		admin_note(admin, "error: ", "%s is of stage %s, not of %s",
		    ref, of->name, stage->name);
		return EXIT_USAGE;
	}
	if ((!stage && !of) || (given && !of))
		return no_target(promotion, given && stage ? given : name);
	promotion->stage = stage ? stage : of;
	if (stage_is_entry(promotion->stage)) {
		admin_note(admin, "error: ",
		    "stage %s is where changes begin: what goes there is just "
		    "pushed",
		    promotion->stage->name);
		return EXIT_USAGE;
	}
	if (!of)
		return choose_ref(promotion);
	promotion->ref = ref;
	return EXIT_ALLOWED;
}

/* ---- the candidate ------------------------------------------------------ */

/* A branch of that name may be elsewhere than the server's. */
static int named_candidate(struct promotion *promotion, const char *name)
{
	struct admin *admin = promotion->admin;
	const struct view *view = &admin->session.view;
	struct view_ref ref;
	struct oid oid;
	struct err err;

	if (commit_named(admin, name, &oid, &err) < 0 ||
	    view->ref(view->git, admin->arena, full_ref(admin->arena, name),
		&ref, &err) < 0)
		return admin_fail(admin, &err);
	if (ref.exists && !oid_eq(&ref.oid, &oid))
		admin_note(admin,
		    "hint: ", "'%s' is %s here and %s on the server",
		    text_clean_s(admin->arena, name), oid_hex8(&oid).s,
		    oid_hex8(&ref.oid).s);
	return commit_read(admin, &oid, &promotion->candidate);
}

static int refs_before(
    struct promotion *promotion, struct view_refs *ret, struct err *err)
{
	struct admin *admin = promotion->admin;
	const struct stage *stage = promotion->stage;

	for (size_t i = 0; i < stage->from.n; i++) {
		struct view_refs refs = { NULL, 0, 0 };

		if (stage_refs(&admin->session.view, admin->arena,
			&admin->session.policy->stages[stage->from.v[i]], &refs,
			err) < 0)
			return -1;
		for (size_t k = 0; k < refs.n; k++)
			ARRAY_PUSH(admin->arena, ret, refs.v[k]);
	}
	return 0;
}

/* The tip of the stage before, where that is one. */
static int only_candidate(struct promotion *promotion)
{
	struct admin *admin = promotion->admin;
	struct view_refs refs = { NULL, 0, 0 };
	struct strings names = { NULL, 0, 0 }, from = { NULL, 0, 0 };
	struct err err;

	if (refs_before(promotion, &refs, &err) < 0)
		return admin_fail(admin, &err);
	if (refs.n == 1)
		return commit_read(
		    admin, &refs.v[0].oid, &promotion->candidate);
	words_from(
	    admin->arena, admin->session.policy, promotion->stage, &from);
	for (size_t i = 0; i < refs.n; i++)
		strings_add(admin->arena, &names, refs.v[i].name);
	admin_note(admin, "error: ",
	    refs.n ? "what enters %s comes from %s, which has several refs: "
		     "which commit?"
		   : "what enters %s comes from %s, which has no ref yet",
	    promotion->stage->name, words_list(admin->arena, &from, "or"));
	return ask_for(promotion,
	    arena_printf(admin->arena, "%s ", short_ref(promotion->ref)),
	    &names);
}

int promote_candidate(struct promotion *promotion)
{
	const struct strings *args = &promotion->admin->args;

	return args->n > 1 ? named_candidate(promotion, args->v[1])
			   : only_candidate(promotion);
}
