#include <string.h>

#include "base/text.h"
#include "doctor/doctor.h"
#include "run/hosting.h"
#include "setup/hosts.h"

/* ---- what clients may set ---------------------------------------------------
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

/* ---- what the host asks of a policy -----------------------------------------
 */

static void look_host_policy(struct doctor *d)
{
	const struct host *host = host_find(d->place.host);
	struct strings faults = { NULL, 0, 0 };

	if (!host) {
		doctor_find(d, "identity.host-unknown",
		    "stagegate.host is '%s', and not one of %s",
		    text_clean_s(d->arena, d->place.host),
		    hosting_names(d->arena));
		return;
	}
	host_policy_faults(d->arena, host, d->session.policy, &faults);
	for (size_t i = 0; i < faults.n; i++)
		doctor_find(d, "identity.host", "%s", faults.v[i]);
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
	look_host_policy(d);
}
