#include <string.h>

#include "base/text.h"
#include "doctor/doctor.h"

/* ---- what clients may set --------------------------------------------------
 */

static void look_variable(struct doctor *d, const char *variable)
{
	const struct sshd_accepted *by = sshd_accepts(
	    &d->server->sshd, variable);

	if (by)
		doctor_find(d, "sshd.identity",
		    "sshd lets clients set %s, by which the policy knows who "
		    "pushes (AcceptEnv %s, %s)",
		    variable, text_clean_s(d->arena, by->pattern),
		    text_clean_s(d->arena, by->where));
}

/* ---- what the host sets ----------------------------------------------------
 *
 * gitolite, Gitea, Forgejo, GitLab and GitHub Enterprise set one each; a web
 * server sets REMOTE_USER.  Over plain ssh a variable is set by the forced
 * command of a key alone.
 */
static const struct {
	const char *host, *variable;
} hosts[] = {
	{ "gitolite", "GL_USER" },
	{ "gitea", "GITEA_PUSHER_NAME" },
	{ "forgejo", "GITEA_PUSHER_NAME" },
	{ "gitlab", "GL_USERNAME" },
	{ "github-enterprise", "GITHUB_USER_LOGIN" },
	{ "http", "REMOTE_USER" },
};

static bool asks_for(const struct policy *policy, const char *variable)
{
	for (size_t i = 0; i < policy->nidentity; i++)
		if (policy->identity[i].kind == IDENTITY_PUSH_CERT ||
		    (policy->identity[i].kind == IDENTITY_VARIABLE &&
			strcmp(policy->identity[i].variable, variable) == 0))
			return true;
	return false;
}

static void look_host_variable(struct doctor *d)
{
	const char *host = d->place.host ? d->place.host : "";

	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++)
		if (strcmp(host, hosts[i].host) == 0 &&
		    !asks_for(d->session.policy, hosts[i].variable))
			doctor_find(d, "identity.host",
			    "stagegate.host is %s, which says who pushes in "
			    "%s, and the policy's identity.from does not name "
			    "that",
			    hosts[i].host, hosts[i].variable);
}

static bool everyone_has_a_role(const struct policy *policy)
{
	for (size_t i = 0; i < policy->nroles; i++)
		if (policy->roles[i].everyone)
			return true;
	return false;
}

void look_identity(struct doctor *d)
{
	const struct policy *policy = d->session.policy;
	size_t others = 0;
	bool os_user = false;

	if (!policy)
		return;
	for (size_t i = 0; i < policy->nidentity; i++) {
		const struct identity_source *source = &policy->identity[i];

		os_user = os_user || source->kind == IDENTITY_OS_USER;
		others += source->kind != IDENTITY_OS_USER;
		if (source->kind == IDENTITY_VARIABLE)
			look_variable(d, source->variable);
	}
	if (os_user && others > 0 && everyone_has_a_role(policy))
		doctor_find(d, "identity.os-user",
		    "identity.from has os-user beside others, and a role is "
		    "[\"*\"]: who is named by none of them counts as '%s'",
		    text_clean_s(d->arena, d->account.name));
	look_host_variable(d);
}
