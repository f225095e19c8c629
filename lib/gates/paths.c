#include "base/glob.h"
#include "base/text.h"
#include "gates/gate.h"
#include "gates/portable.h"
#include "policy/globform.h"
#include "policy/names.h"

#include <string.h>

/* paths: what the net change touches, by name and kind of entry. */

enum {
	ALLOW,
	DENY
};

struct only_rule { /* who may touch what a pattern matches */
	const char *glob;
	struct strings roles;
};

struct paths_keys {
	struct strings deny;
	const struct node *only;
	uint64_t max_length; /* bytes; 0: any */
	bool portable;
	int symlinks, submodules;

	/* of `only`, read by check() */
	struct only_rule *rules;
	size_t nrules;
};

struct judging_paths {
	struct arena *arena;
	const struct paths_keys *keys;
	const struct gate_facts *facts;
	struct offenders offenders;
};

static const char *shown(struct judging_paths *p, const char *path)
{
	return text_clean_s(p->arena, path);
}

/* ---- what is added or changed ------------------------------------------- */

static void judge_deny(struct judging_paths *p, const char *path)
{
	const struct strings *deny = &p->keys->deny;

	for (size_t i = 0; i < deny->n; i++) {
		if (!glob_match(deny->v[i], path))
			continue;
		offenders_add(&p->offenders, "%s is denied by `%s`",
		    shown(p, path), shown(p, deny->v[i]));
		return;
	}
}

static void judge_mode(struct judging_paths *p, const char *path, unsigned mode)
{
	if (p->keys->symlinks == DENY && (mode & MODE_KIND) == MODE_SYMLINK)
		offenders_add(
		    &p->offenders, "%s is a symbolic link", shown(p, path));
	if (p->keys->submodules == DENY && (mode & MODE_KIND) == MODE_SUBMODULE)
		offenders_add(
		    &p->offenders, "%s is a submodule", shown(p, path));
}

static void judge_name(struct judging_paths *p, const char *path)
{
	const struct paths_keys *keys = p->keys;
	const char *complaint = NULL;

	if (keys->max_length > 0 && strlen(path) > keys->max_length)
		offenders_add(&p->offenders, "%s has %zu bytes, at most %llu",
		    shown(p, path), strlen(path),
		    (unsigned long long)keys->max_length);
	if (keys->portable)
		complaint = portable_complaint(p->arena, path);
	if (complaint)
		offenders_add(
		    &p->offenders, "%s %s", shown(p, path), complaint);
}

/* ---- what is touched at all --------------------------------------------- */

static const char *role_names(struct arena *arena, const struct strings *roles)
{
	const char *names = "";

	for (size_t i = 0; i < roles->n; i++)
		names = arena_printf(
		    arena, "%s%s@%s", names, i > 0 ? ", " : "", roles->v[i]);
	return names;
}

static void judge_only(struct judging_paths *p, const char *path)
{
	const struct gate_facts *facts = p->facts;

	for (size_t i = 0; i < p->keys->nrules; i++) {
		const struct only_rule *rule = &p->keys->rules[i];

		if (!glob_match(rule->glob, path) ||
		    policy_in_roles(
			facts->policy, &rule->roles, facts->push->pusher))
			continue;
		offenders_add(&p->offenders, "%s is only for %s",
		    shown(p, path), role_names(p->arena, &rule->roles));
	}
}

static int judge_paths(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err)
{
	struct judging_paths p = { .arena = arena,
		.keys = gate->params,
		.facts = facts,
		.offenders = { .arena = arena } };
	const struct change *change;

	if (facts_change(facts, &change, err) < 0)
		return -1;
	for (size_t i = 0; i < change->n; i++) {
		const struct path_change *path = &change->v[i];

		judge_only(&p, path->path);
		if (path->to.mode == 0)
			continue;
		judge_deny(&p, path->path);
		judge_mode(&p, path->path, path->to.mode);
		judge_name(&p, path->path);
	}
	if (p.keys->portable &&
	    portable_twins(facts, change, &p.offenders, err) < 0)
		return -1;
	offenders_finish(&p.offenders, row);
	return 0;
}

/* ---- the form ----------------------------------------------------------- */

/* A rule with a mistake in it stays out: the policy is refused anyway. */
static void read_rule(struct arena *arena, const struct policy *policy,
    struct paths_keys *keys, const struct node *glob, const struct node *roles,
    struct diags *diags)
{
	struct only_rule rule = { .glob = glob->text };
	bool ok = globform_check(glob, false, diags);

	if (roles->type == NODE_MAPPING || field_items(roles) == 0) {
		diag_error(diags, roles->mark,
		    "'only' wants a list of roles for each pattern");
		return;
	}
	for (size_t i = 0; i < field_items(roles); i++) {
		const struct node *role = field_item(roles, i);

		if (role->type != NODE_SCALAR) {
			diag_error(diags, role->mark,
			    "'only' wants a list of roles for each pattern");
			return;
		}
		ok = check_role(policy, arena, role, diags) && ok;
		ARRAY_PUSH(arena, &rule.roles, role->text);
	}
	if (ok)
		keys->rules[keys->nrules++] = rule;
}

static void check(struct arena *arena, const struct policy *policy,
    const struct gate *gate, const struct node *node, struct diags *diags)
{
	struct paths_keys *keys = gate->params;
	const struct node *only = keys->only;

	(void)node;
	if (!only)
		return;
	if (only->type != NODE_MAPPING || only->n == 0) {
		diag_error(diags, only->mark,
		    "'only' must be a mapping of patterns to lists of roles");
		return;
	}
	keys->rules = arena_array(arena, only->n, sizeof(*keys->rules));
	for (size_t i = 0; i < only->n; i++)
		read_rule(
		    arena, policy, keys, only->keys[i], only->items[i], diags);
}

static const char *const choices[] = {
	[ALLOW] = "allow", [DENY] = "deny", NULL
};

#define KEY(member) .offset = offsetof(struct paths_keys, member)

static const struct field fields[] = {
	{ .name = "deny",
	    .type = FIELD_GLOBS,
	    .flags = FIELD_NONEMPTY,
	    KEY(deny) },
	{ .name = "only", .type = FIELD_NODE, KEY(only) },
	{ .name = "max_length",
	    .type = FIELD_COUNT,
	    .flags = FIELD_POSITIVE,
	    KEY(max_length) },
	{ .name = "portable", .type = FIELD_BOOL, KEY(portable) },
	{ .name = "symlinks",
	    .type = FIELD_CHOICE,
	    .choices = choices,
	    KEY(symlinks) },
	{ .name = "submodules",
	    .type = FIELD_CHOICE,
	    .choices = choices,
	    KEY(submodules) },
	{ .name = NULL },
};

const struct gate_kind gate_paths = {
	.form = { .kind = "paths",
	    .params_size = sizeof(struct paths_keys),
	    .fields = fields,
	    .check = check },
	.family = GATE_OF_CHANGE,
	.judge = judge_paths,
	.needs_change = true,
};
