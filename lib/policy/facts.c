#include "base/num.h"
#include "base/sshkey.h"
#include "policy/compare.h"

/* A policy as facts, beside its gates: see compare.h. */
struct telling {
	struct arena *arena;
	const struct policy *policy;
	struct policy_facts *ret;
	const char *owner;
	struct mark mark;
};

#define SAY(t, sense_, ...)                                                    \
	say(t, sense_, arena_printf((t)->arena, __VA_ARGS__))

static void say(struct telling *t, enum fact_sense sense, const char *key)
{
	ARRAY_PUSH(t->arena, t->ret,
	    (struct policy_fact){ .key = key,
		.sense = sense,
		.owner = t->owner,
		.mark = t->mark });
}

static void value(struct telling *t, enum fact_sense sense, const char *key,
    const char *text, uint64_t number)
{
	ARRAY_PUSH(t->arena, t->ret,
	    (struct policy_fact){ .key = key,
		.value = text ? text : "not given",
		.number = number,
		.sense = sense,
		.owner = t->owner,
		.mark = t->mark });
}

const char *policy_seconds(struct arena *arena, uint64_t seconds)
{
	static const struct {
		uint64_t unit, from;
		const char *letter;
	} units[] = { { 86400, 2 * 86400, "d" }, { 3600, 3600, "h" },
		{ 60, 120, "m" }, { 1, 0, "s" } };
	size_t i = 0;

	while (seconds % units[i].unit != 0 || seconds < units[i].from)
		i++;
	return arena_printf(arena, "%llu%s",
	    (unsigned long long)(seconds / units[i].unit), units[i].letter);
}

static const char *dec(struct telling *t, uint64_t number)
{
	return arena_printf(t->arena, "%llu", (unsigned long long)number);
}

void policy_facts_of_people(struct arena *arena, const struct policy *policy,
    const struct strings *roles, const char *before, const char *after,
    struct policy_fact fact, struct policy_facts *ret)
{
	const char *any = arena_printf(arena, "%sanyone%s", before, after);

	for (size_t i = 0; i < policy->nroles; i++) {
		const struct role *role = &policy->roles[i];

		if (!strings_have(roles, role->name))
			continue;
		if (role->everyone) {
			fact.key = any;
			fact.within = NULL;
			ARRAY_PUSH(arena, ret, fact);
		}
		fact.within = any;
		for (size_t k = 0; k < role->members.n; k++) {
			fact.key = arena_printf(
			    arena, "%s%s%s", before, role->members.v[k], after);
			ARRAY_PUSH(arena, ret, fact);
		}
	}
}

static void people_may(
    struct telling *t, const struct strings *roles, const char *what)
{
	policy_facts_of_people(t->arena, t->policy, roles, "",
	    arena_printf(t->arena, " %s", what),
	    (struct policy_fact){
		.sense = FACT_LOOSENS, .owner = t->owner, .mark = t->mark },
	    t->ret);
}

static void uses(struct telling *t, enum fact_sense sense,
    const struct gate_uses *list, const char *what)
{
	for (size_t i = 0; i < list->n; i++) {
		t->mark = list->v[i].mark;
		SAY(t, sense, "%s '%s'", what, list->v[i].gate->name);
	}
}

static void tell_head(struct telling *t)
{
	static const char *const statuses[] = { "draft", "active", "locked" };
	const struct policy *p = t->policy;
	const char *identity = "";

	value(t, FACT_NO_MATTER, "the name of the flow", p->flow, 0);
	value(t, FACT_NO_MATTER, "the version", p->version.text, 0);
	value(t, FACT_TIGHTENS, "the status", statuses[p->status], p->status);
	for (size_t i = 0; i < p->nidentity; i++) {
		const struct identity_source *s = &p->identity[i];

		identity = arena_printf(t->arena, "%s%s%s", identity,
		    i ? ", " : "",
		    s->kind == IDENTITY_VARIABLE        ? s->variable
			: s->kind == IDENTITY_PUSH_CERT ? "push-cert"
							: "os-user");
	}
	value(t, FACT_UNKNOWN, "what says who is pushing", identity, 0);
	value(t, FACT_LOOSENS, "limits.evidence",
	    size_format(t->arena, p->limit_evidence), p->limit_evidence);
	value(t, FACT_LOOSENS, "limits.commits", dec(t, p->limit_commits),
	    p->limit_commits);
	value(t, FACT_LOOSENS, "limits.time",
	    policy_seconds(t->arena, p->limit_time_s), p->limit_time_s);
	value(t, FACT_UNKNOWN, "the key that signs the ledger", p->sign_key, 0);
	if (p->other_refs_allowed)
		SAY(t, FACT_LOOSENS, "refs of no stage may be pushed");
	for (size_t i = 0; i < p->host_refs.n; i++)
		SAY(t, FACT_LOOSENS, "the host makes refs of its own as %s",
		    p->host_refs.v[i]);
	uses(t, FACT_TIGHTENS, &p->always, "every ref is asked for");
}

static const char *time_text(struct telling *t, bool has, int64_t at)
{
	return has ? arena_printf(t->arena, "%lld", (long long)at) : "-";
}

static void tell_people(struct telling *t)
{
	const struct policy *p = t->policy;

	for (size_t i = 0; i < p->npeople; i++) {
		const struct person *person = &p->people[i];

		t->mark = person->mark;
		/* Who is known as an author may do more (`known`) and less
		 * (`not_author`). */
		for (size_t k = 0; k < person->emails.n; k++)
			SAY(t, FACT_UNKNOWN, "%s is an e-mail of %s",
			    person->emails.v[k], person->name);
		if (person->robot)
			SAY(t, FACT_LOOSENS, "%s is a robot", person->name);
	}
	for (size_t i = 0; i < p->keys.n; i++) {
		const struct person_key *key = &p->keys.v[i];
		const char *name = key->key.fingerprint;

		t->mark = key->mark;
		SAY(t, FACT_LOOSENS, "%s signs with %s",
		    p->people[key->person].name, name);
		value(t, FACT_UNKNOWN,
		    arena_printf(t->arena,
			"from, until and revoked of %s (seconds since 1970)",
			name),
		    arena_printf(t->arena, "%s %s %s",
			time_text(t, key->has_from, key->from),
			time_text(t, key->has_until, key->until),
			time_text(t, key->has_revoked, key->revoked)),
		    0);
		if (key->touch)
			SAY(t, FACT_TIGHTENS, "%s must be touched", name);
	}
	for (size_t i = 0; i < p->nroles; i++) {
		struct strings one = { NULL, 0, 0 };

		strings_add(t->arena, &one, p->roles[i].name);
		t->mark = p->roles[i].mark;
		people_may(t, &one,
		    arena_printf(t->arena, "is in @%s", p->roles[i].name));
	}
}

static void tell_names(struct telling *t)
{
	const struct policy *p = t->policy;

	for (size_t i = 0; i < p->nmodules; i++) {
		t->mark = p->modules[i].mark;
		SAY(t, FACT_LOOSENS, "%s is a module", p->modules[i].name);
		for (size_t k = 0; k < p->modules[i].paths.n; k++)
			SAY(t, FACT_LOOSENS, "%s is of module %s",
			    p->modules[i].paths.v[k], p->modules[i].name);
	}
	for (size_t i = 0; i < p->nclients; i++) {
		const struct client *client = &p->clients[i];

		t->mark = client->mark;
		SAY(t, FACT_UNKNOWN, "%s is a client with %s", client->name,
		    client->ref);
		for (size_t k = 0; k < client->contact.n; k++)
			SAY(t, FACT_NO_MATTER, "%s hears of client %s",
			    client->contact.v[k], client->name);
		if (!client->hold)
			continue;
		/* It gets nothing, and nobody waits for it. */
		SAY(t, FACT_UNKNOWN, "client %s is held", client->name);
		SAY(t, FACT_NO_MATTER, "client %s is held for: %s",
		    client->name, client->hold);
	}
	for (size_t i = 0; i < p->nchildren; i++) {
		t->mark = p->children[i].mark;
		SAY(t, FACT_LOOSENS, "submodule %s is that of %s",
		    p->children[i].path, p->children[i].repository);
	}
}

static void tell_entering(struct telling *t, const struct stage *stage)
{
	static const char *const ways[] = { "fast-forward", "merge", "squash" };
	const char *name = stage->name;
	const char *free = arena_printf(
	    t->arena, "%s may be entered from anywhere", name);

	if (stage_is_entry(stage))
		say(t, FACT_LOOSENS, free);
	for (size_t i = 0; i < stage->from.n; i++) {
		SAY(t, FACT_LOOSENS, "%s may be entered from %s", name,
		    t->policy->stages[stage->from.v[i]].name);
		t->ret->v[t->ret->n - 1].within = free;
	}
	for (unsigned i = 0; i < 3; i++)
		if (stage->accept & (1u << i))
			SAY(t, FACT_LOOSENS, "%s takes a %s", name, ways[i]);
	t->mark = stage->push_mark;
	people_may(
	    t, &stage->push, arena_printf(t->arena, "may push to %s", name));
	t->mark = stage->up_to_date_mark;
	if (stage->up_to_date)
		SAY(t, FACT_TIGHTENS, "%s wants its tip contained", name);
	t->mark = stage->soak_mark;
	value(t, FACT_TIGHTENS, arena_printf(t->arena, "soak of %s", name),
	    policy_seconds(t->arena, stage->soak_s), stage->soak_s);
	t->mark = stage->quorum_mark;
	value(t, FACT_TIGHTENS, arena_printf(t->arena, "quorum of %s", name),
	    stage->quorum.text ? stage->quorum.text : "1",
	    stage->quorum.kind == QUORUM_SHARE ? stage->quorum.share
					       : stage->quorum.count);
	t->ret->v[t->ret->n - 1].unit = (int)stage->quorum.kind;
	t->mark = stage->freeze_mark;
	for (size_t i = 0; i < stage->nfreezes; i++)
		SAY(t, FACT_TIGHTENS, "%s is frozen from %s to %s", name,
		    stage->freezes[i].from_text, stage->freezes[i].to_text);
}

static void tell_refs(struct telling *t, const struct stage *stage)
{
	const char *name = stage->name;

	for (size_t i = 0; i < stage->nrefs; i++) {
		t->mark = stage->refs[i].mark;
		SAY(t, FACT_UNKNOWN, "%s is of stage %s", stage->refs[i].glob,
		    name);
	}
	for (size_t i = 0; i < stage->clients.n; i++)
		SAY(t, FACT_UNKNOWN, "client %s is of stage %s",
		    stage->clients.v[i], name);
	t->mark = stage->mark;
	if (stage->rewind)
		SAY(t, FACT_LOOSENS, "refs of %s may be moved back", name);
	if (stage->deletion)
		SAY(t, FACT_LOOSENS, "refs of %s may be deleted", name);
	if (stage->linear)
		SAY(t, FACT_TIGHTENS, "no merge enters %s", name);
	if (stage->keep)
		SAY(t, FACT_NO_MATTER, "old tips of %s are kept", name);
	for (size_t i = 0; i < stage->tags.n; i++)
		SAY(t, FACT_UNKNOWN, "%s are tags of %s", stage->tags.v[i],
		    name);
	if (stage->annotated_tags.on)
		SAY(t, FACT_TIGHTENS, "tags of %s must be annotated", name);
	if (stage->annotated_tags.roles.n > 0)
		SAY(t, FACT_TIGHTENS, "tags of %s must be signed", name);
	people_may(t, &stage->annotated_tags.roles,
	    arena_printf(t->arena, "may sign tags of %s", name));
}

static void tell_stages(struct telling *t)
{
	for (size_t i = 0; i < t->policy->nstages; i++) {
		const struct stage *stage = &t->policy->stages[i];
		const char *key = arena_printf(
		    t->arena, "there is a stage %s", stage->name);

		t->mark = stage->mark;
		t->owner = NULL;
		say(t, FACT_UNKNOWN, key);
		t->owner = key;
		tell_entering(t, stage);
		uses(t, FACT_TIGHTENS, &stage->gates,
		    arena_printf(t->arena, "%s asks for", stage->name));
		uses(t, FACT_TIGHTENS, &stage->settled_by,
		    arena_printf(t->arena, "%s is settled by", stage->name));
		t->mark = stage->mark;
		tell_refs(t, stage);
	}
	t->owner = NULL;
}

static void tell_back(struct telling *t)
{
	const struct rollback_rules *r = &t->policy->rollback;
	const struct bypass_rules *b = &t->policy->bypass;

	t->mark = r->mark;
	people_may(t, &r->by, "may roll back");
	if (r->on)
		value(t, FACT_LOOSENS, "the window of rollbacks",
		    policy_seconds(t->arena, r->window_s), r->window_s);
	if (r->rewind)
		SAY(t, FACT_LOOSENS, "a rollback may move the ref back");
	uses(t, FACT_TIGHTENS, &r->then, "a rollback asks afterwards for");
	t->mark = b->mark;
	people_may(t, &b->by, "may bypass");
	for (size_t i = 0; i < b->stages.n; i++)
		SAY(t, FACT_LOOSENS, "a bypass may enter %s",
		    t->policy->stages[b->stages.v[i]].name);
	uses(t, FACT_LOOSENS, &b->gates, "a bypass goes around");
	for (const struct bypass_wait *w = bypass_waits; w->word; w++)
		if (b->waits & w->bit)
			SAY(t, FACT_LOOSENS, "a bypass goes around %s",
			    w->word);
	t->mark = b->mark;
	if (b->on)
		value(t, FACT_TIGHTENS, "the approvals of a bypass",
		    dec(t, b->approvals), b->approvals);
	uses(t, FACT_TIGHTENS, &b->then, "a bypass asks afterwards for");
}

static void tell_notify(struct telling *t)
{
	for (size_t i = 0; i < t->policy->nnotify; i++) {
		const struct notify_rule *r = &t->policy->notify[i];
		struct strings on = { NULL, 0, 0 }, stages = { NULL, 0, 0 };

		for (unsigned e = 0; e < NOTIFY_EVENTS; e++)
			if (r->on & NOTIFY_BIT(e))
				strings_add(t->arena, &on, notify_words[e]);
		for (size_t k = 0; k < r->stages.n; k++)
			strings_add(t->arena, &stages,
			    t->policy->stages[r->stages.v[k]].name);
		t->mark = r->mark;
		SAY(t, FACT_NO_MATTER,
		    "of %s (%s) is told %s%s%s%s%s, %llu s, %llu and %llu "
		    "bytes",
		    strings_join(t->arena, &on, ""),
		    stages.n ? strings_join(t->arena, &stages, "") : "anywhere",
		    strings_join(t->arena, &r->mail, ""),
		    r->mail_clients ? " @clients" : "",
		    r->webhook ? r->webhook : "",
		    r->secret_file ? arena_printf(t->arena, " signed by %s",
					 r->secret_file)
				   : "",
		    strings_join(t->arena, &r->exec, ""),
		    (unsigned long long)r->limits.timeout_s,
		    (unsigned long long)r->limits.memory,
		    (unsigned long long)r->limits.output);
	}
}

void policy_facts(
    struct arena *arena, const struct policy *policy, struct policy_facts *ret)
{
	struct telling t = { .arena = arena, .policy = policy, .ret = ret };

	if (policy->nsources > 0)
		t.mark = (struct mark){ policy->sources[0].source, 1, 1 };
	tell_head(&t);
	tell_people(&t);
	tell_names(&t);
	policy_facts_of_gates(arena, policy, ret);
	tell_stages(&t);
	tell_back(&t);
	tell_notify(&t);
}
