#include <string.h>

#include "base/text.h"
#include "policy/field_value.h"
#include "policy/loader.h"
#include "policy/names.h"

static void refuse_name(struct loader *ld, const struct entry *entry)
{
	const char *fault = name_fault(NAME_REFPART, entry->name);

	if (fault)
		diag_error(
		    ld->diags, entry->mark, "'%s': %s", entry->name, fault);
}

/* A module is a name for a list of path patterns: no table of its own. */
static const struct field module_row = {
	.name = "paths", .type = FIELD_GLOBS, .flags = FIELD_NONEMPTY
};

void load_modules(struct loader *ld)
{
	struct entries entries = entries_read(ld, ld->keys.modules, "modules");
	struct policy *policy = ld->policy;

	policy->modules = arena_array(
	    ld->arena, entries.n, sizeof(*policy->modules));
	policy->nmodules = entries.n;
	for (size_t i = 0; i < entries.n; i++) {
		struct module *module = &policy->modules[i];
		struct field row = module_row;
		struct field_value value = { .arena = ld->arena,
			.diags = ld->diags,
			.field = &row,
			.node = entries.v[i].node,
			.place = &module->paths };

		row.name = entries.v[i].name;
		module->name = entries.v[i].name;
		module->mark = entries.v[i].mark;
		refuse_name(ld, &entries.v[i]);
		field_value_read(&value);
	}
}

/* A client's ref is one branch: nothing that a glob or git reads otherwise.
 * (git-check-ref-format(1), the part that can't be left to the push.) */
static bool ref_fits(const char *ref)
{
	const char *name = ref + strlen("refs/heads/");

	if (!str_prefix(ref, "refs/heads/") || !*name || *name == '/' ||
	    *name == '-' || *name == '.')
		return false;
	return !strpbrk(ref, " *?[]{}\\~^:") && !strstr(ref, "..") &&
	    !strstr(ref, "//") && !strstr(ref, "/.") && !strstr(ref, "@{") &&
	    !strstr(ref, ".lock/") && !str_suffix(ref, ".lock") &&
	    !str_suffix(ref, "/") && !str_suffix(ref, ".");
}

static void read_client(
    struct loader *ld, const struct entry *entry, struct client *client)
{
	client->name = entry->name;
	client->mark = entry->mark;
	client->ref = arena_printf(
	    ld->arena, "refs/heads/clients/%s", entry->name);
	refuse_name(ld, entry);
	if (!fields_read(ld->arena, entry->node, client_fields,
		arena_printf(ld->arena, "client '%s'", entry->name), client,
		ld->diags))
		return;
	if (node_get(entry->node, "ref") && !ref_fits(client->ref))
		diag_error(ld->diags, node_get(entry->node, "ref")->mark,
		    "'ref' must be the full name of a branch, such as "
		    "refs/heads/clients/%s, not '%s'",
		    entry->name, client->ref);
}

static void refuse_shared_refs(struct loader *ld)
{
	const struct policy *policy = ld->policy;
	struct name_index index = { .n = 0 };
	size_t at = 0, first, second;

	for (size_t i = 0; i < policy->nclients; i++)
		index_add(ld->arena, &index, policy->clients[i].ref, i);
	index_sort(&index);
	while (index_duplicate(&index, &at, &first, &second)) {
		const struct client *one = &policy->clients[first];
		const struct client *other = &policy->clients[second];

		if (strcmp(one->name, other->name) == 0)
			continue; /* reported as a client defined twice */
		diag_error(ld->diags, other->mark,
		    "clients '%s' and '%s' have the same ref '%s'", one->name,
		    other->name, one->ref);
		diag_related(ld->diags, one->mark, "the other one is here");
	}
}

void load_clients(struct loader *ld)
{
	struct entries entries = entries_read(ld, ld->keys.clients, "clients");
	struct policy *policy = ld->policy;

	policy->clients = arena_array(
	    ld->arena, entries.n, sizeof(*policy->clients));
	policy->nclients = entries.n;
	for (size_t i = 0; i < entries.n; i++)
		read_client(ld, &entries.v[i], &policy->clients[i]);
	refuse_shared_refs(ld);
}
