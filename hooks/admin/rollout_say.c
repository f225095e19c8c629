#include <string.h>

#include "commits.h"
#include "rollout.h"
#include "tell/columns.h"
#include "tell/phrase.h"

#define CLIENT_COLUMNS_MAX 20 /* a longer name has a line of its own */
#define RING_COLUMNS_MAX 12
#define TIP_COLUMNS 8
#define SINCE_COLUMNS 10
#define BESIDE_MAX 5
#define GAP 2

static const char *client_name(
    struct arena *arena, const struct rollout_row *row)
{
	return phrase_shown(arena, row->client->name);
}

/* ---- what is rolled out ------------------------------------------------- */

static const char *source_text(
    struct admin *admin, const struct rollout_source *source)
{
	const char *text = arena_printf(admin->arena, "%s (%s)",
	    short_ref(source->ref), source->stage->name);

	if (source->since == 0)
		return text;
	return arena_printf(admin->arena, "%s, %s", text,
	    ago(admin->arena, source->since, admin->session.now));
}

int rollout_print_what(struct rollout *rollout, struct err *err)
{
	struct admin *admin = rollout->admin;
	const struct rollout_sources *beside = &rollout->beside;
	const char *line;

	if (!rollout->has_commit) {
		admin_wrap(admin, "",
		    rollout->rows.n > 0
			? "nothing has come to where the clients' stages "
			  "begin"
			: "no stage of this policy has clients",
		    2);
		return 0;
	}
	if (commit_line(admin, &rollout->commit.id, &line, err) < 0)
		return -1;
	admin_wrap(admin, "roll-out of ", line, 4);
	if (rollout->source.stage)
		admin_wrap(
		    admin, "  from  ", source_text(admin, &rollout->source), 8);
	for (size_t i = 0; i < beside->n && i < BESIDE_MAX; i++)
		admin_wrap(admin, "  not   ",
		    arena_printf(admin->arena,
			"%s: stagegate rollout %s asks for that",
			source_text(admin, &beside->v[i]),
			short_ref(beside->v[i].ref)),
		    8);
	return 0;
}

/* ---- the table ---------------------------------------------------------- */

static bool is_shown(const struct rollout *rollout,
    const struct rollout_row *row, enum rollout_which which)
{
	if (which == ROLLOUT_PHASE)
		return rollout_in_phase(rollout, row);
	return which == ROLLOUT_ALL || !row->there;
}

struct widths {
	size_t client, ring;
};

static void widen(size_t *column, size_t columns, size_t max)
{
	if (columns > *column && columns <= max)
		*column = columns;
}

/* Over all rows, so that each phase looks the same. */
static struct widths find_widths(struct rollout *rollout)
{
	struct widths widths = { 0, 0 };

	for (size_t i = 0; i < rollout->rows.n; i++) {
		const struct rollout_row *row = &rollout->rows.v[i];

		widen(&widths.client,
		    text_columns_s(client_name(rollout->admin->arena, row)),
		    CLIENT_COLUMNS_MAX);
		widen(&widths.ring, strlen(row->stage->name), RING_COLUMNS_MAX);
	}
	return widths;
}

static const char *how(const struct order_way *way)
{
	if (way->kind == TRANSITION_MERGE)
		return "may go, by a merge";
	return way->kind == TRANSITION_SQUASH ? "may go, by a squash"
					      : "may go";
}

static const char *next_text(
    struct rollout *rollout, const struct rollout_row *row)
{
	struct arena *arena = rollout->admin->arena;
	const char *hold = row->client->hold
	    ? arena_printf(arena, "held: %s", row->client->hold)
	    : NULL;
	const char *text;

	if (!rollout->has_commit)
		return hold ? hold : "-";
	if (row->may)
		return how(&row->way);
	if (!row->there)
		return row->why_not;
	text = oid_eq(&row->now.oid, &rollout->commit.id) ||
		oid_eq(&row->candidate, &rollout->commit.id)
	    ? "up to date"
	    : "has a later one";
	return hold ? arena_printf(arena, "%s; %s", text, hold) : text;
}

static void print_row(struct rollout *rollout, const struct rollout_row *row,
    const struct widths *widths)
{
	struct admin *admin = rollout->admin;
	struct buf *out = &admin->out;
	const char *name = client_name(admin->arena, row);
	size_t ring = widths->client + GAP, tip = ring + widths->ring + GAP;
	size_t next = tip + TIP_COLUMNS + GAP + SINCE_COLUMNS + GAP;
	struct wrap wrap = { ADMIN_COLUMNS, next, next };
	size_t at = text_columns_s(name);

	buf_adds(out, name);
	if (at > widths->client) {
		buf_addc(out, '\n');
		at = 0;
	}
	pad_to(out, at, ring);
	buf_adds(out, row->stage->name);
	at = ring + strlen(row->stage->name);
	if (at + GAP > tip)
		wrap.column += at + GAP - tip;
	pad_to(out, at, at + GAP > tip ? at + GAP : tip);
	buf_addf(out, "%-8s  %-10s  ",
	    row->now.exists && !row->gone ? oid_hex8(&row->now.oid).s : "-",
	    row->since && !row->gone
		? ago(admin->arena, row->since, admin->session.now)
		: "-");
	wrap_text(
	    out, &wrap, phrase_shown(admin->arena, next_text(rollout, row)));
	buf_addc(out, '\n');
}

void rollout_print_rows(struct rollout *rollout, enum rollout_which which)
{
	struct widths widths = find_widths(rollout);

	for (size_t i = 0; i < rollout->rows.n; i++)
		if (is_shown(rollout, &rollout->rows.v[i], which))
			print_row(rollout, &rollout->rows.v[i], &widths);
}

static size_t count_phase(const struct rollout *rollout)
{
	size_t n = 0;

	for (size_t i = 0; i < rollout->rows.n; i++)
		if (rollout_in_phase(rollout, &rollout->rows.v[i]))
			n++;
	return n;
}

void rollout_print_sum(struct rollout *rollout)
{
	struct admin *admin = rollout->admin;
	const struct stage *ring = rollout_ring(rollout);
	size_t there = 0;

	if (!rollout->has_commit || rollout->rows.n == 0)
		return;
	for (size_t i = 0; i < rollout->rows.n; i++)
		there += rollout->rows.v[i].there;
	admin_wrap(admin, "",
	    arena_printf(admin->arena, "%zu of %s up to date; next: %s", there,
		phrase_count(admin->arena, rollout->rows.n, "client"),
		ring ? arena_printf(admin->arena, "%s of %s",
			   phrase_count(
			       admin->arena, count_phase(rollout), "client"),
			   ring->name)
		     : "nobody"),
	    2);
}

/* ---- JSON --------------------------------------------------------------- */

static json_t *row_json(struct rollout *rollout, const struct rollout_row *row)
{
	struct arena *arena = rollout->admin->arena;
	json_t *object = json_object();
	bool exists = row->now.exists && !row->gone;

	json_object_set_new(
	    object, "name", json_text(arena, row->client->name));
	json_object_set_new(
	    object, "stage", json_text(arena, row->stage->name));
	json_object_set_new(object, "ref", json_text(arena, row->client->ref));
	json_object_set_new(
	    object, "commit", exists ? json_oid(&row->now.oid) : json_null());
	json_object_set_new(object, "since",
	    exists && row->since ? json_time(arena, row->since) : json_null());
	json_object_set_new(
	    object, "hold", json_text(arena, row->client->hold));
	json_object_set_new(object, "next",
	    row->may ? json_oid(&rollout->commit.id) : json_null());
	json_object_set_new(object, "why_not", json_text(arena, row->why_not));
	return object;
}

json_t *rollout_json(struct rollout *rollout, enum rollout_which which)
{
	struct arena *arena = rollout->admin->arena;
	const struct stage *next = rollout_ring(rollout);
	json_t *object = json_object(), *clients = json_array();

	for (size_t i = 0; i < rollout->rows.n; i++)
		if (is_shown(rollout, &rollout->rows.v[i], which))
			json_array_append_new(
			    clients, row_json(rollout, &rollout->rows.v[i]));
	json_object_set_new(object, "v", json_integer(1));
	json_object_set_new(object, "commit",
	    rollout->has_commit ? json_oid(&rollout->commit.id) : json_null());
	json_object_set_new(object, "subject",
	    rollout->has_commit
		? json_text(arena, commit_subject(arena, &rollout->commit))
		: json_null());
	json_object_set_new(
	    object, "phase", json_text(arena, next ? next->name : NULL));
	json_object_set_new(object, "clients", clients);
	return object;
}
