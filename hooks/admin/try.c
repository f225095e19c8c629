#include <string.h>
#include <unistd.h>

#include "admin.h"
#include "asking.h"
#include "base/text.h"
#include "git/revision.h"
#include "open.h"
#include "run/decide.h"
#include "tell/outcome.h"
#include "tell/report.h"
#include "who.h"

struct try_options {
	const char *as, *old, *policy, *remote;
	struct strings push_options;
	bool run;
};

static const struct option options[] = {
	{ "as", 0, OPTION_TEXT, offsetof(struct try_options, as), "USER",
	    "ask for this person; else for yourself" },
	{ "push-option", 'o', OPTION_TEXTS,
	    offsetof(struct try_options, push_options), "OPTION",
	    "as git push -o" },
	{ "old", 0, OPTION_TEXT, offsetof(struct try_options, old), "OLD",
	    "what the pusher believes the ref to be; else what it is" },
	{ "policy", 0, OPTION_TEXT, offsetof(struct try_options, policy),
	    "FILE", "ask this draft instead of the policy in force" },
	{ "remote", 0, OPTION_TEXT, offsetof(struct try_options, remote),
	    "NAME", "in a clone: whose branches; else origin" },
	{ "run", 0, OPTION_FLAG, offsetof(struct try_options, run), NULL,
	    "in a clone: run the programs of its gates here" },
	{ .name = NULL },
};

static bool is_nothing(const char *text)
{
	return strcmp(text, "-") == 0 ||
	    (strlen(text) == OID_HEX && strspn(text, "0") == OID_HEX);
}

/* Branches take commits; for other refs a tag object is what git would send. */
static int find_object(struct admin *admin, const char *ref, const char *text,
    struct oid *ret, struct err *err)
{
	if (is_nothing(text)) {
		memset(ret, 0, sizeof(*ret));
		return 0;
	}
	if (str_prefix(ref, "refs/heads/"))
		return revision_commit(admin->session.repo, text, ret, err);
	return revision_find(admin->session.repo, text, ret, err);
}

static int make_push(struct admin *admin, const struct try_options *given,
    struct push *push, struct err *err)
{
	const struct view *view = &admin->session.view;
	struct update update;
	struct view_ref now;

	memset(push, 0, sizeof(*push));
	update.ref = full_ref(admin->arena, admin->args.v[0]);
	if (find_object(admin, update.ref, admin->args.v[1], &update.new, err) <
	    0)
		return -1;
	if (view->ref(view->git, admin->arena, update.ref, &now, err) < 0)
		return -1;
	if (hint_if_stale(admin, update.ref, &now, err) < 0)
		return -1;
	memset(&update.old, 0, sizeof(update.old));
	if (now.exists)
		update.old = now.oid;
	if (given->old &&
	    find_object(admin, update.ref, given->old, &update.old, err) < 0)
		return -1;
	ARRAY_PUSH(admin->arena, &push->updates, update);
	push->pusher = who_asks(admin, given->as);
	push->options = given->push_options;
	push->options_known = true;
	push_options_read(push);
	push->report_json = push->report_json || admin->json;
	return 0;
}

static int try_push(struct admin *admin, const void *given)
{
	struct push push;
	struct verdict verdict;
	struct err err;
	const struct try_options *opts = given;
	int status = open_all(admin, opts->policy, opts->remote);

	if (status != EXIT_ALLOWED)
		return status;
	if (make_push(admin, opts, &push, &err) < 0)
		return admin_fail(admin, &err);
	asking_commands(admin, opts->run);
	if (decide(&admin->session, &push, &verdict, &err) < 0)
		return admin_fail(admin, &err);
	if (push.report_json) {
		report_json(admin->arena, &verdict, &admin->out);
		return verdict_exit(&verdict);
	}
	return asking_tell(admin, &push, &verdict);
}

const struct verb verb_try = {
	.name = "try",
	.arguments = "REF NEW [--as USER] [-o OPTION] [--old OLD]",
	.summary = "what would the hooks answer to a push?",
	.options = options,
	.options_size = sizeof(struct try_options),
	.args_min = 2,
	.args_max = 2,
	.run = try_push,
	.json = true,
	.help =
	    "Judges a push of NEW to REF exactly as pre-receive would, and "
	    "changes nothing. NEW is anything that git rev-parse understands; "
	    "'-' deletes the ref. A refusal goes to standard error, with the "
	    "exit code of the hook.\n"
	    "In a clone that has fetched the ledger (git fetch origin "
	    "refs/notes/stagegate:refs/notes/stagegate), policy and evidence "
	    "are the ledger's, and branches those of the remote as last "
	    "fetched. Programs of 'command' gates run there only with --run, "
	    "since they are the server's choice and not yours.\n",
};
