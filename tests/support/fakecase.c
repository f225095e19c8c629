#include "support/fakecase.h"

#include <string.h>

#include "base/num.h"
#include "judge/patches.h"
#include "support/fakedirectives.h"

#define NOW_DEFAULT "2026-11-18T12:00:00Z" /* a Wednesday */

void fakecase_init(
    struct fakecase *c, struct arena *arena, const struct policy *policy)
{
	memset(c, 0, sizeof(*c));
	c->arena = arena;
	c->policy = policy;
	c->push.options_known = true;
	fakeview_init(&c->fake, arena, &c->view);
	(void)str_to_time(NOW_DEFAULT, &c->now, NULL);
	c->clock = c->now - 40 * DAY_S;
	c->entered = c->now - 30 * DAY_S;
}

/* ---- ledger -----------------------------------------------------------------
 */

static const char *const transitions[] = {
	[TRANSITION_FAST_FORWARD] = "fast-forward",
	[TRANSITION_MERGE] = "merge",
	[TRANSITION_SQUASH] = "squash",
	[TRANSITION_CREATE] = "create",
	[TRANSITION_ROLLBACK] = "rollback",
	[TRANSITION_REWIND] = "rewind",
	[TRANSITION_DELETE] = "delete",
	[TRANSITION_ENTRY] = "entry",
	[TRANSITION_OTHER] = "other",
};

const char *fakecase_transition_text(enum transition kind)
{
	return transitions[kind];
}

bool fakecase_transition(const char *word, enum transition *ret)
{
	for (size_t i = 0; i < sizeof(transitions) / sizeof(*transitions);
	     i++) {
		if (strcmp(word, transitions[i]) == 0) {
			*ret = (enum transition)i;
			return true;
		}
	}
	return false;
}

static bool read_state(const char *word, enum passage_state *ret)
{
	static const char *const states[] = { "accepted", "warned", "recovered",
		"adopted", "unobserved" };

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		if (strcmp(word, states[i]) == 0) {
			*ret = (enum passage_state)i;
			return true;
		}
	}
	return false;
}

static int read_entry_word(struct fakecase *c, const struct word *word,
    struct fake_entry *entry, struct err *err)
{
	struct view_entry_record *record = &entry->record;
	const char *value;

	if ((value = word_value(word, "at")) != NULL)
		return fakecase_time(c, value, &record->at, err);
	if ((value = word_value(word, "by")) != NULL)
		record->by = value;
	else if ((value = word_value(word, "stage")) != NULL)
		record->stage = value;
	else if ((value = word_value(word, "candidate")) != NULL)
		return fakecase_object(c, value, &record->candidate, err);
	else if ((value = word_value(word, "restored")) != NULL)
		return fakecase_object(c, value, &entry->restored, err);
	else if ((value = word_value(word, "kind")) != NULL) {
		if (!fakecase_transition(value, &record->kind))
			return word_unknown(word, err);
	} else if ((value = word_value(word, "state")) == NULL ||
	    !read_state(value, &record->state)) {
		return word_unknown(word, err);
	}
	return 0;
}

/* entry REF TIP [KEY=VALUE..] */
static int run_entry(
    struct fakecase *c, const struct words *words, struct err *err)
{
	struct fake_entry entry = { .record = { .kind = TRANSITION_OTHER,
					.by = "alice",
					.at = c->entered } };
	const struct stage *stage;

	if (words_too_few(words, 3, err) < 0)
		return -1;
	entry.ref = fakecase_ref(c, &words->v[1]);
	stage = policy_stage_of_ref(c->policy, entry.ref, NULL);
	entry.record.stage = stage ? stage->name : "-";
	if (fakecase_object(c, words->v[2].text, &entry.record.tip, err) < 0)
		return -1;
	for (size_t i = 3; i < words->n; i++)
		if (read_entry_word(c, &words->v[i], &entry, err) < 0)
			return -1;
	c->entered = entry.record.at + 60;
	fake_enter(&c->fake, &entry);
	return 0;
}

static int run_squash(
    struct fakecase *c, const struct words *words, struct err *err)
{
	struct fake_pair pair = { .ref = NULL };

	if (words_too_few(words, 3, err) < 0 ||
	    fakecase_object(c, words->v[1].text, &pair.commit, err) < 0 ||
	    fakecase_object(c, words->v[2].text, &pair.candidate, err) < 0)
		return -1;
	ARRAY_PUSH(c->arena, &c->fake.squashes, pair);
	return 0;
}

static int run_inflight(
    struct fakecase *c, const struct words *words, struct err *err)
{
	struct fake_pair pair;

	if (words_too_few(words, 3, err) < 0)
		return -1;
	memset(&pair, 0, sizeof(pair));
	pair.ref = fakecase_ref(c, &words->v[1]);
	if (fakecase_object(c, words->v[2].text, &pair.commit, err) < 0)
		return -1;
	ARRAY_PUSH(c->arena, &c->fake.flights, pair);
	return 0;
}

static int read_evidence_word(struct fakecase *c, const struct word *word,
    struct view_evidence *evidence, const char **says, struct err *err)
{
	const char *value;

	if ((value = word_value(word, "at")) != NULL)
		return fakecase_time(c, value, &evidence->at, err);
	if ((value = word_value(word, "says")) != NULL)
		*says = value;
	else if ((value = word_value(word, "by")) != NULL)
		evidence->person = value;
	else if ((value = word_value(word, "matrix")) != NULL)
		evidence->matrix = value;
	else if ((value = word_value(word, "for")) != NULL)
		evidence->for_stage = value;
	else if ((value = word_value(word, "digest")) != NULL)
		evidence->digest = value;
	else if ((value = word_value(word, "expires")) != NULL) {
		evidence->has_expires = true;
		return fakecase_time(c, value, &evidence->expires, err);
	} else if ((value = word_value(word, "key")) != NULL) {
		evidence->key = value;
	} else {
		return word_unknown(word, err);
	}
	return 0;
}

/* As the hooks would have done when it was handed in: with what refs name at
 * this line of the table. */
static int find_patches(
    struct fakecase *c, struct fake_statement *statement, struct err *err)
{
	const struct gate *gate = policy_gate(
	    c->policy, statement->evidence.gate);
	struct judging judging = { .arena = c->arena,
		.policy = c->policy,
		.push = &c->push,
		.view = &c->view,
		.now = c->now };
	const struct evidence_keys *keys;

	if (!gate || !gate->form->takes_evidence)
		return 0;
	keys = gate->params;
	if (keys->binds != BINDS_PATCH)
		return 0;
	return statement_patches(&judging, gate, &statement->evidence.commit,
	    &statement->patches, err);
}

/* The tag that it was handed in as. */
static void write_tag(struct fakecase *c, struct view_evidence *evidence,
    const char *result, const char *says)
{
	const char *commit = arena_strdup(
	    c->arena, oid_hex(&evidence->commit).s);

	evidence->bytes = arena_printf(c->arena,
	    "object %s\ntype commit\ntag evidence/%s/%s\n"
	    "tagger %s <x@example.com> 1700000000 +0000\n\n"
	    "evidence: 1\ngate: %s\nresult: %s\n%s",
	    commit, evidence->gate, commit, evidence->person, evidence->gate,
	    result, says);
	evidence->len = strlen(evidence->bytes);
}

/* evidence GATE COMMIT RESULT [KEY=VALUE..] */
static int run_evidence(
    struct fakecase *c, const struct words *words, struct err *err)
{
	struct view_evidence evidence = { .person = "bob",
		.at = c->now - 3600 };
	struct fake_statement statement = { 0 };
	const char *result, *says = "";

	if (words_too_few(words, 4, err) < 0 ||
	    fakecase_object(c, words->v[2].text, &evidence.commit, err) < 0)
		return -1;
	evidence.gate = words->v[1].text;
	result = words->v[3].text;
	if (strcmp(result, "pass") == 0)
		evidence.result = EVIDENCE_PASS;
	else if (strcmp(result, "fail") == 0)
		evidence.result = EVIDENCE_FAIL;
	else if (strcmp(result, "revoke") == 0)
		evidence.result = EVIDENCE_REVOKE;
	else
		return word_unknown(&words->v[3], err);
	evidence.digest = arena_printf(
	    c->arena, "%040zu", c->fake.statements.n + 1);
	for (size_t i = 4; i < words->n; i++)
		if (read_evidence_word(c, &words->v[i], &evidence, &says, err) <
		    0)
			return -1;
	write_tag(c, &evidence, result, says);
	statement.evidence = evidence;
	if (find_patches(c, &statement, err) < 0)
		return -1;
	ARRAY_PUSH(c->arena, &c->fake.statements, statement);
	return 0;
}

static int run_seen(
    struct fakecase *c, const struct words *words, struct err *err)
{
	if (words_too_few(words, 2, err) < 0)
		return -1;
	strings_add(c->arena, &c->fake.seen, words->v[1].text);
	return 0;
}

static int run_last(
    struct fakecase *c, const struct words *words, struct err *err)
{
	if (words_too_few(words, 2, err) < 0)
		return -1;
	return fakecase_time(c, words->v[1].text, &c->fake.last_time, err);
}

static int run_repository(
    struct fakecase *c, const struct words *words, struct err *err)
{
	if (words_too_few(words, 2, err) < 0)
		return -1;
	c->view.repository_id = words->v[1].text;
	return 0;
}

/* ---- push
 * --------------------------------------------------------------------- */

/* push PUSHER [REF NEW [old=X]].. */
static int run_push(
    struct fakecase *c, const struct words *words, struct err *err)
{
	if (words_too_few(words, 2, err) < 0)
		return -1;
	c->has_push = true;
	c->push.pusher = strcmp(words->v[1].text, "-") == 0 ? NULL
							    : words->v[1].text;
	if (!c->push.pusher)
		c->push.pusher_problem = "the server did not say who pushes";
	for (size_t i = 2; i + 1 < words->n; i += 2) {
		struct update update = { .ref = fakecase_ref(c, &words->v[i]) };
		const char *old = NULL;

		if (fakecase_object(c, words->v[i + 1].text, &update.new, err) <
		    0)
			return -1;
		if (i + 2 < words->n)
			old = word_value(&words->v[i + 2], "old");
		update.old = fake_ref_oid(&c->fake, update.ref);
		if (old) {
			if (fakecase_object(c, old, &update.old, err) < 0)
				return -1;
			i++;
		}
		ARRAY_PUSH(c->arena, &c->push.updates, update);
	}
	return 0;
}

static int run_option(
    struct fakecase *c, const struct words *words, struct err *err)
{
	if (words_too_few(words, 2, err) < 0)
		return -1;
	strings_add(c->arena, &c->push.options, words->v[1].text);
	return 0;
}

static int run_expired(
    struct fakecase *c, const struct words *words, struct err *err)
{
	(void)words;
	(void)err;
	c->expired = true;
	return 0;
}

int fakecase_run(struct fakecase *c, const struct words *words, bool *ret_known,
    struct err *err)
{
	static const struct {
		const char *name;
		run_fn *run;
	} directives[] = {
		{ "now", run_now },
		{ "commit", run_commit },
		{ "chain", run_chain },
		{ "blob", run_blob },
		{ "tag", run_tag },
		{ "broken", run_broken },
		{ "missing", run_missing },
		{ "ref", run_ref },
		{ "merge-tree", run_merge_tree },
		{ "entry", run_entry },
		{ "squash", run_squash },
		{ "evidence", run_evidence },
		{ "seen", run_seen },
		{ "inflight", run_inflight },
		{ "last", run_last },
		{ "repository", run_repository },
		{ "command", run_command },
		{ "child", run_child },
		{ "incident", run_incident },
		{ "push", run_push },
		{ "option", run_option },
		{ "expired", run_expired },
	};

	*ret_known = true;
	for (size_t i = 0; i < sizeof(directives) / sizeof(*directives); i++)
		if (strcmp(words->v[0].text, directives[i].name) == 0)
			return directives[i].run(c, words, err);
	*ret_known = false;
	return 0;
}
