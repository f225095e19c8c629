#include "record/plan.h"

#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "record/planfile.h"
#include "record/repoid.h"
#include "record/words.h"
#include "record/yaml.h"

static void write_owner(struct yaml *yaml, const struct plan_owner *owner)
{
	yaml_text(yaml, "boot", owner->boot);
	yaml_text(yaml, "pid_namespace", owner->pid_namespace);
	if (!owner->known)
		return;
	yaml_number(yaml, "pid", owner->pid);
	yaml_number(yaml, "start", owner->start);
}

/* Options are any bytes at all: each that YAML might mind as %XX. */
static const char *option_encode(struct arena *arena, const char *option)
{
	struct buf buf;

	buf_init(&buf, arena, 3 * strlen(option));
	for (const char *p = option; *p; p++) {
		if (*p >= 0x20 && *p < 0x7f && *p != '%')
			buf_addc(&buf, *p);
		else
			buf_addf(&buf, "%%%02x", (unsigned)(unsigned char)*p);
	}
	return buf.p;
}

static void write_strings(
    struct yaml *yaml, const char *key, const struct strings *texts)
{
	if (texts->n == 0)
		return;
	yaml_list(yaml, key, texts->n);
	for (size_t i = 0; i < texts->n; i++)
		yaml_value(yaml, texts->v[i]);
	yaml_close(yaml);
}

/* The files of the policy that are bases, or those that are not. */
static void write_policies(
    struct yaml *yaml, const char *key, const struct plan *plan, bool is_base)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->nincludes; i++)
		n += plan->includes[i].is_base == is_base;
	yaml_list(yaml, key, n);
	for (size_t i = 0; i < plan->nincludes; i++) {
		if (plan->includes[i].is_base != is_base)
			continue;
		yaml_item(yaml);
		yaml_text(yaml, "name", plan->includes[i].name);
		yaml_text(yaml, "digest", plan->includes[i].digest);
	}
	yaml_close(yaml);
}

static void write_head(
    struct yaml *yaml, struct arena *arena, const struct plan *plan)
{
	yaml_text(yaml, "id", plan->id);
	yaml_time(yaml, "at", plan->at);
	yaml_time(yaml, "lease_until", plan->lease_until);
	write_owner(yaml, &plan->owner);
	yaml_text(yaml, "pusher", plan->pusher);
	if (plan->cert_key) {
		yaml_oid(yaml, "certificate", &plan->cert);
		yaml_text(yaml, "certificate_key", plan->cert_key);
	}
	if (plan->sign_key)
		yaml_text(yaml, "sign_key", plan->sign_key);
	yaml_text(yaml, "flow", plan->flow);
	yaml_text(yaml, "version", plan->version);
	yaml_text(yaml, "policy", plan->policy_digest);
	yaml_text(yaml, "ground", plan->ground);
	yaml_oid(yaml, "ledger", &plan->ledger);
	write_policies(yaml, "includes", plan, false);
	write_policies(yaml, "bases", plan, true);
	yaml_list(yaml, "options", plan->options.n);
	for (size_t i = 0; i < plan->options.n; i++)
		yaml_value(yaml, option_encode(arena, plan->options.v[i]));
	yaml_close(yaml);
	write_strings(yaml, "commands", &plan->commands);
}

static void write_oids(
    struct yaml *yaml, const char *key, const struct oids *oids)
{
	if (oids->n == 0)
		return;
	yaml_list(yaml, key, oids->n);
	for (size_t i = 0; i < oids->n; i++)
		yaml_value(yaml, oid_hex(&oids->v[i]).s);
	yaml_close(yaml);
}

static void write_gates(struct yaml *yaml, const struct plan_ref *ref)
{
	yaml_map(yaml, "gates", ref->ngates);
	for (size_t i = 0; i < ref->ngates; i++)
		yaml_text(yaml, ref->gates[i].name,
		    gate_state_text(ref->gates[i].state));
	yaml_close(yaml);
}

static void write_squashes(struct yaml *yaml, const struct plan_ref *ref)
{
	if (ref->nsquashes == 0)
		return;
	yaml_list(yaml, "squashes", ref->nsquashes);
	for (size_t i = 0; i < ref->nsquashes; i++) {
		yaml_item(yaml);
		yaml_oid(yaml, "commit", &ref->squashes[i].commit);
		yaml_oid(yaml, "candidate", &ref->squashes[i].candidate);
	}
	yaml_close(yaml);
}

static void write_opening(
    struct yaml *yaml, const struct incident_opening *opening)
{
	if (!opening)
		return;
	yaml_map(yaml, "incident", 1);
	yaml_text(yaml, "kind", incident_kind_text(opening->kind));
	if (opening->kind == INCIDENT_ROLLBACK)
		yaml_text(yaml, "style", incident_style_text(opening->rewind));
	yaml_text(yaml, "reason", opening->reason);
	if (opening->timeline)
		yaml_text(yaml, "timeline", opening->timeline);
	write_strings(yaml, "then", &opening->then);
	write_strings(yaml, "overridden", &opening->overridden);
	write_strings(yaml, "clients", &opening->clients);
	yaml_close(yaml);
}

static void write_statement(struct yaml *yaml, const struct plan_ref *ref)
{
	yaml_text(yaml, "gate", ref->gate);
	yaml_text(yaml, "result", evidence_result_text(ref->result));
	yaml_text(yaml, "person", ref->person);
	yaml_oid(yaml, "subject", &ref->subject);
	yaml_oid(yaml, "tag", &ref->tag);
	yaml_text(yaml, "digest", ref->digest);
	yaml_text(yaml, "replay_key", ref->replay_key);
	write_strings(yaml, "patches", &ref->patches);
}

static void write_ref(struct yaml *yaml, const struct plan_ref *ref)
{
	yaml_item(yaml);
	yaml_text(yaml, "ref", ref->ref);
	yaml_oid(yaml, "old", &ref->old);
	yaml_oid(yaml, "new", &ref->new);
	yaml_text(yaml, "stage", ref->stage);
	yaml_text(yaml, "kind", transition_text(ref->kind));
	if (ref->warned)
		yaml_text(yaml, "warned", PLAN_WARNED);
	if (!oid_is_zero(&ref->candidate))
		yaml_oid(yaml, "candidate", &ref->candidate);
	write_gates(yaml, ref);
	write_strings(yaml, "digests", &ref->digests);
	write_oids(yaml, "keep", &ref->keep);
	write_squashes(yaml, ref);
	write_opening(yaml, ref->opening);
	if (ref->is_evidence)
		write_statement(yaml, ref);
}

static void write_refs(struct yaml *yaml, const struct plan *plan,
    const char *key, bool statements)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->nrefs; i++)
		n += plan->refs[i].is_evidence == statements;
	yaml_list(yaml, key, n);
	for (size_t i = 0; i < plan->nrefs; i++)
		if (plan->refs[i].is_evidence == statements)
			write_ref(yaml, &plan->refs[i]);
	yaml_close(yaml);
}

int plan_format(struct arena *arena, const struct plan *plan,
    const char **ret_bytes, size_t *ret_len, struct err *err)
{
	struct yaml yaml;

	/* What could not be recorded later must not happen. */
	for (size_t i = 0; i < plan->nrefs; i++)
		if (!ref_name_fits(plan->refs[i].ref))
			return err_set(err, ERR_FORMAT,
			    "the name of ref '%s' can't be recorded",
			    text_clean_s(arena, plan->refs[i].ref));
	yaml_begin(&yaml, arena, PLAN_BYTES_MAX);
	write_head(&yaml, arena, plan);
	write_refs(&yaml, plan, PLAN_STATEMENTS, true);
	write_refs(&yaml, plan, PLAN_REFS, false);
	yaml_number(&yaml, PLAN_COUNT, plan->nrefs);
	return yaml_end(
	    &yaml, "the plan of this push", ret_bytes, ret_len, err);
}

static int write_text(const char *dir, struct arena *arena, const char *digest,
    const char *text, size_t len, unsigned mode, struct err *err)
{
	const char *path = arena_printf(arena, "%s/%.40s.yml", dir, digest);

	if (access(path, F_OK) == 0) /* its name says what is in it */
		return 0;
	return file_replace(path, text, len, mode, err);
}

static int write_texts(struct arena *arena, struct repo *repo,
    const struct plan *plan, unsigned mode, struct err *err)
{
	const char *dir;

	if (state_subdir(arena, repo, POLICIES_DIR, &dir, err) ||
	    (plan->policy_text &&
		write_text(dir, arena, plan->policy_digest, plan->policy_text,
		    plan->policy_text_len, mode, err)))
		return -1;
	for (size_t i = 0; i < plan->nincludes; i++)
		if (plan->includes[i].text &&
		    write_text(dir, arena, plan->includes[i].digest,
			plan->includes[i].text, plan->includes[i].len, mode,
			err))
			return -1;
	return 0;
}

int plan_write(
    struct arena *arena, struct repo *repo, struct plan *plan, struct err *err)
{
	const char *dir, *path, *bytes;
	unsigned mode;
	size_t len;

	if (plan_format(arena, plan, &bytes, &len, err) ||
	    state_subdir(arena, repo, PLANS_DIR, &dir, err) ||
	    state_file_mode(arena, repo, &mode, err) ||
	    write_texts(arena, repo, plan, mode, err))
		return -1;
	path = arena_printf(arena, "%s/%s" PLAN_ENDING, dir, plan->id);
	if (file_replace(path, bytes, len, mode, err))
		return -1;
	plan->path = path;
	return 0;
}
