#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "doctor/access.h"
#include "doctor/doctor.h"
#include "doctor/hosts.h"

/* ---- who else may write ---------------------------------------------------
 */

static const char *inside(struct doctor *d, const char *name)
{
	return arena_printf(d->arena, "%s/%s", d->place.gitdir, name);
}

/* What stands in the repository itself is put right; what is above it is not
 * ours.  Who shares a repository must write in its top directory: packed-refs
 * is replaced there. */
static void can_chmod(
    struct doctor *d, struct ailment *finding, const struct access_look *look)
{
	struct stat st;

	if (d->place.shared && strcmp(look->path, d->place.gitdir) == 0)
		return;
	if (look->by_mode && doctor_is_inside(d, look->path) &&
	    lstat(look->path, &st) == 0 && !S_ISLNK(st.st_mode))
		finding->fix = (struct fix){
			.kind = FIX_MODE, .path = look->path, .keep = 07755
		};
}

static void tell(struct doctor *d, const char *code, const char *what,
    const struct access_look *look)
{
	struct ailment *finding;

	/* One uppermost directory is below all the rest. */
	for (size_t i = 0; i < d->findings.n; i++)
		if (strcmp(d->findings.v[i].code, code) == 0)
			return;
	finding = doctor_find(d, code, "%s %s, so that %s can be replaced",
	    text_clean_s(d->arena, look->path), look->why, what);
	if (look->holder == HELD_BY_OTHERS)
		can_chmod(d, finding, look);
}

/* Where several accounts share a repository, git lets their group write; hooks
 * and configuration it must not. */
static void look_way(
    struct doctor *d, const char *path, const char *code, const char *what)
{
	struct access_look look;
	struct err err;

	if (access_way(d->arena, path, &d->account, &look, &err) < 0) {
		if (err.kind != ERR_NOTFOUND)
			doctor_unseen(d, code, &err);
		return;
	}
	if (look.holder == HELD_BY_OTHERS)
		tell(d, code, what, &look);
	else if (look.holder == HELD_BY_ACCOUNT)
		tell(d, "modes.own", what, &look);
}

/* ---- our own state ---------------------------------------------------------
 */

static void look_state_mode(struct doctor *d)
{
	const char *path = inside(d, "stagegate");
	struct stat st;

	if (lstat(path, &st) < 0)
		return;
	if (!S_ISDIR(st.st_mode)) {
		doctor_find(d, "state.kind", "%s is no directory",
		    text_clean_s(d->arena, path));
		return;
	}
	if (st.st_uid != d->account.uid && !d->place.shared)
		doctor_find(d, "state.owner",
		    "%s does not belong to '%s', as whom hooks run",
		    text_clean_s(d->arena, path),
		    text_clean_s(d->arena, d->account.name));
	if ((st.st_mode & 0007) || (!d->place.shared && (st.st_mode & 0070)))
		doctor_find(d, "state.mode",
		    "%s is open to others (%04o): plans and events are theirs "
		    "to read",
		    text_clean_s(d->arena, path), (unsigned)st.st_mode & 07777)
		    ->fix = (struct fix){ .kind = FIX_MODE,
			.path = path,
			.keep = d->place.shared ? 07770u : 07700u };
}

/* Ours or the host's own, and ours beside those. */
static void look_hooks_in(struct doctor *d, const char *dir, bool has_drops)
{
	look_way(d, dir, "modes.hooks", "the hooks");
	for (int i = 0; i < HOOKS; i++) {
		const char *path = arena_printf(
		    d->arena, "%s/%s", dir, hook_name((enum hook)i));

		look_way(d, path, "modes.hooks", "the hooks");
		if (has_drops)
			look_way(d,
			    arena_printf(
				d->arena, "%s.d/" HOOK_DROP_NAME, path),
			    "modes.hooks", "the hooks");
	}
}

void look_modes(struct doctor *d)
{
	enum host_layout layout = doctor_layout(d);
	const char *vref = doctor_vref(d);

	if (d->place.hooks)
		look_hooks_in(d, d->place.hooks, layout == LAYOUT_DROP);
	if (vref)
		look_way(d, vref, "modes.hooks", "a hook");
	if (layout == LAYOUT_CUSTOM_DROP)
		look_hooks_in(d, inside(d, "custom_hooks"), true);
	for (size_t i = 0; i < d->config_files.n; i++)
		look_way(d, d->config_files.v[i], "modes.config",
		    "git's configuration");
	if (!d->place.shared)
		look_way(
		    d, inside(d, "refs"), "modes.repository", "the repository");
	look_state_mode(d);
}
