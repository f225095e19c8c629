#include "doctor/hosts.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

#define GITOLITE_CONF_MAX ((size_t)64 << 20) /* bytes, compiled */
#define VREF "VREF/stagegate"

enum host_layout doctor_layout(const struct doctor *d)
{
	const struct host *host = host_find(d->place.host);

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

/* gitolite links what lies in LOCAL_CODE/hooks/common into each repository,
 * and runs VREFs from LOCAL_CODE/VREF (gitolite.com/gitolite/non-core): so the
 * link says where that is.  ~/.gitolite.rc is a program, which is not ours to
 * run. */
#define COMMON "/hooks/common/"

const char *doctor_vref(const struct doctor *d)
{
	char to[PATH_MAX];
	char *common;
	ssize_t n;

	if (doctor_layout(d) != LAYOUT_SHARED || !d->place.hooks)
		return NULL;
	n = readlink(arena_printf(d->arena, "%s/pre-receive", d->place.hooks),
	    to, sizeof(to) - 1);
	if (n <= 0)
		return NULL;
	to[n] = '\0';
	common = strstr(to, COMMON);
	if (*to != '/' || !common)
		return NULL;
	*common = '\0';
	return arena_printf(d->arena, "%s/" VREF, to);
}

static void look_vref(struct doctor *d)
{
	const char *path = doctor_vref(d);
	struct hook_look look;

	if (!path) {
		doctor_find(d, "hooks.vref-unseen",
		    "%s/pre-receive is no link into gitolite's LOCAL_CODE: "
		    "whether " VREF " is there can't be seen",
		    text_clean_s(d->arena, d->place.hooks));
		return;
	}
	hook_look(d->arena, path, &d->server->programs, HOOK_UPDATE,
	    &d->server->seen, &look);
	look_hook(d, HOOK_UPDATE, &look, true);
}

static void look_gitolite(struct doctor *d)
{
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
	look_vref(d);
}

/* As a word of its own: other VREFs may have longer names. */
static bool has_rule(const char *text, size_t len)
{
	const char *end = text + len, *at = text;

	while ((at = memmem(at, (size_t)(end - at), VREF, strlen(VREF)))) {
		at += strlen(VREF);
		if (at < end && strchr("'\"/ ", *at))
			return true;
	}
	return false;
}

static int names_vref(
    struct doctor *d, const char *path, bool *ret, struct err *err)
{
	char *text;
	size_t len;

	if (file_read(d->arena, path, GITOLITE_CONF_MAX, &text, &len, err) < 0)
		return err->kind == ERR_NOTFOUND ? 0 : -1;
	*ret = *ret || has_rule(text, len);
	return 0;
}

void look_vref_rule(struct doctor *d)
{
	const char *home = d->account.home;
	bool found = false;
	struct err err;

	if (names_vref(d, arena_printf(d->arena, "%s/gl-conf", d->place.gitdir),
		&found, &err) < 0 ||
	    (home &&
		names_vref(d,
		    arena_printf(d->arena,
			"%s/.gitolite/conf/gitolite.conf-compiled.pm", home),
		    &found, &err) < 0))
		doctor_unseen(d, "hooks.unreadable", &err);
	else if (!found)
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
