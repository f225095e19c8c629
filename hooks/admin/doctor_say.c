#include "base/text.h"
#include "doctor.h"
#include "tell/phrase.h"

#define INDENT 2

/* ---- text -------------------------------------------------------------------
 */

static bool is_shown(
    const struct doctor_report *report, const struct ailment *ailment)
{
	return ailment->level <= AILMENT_WARNING || report->verbose;
}

static void print_ailment(
    struct doctor_report *report, const struct ailment *ailment)
{
	struct admin *admin = report->admin;

	admin_wrap(admin, "",
	    arena_printf(admin->arena, "%s: %s: %s",
		ailment_words[ailment->level], ailment->code, ailment->text),
	    INDENT);
	if (ailment->remedy)
		admin_wrap(admin, "  -> ", ailment->remedy, INDENT + 3);
}

static void print_ailments(
    struct doctor_report *report, const struct ailments *ailments)
{
	for (int level = 0; level < AILMENT_LEVELS; level++)
		for (size_t i = 0; i < ailments->n; i++)
			if (ailments->v[i].level == (enum ailment_level)level &&
			    is_shown(report, &ailments->v[i]))
				print_ailment(report, &ailments->v[i]);
	if (ailments->left_out > 0)
		buf_addf(
		    &report->admin->out, "and %zu more\n", ailments->left_out);
}

static void print_fixes(struct doctor_report *report, const struct fixes *fixes)
{
	struct admin *admin = report->admin;

	for (size_t i = 0; i < fixes->n; i++)
		admin_wrap(admin, "",
		    arena_printf(admin->arena, "%s: %s: %s",
			fixes->v[i].done ? "fixed" : "not fixed",
			fixes->v[i].code, fixes->v[i].text),
		    INDENT);
}

static const char *counts(
    struct arena *arena, size_t errors, size_t warnings, bool unseen)
{
	const char *rest = unseen ? ", and not all of it could be looked at"
				  : "";

	if (errors + warnings == 0)
		return unseen ? "not all of it could be looked at" : "ok";
	return arena_printf(arena, "%s, %s%s",
	    phrase_count(arena, errors, "error"),
	    phrase_count(arena, warnings, "warning"), rest);
}

static void print_head(struct doctor_report *report, const struct doctor *d)
{
	struct admin *admin = report->admin;
	const char *path = d->found ? d->place.gitdir : d->asked;

	if (!report->many)
		return;
	admin_wrap(admin, "",
	    arena_printf(admin->arena, "%s: %s",
		text_clean_s(admin->arena, path),
		counts(admin->arena,
		    ailments_count(&d->findings, AILMENT_ERROR),
		    ailments_count(&d->findings, AILMENT_WARNING), d->unseen)),
	    INDENT);
}

/* ---- JSON -------------------------------------------------------------------
 */

static json_t *ailments_json(
    const struct doctor_report *report, const struct ailments *ailments)
{
	struct arena *arena = report->admin->arena;
	json_t *list = json_array();

	for (size_t i = 0; i < ailments->n; i++) {
		const struct ailment *ailment = &ailments->v[i];
		json_t *object;

		if (ailment->level == AILMENT_OK && !report->verbose)
			continue;
		object = json_object();
		json_object_set_new(object, "level",
		    json_string(ailment_words[ailment->level]));
		json_object_set_new(
		    object, "code", json_text(arena, ailment->code));
		json_object_set_new(
		    object, "text", json_text(arena, ailment->text));
		json_object_set_new(
		    object, "remedy", json_text(arena, ailment->remedy));
		json_object_set_new(object, "fixable",
		    json_boolean(ailment->fix.kind != FIX_NONE));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *fixes_json(struct arena *arena, const struct fixes *fixes)
{
	json_t *list = json_array();

	for (size_t i = 0; i < fixes->n; i++) {
		json_t *object = json_object();

		json_object_set_new(
		    object, "code", json_text(arena, fixes->v[i].code));
		json_object_set_new(
		    object, "text", json_text(arena, fixes->v[i].text));
		json_object_set_new(
		    object, "done", json_boolean(fixes->v[i].done));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *repository_json(const struct doctor_report *report,
    const struct doctor *d, const struct fixes *fixes)
{
	struct arena *arena = report->admin->arena;
	json_t *object = json_object();

	json_object_set_new(object, "path",
	    json_text(arena, d->found ? d->place.gitdir : d->asked));
	json_object_set_new(object, "account",
	    json_text(arena, d->found ? d->account.name : NULL));
	json_object_set_new(object, "looked_at_all", json_boolean(!d->unseen));
	json_object_set_new(
	    object, "findings", ailments_json(report, &d->findings));
	json_object_set_new(object, "fixed", fixes_json(arena, fixes));
	return object;
}

/* ---- one after the other ----------------------------------------------------
 */

static void count(struct doctor_report *report, const struct ailments *ailments)
{
	struct doctor_counts *counts = &report->counts;

	counts->errors += ailments_count(ailments, AILMENT_ERROR);
	counts->warnings += ailments_count(ailments, AILMENT_WARNING);
	counts->notes += ailments_count(ailments, AILMENT_NOTE);
}

void doctor_counts_add(
    struct doctor_counts *counts, const struct doctor_counts *more)
{
	counts->repositories += more->repositories;
	counts->sick += more->sick;
	counts->errors += more->errors;
	counts->warnings += more->warnings;
	counts->notes += more->notes;
	counts->unseen = counts->unseen || more->unseen;
}

void doctor_report_server(
    struct doctor_report *report, const struct strings *problems)
{
	struct admin *admin = report->admin;
	struct doctor_server *server = report->server;

	for (size_t i = 0; i < problems->n; i++)
		ailments_add(admin->arena, &server->findings,
		    "repository.unreadable", "%s", problems->v[i]);
	report->counts.unseen = server->unseen || problems->n > 0;
	count(report, &server->findings);
	if (admin->json) {
		report->json_server = ailments_json(report, &server->findings);
		report->json_repositories = json_array();
		return;
	}
	print_ailments(report, &server->findings);
}

void doctor_report_repository(struct doctor_report *report,
    const struct doctor *d, const struct fixes *fixes)
{
	struct admin *admin = report->admin;

	report->counts.repositories++;
	report->counts.sick += ailments_level(&d->findings) <= AILMENT_WARNING;
	report->counts.unseen = report->counts.unseen || d->unseen;
	count(report, &d->findings);
	if (admin->json) {
		json_array_append_new(report->json_repositories,
		    repository_json(report, d, fixes));
		return;
	}
	print_head(report, d);
	print_fixes(report, fixes);
	print_ailments(report, &d->findings);
}

static void print_sum(struct doctor_report *report)
{
	struct arena *arena = report->admin->arena;
	const char *notes = report->counts.notes > 0 && !report->verbose
	    ? arena_printf(arena, "; %s (-v)",
		  phrase_count(arena, report->counts.notes, "note"))
	    : "";
	const char *many = report->many
	    ? arena_printf(arena, "%zu of %zu repositories are in order; ",
		  report->counts.repositories - report->counts.sick,
		  report->counts.repositories)
	    : "";

	admin_wrap(report->admin, "",
	    arena_printf(arena, "doctor: %s%s%s", many,
		counts(arena, report->counts.errors, report->counts.warnings,
		    report->counts.unseen),
		notes),
	    INDENT);
}

int doctor_report_end(struct doctor_report *report)
{
	struct admin *admin = report->admin;

	if (admin->json) {
		json_t *object = json_object();

		json_object_set_new(object, "v", json_integer(1));
		json_object_set_new(object, "server", report->json_server);
		json_object_set_new(
		    object, "repositories", report->json_repositories);
		json_object_set_new(object, "errors",
		    json_integer((json_int_t)report->counts.errors));
		json_object_set_new(object, "warnings",
		    json_integer((json_int_t)report->counts.warnings));
		admin_json(admin, object);
	} else {
		print_sum(report);
	}
	if (report->counts.errors + report->counts.warnings > 0)
		return EXIT_REFUSED;
	return report->counts.unseen ? EXIT_UNDECIDED : EXIT_ALLOWED;
}
