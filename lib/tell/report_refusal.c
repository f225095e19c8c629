#include <string.h>

#include "tell/phrase.h"
#include "tell/report.h"

/*
 * Refusals without a verdict.  They are about the server, never about the
 * pusher, and say so; folders of the server's disk are left out.
 */
static void refusal(struct arena *arena, const char *heading, const char *why,
    const char *hint, struct buf *out)
{
	report_wrap(arena, "error: ", heading, 2, out);
	if (why && *why)
		report_wrap(
		    arena, "  ", phrase_without_paths(arena, why), 2, out);
	report_wrap(arena, "hint: ", hint, strlen("hint: "), out);
}

void report_policy_broken(struct arena *arena, const char *why, struct buf *out)
{
	refusal(arena, "the server's policy is broken [policy.invalid]", why,
	    "this is not about your commits; call the administrator, whom "
	    "'stagegate check' tells more. Nothing is lost",
	    out);
	buf_adds(out,
	    "stagegate: refused, as every push is until that is "
	    "mended\n");
}

void report_undecided(struct arena *arena, const char *why, struct buf *out)
{
	refusal(arena, "the server could not decide about this push [internal]",
	    why,
	    "this is not about your commits; call the administrator. Nothing "
	    "is lost",
	    out);
	buf_adds(out, "stagegate: refused, because it could not decide\n");
}
