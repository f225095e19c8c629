#include "judge/speaker.h"

#include <string.h>

#include "base/text.h"
#include "judge/signer.h"

struct speaking {
	const struct judging *j;
	struct arena *arena; /* j's, as is push */
	const struct push *push;
	struct findings *findings;
	const struct statement *statement;
	const struct evidence_keys *keys; /* NULL: of no gate */
	const struct gate *gate;
};

static struct finding *refuse(
    struct speaking *s, enum code code, const char *text)
{
	return finding_add(s->arena, s->findings, code, "%s", text);
}

static const char *clean(const struct speaking *s, const char *text)
{
	return text_clean_s(s->arena, text);
}

/* ---- signed statements -------------------------------------------------- */

static enum code code_of(enum signer_state state)
{
	switch (state) {
	case SIGNER_UNKNOWN:
		return CODE_EVIDENCE_SIGNER;
	case SIGNER_INVALID:
		return CODE_EVIDENCE_KEY_VALIDITY;
	case SIGNER_NONE:
	case SIGNER_BAD:
	case SIGNER_GOOD:
		break;
	}
	return CODE_EVIDENCE_SIGNATURE;
}

static void refuse_signer(struct speaking *s, const struct signer *signer)
{
	struct finding *finding = refuse(
	    s, code_of(signer->state), signer->why);

	if (signer->state == SIGNER_UNKNOWN)
		strings_add(s->arena, &finding->hints,
		    "sign with a key that the policy knows, or have an "
		    "administrator add this one to `people`");
	if (signer->state == SIGNER_INVALID)
		strings_add(s->arena, &finding->hints,
		    "sign it again with a key of yours that is valid now");
}

static bool is_robot(const struct speaking *s, const char *name)
{
	const struct person *person = policy_person(s->j->policy, name);

	return person && person->robot;
}

static bool may_relay(struct speaking *s, const char *signer)
{
	const char *pusher = s->push->pusher;

	if (strcmp(pusher, signer) == 0 || is_robot(s, pusher))
		return true;
	finding_add(s->arena, s->findings, CODE_EVIDENCE_SIGNER,
	    "%s signed it and %s pushes it: that takes a robot",
	    clean(s, signer), clean(s, pusher));
	return false;
}

static int find_signer(struct speaking *s, const char *bytes, size_t len,
    struct speaker *ret, struct err *err)
{
	const struct signed_text text = signed_tag(
	    bytes, len, s->statement->message);
	struct signer signer;

	if (signer_find(s->arena, s->j->policy, s->j->view, s->j->now, &text,
		&signer, err) < 0)
		return -1;
	if (signer.state != SIGNER_GOOD) {
		refuse_signer(s, &signer);
		return 0;
	}
	if (!may_relay(s, signer.person->name))
		return 0;
	ret->person = signer.person->name;
	ret->key = signer.fingerprint;
	return 0;
}

/* ---- what the gate wants ------------------------------------------------ */

static void judge_signed_gate(struct speaking *s)
{
	const char *id = s->j->view->repository_id;
	struct finding *finding = NULL;

	if (!s->statement->is_signed) {
		finding = finding_add(s->arena, s->findings,
		    CODE_EVIDENCE_UNSIGNED,
		    "the gate '%s' wants a signed statement", s->gate->name);
		strings_add(s->arena, &finding->hints,
		    "make the tag with `git tag -s` and an SSH key, or "
		    "`stagegate attest --sign`");
	} else if (!s->statement->repository) {
		finding = finding_add(s->arena, s->findings,
		    CODE_EVIDENCE_REPOSITORY,
		    "the gate '%s' wants to be told which repository it is "
		    "for",
		    s->gate->name);
	}
	/* Whether the one named is this one, evidence.c sees. */
	if (finding && !s->statement->repository && id)
		strings_add(s->arena, &finding->hints,
		    arena_printf(s->arena, "add a line `repository: %s`", id));
}

static void judge_role(struct speaking *s, const char *person)
{
	const struct strings *roles = &s->keys->by;
	struct finding *finding;
	const char *names = "";

	if (policy_in_roles(s->j->policy, roles, person))
		return;
	for (size_t i = 0; i < roles->n; i++)
		names = arena_printf(
		    s->arena, "%s%s@%s", names, i > 0 ? ", " : "", roles->v[i]);
	finding = finding_add(s->arena, s->findings, CODE_EVIDENCE_NOT_ALLOWED,
	    "%s may not speak for the gate '%s'", clean(s, person),
	    s->gate->name);
	strings_add(s->arena, &finding->hints,
	    arena_printf(s->arena, "that takes one of %s", names));
}

/* NOLINTNEXTLINE(readability-function-size): see speaker.h */
int speaker_judge(const struct judging *j, struct ref_verdict *ref,
    const struct statement *statement, const char *bytes, size_t len,
    const struct gate *gate, struct speaker *ret, struct err *err)
{
	struct speaking s = { .j = j,
		.arena = j->arena,
		.push = j->push,
		.findings = &ref->findings,
		.statement = statement,
		.keys = gate ? gate->params : NULL,
		.gate = gate };

	*ret = (struct speaker){ .person = NULL };
	if (!s.push->pusher) {
		finding_add(s.arena, s.findings, CODE_PUSH_IDENTITY,
		    "nobody speaks: %s",
		    s.push->pusher_problem
			? clean(&s, s.push->pusher_problem)
			: "the server could not tell who pushes");
		return 0;
	}
	if (!statement->is_signed)
		ret->person = s.push->pusher;
	else if (find_signer(&s, bytes, len, ret, err) < 0)
		return -1;
	if (s.keys && s.keys->is_signed)
		judge_signed_gate(&s);
	if (s.keys && ret->person)
		judge_role(&s, ret->person);
	return 0;
}
