#include "run/tell_out.h"

#include <string.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/text.h"
#include "tell/outcome.h"
#include "tell/output.h"
#include "tell/report.h"

static void out_begin(const struct teller *teller, struct buf *out)
{
	buf_init(out, teller->arena, REPORT_BYTES_MAX);
}

static void out_end(const struct buf *out)
{
	output_write(STDERR_FILENO, out->p, out->len);
}

static bool has_prefix(const struct teller *teller)
{
	return teller->prefix && !teller->json;
}

/* No line of ours is shorter than a prefix, so half of it leaves room. */
static void refusal_begin(const struct teller *teller, struct buf *out)
{
	buf_init(out, teller->arena,
	    has_prefix(teller) ? REPORT_BYTES_MAX / 2 : REPORT_BYTES_MAX);
}

static void refusal_end(const struct teller *teller, const struct buf *out)
{
	struct buf lines;

	if (!has_prefix(teller)) {
		out_end(out);
		return;
	}
	buf_init(&lines, teller->arena, REPORT_BYTES_MAX);
	for (const char *p = out->p; *p;) {
		size_t len = strcspn(p, "\n");

		buf_adds(&lines, teller->prefix);
		buf_add(&lines, p, len);
		buf_addc(&lines, '\n');
		p += len + (p[len] == '\n');
	}
	out_end(&lines);
}

int say_undecided(const struct teller *teller, const char *why)
{
	struct buf out;

	refusal_begin(teller, &out);
	if (teller->json)
		report_json_refusal(teller->arena, CODE_INTERNAL, why, &out);
	else
		report_undecided(teller->arena, why, &out);
	refusal_end(teller, &out);
	return EXIT_UNDECIDED;
}

static void say_warning(const struct teller *teller, const char *text)
{
	struct buf out;

	out_begin(teller, &out);
	report_wrap(teller->arena, "warning: ", text, 9, &out);
	out_end(&out);
}

int say_unrecorded(const struct teller *teller, const char *why)
{
	say_warning(teller,
	    arena_printf(teller->arena,
		"accepted, but not recorded yet (%s); the next push to this "
		"repository records it",
		text_clean_s(teller->arena, why)));
	return EXIT_UNDECIDED;
}

int say_policy_unusable(const struct teller *teller, const char *why)
{
	struct buf out;

	refusal_begin(teller, &out);
	if (teller->json)
		report_json_refusal(
		    teller->arena, CODE_POLICY_INVALID, why, &out);
	else
		report_policy_broken(teller->arena, why, &out);
	refusal_end(teller, &out);
	return EXIT_POLICY;
}

/* Pushers are told that it is broken and where the administrator finds out
 * how; the diagnostics quote the policy, which is not theirs to read. */
int say_policy_broken(const struct teller *teller, const struct diags *diags)
{
	size_t n = diags->errors;

	return say_policy_unusable(teller,
	    arena_printf(teller->arena, "policy.yml can't be used: %zu %s", n,
		n == 1 ? "mistake" : "mistakes"));
}

int say_verdict(const struct teller *teller, const struct verdict *verdict)
{
	enum exit_code status = verdict_exit(verdict);
	struct teller plain = *teller;
	struct buf out;

	/* What only warns is no refusal. */
	if (status == EXIT_ALLOWED)
		plain.prefix = NULL;
	refusal_begin(&plain, &out);
	if (teller->json)
		report_json(teller->arena, verdict, &out);
	else
		report_verdict(teller->arena, verdict, &out);
	refusal_end(&plain, &out);
	return status;
}

static void add_opened(
    struct arena *arena, const struct view_incident *incident, struct buf *out)
{
	const char *ref = text_clean_s(arena, incident->ref);
	const char *subject = arena_strdup(
	    arena, oid_hex8(&incident->subject).s);

	report_wrap(arena, "stagegate: ",
	    incident->kind == INCIDENT_ROLLBACK
		? arena_printf(arena,
		      "incident %llu: %s was rolled back from %s to %s",
		      (unsigned long long)incident->number, ref, subject,
		      oid_hex8(&incident->restored).s)
		: arena_printf(arena, "incident %llu: %s entered %s around %s",
		      (unsigned long long)incident->number, subject, ref,
		      strings_join(arena, &incident->overridden, "")),
	    2, out);
	if (incident->clients.n > 0 && incident->kind == INCIDENT_ROLLBACK)
		report_wrap(arena, "warning: ",
		    arena_printf(arena, "clients that have %s: %s", subject,
			strings_join(arena, &incident->clients, "")),
		    9, out);
	if (incident->closed)
		return;
	report_wrap(arena, "hint: ",
	    arena_printf(arena,
		"%s takes no new candidates until these have passed for %s:",
		ref, subject),
	    6, out);
	for (size_t i = 0; i < incident->then.n; i++)
		buf_addf(out, "hint: stagegate attest %s --pass %s\n",
		    text_clean_s(arena, incident->then.v[i]), subject);
}

/* Machines read the ledger; a second line of JSON would be none of theirs. */
void say_opened(
    const struct teller *teller, const struct view_incident *incident)
{
	struct buf out;

	if (teller->json)
		return;
	out_begin(teller, &out);
	add_opened(teller->arena, incident, &out);
	out_end(&out);
}

void say_closed(
    const struct teller *teller, const struct view_incident *incident)
{
	struct buf out;

	if (teller->json)
		return;
	out_begin(teller, &out);
	report_wrap(teller->arena, "stagegate: ",
	    arena_printf(teller->arena, "incident %llu is closed: %s %s",
		(unsigned long long)incident->number,
		text_clean_s(teller->arena, incident->ref),
		"is free again, as far as it is concerned"),
	    2, &out);
	out_end(&out);
}

void say_incident_trouble(const struct teller *teller, const char *why)
{
	say_warning(teller,
	    arena_printf(teller->arena,
		"recorded, but incidents could not be looked at (%s); the next "
		"push to the ref does",
		text_clean_s(teller->arena, why)));
}

void say_telling_trouble(const struct teller *teller, const char *why)
{
	say_warning(teller,
	    arena_printf(teller->arena,
		"nobody could be told of it yet (%s); the next push to this "
		"repository sees to it",
		text_clean_s(teller->arena, why)));
}
