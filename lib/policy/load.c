#include "policy/load.h"

#include <string.h>

#include "base/digest.h"
#include "base/num.h"
#include "policy/head.h"
#include "policy/loader.h"

#define ROLLBACK_WINDOW_S ((uint64_t)30 * 24 * 60 * 60)
#define FLOW_MAX 64 /* bytes: it stands in every report's last line */

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
		    VERSION_FORM, keys->version);
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
	check_identity(ld);
	check_refs(ld);
	check_stages(ld);
	check_gates(ld);
	add_bypass_gate(ld);
	check_tighter(ld);
}

/* The levels over one another, the last base first. */
static void lay_levels(struct loader *ld)
{
	for (size_t i = ld->nlevels; i > 0; i--) {
		struct level *level = &ld->levels[i - 1];

		if (ld->root)
			level->tree = extend_tree(
			    ld->arena, ld->root, level->tree);
		ld->root = level->tree;
	}
}

static struct policy *load_text(struct loader *ld,
    const struct policy_place *place, const char *name, const char *text,
    size_t len)
{
	const struct digest_part part = { .p = text, .len = len };
	struct policy *policy = ARENA_NEW(ld->arena, struct policy);
	size_t errors = ld->diags->errors;

	ld->policy = policy;
	policy->name = name;
	policy->text = text;
	policy->text_len = len;
	policy->digest = sha256_hex(ld->arena, &part, 1);
	policy->sources = arena_array(ld->arena,
	    (size_t)POLICY_CHAIN_MAX * (1 + POLICY_INCLUDES_MAX),
	    sizeof(*policy->sources));
	chain_read(ld, place, name, text, len);
	if (ld->is_broken_off)
		return NULL;
	lay_levels(ld);
	policy->tree = ld->root;
	read_policy(ld);
	return ld->diags->errors == errors ? policy : NULL;
}

struct policy *policy_load(struct arena *arena, const char *path,
    const struct gate_forms *forms, const struct policy_objects *objects,
    enum policy_trust trust, struct diags *diags)
{
	struct loader ld = { .arena = arena,
		.diags = diags,
		.forms = forms,
		.objects = objects,
		.trust = trust };
	struct policy_place place;
	const char *fault;
	struct err err;
	char *text;
	size_t len;

	if (!place_parse(arena, path, &place, &fault))
		place = (struct policy_place){ .path = path };
	if (policy_place_read(&ld, &place, &text, &len, &err) < 0) {
		diag_error(
		    diags, (struct mark){ .source = NULL }, "%s", err.text);
		return NULL;
	}
	return load_text(&ld, &place, place_short(arena, &place), text, len);
}

/* What is no file: names that it holds can still be told from one another. */
static struct policy *parse_text(
    struct loader *ld, const char *name, const char *text, size_t len)
{
	const struct policy_place place = { .path = name };

	ld->from_text = true;
	return load_text(ld, &place, name, text, len);
}

struct policy *policy_parse(struct arena *arena, const char *name,
    const char *text, size_t len, const struct gate_forms *forms,
    struct diags *diags)
{
	struct loader ld = { .arena = arena, .diags = diags, .forms = forms };

	return parse_text(&ld, name, text, len);
}

struct policy *policy_parse_files(struct arena *arena,
    const struct policy_file *file, const struct policy_files *copies,
    const struct gate_forms *forms, struct diags *diags)
{
	struct loader ld = {
		.arena = arena, .diags = diags, .forms = forms, .copies = copies
	};

	return parse_text(&ld, file->name, file->text, file->len);
}
