#include "base/text.h"
#include "gates/gate.h"
#include "judge/signer.h"
#include "policy/signers.h"

/* signature: new commits are signed by somebody of these roles. */

enum {
	OF_COMMITS,
	OF_MERGES,
	OF_TIP
};

struct signature_keys {
	struct strings by; /* roles */
	int of;
};

struct signing {
	struct arena *arena;
	const struct signature_keys *keys;
	const struct gate_facts *facts;
	struct strings by; /* people who signed */
	struct offenders offenders;
};

static void *begin(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts)
{
	struct signing *s = ARENA_NEW(arena, struct signing);

	s->arena = arena;
	s->keys = gate->params;
	s->facts = facts;
	s->offenders.arena = arena;
	return s;
}

static int judge_one(struct signing *s, struct arena *scratch,
    const struct commit *commit, struct err *err)
{
	const struct gate_facts *facts = s->facts;
	const struct signed_text text = signed_commit(commit);
	struct signer signer;

	if (signer_find(scratch, facts->policy, facts->view, facts->now, &text,
		&signer, err) < 0)
		return -1;
	if (signer.state != SIGNER_GOOD)
		offenders_add(&s->offenders, "%s: %s", oid_hex8(&commit->id).s,
		    signer.why);
	else if (!policy_in_roles(
		     facts->policy, &s->keys->by, signer.person->name))
		offenders_add(&s->offenders,
		    "%s: %s signed it, who is in none of the roles",
		    oid_hex8(&commit->id).s,
		    text_clean_s(scratch, signer.person->name));
	else
		strings_add(s->arena, &s->by, signer.person->name);
	return 0;
}

static int judge_commit(void *state, struct arena *scratch,
    const struct commit *commit, struct err *err)
{
	struct signing *s = state;
	bool asked = false;

	if (s->keys->of == OF_COMMITS)
		asked = commit->parents.n < 2;
	else if (s->keys->of == OF_MERGES)
		asked = merge_enters(s->facts, commit);
	return asked ? judge_one(s, scratch, commit, err) : 0;
}

/* The tip may be no new commit at all. */
static int judge_tip(struct signing *s, struct err *err)
{
	const struct view *view = s->facts->view;
	const struct steps *steps = &s->facts->ref->steps;
	const char *complaint = NULL;
	struct commit commit;
	const struct oid *tip = steps->n > 0 ? &steps->v[steps->n - 1].commit
					     : &s->facts->candidate;

	if (view->commit(view->git, s->arena, tip, &commit, &complaint, err) <
	    0)
		return -1;
	if (complaint)
		return err_set(err, ERR_FORMAT, "commit %s: %s",
		    oid_hex8(tip).s, complaint);
	commit.id = *tip;
	return judge_one(s, s->arena, &commit, err);
}

static int finish(void *state, struct gate_row *row, struct err *err)
{
	struct signing *s = state;

	if (s->keys->of == OF_TIP && judge_tip(s, err) < 0)
		return -1;
	offenders_finish(&s->offenders, row);
	row->by = s->by;
	if (s->offenders.n > 0)
		row->hint = "`git commit -S` signs, with `git config "
			    "gpg.format ssh` and user.signingKey set to a key "
			    "that the policy knows; `git rebase --exec 'git "
			    "commit --amend --no-edit -S'` does it afterwards";
	return 0;
}

static void check(struct arena *arena, const struct policy *policy,
    const struct gate *gate, const struct node *node, struct diags *diags)
{
	const struct signature_keys *keys = gate->params;
	const struct signers_wanted wanted = { .mark = field_mark(node, "by"),
		.what = arena_printf(arena, "gate '%s'", gate->name),
		.roles = &keys->by,
		.count = 1 };

	check_signers(policy, arena, &wanted, diags);
}

static const char *const of_choices[] = {
	[OF_COMMITS] = "commits",
	[OF_MERGES] = "merges",
	[OF_TIP] = "tip",
	NULL,
};

static const struct field fields[] = {
	{ .name = "by",
	    .type = FIELD_ROLES,
	    .flags = FIELD_REQUIRED | FIELD_NONEMPTY,
	    .offset = offsetof(struct signature_keys, by) },
	{ .name = "of",
	    .type = FIELD_CHOICE,
	    .choices = of_choices,
	    .offset = offsetof(struct signature_keys, of) },
	{ .name = NULL },
};

const struct gate_kind gate_signature = {
	.form = { .kind = "signature",
	    .params_size = sizeof(struct signature_keys),
	    .fields = fields,
	    .check = check },
	.family = GATE_OF_COMMITS,
	.begin = begin,
	.commit = judge_commit,
	.finish = finish,
};
