#include <string.h>

#include "base/glob.h"
#include "base/text.h"
#include "policy/globform.h"
#include "policy/loader.h"
#include "policy/names.h"

static const char heads[] = "refs/heads/";
static const char tags[] = "refs/tags/";

static void add_pattern(
    struct loader *ld, struct stage *stage, struct ref_pattern *pattern)
{
	struct {
		struct ref_pattern *v;
		size_t n, cap;
	} list = { stage->refs, stage->nrefs, stage->refs_cap };

	pattern->prefix = glob_prefix(ld->arena, pattern->glob);
	pattern->prefix_len = strlen(pattern->prefix);
	pattern->literal = glob_is_literal(pattern->glob);
	ARRAY_PUSH(ld->arena, &list, *pattern);
	stage->refs = list.v;
	stage->nrefs = list.n;
	stage->refs_cap = list.cap;
}

static void expand_modules(
    struct loader *ld, struct stage *stage, const struct node *node)
{
	const struct policy *policy = ld->policy;
	struct err err;

	if (policy->nmodules == 0)
		diag_error(ld->diags, node->mark,
		    "'{module}' stands for the keys of 'modules', "
		    "and there are none");
	for (size_t i = 0; i < policy->nmodules; i++) {
		struct ref_pattern pattern = { .mark = node->mark,
			.module = policy->modules[i].name };

		pattern.glob = globform_expand(
		    ld->arena, node->text, pattern.module);
		if (glob_check(pattern.glob, &err) < 0) {
			diag_error(ld->diags, node->mark,
			    "'%s' is not a pattern: %s", pattern.glob,
			    err.text);
			return;
		}
		add_pattern(ld, stage, &pattern);
	}
}

/* Short names would be another ref than the one that was meant. */
static bool check_branch(struct loader *ld, const struct node *node)
{
	const char *glob = node->text;

	if (str_prefix(glob, heads))
		return true;
	if (str_prefix(glob, tags))
		diag_error(ld->diags, node->mark,
		    "'%s' names tags: they belong in 'tags'", glob);
	else if (str_prefix(glob, "refs/"))
		diag_error(ld->diags, node->mark,
		    "'%s' names no branch: a stage's refs begin with "
		    "refs/heads/",
		    glob);
	else
		diag_error(ld->diags, node->mark,
		    "'%s' must be a full name, did you mean '%s%s'?", glob,
		    heads, str_prefix(glob, "heads/") ? glob + 6 : glob);
	return false;
}

static void read_clients(struct loader *ld, struct stage_keys *keys)
{
	const struct node *list = node_get(keys->node, "clients");
	struct stage *stage = &keys->stage;
	struct err err;

	for (size_t i = 0; i < stage->clients.n; i++) {
		const struct node *node = field_item(list, i);
		struct ref_pattern pattern = { .mark = node->mark };

		if (!check_client(ld->policy, ld->arena, node, ld->diags))
			continue;
		for (size_t j = 0; j < i; j++)
			if (strcmp(stage->clients.v[j], node->text) == 0)
				diag_error(ld->diags, node->mark,
				    "client '%s' is listed twice", node->text);
		pattern.glob = policy_client(ld->policy, node->text)->ref;
		if (glob_check(pattern.glob, &err) == 0) /* else reported */
			add_pattern(ld, stage, &pattern);
	}
}

static void check_tag(struct loader *ld, const struct node *node)
{
	const char *glob = node->text;

	if (str_prefix(glob, tags))
		return;
	if (str_prefix(glob, "refs/"))
		diag_error(ld->diags, node->mark,
		    "'%s' names no tag: 'tags' begin with refs/tags/", glob);
	else
		diag_error(ld->diags, node->mark,
		    "'%s' must be a full name, did you mean '%s%s'?", glob,
		    tags, str_prefix(glob, "tags/") ? glob + 5 : glob);
}

/* Reads the sound patterns of a list; the others have been reported. */
void read_refs(struct loader *ld, struct stage_keys *keys)
{
	const struct node *list = node_get(keys->node, "refs");
	const struct node *tag_list = node_get(keys->node, "tags");

	for (size_t i = 0; i < field_items(list); i++) {
		const struct node *node = field_item(list, i);
		struct ref_pattern pattern = { .glob = node->text,
			.mark = node->mark };

		if (!globform_check(node, true, NULL) ||
		    !check_branch(ld, node))
			continue;
		if (globform_has_module(node->text))
			expand_modules(ld, &keys->stage, node);
		else
			add_pattern(ld, &keys->stage, &pattern);
	}
	read_clients(ld, keys);
	for (size_t i = 0; i < field_items(tag_list); i++)
		if (globform_check(field_item(tag_list, i), false, NULL))
			check_tag(ld, field_item(tag_list, i));
	if (!list && !node_get(keys->node, "clients"))
		diag_error(ld->diags, keys->stage.mark,
		    "stage '%s' lacks 'refs' or 'clients'",
		    keys->stage.name ? keys->stage.name : "?");
}
