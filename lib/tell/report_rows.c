#include "tell/report_rows.h"

#include <string.h>

#include "base/text.h"
#include "tell/columns.h"
#include "tell/outcome.h"
#include "tell/phrase.h"
#include "tell/report.h"

#define ROW_INDENT 2
#define DETAIL_INDENT 4
#define NAME_COLUMNS_MAX 24 /* a longer name has a line of its own */
#define GAP_STATE 2         /* columns between state and name */
#define GAP_NAME 3          /* between name and text */
#define GAP_PLACE 6         /* between text and place, where there is room */
#define GAP_PLACE_MIN 2

/* Where the columns of the rows begin. */
struct table {
	struct arena *arena;
	size_t name, text, place;
};

const char *report_row_text(struct arena *arena, const struct gate_row *row)
{
	const char *text = row->text ? row->text : "";

	/* An error of ours may quote a path of the server. */
	if (row->state == GATE_ERROR)
		text = phrase_without_paths(arena, text);
	return phrase_shown(arena, text);
}

static const char *row_place(struct arena *arena, const struct gate_row *row)
{
	return gate_row_speaks(row) ? phrase_place(arena, &row->mark) : NULL;
}

static void measure(
    struct table *table, const struct gate_rows *rows, bool brief)
{
	size_t state = 0, name = 0, text = 0, place = 0;

	for (size_t i = 0; i < rows->n; i++) {
		const struct gate_row *row = &rows->v[i];
		const char *where = row_place(table->arena, row);
		size_t n = strlen(gate_state_shown(row->state));

		if (brief && !gate_row_speaks(row))
			continue;
		if (n > state)
			state = n;
		n = text_columns_s(phrase_shown(table->arena, row->name));
		if (n <= NAME_COLUMNS_MAX && n > name)
			name = n;
		n = where ? text_columns_s(where) : 0;
		if (n > place)
			place = n;
	}
	table->name = ROW_INDENT + state + GAP_STATE;
	table->text = table->name + name + GAP_NAME;
	table->place = REPORT_COLUMNS > place ? REPORT_COLUMNS - place : 0;
	for (size_t i = 0; i < rows->n; i++) {
		const struct gate_row *row = &rows->v[i];
		size_t n = text_columns_s(report_row_text(table->arena, row));

		if ((!brief || gate_row_speaks(row)) &&
		    table->text + n + GAP_PLACE_MIN <= table->place && n > text)
			text = n;
	}
	if (table->text + text + GAP_PLACE < table->place)
		table->place = table->text + text + GAP_PLACE;
}

/* The place goes behind the text, in the column of places or else at the right
 * edge; where the text leaves no room for that, on a line of its own. */
static void add_place(
    struct table *table, const char *place, size_t column, struct buf *out)
{
	size_t columns = text_columns_s(place);
	size_t edge = columns < REPORT_COLUMNS ? REPORT_COLUMNS - columns : 0;
	struct wrap wrap = { REPORT_COLUMNS, table->text, table->text };

	if (column + GAP_PLACE_MIN <= table->place) {
		pad_to(out, column, table->place);
		buf_adds(out, place);
		return;
	}
	if (column + GAP_PLACE_MIN <= edge) {
		pad_to(out, column, edge);
		buf_adds(out, place);
		return;
	}
	buf_addc(out, '\n');
	if (edge > wrap.column)
		wrap.column = edge;
	pad_to(out, 0, wrap.column);
	wrap_text(out, &wrap, place);
}

static void add_row(
    struct table *table, const struct gate_row *row, struct buf *out)
{
	struct arena *arena = table->arena;
	const char *state = gate_state_shown(row->state);
	const char *name = phrase_shown(arena, row->name);
	const char *text = report_row_text(arena, row);
	const char *place = row_place(arena, row);
	size_t column = table->name + text_columns_s(name);
	struct wrap wrap = { REPORT_COLUMNS, table->text, table->name };

	pad_to(out, 0, ROW_INDENT);
	buf_adds(out, state);
	pad_to(out, ROW_INDENT + strlen(state), table->name);
	wrap_text(out, &wrap, name);
	if (*text && column + GAP_NAME > table->text) {
		buf_addc(out, '\n');
		pad_to(out, 0, table->text);
	} else if (*text) {
		pad_to(out, column, table->text);
	}
	if (*text) {
		wrap.column = table->text;
		wrap_text(out, &wrap, text);
	}
	if (place)
		add_place(table, place, wrap.column, out);
	buf_addc(out, '\n');
}

static void add_details(
    struct arena *arena, const struct strings *details, struct buf *out)
{
	for (size_t i = 0; i < details->n; i++) {
		struct wrap wrap = { REPORT_COLUMNS, DETAIL_INDENT + 2,
			DETAIL_INDENT };

		pad_to(out, 0, DETAIL_INDENT);
		wrap_text(out, &wrap, phrase_shown(arena, details->v[i]));
		buf_addc(out, '\n');
	}
}

void report_rows(struct arena *arena, const struct gate_rows *rows, bool brief,
    struct buf *out)
{
	struct table table = { arena, 0, 0, 0 };
	size_t quiet = 0;

	measure(&table, rows, brief);
	for (size_t i = 0; i < rows->n; i++) {
		const struct gate_row *row = &rows->v[i];

		if (brief && !gate_row_speaks(row)) {
			quiet++;
			continue;
		}
		add_row(&table, row, out);
		add_details(arena, &row->details, out);
	}
	if (quiet)
		buf_addf(out, "  (and %s that %s)\n",
		    phrase_count(arena, quiet, "row"),
		    quiet == 1 ? "lets pass" : "let pass");
}

void report_findings(struct arena *arena, const struct findings *findings,
    enum code shown, struct buf *out)
{
	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *finding = &findings->v[i];
		const char *place = phrase_place(arena, &finding->mark);
		const char *code = finding->code == shown
		    ? ""
		    : arena_printf(arena, " [%s]", code_text(finding->code));
		const char *text = phrase_shown(arena, finding->text);
		struct wrap wrap = { REPORT_COLUMNS, ROW_INDENT, ROW_INDENT };

		/* It is not what the pusher did wrong, so it says so. */
		if (finding->code == CODE_INTERNAL)
			text = arena_printf(arena, "could not find out: %s",
			    phrase_without_paths(arena, text));
		pad_to(out, 0, ROW_INDENT);
		wrap_text(out, &wrap,
		    place ? arena_printf(arena, "%s (%s)%s", text, place, code)
			  : arena_printf(arena, "%s%s", text, code));
		buf_addc(out, '\n');
		add_details(arena, &finding->details, out);
	}
}

/* Adds a hint unless it was given before: two rows may want the same. */
static void add_hint(struct arena *arena, struct strings *given,
    const char *text, bool is_command, struct buf *out)
{
	if (strings_have(given, text))
		return;
	strings_add(arena, given, text);
	if (is_command)
		buf_addf(out, "hint: %s\n", text_clean_s(arena, text));
	else
		report_wrap(arena, "hint: ", text, strlen("hint: "), out);
}

static void add_row_hints(struct arena *arena, const struct gate_row *row,
    struct strings *given, struct buf *out)
{
	if (row->hint && *row->hint && gate_row_speaks(row))
		add_hint(arena, given,
		    arena_printf(arena, "%s: %s", row->name, row->hint),
		    row->hint_is_command, out);
	if (row->help && *row->help && gate_row_refuses(row))
		add_hint(arena, given,
		    arena_printf(arena, "%s: %s", row->name, row->help), false,
		    out);
}

void report_hints(struct arena *arena, const struct findings *findings,
    const struct gate_rows *rows, struct buf *out)
{
	struct strings given = { NULL, 0, 0 };

	for (size_t i = 0; i < findings->n; i++) {
		const struct finding *finding = &findings->v[i];

		for (size_t k = 0; k < finding->hints.n; k++)
			add_hint(
			    arena, &given, finding->hints.v[k], false, out);
		for (size_t k = 0; k < finding->commands.n; k++)
			add_hint(
			    arena, &given, finding->commands.v[k], true, out);
	}
	for (size_t i = 0; i < rows->n; i++)
		add_row_hints(arena, &rows->v[i], &given, out);
}
