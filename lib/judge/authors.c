#include <string.h>
#include <strings.h>

#include "judge/factscache.h"
#include "judge/passage.h"
#include "judge/signer.h"

/*
 * Who made the change: everyone who authored, committed, co-authored or signed
 * one of its commits, and whoever the ledger names as pusher of one of them on
 * an entry stage ("promoting is not pushing").
 */
struct makers {
	const struct gate_facts *facts;
	struct strings people, emails;
};

static void add_email(struct makers *makers, const char *email, size_t len)
{
	struct arena *arena = makers->facts->arena;
	char *lower = arena_strndup(arena, email, len);
	const struct person *person;

	for (char *p = lower; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	if (strings_have(&makers->emails, lower))
		return;
	strings_add(arena, &makers->emails, lower);
	person = policy_person_by_email(makers->facts->policy, lower);
	if (person)
		strings_add(arena, &makers->people, person->name);
}

/* `Co-authored-by: Name <email>` */
static void add_co_authors(
    struct makers *makers, struct arena *scratch, const struct commit *commit)
{
	struct trailers trailers = { NULL, 0, 0 };

	commit_trailers(scratch, commit, &trailers);
	for (size_t i = 0; i < trailers.n; i++) {
		const char *open, *close;

		if (strcasecmp(trailers.v[i].key, "Co-authored-by") != 0)
			continue;
		open = strrchr(trailers.v[i].value, '<');
		close = open ? strchr(open, '>') : NULL;
		if (close)
			add_email(makers, open + 1, (size_t)(close - open - 1));
	}
}

/* Whoever's key is in the signature has a part in it, whatever e-mail address
 * stands there.  Not verified: who puts somebody else's key into a commit of
 * theirs only loses a reviewer. */
static void add_signer(
    struct makers *makers, struct arena *scratch, const struct commit *commit)
{
	const struct policy *policy = makers->facts->policy;
	const struct person_key *key = NULL;
	const char *fingerprint;

	if (!commit->gpgsig)
		return;
	fingerprint = signature_fingerprint(
	    scratch, commit->gpgsig, strlen(commit->gpgsig));
	if (fingerprint)
		key = policy_key(policy, fingerprint);
	if (key)
		strings_add(makers->facts->arena, &makers->people,
		    policy->people[key->person].name);
}

static int add_pushers(struct makers *makers, struct arena *scratch,
    const struct oid *oid, struct err *err)
{
	const struct gate_facts *facts = makers->facts;
	const struct view *view = facts->view;
	struct view_passages passages = { NULL, 0, 0 };

	if (view->passages(view->ledger, scratch, oid, &passages, err) < 0)
		return -1;
	for (size_t i = 0; i < passages.n; i++) {
		const struct stage *stage = policy_stage(
		    facts->policy, passages.v[i].stage);

		/* Whoever adopts a tip has not pushed it. */
		if (passages.v[i].state == PASSAGE_ADOPTED ||
		    passages.v[i].state == PASSAGE_UNOBSERVED)
			continue;
		if (stage && stage_is_entry(stage) && passages.v[i].by)
			strings_add(facts->arena, &makers->people,
			    arena_strdup(facts->arena, passages.v[i].by));
	}
	return 0;
}

static int add_commit(struct makers *makers, struct arena *scratch,
    const struct oid *oid, struct err *err)
{
	const struct view *view = makers->facts->view;
	const char *complaint = NULL;
	struct commit commit;

	if (view->commit(view->git, scratch, oid, &commit, &complaint, err) < 0)
		return -1;
	if (complaint)
		return err_set(err, ERR_FORMAT, "commit %s: %s",
		    oid_hex8(oid).s, complaint);
	add_email(makers, commit.author.email, strlen(commit.author.email));
	add_email(
	    makers, commit.committer.email, strlen(commit.committer.email));
	add_co_authors(makers, scratch, &commit);
	add_signer(makers, scratch, &commit);
	return add_pushers(makers, scratch, oid, err);
}

static int add_all(
    struct makers *makers, const struct oids *commits, struct err *err)
{
	struct arena scratch;
	int r = 0;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	for (size_t i = 0; i < commits->n && r == 0; i++) {
		arena_reset(&scratch);
		r = add_commit(makers, &scratch, &commits->v[i], err);
	}
	arena_release(&scratch);
	return r;
}

int facts_authors(const struct gate_facts *facts, struct strings *ret_people,
    struct strings *ret_emails, struct err *err)
{
	struct facts_cache *cache = facts->cache;
	const struct view *view = facts->view;
	struct makers makers = { .facts = facts };
	struct oids tips = { NULL, 0, 0 }, commits = { NULL, 0, 0 };
	const struct oids *bases;

	if (!cache->has_authors) {
		ARRAY_PUSH(facts->arena, &tips, facts->candidate);
		if (change_bases(facts, &bases, err) < 0 ||
		    view->walk(view->git, facts->arena, &tips, bases, NULL,
			NULL, (size_t)facts->policy->limit_commits, &commits,
			err) < 0 ||
		    add_all(&makers, &commits, err) < 0)
			return -1;
		/* Who brings a commit to an entry stage pushes it. */
		if (facts->stage && stage_is_entry(facts->stage) &&
		    facts->push->pusher)
			strings_add(
			    facts->arena, &makers.people, facts->push->pusher);
		cache->people = makers.people;
		cache->emails = makers.emails;
		cache->has_authors = true;
	}
	*ret_people = cache->people;
	*ret_emails = cache->emails;
	return 0;
}
