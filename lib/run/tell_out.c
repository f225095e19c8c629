#include "run/tell_out.h"

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

int say_undecided(const struct teller *teller, const char *why)
{
	struct buf out;

	out_begin(teller, &out);
	if (teller->json)
		report_json_refusal(teller->arena, CODE_INTERNAL, why, &out);
	else
		report_undecided(teller->arena, why, &out);
	out_end(&out);
	return EXIT_UNDECIDED;
}

int say_unrecorded(const struct teller *teller, const char *why)
{
	struct buf out;

	out_begin(teller, &out);
	report_wrap(teller->arena, "warning: ",
	    arena_printf(teller->arena,
		"accepted, but not recorded yet (%s); the next push to this "
		"repository records it",
		text_clean_s(teller->arena, why)),
	    9, &out);
	out_end(&out);
	return EXIT_UNDECIDED;
}

int say_policy_unusable(const struct teller *teller, const char *why)
{
	struct buf out;

	out_begin(teller, &out);
	if (teller->json)
		report_json_refusal(
		    teller->arena, CODE_POLICY_INVALID, why, &out);
	else
		report_policy_broken(teller->arena, why, &out);
	out_end(&out);
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
	struct buf out;

	out_begin(teller, &out);
	if (teller->json)
		report_json(teller->arena, verdict, &out);
	else
		report_verdict(teller->arena, verdict, &out);
	out_end(&out);
	return verdict_exit(verdict);
}
