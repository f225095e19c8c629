#include "policy/tables.h"

#include "policy/loader.h"

#define ROW(key, kind, owner, member)                                          \
	.name = (key), .type = (kind), .offset = offsetof(owner, member)
#define LATER(key) .name = (key), .type = FIELD_LATER
#define END                                                                    \
	{                                                                      \
		.name = NULL                                                   \
	}

static const char *const statuses[] = { "draft", "active", "locked", NULL };
static const char *const refs_choices[] = { "deny", "allow", NULL };
static const char *const enforces[] = { "block", "warn", "off", NULL };
static const char *const binds[] = { "commit", "tree", "patch", NULL };
static const char *const accepts[] = { "fast-forward", "merge", "squash",
	NULL };

static const struct field identity_fields[] = {
	{ ROW("from", FIELD_STRINGS, struct policy_keys, identity_from),
	    .flags = FIELD_REQUIRED | FIELD_NONEMPTY },
	END,
};

static const struct field limits_fields[] = {
	{ ROW("evidence", FIELD_SIZE, struct policy_keys, limit_evidence),
	    .flags = FIELD_POSITIVE },
	{ ROW("commits", FIELD_COUNT, struct policy_keys, limit_commits),
	    .flags = FIELD_POSITIVE },
	{ ROW("time", FIELD_DURATION, struct policy_keys, limit_time_s),
	    .flags = FIELD_POSITIVE },
	END,
};

static const struct field ledger_fields[] = {
	{ ROW("sign_key", FIELD_STRING, struct policy_keys, sign_key) },
	END,
};

const struct field rollback_fields[] = {
	{ ROW("by", FIELD_ROLES, struct rollback_keys, by),
	    .flags = FIELD_REQUIRED | FIELD_NONEMPTY },
	{ ROW("window", FIELD_DURATION, struct rollback_keys, window_s),
	    .flags = FIELD_POSITIVE },
	{ ROW("rewind", FIELD_BOOL, struct rollback_keys, rewind) },
	{ ROW("then", FIELD_STRINGS, struct rollback_keys, then) },
	END,
};

const struct field bypass_fields[] = {
	{ ROW("by", FIELD_ROLES, struct bypass_keys, by),
	    .flags = FIELD_REQUIRED | FIELD_NONEMPTY },
	{ ROW("stages", FIELD_STRINGS, struct bypass_keys, stages),
	    .flags = FIELD_REQUIRED | FIELD_NONEMPTY },
	{ ROW("gates", FIELD_STRINGS, struct bypass_keys, gates),
	    .flags = FIELD_REQUIRED | FIELD_NONEMPTY },
	{ ROW("approvals", FIELD_COUNT, struct bypass_keys, approvals) },
	{ ROW("then", FIELD_STRINGS, struct bypass_keys, then) },
	END,
};

const struct field notify_fields[] = {
	{ ROW("on", FIELD_CHOICES, struct notify_keys, rule.on),
	    .flags = FIELD_REQUIRED | FIELD_NONEMPTY, .choices = notify_words },
	{ ROW("stages", FIELD_STRINGS, struct notify_keys, stages),
	    .flags = FIELD_NONEMPTY },
	{ ROW("mail", FIELD_STRINGS, struct notify_keys, mail),
	    .flags = FIELD_NONEMPTY },
	{ ROW("webhook", FIELD_STRING, struct notify_keys, rule.webhook) },
	{ ROW("secret_file", FIELD_STRING, struct notify_keys,
	    rule.secret_file) },
	{ ROW("exec", FIELD_STRINGS, struct notify_keys, rule.exec),
	    .flags = FIELD_NONEMPTY },
	{ ROW("timeout", FIELD_DURATION, struct notify_keys,
	      rule.limits.timeout_s),
	    .flags = FIELD_POSITIVE },
	{ ROW("memory", FIELD_SIZE, struct notify_keys, rule.limits.memory) },
	{ ROW("output", FIELD_SIZE, struct notify_keys, rule.limits.output) },
	END,
};

/* The tables of `identity`, `limits` and `ledger` fill struct policy_keys too,
 * so their offset is 0. */
const struct field policy_fields[] = {
	{ ROW("flow", FIELD_STRING, struct policy_keys, flow),
	    .flags = FIELD_REQUIRED },
	{ ROW("version", FIELD_STRING, struct policy_keys, version),
	    .flags = FIELD_REQUIRED },
	{ ROW("status", FIELD_CHOICE, struct policy_keys, status),
	    .choices = statuses },
	{ ROW("extends", FIELD_STRING, struct policy_keys, extends) },
	{ ROW("include", FIELD_STRINGS, struct policy_keys, include) },
	{ .name = "identity",
	    .type = FIELD_MAPPING,
	    .fields = identity_fields },
	{ ROW("people", FIELD_NODE, struct policy_keys, people) },
	{ ROW("roles", FIELD_NODE, struct policy_keys, roles) },
	{ ROW("modules", FIELD_NODE, struct policy_keys, modules) },
	{ ROW("clients", FIELD_NODE, struct policy_keys, clients) },
	{ ROW("always", FIELD_STRINGS, struct policy_keys, always) },
	{ ROW("gates", FIELD_NODE, struct policy_keys, gates) },
	{ ROW("stages", FIELD_NODE, struct policy_keys, stages),
	    .flags = FIELD_REQUIRED },
	{ ROW("other_refs", FIELD_CHOICE, struct policy_keys, other_refs),
	    .choices = refs_choices },
	{ ROW("host_refs", FIELD_GLOBS, struct policy_keys, host_refs) },
	{ .name = "limits", .type = FIELD_MAPPING, .fields = limits_fields },
	{ .name = "ledger", .type = FIELD_MAPPING, .fields = ledger_fields },
	{ ROW("rollback", FIELD_MAPPING, struct policy_keys, rollback),
	    .fields = rollback_fields },
	{ ROW("bypass", FIELD_MAPPING, struct policy_keys, bypass),
	    .fields = bypass_fields },
	{ ROW("notify", FIELD_NODE, struct policy_keys, notify) },
	{ LATER("children") },
	END,
};

/* Of these, what chain.c reads first. */
const struct field chain_fields[] = {
	{ ROW("extends", FIELD_STRING, struct policy_keys, extends) },
	{ ROW("include", FIELD_STRINGS, struct policy_keys, include) },
	END,
};

const struct field include_fields[] = {
	{ ROW("people", FIELD_NODE, struct policy_keys, people) },
	{ ROW("roles", FIELD_NODE, struct policy_keys, roles) },
	{ ROW("modules", FIELD_NODE, struct policy_keys, modules) },
	{ ROW("clients", FIELD_NODE, struct policy_keys, clients) },
	END,
};

const struct field person_fields[] = {
	{ ROW("emails", FIELD_STRINGS, struct person_keys, emails) },
	{ ROW("robot", FIELD_BOOL, struct person_keys, robot) },
	{ ROW("keys", FIELD_NODE, struct person_keys, keys) },
	END,
};

const struct field key_fields[] = {
	{ ROW("key", FIELD_STRING, struct key_keys, key),
	    .flags = FIELD_REQUIRED },
	{ ROW("from", FIELD_STRING, struct key_keys, from) },
	{ ROW("until", FIELD_STRING, struct key_keys, until) },
	{ ROW("revoked", FIELD_STRING, struct key_keys, revoked) },
	{ ROW("touch", FIELD_BOOL, struct key_keys, touch) },
	END,
};

const struct field client_fields[] = {
	{ ROW("ref", FIELD_STRING, struct client, ref) },
	{ ROW("contact", FIELD_STRINGS, struct client, contact) },
	{ ROW("hold", FIELD_STRING, struct client, hold) },
	END,
};

static const struct field when_fields[] = {
	{ ROW("paths", FIELD_GLOBS, struct when, paths),
	    .flags = FIELD_NONEMPTY },
	{ ROW("not_paths", FIELD_GLOBS, struct when, not_paths),
	    .flags = FIELD_NONEMPTY },
	{ ROW("stages_from", FIELD_STRINGS, struct when, stages_from),
	    .flags = FIELD_NONEMPTY },
	{ ROW("authors", FIELD_ROLES, struct when, authors),
	    .flags = FIELD_NONEMPTY },
	{ ROW("trailer", FIELD_STRING, struct when, trailer) },
	{ ROW("lines_over", FIELD_COUNT, struct when, lines_over) },
	END,
};

/* Beside these a gate has the keys of its kind. */
const struct field gate_fields[] = {
	{ ROW("kind", FIELD_STRING, struct gate_keys, kind),
	    .flags = FIELD_REQUIRED },
	{ ROW("when", FIELD_MAPPING, struct gate_keys, gate.when),
	    .fields = when_fields },
	{ ROW("enforce", FIELD_CHOICE, struct gate_keys, gate.enforce),
	    .choices = enforces },
	{ ROW("help", FIELD_STRING, struct gate_keys, gate.help) },
	END,
};

const struct field evidence_keys_fields[] = {
	{ ROW("by", FIELD_ROLES, struct evidence_keys, by),
	    .flags = FIELD_REQUIRED | FIELD_NONEMPTY },
	{ ROW("count", FIELD_COUNT, struct evidence_keys, count),
	    .flags = FIELD_POSITIVE },
	{ ROW("signed", FIELD_BOOL, struct evidence_keys, is_signed) },
	{ ROW("max_age", FIELD_DURATION, struct evidence_keys, max_age_s),
	    .flags = FIELD_POSITIVE },
	{ ROW("binds", FIELD_CHOICE, struct evidence_keys, binds),
	    .choices = binds },
	{ ROW("not_author", FIELD_BOOL, struct evidence_keys, not_author) },
	{ ROW("matrix", FIELD_STRINGS, struct evidence_keys, matrix),
	    .flags = FIELD_NONEMPTY },
	END,
};

const struct field stage_fields[] = {
	{ ROW("name", FIELD_STRING, struct stage_keys, stage.name),
	    .flags = FIELD_REQUIRED },
	{ ROW("refs", FIELD_GLOBS, struct stage_keys, refs),
	    .flags = FIELD_NONEMPTY | FIELD_MODULE },
	{ ROW("clients", FIELD_STRINGS, struct stage_keys, stage.clients),
	    .flags = FIELD_NONEMPTY },
	{ ROW("from", FIELD_STRINGS, struct stage_keys, from) },
	{ ROW("push", FIELD_ROLES, struct stage_keys, stage.push),
	    .flags = FIELD_REQUIRED },
	{ ROW("gates", FIELD_STRINGS, struct stage_keys, gates) },
	{ ROW("accept", FIELD_CHOICES, struct stage_keys, stage.accept),
	    .flags = FIELD_NONEMPTY, .choices = accepts },
	{ ROW("up_to_date", FIELD_BOOL, struct stage_keys, stage.up_to_date) },
	{ ROW("soak", FIELD_DURATION, struct stage_keys, stage.soak_s) },
	{ ROW("quorum", FIELD_STRING, struct stage_keys, quorum) },
	{ ROW("settled_by", FIELD_STRINGS, struct stage_keys, settled_by) },
	{ ROW("freeze", FIELD_NODE, struct stage_keys, freeze) },
	{ ROW("rewind", FIELD_BOOL, struct stage_keys, stage.rewind) },
	{ ROW("delete", FIELD_BOOL, struct stage_keys, stage.deletion) },
	{ ROW("tags", FIELD_GLOBS, struct stage_keys, stage.tags) },
	{ ROW("annotated_tags", FIELD_BOOL_ROLES, struct stage_keys,
	    stage.annotated_tags) },
	{ ROW("linear", FIELD_BOOL, struct stage_keys, stage.linear) },
	{ ROW("keep", FIELD_BOOL, struct stage_keys, stage.keep) },
	END,
};

const struct field freeze_fields[] = {
	{ ROW("from", FIELD_STRING, struct freeze_keys, from),
	    .flags = FIELD_REQUIRED },
	{ ROW("to", FIELD_STRING, struct freeze_keys, to),
	    .flags = FIELD_REQUIRED },
	END,
};

const struct field_table policy_tables[] = {
	{ "policy", policy_fields },
	{ "include", include_fields },
	{ "identity", identity_fields },
	{ "person", person_fields },
	{ "key", key_fields },
	{ "client", client_fields },
	{ "limits", limits_fields },
	{ "ledger", ledger_fields },
	{ "rollback", rollback_fields },
	{ "bypass", bypass_fields },
	{ "notify", notify_fields },
	{ "gate", gate_fields },
	{ "when", when_fields },
	{ "evidence", evidence_keys_fields },
	{ "stage", stage_fields },
	{ "freeze", freeze_fields },
	{ NULL, NULL },
};
