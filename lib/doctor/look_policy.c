#include <string.h>

#include "base/text.h"
#include "doctor/access.h"
#include "doctor/doctor.h"
#include "gates/gate.h"
#include "git/policyobject.h"
#include "policy/place.h"
#include "run/succession.h"

/* ---- reading it ------------------------------------------------------------
 *
 * Hundreds of repositories follow one policy: it is read once for each account,
 * since whether it may be used depends on whose it is.
 */
static const struct known_policy *known(
    struct doctor_server *server, const char *path, uid_t uid)
{
	for (size_t i = 0; i < server->policies.n; i++)
		if (server->policies.v[i].uid == uid &&
		    strcmp(server->policies.v[i].path, path) == 0)
			return &server->policies.v[i];
	return NULL;
}

static const struct known_policy *read_policy(
    struct doctor_server *server, const char *path, uid_t uid)
{
	const struct known_policy *found = known(server, path, uid);
	struct known_policy policy = { .uid = uid };

	if (found)
		return found;
	policy.path = arena_strdup(server->arena, path);
	diags_init(&policy.diags, server->arena);
	policy.policy = policy_load(server->arena, policy.path, &gate_forms,
	    &policy_objects, POLICY_TRUSTED, &policy.diags);
	ARRAY_PUSH(server->arena, &server->policies, policy);
	return &server->policies.v[server->policies.n - 1];
}

static const char *place_of(struct doctor *d, const struct diag *diag)
{
	return diag->mark.source
	    ? arena_printf(d->arena, "%s:%zu: ", diag->mark.source->name,
		  diag->mark.line)
	    : "";
}

static const struct diag *first_of(
    const struct diags *diags, enum severity severity)
{
	for (size_t i = 0; i < diags->n; i++)
		if (diags->v[i].severity == severity)
			return &diags->v[i];
	return NULL;
}

static void look_diags(
    struct doctor *d, const char *path, const struct known_policy *read)
{
	const struct diags *diags = &read->diags;
	const struct diag *error = first_of(diags, DIAG_ERROR);
	const struct diag *warning = first_of(diags, DIAG_WARNING);

	if (!read->policy)
		doctor_find(d, "policy.invalid",
		    "%s can't be used, %zu errors: %s%s",
		    text_clean_s(d->arena, path), diags->errors,
		    error ? place_of(d, error) : "",
		    error ? text_clean_s(d->arena, error->text) : "");
	if (warning)
		doctor_find(d, "policy.warnings", "%s has %zu warnings: %s%s",
		    text_clean_s(d->arena, path), diags->warnings,
		    place_of(d, warning),
		    text_clean_s(d->arena, warning->text));
}

/* ---- whose it is -----------------------------------------------------------
 */

static void look_access(
    struct doctor *d, const char *path, const char *code, const char *what)
{
	struct access_look look;
	struct err err;

	if (access_way(d->arena, path, &d->account, &look, &err) < 0) {
		doctor_unseen(d, code, &err);
		return;
	}
	if (look.holder == HELD_BY_OTHERS)
		doctor_find(d, code, "%s %s, so that %s can be replaced",
		    text_clean_s(d->arena, look.path), look.why, what);
	else if (look.holder == HELD_BY_ACCOUNT)
		doctor_find(d, "modes.own",
		    "%s %s, as whom hooks run: a shell of that account could "
		    "replace %s",
		    text_clean_s(d->arena, look.path), look.why, what);
}

/* Where a file of the policy is: each is named by the one before it, and
 * `kept` has these names one after the other. */
static bool find_file(struct arena *arena, const char *path, const char *kept,
    struct policy_place *ret)
{
	const char *fault;
	struct policy_place place;

	if (!place_parse(arena, path, &place, &fault))
		return false;
	while (*kept) {
		size_t len = strcspn(kept, "#");
		struct policy_place next;

		if (!place_beside(arena, &place,
			arena_strndup(arena, kept, len), &next, &fault))
			return false;
		place = next;
		kept += len + (kept[len] == '#');
	}
	*ret = place;
	return true;
}

/* Of a file in a repository that repository counts, for a ref can be moved
 * there. */
static void look_file(struct doctor *d, const char *path, const char *kept)
{
	struct policy_place place;

	if (!find_file(d->arena, path, kept, &place))
		return; /* it was read, so that this can't be */
	if (place.repository)
		look_access(d, place.repository, "modes.policy",
		    "the repository that holds the policy");
	else
		look_access(d, place.path, "modes.policy",
		    *kept ? "a file that the policy names" : "the policy");
}

static void look_files(struct doctor *d, const char *path)
{
	const struct policy *policy = d->session.policy;

	look_file(d, path, "");
	for (size_t i = 1; policy && i < policy->nsources; i++)
		look_file(d, path, policy->sources[i].kept);
	if (policy && policy->sign_key)
		look_access(d, policy->sign_key, "modes.sign-key",
		    "the key that signs the ledger");
}

/* ---- as recorded -----------------------------------------------------------
 */

static void look_succession(struct doctor *d)
{
	const char *why = NULL;
	struct err err;

	if (!d->session.policy)
		return;
	if (policy_succession(&d->session, &why, &err) < 0)
		doctor_unseen(d, "ledger.unreadable", &err);
	else if (why)
		doctor_find(
		    d, "policy.succession", "%s", text_clean_s(d->arena, why));
}

static bool asks_for_certificate(const struct policy *policy)
{
	for (size_t i = 0; i < policy->nidentity; i++)
		if (policy->identity[i].kind == IDENTITY_PUSH_CERT)
			return true;
	return false;
}

static void look_certificates(struct doctor *d)
{
	const struct config_entry *slop = config_list_last(
	    &d->config, "receive.certnonceslop");
	struct ailment *finding;

	if (!d->session.policy || !asks_for_certificate(d->session.policy))
		return;
	if (!config_list_last(&d->config, "receive.certnonceseed"))
		doctor_find(d, "config.cert-nonce",
		    "identity.from has push-cert, and receive.certNonceSeed "
		    "is not set: nobody can sign a push");
	if (slop)
		return;
	finding = doctor_find(d, "config.cert-slop",
	    "identity.from has push-cert, and receive.certNonceSlop is not "
	    "set: signed pushes over http fail");
	finding->fix = (struct fix){ .kind = FIX_CONFIG_SET,
		.path = arena_printf(d->arena, "%s/config", d->place.gitdir),
		.key = "receive.certNonceSlop",
		.value = "60" };
}

void look_policy(struct doctor *d)
{
	const struct known_policy *read;
	const char *path;
	struct err err;

	if (session_policy_path(&d->session, &path, &err) < 0) {
		doctor_unseen(d, "policy.invalid", &err);
		return;
	}
	read = read_policy(d->server, path, d->account.uid);
	d->session.policy = read->policy;
	look_diags(d, path, read);
	if (read->policy || first_of(&read->diags, DIAG_ERROR))
		look_files(d, path);
	look_succession(d);
	look_certificates(d);
}
