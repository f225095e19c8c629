#include "run/succession.h"

#include <string.h>

#include "policy/head.h"
#include "record/log.h"

/* What was in force, but for drafts. */
struct past {
	bool known; /* this very text was */
	bool some;
	struct version highest;
};

/* Names in the ledger are the first digits of a digest. */
static bool is_text(const struct policy *policy, const char *digest)
{
	return strncmp(policy->digest, digest, strlen(digest)) == 0;
}

/* Texts of drafts are kept as well, and so are included files. */
static int look_back(struct session *session, struct past *ret, struct err *err)
{
	struct arena *arena = session->arena;
	struct policy_files texts = { NULL, 0, 0 };
	struct past past = { .known = false };

	if (log_policy_texts(arena, session->repo, ledger_tip(session->ledger),
		&texts, err) < 0)
		return -1;
	for (size_t i = 0; i < texts.n; i++) {
		const struct policy_file *file = &texts.v[i];
		struct policy_head head;

		if (!policy_head_read(arena, file->text, file->len, &head) ||
		    head.draft)
			continue;
		if (is_text(session->policy, file->name))
			past.known = true;
		if (!past.some || version_cmp(&head.version, &past.highest) > 0)
			past.highest = head.version;
		past.some = true;
	}
	*ret = past;
	return 0;
}

static const char *why_not(
    const struct session *session, const struct past *past)
{
	const struct policy *policy = session->policy;
	int order = version_cmp(&policy->version, &past->highest);

	if (order < 0)
		return arena_printf(session->arena,
		    "policy.yml is version %s, but version %s has been in "
		    "force here: a change needs a higher version",
		    policy->version.text, past->highest.text);
	if (order == 0 && !past->known)
		return arena_printf(session->arena,
		    "policy.yml was changed without a higher version: another "
		    "text of version %s has been in force here",
		    policy->version.text);
	return NULL;
}

int policy_succession(
    struct session *session, const char **ret_why, struct err *err)
{
	const struct policy *policy = session->policy;
	struct log_record newest;
	struct past past;
	bool found;

	*ret_why = NULL;
	if (policy->status == STATUS_DRAFT)
		return 0;
	if (log_named_policy(session->arena, session->repo,
		ledger_tip(session->ledger), &newest, &found, err) < 0)
		return -1;
	/* Nearly always: nothing was changed since the last push. */
	if (!found || is_text(policy, newest.policy_digest))
		return 0;
	if (look_back(session, &past, err) < 0)
		return -1;
	if (past.some)
		*ret_why = why_not(session, &past);
	return 0;
}
