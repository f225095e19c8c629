#include "run/succession.h"

#include <string.h>

#include "base/digest.h"
#include "policy/head.h"
#include "record/log.h"

/* A text that is in force, or is to be. */
struct present {
	const char *name, *digest;
	struct policy_head head;
	bool is_base;
};

/* What was in force, but for drafts. */
struct past {
	bool known; /* this very text was */
	bool some;
	struct version highest;
};

/* Names in the ledger are the first digits of a digest. */
static bool is_text(const char *digest, const char *name)
{
	return strncmp(digest, name, strlen(name)) == 0;
}

/* Policies follow one another in a repository whatever their flow is called; a
 * base may be another one than it was, which its flow tells. */
static bool is_its_past(
    const struct present *present, const struct policy_head *head)
{
	return !head->draft &&
	    (!present->is_base ||
		(head->flow && strcmp(head->flow, present->head.flow) == 0));
}

/* Texts of drafts are kept as well, and so are included files. */
static int look_back(struct session *session, const struct present *present,
    struct past *ret, struct err *err)
{
	struct arena *arena = session->arena;
	struct policy_files texts = { NULL, 0, 0 };
	struct past past = { .known = false };

	if (log_policy_texts(arena, session->repo, ledger_tip(session->ledger),
		present->is_base, &texts, err) < 0)
		return -1;
	for (size_t i = 0; i < texts.n; i++) {
		const struct policy_file *file = &texts.v[i];
		struct policy_head head;

		if (!policy_head_read(arena, file->text, file->len, &head) ||
		    !is_its_past(present, &head))
			continue;
		if (is_text(present->digest, file->name))
			past.known = true;
		if (!past.some || version_cmp(&head.version, &past.highest) > 0)
			past.highest = head.version;
		past.some = true;
	}
	*ret = past;
	return 0;
}

static const char *why_not(
    struct arena *arena, const struct present *present, const struct past *past)
{
	const struct version *version = &present->head.version;
	int order = version_cmp(version, &past->highest);

	if (order < 0)
		return arena_printf(arena,
		    "%s is version %s, but version %s has been in force here: "
		    "a change needs a higher version",
		    present->name, version->text, past->highest.text);
	if (order == 0 && !past->known)
		return arena_printf(arena,
		    "%s was changed without a higher version: another text of "
		    "version %s has been in force here",
		    present->name, version->text);
	return NULL;
}

static int judge_text(struct session *session, const struct present *present,
    const char **ret_why, struct err *err)
{
	struct past past;

	if (look_back(session, present, &past, err) < 0)
		return -1;
	if (past.some)
		*ret_why = why_not(session->arena, present, &past);
	return 0;
}

static bool is_last_base(const struct log_record *newest, const char *digest)
{
	for (size_t i = 0; i < newest->includes.n; i++)
		if (newest->includes.v[i].is_base &&
		    is_text(digest, newest->includes.v[i].digest))
			return true;
	return false;
}

static int judge_bases(struct session *session, const struct log_record *newest,
    const char **ret_why, struct err *err)
{
	const struct policy *policy = session->policy;
	struct arena *arena = session->arena;

	for (size_t i = 0; i < policy->nsources && !*ret_why; i++) {
		const struct source *source = policy->sources[i].source;
		struct present base = { .name = source->name,
			.digest = sha256_hex40(
			    arena, source->text, source->len),
			.is_base = true };

		if (!policy->sources[i].is_base ||
		    is_last_base(newest, base.digest) ||
		    !policy_head_read(
			arena, source->text, source->len, &base.head) ||
		    base.head.draft)
			continue;
		if (judge_text(session, &base, ret_why, err) < 0)
			return -1;
	}
	return 0;
}

int policy_succession(
    struct session *session, const char **ret_why, struct err *err)
{
	const struct policy *policy = session->policy;
	const struct present present = { .name = policy->name,
		.digest = policy->digest,
		.head = { .flow = policy->flow, .version = policy->version } };
	struct log_record newest;
	bool found;

	*ret_why = NULL;
	if (policy->status == STATUS_DRAFT)
		return 0;
	if (log_named_policy(session->arena, session->repo,
		ledger_tip(session->ledger), &newest, &found, err) < 0)
		return -1;
	if (!found)
		return 0;
	/* Nearly always: nothing was changed since the last push. */
	if (!is_text(policy->digest, newest.policy_digest) &&
	    judge_text(session, &present, ret_why, err) < 0)
		return -1;
	return *ret_why ? 0 : judge_bases(session, &newest, ret_why, err);
}
