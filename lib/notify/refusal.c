#include "notify/refusal.h"

#include <string.h>

#include "base/digest.h"
#include "notify/happened.h"
#include "tell/outcome.h"

static bool is_held(const struct ref_verdict *ref)
{
	for (size_t i = 0; i < ref->findings.n; i++)
		if (ref->findings.v[i].code == CODE_STAGE_HELD)
			return true;
	return false;
}

static void add_findings(
    struct arena *arena, const struct findings *findings, struct event *event)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *finding = &findings->v[i];

		if (finding->warns)
			continue;
		strings_add(arena, &event->codes, code_text(finding->code));
		strings_add(arena, &event->texts, finding->text);
	}
}

static void add_rows(
    struct arena *arena, const struct gate_rows *rows, struct event *event)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct gate_row *row = &rows->v[i];

		ARRAY_PUSH(arena, &event->gates,
		    (struct event_gate){
			row->name, gate_state_text(row->state) });
		if (gate_row_speaks(row))
			ARRAY_PUSH(arena, &event->texts,
			    arena_printf(arena, "%s %s: %s",
				gate_state_shown(row->state), row->name,
				row->text ? row->text : ""));
	}
}

static struct event event_of(struct arena *arena, const struct refusal *refusal,
    const struct push *push, const struct verdict *verdict,
    const struct ref_verdict *ref)
{
	const struct policy *policy = verdict->policy;
	const struct client *client = policy_client_of_ref(policy, ref->ref);
	const char *const words[] = { refusal->repository_id,
		random_hex(arena) };
	enum code code = ref_outcome_code(verdict, ref);
	struct event event = { .at = refusal->now,
		.kind = is_held(ref) ? NOTIFY_HELD : NOTIFY_REFUSED,
		.by = push->pusher ? push->pusher : "-",
		.flow = policy->flow,
		.version = policy->version.text,
		.repository_id = refusal->repository_id,
		.repository = refusal->repository,
		.ref = ref->ref,
		.stage = ref->stage ? ref->stage->name : NULL,
		.entry_stage = ref->stage && stage_is_entry(ref->stage),
		.client = client ? client->name : NULL,
		.old = ref->old,
		.new = ref->new };

	event.id = sha256_words40(arena, words, sizeof(words) / sizeof(*words));
	event.code = code < CODE_COUNT ? code_text(code)
				       : code_text(CODE_INTERNAL);
	strings_add(arena, &event.codes, event.code);
	add_findings(arena, &verdict->findings, &event);
	add_findings(arena, &ref->findings, &event);
	add_rows(arena, &ref->gates, &event);
	return event;
}

void refusal_events(struct arena *arena, const struct refusal *refusal,
    const struct push *push, const struct verdict *verdict, struct events *ret)
{
	for (size_t i = 0; i < verdict->nrefs && ret->n < REFUSALS_MAX; i++) {
		const struct ref_verdict *ref = &verdict->refs[i];
		enum outcome outcome = ref_outcome(verdict, ref);

		if (outcome == OUTCOME_REFUSED || outcome == OUTCOME_TAKEN)
			ARRAY_PUSH(arena, ret,
			    event_of(arena, refusal, push, verdict, ref));
	}
}
