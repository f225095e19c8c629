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
static int read_text(struct verify_entry *entry, const char *path,
    const char *what, const char **ret_text, size_t *ret_len, struct err *err)
{
	struct arena *arena = entry->arena;
	const char *text, *digest = strrchr(path, '/') + 1;

	*ret_text = NULL;
	if (treestore_read(ledger_tree(entry->after), arena, path, &text,
		ret_len, NULL, err))
		return -1;
	if (!text)
		verify_find(
		    entry, "%s that it names, %s, is missing", what, path);
	else if (strcmp(sha256_hex40(arena, text, *ret_len), digest) != 0)
		verify_find(
		    entry, "%s that it names, %s, was altered", what, path);
	else
		*ret_text = text;
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
    const struct past_policies *past, const char *what,
    const struct policy_head *head, bool is_known)
{
	const struct past_policy *highest = past->highest;
	int order;

	if (head->draft || !highest)
		return;
	order = version_cmp(&head->version, &highest->head.version);
	if (order == 0 && !is_known)
		verify_find(entry, "%s is another text of version %s", what,
		    head->version.text);
	if (order < 0 &&
	    !(is_known &&
		(all_recovered(&entry->record) ||
		    entry->record.at - highest->since <= ON_ITS_WAY_S)))
		verify_find(entry,
		    "%s went back to version %s, where %s had been in force",
		    what, head->version.text, highest->head.version.text);
}

static void remember(struct verify_entry *entry, struct past_policies *of,
    const struct oid *key, const struct policy_head *head)
{
	struct verify_run *run = entry->run;
	struct past_policy *past = ARENA_NEW(run->arena, struct past_policy);

	past->head = *head;
	past->head.version.text = arena_strdup(run->arena, head->version.text);
	past->head.flow = head->flow ? arena_strdup(run->arena, head->flow)
				     : NULL;
	past->since = entry->record.at;
	oidmap_put(&of->by_text, key, past);
	if (!head->draft &&
	    (!of->highest ||
		version_cmp(&head->version, &of->highest->head.version) > 0))
		of->highest = past;
}

/* ---- what policy.yml includes and extends ---------------------------------
 */

static struct past_policies *bases_of(struct verify_run *run, const char *flow)
{
	struct past_policies *bases;

	for (size_t i = 0; i < run->bases.n; i++)
		if (strcmp(run->bases.v[i]->flow, flow) == 0)
			return run->bases.v[i];
	bases = ARENA_NEW(run->arena, struct past_policies);
	bases->flow = arena_strdup(run->arena, flow);
	oidmap_init(&bases->by_text, run->arena);
	ARRAY_PUSH(run->arena, &run->bases, bases);
	return bases;
}

/* As the hooks do, only where the policy is no draft, and not for a base that
 * was in force last. */
static void check_base(struct verify_entry *entry,
    const struct log_include *base, bool in_draft, const char *text, size_t len)
{
	struct past_policies *bases;
	struct policy_head head;
	bool is_known;
	const char *what = arena_printf(
	    entry->arena, "its base policy, bases/%s,", base->digest);
	struct oid key;

	if (!oid_parse(base->digest, &key) ||
	    !policy_head_read(entry->arena, text, len, &head) || !head.flow) {
		verify_find(entry, "%s is no policy", what);
		return;
	}
	if (head.signs)
		entry->wants_signature = true;
	bases = bases_of(entry->run, head.flow);
	is_known = oidmap_get(&bases->by_text, &key) != NULL;
	if (!in_draft && !strings_have(&entry->run->last_bases, base->digest))
		check_succession(entry, bases, what, &head, is_known);
	if (!is_known)
		remember(entry, bases, &key, &head);
}

static void remember_bases(struct verify_entry *entry)
{
	const struct log_record *record = &entry->record;
	struct verify_run *run = entry->run;
	struct strings now = { .n = 0 };
	bool changed = false;

	for (size_t i = 0; i < record->includes.n; i++) {
		const char *digest = record->includes.v[i].digest;

		if (!record->includes.v[i].is_base)
			continue;
		changed |= !strings_have(&run->last_bases, digest);
		strings_add(entry->arena, &now, digest);
	}
	if (!changed && now.n == run->last_bases.n)
		return;
	run->last_bases = (struct strings){ .n = 0 };
	for (size_t i = 0; i < now.n; i++)
		strings_add(run->arena, &run->last_bases,
		    arena_strdup(run->arena, now.v[i]));
}

static int check_files(
    struct verify_entry *entry, bool in_draft, struct err *err)
{
	const struct log_record *record = &entry->record;

	for (size_t i = 0; i < record->includes.n; i++) {
		const struct log_include *include = &record->includes.v[i];
		const char *text;
		size_t len;

		if (read_text(entry, log_include_path(entry->arena, include),
			include->is_base ? "the base policy"
					 : "the included file",
			&text, &len, err))
			return -1;
		if (text && include->is_base)
			check_base(entry, include, in_draft, text, len);
	}
	remember_bases(entry);
	return 0;
}

/* ---- policy.yml itself ----------------------------------------------------
 */

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

/* *ret_draft: nothing is asked of its version, nor of its bases'. */
static int check_policy(struct verify_entry *entry, const struct oid *key,
    bool *ret_draft, struct err *err)
{
	struct verify_run *run = entry->run;
	const char *digest = entry->record.policy_digest, *text;
	const char *path = arena_printf(
	    entry->arena, POLICY_TEXTS "/%s", digest);
	const struct past_policy *past;
	struct policy_head head;
	size_t len;

	if (read_text(entry, path, "the policy text", &text, &len, err))
		return -1;
	past = oidmap_get(&run->policies.by_text, key);
	if (past)
		head = past->head;
	else if (!text)
		return 0;
	else if (!policy_head_read(entry->arena, text, len, &head)) {
		verify_find(entry, "%s is no policy", path);
		return 0;
	}
	check_words(entry, &head);
	if (!oid_eq(key, &run->policy))
		check_succession(entry, &run->policies,
		    arena_printf(entry->arena, "its policy, %s,", path), &head,
		    past != NULL);
	if (!past)
		remember(entry, &run->policies, key, &head);
	if (head.signs)
		entry->wants_signature = true;
	*ret_draft = head.draft;
	run->policy = *key;
	return 0;
}

int verify_policy(struct verify_entry *entry, struct err *err)
{
	const char *digest = entry->record.policy_digest;
	bool in_draft = false;
	struct oid key;

	if (!digest)
		return 0;
	if (strlen(digest) != OID_HEX || !oid_parse(digest, &key)) {
		verify_find(entry, "it names a policy by '%s'", digest);
		return 0;
	}
	if (check_policy(entry, &key, &in_draft, err))
		return -1;
	return check_files(entry, in_draft, err);
}
