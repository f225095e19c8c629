#include "admin.h"
#include "base/text.h"
#include "gates/gate.h"
#include "git/policyobject.h"
#include "policy/compare.h"
#include "policy/load.h"

static const struct {
	enum compare_kind kind;
	const char *word, *title;
} groups[] = {
	{ COMPARE_LOOSER, "looser",
	    "the new policy allows what the old refused:" },
	{ COMPARE_UNCLEAR, "unclear",
	    "the new policy may allow what the old refused:" },
	{ COMPARE_TIGHTER, "tighter",
	    "the new policy refuses what the old allowed:" },
	{ COMPARE_OTHER, "other", "neither more nor less is allowed by:" },
};

#define GROUPS (sizeof(groups) / sizeof(*groups))

static const char *place(
    struct admin *admin, const struct mark *mark, const char *none)
{
	return mark->source ? arena_printf(admin->arena, "%s:%zu",
				  mark->source->name, mark->line)
			    : none;
}

static void print_group(
    struct admin *admin, size_t group, const struct policy_differences *list)
{
	bool begun = false;

	for (size_t i = 0; i < list->n; i++) {
		const struct policy_difference *d = &list->v[i];

		if (d->kind != groups[group].kind)
			continue;
		if (!begun)
			buf_addf(&admin->out, "%s\n", groups[group].title);
		begun = true;
		admin_wrap(admin, "  ",
		    arena_printf(admin->arena, "%s (%s, %s)",
			text_clean_s(admin->arena, d->text),
			place(admin, &d->old, "not in the old one"),
			place(admin, &d->new, "not in the new one")),
		    4);
	}
}

static json_t *mark_json(struct admin *admin, const struct mark *mark)
{
	json_t *object = json_object();

	if (!mark->source) {
		json_decref(object);
		return json_null();
	}
	json_object_set_new(
	    object, "file", json_text(admin->arena, mark->source->name));
	json_object_set_new(
	    object, "line", json_integer((json_int_t)mark->line));
	json_object_set_new(
	    object, "column", json_integer((json_int_t)mark->column));
	return object;
}

static void print_json(
    struct admin *admin, const struct policy_differences *list)
{
	json_t *object = json_object();

	json_object_set_new(object, "v", json_integer(1));
	for (size_t g = 0; g < GROUPS; g++) {
		json_t *array = json_array();

		for (size_t i = 0; i < list->n; i++) {
			const struct policy_difference *d = &list->v[i];
			json_t *one;

			if (d->kind != groups[g].kind)
				continue;
			one = json_object();
			json_object_set_new(
			    one, "text", json_text(admin->arena, d->text));
			json_object_set_new(
			    one, "old", mark_json(admin, &d->old));
			json_object_set_new(
			    one, "new", mark_json(admin, &d->new));
			json_array_append_new(array, one);
		}
		json_object_set_new(object, groups[g].word, array);
	}
	admin_json(admin, object);
}

static const struct policy *load(struct admin *admin, const char *path)
{
	struct diags diags;
	struct buf text;
	const struct policy *policy;

	diags_init(&diags, admin->arena);
	policy = policy_load(admin->arena, path, &gate_forms, &policy_objects,
	    POLICY_ANY, &diags);
	if (!policy) {
		buf_init(&text, admin->arena, ADMIN_OUTPUT_MAX);
		diags_print(&diags, &text);
		admin_error_text(&text);
	}
	return policy;
}

static int diff(struct admin *admin, const void *options)
{
	const struct policy *old = load(admin, admin->args.v[0]);
	const struct policy *new = load(admin, admin->args.v[1]);
	struct policy_differences list;
	int status = EXIT_ALLOWED;

	(void)options;
	if (!old || !new)
		return EXIT_POLICY;
	policy_compare(admin->arena, old, new, &list);
	if (admin->json)
		print_json(admin, &list);
	for (size_t g = 0; !admin->json && g < GROUPS; g++)
		print_group(admin, g, &list);
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i].kind == COMPARE_LOOSER ||
		    list.v[i].kind == COMPARE_UNCLEAR)
			status = EXIT_REFUSED;
	return status;
}

const struct verb verb_diff = {
	.name = "diff",
	.arguments = "OLD NEW",
	.summary = "what one policy allows that another does not",
	.args_min = 2,
	.args_max = 2,
	.run = diff,
	.json = true,
	.help =
	    "Compares two policies key by key and says in words what the new "
	    "one allows that the old one refused, what it may allow (it can't "
	    "be told of another regular expression), what it refuses, and what "
	    "else is different, each with both places. Roles are compared by "
	    "the people in them.\n"
	    "Exit code 0: the new policy allows nothing more; 1: it does, or "
	    "may; 2: one of them is invalid.\n",
};
