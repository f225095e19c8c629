#include "setup/install.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "git/refs.h"
#include "record/ledger.h"
#include "record/plan.h"
#include "record/repoid.h"
#include "run/hosting.h"
#include "setup/account.h"

#define WAIT_STEP_MS 50u

struct work {
	struct installer *installer;
	struct install_result *result;
	struct place place;
	const struct host *host;
	struct layout layout;
	struct repo *repo;
	bool left_out[HOOKS];
};

int installer_open(struct arena *arena, const char *dir,
    const struct install_options *options, struct installer *ret,
    struct err *err)
{
	*ret = (struct installer){ .arena = arena, .options = *options };
	if (programs_load(arena, dir, &ret->programs, err))
		return -1;
	ret->putter.arena = arena;
	ret->putter.programs = &ret->programs;
	return 0;
}

const char *install_done_text(enum install_done done, bool dry)
{
	static const char *const texts[][2] = {
		[INSTALL_FAILED] = { "not done", "can't be done" },
		[INSTALL_SAME] = { "as it was", "is as it would be" },
		[INSTALL_NEW] = { "installed", "would be installed" },
		[INSTALL_UPGRADED] = { "upgraded", "would be upgraded" },
		[INSTALL_TAKEN] = { "hooks removed", "hooks would be removed" },
	};

	return texts[done][dry];
}

static void note(struct work *work, const char *text)
{
	ARRAY_PUSH(work->installer->arena, &work->result->notes, text);
}

/* ---- what can be known before ----------------------------------------- */

static int choose_host(struct work *work, struct err *err)
{
	const char *name = work->place.host;

	work->host = work->installer->options.host;
	if (!work->host)
		work->host = host_find(name);
	return work->host ? 0
			  : err_set(err, ERR_FORMAT,
				"stagegate.host is '%s', and not one of %s",
				text_clean_s(work->installer->arena, name),
				hosting_names(work->installer->arena));
}

static int look(struct work *work, struct err *err)
{
	struct installer *installer = work->installer;

	if (choose_host(work, err) ||
	    layout_find(installer->arena, &work->place, work->host,
		&installer->programs, &installer->seen, &work->layout, err))
		return -1;
	for (int i = 0; !work->layout.elsewhere && i < HOOKS; i++)
		if (hook_is_good(&work->layout.look[i]))
			put_know(&installer->putter, (enum hook)i,
			    &work->layout.look[i]);
	return 0;
}

static bool is_to_put(const struct work *work, int i)
{
	return !work->layout.elsewhere && !work->left_out[i] &&
	    !hook_is_good(&work->layout.look[i]);
}

/* Hooks of ours, whatever their build; a link is somebody else's. */
static bool is_ours(const struct work *work, int i)
{
	return !work->layout.elsewhere && !work->left_out[i] &&
	    work->layout.look[i].mark.is_ours && !work->layout.look[i].is_link;
}

/* The repository, what the hooks keep there, and where one is put or taken: a
 * hooks directory of root's with ours in it is fine. */
static int check_writable(struct work *work, struct err *err)
{
	struct arena *arena = work->installer->arena;
	const struct place *place = &work->place;
	bool out = work->installer->options.take;
	struct strings dirs = { NULL, 0, 0 };

	ARRAY_PUSH(arena, &dirs, place->gitdir);
	ARRAY_PUSH(
	    arena, &dirs, arena_printf(arena, "%s/stagegate", place->gitdir));
	for (int i = 0; i < HOOKS; i++) {
		const char *hook = work->layout.target[i].place;

		if (!(out ? is_ours(work, i) : is_to_put(work, i)))
			continue;
		ARRAY_PUSH(arena, &dirs, work->layout.dir);
		ARRAY_PUSH(arena, &dirs,
		    arena_strndup(
			arena, hook, (size_t)(strrchr(hook, '/') - hook)));
	}
	for (size_t i = 0; i < dirs.n; i++)
		if (account_may_write(
			arena, dirs.v[i], place->owner.uid, place->gid, err))
			return -1;
	return 0;
}

/* ---- putting ---------------------------------------------------------- */

static int put_hooks(struct work *work, struct err *err)
{
	struct putter *putter = &work->installer->putter;

	for (int i = 0; i < HOOKS; i++) {
		const struct put_target *target = &work->layout.target[i];

		if (!is_to_put(work, i))
			continue;
		if (work->layout.look[i].state == HOOK_FOREIGN &&
		    put_aside(putter, target, err))
			return -1;
		if (put_hook(putter, target, err))
			return -1;
	}
	return 0;
}

/* Of a repository that had branches before it had a ledger. */
static int note_history(struct work *work, struct err *err)
{
	struct arena *arena = work->installer->arena;
	struct view_refs refs = { NULL, 0, 0 };
	struct ledger *ledger;

	if (ledger_open(arena, work->repo, &ledger, err) ||
	    refs_below(work->repo, arena, "refs/heads/", &refs, err))
		return -1;
	if (refs.n > 0 && oid_is_zero(ledger_tip(ledger)))
		note(work,
		    arena_printf(arena,
			"it has history: 'stagegate -C %s adopt' takes its "
			"stage refs as they are",
			work->place.gitdir));
	return 0;
}

static enum install_done done_of(const struct work *work, bool configured)
{
	enum install_done done = configured ? INSTALL_UPGRADED : INSTALL_SAME;

	for (int i = 0; i < HOOKS; i++)
		if (is_to_put(work, i))
			done = INSTALL_UPGRADED;
	for (int i = 0; i < HOOKS && done == INSTALL_UPGRADED; i++)
		if (is_to_put(work, i) && !work->layout.look[i].mark.is_ours)
			return INSTALL_NEW;
	return done;
}

static int put(struct work *work, struct err *err)
{
	struct installer *installer = work->installer;
	const struct install_options *options = &installer->options;
	struct arena *arena = installer->arena;
	struct configure what = { options->policy,
		options->host ? host_name(options->host) : NULL };
	bool configured = false;
	const char *id;

	if (layout_is_free(arena, &work->layout, &installer->programs,
		options->chain, err) ||
	    check_writable(work, err) || note_history(work, err))
		return -1;
	policy_fit_note(
	    installer, work->repo, work->host, &work->result->notes);
	if (!options->dry &&
	    (layout_make_dirs(arena, &work->layout, err) ||
		repository_id(arena, work->repo, &id, err) ||
		configure_repository(
		    arena, work->repo, &what, &configured, err) ||
		put_hooks(work, err)))
		return -1;
	work->result->done = done_of(work, configured);
	return 0;
}

/* ---- taking ----------------------------------------------------------- */

static int has_live_plans(struct work *work, bool *ret, struct err *err)
{
	struct plans plans = { NULL, 0, 0 };

	if (plans_read(work->installer->arena, work->repo, &plans, err))
		return -1;
	*ret = false;
	for (size_t i = 0; i < plans.n; i++)
		*ret |= plan_is_live(plans.v[i], clock_now());
	return 0;
}

/* What pre-receive has let in is recorded by post-receive. */
static int wait_for_pushes(struct work *work, struct err *err)
{
	uint64_t end = clock_monotonic_ms() + TAKE_WAIT_MS;
	bool live;

	for (;;) {
		if (has_live_plans(work, &live, err))
			return -1;
		if (!live)
			return 0;
		if (clock_monotonic_ms() >= end)
			break;
		clock_sleep_ms(WAIT_STEP_MS);
	}
	note(work,
	    "a push is still under way; what it moves is recorded when the "
	    "hooks are put back");
	return 0;
}

static int take_one(struct work *work, enum hook hook, struct err *err)
{
	return is_ours(work, (int)hook) ? take_hook(&work->installer->putter,
					      &work->layout.target[hook], err)
					: 0;
}

static int take(struct work *work, struct err *err)
{
	const char *config = arena_printf(
	    work->installer->arena, "%s/config", work->place.gitdir);
	bool changed = false, any = false;

	if (check_writable(work, err))
		return -1;
	for (int i = 0; i < HOOKS; i++)
		any |= is_ours(work, i);
	if (!work->installer->options.dry &&
	    (take_one(work, HOOK_PRE_RECEIVE, err) ||
		(any && wait_for_pushes(work, err)) ||
		take_one(work, HOOK_POST_RECEIVE, err) ||
		take_one(work, HOOK_UPDATE, err) ||
		unconfigure_file(
		    work->installer->arena, config, &changed, err)))
		return -1;
	work->result->done = any || changed ? INSTALL_TAKEN : INSTALL_SAME;
	return 0;
}

/* ---- one repository --------------------------------------------------- */

static int in_account(struct work *work, struct err *err)
{
	struct arena *arena = work->installer->arena;
	int status;

	if (work->place.unservable)
		return err_set(err, ERR_FORMAT, "%s", work->place.unservable);
	if (look(work, err) ||
	    repo_open_path(arena, work->place.gitdir, &work->repo, err))
		return -1;
	status = work->installer->options.take ? take(work, err)
					       : put(work, err);
	repo_close(work->repo);
	return status;
}

void install_repository(
    struct installer *installer, const char *path, struct install_result *ret)
{
	struct work work = { .installer = installer, .result = ret };
	struct err err;
	int status;

	*ret = (struct install_result){ .path = path };
	status = place_find(installer->arena, path, &work.place, &err);
	if (status == 0) {
		ret->gitdir = work.place.gitdir;
		/* Somebody else may write there too: a group, say. */
		if (account_can_enter(&work.place.owner))
			status = account_enter(&work.place.owner, &err);
	}
	if (status == 0) {
		status = in_account(&work, &err);
		account_leave();
	}
	if (status) {
		ret->done = INSTALL_FAILED;
		ret->reason = arena_strdup(installer->arena, err.text);
	}
}

/* ---- a directory of several ------------------------------------------- */

static int put_shared(struct work *work, struct err *err)
{
	struct installer *installer = work->installer;

	if (layout_is_free(installer->arena, &work->layout,
		&installer->programs, installer->options.chain, err))
		return -1;
	if (installer->options.dry)
		return 0;
	return layout_make_dirs(installer->arena, &work->layout, err) ||
		put_hooks(work, err)
	    ? -1
	    : 0;
}

/* but: a bit for each hook that is left out. */
static int shared(struct work *work, const char *dir, unsigned but,
    bool *ret_changed, struct err *err)
{
	struct installer *installer = work->installer;
	struct arena *arena = installer->arena;
	bool drop = work->layout.host->layout != LAYOUT_OWN, changed = false;

	work->layout.dir = dir;
	for (int i = 0; i < HOOKS; i++) {
		const char *path = arena_printf(arena, "%s/%s%s", dir,
		    hook_name((enum hook)i), drop ? ".d/" HOOK_DROP_NAME : "");

		work->layout.target[i] = (struct put_target){ dir, path,
			(enum hook)i };
		hook_look(arena, path, &installer->programs, (enum hook)i,
		    &installer->seen, &work->layout.look[i]);
		work->left_out[i] = (but >> i) & 1u;
		changed |= installer->options.take ? is_ours(work, i)
						   : is_to_put(work, i);
	}
	*ret_changed = changed;
	if (!installer->options.take)
		return put_shared(work, err);
	for (int i = HOOKS - 1; !installer->options.dry && i >= 0; i--)
		if (take_one(work, (enum hook)i, err))
			return -1;
	return 0;
}

int install_shared(struct installer *installer, const char *dir, bool drop,
    bool *ret_changed, struct err *err)
{
	static const struct host own = { .layout = LAYOUT_OWN },
				 dropped = { .layout = LAYOUT_CUSTOM_DROP };
	struct work work = { .installer = installer,
		.layout = { .host = drop ? &dropped : &own } };

	return shared(&work, dir, 0, ret_changed, err);
}

int install_shared_but(struct installer *installer, const char *dir,
    enum hook but, bool *ret_changed, struct err *err)
{
	static const struct host own = { .layout = LAYOUT_OWN };
	struct work work = { .installer = installer,
		.layout = { .host = &own } };

	return shared(&work, dir, 1u << but, ret_changed, err);
}
