#include "init.h"

#include "base/text.h"
#include "run/hosting.h"
#include "setup/policyname.h"

#define OPTION(name, kind, member, value, help)                                \
	{                                                                      \
		name, 0, kind, offsetof(struct init_options, member), value,   \
		    help                                                       \
	}

static const struct option options[] = {
	OPTION("policy", OPTION_TEXT, policy, "FILE",
	    "these repositories follow FILE (git config stagegate.policy), or "
	    "a file of a commit: REPO.git:REVISION:policy.yml"),
	OPTION("all", OPTION_TEXT, all, "DIR",
	    "every bare repository below DIR; links are not followed"),
	OPTION("host", OPTION_TEXT, host, "NAME",
	    "what serves them: plain, ssh, http, gitolite, gitea, forgejo, "
	    "gitlab, github-enterprise"),
	OPTION("gitea", OPTION_TEXT, gitea, "DIR",
	    "--all DIR --host gitea: hooks beside Gitea's or Forgejo's own"),
	OPTION("gitlab", OPTION_TEXT, gitlab, "DIR",
	    "hooks into GitLab's directory of server hooks"),
	OPTION("gitolite", OPTION_TEXT, gitolite, "DIR",
	    "hooks and VREF/stagegate into gitolite's LOCAL_CODE"),
	OPTION("template", OPTION_TEXT, template, "DIR",
	    "hooks and settings for new repositories (init.templateDir)"),
	OPTION("system", OPTION_FLAG, system, NULL,
	    "hooks for every repository of the machine (core.hooksPath)"),
	OPTION("system-config", OPTION_TEXT, system_config, "FILE",
	    "the file that the server's git reads for --system "
	    "(/etc/gitconfig)"),
	OPTION("chain", OPTION_FLAG, chain, NULL,
	    "keep a hook that is there already: it runs after ours, and its "
	    "refusal counts"),
	OPTION("uninstall", OPTION_FLAG, uninstall, NULL,
	    "take hooks and settings out again; the ledger stays"),
	OPTION("dry-run", OPTION_FLAG, dry, NULL,
	    "say what would be done, do nothing"),
	OPTION("programs", OPTION_TEXT, programs, "DIR",
	    "where the hook programs are installed "
	    "(" STAGEGATE_LIBEXECDIR ")"),
	{ .name = NULL },
};

static int install_all(struct admin *admin, struct installer *installer,
    const struct strings *paths, const struct strings *problems)
{
	struct install_results results = { NULL, 0, 0 };
	bool dry = installer->options.dry;
	size_t failed = 0;

	for (size_t i = 0; i < paths->n; i++) {
		struct install_result result;

		install_repository(installer, paths->v[i], &result);
		failed += result.done == INSTALL_FAILED;
		ARRAY_PUSH(admin->arena, &results, result);
	}
	if (admin->json)
		init_json(admin, &results, problems, dry);
	else
		init_say(admin, &results, problems, dry);
	return failed || problems->n ? EXIT_REFUSED : EXIT_ALLOWED;
}

static int read_options(struct admin *admin, const struct init_options *opts,
    struct install_options *ret, struct err *err)
{
	const char *host = opts->gitea && !opts->host ? "gitea" : opts->host;

	*ret = (struct install_options){
		.chain = opts->chain, .take = opts->uninstall, .dry = opts->dry
	};
	if (opts->gitlab && !host)
		host = "gitlab";
	if (opts->gitolite && !host)
		host = "gitolite";
	if (host && !(ret->host = host_find(host)))
		return err_set(err, ERR_FORMAT, "--host is one of %s, not '%s'",
		    hosting_names(admin->arena),
		    text_clean_s(admin->arena, host));
	if (opts->policy &&
	    policy_name(admin->arena, opts->policy, &ret->policy, err))
		return -1;
	return 0;
}

static int find_paths(struct admin *admin, const struct init_options *opts,
    struct strings *paths, struct strings *problems, struct err *err)
{
	const char *all = opts->all ? opts->all : opts->gitea;
	struct strings found = { NULL, 0, 0 };

	for (size_t i = 0; i < admin->args.n; i++)
		ARRAY_PUSH(admin->arena, paths, admin->args.v[i]);
	if (!all)
		return 0;
	if (places_below(admin->arena, all, &found, problems, err))
		return -1;
	for (size_t i = 0; i < found.n; i++)
		ARRAY_PUSH(admin->arena, paths, found.v[i]);
	return found.n > 0 || problems->n > 0
	    ? 0
	    : err_set(err, ERR_NOTFOUND, "no bare repository below '%s'",
		  text_clean_s(admin->arena, all));
}

static int init(struct admin *admin, const void *given)
{
	const struct init_options *opts = given;
	struct installer *installer = ARENA_NEW(admin->arena, struct installer);
	struct install_options install;
	struct strings paths = { NULL, 0, 0 }, problems = { NULL, 0, 0 };
	struct err err;

	if (opts->all && opts->gitea)
		return admin_usage(admin, "--gitea DIR is --all already");
	if (read_options(admin, opts, &install, &err))
		return admin_usage(admin, "%s", err.text);
	if (find_paths(admin, opts, &paths, &problems, &err) ||
	    installer_open(admin->arena,
		opts->programs ? opts->programs : STAGEGATE_LIBEXECDIR,
		&install, installer, &err) ||
	    init_shared(admin, opts, installer, &err)) {
		admin_fail(admin, &err);
		return EXIT_REFUSED;
	}
	if (paths.n == 0 && problems.n == 0 && !opts->system &&
	    !opts->template && !opts->gitlab && !opts->gitolite)
		return admin_usage(admin, "no repository is named");
	return install_all(admin, installer, &paths, &problems);
}

const struct verb verb_init = {
	.name = "init",
	.arguments = "[OPTION..] [REPO..]",
	.summary = "put the hooks into repositories, or take them out",
	.options = options,
	.options_size = sizeof(struct init_options),
	.args_max = SIZE_MAX,
	.run = init,
	.json = true,
	.help =
	    "Puts the installed hooks and the settings that they rely on into "
	    "bare repositories, as the account that owns them. It can be run "
	    "again at any time, also while people push: a hook is replaced by "
	    "a rename, and nothing is changed before everything is known to be "
	    "possible.\n"
	    "One repository that can't be served stops no other; the exit code "
	    "is then 1. Repositories of one account share one file of each "
	    "hook (hard links).\n"
	    "--uninstall puts back the hooks and settings that were there. "
	    "Ledger, kept tips and the settings that hide them stay.\n",
};
