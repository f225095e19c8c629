#include "run/hosting.h"

#include <string.h>

#include "base/text.h"

static const char *const names[] = {
	[HOST_PLAIN] = "plain",
	[HOST_SSH] = "ssh",
	[HOST_HTTP] = "http",
	[HOST_GITOLITE] = "gitolite",
	[HOST_GITEA] = "gitea",
	[HOST_FORGEJO] = "forgejo",
	[HOST_GITLAB] = "gitlab",
	[HOST_GITHUB_ENTERPRISE] = "github-enterprise",
};
#define HOSTS (sizeof(names) / sizeof(*names))

const char *hosting_name(enum hosting hosting)
{
	return names[hosting];
}

const char *hosting_names(struct arena *arena)
{
	struct strings all = { NULL, 0, 0 };

	for (size_t i = 0; i < HOSTS; i++)
		strings_add(arena, &all, names[i]);
	return strings_join(arena, &all, "");
}

bool hosting_parse(const char *name, enum hosting *ret)
{
	for (size_t i = 0; i < HOSTS; i++) {
		if (strcmp(name, names[i]) != 0)
			continue;
		*ret = (enum hosting)i;
		return true;
	}
	return false;
}

int hosting_find(struct session *session, enum hosting *ret, struct err *err)
{
	struct arena *arena = session->arena;
	const char *value = NULL;

	if (repo_config(session->repo, arena, "stagegate.host", &value, err) <
	    0)
		return -1;
	if (!value || !*value) {
		*ret = HOST_PLAIN;
		return 0;
	}
	if (hosting_parse(value, ret))
		return 0;
	return err_set(err, ERR_FORMAT,
	    "git config stagegate.host is '%s' and must be one of %s",
	    text_clean_s(arena, value), hosting_names(arena));
}

bool hosting_skips_update(
    enum hosting hosting, const struct environment *environment)
{
	return hosting == HOST_GITOLITE || hosting == HOST_GITHUB_ENTERPRISE ||
	    environment_has(environment, "GL_LIBDIR") ||
	    environment_has(environment, "GL_BYPASS_ACCESS_CHECKS");
}

const char *hosting_refusal_prefix(enum hosting hosting)
{
	return hosting == HOST_GITLAB ? "GL-HOOK-ERR: " : NULL;
}
