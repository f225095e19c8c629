#include "doctor.h"

#include <string.h>

#include "admin.h"
#include "base/text.h"
#include "tell/phrase.h"

struct doctor_verb_options {
	const char *all, *account, *sshd_config, *programs;
	bool fix, verbose;
	uint64_t timeout; /* s; 0: not given */
};

static const struct option options[] = {
	{ "all", 0, OPTION_TEXT, offsetof(struct doctor_verb_options, all),
	    "DIR", "every bare repository below DIR" },
	{ "fix", 0, OPTION_FLAG, offsetof(struct doctor_verb_options, fix),
	    NULL, "put right what can be, and look again" },
	{ "verbose", 'v', OPTION_FLAG,
	    offsetof(struct doctor_verb_options, verbose), NULL,
	    "also what is in order, and notes" },
	{ "account", 0, OPTION_TEXT,
	    offsetof(struct doctor_verb_options, account), "NAME",
	    "that runs the hooks; else who owns the repository" },
	{ "sshd-config", 0, OPTION_TEXT,
	    offsetof(struct doctor_verb_options, sshd_config), "FILE",
	    "of the sshd that serves them; else /etc/ssh/sshd_config" },
	{ "programs", 0, OPTION_TEXT,
	    offsetof(struct doctor_verb_options, programs), "DIR",
	    "the installed hooks; else " STAGEGATE_LIBEXECDIR },
	{ "timeout", 0, OPTION_COUNT,
	    offsetof(struct doctor_verb_options, timeout), "SECONDS",
	    "for one repository, before it is given up; else 60" },
	{ .name = NULL },
};

static int find_paths(struct admin *admin,
    const struct doctor_verb_options *opts, struct strings *paths,
    struct strings *problems, struct err *err)
{
	if (opts->all)
		return places_below(
		    admin->arena, opts->all, paths, problems, err);
	for (size_t i = 0; i < admin->args.n; i++)
		ARRAY_PUSH(admin->arena, paths, admin->args.v[i]);
	if (paths->n == 0)
		ARRAY_PUSH(admin->arena, paths, admin->dir);
	return 0;
}

static int run(struct admin *admin, const void *given)
{
	const struct doctor_verb_options *opts = given;
	const struct doctor_options asked = { .account = opts->account,
		.sshd_config = opts->sshd_config,
		.libexec = opts->programs ? opts->programs
					  : STAGEGATE_LIBEXECDIR };
	const struct doctor_apart how = { .fix = opts->fix,
		.timeout_s = opts->timeout ? opts->timeout : DOCTOR_TIMEOUT_S };
	struct doctor_report report = { .admin = admin,
		.verbose = opts->verbose };
	struct strings paths = { NULL, 0, 0 }, problems = { NULL, 0, 0 };
	struct doctor_server server;
	struct err err;

	if (opts->all && admin->args.n > 0)
		return admin_usage(
		    admin, "--all DIR, or repositories, not both");
	if (how.timeout_s > DOCTOR_TIMEOUT_MAX_S)
		return admin_usage(
		    admin, "--timeout is at most %d", DOCTOR_TIMEOUT_MAX_S);
	if (find_paths(admin, opts, &paths, &problems, &err) < 0)
		return admin_fail(admin, &err);
	doctor_server_init(admin->arena, &asked, &server);
	report.server = &server;
	report.many = opts->all || paths.n > 1;
	doctor_look_server(&server);
	doctor_report_server(&report, &problems);
	admin_flush(admin);
	if (doctor_look_apart(&report, &paths, &how, &err) < 0)
		return admin_fail(admin, &err);
	return doctor_report_end(&report);
}

const struct verb verb_doctor = {
	.name = "doctor",
	.arguments = "[--all DIR | REPOSITORY..] [--fix] [-v]",
	.summary = "is everything installed, reached and in order?",
	.options = options,
	.options_size = sizeof(struct doctor_verb_options),
	.args_max = 100000,
	.run = run,
	.json = true,
	.help =
	    "On the server, best as root: that git runs our hooks and they are "
	    "those installed, that nobody else can replace them or the policy, "
	    "that the policy can be used, that git's configuration and sshd's "
	    "let nobody around it, that refs are where the ledger has them, "
	    "and that nothing is left of what was broken off. As root each "
	    "repository is looked at as the account that runs its hooks.\n"
	    "Each finding has a level, a stable code, what is wrong, and what "
	    "to do. An error lets a push go around the policy or keeps pushes "
	    "out; a warning does neither yet; notes (-v) are for you to know. "
	    "Nothing is changed without --fix, which says what it did: hooks "
	    "of ours put again, modes and settings, locks and files whose "
	    "process is gone; never refs, ledger or policy, nor anything "
	    "outside of the repository. A repository that does not let "
	    "itself be looked at in time is an error, and the next one's "
	    "turn comes.\n"
	    "Exits 0 when there is neither error nor warning, 1 when there is, "
	    "3 when nothing was found but something could not be looked at.\n"
	    "With --json: server and repositories, lists of {path, account, "
	    "findings, fixed}, a finding being {level, code, text, remedy, "
	    "fixable}; errors and warnings are numbers.\n",
};
