#include "run/tell_out.h"

#include <unistd.h>

#include "base/exit.h"
#include "base/text.h"
#include "tell/output.h"
#include "tell/report.h"

int say_undecided(struct arena *arena, const char *why)
{
	struct buf out;

	buf_init(&out, arena, REPORT_BYTES_MAX);
	report_undecided(arena, why, &out);
	output_write(STDERR_FILENO, out.p, out.len);
	return EXIT_UNDECIDED;
}

int say_unrecorded(struct arena *arena, const char *why)
{
	struct buf out;

	buf_init(&out, arena, REPORT_BYTES_MAX);
	report_wrap(arena, "warning: ",
	    arena_printf(arena,
		"accepted, but not recorded yet (%s); the next push to this "
		"repository records it",
		text_clean_s(arena, why)),
	    9, &out);
	output_write(STDERR_FILENO, out.p, out.len);
	return EXIT_UNDECIDED;
}

int say_policy_unusable(struct arena *arena, const char *why)
{
	struct buf out;

	buf_init(&out, arena, REPORT_BYTES_MAX);
	report_policy_broken(arena, why, &out);
	output_write(STDERR_FILENO, out.p, out.len);
	return EXIT_POLICY;
}

/* Pushers are told that it is broken and where the administrator finds out
 * how; the diagnostics quote the policy, which is not theirs to read. */
int say_policy_broken(struct session *session)
{
	size_t n = session->diags.errors;

	return say_policy_unusable(session->arena,
	    arena_printf(session->arena, "policy.yml can't be used: %zu %s", n,
		n == 1 ? "mistake" : "mistakes"));
}

static bool has_code(const struct ref_verdict *ref, enum code code)
{
	enum code codes[CODE_COUNT];
	size_t n = ref_verdict_codes(ref, codes);

	for (size_t i = 0; i < n; i++)
		if (codes[i] == code)
			return true;
	return false;
}

int say_verdict(
    struct arena *arena, const struct push *push, const struct verdict *verdict)
{
	int status = EXIT_UNDECIDED;
	struct buf out;

	buf_init(&out, arena, REPORT_BYTES_MAX);
	if (push->report_json)
		report_json(arena, verdict, &out);
	else
		report_verdict(arena, verdict, &out);
	output_write(STDERR_FILENO, out.p, out.len);
	if (!verdict->refused) {
		status = EXIT_ALLOWED;
	} else {
		bool internal = false;

		for (size_t i = 0; i < verdict->nrefs; i++)
			internal = internal ||
			    has_code(&verdict->refs[i], CODE_INTERNAL);
		for (size_t i = 0; i < verdict->findings.n; i++)
			internal = internal ||
			    verdict->findings.v[i].code == CODE_INTERNAL;
		status = internal ? EXIT_UNDECIDED : EXIT_REFUSED;
	}
	return status;
}
