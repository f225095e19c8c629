#include "rejudge.h"

#include <string.h>

#include "base/text.h"
#include "git/objects.h"
#include "git/treestore.h"
#include "judge/judge.h"
#include "record/plan.h"
#include "record/words.h"

void complain(const struct rejudge_push *p, struct complaints *list,
    enum verify_kind kind, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vprintf(p->arena, fmt, ap);
	va_end(ap);
	ARRAY_PUSH(p->arena, list,
	    (struct complaint){ kind, text_clean_s(p->arena, text) });
}

/* ---- the push, put together again ------------------------------------------
 */

static int is_there(const struct rejudge_push *p, const struct oid *oid,
    bool *ret, struct err *err)
{
	enum object_kind kind;
	uint64_t size;

	*ret = true;
	if (oid_is_zero(oid))
		return 0;
	if (object_header(p->repo, oid, &kind, &size, err) < 0)
		return -1;
	*ret = kind != OBJECT_MISSING;
	return 0;
}

static void add_line(struct rejudge_push *p, const struct update *update,
    const struct rejudge_line *line)
{
	p->lines[p->push.updates.n] = *line;
	ARRAY_PUSH(p->arena, &p->push.updates, *update);
}

/* Nobody has judged a tip that was found. */
static bool was_judged(const struct log_update *update)
{
	return strcmp(update->state, "unobserved") != 0 &&
	    strcmp(update->state, "adopted") != 0;
}

static int add_update(struct rejudge_push *p, const struct log_update *from,
    struct complaints *list, struct err *err)
{
	const struct update update = { from->old, from->new, from->ref };
	bool old, new;

	if (!was_judged(from))
		return 0;
	if (is_there(p, &from->old, &old, err) < 0 ||
	    is_there(p, &from->new, &new, err) < 0 ||
	    rejudge_reasons(p, from, err) < 0)
		return -1;
	if (old && new)
		add_line(p, &update, &(struct rejudge_line){ from, NULL });
	else
		complain(p, list, VERIFY_UNSHOWN,
		    "that %s was accepted: object %s is gone", from->ref,
		    oid_hex8(old ? &from->new : &from->old).s);
	return 0;
}

static int add_evidence(struct rejudge_push *p, const struct log_evidence *from,
    struct complaints *list, struct err *err)
{
	const char *gate = log_word(p->arena, from->gate), *bytes;
	struct update update = { .old = { { 0 } } };
	struct past_tag *tag = &p->past.tags[p->past.ntags];
	size_t len;
	bool there;

	if (is_there(p, &from->commit, &there, err) < 0)
		return -1;
	if (!there) {
		complain(p, list, VERIFY_UNSHOWN,
		    "that statement %.8s was accepted: commit %s is gone",
		    from->digest, oid_hex8(&from->commit).s);
		return 0;
	}
	if (treestore_read(ledger_tree(p->record->after), p->arena,
		ledger_evidence_path(
		    p->arena, &from->commit, gate, from->digest),
		&bytes, &len, NULL, err) < 0)
		return -1;
	if (!bytes)
		return 0; /* a finding says so */
	if (object_hash(OBJECT_TAG, bytes, len, &tag->oid, err) < 0)
		return -1;
	tag->bytes = bytes;
	tag->len = len;
	p->past.ntags++;
	update.new = tag->oid;
	/* What the inbox ref was called is not recorded. */
	update.ref = arena_printf(p->arena, "refs/evidence/%s/%s/%zu", gate,
	    oid_hex(&from->commit).s, p->past.ntags);
	add_line(p, &update, &(struct rejudge_line){ NULL, from });
	return 0;
}

int rejudge_push_make(
    struct rejudge_push *push, struct complaints *ret, struct err *err)
{
	const struct log_record *record = push->record->record;

	push->lines = arena_array(push->arena,
	    record->updates.n + record->evidence.n, sizeof(*push->lines));
	push->past.tags = arena_array(
	    push->arena, record->evidence.n, sizeof(*push->past.tags));
	oidmap_init(&push->notes, push->arena);
	push->push.options_known = true;
	if (strcmp(record->pusher, "-") != 0)
		push->push.pusher = record->pusher;
	else
		push->push.pusher_problem = "no pusher was recorded";
	for (size_t i = 0; i < record->updates.n; i++)
		if (add_update(push, &record->updates.v[i], ret, err) < 0)
			return -1;
	for (size_t i = 0; i < record->evidence.n; i++)
		if (add_evidence(push, &record->evidence.v[i], ret, err) < 0)
			return -1;
	return 0;
}

/* ---- a refusal -------------------------------------------------------------
 */

/* The first thing that speaks against it. */
static const char *reason_text(
    const struct rejudge_push *p, const struct ref_verdict *ref)
{
	for (size_t i = 0; i < ref->findings.n; i++)
		if (!ref->findings.v[i].warns)
			return ref->findings.v[i].text;
	for (size_t i = 0; i < ref->gates.n; i++) {
		const struct gate_row *row = &ref->gates.v[i];

		if (gate_row_refuses(row))
			return arena_printf(p->arena, "%s %s %s",
			    gate_state_text(row->state), row->name,
			    row->text ? row->text : "");
	}
	return "";
}

/* Could the judge not find out, because something is gone? */
static bool is_undecided(const struct ref_verdict *ref)
{
	for (size_t i = 0; i < ref->findings.n; i++)
		if (ref->findings.v[i].code == CODE_INTERNAL ||
		    ref->findings.v[i].code == CODE_OBJECT_MISSING)
			return true;
	for (size_t i = 0; i < ref->gates.n; i++)
		if (ref->gates.v[i].state == GATE_ERROR)
			return true;
	return false;
}

static const char *line_text(
    const struct rejudge_push *p, const struct rejudge_line *line)
{
	if (line->update)
		return line->update->ref;
	return arena_printf(p->arena, "statement %.8s of %s about %s",
	    line->evidence->digest, line->evidence->gate,
	    oid_hex8(&line->evidence->commit).s);
}

static void complain_of_refusal(const struct rejudge_push *p,
    const struct rejudge_line *line, const struct ref_verdict *ref,
    struct complaints *list)
{
	const char *what = line_text(p, line), *codes = "";
	enum code all[CODE_COUNT];
	size_t n;

	if (is_undecided(ref)) {
		complain(p, list, VERIFY_UNSHOWN, "that %s was accepted: %s",
		    what, reason_text(p, ref));
		return;
	}
	if (p->past.met_missing) {
		complain(p, list, VERIFY_UNSHOWN,
		    "that %s was accepted: object %s is gone", what,
		    oid_hex8(&p->past.missing).s);
		return;
	}
	n = ref_verdict_codes(ref, all);
	for (size_t i = 0; i < n; i++)
		codes = arena_printf(p->arena, "%s%s%s", codes,
		    i > 0 ? ", " : "", code_text(all[i]));
	complain(p, list, VERIFY_FINDING,
	    "%s would be refused by the policy in force then: %s, %s", what,
	    n > 0 ? codes : code_text(CODE_INTERNAL), reason_text(p, ref));
}

/* ---- another verdict than the one that was recorded ------------------------
 */

/* Each is read once: a thousand refs may have come to the same commit. */
static int read_note(struct rejudge_push *p, const struct oid *commit,
    const struct note **ret, struct err *err)
{
	struct note *note = oidmap_get(&p->notes, commit);

	if (!note) {
		note = ARENA_NEW(p->arena, struct note);
		if (ledger_note(p->record->after, p->arena, commit, note, err) <
		    0)
			return -1;
		oidmap_put(&p->notes, commit, note);
	}
	*ret = note;
	return 0;
}

/* The passage that this record has made. */
static int find_passage(struct rejudge_push *p, const struct log_update *update,
    struct note_passage *ret, bool *ret_found, struct err *err)
{
	struct ref_record *record;
	const struct note *note;

	*ret_found = false;
	if (ledger_ref(p->record->after, p->arena, update->ref, &record, err) <
		0 ||
	    read_note(p, &update->new, &note, err) < 0)
		return -1;
	for (size_t i = 0; record && i < note->npassages; i++) {
		const struct note_passage *passage = &note->passages[i];

		if (passage->number != record->number ||
		    strcmp(passage->ref, update->ref) != 0)
			continue;
		*ret = *passage;
		*ret_found = true;
	}
	return 0;
}

static bool is_asked(
    const struct policy *policy, const char *gate, const char *recorded)
{
	const struct gate *asked = policy_gate(policy, gate);
	const struct gate *other = policy_gate(policy, recorded);

	return asked && other && (asked == other || gate_names(other, asked));
}

int rejudge_was_refused(struct rejudge_push *push, const char *ref,
    const char *gate, bool *ret, struct err *err)
{
	struct note_passage passage = { 0 };
	bool found = false;

	*ret = false;
	for (size_t i = 0; i < push->push.updates.n; i++)
		if (push->lines[i].update &&
		    strcmp(push->lines[i].update->ref, ref) == 0 &&
		    find_passage(
			push, push->lines[i].update, &passage, &found, err) < 0)
			return -1;
	for (size_t i = 0; found && i < passage.gates.n; i++) {
		const char *state = passage.gate_states.v[i];

		if (is_asked(push->policy, gate, passage.gates.v[i]) &&
		    (strcmp(state, gate_state_text(GATE_OVERRIDDEN)) == 0 ||
			strcmp(state, gate_state_text(GATE_WARNED)) == 0))
			*ret = true;
	}
	return 0;
}

static void compare_gates(const struct rejudge_push *p,
    const struct plan_ref *judged, const struct note_passage *passage,
    struct complaints *list)
{
	const struct strings *names = &passage->gates;

	for (size_t i = 0; i < judged->ngates || i < names->n; i++) {
		const char *state;

		if (i >= judged->ngates || i >= names->n ||
		    strcmp(judged->gates[i].name, names->v[i]) != 0) {
			complain(p, list, VERIFY_FINDING,
			    "%s: other gates were judged than recorded, from "
			    "%s on",
			    judged->ref,
			    i < names->n ? names->v[i] : judged->gates[i].name);
			return;
		}
		state = gate_state_text(judged->gates[i].state);
		if (strcmp(state, passage->gate_states.v[i]) != 0)
			complain(p, list, VERIFY_FINDING,
			    "%s: gate %s is recorded as %s, it is %s",
			    judged->ref, names->v[i], passage->gate_states.v[i],
			    state);
	}
}

static void compare_words(const struct rejudge_push *p,
    const struct plan_ref *judged, const struct log_update *update,
    struct complaints *list)
{
	if (strcmp(transition_text(judged->kind), update->kind) != 0)
		complain(p, list, VERIFY_FINDING,
		    "%s is recorded as %s, it is %s", judged->ref, update->kind,
		    transition_text(judged->kind));
	if (strcmp(judged->stage, update->stage) != 0)
		complain(p, list, VERIFY_FINDING,
		    "%s is recorded as of stage %s, it is of %s", judged->ref,
		    update->stage, judged->stage);
	if (judged->warned != (strcmp(update->state, "warned") == 0))
		complain(p, list, VERIFY_FINDING,
		    "%s is recorded as %s, it is %s", judged->ref,
		    update->state, judged->warned ? "warned" : "accepted");
}

static int compare_candidate(const struct rejudge_push *p,
    const struct plan_ref *judged, struct complaints *list, struct err *err)
{
	struct ref_record *record;
	const struct oid *recorded;

	if (ledger_ref(p->record->after, p->arena, judged->ref, &record, err) <
	    0)
		return -1;
	if (!record)
		return 0;
	recorded = oid_is_zero(&record->candidate) ? &record->tip
						   : &record->candidate;
	if (!oid_eq(recorded, &judged->candidate))
		complain(p, list, VERIFY_FINDING,
		    "%s: its candidate is recorded as %s, it is %s",
		    judged->ref, oid_hex8(recorded).s,
		    oid_hex8(&judged->candidate).s);
	return 0;
}

static int compare_update(struct rejudge_push *p,
    const struct log_update *update, const struct ref_verdict *ref,
    struct complaints *list, struct err *err)
{
	const struct plan_ref judged = plan_ref_of(p->arena, ref);
	struct note_passage passage = { 0 };
	bool found;

	compare_words(p, &judged, update, list);
	if (strcmp(judged.stage, "-") == 0 || oid_is_zero(&update->new))
		return 0;
	if (compare_candidate(p, &judged, list, err) < 0 ||
	    find_passage(p, update, &passage, &found, err) < 0)
		return -1;
	if (found)
		compare_gates(p, &judged, &passage, list);
	return 0;
}

static int compare_line(struct rejudge_push *p, const struct rejudge_line *line,
    const struct ref_verdict *ref, struct complaints *list, struct err *err)
{
	if (ref->refused) {
		complain_of_refusal(p, line, ref, list);
		return 0;
	}
	if (line->update) {
		rejudge_commands_say(p, ref, list);
		rejudge_children_say(p, ref, list);
		if (rejudge_opening(p, ref, list, err) < 0)
			return -1;
		return compare_update(p, line->update, ref, list, err);
	}
	if (strcmp(ref->statement.person,
		log_word(p->arena, line->evidence->person)) != 0)
		complain(p, list, VERIFY_FINDING,
		    "%s is recorded as that of %s, it is that of %s",
		    line_text(p, line), line->evidence->person,
		    ref->statement.person);
	return 0;
}

/* ---- asking ----------------------------------------------------------------
 */

/* What is recorded has come to rest. */
static int never_in_flight(void *ledger, const char *ref, const struct oid *tip,
    bool *ret, struct err *err)
{
	(void)ledger;
	(void)ref;
	(void)tip;
	(void)err;
	*ret = false;
	return 0;
}

int rejudge_push_ask(struct rejudge_push *push, struct ledger *ledger,
    int64_t now, struct complaints *ret, struct err *err)
{
	struct overlay overlay = { .past = &push->past };
	struct view inner = *push->git, view;
	struct verdict verdict;

	if (ledger_view(ledger, push->arena, push->repo, &inner, err) < 0 ||
	    ledger_repository_id(push->record->after, push->arena,
		&inner.repository_id, err) < 0)
		return -1;
	push->past.met_missing = false;
	inner.in_flight = never_in_flight;
	rejudge_commands(push, &inner);
	rejudge_children(push, &inner);
	overlay_view(&overlay, &inner, &view);
	judge(
	    push->arena, push->policy, &push->push, &view, now, NULL, &verdict);
	for (size_t i = 0; i < verdict.findings.n; i++)
		complain(push, ret, VERIFY_FINDING,
		    "the push would be refused by the policy in force then: "
		    "%s, %s",
		    code_text(verdict.findings.v[i].code),
		    verdict.findings.v[i].text);
	for (size_t i = 0; verdict.findings.n == 0 && i < verdict.nrefs; i++)
		if (compare_line(
			push, &push->lines[i], &verdict.refs[i], ret, err) < 0)
			return -1;
	return 0;
}
