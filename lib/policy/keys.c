#include "base/num.h"
#include "base/text.h"
#include "policy/field_value.h"
#include "policy/loader.h"

/*
 * The public keys of people: each a line as in id_ed25519.pub, or a mapping of
 * such a line and its validity.  What is wrong with one is said here, so that
 * nobody's signature fails for it later.
 */
struct reading {
	struct loader *ld;
	size_t person;    /* index in policy->people */
	const char *what; /* "a key of 'alice'" */
};

static bool read_line(const struct reading *r, const struct node *node,
    const char *line, struct person_key *key)
{
	const char *fault = ssh_key_parse(r->ld->arena, line, &key->key);

	if (fault)
		diag_error(r->ld->diags, node->mark,
		    "not a public key such as 'ssh-ed25519 AAAA.. comment': %s",
		    fault);
	return !fault;
}

static bool read_time(const struct reading *r, const struct node *mapping,
    const char *name, const char *text, int64_t *ret)
{
	if (!text)
		return false;
	if (str_to_time(text, ret, NULL))
		return true;
	diag_error(r->ld->diags, node_get(mapping, name)->mark,
	    "'%s' must be a date such as 2026-12-20 or 2026-12-20T16:00:00Z, "
	    "not '%s'",
	    name, text);
	return false;
}

/* False: there is no key; what was wrong has been said. */
static bool read_mapping(
    const struct reading *r, const struct node *node, struct person_key *key)
{
	struct key_keys keys = { .key = NULL };
	struct diags *diags = r->ld->diags;
	bool ok;

	fields_read(r->ld->arena, node, key_fields, r->what, &keys, diags);
	ok = keys.key && read_line(r, node_get(node, "key"), keys.key, key);
	key->has_from = read_time(r, node, "from", keys.from, &key->from);
	key->has_until = read_time(r, node, "until", keys.until, &key->until);
	key->has_revoked = read_time(
	    r, node, "revoked", keys.revoked, &key->revoked);
	key->touch = keys.touch;
	if (key->has_from && key->has_until && key->until <= key->from)
		diag_error(diags, node_get(node, "until")->mark,
		    "'until' is not later than 'from'");
	if (ok && key->touch && !str_prefix(key->key.type, "sk-"))
		diag_error(diags, node_get(node, "touch")->mark,
		    "'touch' is for the keys of security tokens (sk-..), not "
		    "for %s",
		    key->key.type);
	return ok;
}

static void read_key(const struct reading *r, const struct node *node)
{
	struct person_key key = { .person = r->person, .mark = node->mark };
	struct policy *policy = r->ld->policy;
	bool ok;

	if (node->bad)
		return;
	if (node->type == NODE_SCALAR)
		ok = node_is_line(node, "keys", r->ld->diags) &&
		    read_line(r, node, node->text, &key);
	else
		ok = read_mapping(r, node, &key);
	if (!ok)
		return;
	index_add(r->ld->arena, &policy->keys_by_fingerprint,
	    key.key.fingerprint, policy->keys.n);
	ARRAY_PUSH(r->ld->arena, &policy->keys, key);
}

void read_people_keys(struct loader *ld, const struct node *list, size_t person)
{
	const struct reading r = { ld, person,
		arena_printf(ld->arena, "a key of '%s'",
		    ld->policy->people[person].name) };

	for (size_t i = 0; i < field_items(list); i++)
		read_key(&r, field_item(list, i));
}

/* A signature by a key of two people would speak for neither; and of a key
 * that stands there twice, which validity holds? */
void refuse_shared_keys(struct loader *ld)
{
	struct policy *policy = ld->policy;
	size_t at = 0, first, second;

	index_sort(&policy->keys_by_fingerprint);
	while (index_duplicate(
	    &policy->keys_by_fingerprint, &at, &first, &second)) {
		const struct person_key *a = &policy->keys.v[first];
		const struct person_key *b = &policy->keys.v[second];
		const char *owner = policy->people[a->person].name;

		if (a->person == b->person)
			diag_error(ld->diags, b->mark,
			    "this key of '%s' is listed twice", owner);
		else
			diag_error(ld->diags, b->mark,
			    "'%s' and '%s' have this key in common", owner,
			    policy->people[b->person].name);
		diag_related(ld->diags, a->mark, "the other one is here");
	}
}
