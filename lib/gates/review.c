#include <string.h>

#include "gates/gate.h"
#include "gates/owners.h"
#include "judge/evidence.h"

/*
 * review: approved by people who have no part in the change, and nobody who
 * may speak stands against it.  The veto is evidence_stands' business.  With
 * `owners` an owner of each changed path is among them.
 */
struct review_keys {
	struct evidence_keys evidence;
	const char *owners; /* path of a file in the tree; NULL: none */
};

static void defaults(void *params)
{
	struct review_keys *keys = params;

	keys->evidence.not_author = true;
}

static int judge_review(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, struct gate_row *row, struct err *err)
{
	const struct review_keys *keys = gate->params;

	if (evidence_stands(
		arena, facts, gate, &keys->evidence, row, NULL, err) < 0)
		return -1;
	if (!keys->owners)
		return 0;
	return owners_judge(arena, gate, facts, keys->owners, row, err);
}

/* As a tree could have it: no folder, nothing empty, no `.` or `..`. */
static bool is_path(const char *path)
{
	for (const char *p = path;; p++) {
		size_t len = strcspn(p, "/");

		if (len == 0 || (len <= 2 && strspn(p, ".") >= len))
			return false;
		p += len;
		if (!*p)
			return true;
	}
}

static void check(struct arena *arena, const struct policy *policy,
    const struct gate *gate, const struct node *node, struct diags *diags)
{
	const struct review_keys *keys = gate->params;
	const struct node *owners = node_get(node, "owners");

	(void)arena;
	(void)policy;
	if (!keys->owners || is_path(keys->owners))
		return;
	diag_error(diags, owners ? owners->mark : gate->mark,
	    "'owners' must be the path of a file, such as "
	    ".github/CODEOWNERS, not '%s'",
	    keys->owners);
}

static const struct field fields[] = {
	{ .name = "owners",
	    .type = FIELD_STRING,
	    .offset = offsetof(struct review_keys, owners) },
	{ .name = NULL },
};

const struct gate_kind gate_review = {
	.form = { .kind = "review",
	    .params_size = sizeof(struct review_keys),
	    .fields = fields,
	    .takes_evidence = true,
	    .defaults = defaults,
	    .check = check },
	.family = GATE_OF_EVIDENCE,
	.judge = judge_review,
	.needs_change = true,
};
