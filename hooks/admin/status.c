#include "status.h"

#include <string.h>

#include "base/num.h"
#include "commits.h"
#include "open.h"
#include "record/words.h"
#include "tell/phrase.h"

struct status_options {
	const char *as, *policy, *remote;
};

static const struct option options[] = {
	{ "as", 0, OPTION_TEXT, offsetof(struct status_options, as), "USER",
	    "if this person pushes; else somebody who may" },
	{ "policy", 0, OPTION_TEXT, offsetof(struct status_options, policy),
	    "FILE", "ask this draft instead of the policy in force" },
	{ "remote", 0, OPTION_TEXT, offsetof(struct status_options, remote),
	    "NAME", "in a clone: whose branches; else origin" },
	{ .name = NULL },
};

static void print_passages(
    struct admin *admin, const struct view_passages *passages)
{
	struct arena *arena = admin->arena;

	for (size_t i = 0; i < passages->n; i++) {
		const struct view_passage *passage = &passages->v[i];

		admin_wrap(admin, "  ",
		    arena_printf(arena, "%s by %s to %s (%s), %s%s",
			time_format(arena, passage->at), passage->by,
			passage->ref, passage->stage,
			passage_state_text(passage->state),
			passage->withdrawn ? ", withdrawn since" : ""),
		    4);
	}
	if (passages->n == 0)
		admin_wrap(admin, "  ", "has been through nothing", 4);
}

static void print_evidence(struct admin *admin, const struct note *note)
{
	struct arena *arena = admin->arena;

	for (size_t i = 0; i < note->nevidence; i++) {
		const struct note_evidence *evidence = &note->evidence[i];

		admin_wrap(admin, "  ",
		    arena_printf(arena, "%s by %s: %s %s",
			time_format(arena, evidence->at), evidence->by,
			evidence->gate, evidence_result_text(evidence->result)),
		    4);
	}
}

static json_t *passages_json(
    struct arena *arena, const struct view_passages *passages)
{
	json_t *array = json_array();

	for (size_t i = 0; i < passages->n; i++) {
		const struct view_passage *passage = &passages->v[i];
		json_t *object = json_object();

		json_object_set_new(
		    object, "stage", json_text(arena, passage->stage));
		json_object_set_new(
		    object, "ref", json_text(arena, passage->ref));
		json_object_set_new(
		    object, "at", json_time(arena, passage->at));
		json_object_set_new(
		    object, "by", json_text(arena, passage->by));
		json_object_set_new(object, "state",
		    json_string(passage_state_text(passage->state)));
		json_object_set_new(
		    object, "withdrawn", json_boolean(passage->withdrawn));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *evidence_json(struct arena *arena, const struct note *note)
{
	json_t *array = json_array();

	for (size_t i = 0; i < note->nevidence; i++) {
		const struct note_evidence *evidence = &note->evidence[i];
		json_t *object = json_object();

		json_object_set_new(
		    object, "gate", json_text(arena, evidence->gate));
		json_object_set_new(object, "result",
		    json_string(evidence_result_text(evidence->result)));
		json_object_set_new(
		    object, "by", json_text(arena, evidence->by));
		json_object_set_new(
		    object, "at", json_time(arena, evidence->at));
		json_object_set_new(
		    object, "digest", json_text(arena, evidence->digest));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *incidents_json(
    struct arena *arena, const struct view_incidents *incidents)
{
	json_t *array = json_array();

	for (size_t i = 0; i < incidents->n; i++)
		json_array_append_new(
		    array, incident_json(arena, &incidents->v[i], NULL));
	return array;
}

static int status_of_commit(
    struct admin *admin, const char *text, const char *as)
{
	struct session *session = &admin->session;
	const struct view *view = &session->view;
	struct arena *arena = admin->arena;
	struct view_passages passages = { NULL, 0, 0 };
	struct view_incidents incidents = { NULL, 0, 0 };
	struct note note = { .npassages = 0 };
	struct commit commit;
	struct oid oid;
	const char *complaint;
	json_t *next = json_array(), *object;
	struct err err;
	int status = EXIT_UNDECIDED;

	if (commit_named(admin, text, &oid, &err) < 0 ||
	    view->commit(view->git, arena, &oid, &commit, &complaint, &err) <
		0 ||
	    view->passages(view->ledger, arena, &oid, &passages, &err) < 0 ||
	    ledger_note(session->ledger, arena, &oid, &note, &err) < 0 ||
	    subject_incidents(admin, &note, &incidents, &err) < 0) {
		admin_fail(admin, &err);
		goto out;
	}
	commit.id = oid;
	if (complaint) {
		err_set(&err, ERR_FORMAT, "commit %s: %s", oid_hex8(&oid).s,
		    complaint);
		admin_fail(admin, &err);
		goto out;
	}
	if (!admin->json) {
		admin_wrap(admin, arena_printf(arena, "%s ", oid_hex8(&oid).s),
		    commit_subject(arena, &commit), 2);
		print_passages(admin, &passages);
		print_evidence(admin, &note);
		subject_incidents_print(admin, &incidents);
	}
	status = status_next(admin, &commit, as, next);
	if (status == EXIT_ALLOWED && admin->json) {
		object = json_object();
		json_object_set_new(object, "v", json_integer(1));
		json_object_set_new(object, "commit", json_oid(&oid));
		json_object_set_new(object, "subject",
		    json_text(arena, commit_subject(arena, &commit)));
		json_object_set_new(
		    object, "passages", passages_json(arena, &passages));
		json_object_set_new(
		    object, "evidence", evidence_json(arena, &note));
		json_object_set_new(
		    object, "incidents", incidents_json(arena, &incidents));
		json_object_set(object, "next", next);
		admin_json(admin, object);
	}
out:
	json_decref(next);
	return status;
}

static int run_status(struct admin *admin, const void *given)
{
	const struct status_options *opts = given;
	int status = open_all(admin, opts->policy, opts->remote);

	if (status == EXIT_ALLOWED)
		status = need_ledger(admin);
	if (status != EXIT_ALLOWED)
		return status;
	return admin->args.n
	    ? status_of_commit(admin, admin->args.v[0], opts->as)
	    : status_of_all(admin);
}

const struct verb verb_status = {
	.name = "status",
	.arguments = "[COMMIT|REF]",
	.summary = "where things stand, and what a commit still needs",
	.options = options,
	.options_size = sizeof(struct status_options),
	.args_max = 1,
	.run = run_status,
	.json = true,
	.help =
	    "Without an argument: incidents that are open, every ref of every "
	    "stage with its tip, and pushes that are under way.\n"
	    "With a commit: the stages that it has been through, what people "
	    "stated about it, the incidents about it, and for each stage that "
	    "it may enter next what "
	    "is still missing, as the hooks would answer. Where it could only "
	    "be merged, the merge that git would make is judged without being "
	    "made.\n",
};
