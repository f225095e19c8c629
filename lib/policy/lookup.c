#include <ctype.h>
#include <string.h>

#include "base/glob.h"
#include "policy/model.h"

/* Loading calls these too, while names of stages may still be NULL. */
const struct stage *policy_stage(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->nstages; i++)
		if (policy->stages[i].name &&
		    strcmp(policy->stages[i].name, name) == 0)
			return &policy->stages[i];
	return NULL;
}

const struct gate *policy_gate(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->ngates; i++)
		if (strcmp(policy->gates[i].name, name) == 0)
			return &policy->gates[i];
	return NULL;
}

bool gate_names(const struct gate *gate, const struct gate *other)
{
	const struct field *row = gate->form ? gate->form->fields : NULL;

	for (; row && row->name; row++) {
		const char *place = gate->params;
		const struct strings *names;

		if (row->type != FIELD_GATES)
			continue;
		names = (const void *)(place + row->offset);
		if (strings_have(names, other->name))
			return true;
	}
	return false;
}

bool gate_uses_ask(const struct gate_uses *uses, const struct gate *other)
{
	for (size_t i = 0; i < uses->n; i++)
		if (uses->v[i].gate == other ||
		    gate_names(uses->v[i].gate, other))
			return true;
	return false;
}

const struct submodule *policy_child(
    const struct policy *policy, const char *path)
{
	size_t i = index_find(&policy->children_by_path, path);

	return i == INDEX_NONE ? NULL : &policy->children[i];
}

const struct client *policy_client(
    const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->nclients; i++)
		if (strcmp(policy->clients[i].name, name) == 0)
			return &policy->clients[i];
	return NULL;
}

const struct client *policy_client_of_ref(
    const struct policy *policy, const char *ref)
{
	for (size_t i = 0; i < policy->nclients; i++)
		if (strcmp(policy->clients[i].ref, ref) == 0)
			return &policy->clients[i];
	return NULL;
}

const struct person *policy_person(
    const struct policy *policy, const char *name)
{
	size_t i = index_find(&policy->people_by_name, name);

	return i == INDEX_NONE ? NULL : &policy->people[i];
}

const struct person_key *policy_key(
    const struct policy *policy, const char *fingerprint)
{
	size_t i = index_find(&policy->keys_by_fingerprint, fingerprint);

	return i == INDEX_NONE ? NULL : &policy->keys.v[i];
}

#define EMAIL_MAX 320 /* bytes; longer ones belong to nobody */

const struct person *policy_person_by_email(
    const struct policy *policy, const char *email)
{
	char lower[EMAIL_MAX + 1];
	size_t i, len = strnlen(email, EMAIL_MAX + 1);

	if (len > EMAIL_MAX)
		return NULL;
	for (i = 0; i < len; i++)
		lower[i] = (char)tolower((unsigned char)email[i]);
	lower[len] = '\0';
	i = index_find(&policy->people_by_email, lower);
	return i == INDEX_NONE ? NULL : &policy->people[i];
}

static bool pattern_matches(const struct ref_pattern *pattern, const char *ref)
{
	if (strncmp(ref, pattern->prefix, pattern->prefix_len) != 0)
		return false;
	if (pattern->literal)
		return ref[pattern->prefix_len] == '\0';
	return glob_match(pattern->glob, ref);
}

/* Within a stage a pattern with {module} wins: it asks for more.  Of several
 * modules it is the one with the longest name: with `{module}-*` the ref
 * `web-ui-fix` is web-ui's, not web's. */
static bool is_closer(const struct ref_pattern *a, const struct ref_pattern *b)
{
	if (!a->module || !b->module)
		return a->module && !b->module;
	return strlen(a->module) > strlen(b->module);
}

static const struct ref_pattern *match_stage(
    const struct stage *stage, const char *ref)
{
	const struct ref_pattern *found = NULL;

	for (size_t i = 0; i < stage->nrefs; i++) {
		const struct ref_pattern *pattern = &stage->refs[i];

		if (found && !is_closer(pattern, found))
			continue;
		if (pattern_matches(pattern, ref))
			found = pattern;
	}
	return found;
}

const struct stage *policy_stage_of_ref(
    const struct policy *policy, const char *ref, const char **ret_module)
{
	if (ret_module)
		*ret_module = NULL;
	for (size_t i = 0; i < policy->nstages; i++) {
		const struct ref_pattern *pattern = match_stage(
		    &policy->stages[i], ref);

		if (!pattern)
			continue;
		if (ret_module)
			*ret_module = pattern->module;
		return &policy->stages[i];
	}
	return NULL;
}

const struct stage *policy_stage_of_tag(
    const struct policy *policy, const char *ref)
{
	for (size_t i = 0; i < policy->nstages; i++)
		if (globs_match(&policy->stages[i].tags, ref))
			return &policy->stages[i];
	return NULL;
}

bool policy_in_roles(
    const struct policy *policy, const struct strings *roles, const char *name)
{
	if (!name)
		return false;
	for (size_t i = 0; i < policy->nroles; i++) {
		const struct role *role = &policy->roles[i];

		if (strings_have(roles, role->name) &&
		    (role->everyone || strings_have(&role->members, name)))
			return true;
	}
	return false;
}

bool stage_is_entry(const struct stage *stage)
{
	return stage->from.n == 0;
}

bool stage_is_later(const struct stage *stage, const struct stage *other)
{
	for (size_t i = 0; i < other->later.n; i++)
		if (other->later.v[i] == stage->index)
			return true;
	return false;
}
