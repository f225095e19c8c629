#include <string.h>

#include "admin.h"
#include "checkresolved.h"
#include "gates/gate.h"
#include "git/policyobject.h"
#include "open.h"
#include "policy/load.h"
#include "tell/phrase.h"

#define DEFAULT_POLICY STAGEGATE_SYSCONFDIR "/stagegate/policy.yml"

struct check_options {
	bool resolved;
};

static const struct option check_options[] = {
	{ "resolved", 0, OPTION_FLAG, offsetof(struct check_options, resolved),
	    NULL,
	    "print the policy in one piece, with where each line comes from" },
	{ .name = NULL },
};

/* The file that the hooks of this repository read; outside of a repository
 * the one of the whole system. */
static int find_file(struct admin *admin, const char **ret, struct err *err)
{
	struct session *session = &admin->session;

	if (session_open_path(admin->arena, admin->dir, session, err) == 0)
		return session_policy_path(session, ret, err);
	if (err->kind != ERR_NOTFOUND)
		return -1;
	*ret = DEFAULT_POLICY;
	return 0;
}

static json_t *mark_json(struct arena *arena, const struct mark *mark)
{
	json_t *object = json_object();

	json_object_set_new(object, "file",
	    json_text(arena, mark->source ? mark->source->name : NULL));
	json_object_set_new(object, "line",
	    json_integer(mark->source ? (json_int_t)mark->line : 0));
	json_object_set_new(object, "column",
	    json_integer(mark->source ? (json_int_t)mark->column : 0));
	return object;
}

static json_t *diag_json(struct arena *arena, const struct diag *diag)
{
	json_t *object = mark_json(arena, &diag->mark);

	json_object_set_new(object, "severity",
	    json_string(diag->severity == DIAG_ERROR ? "error" : "warning"));
	json_object_set_new(object, "text", json_text(arena, diag->text));
	if (diag->related.source) {
		json_t *related = mark_json(arena, &diag->related);

		json_object_set_new(
		    related, "text", json_text(arena, diag->related_text));
		json_object_set_new(object, "related", related);
	}
	return object;
}

static void print_json(struct admin *admin, const char *name,
    const struct policy *policy, const struct diags *diags)
{
	json_t *object = json_object(), *array = json_array();
	size_t order[DIAGS_MAX];

	diags_order(diags, order);
	for (size_t i = 0; i < diags->n; i++)
		json_array_append_new(
		    array, diag_json(admin->arena, &diags->v[order[i]]));
	json_object_set_new(object, "v", json_integer(1));
	json_object_set_new(object, "file", json_text(admin->arena, name));
	json_object_set_new(object, "valid", json_boolean(policy != NULL));
	json_object_set_new(
	    object, "errors", json_integer((json_int_t)diags->errors));
	json_object_set_new(
	    object, "warnings", json_integer((json_int_t)diags->warnings));
	json_object_set_new(object, "diagnostics", array);
	admin_json(admin, object);
}

static void print_summary(
    struct admin *admin, const char *name, const struct diags *diags)
{
	const char *errors = phrase_count(admin->arena, diags->errors, "error");
	const char *warnings = phrase_count(
	    admin->arena, diags->warnings, "warning");
	const char *said = "ok";

	if (diags->errors && diags->warnings)
		said = arena_printf(admin->arena, "%s, %s", errors, warnings);
	else if (diags->errors)
		said = errors;
	else if (diags->warnings)
		said = arena_printf(admin->arena, "ok, %s", warnings);
	admin_wrap(
	    admin, "", arena_printf(admin->arena, "%s: %s", name, said), 2);
}

static int check(struct admin *admin, const void *options)
{
	const struct check_options *opts = options;
	const char *path = admin->args.n ? admin->args.v[0] : NULL;
	const char *slash, *name;
	struct policy *policy;
	struct diags diags;
	struct buf text;
	struct err err;

	if (opts->resolved && admin->json)
		return admin_usage(admin, "--resolved prints YAML");
	if (!path && find_file(admin, &path, &err) < 0)
		return admin_fail(admin, &err);
	slash = strrchr(path, '/');
	name = slash ? slash + 1 : path;
	diags_init(&diags, admin->arena);
	policy = policy_load(admin->arena, path, &gate_forms, &policy_objects,
	    POLICY_TRUSTED, &diags);
	if (admin->json) {
		print_json(admin, name, policy, &diags);
	} else {
		buf_init(&text, admin->arena, ADMIN_OUTPUT_MAX);
		diags_print(&diags, &text);
		admin_error_text(&text);
		if (opts->resolved && policy)
			resolved_print(admin, policy);
		else
			print_summary(admin, name, &diags);
	}
	return policy ? EXIT_ALLOWED : EXIT_POLICY;
}

const struct verb verb_check = {
	.name = "check",
	.arguments = "[policy.yml]",
	.summary = "find every mistake of a policy",
	.options = check_options,
	.options_size = sizeof(struct check_options),
	.args_max = 1,
	.run = check,
	.json = true,
	.help =
	    "Reads the policy as the hooks would and prints all that is wrong "
	    "with it, each with its place, and not only the first.\n"
	    "Without a file it is the policy of the repository one stands in "
	    "('git config stagegate.policy'), else " STAGEGATE_SYSCONFDIR
	    "/stagegate/policy.yml. The file must be one "
	    "that hooks may use: owned by root or by you, and writable by "
	    "nobody else. It may stand in a repository: "
	    "/srv/git/process.git:refs/tags/v1.0.0:policy.yml.\n"
	    "Of a policy that extends or includes others, --resolved prints "
	    "what all of them say together.\n"
	    "Exit code 0: it can be used, perhaps with warnings; 2: every push "
	    "would be refused.\n",
};
