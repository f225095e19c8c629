#include "record/verify.h"

#include <string.h>

#include "admin.h"
#include "base/file.h"
#include "gates/gate.h"
#include "open.h"
#include "record/log.h"
#include "record/repoid.h"
#include "rejudge.h"
#include "tell/progress.h"

#define POLICY_NAME "policy.yml" /* of the recorded one, in diagnostics */

struct verify_options {
	const char *remote, *server_key;
	uint64_t last;
};

static const struct option options[] = {
	{ "remote", 0, OPTION_TEXT, offsetof(struct verify_options, remote),
	    "NAME", "in a clone: compare the branches fetched from there" },
	{ "server-key", 0, OPTION_TEXT,
	    offsetof(struct verify_options, server_key), "FILE",
	    "public key that the server signs its records with" },
	{ "last", 'n', OPTION_COUNT, offsetof(struct verify_options, last), "N",
	    "judge only the newest N records again" },
	{ .name = NULL },
};

struct verifying {
	struct admin *admin;
	const struct verify_options *opts;
	struct arena *scratch; /* of a line */
	struct progress progress;
	struct rejudge *rejudge;
	size_t found[VERIFY_KINDS];
	json_t *json[VERIFY_KINDS]; /* with --json */
};

/* ---- telling ------------------------------------------------------------ */

static json_t *line_json(
    struct arena *arena, const struct oid *commit, const char *text)
{
	json_t *object = json_object();

	json_object_set_new(object, "commit", json_oid(commit));
	json_object_set_new(object, "text", json_text(arena, text));
	return object;
}

/* One line each: an auditor may count them. */
static void tell(void *ctx, enum verify_kind kind, const struct oid *commit,
    const char *text)
{
	static const char *const words[] = {
		[VERIFY_FINDING] = "error: ",
		[VERIFY_UNSHOWN] = "can't show: ",
	};
	struct verifying *v = ctx;

	v->found[kind]++;
	if (v->admin->json) {
		arena_reset(v->scratch);
		json_array_append_new(
		    v->json[kind], line_json(v->scratch, commit, text));
		return;
	}
	buf_addf(&v->admin->out, "%s%s: %s\n", words[kind], oid_hex8(commit).s,
	    text);
	admin_flush(v->admin);
}

static void progress(void *ctx, size_t done, size_t total)
{
	struct verifying *v = ctx;

	progress_step(&v->progress, "Checking records", done, total);
}

static int judge_again(void *ctx, struct arena *arena,
    const struct verify_record *record, struct err *err)
{
	struct verifying *v = ctx;

	return rejudge_record(v->rejudge, arena, record, err);
}

/* Who is to believe that key must know it from elsewhere. */
static void print_signed(struct verifying *v, const struct verify_count *count)
{
	if (count->nsigned == 0)
		return;
	buf_addf(&v->admin->out,
	    "verify: %zu signed by the server's key %s%s\n", count->nsigned,
	    count->key, v->opts->server_key ? "" : ", the first that signed");
}

static void print_sum(struct verifying *v, const struct verify_count *count)
{
	struct admin *admin = v->admin;
	size_t records = count->records;
	json_t *object;

	if (!admin->json) {
		print_signed(v, count);
		buf_addf(&admin->out, "verify: %zu record%s, %zu finding%s\n",
		    records, records == 1 ? "" : "s", v->found[VERIFY_FINDING],
		    v->found[VERIFY_FINDING] == 1 ? "" : "s");
		return;
	}
	object = json_object();
	json_object_set_new(object, "v", json_integer(1));
	json_object_set_new(
	    object, "records", json_integer((json_int_t)records));
	if (count->nsigned > 0) {
		json_object_set_new(
		    object, "signed", json_integer((json_int_t)count->nsigned));
		json_object_set_new(
		    object, "server_key", json_text(admin->arena, count->key));
	}
	json_object_set(object, "findings", v->json[VERIFY_FINDING]);
	json_object_set(object, "unshown", v->json[VERIFY_UNSHOWN]);
	admin_json(admin, object);
}

/* ---- what is compared beside the ledger itself --------------------------- */

/* The newest recorded policy; NULL: there is none, or it is none any more by
 * the rules of this version. */
static int recorded_policy(
    struct verifying *v, struct policy **ret, struct err *err)
{
	struct admin *admin = v->admin;
	struct session *session = &admin->session;
	struct policy_file file = { POLICY_NAME, NULL, 0 };
	struct policy_files included = { NULL, 0, 0 };
	struct diags diags;

	*ret = NULL;
	if (log_policy(admin->arena, session->repo, ledger_tip(session->ledger),
		&file, &included, err) < 0) {
		if (err->kind != ERR_FORMAT)
			return -1;
		file.text = NULL; /* a finding says so */
	}
	if (!file.text)
		return 0;
	diags_init(&diags, admin->arena);
	*ret = policy_parse_files(
	    admin->arena, &file, &included, &gate_forms, &diags);
	if (!*ret)
		tell(v, VERIFY_UNSHOWN, ledger_tip(session->ledger),
		    "where refs should be: the newest recorded policy is not "
		    "valid for this version of stagegate");
	return 0;
}

static int compare_refs(
    struct verifying *v, const struct verify_sink *sink, struct err *err)
{
	struct admin *admin = v->admin;
	struct session *session = &admin->session;
	struct verify_refs_of of = { .repo = session->repo,
		.ledger = session->ledger,
		.view = &session->view,
		.of_remote = admin->is_clone,
		.sink = sink };
	struct policy *policy;

	if (admin->is_clone && !v->opts->remote)
		return 0;
	if (recorded_policy(v, &policy, err) < 0)
		return -1;
	if (!policy)
		return 0;
	of.policy = policy;
	return verify_refs(admin->arena, &of, err);
}

/* The server's own id against the one in the ledger. */
static int compare_id(struct verifying *v, struct err *err)
{
	struct admin *admin = v->admin;
	struct session *session = &admin->session;
	const char *own = NULL, *recorded = NULL;

	if (repository_id_read(admin->arena, session->repo, &own, err) < 0 ||
	    ledger_repository_id(
		session->ledger, admin->arena, &recorded, err) < 0)
		return -1;
	if (own && recorded && strcmp(own, recorded) != 0)
		tell(v, VERIFY_FINDING, ledger_tip(session->ledger),
		    "meta/repository is not this repository's id");
	return 0;
}

/* ---- the verb ------------------------------------------------------------ */

static int read_key(struct verifying *v, struct ssh_key *ret, struct err *err)
{
	const char *path = v->opts->server_key, *fault;
	char *text;
	size_t len;

	if (file_read(
		v->admin->arena, path, SSH_KEY_LINE_MAX, &text, &len, err) < 0)
		return -1;
	text[strcspn(text, "\r\n")] = '\0';
	fault = ssh_key_parse(v->admin->arena, text, ret);
	return fault
	    ? err_set(err, ERR_FORMAT, "'%s' is no public key: %s", path, fault)
	    : 0;
}

static int verify_all(
    struct verifying *v, struct verify_count *ret, struct err *err)
{
	struct session *session = &v->admin->session;
	struct verify_sink sink = { .tell = tell,
		.record = judge_again,
		.progress = progress,
		.ctx = v };
	struct ssh_key key;
	int status;

	if (v->opts->server_key && read_key(v, &key, err) < 0)
		return -1;
	sink.server_key = v->opts->server_key ? &key : NULL;
	v->rejudge = rejudge_new(
	    v->admin->arena, session->repo, &sink, (size_t)v->opts->last);
	progress_init(&v->progress);
	status = verify_ledger(v->admin->arena, session->repo,
	    ledger_tip(session->ledger), &sink, ret, err);
	progress_end(&v->progress);
	rejudge_free(v->rejudge);
	if (status < 0)
		return -1;
	return compare_id(v, err) < 0 || compare_refs(v, &sink, err) < 0 ? -1
									 : 0;
}

static int open_recorded(struct admin *admin, const char *remote)
{
	int status = open_ledger(admin, remote);

	if (status == EXIT_ALLOWED)
		status = need_ledger(admin);
	if (status != EXIT_ALLOWED)
		return status;
	if (!oid_is_zero(ledger_tip(admin->session.ledger)))
		return EXIT_ALLOWED;
	admin_note(admin, "error: ", "there is no ledger: nothing is recorded");
	return EXIT_UNDECIDED;
}

static int verify(struct admin *admin, const void *given)
{
	struct verifying v = { .admin = admin, .opts = given };
	struct arena scratch;
	struct err err;
	struct verify_count count = { .records = 0 };
	int status = open_recorded(admin, v.opts->remote);

	if (status != EXIT_ALLOWED)
		return status;
	if (v.opts->remote && !admin->is_clone)
		return admin_usage(admin,
		    "--remote is for a clone: a server's own refs are "
		    "compared");
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	v.scratch = &scratch;
	for (size_t i = 0; i < VERIFY_KINDS; i++)
		v.json[i] = json_array();
	if (verify_all(&v, &count, &err) < 0)
		status = admin_fail(admin, &err);
	else
		print_sum(&v, &count);
	for (size_t i = 0; i < VERIFY_KINDS; i++)
		json_decref(v.json[i]);
	arena_release(&scratch);
	if (status == EXIT_ALLOWED && v.found[VERIFY_FINDING] > 0)
		status = EXIT_REFUSED;
	return status;
}

const struct verb verb_verify = {
	.name = "verify",
	.arguments = "[--remote NAME] [--server-key FILE] [-n N]",
	.summary = "does the ledger hold up? for an auditor",
	.options = options,
	.options_size = sizeof(struct verify_options),
	.run = verify,
	.json = true,
	.help =
	    "Walks the whole ledger and makes each record anew from what is "
	    "there: that it is one line by the server, that times never "
	    "decrease, that messages, notes, statements, records of refs and "
	    "policies are what was recorded, and that there is nothing that "
	    "no record explains. On the server refs are compared with the "
	    "ledger too, in a clone those of --remote.\n"
	    "Where the policy has a ledger.sign_key, records are signed; "
	    "--server-key says by whom, and then all from the first signed one "
	    "on must be.\n"
	    "What does not hold is printed as 'error: LEDGER-COMMIT: ..', one "
	    "a line. Exits 0 when all holds, 1 when something does not, 3 "
	    "when there is no ledger or it can't be read.\n"
	    "git fetch origin refs/notes/stagegate:refs/notes/stagegate\n",
};
