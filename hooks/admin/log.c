#include "record/log.h"

#include <stdlib.h>
#include <string.h>

#include "admin.h"
#include "base/num.h"
#include "base/text.h"
#include "log_gates.h"
#include "log_incidents.h"
#include "open.h"

struct log_options {
	uint64_t last;
};

static const struct option options[] = {
	{ "last", 'n', OPTION_COUNT, offsetof(struct log_options, last), "N",
	    "only the newest N records" },
	{ .name = NULL },
};

/* Every record is read and printed in memory that the next one uses again. */
struct printer {
	struct admin *admin;
	struct arena *arena;
	const char *ref; /* only records about this one; NULL: all */
	size_t printed;
};

/* What is shown of a record. */
struct shown {
	const struct log_record *record;
	struct log_gates *gates; /* of each update */
	struct log_told told;
};

static bool is_wanted(const struct printer *printer, const struct shown *shown)
{
	const struct log_record *record = shown->record;

	if (!printer->ref || !log_told_is_empty(&shown->told))
		return true;
	for (size_t i = 0; i < record->updates.n; i++)
		if (strcmp(record->updates.v[i].ref, printer->ref) == 0)
			return true;
	return false;
}

static bool shows(
    const struct printer *printer, const struct log_update *update)
{
	return !printer->ref || strcmp(update->ref, printer->ref) == 0;
}

static json_t *update_json(struct arena *arena, const struct log_update *update,
    const struct log_gates *gates)
{
	json_t *object = json_object();
	bool staged = strcmp(update->stage, "-") != 0;

	json_object_set_new(object, "ref", json_text(arena, update->ref));
	json_object_set_new(
	    object, "stage", json_text(arena, staged ? update->stage : NULL));
	json_object_set_new(object, "old", json_oid(&update->old));
	json_object_set_new(object, "new", json_oid(&update->new));
	json_object_set_new(object, "kind", json_text(arena, update->kind));
	json_object_set_new(object, "state", json_text(arena, update->state));
	json_object_set_new(object, "gates", log_gates_json(arena, gates));
	return object;
}

static json_t *evidence_json(
    struct arena *arena, const struct log_evidence *evidence)
{
	json_t *object = json_object();

	json_object_set_new(object, "gate", json_text(arena, evidence->gate));
	json_object_set_new(object, "commit", json_oid(&evidence->commit));
	json_object_set_new(object, "by", json_text(arena, evidence->person));
	json_object_set_new(
	    object, "result", json_text(arena, evidence->result));
	json_object_set_new(
	    object, "digest", json_text(arena, evidence->digest));
	return object;
}

static json_t *policy_json(struct arena *arena, const struct log_record *record)
{
	json_t *object = json_object();

	if (!record->policy_digest) {
		json_decref(object);
		return json_null();
	}
	json_object_set_new(
	    object, "digest", json_text(arena, record->policy_digest));
	json_object_set_new(object, "flow", json_text(arena, record->flow));
	json_object_set_new(
	    object, "version", json_text(arena, record->version));
	return object;
}

static void print_json(struct printer *printer, const struct shown *shown)
{
	const struct log_record *record = shown->record;
	struct arena *arena = printer->arena;
	json_t *object = json_object(), *array = json_array();
	char *text;

	json_object_set_new(object, "id", json_oid(&record->id));
	json_object_set_new(object, "at", json_time(arena, record->at));
	json_object_set_new(object, "pusher", json_text(arena, record->pusher));
	json_object_set_new(object, "push", json_text(arena, record->push));
	json_object_set_new(object, "policy", policy_json(arena, record));
	for (size_t i = 0; i < record->updates.n; i++)
		if (shows(printer, &record->updates.v[i]))
			json_array_append_new(array,
			    update_json(arena, &record->updates.v[i],
				&shown->gates[i]));
	json_object_set_new(object, "updates", array);
	array = json_array();
	for (size_t i = 0; i < record->evidence.n; i++)
		json_array_append_new(
		    array, evidence_json(arena, &record->evidence.v[i]));
	json_object_set_new(object, "evidence", array);
	json_object_set_new(
	    object, "incidents", log_incidents_json(arena, &shown->told));
	json_object_set_new(
	    object, "expired", log_expired_json(arena, &shown->told));
	text = json_dumps(object, JSON_COMPACT);
	buf_addf(&printer->admin->out, "%s%s",
	    printer->printed ? "," : "{\"v\":1,\"records\":[",
	    text ? text : "null");
	free(text);
	json_decref(object);
}

static const char *move_text(
    struct arena *arena, const struct log_update *update)
{
	if (oid_is_zero(&update->old) || oid_is_zero(&update->new))
		return arena_strdup(arena,
		    oid_hex8(
			oid_is_zero(&update->old) ? &update->new : &update->old)
			.s);
	return arena_printf(arena, "%s..%s", oid_hex8(&update->old).s,
	    oid_hex8(&update->new).s);
}

static void print_update(struct printer *printer,
    const struct log_update *update, const struct log_gates *gates)
{
	struct arena *arena = printer->arena;
	const char *passed = log_gates_text(arena, gates);
	const char *stage = strcmp(update->stage, "-") == 0
	    ? ""
	    : arena_printf(arena, " (%s)", update->stage);

	admin_wrap(printer->admin, "  ",
	    arena_printf(arena, "%s%s %s %s, %s", update->ref, stage,
		update->kind, move_text(arena, update), update->state),
	    4);
	if (passed)
		admin_wrap(printer->admin, "    with ", passed, 9);
}

static void print_text(struct printer *printer, const struct shown *shown)
{
	const struct log_record *record = shown->record;
	struct admin *admin = printer->admin;
	struct arena *arena = printer->arena;
	bool server = strcmp(record->pusher, "-") == 0;

	admin_wrap(admin, "",
	    arena_printf(arena, "%s  %s%s", time_format(arena, record->at),
		server ? "the server" : record->pusher,
		record->version ? arena_printf(arena, "  (%s %s)", record->flow,
				      record->version)
				: ""),
	    2);
	for (size_t i = 0; i < record->updates.n; i++)
		if (shows(printer, &record->updates.v[i]))
			print_update(
			    printer, &record->updates.v[i], &shown->gates[i]);
	log_told_print(admin, arena, &shown->told);
	for (size_t i = 0; i < record->evidence.n && !printer->ref; i++) {
		const struct log_evidence *e = &record->evidence.v[i];

		admin_wrap(admin, "  ",
		    arena_printf(arena, "%s %s for %s, by %s", e->gate,
			e->result, oid_hex8(&e->commit).s, e->person),
		    4);
	}
}

static int print_record(
    struct printer *printer, struct shown *shown, struct err *err)
{
	const struct log_record *record = shown->record;

	shown->gates = arena_array(
	    printer->arena, record->updates.n, sizeof(*shown->gates));
	for (size_t i = 0; i < record->updates.n; i++)
		if (shows(printer, &record->updates.v[i]) &&
		    log_gates_find(printer->admin, printer->arena, record,
			&record->updates.v[i], &shown->gates[i], err) < 0)
			return -1;
	if (printer->admin->json)
		print_json(printer, shown);
	else
		print_text(printer, shown);
	printer->printed++;
	return 0;
}

static int print_all(struct printer *printer, uint64_t last, struct err *err)
{
	struct admin *admin = printer->admin;
	struct session *session = &admin->session;
	struct oid oid = *ledger_tip(session->ledger);
	struct log_record record;
	struct shown shown = { .record = &record };

	while (!oid_is_zero(&oid) && (last == 0 || printer->printed < last)) {
		arena_reset(printer->arena);
		if (log_read(printer->arena, session->repo, &oid, &record,
			err) < 0 ||
		    log_told_find(admin, printer->arena, &record, printer->ref,
			&shown.told, err) < 0)
			return -1;
		oid = record.parent;
		if (!is_wanted(printer, &shown))
			continue;
		if (print_record(printer, &shown, err) < 0)
			return -1;
		if (admin_flush(admin) < 0)
			break; /* nobody reads any more */
	}
	return 0;
}

static int print_log(struct admin *admin, const void *given)
{
	const struct log_options *opts = given;
	struct printer printer = { .admin = admin };
	struct arena scratch;
	struct err err;
	int status = open_ledger(admin, NULL);

	if (status == EXIT_ALLOWED)
		status = need_ledger(admin);
	if (status != EXIT_ALLOWED)
		return status;
	if (admin->args.n)
		printer.ref = full_ref(admin->arena, admin->args.v[0]);
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	printer.arena = &scratch;
	if (print_all(&printer, opts->last, &err) < 0)
		status = admin_fail(admin, &err);
	arena_release(&scratch);
	if (admin->json)
		buf_adds(&admin->out,
		    printer.printed ? "]}\n" : "{\"v\":1,\"records\":[]}\n");
	else if (printer.printed == 0 && status == EXIT_ALLOWED)
		admin_note(admin, "hint: ", "nothing is recorded %s%s",
		    printer.ref ? "of " : "yet",
		    printer.ref ? text_clean_s(admin->arena, printer.ref) : "");
	return status;
}

const struct verb verb_log = {
	.name = "log",
	.arguments = "[REF] [-n N]",
	.summary = "what was pushed, by whom, and how it was taken",
	.options = options,
	.options_size = sizeof(struct log_options),
	.args_max = 1,
	.run = print_log,
	.json = true,
	.help =
	    "Prints the ledger, newest first: for each accepted push the time, "
	    "the pusher and the policy in force, the refs with their old and "
	    "new commit, how each moved, how it was taken and with what "
	    "evidence it entered its stage, the incidents opened and closed, "
	    "the kept tips let go, and the statements handed in. With a ref "
	    "only what happened to it.\n",
};
