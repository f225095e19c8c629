/*
 * The files of a policy: policy.yml, what it includes, what it extends, and so
 * on down the chain.
 */
#include <string.h>

#include "base/file.h"
#include "policy/field_value.h"
#include "policy/head.h"
#include "policy/loader.h"
#include "policy/nodes.h"

/* A file on its way to become a level. */
struct chain_file {
	struct policy_place place;
	const char *kept; /* "" of policy.yml, whose name is given */
	const struct source *source;
	const struct node *root;
	struct policy_keys keys; /* include and extends alone */
};

static const char *const sections[] = { "people", "roles", "modules",
	"clients" };
#define SECTIONS (sizeof(sections) / sizeof(*sections))

static const struct source *add_source(struct loader *ld, const char *name,
    const char *kept, bool is_base, const char *text, size_t len)
{
	struct policy *policy = ld->policy;
	struct source *source = ARENA_NEW(ld->arena, struct source);

	source->name = name;
	source->text = text;
	source->len = len;
	policy->sources[policy->nsources++] = (struct policy_source){
		.source = source, .kept = kept, .is_base = is_base
	};
	return source;
}

/* The tree of a file, even a faulty one: its other mistakes count too. */
static const struct node *read_tree(
    struct loader *ld, const struct source *source)
{
	unsigned faults;
	const struct node *root = document_read(
	    ld->arena, source, POLICY_BYTES_MAX, &faults, ld->diags);

	if (root && root->type != NODE_MAPPING) {
		diag_error(ld->diags, root->mark,
		    "'%s' must be a mapping of keys", source->name);
		return NULL;
	}
	return root;
}

/* ---- finding a file -------------------------------------------------------
 */

/* A copy that came along, such as the ledger's. */
static int find_copy(const struct loader *ld, const char *kept,
    const char **ret_text, size_t *ret_len, struct err *err)
{
	const struct policy_files *files = ld->copies;

	for (size_t i = 0; i < files->n; i++) {
		if (strcmp(files->v[i].name, kept) != 0)
			continue;
		*ret_text = files->v[i].text;
		*ret_len = files->v[i].len;
		return 0;
	}
	return err_set(err, ERR_NOTFOUND, "no copy of it was kept");
}

int policy_place_read(const struct loader *ld, const struct policy_place *place,
    char **ret_text, size_t *ret_len, struct err *err)
{
	if (place->repository && !ld->objects)
		return err_set(err, ERR_FORMAT,
		    "a file of a repository cannot be read here");
	if (place->repository)
		return ld->objects->read(ld->arena, place->repository,
		    place->revision, place->path, ld->trust, ret_text, ret_len,
		    err);
	if (ld->trust == POLICY_TRUSTED)
		return file_read_trusted(ld->arena, place->path,
		    POLICY_BYTES_MAX, ret_text, ret_len, err);
	return file_read(
	    ld->arena, place->path, POLICY_BYTES_MAX, ret_text, ret_len, err);
}

static bool name_is_taken(const struct loader *ld, const char *name)
{
	for (size_t i = 0; i < ld->policy->nsources; i++)
		if (strcmp(ld->policy->sources[i].source->name, name) == 0)
			return true;
	return false;
}

/* As short as nothing else is called. */
static const char *name_of(struct loader *ld, const struct policy_place *place)
{
	const char *name = place_short(ld->arena, place);

	if (name_is_taken(ld, name))
		name = place_with_folder(ld->arena, place);
	return name_is_taken(ld, name) ? place_text(ld->arena, place) : name;
}

/* What one file says of another: its place and text.  The name under which the
 * ledger keeps it says who names it, since two may mean two files by one
 * name. */
static int find_file(struct loader *ld, const struct chain_file *from,
    const char *text, struct chain_file *ret, const char **ret_text,
    size_t *ret_len, struct err *err)
{
	const char *fault;
	char *read;

	*ret = (struct chain_file){ .kept = text };
	if (*from->kept)
		ret->kept = arena_printf(ld->arena, "%s#%s", from->kept, text);
	if (!place_beside(ld->arena, &from->place, text, &ret->place, &fault))
		return err_set(err, ERR_FORMAT, "%s", fault);
	if (ld->from_text)
		return find_copy(ld, ret->kept, ret_text, ret_len, err);
	if (policy_place_read(ld, &ret->place, &read, ret_len, err) < 0)
		return -1;
	*ret_text = read;
	return 0;
}

/* ---- include --------------------------------------------------------------
 */

/* A commit is one version of all its files, which a file elsewhere is not. */
static bool leaves_commit(
    const struct chain_file *file, const struct chain_file *included)
{
	return file->place.repository && !included->place.repository;
}

static const struct node *read_include(
    struct loader *ld, const struct chain_file *from, const struct node *node)
{
	struct policy_keys keys = { .flow = NULL };
	struct chain_file file;
	const struct node *root;
	const char *text, *name;
	struct err err;
	size_t len;

	if (find_file(ld, from, node->text, &file, &text, &len, &err) < 0) {
		diag_error(ld->diags, node->mark, "cannot include '%s': %s",
		    node->text, err.text);
		return NULL;
	}
	if (leaves_commit(from, &file)) {
		diag_error(ld->diags, node->mark,
		    "cannot include '%s': a file of a repository includes "
		    "files of its own commit alone",
		    node->text);
		return NULL;
	}
	name = *from->kept ? name_of(ld, &file.place) : node->text;
	root = read_tree(ld, add_source(ld, name, file.kept, false, text, len));
	if (root)
		fields_read(ld->arena, root, include_fields,
		    "an included file (people, roles, modules and clients "
		    "only)",
		    &keys, ld->diags);
	return root;
}

/* The roots of the files that one includes, itself first. */
static size_t read_includes(struct loader *ld, const struct chain_file *file,
    const struct node *ret[1 + POLICY_INCLUDES_MAX])
{
	const struct node *list = node_get(file->root, "include");
	size_t n = 0;

	ret[n++] = file->root;
	if (file->keys.include.n > 0 && ld->from_text && !ld->copies) {
		diag_error(
		    ld->diags, list->mark, "'include' works from a file only");
		return n;
	}
	if (file->keys.include.n > POLICY_INCLUDES_MAX) {
		diag_error(ld->diags, list->mark,
		    "'include' holds %zu files, more than %d",
		    file->keys.include.n, POLICY_INCLUDES_MAX);
		return n;
	}
	for (size_t i = 0; i < file->keys.include.n; i++) {
		const struct node *root = read_include(
		    ld, file, field_item(list, i));

		if (root)
			ret[n++] = root;
	}
	return n;
}

/* ---- one level ------------------------------------------------------------
 */

static bool is_section(const char *key)
{
	for (size_t i = 0; i < SECTIONS; i++)
		if (strcmp(sections[i], key) == 0)
			return true;
	return false;
}

static bool is_chain_key(const char *key)
{
	return strcmp(key, "include") == 0 || strcmp(key, "extends") == 0;
}

/* One tree of a file and those that it includes. */
static const struct node *join(struct loader *ld, const struct node *root,
    const struct node *const *roots, size_t n)
{
	struct node *tree = nodes_new(
	    ld->arena, NODE_MAPPING, root->n + SECTIONS, root);

	for (size_t i = 0; i < root->n; i++)
		if (!is_section(root->keys[i]->text) &&
		    !is_chain_key(root->keys[i]->text))
			nodes_put(tree, root->keys[i], root->items[i]);
	for (size_t i = 0; i < SECTIONS; i++)
		entries_join(ld, roots, n, sections[i], tree);
	return tree;
}

/* What leads to other files, before anything else is read. */
static void read_chain_keys(struct loader *ld, struct chain_file *file)
{
	const struct node *root = file->root;
	struct node *keys = nodes_new(ld->arena, NODE_MAPPING, root->n, root);

	for (size_t i = 0; i < root->n; i++)
		if (is_chain_key(root->keys[i]->text))
			nodes_put(keys, root->keys[i], root->items[i]);
	fields_read(ld->arena, keys, chain_fields, "the policy", &file->keys,
	    ld->diags);
}

/* What each file says of itself is no other's: a base needs its own. */
static void check_base(struct loader *ld, const struct chain_file *file)
{
	static const char *const needed[] = { "flow", "version" };
	const struct node *version = node_get(file->root, "version");
	struct version ignored;

	for (size_t i = 0; i < 2; i++)
		if (!node_get(file->root, needed[i]))
			diag_error(ld->diags, file->root->mark,
			    "'%s', which is extended, lacks '%s'",
			    file->source->name, needed[i]);
	if (version && version->type == NODE_SCALAR &&
	    !version_parse(ld->arena, version->text, &ignored))
		diag_error(
		    ld->diags, version->mark, VERSION_FORM, version->text);
}

static void add_level(struct loader *ld, struct chain_file *file)
{
	struct level *level = &ld->levels[ld->nlevels++];
	const struct node *roots[1 + POLICY_INCLUDES_MAX], *status;
	size_t n;

	file->root = read_tree(ld, file->source);
	if (!file->root)
		return;
	if (*file->kept)
		check_base(ld, file);
	read_chain_keys(ld, file);
	n = read_includes(ld, file, roots);
	level->tree = join(ld, file->root, roots, n);
	status = node_get(file->root, "status");
	level->is_locked = status && status->type == NODE_SCALAR &&
	    strcmp(status->text, "locked") == 0;
	if (level->is_locked)
		level->locked = status->mark;
}

/* ---- extends --------------------------------------------------------------
 */

/* The next file of the chain; false when it can't be had. */
static bool find_base(
    struct loader *ld, const struct chain_file *file, struct chain_file *ret)
{
	const struct node *node = node_get(file->root, "extends");
	const char *text, *where;
	struct err err;
	size_t len;

	if (ld->from_text && !ld->copies) {
		diag_error(
		    ld->diags, node->mark, "'extends' works from a file only");
		return false;
	}
	if (find_file(ld, file, file->keys.extends, ret, &text, &len, &err) <
	    0) {
		diag_error(ld->diags, node->mark, "cannot extend '%s': %s",
		    file->keys.extends, err.text);
		return false;
	}
	where = place_text(ld->arena, &ret->place);
	if (strings_have(&ld->chain, where)) {
		diag_error(ld->diags, node->mark,
		    "cannot extend '%s': it extends this file itself",
		    file->keys.extends);
		return false;
	}
	if (ld->nlevels == POLICY_CHAIN_MAX) {
		diag_error(ld->diags, node->mark,
		    "a chain of policies that extend one another has %d at "
		    "most",
		    POLICY_CHAIN_MAX);
		return false;
	}
	strings_add(ld->arena, &ld->chain, where);
	ret->source = add_source(
	    ld, name_of(ld, &ret->place), ret->kept, true, text, len);
	return true;
}

void chain_read(struct loader *ld, const struct policy_place *place,
    const char *name, const char *text, size_t len)
{
	struct chain_file file = { .place = *place, .kept = "" }, base;

	strings_add(ld->arena, &ld->chain, place_text(ld->arena, place));
	file.source = add_source(ld, name, name, false, text, len);
	add_level(ld, &file);
	while (file.root && file.keys.extends) {
		if (!find_base(ld, &file, &base)) {
			ld->is_broken_off = true;
			return;
		}
		file = base;
		add_level(ld, &file);
	}
	ld->is_broken_off = !file.root;
}
