#include <string.h>

#include "policy/field_value.h"
#include "policy/loader.h"

/*
 * children: where on this server the repositories of submodules lie.  The keys
 * are paths in the tree of this repository, those of nested submodules in
 * full: vendor/x in the child at libs/billing is libs/billing/vendor/x.
 */
#define CHILD_PATH_MAX 4096 /* bytes */

static bool part_fits(const char *part, size_t len)
{
	static const char *const not_names[] = { "", ".", "..", ".git" };

	for (size_t i = 0; i < sizeof(not_names) / sizeof(*not_names); i++)
		if (strlen(not_names[i]) == len &&
		    strncmp(part, not_names[i], len) == 0)
			return false;
	return true;
}

/* As a path stands in a tree. */
static bool path_fits(const char *path)
{
	const char *part = path;

	if (strlen(path) > CHILD_PATH_MAX)
		return false;
	for (const char *p = path; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	for (;;) {
		size_t len = strcspn(part, "/");

		if (!part_fits(part, len))
			return false;
		if (!part[len])
			return true;
		part += len + 1;
	}
}

/* git hands a path with the other characters to no hook (git/repo.h). */
static bool repository_fits(const char *path)
{
	return path[0] == '/' && path[1] && !strpbrk(path, ":\"") &&
	    strlen(path) <= CHILD_PATH_MAX;
}

static void read_child(
    struct loader *ld, const struct entry *entry, struct submodule *child)
{
	const struct field row = { .name = entry->name, .type = FIELD_STRING };
	const struct field_value value = { .arena = ld->arena,
		.diags = ld->diags,
		.field = &row,
		.node = entry->node,
		.place = &child->repository };

	child->path = entry->name;
	child->mark = entry->mark;
	if (!path_fits(entry->name))
		diag_error(ld->diags, entry->mark,
		    "'%s' is no path of a submodule such as libs/billing: no "
		    "'/' at its ends, no '.', '..' or '.git' in it",
		    entry->name);
	if (field_value_read(&value) && !repository_fits(child->repository))
		diag_error(ld->diags, entry->node->mark,
		    "the repository of '%s' must be an absolute path on this "
		    "server without ':' and '\"', not '%s'",
		    entry->name, child->repository);
}

void check_children(struct loader *ld)
{
	const struct policy *policy = ld->policy;

	if (policy->nchildren == 0)
		return;
	for (size_t i = 0; i < policy->ngates; i++)
		if (!policy->gates[i].form ||
		    strcmp(policy->gates[i].form->kind, "children") == 0)
			return;
	diag_warning(ld->diags, field_mark(ld->root, "children"),
	    "no gate of kind 'children' asks about these");
}

void load_children(struct loader *ld)
{
	struct policy *policy = ld->policy;
	struct entries entries = entries_read(
	    ld, ld->keys.children, "children");

	if (entries.n > CHILDREN_MAX) {
		diag_error(ld->diags, ld->keys.children->mark,
		    "'children' holds %zu submodules, more than %d", entries.n,
		    CHILDREN_MAX);
		return;
	}
	policy->children = arena_array(
	    ld->arena, entries.n, sizeof(*policy->children));
	policy->nchildren = entries.n;
	for (size_t i = 0; i < entries.n; i++) {
		read_child(ld, &entries.v[i], &policy->children[i]);
		index_add(ld->arena, &policy->children_by_path,
		    policy->children[i].path, i);
	}
	index_sort(&policy->children_by_path);
}
