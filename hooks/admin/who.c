#include "who.h"

#include <string.h>

#include "client.h"

static const struct person *person_of_git(struct admin *admin)
{
	const char *email = NULL;
	struct err err;

	if (!admin->is_clone ||
	    repo_config(admin->session.repo, admin->arena, "user.email", &email,
		&err) < 0 ||
	    !email)
		return NULL;
	return policy_person_by_email(admin->session.policy, email);
}

const char *who_asks(struct admin *admin, const char *as)
{
	const struct person *person;
	struct push push;
	struct err err;

	if (as)
		return as;
	person = person_of_git(admin);
	if (person)
		return person->name;
	memset(&push, 0, sizeof(push));
	if (identity_find(&admin->session, admin->environment, &push, &err) <
		0 ||
	    !push.pusher)
		return os_user(admin->arena);
	return push.pusher;
}

const char *who_may(struct admin *admin, const struct strings *roles)
{
	const struct policy *policy = admin->session.policy;
	const char *self = os_user(admin->arena);

	if (policy_in_roles(policy, roles, self))
		return self;
	for (size_t i = 0; i < policy->nroles; i++) {
		const struct role *role = &policy->roles[i];

		if (!strings_have(roles, role->name))
			continue;
		if (role->members.n > 0)
			return role->members.v[0];
	}
	return self;
}

/* "Alice <alice@example.com> 1770000000 +0000" */
static const struct person *person_of_ident(struct admin *admin)
{
	static const char *const args[] = { "var", "GIT_COMMITTER_IDENT",
		NULL };
	const char *ident, *from, *to;
	struct err err;

	if (client_git(admin, args, NULL, &ident, &err) < 0)
		return NULL;
	from = strrchr(ident, '<');
	to = from ? strchr(from, '>') : NULL;
	if (!to)
		return NULL;
	return policy_person_by_email(admin->session.policy,
	    arena_strndup(admin->arena, from + 1, (size_t)(to - from - 1)));
}

const char *who_pushes(struct admin *admin, const char *as,
    const struct strings *roles, bool *ret_guessed)
{
	const struct person *person;
	struct push push;
	struct err err;

	*ret_guessed = false;
	if (as)
		return as;
	memset(&push, 0, sizeof(push));
	if (identity_find(&admin->session, admin->environment, &push, &err) ==
		0 &&
	    push.pusher &&
	    (!admin->is_clone ||
		strcmp(push.pusher, os_user(admin->arena)) != 0))
		return push.pusher;
	person = person_of_ident(admin);
	if (person)
		return person->name;
	*ret_guessed = admin->is_clone;
	return who_may(admin, roles);
}
