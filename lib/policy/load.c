#include "policy/load.h"

#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/num.h"
#include "policy/head.h"
#include "policy/loader.h"

#define ROLLBACK_WINDOW_S ((uint64_t)30 * 24 * 60 * 60)
#define FLOW_MAX 64 /* bytes: it stands in every report's last line */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int read_file(const struct loader *ld, const char *path, char **ret_text,
    size_t *ret_len, struct err *err)
{
	if (ld->trust == POLICY_TRUSTED)
		return file_read_trusted(
		    ld->arena, path, POLICY_BYTES_MAX, ret_text, ret_len, err);
	return file_read(
	    ld->arena, path, POLICY_BYTES_MAX, ret_text, ret_len, err);
}

static const struct source *add_source(
    struct loader *ld, const char *name, const char *text, size_t len)
{
	struct policy *policy = ld->policy;
	struct source *source = ARENA_NEW(ld->arena, struct source);

	source->name = name;
	source->text = text;
	source->len = len;
	policy->sources[policy->nsources++] = source;
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

static void add_sections(struct loader *ld, const struct policy_keys *keys)
{
	if (keys->people)
		ld->people.v[ld->people.n++] = keys->people;
	if (keys->roles)
		ld->roles.v[ld->roles.n++] = keys->roles;
	if (keys->modules)
		ld->modules.v[ld->modules.n++] = keys->modules;
	if (keys->clients)
		ld->clients.v[ld->clients.n++] = keys->clients;
}

/* A copy that came along, such as the ledger's. */
static int find_copy(const struct loader *ld, const char *name,
    const char **ret_text, size_t *ret_len, struct err *err)
{
	const struct policy_files *files = ld->included;

	for (size_t i = 0; i < files->n; i++) {
		if (strcmp(files->v[i].name, name) != 0)
			continue;
		*ret_text = files->v[i].text;
		*ret_len = files->v[i].len;
		return 0;
	}
	return err_set(err, ERR_NOTFOUND, "no copy of it was kept");
}

static int find_include(const struct loader *ld, const char *name,
    const char **ret_text, size_t *ret_len, struct err *err)
{
	const char *path = name;
	char *text;

	if (!ld->dir)
		return find_copy(ld, name, ret_text, ret_len, err);
	if (path[0] != '/')
		path = arena_printf(ld->arena, "%s%s", ld->dir, path);
	if (read_file(ld, path, &text, ret_len, err) < 0)
		return -1;
	*ret_text = text;
	return 0;
}

static void read_include(struct loader *ld, const struct node *node)
{
	struct policy_keys keys = { .flow = NULL };
	const struct node *root;
	struct err err;
	const char *text;
	size_t len;

	if (find_include(ld, node->text, &text, &len, &err) < 0) {
		diag_error(ld->diags, node->mark, "cannot include '%s': %s",
		    node->text, err.text);
		return;
	}
	root = read_tree(ld, add_source(ld, node->text, text, len));
	if (!root)
		return;
	fields_read(ld->arena, root, include_fields,
	    "an included file (people, roles, modules and clients only)", &keys,
	    ld->diags);
	add_sections(ld, &keys);
}

static void read_includes(struct loader *ld)
{
	const struct node *list = node_get(ld->root, "include");

	if (ld->keys.include.n > 0 && !ld->dir && !ld->included) {
		diag_error(
		    ld->diags, list->mark, "'include' works from a file only");
		return;
	}
	if (ld->keys.include.n > POLICY_INCLUDES_MAX) {
		diag_error(ld->diags, list->mark,
		    "'include' holds %zu files, more than %d",
		    ld->keys.include.n, POLICY_INCLUDES_MAX);
		return;
	}
	for (size_t i = 0; i < ld->keys.include.n; i++)
		read_include(ld, field_item(list, i));
}

/* The name is one of three parts on a line of the ledger. */
static void check_flow(struct loader *ld, const char *flow)
{
	struct mark mark = node_get(ld->root, "flow")->mark;
	size_t len = strlen(flow);

	if (len > FLOW_MAX)
		diag_error(ld->diags, mark, "'flow' is longer than %d bytes",
		    FLOW_MAX);
	if (flow[0] == ' ' || flow[len - 1] == ' ')
		diag_error(
		    ld->diags, mark, "'flow' begins or ends with a blank");
}

static void read_head(struct loader *ld)
{
	const struct policy_keys *keys = &ld->keys;
	struct policy *policy = ld->policy;

	policy->flow = keys->flow;
	policy->status = (enum policy_status)keys->status;
	policy->other_refs_allowed = keys->other_refs == 1;
	policy->host_refs = keys->host_refs;
	policy->limit_evidence = keys->limit_evidence;
	policy->limit_commits = keys->limit_commits;
	policy->limit_time_s = keys->limit_time_s;
	policy->sign_key = keys->sign_key;
	if (keys->flow)
		check_flow(ld, keys->flow);
	if (keys->sign_key && *keys->sign_key != '/')
		diag_error(ld->diags,
		    field_mark(node_get(ld->root, "ledger"), "sign_key"),
		    "'sign_key' must be an absolute path, not '%s'",
		    keys->sign_key);
	if (keys->version &&
	    !version_parse(ld->arena, keys->version, &policy->version))
		diag_error(ld->diags, node_get(ld->root, "version")->mark,
		    "'version' must be MAJOR.MINOR.PATCH such as 1.0.0, "
		    "not '%s'",
		    keys->version);
}

static void read_policy(struct loader *ld)
{
	ld->keys = (struct policy_keys){ .status = STATUS_ACTIVE,
		.limit_evidence = (uint64_t)4 << 20,
		.limit_commits = 100000,
		.limit_time_s = 300,
		.rollback = { .window_s = ROLLBACK_WINDOW_S },
		.bypass = { .approvals = 1 } };
	fields_read(ld->arena, ld->root, policy_fields, "the policy", &ld->keys,
	    ld->diags);
	read_head(ld);
	add_sections(ld, &ld->keys);
	read_includes(ld);
	load_identity(ld);
	load_people(ld);
	load_roles(ld);
	load_modules(ld);
	load_clients(ld);
	load_gates(ld);
	load_stages(ld);
	read_gate_uses(
	    ld, node_get(ld->root, "always"), "'always'", &ld->policy->always);
	load_rollback(ld);
	load_bypass(ld);
	load_notify(ld);
	load_children(ld);
	check_identity(ld);
	check_refs(ld);
	check_stages(ld);
	check_gates(ld);
	check_children(ld);
	add_bypass_gate(ld);
}

static struct policy *load_text(
    struct loader *ld, const char *name, const char *text, size_t len)
{
	const struct digest_part part = { .p = text, .len = len };
	struct policy *policy = ARENA_NEW(ld->arena, struct policy);
	size_t errors = ld->diags->errors;

	ld->policy = policy;
	policy->name = name;
	policy->text = text;
	policy->text_len = len;
	policy->digest = sha256_hex(ld->arena, &part, 1);
	policy->sources = arena_array(
	    ld->arena, 1 + POLICY_INCLUDES_MAX, sizeof(struct source *));
	ld->root = read_tree(ld, add_source(ld, name, text, len));
	if (ld->root)
		read_policy(ld);
	return ld->root && ld->diags->errors == errors ? policy : NULL;
}

struct policy *policy_load(struct arena *arena, const char *path,
    const struct gate_forms *forms, enum policy_trust trust,
    struct diags *diags)
{
	struct loader ld = {
		.arena = arena, .diags = diags, .forms = forms, .trust = trust
	};
	const char *name = base_name(path);
	struct err err;
	char *text;
	size_t len;

	ld.dir = arena_strndup(arena, path, (size_t)(name - path));
	if (read_file(&ld, path, &text, &len, &err) < 0) {
		diag_error(
		    diags, (struct mark){ .source = NULL }, "%s", err.text);
		return NULL;
	}
	return load_text(&ld, arena_strdup(arena, name), text, len);
}

struct policy *policy_parse(struct arena *arena, const char *name,
    const char *text, size_t len, const struct gate_forms *forms,
    struct diags *diags)
{
	struct loader ld = { .arena = arena, .diags = diags, .forms = forms };

	return load_text(&ld, name, text, len);
}

struct policy *policy_parse_files(struct arena *arena,
    const struct policy_file *file, const struct policy_files *included,
    const struct gate_forms *forms, struct diags *diags)
{
	struct loader ld = { .arena = arena,
		.diags = diags,
		.forms = forms,
		.included = included };

	return load_text(&ld, file->name, file->text, file->len);
}
