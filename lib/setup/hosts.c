#include "setup/hosts.h"

#include <string.h>

#include "base/array.h"
#include "run/hosting.h"

#define PULL_REFS "refs/pull/*/head"

/*
 * Gitea: routers/private and modules/repository/hooks.go (GITEA_PUSHER_NAME,
 * hooks/<hook>.d/).  GitLab: docs.gitlab.com/ee/administration/server_hooks
 * (custom_hooks/<hook>.d/, GL_USERNAME).  gitolite: gitolite.com/gitolite/vref
 * (GL_USER; its own update hook).  GitHub Enterprise: docs.github.com,
 * "Managing pre-receive hooks" (five seconds; GITHUB_USER_LOGIN).
 */
static const struct host hosts[] = {
	[HOST_PLAIN] = { "a plain server", LAYOUT_OWN, NULL, NULL, 0 },
	[HOST_SSH] = { "ssh", LAYOUT_OWN, NULL, NULL, 0 },
	[HOST_HTTP] = { "a web server", LAYOUT_OWN, "REMOTE_USER", NULL, 0 },
	[HOST_GITOLITE] = { "gitolite", LAYOUT_SHARED, "GL_USER", NULL, 0 },
	[HOST_GITEA] = { "Gitea", LAYOUT_DROP, "GITEA_PUSHER_NAME", PULL_REFS,
	    0 },
	[HOST_FORGEJO] = { "Forgejo", LAYOUT_DROP, "GITEA_PUSHER_NAME",
	    PULL_REFS, 0 },
	[HOST_GITLAB] = { "GitLab", LAYOUT_CUSTOM_DROP, "GL_USERNAME", NULL,
	    0 },
	[HOST_GITHUB_ENTERPRISE] = { "GitHub Enterprise", LAYOUT_OWN,
	    "GITHUB_USER_LOGIN", NULL, 5 },
};

const struct host *host_find(const char *name)
{
	enum hosting hosting;

	if (!name)
		return &hosts[HOST_PLAIN];
	return hosting_parse(name, &hosting) ? &hosts[hosting] : NULL;
}

const char *host_name(const struct host *host)
{
	return hosting_name((enum hosting)(host - hosts));
}

/* Signed pushes name the pusher on any host. */
static bool names_pusher(const struct policy *policy, const char *variable)
{
	for (size_t i = 0; i < policy->nidentity; i++) {
		const struct identity_source *source = &policy->identity[i];

		if (source->kind == IDENTITY_PUSH_CERT ||
		    (source->kind == IDENTITY_VARIABLE &&
			strcmp(source->variable, variable) == 0))
			return true;
	}
	return false;
}

void host_policy_faults(struct arena *arena, const struct host *host,
    const struct policy *policy, struct strings *ret)
{
	if (host->identity && !names_pusher(policy, host->identity))
		ARRAY_PUSH(arena, ret,
		    arena_printf(arena,
			"%s names the pusher in %s, which 'identity.from' of "
			"the policy lacks: nobody is known by name there",
			host->title, host->identity));
	if (host->host_refs &&
	    !strings_have(&policy->host_refs, host->host_refs))
		ARRAY_PUSH(arena, ret,
		    arena_printf(arena,
			"%s writes %s itself; without 'host_refs: [\"%s\"]' in "
			"the policy no pull request can be opened",
			host->title, host->host_refs, host->host_refs));
	if (host->limit_s && policy->limit_time_s >= host->limit_s)
		ARRAY_PUSH(arena, ret,
		    arena_printf(arena,
			"%s ends a hook after %u s, and 'limits.time' of the "
			"policy is %llu s: set it lower, so that the pusher "
			"reads why",
			host->title, (unsigned)host->limit_s,
			(unsigned long long)policy->limit_time_s));
}
