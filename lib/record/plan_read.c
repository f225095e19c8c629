#include "record/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "policy/load.h"
#include "record/fields.h"
#include "record/pieces.h"
#include "record/planfile.h"
#include "record/repoid.h"
#include "record/yaml.h"

struct reading {
	struct arena *arena;
	const char *what;
	struct plan *plan;
	struct {
		struct plan_ref *v;
		size_t n, cap;
	} refs;
	struct {
		struct plan_policy *v;
		size_t n, cap;
	} includes;
	bool has_head, has_end;
	uint64_t count; /* of updates, as the end says */
};

static unsigned hex_digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static const char *option_decode(struct arena *arena, const char *text)
{
	static const char digits[] = "0123456789abcdef";
	char *option = arena_alloc(arena, strlen(text) + 1), *to = option;

	for (; *text; text++) {
		if (*text == '%' && text[1] && text[2] &&
		    strchr(digits, text[1]) && strchr(digits, text[2])) {
			*to++ = (char)(hex_digit(text[1]) << 4 |
			    hex_digit(text[2]));
			text += 2;
		} else {
			*to++ = *text;
		}
	}
	return option;
}

static int read_head(
    struct reading *r, const struct node *node, struct err *err)
{
	struct plan *plan = r->plan;
	struct fields f;

	fields_open(&f, r->arena, r->what, node);
	if (fields_have(&f, PLAN_COUNT)) {
		r->has_end = true;
		r->count = fields_number(&f, PLAN_COUNT);
	}
	if (!fields_have(&f, "id")) /* an empty list, or the end */
		return fields_close(&f, err);
	r->has_head = true;
	plan->id = fields_text(&f, "id");
	plan->at = fields_time(&f, "at");
	plan->lease_until = fields_time(&f, "lease_until");
	plan->pusher = fields_text(&f, "pusher");
	plan->cert = fields_oid_or_zero(&f, "certificate");
	if (fields_have(&f, "certificate_key"))
		plan->cert_key = fields_text(&f, "certificate_key");
	if (fields_have(&f, "sign_key"))
		plan->sign_key = fields_text(&f, "sign_key");
	plan->flow = fields_text(&f, "flow");
	plan->version = fields_text(&f, "version");
	plan->policy_digest = fields_text(&f, "policy");
	plan->ground = fields_text(&f, "ground");
	plan->ledger = fields_oid(&f, "ledger");
	plan->owner.boot = fields_text(&f, "boot");
	plan->owner.pid_namespace = fields_text(&f, "pid_namespace");
	plan->owner.known = fields_have(&f, "pid");
	if (plan->owner.known) {
		plan->owner.pid = fields_number(&f, "pid");
		plan->owner.start = fields_number(&f, "start");
	}
	return fields_close(&f, err);
}

static int read_gates(
    struct reading *r, struct fields *f, struct plan_ref *ref, struct err *err)
{
	const struct node *gates = fields_map(f, "gates");

	ref->gates = arena_array(
	    r->arena, gates ? gates->n : 0, sizeof(*ref->gates));
	for (size_t i = 0; gates && i < gates->n; i++) {
		struct plan_gate *gate = &ref->gates[ref->ngates++];

		gate->name = gates->keys[i]->text;
		if (!gate_state_parse(gates->items[i]->text, &gate->state))
			return err_set(err, ERR_FORMAT,
			    "%s is damaged: '%s' is no state of a gate",
			    r->what,
			    text_clean_s(r->arena, gates->items[i]->text));
	}
	return 0;
}

static int read_squashes(
    struct reading *r, struct fields *f, struct plan_ref *ref, struct err *err)
{
	const struct node *list = fields_nodes(f, "squashes");

	ref->squashes = arena_array(
	    r->arena, list ? list->n : 0, sizeof(*ref->squashes));
	for (size_t i = 0; list && i < list->n; i++) {
		struct plan_squash *squash = &ref->squashes[ref->nsquashes++];
		struct fields pair;

		fields_open(&pair, r->arena, r->what, list->items[i]);
		squash->commit = fields_oid(&pair, "commit");
		squash->candidate = fields_oid(&pair, "candidate");
		if (fields_close(&pair, err))
			return -1;
	}
	return 0;
}

static int read_opening(
    struct reading *r, struct fields *f, struct plan_ref *ref, struct err *err)
{
	const struct node *node = fields_map(f, "incident");
	struct incident_opening *opening;
	struct fields of;

	if (!node)
		return 0; /* what is no mapping fields_close tells of */
	opening = ARENA_NEW(r->arena, struct incident_opening);
	fields_open(&of, r->arena, r->what, node);
	opening->kind = fields_incident_kind(&of, "kind");
	if (opening->kind == INCIDENT_ROLLBACK)
		opening->rewind = fields_incident_rewind(&of, "style");
	else
		fields_lack(&of, "style");
	opening->reason = fields_text(&of, "reason");
	if (fields_have(&of, "timeline"))
		opening->timeline = fields_text(&of, "timeline");
	opening->then = fields_texts(&of, "then");
	opening->overridden = fields_texts(&of, "overridden");
	opening->clients = fields_texts(&of, "clients");
	ref->opening = opening;
	return fields_close(&of, err);
}

static void read_statement(
    struct reading *r, struct fields *f, struct plan_ref *ref)
{
	struct oids patches;

	ref->is_evidence = true;
	ref->gate = fields_text(f, "gate");
	ref->result = fields_result(f, "result");
	ref->person = fields_text(f, "person");
	ref->subject = fields_oid(f, "subject");
	ref->tag = fields_oid(f, "tag");
	ref->digest = fields_text(f, "digest");
	ref->replay_key = fields_text(f, "replay_key");
	/* They become paths in the ledger: nothing but digits. */
	patches = fields_oids(f, "patches");
	for (size_t i = 0; i < patches.n; i++)
		strings_add(r->arena, &ref->patches,
		    arena_strdup(r->arena, oid_hex(&patches.v[i]).s));
}

static int read_ref(struct reading *r, const struct node *node,
    bool is_statement, struct err *err)
{
	struct plan_ref ref = { 0 };
	struct fields f;

	fields_open(&f, r->arena, r->what, node);
	ref.ref = fields_text(&f, "ref");
	ref.old = fields_oid(&f, "old");
	ref.new = fields_oid(&f, "new");
	ref.stage = fields_text(&f, "stage");
	ref.kind = fields_transition(&f, "kind");
	ref.warned = fields_have(&f, "warned") &&
	    strcmp(fields_text(&f, "warned"), PLAN_WARNED) == 0;
	ref.candidate = fields_oid_or_zero(&f, "candidate");
	ref.digests = fields_texts(&f, "digests");
	ref.keep = fields_oids(&f, "keep");
	if (is_statement)
		read_statement(r, &f, &ref);
	if (read_gates(r, &f, &ref, err) || read_squashes(r, &f, &ref, err) ||
	    read_opening(r, &f, &ref, err) || fields_close(&f, err))
		return -1;
	ARRAY_PUSH(r->arena, &r->refs, ref);
	return 0;
}

static int read_policy(
    struct reading *r, const struct node *node, bool is_base, struct err *err)
{
	struct plan_policy include = { .is_base = is_base };
	struct fields f;

	fields_open(&f, r->arena, r->what, node);
	include.name = fields_text(&f, "name");
	include.digest = fields_text(&f, "digest");
	if (fields_close(&f, err))
		return -1;
	ARRAY_PUSH(r->arena, &r->includes, include);
	return 0;
}

static int read_piece(
    struct reading *r, const struct piece *piece, struct err *err)
{
	if (!piece->key)
		return read_head(r, piece->node, err);
	if (strcmp(piece->key, PLAN_REFS) == 0)
		return read_ref(r, piece->node, false, err);
	if (strcmp(piece->key, PLAN_STATEMENTS) == 0)
		return read_ref(r, piece->node, true, err);
	if (strcmp(piece->key, "includes") == 0)
		return read_policy(r, piece->node, false, err);
	if (strcmp(piece->key, "bases") == 0)
		return read_policy(r, piece->node, true, err);
	if (strcmp(piece->key, "options") == 0)
		ARRAY_PUSH(r->arena, &r->plan->options,
		    option_decode(r->arena, piece->node->text));
	else if (strcmp(piece->key, "commands") == 0)
		ARRAY_PUSH(r->arena, &r->plan->commands, piece->node->text);
	return 0;
}

/* How an item of the list of refs begins that names this one. */
static const char *item_start(struct arena *arena, const char *ref)
{
	struct buf buf;
	bool invalid = false;

	buf_init(&buf, arena, 16 + 10 * strlen(ref));
	buf_adds(&buf, "ref: ");
	yaml_scalar(&buf, ref, &invalid);
	buf_addc(&buf, '\n');
	return buf.p;
}

int plan_parse(struct arena *arena, const char *name, const char *bytes,
    size_t len, const char *only, struct plan *ret, struct err *err)
{
	struct reading r = { .arena = arena, .plan = ret };
	struct pieces pieces;
	struct piece piece;
	int more;

	memset(ret, 0, sizeof(*ret));
	r.what = arena_printf(arena, "plan '%s'", name);
	pieces_open(&pieces, arena, r.what, bytes, len);
	if (only) {
		pieces.only_key = PLAN_REFS;
		pieces.only_text = item_start(arena, only);
	}
	while ((more = pieces_next(&pieces, &piece, err)) > 0)
		if (read_piece(&r, &piece, err))
			return -1;
	if (more < 0)
		return -1;
	if (!r.has_head || !r.has_end || (!only && r.refs.n != r.count))
		return err_set(err, ERR_FORMAT,
		    "%s is damaged: it is not complete", r.what);
	ret->refs = r.refs.v;
	ret->nrefs = r.refs.n;
	ret->includes = r.includes.v;
	ret->nincludes = r.includes.n;
	return 0;
}

/* ---- files ----------------------------------------------------------- */

/* The text of a policy file; NULL when it is not there any more. */
static int read_text(struct arena *arena, const char *dir, const char *digest,
    const char **ret_text, size_t *ret_len, struct err *err)
{
	const char *path = arena_printf(arena, "%s/%.40s.yml", dir, digest);
	struct err why;
	char *text;

	*ret_text = NULL;
	*ret_len = 0;
	if (file_read(arena, path, POLICY_BYTES_MAX, &text, ret_len, &why)) {
		if (why.kind == ERR_NOTFOUND)
			return 0;
		*err = why;
		return -1;
	}
	if (strncmp(sha256_hex40(arena, text, *ret_len), digest, 40) != 0)
		return err_set(err, ERR_FORMAT,
		    "'%s' is not the policy that it is named after", path);
	*ret_text = text;
	return 0;
}

static int read_texts(
    struct arena *arena, const char *state, struct plan *plan, struct err *err)
{
	const char *dir = arena_printf(arena, "%s/" POLICIES_DIR, state);

	if (read_text(arena, dir, plan->policy_digest, &plan->policy_text,
		&plan->policy_text_len, err))
		return -1;
	for (size_t i = 0; i < plan->nincludes; i++)
		if (read_text(arena, dir, plan->includes[i].digest,
			&plan->includes[i].text, &plan->includes[i].len, err))
			return -1;
	return 0;
}

static int read_plan(struct arena *arena, const char *state, const char *name,
    const char *only, struct plans *plans, struct err *err)
{
	const char *path = arena_printf(
	    arena, "%s/" PLANS_DIR "/%s", state, name);
	struct plan *plan = ARENA_NEW(arena, struct plan);
	struct err why;
	char *bytes;
	size_t len;

	if (file_read(arena, path, PLAN_BYTES_MAX, &bytes, &len, &why)) {
		if (why.kind == ERR_NOTFOUND) /* its push has just ended */
			return 0;
		*err = why;
		return -1;
	}
	if (plan_parse(arena, path, bytes, len, only, plan, err) ||
	    (!only && read_texts(arena, state, plan, err)))
		return -1;
	plan->path = path;
	ARRAY_PUSH(arena, plans, plan);
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct plan *x = *(struct plan *const *)a;
	const struct plan *y = *(struct plan *const *)b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return strcmp(x->id, y->id);
}

static int read_all(struct arena *arena, struct repo *repo, const char *only,
    struct plans *ret, struct err *err)
{
	const char *state = arena_printf(
	    arena, "%s/stagegate", repo_path(repo));
	struct plans plans = { NULL, 0, 0 };
	struct strings names;

	if (dir_list(arena, arena_printf(arena, "%s/" PLANS_DIR, state), &names,
		err))
		return -1;
	for (size_t i = 0; i < names.n; i++)
		if (str_suffix(names.v[i], PLAN_ENDING) &&
		    read_plan(arena, state, names.v[i], only, &plans, err))
			return -1;
	if (plans.n > 1)
		qsort(plans.v, plans.n, sizeof(*plans.v), by_time);
	*ret = plans;
	return 0;
}

int plans_read(
    struct arena *arena, struct repo *repo, struct plans *ret, struct err *err)
{
	return read_all(arena, repo, NULL, ret, err);
}

int plans_read_for(struct arena *arena, struct repo *repo, const char *ref,
    struct plans *ret, struct err *err)
{
	return read_all(arena, repo, ref, ret, err);
}
