#include "init.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "setup/configure.h"

#define SYSTEM_CONFIG "/etc/gitconfig"

static void say_done(struct admin *admin, const struct installer *installer,
    const char *dir, bool changed)
{
	enum install_done done = !changed ? INSTALL_SAME
	    : installer->options.take     ? INSTALL_TAKEN
					  : INSTALL_NEW;

	if (!admin->json)
		buf_addf(&admin->out, "%s: %s\n",
		    text_clean_s(admin->arena, dir),
		    install_done_text(done, installer->options.dry));
}

static int settings_in(struct admin *admin, const struct installer *installer,
    const char *path, bool *ret_changed, struct err *err)
{
	struct configure what = { installer->options.policy,
		installer->options.host ? host_name(installer->options.host)
					: NULL };

	*ret_changed = false;
	if (installer->options.dry)
		return 0;
	return installer->options.take
	    ? unconfigure_file(admin->arena, path, ret_changed, err)
	    : configure_file(admin->arena, path, &what, ret_changed, err);
}

/* git copies what lies there into each repository that it makes. */
static int template(struct admin *admin, struct installer *installer,
    const char *dir, struct err *err)
{
	const char *hooks = arena_printf(admin->arena, "%s/hooks", dir);
	const char *config = arena_printf(admin->arena, "%s/config", dir);
	bool put, set;

	if ((!installer->options.dry && dir_make(dir, 0755, err)) ||
	    install_shared(installer, hooks, false, &put, err) ||
	    settings_in(admin, installer, config, &set, err))
		return -1;
	say_done(admin, installer, dir, put || set);
	if (!installer->options.take)
		admin_note(admin,
		    "hint: ", "git config --system init.templateDir %s", dir);
	return 0;
}

/* Writable by nobody but root, as must be what is above it. */
static int check_root_owned(
    struct arena *arena, const char *path, struct err *err)
{
	char *at = arena_strdup(arena, path);
	struct stat st;

	for (;;) {
		char *slash = strrchr(at, '/');

		if (stat(*at ? at : "/", &st) < 0 || st.st_uid != 0 ||
		    ((st.st_mode & 022) && !(st.st_mode & S_ISVTX)))
			return err_set(err, ERR_FORMAT,
			    "'%s' can be changed by others than root: hooks "
			    "for every repository must not lie there",
			    text_clean_s(arena, *at ? at : "/"));
		if (!slash)
			return 0;
		*slash = '\0';
	}
}

/* core.hooksPath becomes the directory of the installed programs itself. */
static int system_wide(struct admin *admin, const struct init_options *opts,
    struct installer *installer, const char *programs, struct err *err)
{
	const char *path = opts->system_config ? opts->system_config
					       : SYSTEM_CONFIG;
	bool set, named = false;

	if (strcmp(path, SYSTEM_CONFIG) != 0 &&
	    (opts->policy || installer->options.host))
		return err_set(err, ERR_FORMAT,
		    "hooks read the policy and the host from a repository's "
		    "configuration or " SYSTEM_CONFIG
		    ", and not from '%s': name them for each repository",
		    text_clean_s(admin->arena, path));
	if (!installer->options.take &&
	    check_root_owned(admin->arena, programs, err))
		return -1;
	if (settings_in(admin, installer, path, &set, err) ||
	    (!installer->options.take && !installer->options.dry &&
		configure_one(admin->arena, path, "core.hooksPath", programs,
		    &named, err)))
		return -1;
	say_done(
	    admin, installer, path, set || named || installer->options.dry);
	return 0;
}

static int gitolite(struct admin *admin, struct installer *installer,
    const char *dir, struct err *err)
{
	struct arena *arena = admin->arena;
	struct hook_look look;
	struct put_target target;
	bool changed;
	const char *hooks = arena_printf(arena, "%s/hooks", dir),
		   *vref = arena_printf(arena, "%s/VREF", dir);

	if (!installer->options.dry &&
	    (dir_make(dir, 0755, err) || dir_make(hooks, 0755, err) ||
		dir_make(vref, 0755, err)))
		return -1;
	if (install_shared_but(installer,
		arena_printf(arena, "%s/common", hooks), HOOK_UPDATE, &changed,
		err))
		return -1;
	target = (struct put_target){ vref,
		arena_printf(arena, "%s/stagegate", vref), HOOK_UPDATE };
	hook_look(arena, target.place, &installer->programs, HOOK_UPDATE,
	    &installer->seen, &look);
	if (!look.mark.is_ours && look.state != HOOK_MISSING)
		return err_set(err, ERR_FORMAT,
		    "'%s' %s and was left alone: move it away", target.place,
		    hook_state_text(arena, &look));
	if (installer->options.take ? look.mark.is_ours
				    : !hook_is_good(&look)) {
		changed = true;
		if (!installer->options.dry &&
		    (installer->options.take
			    ? take_hook(&installer->putter, &target, err)
			    : put_hook(&installer->putter, &target, err)))
			return -1;
	}
	say_done(admin, installer, dir, changed);
	if (!installer->options.take)
		admin_note(admin, "hint: ",
		    "in .gitolite.rc: LOCAL_CODE => '%s'; in gitolite.conf, "
		    "for each repository: - VREF/stagegate = @all; then "
		    "'gitolite setup --hooks-only'",
		    dir);
	return 0;
}

int init_shared(struct admin *admin, const struct init_options *opts,
    struct installer *installer, struct err *err)
{
	const char *programs = opts->programs ? opts->programs
					      : STAGEGATE_LIBEXECDIR;
	bool changed;

	if (opts->template && template(admin, installer, opts->template, err))
		return -1;
	if (opts->system && system_wide(admin, opts, installer, programs, err))
		return -1;
	if (opts->gitolite && gitolite(admin, installer, opts->gitolite, err))
		return -1;
	if (opts->gitlab) {
		if (install_shared(
			installer, opts->gitlab, true, &changed, err))
			return -1;
		say_done(admin, installer, opts->gitlab, changed);
	}
	return 0;
}
