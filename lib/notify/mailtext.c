#include "notify/mailtext.h"

#include <string.h>

#include "base/num.h"
#include "base/text.h"
#include "notify/mailwords.h"
#include "tell/columns.h"

#define LABEL_COLUMNS 14
#define LIST_INDENT 2
#define CHANGE_COLUMNS 12 /* "  1a2b3c4d  " */

struct text {
	struct mail_words words;
	struct buf *out;
};

const char *mail_subject(
    struct arena *arena, const struct event *event, const struct mail_to *to)
{
	const struct mail_words words = { arena, event, to };
	const char *subject = arena_printf(arena, "[%s] %s",
	    mail_name(&words, event->repository), mail_headline(&words));

	return mail_cut(arena, subject, MAIL_SUBJECT_MAX);
}

/* ---- lines -------------------------------------------------------------- */

/* Neutralised text behind what the line has already. */
static void add_wrapped(
    const struct text *text, size_t column, size_t indent, const char *shown)
{
	struct wrap wrap = {
		.width = MAIL_COLUMNS, .indent = indent, .column = column
	};

	wrap_text(text->out, &wrap, shown);
	buf_addc(text->out, '\n');
}

static void add_heading(const struct text *text, const char *heading)
{
	buf_addf(text->out, "\n%s\n", heading);
}

/* "Label:       text", shown already. */
static void add_row(
    const struct text *text, const char *label, const char *shown)
{
	buf_addf(text->out, "%s:", label);
	pad_to(text->out, strlen(label) + 1, LABEL_COLUMNS);
	add_wrapped(text, LABEL_COLUMNS, LABEL_COLUMNS, shown);
}

static void add_text_row(
    const struct text *text, const char *label, const char *value)
{
	if (value)
		add_row(text, label,
		    mail_shown(&text->words, value, MAIL_TEXT_MAX));
}

static void add_id_row(
    const struct text *text, const char *label, const struct oid *oid)
{
	if (!oid_is_zero(oid))
		add_row(text, label, oid_hex(oid).s);
}

static void add_item(const struct text *text, const char *shown)
{
	buf_adds(text->out, "  ");
	add_wrapped(text, LIST_INDENT, 2 * LIST_INDENT, shown);
}

static void add_items(const struct text *text, const char *heading,
    const struct strings *list, size_t max)
{
	if (list->n == 0)
		return;
	add_heading(text, heading);
	for (size_t i = 0; i < list->n && i < max; i++)
		add_item(
		    text, mail_shown(&text->words, list->v[i], MAIL_TEXT_MAX));
	if (list->n > max)
		buf_addf(text->out, "  and %zu more\n", list->n - max);
}

/* ---- what it is about --------------------------------------------------- */

static void add_tips(const struct text *text)
{
	const struct event *event = text->words.event;

	if (oid_is_zero(&event->old) && oid_is_zero(&event->new))
		return;
	add_row(text, "From",
	    oid_is_zero(&event->old) ? "nothing: it is new"
				     : oid_hex(&event->old).s);
	add_row(text, "To",
	    oid_is_zero(&event->new) ? "nothing: it is gone"
				     : oid_hex(&event->new).s);
}

static void add_incident(const struct text *text)
{
	const struct event *event = text->words.event;

	if (event->incident)
		add_row(text, "Incident",
		    arena_printf(text->words.arena, "%llu",
			(unsigned long long)event->incident));
	add_text_row(text, "Reason", event->reason);
	add_text_row(text, "Timeline", event->timeline);
	add_id_row(text, "Restored", &event->restored);
}

static const char *by_whom(const struct event *event)
{
	return strcmp(event->by, "-") == 0 ? "the server" : event->by;
}

static void add_rows(const struct text *text)
{
	const struct mail_words *words = &text->words;
	const struct event *event = words->event;
	bool for_client = words->to->client;

	add_text_row(text, "Repository", event->repository);
	add_row(text, "Flow",
	    arena_printf(words->arena, "%s %s", mail_name(words, event->flow),
		mail_name(words, event->version)));
	add_text_row(text, "Stage", event->stage);
	add_text_row(text, "Ref", event->ref);
	if (!for_client)
		add_text_row(text, "Client", event->client);
	add_tips(text);
	if (!oid_eq(&event->commit, &event->old) &&
	    !oid_eq(&event->commit, &event->new))
		add_id_row(text, "Commit", &event->commit);
	if (!for_client)
		add_text_row(text, "Kind", event->transition);
	if (!for_client)
		add_text_row(text, "By", by_whom(event));
	add_row(text, "When", time_format(words->arena, event->at));
	add_incident(text);
	if (event->kind != NOTIFY_DELIVERY_FAILED)
		return;
	add_row(text, "Event", event->failed_id);
	add_row(text, "Attempts",
	    arena_printf(
		words->arena, "%llu", (unsigned long long)event->attempts));
	add_text_row(text, "Why", event->why);
}

/* ---- lists -------------------------------------------------------------- */

static void add_change(
    const struct text *text, const struct event_change *change)
{
	const struct mail_words *words = &text->words;
	const char *subject = mail_change(words, change->subject);

	if (!words->to->client && *change->author)
		subject = arena_printf(words->arena, "%s (%s)", subject,
		    mail_name(words, change->author));
	buf_addf(text->out, "  %s  ", oid_hex8(&change->commit).s);
	add_wrapped(text, CHANGE_COLUMNS, CHANGE_COLUMNS, subject);
}

static void add_changes(const struct text *text)
{
	const struct event *event = text->words.event;

	if (event->changes.n == 0)
		return;
	add_heading(text,
	    event->kind == NOTIFY_ROLLED_BACK ? "Changes taken back:"
					      : "Changes:");
	for (size_t i = 0; i < event->changes.n; i++)
		add_change(text, &event->changes.v[i]);
	if (event->changes_more == SIZE_MAX)
		buf_adds(text->out, "  and many more\n");
	else if (event->changes_more > 0)
		buf_addf(text->out, "  and %zu more\n", event->changes_more);
}

static void add_gates(const struct text *text)
{
	const struct mail_words *words = &text->words;
	const struct event *event = words->event;

	if (event->gates.n == 0)
		return;
	add_heading(text, "Gates:");
	for (size_t i = 0; i < event->gates.n; i++)
		add_item(text,
		    arena_printf(words->arena, "%s: %s",
			mail_name(words, event->gates.v[i].name),
			mail_name(words, event->gates.v[i].state)));
}

static void add_lists(const struct text *text)
{
	const struct event *event = text->words.event;
	bool for_client = text->words.to->client;
	bool closed = event->kind == NOTIFY_INCIDENT_CLOSED;

	add_items(text, "What the pusher read:", &event->texts, MAIL_TEXTS_MAX);
	add_changes(text);
	add_items(text, "Went around:", &event->overridden, SIZE_MAX);
	add_items(text,
	    closed ? "Gates that have passed:" : "Still to pass:", &event->then,
	    SIZE_MAX);
	add_gates(text);
	if (!for_client)
		add_items(
		    text, "Clients that run it:", &event->clients, SIZE_MAX);
}

void mail_body(
    const struct event *event, const struct mail_to *to, struct buf *out)
{
	const struct text text = { { out->arena, event, to }, out };

	add_wrapped(&text, 0, 0, mail_opening(&text.words));
	buf_addc(out, '\n');
	add_rows(&text);
	add_lists(&text);
	buf_adds(out, "\n-- \n");
	add_wrapped(&text, 0, LIST_INDENT,
	    arena_printf(out->arena, "Sent by stagegate for the repository %s.",
		mail_name(&text.words, event->repository)));
	buf_addf(out, "Event %s\n", event->id);
}
