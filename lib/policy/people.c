#include <ctype.h>
#include <string.h>

#include "base/num.h"
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

/* A public key's line: "ssh-ed25519 AAAA.. comment".  What the blob holds is
 * asked where signatures are verified. */
static void check_key_line(struct loader *ld, const struct node *node)
{
	static const char *const types[] = { "ssh-", "sk-ssh-", "ecdsa-sha2-",
		"sk-ecdsa-sha2-" };
	const char *blank = strchr(node->text, ' ');

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (blank && blank[1] && blank[1] != ' ' &&
		    strncmp(node->text, types[i], strlen(types[i])) == 0)
			return;
	diag_error(ld->diags, node->mark,
	    "not a public key such as 'ssh-ed25519 AAAA.. comment'");
}

static bool read_time(struct loader *ld, const struct node *mapping,
    const char *name, const char *text, int64_t *ret)
{
	if (!text)
		return false;
	if (str_to_time(text, ret, NULL))
		return true;
	diag_error(ld->diags, node_get(mapping, name)->mark,
	    "'%s' must be a date such as 2026-12-20 or 2026-12-20T16:00:00Z, "
	    "not '%s'",
	    name, text);
	return false;
}

static void check_key_mapping(
    struct loader *ld, const struct node *node, const char *what)
{
	struct key_keys keys = { .key = NULL };
	int64_t from, until, revoked;
	bool has_from, has_until;

	fields_read(ld->arena, node, key_fields, what, &keys, ld->diags);
	if (keys.key)
		check_key_line(ld, node_get(node, "key"));
	has_from = read_time(ld, node, "from", keys.from, &from);
	has_until = read_time(ld, node, "until", keys.until, &until);
	read_time(ld, node, "revoked", keys.revoked, &revoked);
	if (has_from && has_until && until <= from)
		diag_error(ld->diags, node_get(node, "until")->mark,
		    "'until' is not later than 'from'");
}

static void check_keys(
    struct loader *ld, const struct node *list, const char *owner)
{
	const char *what = arena_printf(ld->arena, "a key of '%s'", owner);

	for (size_t i = 0; i < field_items(list); i++) {
		const struct node *node = field_item(list, i);

		if (node->bad)
			continue;
		if (node->type == NODE_SCALAR) {
			if (node_is_line(node, "keys", ld->diags))
				check_key_line(ld, node);
		} else {
			check_key_mapping(ld, node, what);
		}
	}
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
	struct entries entries = entries_read(ld, &ld->people, "people");
	struct policy *policy = ld->policy;

	policy->people = arena_array(
	    ld->arena, entries.n, sizeof(*policy->people));
	policy->npeople = entries.n;
	for (size_t i = 0; i < entries.n; i++) {
		const struct entry *entry = &entries.v[i];
		struct person *person = &policy->people[i];
		const char *fault = name_fault(NAME_PERSON, entry->name);

		person->name = entry->name;
		person->mark = entry->mark;
		if (fault)
			diag_error(ld->diags, entry->mark, "'%s': %s",
			    entry->name, fault);
		fields_read(ld->arena, entry->node, person_fields,
		    arena_printf(ld->arena, "person '%s'", entry->name), person,
		    ld->diags);
		if (person->keys)
			check_keys(ld, person->keys, entry->name);
		read_emails(ld, entry->node, person, i);
		index_add(ld->arena, &policy->people_by_name, person->name, i);
	}
	index_sort(&policy->people_by_name);
	index_sort(&policy->people_by_email);
	refuse_shared_emails(ld);
}
