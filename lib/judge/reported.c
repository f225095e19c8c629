#include "judge/reported.h"

#include <string.h>

#include "base/text.h"
#include "gates/gate.h"
#include "policy/field_value.h"

#define METRICS "metrics" /* a report that stands in the statement itself */

/* The format of what a statement reports; NULL: nothing that can be read. */
static const char *format_of(const struct statement *statement)
{
	const char *report = statement->report;

	if (report && strcmp(report, METRICS) != 0)
		return statement->report_bytes ? report : NULL;
	return statement->metrics ? METRICS : NULL;
}

static bool is_wanted(const struct gate *gate, const char *format)
{
	const struct evidence_keys *keys = gate->params;
	const char *const *reports = gate->form->reports;

	if (!format)
		return false;
	if (keys->report != REPORT_ANY)
		return strcmp(reports[keys->report], format) == 0;
	for (; *reports; reports++)
		if (strcmp(*reports, format) == 0)
			return true;
	return false;
}

/* "lcov or cobertura" */
static const char *wanted(struct arena *arena, const struct gate *gate)
{
	const struct evidence_keys *keys = gate->params;
	const char *const *reports = gate->form->reports;

	if (keys->report != REPORT_ANY)
		return reports[keys->report];
	return words_join(arena, reports, "or");
}

/* ---- handing in --------------------------------------------------------- */

static void refuse_report(struct judging *j, struct ref_verdict *ref,
    const struct gate *gate, const struct statement *statement,
    const char *format)
{
	const char *want = wanted(j->arena, gate);
	struct finding *finding = format
	    ? finding_add(j->arena, &ref->findings, CODE_EVIDENCE_REPORT,
		  "the gate '%s' is judged by a report of the format %s, not "
		  "%s",
		  gate->name, want, text_clean_s(j->arena, format))
	    : finding_add(j->arena, &ref->findings, CODE_EVIDENCE_REPORT,
		  "the gate '%s' is judged by a report (%s), and none is there",
		  gate->name, want);

	strings_add(j->arena, &finding->commands,
	    arena_printf(j->arena, "stagegate attest %s --%s %s %s", gate->name,
		statement->result == EVIDENCE_PASS ? "pass" : "fail",
		oid_hex8(&statement->commit).s,
		strcmp(want, METRICS) == 0 ? "--metric NAME=NUMBER"
					   : "--report FILE"));
}

/* A report can be large, and nothing of it is kept. */
static int read_report(
    const struct gate *gate, const struct statement *statement, struct err *err)
{
	const struct gate_kind *kind = gate_kind_of(gate);
	struct arena scratch;
	int r;

	if (!kind || !kind->hand_in)
		return err_set(err, ERR_INTERNAL,
		    "nothing reads the reports of the gate '%s'", gate->name);
	arena_init(&scratch, ARENA_RUN_MAX);
	r = kind->hand_in(&scratch, gate, statement, err);
	arena_release(&scratch);
	return r;
}

int report_judge(struct judging *j, struct ref_verdict *ref,
    const struct gate *gate, const struct statement *statement, struct err *err)
{
	const char *format = format_of(statement);
	struct err wrong;

	if (!gate->form->reports || statement->result == EVIDENCE_REVOKE)
		return 0;
	if (!is_wanted(gate, format)) {
		refuse_report(j, ref, gate, statement,
		    format ? format : statement->report);
		return 0;
	}
	if (read_report(gate, statement, &wrong) == 0)
		return 0;
	if (wrong.kind == ERR_INTERNAL) {
		*err = wrong;
		return -1;
	}
	finding_add(j->arena, &ref->findings, CODE_EVIDENCE_REPORT,
	    "the %s report can't be read: %s", format, wrong.text);
	return 0;
}

/* ---- what counts -------------------------------------------------------- */

static int parse(struct arena *arena, const struct view_evidence *evidence,
    struct statement *ret, struct err *err)
{
	const char *why = "it is not there";

	if (evidence->bytes &&
	    statement_parse(arena, evidence->bytes, evidence->len, ret, &why) ==
		CODE_COUNT)
		return 0;
	return err_set(err, ERR_FORMAT, "statement %.8s about %s: %s",
	    evidence->digest, oid_hex8(&evidence->commit).s, why);
}

int reported_stand(struct arena *arena, const struct gate_facts *facts,
    const struct gate *gate, const struct evidence_keys *keys,
    struct gate_row *row, struct reporteds *ret, struct err *err)
{
	struct view_evidences counting = { NULL, 0, 0 };
	struct reporteds list = { NULL, 0, 0 };

	if (evidence_stands(arena, facts, gate, keys, row, &counting, err) < 0)
		return -1;
	for (size_t i = 0; i < counting.n && row->state == GATE_PASSED; i++) {
		struct reported one = { .evidence = counting.v[i] };

		if (parse(arena, &one.evidence, &one.statement, err) < 0)
			return -1;
		if (!is_wanted(gate, format_of(&one.statement))) {
			row->state = GATE_MISSING;
			row->text = arena_printf(arena,
			    "the pass of %s has no %s report",
			    text_clean_s(arena, one.evidence.person),
			    wanted(arena, gate));
			evidence_hint(
			    arena, facts, gate, one.evidence.matrix, row);
		}
		ARRAY_PUSH(arena, &list, one);
	}
	*ret = list;
	return 0;
}

/* ---- what it is compared with ------------------------------------------- */

static bool same_matrix(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* As `revoke` means it: the same person's, for the same matrix and stage. */
static bool is_revoked(const struct view_evidences *list, size_t i)
{
	const struct view_evidence *of = &list->v[i];

	for (size_t k = i + 1; k < list->n; k++) {
		const struct view_evidence *later = &list->v[k];

		if (later->result == EVIDENCE_REVOKE &&
		    strcmp(later->person, of->person) == 0 &&
		    same_matrix(later->matrix, of->matrix) &&
		    same_matrix(later->for_stage, of->for_stage))
			return true;
	}
	return false;
}

static int newest_about(struct arena *arena, const struct gate_facts *facts,
    const struct gate *gate, const struct oid *commit, const char *matrix,
    struct reported *ret, bool *ret_found, struct err *err)
{
	const struct view *view = facts->view;
	struct view_evidences list = { NULL, 0, 0 };

	if (view->evidence(
		view->ledger, arena, commit, gate->name, &list, err) < 0)
		return -1;
	for (size_t i = list.n; i-- > 0;) {
		struct reported one = { .evidence = list.v[i] };

		if (one.evidence.result == EVIDENCE_REVOKE ||
		    !oid_eq(&one.evidence.commit, commit) ||
		    !same_matrix(one.evidence.matrix, matrix) ||
		    is_revoked(&list, i))
			continue;
		if (parse(arena, &one.evidence, &one.statement, err) < 0)
			return -1;
		if (!is_wanted(gate, format_of(&one.statement)))
			continue;
		*ret = one;
		*ret_found = true;
		return 0;
	}
	return 0;
}

/* The candidate by which the present tip entered; zero: nobody recorded it. */
static int entered_by(struct arena *arena, const struct gate_facts *facts,
    struct oid *ret, struct err *err)
{
	const struct view *view = facts->view;
	struct view_entry_records entries = { NULL, 0, 0 };

	if (view->entries(
		view->ledger, arena, facts->ref->ref, 1, &entries, err) < 0)
		return -1;
	*ret = (struct oid){ { 0 } };
	if (entries.n > 0 && oid_eq(&entries.v[0].tip, &facts->ref->old))
		*ret = entries.v[0].candidate;
	return 0;
}

int reported_baseline(struct arena *arena, const struct gate_facts *facts,
    const struct gate *gate, const char *matrix, struct reported *ret,
    bool *ret_found, struct err *err)
{
	const struct oid *tip = &facts->ref->old;
	struct oid candidate;

	*ret_found = false;
	if (oid_is_zero(tip))
		return 0;
	if (newest_about(arena, facts, gate, tip, matrix, ret, ret_found, err) <
		0 ||
	    entered_by(arena, facts, &candidate, err) < 0)
		return -1;
	if (*ret_found || oid_is_zero(&candidate) || oid_eq(&candidate, tip))
		return 0;
	return newest_about(
	    arena, facts, gate, &candidate, matrix, ret, ret_found, err);
}
