#include "doctor/hosts.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"

#define GITOLITE_CONF_MAX ((size_t)64 << 20) /* bytes, compiled */
#define VREF "VREF/stagegate"

enum host_layout doctor_layout(const struct doctor *d)
{
	const struct host *host = host_find(
	    d->place.host ? d->place.host : "plain");

	return host ? host->layout : LAYOUT_OWN;
}

/* The host's own hook must run what lies beside it; git skips one that is
 * missing or not executable here as anywhere. */
static void look_runner(struct doctor *d, const struct hook_look *look)
{
	if (look->state == HOOK_FOREIGN && look->executable)
		return;
	if (look->state == HOOK_IDENTICAL && look->executable)
		return; /* git runs ours itself */
	doctor_find(d, "hooks.host",
	    "%s should be %s's own hook, which runs those in '%s.d/', and is "
	    "not",
	    text_clean_s(d->arena, look->path),
	    text_clean_s(d->arena, d->place.host),
	    text_clean_s(d->arena, look->path));
}

static void look_drops(struct doctor *d, const char *dir, bool has_runner)
{
	struct hooks_look look;

	hooks_look(
	    d->arena, dir, &d->server->programs, &d->server->seen, &look);
	for (int i = 0; i < HOOKS; i++) {
		if (has_runner)
			look_runner(d, &look.hook[i]);
		if (!has_runner || look.hook[i].state != HOOK_IDENTICAL)
			look_hook(d, (enum hook)i, &look.drop[i], false);
	}
}

/* Where all repositories share one directory, its place is GitLab's to know. */
static void look_custom(struct doctor *d)
{
	const char *dir = arena_printf(
	    d->arena, "%s/custom_hooks", d->place.gitdir);
	struct stat st;

	if (stat(dir, &st) == 0)
		look_drops(d, dir, false);
	else
		doctor_find(d, "hooks.server-wide",
		    "there is no custom_hooks/ in the repository: whether the "
		    "server-wide one has ours can't be seen from here");
}

static bool names_vref(struct doctor *d, const char *path)
{
	struct err ignored;
	char *text;
	size_t len;

	return file_read(d->arena, path, GITOLITE_CONF_MAX, &text, &len,
		   &ignored) == 0 &&
	    memmem(text, len, VREF, strlen(VREF));
}

static void look_gitolite(struct doctor *d)
{
	const char *home = d->account.home ? d->account.home : "";
	struct hooks_look look;

	hooks_look(d->arena, d->place.hooks, &d->server->programs,
	    &d->server->seen, &look);
	look_hook(d, HOOK_PRE_RECEIVE, &look.hook[HOOK_PRE_RECEIVE], true);
	look_hook(d, HOOK_POST_RECEIVE, &look.hook[HOOK_POST_RECEIVE], true);
	if (look.hook[HOOK_UPDATE].state != HOOK_FOREIGN ||
	    !look.hook[HOOK_UPDATE].executable)
		doctor_find(d, "hooks.host",
		    "%s should be gitolite's own hook, and is not: 'gitolite "
		    "setup --hooks-only'",
		    text_clean_s(d->arena, look.hook[HOOK_UPDATE].path));
	if (!names_vref(
		d, arena_printf(d->arena, "%s/gl-conf", d->place.gitdir)) &&
	    !names_vref(d,
		arena_printf(d->arena,
		    "%s/.gitolite/conf/gitolite.conf-compiled.pm", home)))
		doctor_find(d, "hooks.vref",
		    "gitolite's configuration has no rule '- " VREF
		    " = @all': moves of refs are not checked against their "
		    "plan");
}

bool look_host(struct doctor *d)
{
	switch (doctor_layout(d)) {
	case LAYOUT_DROP:
		if (d->place.hooks)
			look_drops(d, d->place.hooks, true);
		return true;
	case LAYOUT_CUSTOM_DROP:
		look_custom(d);
		return true;
	case LAYOUT_SHARED:
		if (d->place.hooks)
			look_gitolite(d);
		return true;
	case LAYOUT_OWN:
		break;
	}
	return false;
}
