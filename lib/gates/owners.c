#include "gates/owners.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "judge/codeowners.h"
#include "judge/evidence.h"

/* Owners of one path that are told by name. */
#define OWNERS_SHOWN 10

#define EMAIL_MAX 254 /* bytes, RFC 5321 */

struct asking_owners {
	struct arena *arena;
	const struct gate_facts *facts;
	const struct evidence_keys *keys;
	const char *file;
	const struct change *change;
	struct gate_row *row;
	size_t owned, approved; /* paths */
	struct offenders offenders;
};

/* ---- the file ----------------------------------------------------------- */

static int read_file(const struct asking_owners *a,
    const struct view_entry *entry, struct codeowners *ret, struct err *err)
{
	const struct view *view = a->facts->view;
	enum object_kind kind;
	const char *bytes;
	uint64_t size;
	size_t len;

	if (!entry_is_file(entry))
		return err_set(
		    err, ERR_FORMAT, "%s is not a plain file", a->file);
	if (view->kind(view->git, &entry->oid, &kind, &size, err) < 0)
		return -1;
	if (kind == OBJECT_BLOB && size > CODEOWNERS_BYTES_MAX)
		return err_set(err, ERR_LIMIT, "%s has more than %zu bytes",
		    a->file, CODEOWNERS_BYTES_MAX);
	if (view->blob(view->git, a->arena, &entry->oid, CODEOWNERS_BYTES_MAX,
		&bytes, &len, err) < 0)
		return -1;
	codeowners_parse(a->arena, bytes, len, ret);
	return 0;
}

/* As the stage's present tip has it; *ret_there false: no tip or no file. */
static int read_present(const struct asking_owners *a, struct codeowners *ret,
    bool *ret_there, struct err *err)
{
	const struct view *view = a->facts->view;
	const struct oid *tip = &a->facts->ref->old;
	struct view_entry entry;
	struct view_node node;

	*ret_there = false;
	if (oid_is_zero(tip))
		return 0;
	if (view->node(view->git, a->arena, tip, &node, err) < 0 ||
	    view->entry(view->git, &node.tree, a->file, &entry, err) < 0)
		return -1;
	if (entry.mode == 0)
		return 0;
	*ret_there = true;
	if (read_file(a, &entry, ret, err) < 0)
		return err_prefix(err, "at the stage's tip");
	return 0;
}

static void fail(struct gate_row *row, const char *text)
{
	row->state = GATE_FAILED;
	row->text = text;
	row->hint = NULL;
	row->hint_is_command = false;
}

/* What the change makes of the file: refused where that could not be
 * understood later.  *ret_mends: it brings one that can. */
static void judge_coming(struct asking_owners *a, bool *ret_mends)
{
	const struct path_change *path = NULL;
	struct codeowners coming;
	struct err err;

	*ret_mends = false;
	for (size_t i = 0; i < a->change->n && !path; i++)
		if (strcmp(a->change->v[i].path, a->file) == 0)
			path = &a->change->v[i];
	if (!path || path->to.mode == 0)
		return;
	if (read_file(a, &path->to, &coming, &err) < 0) {
		fail(a->row,
		    arena_printf(
			a->arena, "%s", text_clean_s(a->arena, err.text)));
		return;
	}
	*ret_mends = coming.complaints.n == 0;
	if (*ret_mends)
		return;
	fail(a->row,
	    arena_printf(a->arena, "the new %s can't be understood",
		text_clean_s(a->arena, a->file)));
	for (size_t i = 0; i < coming.complaints.n; i++)
		offenders_add(&a->offenders, "%s", coming.complaints.v[i]);
}

/* ---- owners ------------------------------------------------------------- */

/* Those of `people` are in lower case. */
static const struct person *by_email(
    const struct policy *policy, const char *email)
{
	char lower[EMAIL_MAX + 1];
	size_t len = strlen(email);

	if (len > EMAIL_MAX)
		return NULL;
	for (size_t i = 0; i <= len; i++)
		lower[i] = (char)(email[i] >= 'A' && email[i] <= 'Z'
			? email[i] - 'A' + 'a'
			: email[i]);
	return policy_person_by_email(policy, lower);
}

/* `@name` is the person and the role of that name.  Hosts call people by
 * e-mail-like names too. */
static bool is_owner(
    const struct policy *policy, const char *owner, const char *person)
{
	const char *name = owner + 1;
	const struct strings role = { &name, 1, 1 };
	const struct person *found;

	if (*owner == '@')
		return strcmp(name, person) == 0 ||
		    policy_in_roles(policy, &role, person);
	found = by_email(policy, owner);
	return strcmp(owner, person) == 0 ||
	    (found && strcmp(found->name, person) == 0);
}

static bool has_approved(
    const struct asking_owners *a, const struct codeowners_rule *rule)
{
	for (size_t i = 0; i < rule->owners.n; i++)
		for (size_t k = 0; k < a->row->by.n; k++)
			if (is_owner(a->facts->policy, rule->owners.v[i],
				a->row->by.v[k]))
				return true;
	return false;
}

static const struct role *role_of(
    const struct policy *policy, const char *owner)
{
	for (size_t i = 0; *owner == '@' && i < policy->nroles; i++)
		if (strcmp(policy->roles[i].name, owner + 1) == 0)
			return &policy->roles[i];
	return NULL;
}

/* Is it a name that the policy mentions? */
static const char *person_of(const struct policy *policy, const char *owner)
{
	const char *name = *owner == '@' ? owner + 1 : owner;

	if (policy_person(policy, name))
		return name;
	if (*owner != '@' && by_email(policy, owner))
		return by_email(policy, owner)->name;
	for (size_t i = 0; i < policy->nroles; i++)
		if (strings_have(&policy->roles[i].members, name))
			return name;
	return NULL;
}

/* Why an owner can never approve; NULL: one can. */
static const char *why_never(const struct asking_owners *a, const char *owner)
{
	const struct policy *policy = a->facts->policy;
	const struct role *role = role_of(policy, owner);
	const char *person = person_of(policy, owner);

	if (!role && !person)
		return "unknown here";
	if (person && policy_in_roles(policy, &a->keys->by, person))
		return NULL;
	if (role && role->everyone)
		return NULL;
	for (size_t i = 0; role && i < role->members.n; i++)
		if (policy_in_roles(policy, &a->keys->by, role->members.v[i]))
			return NULL;
	return "may not speak for this gate";
}

static const char *owners_text(
    const struct asking_owners *a, const struct codeowners_rule *rule)
{
	const struct strings *owners = &rule->owners;
	struct buf buf;

	buf_init(&buf, a->arena, 2 * CODEOWNERS_LINE_MAX);
	for (size_t i = 0; i < owners->n && i < OWNERS_SHOWN; i++) {
		const char *why = why_never(a, owners->v[i]);

		buf_addf(&buf, "%s%s", i > 0 ? ", " : "",
		    text_clean_s(a->arena, owners->v[i]));
		if (why)
			buf_addf(&buf, " (%s)", why);
	}
	if (owners->n > OWNERS_SHOWN)
		buf_addf(&buf, " and %zu more", owners->n - OWNERS_SHOWN);
	return buf.p;
}

static void ask_path(
    struct asking_owners *a, const struct codeowners *owners, const char *path)
{
	const struct codeowners_rule *rule = codeowners_find(owners, path);

	if (!rule || rule->owners.n == 0)
		return;
	a->owned++;
	if (has_approved(a, rule))
		a->approved++;
	else if (a->offenders.n < OFFENDERS_MAX)
		offenders_add(&a->offenders, "%s wants %s",
		    text_clean_s(a->arena, path), owners_text(a, rule));
	else
		a->offenders.n++;
}

/* ---- all of it ---------------------------------------------------------- */

static void add_details(struct asking_owners *a)
{
	struct strings *details = &a->row->details;
	const struct offenders *found = &a->offenders;

	for (size_t i = 0; i < found->lines.n; i++)
		ARRAY_PUSH(a->arena, details, found->lines.v[i]);
	if (found->n > found->lines.n)
		ARRAY_PUSH(a->arena, details,
		    arena_printf(
			a->arena, "and %zu more", found->n - found->lines.n));
}

static void ask_owners(struct asking_owners *a, const struct gate *gate,
    const struct codeowners *owners)
{
	struct gate_row *row = a->row;

	for (size_t i = 0; i < a->change->n; i++)
		ask_path(a, owners, a->change->v[i].path);
	if (a->approved == a->owned || row->state != GATE_PASSED)
		return;
	row->state = GATE_MISSING;
	row->have = arena_printf(a->arena, "%zu", a->approved);
	row->want = arena_printf(a->arena, "%zu", a->owned);
	row->text = arena_printf(a->arena,
	    "%s of %s paths approved by an owner", row->have, row->want);
	evidence_hint(a->arena, a->facts, gate,
	    a->keys->matrix.n > 0 ? a->keys->matrix.v[0] : NULL, row);
}

int owners_judge(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, const char *file, struct gate_row *row,
    struct err *err)
{
	struct asking_owners a = { .arena = arena,
		.facts = facts,
		.keys = gate->params,
		.file = file,
		.row = row,
		.offenders = { .arena = arena } };
	struct codeowners owners;
	bool there, mends;

	if (facts_change(facts, &a.change, err) < 0 ||
	    read_present(&a, &owners, &there, err) < 0)
		return -1;
	judge_coming(&a, &mends);
	if (there && owners.complaints.n > 0 && !mends)
		return err_set(err, ERR_FORMAT,
		    "%s at the stage's tip, %s (%zu such line%s); what "
		    "enters next must mend it",
		    file, owners.complaints.v[0], owners.complaints.n,
		    owners.complaints.n == 1 ? "" : "s");
	if (there)
		ask_owners(&a, gate, &owners);
	add_details(&a);
	return 0;
}
