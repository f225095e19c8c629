#include "asking.h"
#include "base/text.h"
#include "judge/passage.h"
#include "madeup.h"
#include "rollout.h"
#include "who.h"
#include "words.h"

/*
 * The clients of a ring that could take the commit as it is are judged in one
 * push; where somebody would have to make a merge, each one on its own, with a
 * merge that is made up.
 */
#define REASONS_MAX 3 /* that are told of one client */

/* ---- why not ------------------------------------------------------------ */

static int locked_by(
    struct rollout *rollout, const char *ref, const char **ret, struct err *err)
{
	struct admin *admin = rollout->admin;
	const struct view *view = &admin->session.view;
	struct view_incidents open = { NULL, 0, 0 };
	struct strings numbers = { NULL, 0, 0 };

	if (view->open_incidents(view->ledger, admin->arena, ref, &open, err) <
	    0)
		return -1;
	for (size_t i = 0; i < open.n; i++)
		ARRAY_PUSH(admin->arena, &numbers,
		    arena_printf(admin->arena, "%llu",
			(unsigned long long)open.v[i].number));
	*ret = arena_printf(admin->arena, "locked by incident%s %s",
	    numbers.n > 1 ? "s" : "", strings_join(admin->arena, &numbers, ""));
	return 0;
}

/* The judge names every commit that skips; here the one that is asked for says
 * it all. */
static int skip_reason(struct rollout *rollout, const struct rollout_row *row,
    const char **ret, struct err *err)
{
	struct admin *admin = rollout->admin;
	const struct policy *policy = admin->session.policy;
	struct strings from = { NULL, 0, 0 };
	struct passed passed;

	if (passed_find(&admin->session.view, admin->arena, policy, row->stage,
		row->client->ref, &rollout->commit.id, &passed, err) < 0)
		return -1;
	if (passed_may_enter(&passed) || passed.withdrawn_here)
		return 0;
	words_from(admin->arena, policy, row->stage, &from);
	*ret = arena_printf(admin->arena, "has not been through %s",
	    words_list(admin->arena, &from, "or"));
	return 0;
}

/* The texts that the judge has made are neutralised. */
static int finding_reason(struct rollout *rollout,
    const struct rollout_row *row, const struct finding *finding,
    const char **ret, struct err *err)
{
	struct arena *arena = rollout->admin->arena;

	*ret = finding->text;
	if (finding->code == CODE_STAGE_LOCKED)
		return locked_by(rollout, row->client->ref, ret, err);
	if (finding->code == CODE_STAGE_SKIP)
		return skip_reason(rollout, row, ret, err);
	if (finding->code == CODE_STAGE_HELD && row->client->hold)
		*ret = arena_printf(
		    arena, "held: %s", text_clean_s(arena, row->client->hold));
	return 0;
}

static bool has_code(const struct findings *findings, enum code code)
{
	for (size_t i = 0; i < findings->n; i++)
		if (!findings->v[i].warns && findings->v[i].code == code)
			return true;
	return false;
}

/* "quorum: on 1 of 2 in canary, 2 needed", "MISSING feedback" */
static const char *row_reason(struct arena *arena, const struct gate_row *row)
{
	bool waits = row->kind[0] == '\0';
	const char *text = row->text;

	if (!waits)
		return arena_printf(
		    arena, "%s %s", gate_state_shown(row->state), row->name);
	/* When is what one who waits for time wants to know. */
	if (row->hint && str_prefix(row->hint, "may enter"))
		text = row->hint;
	return text ? arena_printf(arena, "%s: %s", row->name, text)
		    : row->name;
}

/* Of what skips a ring, how it is merged into it is no matter yet. */
static bool is_told(
    const struct findings *findings, const struct finding *finding)
{
	return !finding->warns &&
	    (finding->code != CODE_STAGE_MERGE ||
		!has_code(findings, CODE_STAGE_SKIP));
}

static int find_reasons(struct rollout *rollout, const struct rollout_row *row,
    const struct ref_verdict *ref, struct strings *ret, struct err *err)
{
	struct arena *arena = rollout->admin->arena;

	for (size_t i = 0; i < ref->findings.n; i++) {
		const struct finding *finding = &ref->findings.v[i];
		const char *reason;

		if (!is_told(&ref->findings, finding))
			continue;
		if (finding_reason(rollout, row, finding, &reason, err) < 0)
			return -1;
		strings_add(arena, ret, reason);
	}
	for (size_t i = 0; i < ref->gates.n; i++)
		if (gate_row_refuses(&ref->gates.v[i]))
			strings_add(
			    arena, ret, row_reason(arena, &ref->gates.v[i]));
	return 0;
}

static const char *join_reasons(struct arena *arena, const struct strings *list)
{
	const char *text = list->n > 0 ? list->v[0] : "refused";

	for (size_t i = 1; i < list->n && i < REASONS_MAX; i++)
		text = arena_printf(arena, "%s; %s", text, list->v[i]);
	if (list->n > REASONS_MAX)
		text = arena_printf(
		    arena, "%s; and %zu more", text, list->n - REASONS_MAX);
	return text;
}

/* What a verdict says of one client. */
static int settle(struct rollout *rollout, const struct verdict *verdict,
    const struct ref_verdict *ref, struct rollout_row *row, struct err *err)
{
	struct arena *arena = rollout->admin->arena;
	struct strings reasons = { NULL, 0, 0 };

	row->may = !ref->refused && verdict->findings.n == 0;
	if (row->may)
		return 0;
	for (size_t i = 0; i < verdict->findings.n; i++)
		strings_add(arena, &reasons, verdict->findings.v[i].text);
	if (find_reasons(rollout, row, ref, &reasons, err) < 0)
		return -1;
	row->why_not = join_reasons(arena, &reasons);
	return 0;
}

/* ---- a merge that nobody has made --------------------------------------- */

static int judge_made_up(struct rollout *rollout, const char *pusher,
    struct rollout_row *row, struct err *err)
{
	struct admin *admin = rollout->admin;
	struct session *session = &admin->session;
	struct made_up *made = ARENA_NEW(admin->arena, struct made_up);
	struct update update = { .ref = row->client->ref,
		.old = row->way.before };
	struct push push = { .pusher = pusher,
		.options = rollout->opts->upstream.options,
		.options_known = true };
	struct verdict verdict;

	if (made_up_find(
		admin, &rollout->commit, &row->way, pusher, made, err) < 0)
		return -1;
	row->why_not = made->obstacle;
	if (made->obstacle)
		return 0;
	/* Its files may be nowhere. */
	made->view.command_begin = NULL;
	made->view.command_end = NULL;
	push_options_read(&push);
	update.new = made->new;
	ARRAY_PUSH(admin->arena, &push.updates, update);
	judge(admin->arena, session->policy, &push, &made->view, session->now,
	    NULL, &verdict);
	asking_leave_absent(&verdict);
	made_up_rename(admin->arena, made, &verdict.refs[0]);
	return settle(rollout, &verdict, &verdict.refs[0], row, err);
}

/* ---- a ring ------------------------------------------------------------- */

static void say_there(struct rollout *rollout, struct rollout_row *row)
{
	row->there = oid_is_zero(&row->way.reverted_by);
	if (!row->there)
		row->why_not = arena_printf(rollout->admin->arena,
		    "taken out again by the rollback %s",
		    oid_hex8(&row->way.reverted_by).s);
}

/* True: the way is found, and it is for the judge. */
static int find_way(struct rollout *rollout, struct rollout_row *row, bool *ret,
    struct err *err)
{
	struct admin *admin = rollout->admin;
	const struct oid none = { { 0 } };

	*ret = false;
	if (row->gone) {
		row->why_not = "deleted on the server and still here: git "
			       "fetch --prune";
		return 0;
	}
	if (order_way(admin->arena, admin->session.policy, &admin->session.view,
		row->stage, row->now.exists ? &row->now.oid : &none,
		&rollout->commit.id, &row->way, err) < 0)
		return -1;
	if (row->way.there)
		say_there(rollout, row);
	*ret = !row->way.there;
	return 0;
}

static bool needs_making(const struct rollout_row *row)
{
	return row->way.kind == TRANSITION_MERGE ||
	    row->way.kind == TRANSITION_SQUASH;
}

static int judge_together(struct rollout *rollout,
    const struct upstream_moves *moves, const size_t *rows, struct err *err)
{
	struct upstream_answer answer;

	if (moves->n == 0)
		return 0;
	if (upstream_ask(rollout->admin, &rollout->opts->upstream, moves,
		&answer, err) < 0)
		return -1;
	for (size_t i = 0; i < moves->n; i++)
		if (settle(rollout, &answer.verdict, &answer.verdict.refs[i],
			&rollout->rows.v[rows[i]], err) < 0)
			return -1;
	return 0;
}

/* Rows [from, to) are those of one ring. */
static int judge_ring(
    struct rollout *rollout, size_t from, size_t to, struct err *err)
{
	struct admin *admin = rollout->admin;
	const struct stage *stage = rollout->rows.v[from].stage;
	struct upstream_moves moves = { .roles = &stage->push };
	size_t *rows = arena_array(admin->arena, to - from, sizeof(*rows));
	const char *pusher = NULL;
	bool guessed, wanted;

	for (size_t i = from; i < to; i++) {
		struct rollout_row *row = &rollout->rows.v[i];

		if (find_way(rollout, row, &wanted, err) < 0)
			return -1;
		if (!wanted)
			continue;
		if (!needs_making(row)) {
			rows[moves.n] = i;
			ARRAY_PUSH(admin->arena, &moves,
			    (struct upstream_move){ .ref = row->client->ref,
				.old = row->way.before,
				.new = rollout->commit.id });
			continue;
		}
		if (!pusher)
			pusher = who_pushes(admin, rollout->opts->upstream.as,
			    &stage->push, &guessed);
		if (judge_made_up(rollout, pusher, row, err) < 0)
			return -1;
	}
	return judge_together(rollout, &moves, rows, err);
}

int rollout_judge(struct rollout *rollout, struct err *err)
{
	const struct rollout_rows *rows = &rollout->rows;
	size_t from = 0;

	for (size_t i = 1; rollout->has_commit && i <= rows->n; i++) {
		if (i < rows->n && rows->v[i].stage == rows->v[from].stage)
			continue;
		if (judge_ring(rollout, from, i, err) < 0)
			return -1;
		from = i;
	}
	return 0;
}
