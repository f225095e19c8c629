#include <ctype.h>
#include <string.h>

#include "policy/field_value.h"
#include "policy/loader.h"
#include "policy/names.h"

/* One `@` with something on both sides and nothing that a mail header or a
 * commit's identity line would read otherwise. */
static bool email_fits(const char *email)
{
	const char *at = strchr(email, '@');

	return at && at > email && at[1] && !strpbrk(email, " <>,;\"");
}

static const char *lower(struct arena *arena, const char *s)
{
	char *copy = arena_strdup(arena, s);

	for (char *p = copy; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return copy;
}

static void read_emails(
    struct loader *ld, const struct node *node, struct person *person, size_t i)
{
	const struct node *list = node->type == NODE_MAPPING
	    ? node_get(node, "emails")
	    : NULL;

	for (size_t j = 0; j < person->emails.n; j++) {
		const char *email = person->emails.v[j];

		if (!email_fits(email))
			diag_error(ld->diags, field_item(list, j)->mark,
			    "'%s' is not an e-mail address", email);
		index_add(ld->arena, &ld->policy->people_by_email,
		    lower(ld->arena, email), i);
	}
}

/* Two people with one address could not be told apart in a commit. */
static void refuse_shared_emails(struct loader *ld)
{
	const struct policy *policy = ld->policy;
	size_t at = 0, first, second;

	while (
	    index_duplicate(&policy->people_by_email, &at, &first, &second)) {
		if (first == second)
			continue;
		diag_error(ld->diags, policy->people[second].mark,
		    "'%s' and '%s' have the e-mail address '%s' in common",
		    policy->people[first].name, policy->people[second].name,
		    policy->people_by_email.v[at].name);
		diag_related(ld->diags, policy->people[first].mark,
		    "the other one is here");
	}
}

void load_people(struct loader *ld)
{
	struct entries entries = entries_read(ld, ld->keys.people, "people");
	struct policy *policy = ld->policy;

	policy->people = arena_array(
	    ld->arena, entries.n, sizeof(*policy->people));
	policy->npeople = entries.n;
	for (size_t i = 0; i < entries.n; i++) {
		const struct entry *entry = &entries.v[i];
		struct person *person = &policy->people[i];
		struct person_keys keys = { .robot = false };
		const char *fault = name_fault(NAME_PERSON, entry->name);

		person->name = entry->name;
		person->mark = entry->mark;
		if (fault)
			diag_error(ld->diags, entry->mark, "'%s': %s",
			    entry->name, fault);
		fields_read(ld->arena, entry->node, person_fields,
		    arena_printf(ld->arena, "person '%s'", entry->name), &keys,
		    ld->diags);
		person->emails = keys.emails;
		person->robot = keys.robot;
		if (keys.keys)
			read_people_keys(ld, keys.keys, i);
		read_emails(ld, entry->node, person, i);
		index_add(ld->arena, &policy->people_by_name, person->name, i);
	}
	index_sort(&policy->people_by_name);
	index_sort(&policy->people_by_email);
	refuse_shared_emails(ld);
	refuse_shared_keys(ld);
}
