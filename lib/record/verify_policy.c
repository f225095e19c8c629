#include "record/verifywork.h"

#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "git/treestore.h"

/*
 * A push is judged under the policy of its time and recorded when it is done:
 * one under a higher version may be recorded in between.  Longer than this no
 * push is on its way (its plan's lease, policy-language: limits.time + 10 min).
 */
#define ON_ITS_WAY_S 900

/* *ret_text NULL: a finding says why. */
static int read_text(struct verify_entry *entry, const char *digest,
    const char *what, const char **ret_text, size_t *ret_len, struct err *err)
{
	struct arena *arena = entry->arena;
	const char *text;

	*ret_text = NULL;
	if (treestore_read(ledger_tree(entry->after), arena,
		arena_printf(arena, "policy/%s", digest), &text, ret_len, NULL,
		err))
		return -1;
	if (!text)
		verify_find(entry, "%s that it names, policy/%s, is missing",
		    what, digest);
	else if (strcmp(sha256_hex40(arena, text, *ret_len), digest) != 0)
		verify_find(entry, "%s that it names, policy/%s, was altered",
		    what, digest);
	else
		*ret_text = text;
	return 0;
}

static int check_includes(struct verify_entry *entry, struct err *err)
{
	const struct log_record *record = &entry->record;

	for (size_t i = 0; i < record->includes.n; i++) {
		const char *text;
		size_t len;

		if (read_text(entry, record->includes.v[i].digest,
			"the included file", &text, &len, err))
			return -1;
	}
	return 0;
}

static bool all_recovered(const struct log_record *record)
{
	for (size_t i = 0; i < record->updates.n; i++)
		if (strcmp(record->updates.v[i].state, "recovered") != 0)
			return false;
	return record->updates.n + record->evidence.n > 0;
}

/* The rule of run/succession.h, for a text that was not in force last. */
static void check_succession(const struct verify_entry *entry,
    const struct policy_head *head, bool is_known)
{
	const struct past_policy *highest = entry->run->highest;
	int order;

	if (head->draft || !highest)
		return;
	order = version_cmp(&head->version, &highest->head.version);
	if (order == 0 && !is_known)
		verify_find(entry,
		    "its policy, policy/%s, is another text of version %s",
		    entry->record.policy_digest, head->version.text);
	if (order < 0 &&
	    !(is_known &&
		(all_recovered(&entry->record) ||
		    entry->record.at - highest->since <= ON_ITS_WAY_S)))
		verify_find(entry,
		    "its policy went back to version %s, where %s had been in "
		    "force",
		    head->version.text, highest->head.version.text);
}

static void remember(struct verify_entry *entry, const struct oid *key,
    const struct policy_head *head)
{
	struct verify_run *run = entry->run;
	struct past_policy *past = ARENA_NEW(run->arena, struct past_policy);

	past->head = *head;
	past->head.version.text = arena_strdup(run->arena, head->version.text);
	past->head.flow = head->flow ? arena_strdup(run->arena, head->flow)
				     : NULL;
	past->since = entry->record.at;
	oidmap_put(&run->by_text, key, past);
	if (!head->draft &&
	    (!run->highest ||
		version_cmp(&head->version, &run->highest->head.version) > 0))
		run->highest = past;
}

static void check_words(
    const struct verify_entry *entry, const struct policy_head *head)
{
	const struct log_record *record = &entry->record;
	const char *flow = text_clean_s(
	    entry->arena, head->flow ? head->flow : "");

	if (strcmp(head->version.text, record->version) != 0)
		verify_find(entry, "its policy is version %s, it says %s",
		    head->version.text, record->version);
	if (strcmp(flow, record->flow) != 0)
		verify_find(entry, "its policy's flow is '%s', it says '%s'",
		    flow, record->flow);
}

int verify_policy(struct verify_entry *entry, struct err *err)
{
	struct verify_run *run = entry->run;
	const char *digest = entry->record.policy_digest, *text;
	const struct past_policy *past;
	struct policy_head head;
	struct oid key;
	size_t len;

	if (!digest)
		return 0;
	if (strlen(digest) != OID_HEX || !oid_parse(digest, &key)) {
		verify_find(entry, "it names a policy by '%s'", digest);
		return 0;
	}
	if (read_text(entry, digest, "the policy text", &text, &len, err) ||
	    check_includes(entry, err))
		return -1;
	past = oidmap_get(&run->by_text, &key);
	if (past)
		head = past->head;
	else if (!text)
		return 0;
	else if (!policy_head_read(entry->arena, text, len, &head)) {
		verify_find(entry, "policy/%s is no policy", digest);
		return 0;
	}
	check_words(entry, &head);
	if (!oid_eq(&key, &run->policy))
		check_succession(entry, &head, past != NULL);
	if (!past)
		remember(entry, &key, &head);
	run->policy = key;
	return 0;
}
