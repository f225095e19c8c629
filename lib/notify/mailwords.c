#include "notify/mailwords.h"

#include <string.h>

#include "base/text.h"
#include "notify/redact.h"

#define NAME_SHOWN ((size_t)300) /* bytes; a ref has 255 at most */
#define SUBJECT_SHOWN (4 * (size_t)EVENT_SUBJECT_MAX) /* neutralised */
#define CUT "..."
/* A commit's subject of that length may have been cut within a name. */
#define MAY_BE_CUT (EVENT_SUBJECT_MAX - 3)

/* ---- texts from outside ------------------------------------------------- */

const char *mail_cut(struct arena *arena, const char *text, size_t max)
{
	size_t len = strlen(text);

	if (len <= max)
		return text;
	len = max - strlen(CUT);
	while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--;
	return arena_printf(arena, "%.*s" CUT, (int)len, text);
}

/* Cut last: what is left of a name then is none. */
static const char *show(
    const struct mail_words *words, const char *clean, size_t max)
{
	const struct mail_to *to = words->to;

	if (to->client)
		clean = redact(words->arena, to->policy, to->client, clean);
	return mail_cut(words->arena, clean, max);
}

const char *mail_shown(
    const struct mail_words *words, const char *text, size_t max)
{
	return show(words, text_clean_s(words->arena, text), max);
}

const char *mail_name(const struct mail_words *words, const char *name)
{
	return mail_shown(words, name, NAME_SHOWN);
}

const char *mail_change(const struct mail_words *words, const char *subject)
{
	const char *clean = text_clean_s(words->arena, subject);

	if (words->to->client && strlen(clean) >= MAY_BE_CUT)
		clean = without_last_word(words->arena, clean);
	return *clean ? show(words, clean, SUBJECT_SHOWN) : "(no subject)";
}

/* ---- pieces of sentences ------------------------------------------------ */

static const char *id8(const struct mail_words *words, const struct oid *oid)
{
	return oid_is_zero(oid) ? "nothing"
				: arena_strdup(words->arena, oid_hex8(oid).s);
}

static const char *ref_of(const struct mail_words *words)
{
	return words->event->ref ? mail_name(words, words->event->ref)
				 : "no ref";
}

/* " (deployment)", or nothing. */
static const char *stage_behind(const struct mail_words *words)
{
	const char *stage = words->event->stage;

	return stage
	    ? arena_printf(words->arena, " (%s)", mail_name(words, stage))
	    : "";
}

/* ": INC-42 latency", or nothing. */
static const char *reason_behind(const struct mail_words *words)
{
	const char *reason = words->event->reason;

	return reason ? arena_printf(words->arena, ": %s",
			    mail_shown(words, reason, EVENT_SUBJECT_MAX))
		      : "";
}

static const char *incident_number(const struct mail_words *words)
{
	return arena_printf(
	    words->arena, "%llu", (unsigned long long)words->event->incident);
}

/* What it went back to. */
static const struct oid *went_back_to(const struct event *event)
{
	return oid_is_zero(&event->restored) ? &event->new : &event->restored;
}

/* ---- the headline ------------------------------------------------------- */

static const char *headline_entered(const struct mail_words *words)
{
	const struct event *event = words->event;
	const char *now = id8(words, &event->new);

	if (event->client)
		return arena_printf(words->arena, "client %s updated to %s",
		    mail_name(words, event->client), now);
	return arena_printf(words->arena, "%s: %s is now %s",
	    mail_name(words, event->stage), ref_of(words), now);
}

static const char *headline_back(const struct mail_words *words)
{
	return arena_printf(words->arena, "ROLLED BACK: %s%s%s", ref_of(words),
	    stage_behind(words), reason_behind(words));
}

static const char *headline_bypassed(const struct mail_words *words)
{
	return arena_printf(words->arena, "BYPASS: %s%s is now %s%s",
	    ref_of(words), stage_behind(words), id8(words, &words->event->new),
	    reason_behind(words));
}

static const char *headline_refused(const struct mail_words *words)
{
	return arena_printf(words->arena, "refused: %s%s [%s]", ref_of(words),
	    stage_behind(words), mail_name(words, words->event->code));
}

static const char *headline_held(const struct mail_words *words)
{
	const struct event *event = words->event;

	if (!event->client)
		return headline_refused(words);
	return arena_printf(words->arena, "refused: client %s is held [%s]",
	    mail_name(words, event->client), mail_name(words, event->code));
}

/* "tests: pass for 1a2b3c4d by ci-bot" */
static const char *headline_evidence(const struct mail_words *words)
{
	const struct event *event = words->event;

	return arena_printf(words->arena, "%s: %s for %s by %s",
	    mail_name(words, event->gate), mail_name(words, event->result),
	    id8(words, &event->commit), mail_name(words, event->person));
}

static const char *headline_closed(const struct mail_words *words)
{
	return arena_printf(words->arena, "incident %s is closed: %s%s",
	    incident_number(words), ref_of(words), stage_behind(words));
}

static const char *headline_unobserved(const struct mail_words *words)
{
	const struct event *event = words->event;

	if (oid_is_zero(&event->new))
		return arena_printf(words->arena, "UNOBSERVED: %s%s is gone",
		    ref_of(words), stage_behind(words));
	return arena_printf(words->arena, "UNOBSERVED: %s%s is at %s",
	    ref_of(words), stage_behind(words), id8(words, &event->new));
}

static const char *headline_failed(const struct mail_words *words)
{
	return arena_printf(words->arena, "%s: %s",
	    words->event->given_up ? "not delivered, given up"
				   : "not delivered yet",
	    mail_name(words, words->event->destination));
}

typedef const char *words_fn(const struct mail_words *words);

static words_fn *const headlines[NOTIFY_EVENTS] = {
	[NOTIFY_ENTERED] = headline_entered,
	[NOTIFY_ROLLED_BACK] = headline_back,
	[NOTIFY_BYPASSED] = headline_bypassed,
	[NOTIFY_REFUSED] = headline_refused,
	[NOTIFY_HELD] = headline_held,
	[NOTIFY_EVIDENCE] = headline_evidence,
	[NOTIFY_INCIDENT_CLOSED] = headline_closed,
	[NOTIFY_UNOBSERVED] = headline_unobserved,
	[NOTIFY_DELIVERY_FAILED] = headline_failed,
};

/* ---- the headline for a client ------------------------------------------ */

static const char *client_entered(const struct mail_words *words)
{
	const struct event *event = words->event;

	if (!event->client)
		return headline_entered(words);
	return arena_printf(words->arena, "%s now runs %s",
	    mail_name(words, event->client), id8(words, &event->new));
}

static const char *client_back(const struct mail_words *words)
{
	const struct event *event = words->event;

	if (event->client)
		return arena_printf(words->arena, "%s runs %s again%s",
		    mail_name(words, event->client),
		    id8(words, went_back_to(event)), reason_behind(words));
	return arena_printf(words->arena,
	    "a version that %s runs was rolled back%s",
	    mail_name(words, words->to->client), reason_behind(words));
}

static words_fn *const client_headlines[NOTIFY_EVENTS] = {
	[NOTIFY_ENTERED] = client_entered,
	[NOTIFY_ROLLED_BACK] = client_back,
	[NOTIFY_BYPASSED] = client_entered,
	[NOTIFY_INCIDENT_CLOSED] = headline_closed,
};

const char *mail_headline(const struct mail_words *words)
{
	return (words->to->client ? client_headlines
				  : headlines)[words->event->kind](words);
}

/* ---- the first sentences ------------------------------------------------ */

static const char *opening_entered(const struct mail_words *words)
{
	const struct event *event = words->event;
	const char *now = id8(words, &event->new);
	const char *stage = mail_name(words, event->stage);

	if (event->client)
		return arena_printf(words->arena,
		    "Client %s runs %s now (stage %s).",
		    mail_name(words, event->client), now, stage);
	if (oid_is_zero(&event->old))
		return arena_printf(words->arena,
		    "%s is new, at %s (stage %s).", ref_of(words), now, stage);
	return arena_printf(words->arena, "%s is now at %s (stage %s).",
	    ref_of(words), now, stage);
}

static const char *opening_back(const struct mail_words *words)
{
	const struct event *event = words->event;

	return arena_printf(words->arena,
	    "%s (stage %s) was rolled back: it has what it had at %s again.%s",
	    ref_of(words), mail_name(words, event->stage),
	    id8(words, went_back_to(event)),
	    event->then.n > 0
		? " Until the gates below have passed for the commit that "
		  "was taken back, it takes nothing new."
		: "");
}

static const char *opening_bypassed(const struct mail_words *words)
{
	const struct event *event = words->event;

	return arena_printf(words->arena,
	    "%s entered %s (stage %s) around what had not let it pass.%s",
	    id8(words, &event->new), ref_of(words),
	    mail_name(words, event->stage),
	    event->then.n > 0
		? " Until the gates that are asked for afterwards have passed "
		  "for that commit, the ref takes nothing new."
		: "");
}

static const char *opening_refused(const struct mail_words *words)
{
	return arena_printf(words->arena, "A push to %s was refused [%s].",
	    ref_of(words), mail_name(words, words->event->code));
}

static const char *opening_held(const struct mail_words *words)
{
	const struct event *event = words->event;

	if (!event->client)
		return opening_refused(words);
	return arena_printf(words->arena,
	    "Client %s is held where it is, so a push to %s was refused [%s].",
	    mail_name(words, event->client), ref_of(words),
	    mail_name(words, event->code));
}

static const char *opening_evidence(const struct mail_words *words)
{
	const struct event *event = words->event;

	return arena_printf(words->arena,
	    "%s has handed in evidence about commit %s: %s, %s.",
	    mail_name(words, event->person), id8(words, &event->commit),
	    mail_name(words, event->gate), mail_name(words, event->result));
}

static const char *opening_closed(const struct mail_words *words)
{
	return arena_printf(words->arena,
	    "Incident %s is closed: all that it asked for has passed. It keeps "
	    "nothing from entering %s any more.",
	    incident_number(words), ref_of(words));
}

static const char *opening_unobserved(const struct mail_words *words)
{
	return arena_printf(words->arena,
	    "%s is not where the ledger has it, and no push that was judged "
	    "has moved it: somebody has written to the repository behind the "
	    "back of its hooks. Nothing enters it until an administrator has "
	    "looked and calls `stagegate adopt`.",
	    ref_of(words));
}

static const char *opening_failed(const struct mail_words *words)
{
	const struct event *event = words->event;

	return arena_printf(words->arena,
	    "An event (%s) could not be delivered to '%s'. %s",
	    mail_name(words, event->failed_kind),
	    mail_name(words, event->destination),
	    event->given_up
		? "It was given up and is kept: `stagegate deliver "
		  "--retry-dead` sends it again."
		: "It will be tried again, and what comes after it waits; "
		  "`stagegate deliver` tries at once.");
}

static words_fn *const openings[NOTIFY_EVENTS] = {
	[NOTIFY_ENTERED] = opening_entered,
	[NOTIFY_ROLLED_BACK] = opening_back,
	[NOTIFY_BYPASSED] = opening_bypassed,
	[NOTIFY_REFUSED] = opening_refused,
	[NOTIFY_HELD] = opening_held,
	[NOTIFY_EVIDENCE] = opening_evidence,
	[NOTIFY_INCIDENT_CLOSED] = opening_closed,
	[NOTIFY_UNOBSERVED] = opening_unobserved,
	[NOTIFY_DELIVERY_FAILED] = opening_failed,
};

/* ---- the first sentences for a client ----------------------------------- */

static const char *client_opening_entered(const struct mail_words *words)
{
	const struct event *event = words->event;

	if (!event->client)
		return opening_entered(words);
	return arena_printf(words->arena,
	    "%s now runs %s. What has changed is listed below.",
	    mail_name(words, event->client), id8(words, &event->new));
}

static const char *client_opening_back(const struct mail_words *words)
{
	const struct event *event = words->event;

	if (event->client)
		return arena_printf(words->arena,
		    "%s has been taken back to %s, which it ran before. The "
		    "changes below are not in it any more.",
		    mail_name(words, event->client),
		    id8(words, went_back_to(event)));
	return arena_printf(words->arena,
	    "A version that %s runs was rolled back in our stage %s. Nothing "
	    "has been changed for %s itself by that.",
	    mail_name(words, words->to->client), mail_name(words, event->stage),
	    mail_name(words, words->to->client));
}

static const char *client_opening_bypassed(const struct mail_words *words)
{
	const struct event *event = words->event;

	if (!event->client)
		return opening_entered(words);
	return arena_printf(words->arena,
	    "%s now runs %s. It was urgent: some of the checks that usually "
	    "come first are still to be done.",
	    mail_name(words, event->client), id8(words, &event->new));
}

static const char *client_opening_closed(const struct mail_words *words)
{
	return arena_printf(words->arena,
	    "Incident %s is closed: all that was to be checked after it has "
	    "passed.",
	    incident_number(words));
}

static words_fn *const client_openings[NOTIFY_EVENTS] = {
	[NOTIFY_ENTERED] = client_opening_entered,
	[NOTIFY_ROLLED_BACK] = client_opening_back,
	[NOTIFY_BYPASSED] = client_opening_bypassed,
	[NOTIFY_INCIDENT_CLOSED] = client_opening_closed,
};

const char *mail_opening(const struct mail_words *words)
{
	return (words->to->client ? client_openings
				  : openings)[words->event->kind](words);
}
