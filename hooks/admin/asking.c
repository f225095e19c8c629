#include "asking.h"

#include <string.h>

#include "gates/gate.h"
#include "run/tell_out.h"
#include "tell/outcome.h"
#include "tell/report.h"

void asking_commands(struct admin *admin, bool run)
{
	struct session *session = &admin->session;

	session->commands = commands_new(admin->arena, session->repo);
	if (admin->is_clone && !run)
		commands_forbid(session->commands,
		    "its program runs on the server; --run runs it here");
}

/* ---- programs that run elsewhere --------------------------------------- */

static bool is_left(const struct gate_row *row)
{
	return row->state == GATE_MISSING &&
	    strcmp(row->kind, gate_command.form.kind) == 0;
}

static size_t leave_rows(struct gate_rows *rows)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		if (!is_left(&rows->v[i]))
			continue;
		row_not_applicable(
		    &rows->v[i], "its program runs on the server");
		n++;
	}
	return n;
}

static bool is_refused(const struct ref_verdict *ref)
{
	for (size_t i = 0; i < ref->findings.n; i++)
		if (!ref->findings.v[i].warns)
			return true;
	for (size_t i = 0; i < ref->gates.n; i++)
		if (gate_row_refuses(&ref->gates.v[i]))
			return true;
	return false;
}

void asking_leave_programs(struct verdict *verdict)
{
	bool refused = verdict->findings.n > 0;
	size_t left = 0;

	if (!verdict->refused)
		return;
	for (size_t i = 0; i < verdict->nrefs; i++) {
		struct ref_verdict *ref = &verdict->refs[i];
		size_t n = leave_rows(&ref->gates);

		if (n > 0)
			ref->refused = is_refused(ref);
		refused = refused || ref->refused;
		left += n;
	}
	if (left > 0)
		verdict->refused = refused;
}

/* ---- telling ------------------------------------------------------------ */

/* What a hook says only when it refuses, here always. */
static void print_accepted(
    struct admin *admin, const struct push *push, const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->nrefs; i++)
		if (ref_outcome(verdict, &verdict->refs[i]) == OUTCOME_FINE)
			report_ref(admin->arena, verdict, &verdict->refs[i],
			    &admin->out);
	report_wrap(admin->arena, "stagegate: ",
	    arena_printf(admin->arena, "%s %s would accept this from %s",
		verdict->policy->flow, verdict->policy->version.text,
		push->pusher),
	    2, &admin->out);
}

int asking_tell(
    struct admin *admin, const struct push *push, const struct verdict *verdict)
{
	if (!verdict->refused)
		print_accepted(admin, push, verdict);
	return say_verdict(&(struct teller){ .arena = admin->arena }, verdict);
}
