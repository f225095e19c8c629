#include "notify/happened.h"

#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "notify/changes.h"
#include "notify/destination.h"
#include "record/words.h"

/* ---- names -------------------------------------------------------------- */

const char *repository_name(struct arena *arena, const struct repo *repo)
{
	const char *path = repo_path(repo), *end = path + strlen(path);
	const char *slash;

	if (str_suffix(path, "/.git"))
		end -= strlen("/.git"); /* of a work tree */
	else if (str_suffix(path, ".git"))
		end -= strlen(".git");
	for (slash = end; slash > path && slash[-1] != '/';)
		slash--;
	return slash == end
	    ? path
	    : arena_strndup(arena, slash, (size_t)(end - slash));
}

/* One for each thing that a record says. */
static const char *id_of(const struct happened *h,
    const struct log_record *record, enum notify_event kind, const char *what)
{
	const struct oid_hex commit = oid_hex(&record->id);
	const char *const words[] = { h->repository_id, commit.s,
		notify_words[kind], what };

	return sha256_words40(h->arena, words, sizeof(words) / sizeof(*words));
}

static struct event begin(const struct happened *h,
    const struct log_record *record, enum notify_event kind, const char *what)
{
	return (struct event){ .kind = kind,
		.id = id_of(h, record, kind, what),
		.at = record->at,
		.by = record->pusher,
		.flow = record->flow ? record->flow : h->policy->flow,
		.version = record->version ? record->version
					   : h->policy->version.text,
		.repository_id = h->repository_id,
		.repository = repository_name(h->arena, h->repo) };
}

static void set_ref(
    const struct happened *h, struct event *event, const char *ref)
{
	const struct client *client = policy_client_of_ref(h->policy, ref);
	const struct stage *stage = policy_stage(h->policy, event->stage);

	event->ref = ref;
	event->client = client ? client->name : NULL;
	event->entry_stage = stage && stage_is_entry(stage);
}

/* ---- incidents ---------------------------------------------------------- */

static void set_incident(
    struct event *event, const struct view_incident *incident)
{
	event->incident = incident->number;
	event->reason = incident->reason;
	event->timeline = incident->timeline;
	event->commit = incident->subject;
	event->restored = incident->restored;
	event->then = incident->then;
	event->overridden = incident->overridden;
	event->clients = incident->clients;
}

/* The one that the record opens on that ref, or NULL. */
static int find_opened(const struct happened *h,
    const struct log_record *record, const char *ref,
    struct view_incident **ret, struct err *err)
{
	*ret = NULL;
	for (size_t i = 0; i < record->incidents.n; i++) {
		const struct log_incident *incident = &record->incidents.v[i];

		if (!incident->closed && strcmp(incident->ref, ref) == 0)
			return ledger_incident(
			    h->ledger, h->arena, incident->number, ret, err);
	}
	return 0;
}

static int add_closed(const struct happened *h, const struct log_record *record,
    const struct log_incident *closed, struct events *ret, struct err *err)
{
	struct view_incident *incident;
	struct event event = begin(h, record, NOTIFY_INCIDENT_CLOSED,
	    arena_printf(h->arena, "%llu", (unsigned long long)closed->number));

	if (ledger_incident(
		h->ledger, h->arena, closed->number, &incident, err) < 0)
		return -1;
	if (!incident)
		return 0;
	event.stage = incident->stage;
	set_ref(h, &event, incident->ref);
	set_incident(&event, incident);
	ARRAY_PUSH(h->arena, ret, event);
	return 0;
}

/* ---- updates ------------------------------------------------------------ */

static bool has_state(const struct log_update *update, enum passage_state state)
{
	return strcmp(update->state, passage_state_text(state)) == 0;
}

static bool has_kind(const struct log_update *update, enum transition kind)
{
	return strcmp(update->kind, transition_text(kind)) == 0;
}

/* The gates that it has passed, as the note of the new tip has them. */
static int add_gates(const struct happened *h, const struct log_update *update,
    struct event *event, struct err *err)
{
	struct note note;

	if (ledger_note(h->ledger, h->arena, &update->new, &note, err) < 0)
		return -1;
	for (size_t i = note.npassages; i > 0; i--) {
		const struct note_passage *passage = &note.passages[i - 1];

		if (strcmp(passage->ref, update->ref) != 0 ||
		    passage->at != event->at)
			continue;
		for (size_t k = 0; k < passage->gates.n; k++)
			ARRAY_PUSH(h->arena, &event->gates,
			    (struct event_gate){ passage->gates.v[k],
				passage->gate_states.v[k] });
		break;
	}
	return 0;
}

/* Of a rollback those that are taken back. */
static void list_changes(const struct happened *h, struct event *event)
{
	bool back = event->kind == NOTIFY_ROLLED_BACK;

	changes_list(h->arena, h->view, back ? &event->old : &event->new,
	    back ? &event->restored : &event->old, event);
}

static enum notify_event kind_of(
    const struct log_update *update, const struct view_incident *incident)
{
	if (has_state(update, PASSAGE_UNOBSERVED))
		return NOTIFY_UNOBSERVED;
	if (has_kind(update, TRANSITION_ROLLBACK))
		return NOTIFY_ROLLED_BACK;
	return incident && incident->kind == INCIDENT_BYPASS ? NOTIFY_BYPASSED
							     : NOTIFY_ENTERED;
}

static bool tells(const struct log_update *update)
{
	if (strcmp(update->stage, "-") == 0)
		return false;
	if (has_state(update, PASSAGE_UNOBSERVED))
		return true;
	return !has_kind(update, TRANSITION_OTHER) &&
	    !has_kind(update, TRANSITION_DELETE) &&
	    !has_state(update, PASSAGE_ADOPTED);
}

static int add_update(const struct happened *h, const struct log_record *record,
    const struct log_update *update, struct events *ret, struct err *err)
{
	struct view_incident *incident;
	enum notify_event kind;
	struct event event;

	if (!tells(update))
		return 0;
	if (find_opened(h, record, update->ref, &incident, err) < 0)
		return -1;
	kind = kind_of(update, incident);
	if (!destinations_wanted(h->policy, kind))
		return 0;
	event = begin(h, record, kind, update->ref);
	event.stage = update->stage;
	event.old = update->old;
	event.new = update->new;
	event.transition = update->kind;
	set_ref(h, &event, update->ref);
	if (incident)
		set_incident(&event, incident);
	if (event.kind != NOTIFY_UNOBSERVED) {
		if (add_gates(h, update, &event, err) < 0)
			return -1;
		list_changes(h, &event);
	}
	ARRAY_PUSH(h->arena, ret, event);
	return 0;
}

/* ---- statements --------------------------------------------------------- */

static void add_statement(const struct happened *h,
    const struct log_record *record, const struct log_evidence *evidence,
    struct events *ret)
{
	struct event event = begin(
	    h, record, NOTIFY_EVIDENCE, evidence->digest);

	event.gate = evidence->gate;
	event.person = log_word(h->arena, evidence->person);
	event.result = evidence->result;
	event.commit = evidence->commit;
	ARRAY_PUSH(h->arena, ret, event);
}

int happened_read(const struct happened *happened,
    const struct log_record *record, struct events *ret, struct err *err)
{
	const struct policy *policy = happened->policy;
	bool evidence = destinations_wanted(policy, NOTIFY_EVIDENCE);
	bool closings = destinations_wanted(policy, NOTIFY_INCIDENT_CLOSED);

	for (size_t i = 0; i < record->updates.n; i++)
		if (add_update(
			happened, record, &record->updates.v[i], ret, err) < 0)
			return -1;
	for (size_t i = 0; evidence && i < record->evidence.n; i++)
		add_statement(happened, record, &record->evidence.v[i], ret);
	for (size_t i = 0; closings && i < record->incidents.n; i++)
		if (record->incidents.v[i].closed &&
		    add_closed(happened, record, &record->incidents.v[i], ret,
			err) < 0)
			return -1;
	return 0;
}
