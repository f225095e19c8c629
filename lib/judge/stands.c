#include "judge/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "gates/gate.h"

/* How the statements for one gate stand. */
struct standing {
	struct arena *arena;
	const struct gate_facts *facts;
	const struct gate *gate;
	const struct evidence_keys *keys;
	bool veto; /* a fail blocks whatever others say */

	/* the newest of each person and matrix value, in that order */
	const struct view_evidence **newest;
	size_t n;

	struct strings authors, author_emails; /* where not_author asks */

	size_t passes;     /* of the slot being counted */
	struct strings by; /* people whose pass counts */
	struct strings digests;
	struct view_evidences counting;
	struct strings fails;   /* people whose fail stands */
	struct strings reasons; /* why others do not count */
	struct strings missing; /* matrix values */
	int64_t at, failed_at;  /* newest pass and fail */
	bool this_push;
};

static const char *const words[] = {
	[EVIDENCE_PASS] = "pass",
	[EVIDENCE_FAIL] = "fail",
	[EVIDENCE_REVOKE] = "revoke",
};

/* ---- the newest of each person ------------------------------------------ */

static int compare_text(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

/* By person, matrix value, then as recorded. */
static int compare_statements(const void *a, const void *b)
{
	const struct view_evidence *x = *(const struct view_evidence *const *)a;
	const struct view_evidence *y = *(const struct view_evidence *const *)b;
	int order = strcmp(x->person, y->person);

	if (order == 0)
		order = compare_text(x->matrix, y->matrix);
	if (order == 0)
		order = x < y ? -1 : x > y;
	return order;
}

static bool same_slot(
    const struct view_evidence *a, const struct view_evidence *b)
{
	return strcmp(a->person, b->person) == 0 &&
	    compare_text(a->matrix, b->matrix) == 0;
}

/* Without `for`, or for the stage that is entered. */
static bool is_for_stage(
    const struct standing *s, const struct view_evidence *e)
{
	const struct stage *stage = s->facts->stage;

	return !e->for_stage ||
	    (stage && strcmp(e->for_stage, stage->name) == 0);
}

/*
 * From one person's statements with one matrix value, as recorded, the newest
 * that stands.  A revoke takes back what that person said before with the same
 * `for`; what was said with the other one (none, or this stage) stays.
 */
static const struct view_evidence *newest_of(
    const struct view_evidence *const *v, size_t n)
{
	const struct view_evidence *last[2] = { NULL, NULL };

	for (size_t i = 0; i < n; i++)
		last[v[i]->for_stage != NULL] = v[i]->result == EVIDENCE_REVOKE
		    ? NULL
		    : v[i];
	if (!last[0] || !last[1])
		return last[0] ? last[0] : last[1];
	return last[0] > last[1] ? last[0] : last[1];
}

/*
 * Void is what was never said: by a key that nobody has any more, or that was
 * revoked before the statement was recorded; and what is unsigned where the
 * gate has come to want signatures.  NULL: it is not void.
 */
static const char *why_void(
    const struct standing *s, const struct view_evidence *e)
{
	const struct policy *policy = s->facts->policy;
	const char *person = text_clean_s(s->arena, e->person);
	const struct person_key *key;

	if (!e->key)
		return s->keys->is_signed
		    ? arena_printf(s->arena, "the %s of %s is not signed",
			  words[e->result], person)
		    : NULL;
	key = policy_key(policy, e->key);
	if (!key || strcmp(policy->people[key->person].name, e->person) != 0)
		return arena_printf(s->arena,
		    "the key that signed the %s of %s is not theirs any more",
		    words[e->result], person);
	if (key->has_revoked && e->at >= key->revoked)
		return arena_printf(s->arena,
		    "the key that signed the %s of %s was revoked at %s",
		    words[e->result], person,
		    time_format(s->arena, key->revoked));
	return NULL;
}

static bool is_void(struct standing *s, const struct view_evidence *e)
{
	const char *reason = why_void(s, e);

	if (reason)
		strings_add(s->arena, &s->reasons, reason);
	return reason != NULL;
}

static void find_newest(struct standing *s, const struct view_evidences *all)
{
	const struct view_evidence **v = arena_array(
	    s->arena, all->n, sizeof(*v));
	size_t n = 0, first = 0;

	for (size_t i = 0; i < all->n; i++)
		if (is_for_stage(s, &all->v[i]) && !is_void(s, &all->v[i]))
			v[n++] = &all->v[i];
	if (n > 1)
		qsort(v, n, sizeof(*v), compare_statements);
	s->newest = arena_array(s->arena, n, sizeof(*v));
	for (size_t i = 1; i <= n; i++) {
		const struct view_evidence *newest;

		if (i < n && same_slot(v[first], v[i]))
			continue;
		newest = newest_of(v + first, i - first);
		if (newest)
			s->newest[s->n++] = newest;
		first = i;
	}
}

/* ---- does it count? ----------------------------------------------------- */

static const char *lower(struct arena *arena, const char *s)
{
	char *copy = arena_strdup(arena, s);

	for (char *p = copy; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return copy;
}

static bool is_author(const struct standing *s, const char *name)
{
	const struct person *person = policy_person(s->facts->policy, name);

	if (strings_have(&s->authors, name))
		return true;
	for (size_t i = 0; person && i < person->emails.n; i++)
		if (strings_have(&s->author_emails,
			lower(s->arena, person->emails.v[i])))
			return true;
	return false;
}

/* NULL: it counts.  Age is asked of passes alone: a fail stands until the
 * person takes it back or let it expire. */
static const char *why_not(
    const struct standing *s, const struct view_evidence *e)
{
	const struct gate_facts *facts = s->facts;
	const char *person = text_clean_s(s->arena, e->person);
	int64_t age = facts->now - e->at;

	if (!policy_in_roles(facts->policy, &s->keys->by, e->person))
		return arena_printf(
		    s->arena, "%s may not speak for it any more", person);
	if (s->keys->not_author && is_author(s, e->person))
		return arena_printf(s->arena,
		    "%s has a part in the change: the %s does not count",
		    person, words[e->result]);
	if (e->has_expires && e->expires <= facts->now)
		return arena_printf(s->arena, "the %s of %s expired at %s",
		    words[e->result], person,
		    time_format(s->arena, e->expires));
	if (e->result == EVIDENCE_PASS && s->keys->max_age_s > 0 && age > 0 &&
	    (uint64_t)age > s->keys->max_age_s)
		return arena_printf(s->arena,
		    "the pass of %s is %s old, at most %s", person,
		    duration_format(s->arena, (uint64_t)age),
		    duration_format(s->arena, s->keys->max_age_s));
	return NULL;
}

static void count_one(struct standing *s, const struct view_evidence *e)
{
	const char *reason = why_not(s, e);

	if (reason) {
		strings_add(s->arena, &s->reasons, reason);
		return;
	}
	if (e->result != EVIDENCE_PASS) {
		strings_add(s->arena, &s->fails, e->person);
		if (e->at > s->failed_at)
			s->failed_at = e->at;
		return;
	}
	s->passes++;
	strings_add(s->arena, &s->by, e->person);
	strings_add(s->arena, &s->digests, e->digest);
	ARRAY_PUSH(s->arena, &s->counting, *e);
	if (e->at > s->at)
		s->at = e->at;
	s->this_push = s->this_push || e->this_push;
}

/* Counts the statements with that matrix value; true when there are enough. */
static bool count_slot(struct standing *s, const char *matrix)
{
	s->passes = 0;
	for (size_t i = 0; i < s->n; i++)
		if (compare_text(s->newest[i]->matrix, matrix) == 0)
			count_one(s, s->newest[i]);
	return s->passes >= s->keys->count;
}

/* ---- words -------------------------------------------------------------- */

static const char *join(
    struct arena *arena, const struct strings *list, const char *prefix)
{
	struct buf buf;

	buf_init(&buf, arena, 1000);
	for (size_t i = 0; i < list->n; i++) {
		const char *name = list->v[i];

		/* Roles may be written with or without their sign. */
		if (*prefix && *name == *prefix)
			name++;
		buf_addf(&buf, "%s%s%s", i > 0 ? ", " : "", prefix,
		    text_clean_s(arena, name));
	}
	return buf.overflow ? arena_printf(arena, "%zu", list->n) : buf.p;
}

static const char *ago(const struct standing *s, int64_t at)
{
	int64_t age = s->facts->now - at;

	return arena_printf(s->arena, "%s ago",
	    duration_format(s->arena, age > 0 ? (uint64_t)age : 0));
}

/* In single quotes where a shell would read the value its own way; NULL where
 * it can't be quoted so. */
static const char *quote(struct arena *arena, const char *value)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

	if (*value && value[strspn(value, safe)] == '\0' && *value != '-')
		return value;
	if (strchr(value, '\'') ||
	    strcmp(text_clean_s(arena, value), value) != 0)
		return NULL;
	return arena_printf(arena, "'%s'", value);
}

/* A gate that judges by a report takes no statement without one. */
static const char *report_option(const struct gate *gate)
{
	const struct evidence_keys *keys = gate->params;
	const char *const *reports = gate->form->reports;

	if (!reports)
		return "";
	if (keys->report != REPORT_ANY &&
	    strcmp(reports[keys->report], "metrics") == 0)
		return " --metric NAME=NUMBER";
	return " --report FILE";
}

void evidence_hint(struct arena *arena, const struct gate_facts *facts,
    const struct gate *gate, const char *matrix, struct gate_row *row)
{
	const struct evidence_keys *keys = gate->params;
	const char *value = matrix ? quote(arena, matrix) : NULL;

	if (matrix && !value)
		return;
	row->hint = arena_printf(arena, "stagegate attest %s --pass %s%s%s%s%s",
	    gate->name, oid_hex8(&facts->candidate).s,
	    value ? " --matrix " : "", value ? value : "", report_option(gate),
	    keys->is_signed ? " --sign" : "");
	row->hint_is_command = true;
}

static void hint_attest(const struct standing *s, struct gate_row *row)
{
	evidence_hint(s->arena, s->facts, s->gate,
	    s->missing.n > 0 ? s->missing.v[0] : NULL, row);
}

static void tell_failed(const struct standing *s, struct gate_row *row)
{
	const char *people = join(s->arena, &s->fails, "");

	row->state = GATE_FAILED;
	row->text = arena_printf(
	    s->arena, "fail by %s, %s", people, ago(s, s->failed_at));
	if (s->veto)
		row->hint = arena_printf(s->arena,
		    "it stands until %s hands in a pass or a revoke", people);
	else
		hint_attest(s, row);
}

static void tell_missing(const struct standing *s, struct gate_row *row)
{
	row->state = GATE_MISSING;
	if (s->missing.n > 0)
		row->text = arena_printf(s->arena, "%s missing, from %s",
		    join(s->arena, &s->missing, ""),
		    join(s->arena, &s->keys->by, "@"));
	else
		row->text = arena_printf(s->arena, "%s of %s from %s",
		    row->have, row->want, join(s->arena, &s->keys->by, "@"));
	hint_attest(s, row);
}

static void tell_passed(const struct standing *s, struct gate_row *row)
{
	row->state = GATE_PASSED;
	row->text = arena_printf(s->arena, "%s, %s", join(s->arena, &s->by, ""),
	    s->this_push ? "in this push" : ago(s, s->at));
}

static void tell(
    const struct standing *s, size_t slots, size_t have, struct gate_row *row)
{
	bool matrix = s->keys->matrix.n > 0;
	bool enough = have == slots;

	row->have = arena_printf(s->arena, "%zu", matrix ? have : s->passes);
	row->want = matrix ? arena_printf(s->arena, "%zu", slots)
			   : arena_printf(s->arena, "%llu",
				 (unsigned long long)s->keys->count);
	row->by = s->by;
	row->digests = s->digests;
	row->at = s->at;
	if (s->fails.n > 0 && (s->veto || !enough))
		tell_failed(s, row);
	else if (enough)
		tell_passed(s, row);
	else
		tell_missing(s, row);
	if (row->state != GATE_PASSED)
		row->details = s->reasons;
}

int evidence_stands(struct arena *arena, const struct gate_facts *facts,
    const struct gate *gate, const struct evidence_keys *keys,
    struct gate_row *row, struct view_evidences *ret_counting, struct err *err)
{
	struct standing s = {
		.arena = arena, .facts = facts, .gate = gate, .keys = keys
	};
	size_t slots = keys->matrix.n > 0 ? keys->matrix.n : 1, have = 0;
	struct view_evidences all = { 0 };

	s.veto = gate->form == &gate_review.form;
	if (facts_evidence(facts, gate, &all, err) < 0)
		return -1;
	/* Who had a part in the change is dear to find out. */
	if (keys->not_author && all.n > 0 &&
	    facts_authors(facts, &s.authors, &s.author_emails, err) < 0)
		return -1;
	find_newest(&s, &all);
	for (size_t i = 0; i < slots; i++) {
		const char *value = keys->matrix.n > 0 ? keys->matrix.v[i]
						       : NULL;

		if (count_slot(&s, value))
			have++;
		else if (value)
			strings_add(arena, &s.missing, value);
	}
	tell(&s, slots, have, row);
	if (ret_counting)
		*ret_counting = s.counting;
	return 0;
}
