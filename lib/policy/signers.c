#include "policy/signers.h"

#include <string.h>

static bool has_key(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->keys.n; i++)
		if (strcmp(policy->people[policy->keys.v[i].person].name,
			name) == 0)
			return true;
	return false;
}

static size_t count_signers(const struct policy *policy, struct arena *arena,
    const struct strings *roles)
{
	struct strings signers = { .n = 0 };

	for (size_t i = 0; i < policy->nroles; i++) {
		const struct role *role = &policy->roles[i];

		if (!strings_have(roles, role->name))
			continue;
		for (size_t k = 0; role->everyone && k < policy->npeople; k++)
			if (has_key(policy, policy->people[k].name))
				strings_add(
				    arena, &signers, policy->people[k].name);
		for (size_t k = 0; k < role->members.n; k++)
			if (has_key(policy, role->members.v[k]))
				strings_add(
				    arena, &signers, role->members.v[k]);
	}
	return signers.n;
}

void check_signers(const struct policy *policy, struct arena *arena,
    const struct signers_wanted *wanted, struct diags *diags)
{
	size_t n = count_signers(policy, arena, wanted->roles);

	if (wanted->roles->n == 0 || n >= wanted->count)
		return;
	if (n == 0)
		diag_warning(diags, wanted->mark,
		    "%s wants signatures, and nobody in its roles has a key",
		    wanted->what);
	else
		diag_warning(diags, wanted->mark,
		    "%s wants signatures of %llu people, and in its roles %zu "
		    "%s a key",
		    wanted->what, (unsigned long long)wanted->count, n,
		    n == 1 ? "has" : "have");
}
