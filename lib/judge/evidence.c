#include "judge/evidence.h"

#include <string.h>

#include "base/digest.h"
#include "base/nearest.h"
#include "base/num.h"
#include "base/text.h"
#include "judge/patches.h"
#include "judge/refname.h"
#include "judge/reported.h"
#include "judge/speaker.h"

/* One statement being handed in. */
struct handing {
	struct judging *j;
	struct arena *arena; /* j's, as are policy, push and view */
	const struct policy *policy;
	const struct push *push;
	const struct view *view;
	struct ref_verdict *ref;
	struct statement statement;
	const struct gate *gate; /* NULL: there is none of that name */
	struct speaker speaker;
};

static struct finding *refuse(
    struct handing *h, enum code code, const char *text)
{
	return finding_add(h->arena, &h->ref->findings, code, "%s", text);
}

static const char *clean(struct handing *h, const char *s)
{
	return text_clean_s(h->arena, s);
}

/* " did you mean" and the nearest name, or nothing. */
static const char *did_you_mean(
    struct handing *h, const char *name, const struct strings *known)
{
	const char *near = nearest_name(name, known);

	if (!near)
		return "";
	return arena_printf(h->arena, ", did you mean '%s'?", near);
}

/* ---- the ref ------------------------------------------------------------ */

/* Inbox refs are made once: whoever could move or remove one could take back
 * what another has said. */
static bool judge_inbox(struct handing *h, bool exists)
{
	const struct ref_verdict *ref = h->ref;
	struct finding *finding;

	if (oid_is_zero(&ref->new)) {
		finding = refuse(h, CODE_REF_DENIED,
		    "a statement can't be taken out of the inbox");
		strings_add(h->arena, &finding->hints,
		    "hand in one with `result: revoke` instead");
		return false;
	}
	if (oid_is_zero(&ref->claimed) &&
	    (!exists || (h->push->again && oid_eq(&ref->old, &ref->new))))
		return true;
	finding = refuse(h, CODE_REF_DENIED,
	    "a ref of the inbox is made once and never moves");
	strings_add(h->arena, &finding->hints,
	    "give the last part of the ref's name another word");
	return false;
}

struct inbox_name { /* refs/evidence/<gate>/<commit>/<anything> */
	const char *gate;
	struct oid commit;
};

static bool read_inbox_name(struct handing *h, struct inbox_name *ret)
{
	const char *gate = h->ref->ref + strlen(EVIDENCE_PREFIX);
	size_t gate_len = strcspn(gate, "/");
	const char *commit = gate + gate_len + (gate[gate_len] == '/');

	if (gate_len > 0 && strlen(commit) > OID_HEX + 1 &&
	    commit[OID_HEX] == '/' && oid_parse(commit, &ret->commit)) {
		ret->gate = arena_strndup(h->arena, gate, gate_len);
		return true;
	}
	refuse(h, CODE_EVIDENCE_NAME,
	    "statements go to refs/evidence/<gate>/<commit>/<anything>, with "
	    "the commit's whole id");
	return false;
}

static void judge_names(struct handing *h, const struct inbox_name *name)
{
	const struct statement *s = &h->statement;
	const char *tag_name = arena_printf(
	    h->arena, "evidence/%s/%s", s->gate, oid_hex(&s->commit).s);

	if (strcmp(s->tag_name, tag_name) != 0)
		finding_add(h->arena, &h->ref->findings, CODE_EVIDENCE_NAME,
		    "the tag is called %s, not %s", clean(h, s->tag_name),
		    clean(h, tag_name));
	if (strcmp(s->gate, name->gate) != 0)
		finding_add(h->arena, &h->ref->findings, CODE_EVIDENCE_NAME,
		    "it speaks for the gate '%s', its ref for '%s'",
		    clean(h, s->gate), clean(h, name->gate));
	if (!oid_eq(&s->commit, &name->commit))
		finding_add(h->arena, &h->ref->findings, CODE_EVIDENCE_NAME,
		    "it speaks about commit %s, its ref about %s",
		    oid_hex8(&s->commit).s, oid_hex8(&name->commit).s);
}

/* ---- the tag object ----------------------------------------------------- */

static int judge_object(struct handing *h, bool *ret_ok, struct err *err)
{
	const struct view *view = h->view;
	const struct oid *oid = &h->ref->new;
	enum object_kind kind;
	uint64_t size;

	*ret_ok = false;
	if (view->kind(view->git, oid, &kind, &size, err) < 0)
		return -1;
	if (kind == OBJECT_MISSING) {
		finding_add(h->arena, &h->ref->findings, CODE_OBJECT_MISSING,
		    "object %s is missing", oid_hex8(oid).s);
		return 0;
	}
	if (kind != OBJECT_TAG) {
		refuse(h, CODE_EVIDENCE_TARGET,
		    "a statement is an annotated tag: `git tag -a`");
		return 0;
	}
	if (size > h->policy->limit_evidence) {
		finding_add(h->arena, &h->ref->findings, CODE_EVIDENCE_SIZE,
		    "the statement has %s, at most %s are allowed",
		    size_format(h->arena, size),
		    size_format(h->arena, h->policy->limit_evidence));
		return 0;
	}
	*ret_ok = true;
	return 0;
}

static int read_statement(struct handing *h, const char **ret_bytes,
    size_t *ret_len, bool *ret_ok, struct err *err)
{
	const struct view *view = h->view;
	const char *why;
	enum code code;

	*ret_ok = false;
	if (view->tag(
		view->git, h->arena, &h->ref->new, ret_bytes, ret_len, err) < 0)
		return -1;
	code = statement_parse(
	    h->arena, *ret_bytes, *ret_len, &h->statement, &why);
	if (code == CODE_OBJECT_MALFORMED)
		finding_add(h->arena, &h->ref->findings, code, "tag %s: %s",
		    oid_hex8(&h->ref->new).s, why);
	else if (code != CODE_COUNT)
		refuse(h, code, why);
	*ret_ok = code == CODE_COUNT;
	return 0;
}

/* ---- what it says ------------------------------------------------------- */

static void judge_gate(struct handing *h)
{
	struct strings known = { 0 };

	h->gate = policy_gate(h->policy, h->statement.gate);
	if (h->gate && h->gate->form->takes_evidence)
		return;
	for (size_t i = 0; i < h->policy->ngates; i++)
		if (h->policy->gates[i].form->takes_evidence)
			ARRAY_PUSH(h->arena, &known, h->policy->gates[i].name);
	if (h->gate)
		finding_add(h->arena, &h->ref->findings, CODE_EVIDENCE_GATE,
		    "the gate '%s' takes no statements: it is computed",
		    h->gate->name);
	else
		finding_add(h->arena, &h->ref->findings, CODE_EVIDENCE_GATE,
		    "there is no gate '%s'%s", clean(h, h->statement.gate),
		    did_you_mean(h, h->statement.gate, &known));
	h->gate = NULL;
}

static void judge_stage(struct handing *h)
{
	const char *stage = h->statement.for_stage;
	struct strings known = { 0 };

	if (!stage || policy_stage(h->policy, stage))
		return;
	for (size_t i = 0; i < h->policy->nstages; i++)
		ARRAY_PUSH(h->arena, &known, h->policy->stages[i].name);
	finding_add(h->arena, &h->ref->findings, CODE_EVIDENCE_KEY,
	    "for: there is no stage '%s'%s", clean(h, stage),
	    did_you_mean(h, stage, &known));
}

static void judge_matrix(struct handing *h)
{
	const struct evidence_keys *keys = h->gate->params;
	const char *value = h->statement.matrix;
	struct finding *finding;

	if (!value && keys->matrix.n == 0)
		return;
	if (value && strings_have(&keys->matrix, value))
		return;
	if (keys->matrix.n == 0) {
		finding_add(h->arena, &h->ref->findings, CODE_EVIDENCE_KEY,
		    "matrix: the gate '%s' has none", h->gate->name);
		return;
	}
	finding = value
	    ? finding_add(h->arena, &h->ref->findings, CODE_EVIDENCE_KEY,
		  "matrix: the gate '%s' has no '%s'%s", h->gate->name,
		  clean(h, value), did_you_mean(h, value, &keys->matrix))
	    : finding_add(h->arena, &h->ref->findings, CODE_EVIDENCE_KEY,
		  "the gate '%s' wants a `matrix:`", h->gate->name);
	for (size_t i = 0; i < keys->matrix.n; i++)
		strings_add(h->arena, &finding->details,
		    arena_printf(
			h->arena, "matrix: %s", clean(h, keys->matrix.v[i])));
}

static void judge_bounds(struct handing *h)
{
	const struct statement *s = &h->statement;
	const char *own = h->view->repository_id;

	if (s->repository && (!own || strcmp(s->repository, own) != 0))
		finding_add(h->arena, &h->ref->findings,
		    CODE_EVIDENCE_REPOSITORY,
		    "it is for repository %s, this is %s",
		    clean(h, s->repository), own ? own : "not known");
	if (s->has_expires && s->expires <= h->j->now)
		finding_add(h->arena, &h->ref->findings, CODE_EVIDENCE_EXPIRED,
		    "it expired at %s", time_format(h->arena, s->expires));
}

static int judge_subject(struct handing *h, struct err *err)
{
	const struct oid *commit = &h->statement.commit;
	bool known, in_flight;

	if (subject_known(h->j, commit, &known, &in_flight, err) < 0)
		return -1;
	if (known)
		return 0;
	if (in_flight) {
		h->ref->in_flight = true;
		finding_add(h->arena, &h->ref->findings, CODE_REF_MOVED,
		    "commit %s is being recorded, push again",
		    oid_hex8(commit).s);
		return 0;
	}
	strings_add(h->arena,
	    &finding_add(h->arena, &h->ref->findings, CODE_EVIDENCE_SUBJECT,
		"commit %s is in no ref of a stage that was accepted",
		oid_hex8(commit).s)
		 ->hints,
	    "push the commit to the flow's first stage, then speak of it");
	return 0;
}

static int judge_replay(
    struct handing *h, const char *bytes, size_t len, struct err *err)
{
	struct ref_verdict *ref = h->ref;
	const struct statement *s = &h->statement;
	const char *key;
	bool seen;

	if (!h->speaker.person)
		return 0;
	key = statement_replay_key(h->arena, bytes, s, h->speaker.person);
	if (h->view->seen(h->view->ledger, key, &seen, err) < 0)
		return -1;
	if (seen) {
		refuse(h, CODE_EVIDENCE_REPLAY,
		    "the very same statement was recorded before");
		return 0;
	}
	if (ref->findings.n > 0 || !h->gate)
		return 0;
	ref->is_evidence = true;
	ref->replay_key = key;
	ref->statement = (struct view_evidence){
		.gate = h->gate->name,
		.person = h->speaker.person,
		.digest = sha256_hex40(h->arena, bytes, len),
		.result = s->result,
		.commit = s->commit,
		.at = h->j->now,
		.matrix = s->matrix,
		.for_stage = s->for_stage,
		.has_expires = s->has_expires,
		.expires = s->expires,
		.key = h->speaker.key,
		.this_push = true,
		.bytes = bytes,
		.len = len,
	};
	return 0;
}

/* Last, since it is dear: of what would be recorded. */
static int judge_patches(struct handing *h, struct err *err)
{
	const struct evidence_keys *keys;

	if (!h->gate || !h->ref->is_evidence)
		return 0;
	keys = h->gate->params;
	if (keys->binds != BINDS_PATCH)
		return 0;
	return statement_patches(h->j, h->gate, &h->statement.commit,
	    &h->ref->statement_patches, err);
}

int evidence_judge(struct judging *j, struct ref_verdict *ref, struct err *err)
{
	struct handing h = { .j = j,
		.arena = j->arena,
		.policy = j->policy,
		.push = j->push,
		.view = j->view,
		.ref = ref };
	struct inbox_name name;
	const char *bytes;
	size_t len;
	bool ok;

	ref->kind = TRANSITION_OTHER;
	if (!judge_inbox(&h, !oid_is_zero(&ref->old)) ||
	    !read_inbox_name(&h, &name))
		return 0;
	if (judge_object(&h, &ok, err) < 0)
		return -1;
	if (!ok)
		return 0;
	if (read_statement(&h, &bytes, &len, &ok, err) < 0)
		return -1;
	if (!ok)
		return 0;
	judge_names(&h, &name);
	judge_gate(&h);
	judge_stage(&h);
	if (h.gate)
		judge_matrix(&h);
	judge_bounds(&h);
	if (h.gate && report_judge(j, ref, h.gate, &h.statement, err) < 0)
		return -1;
	if (speaker_judge(j, ref, &h.statement, bytes, len, h.gate, &h.speaker,
		err) < 0 ||
	    judge_subject(&h, err) < 0 || judge_replay(&h, bytes, len, err) < 0)
		return -1;
	return judge_patches(&h, err);
}
