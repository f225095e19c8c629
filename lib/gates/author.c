#include <string.h>

#include "base/text.h"
#include "gates/gate.h"
#include "gates/sections.h"

/* author: who each new commit says made it, author and committer, fits. */

enum {
	PUSHER_AUTHOR,
	PUSHER_COMMITTER
};

struct author_keys {
	struct regex *email; /* NULL: any */
	bool known;
	int pusher; /* -1: nobody in particular */
};

struct authoring {
	const struct author_keys *keys;
	const struct policy *policy;
	const char *pusher;
	const struct person *person; /* the pusher; NULL: not in people */
	struct offenders offenders;
};

static void *begin(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts)
{
	struct authoring *a = ARENA_NEW(arena, struct authoring);

	a->keys = gate->params;
	a->policy = facts->policy;
	a->pusher = facts->push->pusher;
	a->person = a->pusher ? policy_person(facts->policy, a->pusher) : NULL;
	a->offenders.arena = arena;
	return a;
}

static int judge_email(struct authoring *a, struct arena *scratch,
    const struct commit *commit, const char *role, const char *email,
    struct err *err)
{
	enum regex_result result = REGEX_MATCH;

	if (a->keys->email)
		result = regex_search(a->keys->email, email, strlen(email));
	if (result == REGEX_LIMIT)
		return err_set(err, ERR_LIMIT,
		    "the pattern `email` gives up on commit %s",
		    oid_hex8(&commit->id).s);
	if (result == REGEX_NOMATCH)
		offenders_add(&a->offenders, "%s %s %s does not match `%s`",
		    oid_hex8(&commit->id).s, role, text_clean_s(scratch, email),
		    text_clean_s(scratch, regex_source(a->keys->email)));
	if (a->keys->known && !policy_person_by_email(a->policy, email))
		offenders_add(&a->offenders, "%s %s %s is nobody in `people`",
		    oid_hex8(&commit->id).s, role,
		    text_clean_s(scratch, email));
	return 0;
}

static void judge_pusher(
    struct authoring *a, struct arena *scratch, const struct commit *commit)
{
	bool author = a->keys->pusher == PUSHER_AUTHOR;
	const char *email = author ? commit->author.email
				   : commit->committer.email;

	if (a->keys->pusher < 0)
		return;
	for (size_t i = 0; a->person && i < a->person->emails.n; i++)
		if (same_folded(a->person->emails.v[i], email))
			return;
	offenders_add(&a->offenders, "%s %s %s is not %s, who pushes",
	    oid_hex8(&commit->id).s, author ? "author" : "committer",
	    text_clean_s(scratch, email),
	    a->pusher ? text_clean_s(scratch, a->pusher) : "known");
}

static int judge_commit(void *state, struct arena *scratch,
    const struct commit *commit, struct err *err)
{
	struct authoring *a = state;

	if (judge_email(
		a, scratch, commit, "author", commit->author.email, err) < 0)
		return -1;
	if (!same_folded(commit->author.email, commit->committer.email) &&
	    judge_email(a, scratch, commit, "committer",
		commit->committer.email, err) < 0)
		return -1;
	judge_pusher(a, scratch, commit);
	return 0;
}

static int finish(void *state, struct gate_row *row, struct err *err)
{
	const struct authoring *a = state;

	(void)err;
	offenders_finish(&a->offenders, row);
	return 0;
}

static void defaults(void *params)
{
	struct author_keys *keys = params;

	keys->pusher = -1;
}

static const char *const pushers[] = { "author", "committer", NULL };

static const struct field fields[] = {
	{ .name = "email",
	    .type = FIELD_REGEX,
	    .offset = offsetof(struct author_keys, email) },
	{ .name = "known",
	    .type = FIELD_BOOL,
	    .offset = offsetof(struct author_keys, known) },
	{ .name = "pusher",
	    .type = FIELD_CHOICE,
	    .offset = offsetof(struct author_keys, pusher),
	    .choices = pushers },
	{ .name = NULL },
};

const struct gate_kind gate_author = {
	.form = { .kind = "author",
	    .params_size = sizeof(struct author_keys),
	    .fields = fields,
	    .defaults = defaults },
	.family = GATE_OF_COMMITS,
	.begin = begin,
	.commit = judge_commit,
	.finish = finish,
};
