#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "doctor/doctor.h"
#include "doctor/hosts.h"
#include "setup/hooksdir.h"

/* Where git looks.  place.hooks does not know of the account's configuration,
 * which git does read; NULL where nobody can say. */
static const char *effective_dir(struct doctor *d)
{
	const struct config_entry *entry = config_list_last(
	    &d->config, "core.hookspath");

	if (!entry || entry->from != CONFIG_ACCOUNT)
		return d->place.hooks;
	if (str_prefix(entry->value, "~/") && d->account.home)
		return arena_printf(
		    d->arena, "%s%s", d->account.home, entry->value + 1);
	return *entry->value == '/'
	    ? entry->value
	    : arena_printf(d->arena, "%s/%s", d->place.gitdir, entry->value);
}

static const char *whose(const struct config_entry *entry)
{
	static const char *const words[] = {
		[CONFIG_SYSTEM] = "the system's configuration",
		[CONFIG_ACCOUNT] = "the configuration of the account that "
				   "runs the hooks",
		[CONFIG_REPOSITORY] = "the repository's configuration",
	};

	return words[entry->from];
}

static const char *code_of(const struct hook_look *look)
{
	static const char *const codes[] = {
		[HOOK_IDENTICAL] = "hooks.not-executable",
		[HOOK_OTHER] = "hooks.other-build",
		[HOOK_MISSING] = "hooks.missing",
		[HOOK_DANGLING] = "hooks.dangling",
		[HOOK_EMPTY] = "hooks.empty",
		[HOOK_NULS] = "hooks.nul",
		[HOOK_FOREIGN] = "hooks.foreign",
		[HOOK_NO_FILE] = "hooks.foreign",
		[HOOK_UNREADABLE] = "hooks.unreadable",
	};

	if (look->is_link && look->executable && look->state == HOOK_IDENTICAL)
		return "hooks.link";
	/* The same version in other bytes: not what was installed. */
	if (look->state == HOOK_OTHER &&
	    strcmp(look->mark.version, STAGEGATE_VERSION) == 0)
		return "hooks.altered";
	return codes[look->state];
}

void look_hook(struct doctor *d, enum hook hook, const struct hook_look *look,
    bool link_is_fine)
{
	const char *code = code_of(look);
	struct ailment *finding;

	if (look->state == HOOK_UNREADABLE)
		d->unseen = true;
	if (hook_is_good(look) ||
	    (link_is_fine && strcmp(code, "hooks.link") == 0))
		return;
	finding = doctor_find(d, code, "%s %s",
	    text_clean_s(d->arena, look->path),
	    hook_state_text(d->arena, look));
	if (look->state != HOOK_FOREIGN && look->state != HOOK_NO_FILE &&
	    look->state != HOOK_UNREADABLE && !link_is_fine &&
	    doctor_is_inside(d, look->path))
		finding->fix = (struct fix){
			.kind = FIX_HOOK, .path = look->path, .hook = hook
		};
}

/* ---- what else git runs ---------------------------------------------------
 */

static void look_others(struct doctor *d, const char *dir)
{
	static const char *const names[] = { "proc-receive",
		"reference-transaction", "post-update", "push-to-checkout" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *path = arena_printf(
		    d->arena, "%s/%s", dir, names[i]);
		struct stat st;

		if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) ||
		    !(st.st_mode & 0111))
			continue;
		doctor_find(d, i == 0 ? "hooks.proc-receive" : "hooks.extra",
		    "%s is there beside ours", text_clean_s(d->arena, path));
	}
}

/* ---- the directory --------------------------------------------------------
 */

static bool any_is_ours(const struct hooks_look *look)
{
	for (int i = 0; i < HOOKS; i++)
		if (look->hook[i].state == HOOK_IDENTICAL ||
		    look->hook[i].state == HOOK_OTHER)
			return true;
	return false;
}

static void look_path(
    struct doctor *d, const char *dir, const struct hooks_look *look)
{
	const struct config_entry *entry = config_list_last(
	    &d->config, "core.hookspath");

	if (entry && !any_is_ours(look))
		doctor_find(d, "hooks.path",
		    "core.hooksPath of %s leads git to '%s', where ours are "
		    "not",
		    whose(entry), text_clean_s(d->arena, dir));
	else if (entry && entry->from == CONFIG_ACCOUNT)
		doctor_find(d, "hooks.path",
		    "core.hooksPath stands in %s, which hold for no other "
		    "account",
		    whose(entry));
}

void look_hooks(struct doctor *d)
{
	const struct programs *programs = &d->server->programs;
	const char *dir = effective_dir(d);
	struct hooks_look look;

	if (!d->server->has_programs || look_host(d))
		return;
	if (!dir) {
		struct err err;

		err_set(&err, ERR_FORMAT, "%s",
		    d->place.unservable ? d->place.unservable
					: "core.hooksPath leads nowhere");
		doctor_unseen(d, "hooks.path", &err);
		return;
	}
	hooks_look(d->arena, dir, programs, &d->server->seen, &look);
	look_path(d, dir, &look);
	if (!ailments_wrong(&d->findings, "hooks.path"))
		for (int i = 0; i < HOOKS; i++)
			look_hook(d, (enum hook)i, &look.hook[i], false);
	look_others(d, dir);
}

/* ---- as the account -------------------------------------------------------
 */

/* access(2), by which git decides, asks the real account: for us that is the
 * effective one. */
void look_reach(struct doctor *d)
{
	const char *dir = effective_dir(d);

	if (doctor_layout(d) == LAYOUT_SHARED)
		look_vref_rule(d);
	if (!dir || doctor_layout(d) != LAYOUT_OWN ||
	    ailments_wrong(&d->findings, "hooks."))
		return;
	for (int i = 0; i < HOOKS; i++) {
		const char *path = arena_printf(
		    d->arena, "%s/%s", dir, hook_name((enum hook)i));

		if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0)
			continue;
		doctor_find(d, "hooks.unreachable",
		    "%s can't be run by '%s': %s", text_clean_s(d->arena, path),
		    text_clean_s(d->arena, d->account.name), strerror(errno));
	}
}
