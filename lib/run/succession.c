#include "run/succession.h"

#include <string.h>

#include "base/num.h"
#include "git/objects.h"

struct recorded { /* `Policy: DIGEST FLOW VERSION` */
	const char *digest, *flow;
	struct version version;
};

static bool version_read(
    struct arena *arena, const char *text, struct version *ret)
{
	uint64_t *parts[] = { &ret->major, &ret->minor, &ret->patch };

	ret->text = text;
	for (size_t i = 0; i < 3; i++) {
		size_t len = strcspn(text, ".");

		if (!str_to_u64(
			arena_strndup(arena, text, len), UINT64_MAX, parts[i]))
			return false;
		text += len;
		if ((*text == '.') != (i < 2))
			return false;
		text += *text == '.';
	}
	return true;
}

static bool recorded_read(
    struct arena *arena, const char *value, struct recorded *ret)
{
	size_t digest = strcspn(value, " ");
	const char *flow = value + digest + (value[digest] == ' ');
	size_t len = strcspn(flow, " ");

	ret->digest = arena_strndup(arena, value, digest);
	ret->flow = arena_strndup(arena, flow, len);
	return flow[len] == ' ' &&
	    version_read(
		arena, arena_strdup(arena, flow + len + 1), &ret->version);
}

/* The newest record; *ret_found false when there is none. */
static int recorded_newest(struct session *session, struct recorded *ret,
    bool *ret_found, struct err *err)
{
	struct arena *arena = session->arena;
	const struct oid *tip = ledger_tip(session->ledger);
	struct trailers trailers = { NULL, 0, 0 };
	struct commit commit;
	const char *bytes;
	size_t len;

	*ret_found = false;
	if (oid_is_zero(tip))
		return 0;
	if (object_read(session->repo, arena, tip, OBJECT_COMMIT,
		COMMIT_BYTES_MAX, &bytes, &len, err) < 0)
		return -1;
	if (commit_parse(arena, bytes, len, &commit))
		return err_set(err, ERR_FORMAT, "the ledger's tip is damaged");
	commit_trailers(arena, &commit, &trailers);
	for (size_t i = 0; i < trailers.n; i++) {
		if (strcmp(trailers.v[i].key, "Policy") != 0)
			continue;
		if (!recorded_read(arena, trailers.v[i].value, ret))
			return err_set(err, ERR_FORMAT,
			    "the ledger's tip names no policy");
		*ret_found = true;
	}
	return 0;
}

static int version_cmp(const struct version *a, const struct version *b)
{
	if (a->major != b->major)
		return a->major < b->major ? -1 : 1;
	if (a->minor != b->minor)
		return a->minor < b->minor ? -1 : 1;
	if (a->patch != b->patch)
		return a->patch < b->patch ? -1 : 1;
	return 0;
}

int policy_succession(
    struct session *session, const char **ret_why, struct err *err)
{
	const struct policy *policy = session->policy;
	struct recorded recorded;
	bool found, same;
	int order;

	*ret_why = NULL;
	if (policy->status == STATUS_DRAFT)
		return 0;
	if (recorded_newest(session, &recorded, &found, err) < 0)
		return -1;
	if (!found || strcmp(recorded.flow, policy->flow) != 0)
		return 0;
	/* Names in the ledger are the first digits of a digest. */
	same = strncmp(policy->digest, recorded.digest,
		   strlen(recorded.digest)) == 0;
	order = version_cmp(&policy->version, &recorded.version);
	if (order < 0)
		*ret_why = arena_printf(session->arena,
		    "policy.yml is version %s, but version %s has been in "
		    "force here: a change needs a higher version",
		    policy->version.text, recorded.version.text);
	else if (order == 0 && !same)
		*ret_why = arena_printf(session->arena,
		    "policy.yml was changed without a higher version: another "
		    "text of version %s has been in force here",
		    policy->version.text);
	return 0;
}
