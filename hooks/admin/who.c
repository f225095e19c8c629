#include "who.h"

#include <string.h>

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

const char *who_may_push(struct admin *admin, const struct stage *stage)
{
	const struct policy *policy = admin->session.policy;
	const char *self = os_user(admin->arena);

	if (policy_in_roles(policy, &stage->push, self))
		return self;
	for (size_t i = 0; i < policy->nroles; i++) {
		const struct role *role = &policy->roles[i];

		if (!strings_have(&stage->push, role->name))
			continue;
		if (role->members.n > 0)
			return role->members.v[0];
	}
	return self;
}
