#include <string.h>

#include "admin.h"
#include "attest_report.h"
#include "attest_tag.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/num.h"
#include "base/text.h"
#include "record/ledger.h"
#include "record/repoid.h"

#define NAME_MAX_BYTES 64
#define TEXT_MAX 4000                    /* bytes of a free text */
#define STATEMENT_MAX ((size_t)64 << 10) /* bytes, without the report */

struct attest_options {
	bool pass, fail, revoke, no_push, sign;
	const char *for_stage, *matrix, *run, *summary, *url, *expires, *remote,
	    *report, *format, *repository;
	struct strings metrics; /* NAME=NUMBER */
};

#define AT(member) offsetof(struct attest_options, member)

static const struct option options[] = {
	{ "pass", 0, OPTION_FLAG, AT(pass), NULL, "it passed" },
	{ "fail", 0, OPTION_FLAG, AT(fail), NULL, "it failed" },
	{ "revoke", 0, OPTION_FLAG, AT(revoke), NULL,
	    "take back what you stated before" },
	{ "for", 0, OPTION_TEXT, AT(for_stage), "STAGE",
	    "counts only for entering this stage" },
	{ "matrix", 0, OPTION_TEXT, AT(matrix), "VALUE",
	    "for which of the gate's matrix, such as a client" },
	{ "run", 0, OPTION_TEXT, AT(run), "TEXT", "which run it was" },
	{ "summary", 0, OPTION_TEXT, AT(summary), "TEXT", "a few words" },
	{ "url", 0, OPTION_TEXT, AT(url), "URL", "where more is told" },
	{ "expires", 0, OPTION_TEXT, AT(expires), "TIME",
	    "2026-12-22, 2026-12-22T16:00:00Z, or 30d from now" },
	{ "remote", 0, OPTION_TEXT, AT(remote), "NAME",
	    "where to push it; else origin" },
	{ "no-push", 0, OPTION_FLAG, AT(no_push), NULL,
	    "make it, and print the command that pushes it" },
	{ "report", 0, OPTION_TEXT, AT(report), "FILE",
	    "what a tool has written goes along, for the server to read" },
	{ "format", 0, OPTION_TEXT, AT(format), "NAME",
	    "what the report is; else its name and content tell" },
	{ "metric", 0, OPTION_TEXTS, AT(metrics), "NAME=NUMBER",
	    "something that was measured; may be given several times" },
	{ "sign", 0, OPTION_FLAG, AT(sign), NULL,
	    "sign it, as git is set up for you (gpg.format ssh)" },
	{ "repository", 0, OPTION_TEXT, AT(repository), "ID",
	    "which repository it is for; else the fetched ledger's" },
	{ .name = NULL },
};

/* Gates and stages are called [a-z][a-z0-9-]*. */
static bool is_name(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
	size_t len = strlen(text);

	return len <= NAME_MAX_BYTES && len > 0 && strchr(letters, text[0]) &&
	    strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static bool is_text(const char *text)
{
	size_t len = text ? strlen(text) : 0;

	if (!text)
		return true;
	if (len == 0 || len > TEXT_MAX || !utf8_valid(text, len) ||
	    text_has_hidden(text, len))
		return false;
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}

static bool is_id(const char *text)
{
	return str_is_hex(text, REPOSITORY_ID_HEX);
}

/* The number is the server's to read. */
static bool is_metric(const char *text)
{
	const char *value = strrchr(text, '=');

	return value && value > text && is_text(text) &&
	    value[1 + strspn(value + 1, "+-.0123456789eE")] == '\0' &&
	    value[1] != '\0';
}

/* What is wrong with the options, or NULL. */
static const char *complaint(
    const char *gate, const struct attest_options *opts)
{
	if (opts->pass + opts->fail + opts->revoke != 1)
		return "say one of --pass, --fail and --revoke";
	if (opts->format && !opts->report)
		return "--format says what the --report is";
	if (opts->format && !is_name(opts->format))
		return "--format wants a name such as junit";
	if (opts->repository && !is_id(opts->repository))
		return "--repository wants the 32 digits of `stagegate id`";
	if (!is_name(gate))
		return "a gate's name is made of a-z, 0-9 and '-'";
	if (opts->for_stage && !is_name(opts->for_stage))
		return "--for wants the name of a stage";
	if (!is_text(opts->matrix) || !is_text(opts->run) ||
	    !is_text(opts->summary) || !is_text(opts->url))
		return "texts are one line of visible UTF-8, and not empty";
	for (size_t i = 0; i < opts->metrics.n; i++)
		if (!is_metric(opts->metrics.v[i]))
			return "--metric wants NAME=NUMBER such as p99_ms=12.5";
	return NULL;
}

static bool read_expires(const char *text, int64_t *ret)
{
	uint64_t seconds;

	if (str_to_duration(text, &seconds)) {
		*ret = clock_now() + (int64_t)seconds;
		return true;
	}
	return str_to_time(text, ret, NULL);
}

/* The server's id, where this clone has its ledger; else NULL.  Not having one
 * is no mistake: only gates that want signatures ask for it. */
static const char *find_id(struct admin *admin)
{
	struct session *session = &admin->session;
	struct err err;

	if (session_open_path(admin->arena, admin->dir, session, &err) < 0 ||
	    session_open_ledger(session, &err) < 0 ||
	    !session->view.repository_id || !*session->view.repository_id)
		return NULL;
	return session->view.repository_id;
}

/* A double-quoted scalar of YAML. */
static void add_quoted(struct buf *out, const char *text, size_t len)
{
	buf_addc(out, '"');
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"' || text[i] == '\\')
			buf_addc(out, '\\');
		buf_addc(out, text[i]);
	}
	buf_addc(out, '"');
}

/* `key: "text"` */
static void add_text(struct buf *out, const char *key, const char *text)
{
	if (!text)
		return;
	buf_addf(out, "%s: ", key);
	add_quoted(out, text, strlen(text));
	buf_addc(out, '\n');
}

static void add_metrics(struct buf *out, const struct strings *metrics)
{
	if (metrics->n > 0)
		buf_adds(out, "metrics:\n");
	for (size_t i = 0; i < metrics->n; i++) {
		const char *value = strrchr(metrics->v[i], '=');

		buf_adds(out, "  ");
		add_quoted(out, metrics->v[i], (size_t)(value - metrics->v[i]));
		buf_addf(out, ": %s\n", value + 1);
	}
}

struct attestation {
	const char *gate, *commit, *id;
	struct attest_report report; /* bytes NULL: none */
	bool has_expires;
	int64_t expires;
	const struct attest_options *opts;
};

static const char *statement_text(
    struct arena *arena, const struct attestation *attestation)
{
	const struct attest_options *opts = attestation->opts;
	struct buf out;

	buf_init(&out, arena, ATTEST_REPORT_MAX + STATEMENT_MAX);
	buf_addf(&out, "evidence: 1\ngate: %s\nresult: %s\n", attestation->gate,
	    opts->pass       ? "pass"
		: opts->fail ? "fail"
			     : "revoke");
	if (attestation->id)
		buf_addf(&out, "repository: %s\n", attestation->id);
	if (opts->for_stage)
		buf_addf(&out, "for: %s\n", opts->for_stage);
	add_text(&out, "matrix", opts->matrix);
	if (attestation->has_expires)
		buf_addf(&out, "expires: %s\n",
		    time_format_iso(arena, attestation->expires));
	add_text(&out, "run", opts->run);
	add_text(&out, "summary", opts->summary);
	add_text(&out, "url", opts->url);
	add_metrics(&out, &opts->metrics);
	if (attestation->report.bytes) {
		add_text(&out, "report", attestation->report.format);
		buf_adds(&out, "---\n");
		buf_adds(&out, attestation->report.bytes);
	}
	return out.p;
}

static int find_commit(
    struct admin *admin, struct attestation *attestation, struct err *err)
{
	const char *name = admin->args.n > 1 ? admin->args.v[1] : "HEAD";
	const char *revision = arena_printf(admin->arena, "%s^{commit}", name);
	const char *const where[] = { "rev-parse", "--git-dir", NULL };
	const char *const parse[] = { "rev-parse", "--verify",
		"--end-of-options", revision, NULL };

	if (client_git(admin, where, NULL, &attestation->commit, err) < 0)
		return err->kind == ERR_FORMAT
		    ? err_set(err, ERR_NOTFOUND,
			  "no git repository in '%s' nor above it", admin->dir)
		    : -1;
	if (client_git(admin, parse, NULL, &attestation->commit, err) < 0)
		return err->kind == ERR_FORMAT
		    ? err_set(
			  err, ERR_NOTFOUND, "'%s' names no commit here", name)
		    : -1;
	return 0;
}

static int make_tag(struct admin *admin, struct attestation *attestation,
    const char **ret_oid, struct err *err)
{
	const struct attest_options *opts = attestation->opts;
	struct attest_tag tag = { .gate = attestation->gate,
		.sign = opts->sign };

	if (find_commit(admin, attestation, err) < 0)
		return -1;
	attestation->id = opts->repository ? opts->repository : find_id(admin);
	if (opts->sign && !attestation->id)
		return err_set(err, ERR_NOTFOUND,
		    "a signed statement names the server's repository, whose "
		    "id is in the ledger: git fetch origin %s:%s, or say "
		    "--repository",
		    LEDGER_REF, LEDGER_REF);
	if (opts->report &&
	    attest_report_read(admin, opts->report, opts->format,
		&attestation->report, err) < 0)
		return -1;
	tag.commit = attestation->commit;
	tag.message = statement_text(admin->arena, attestation);
	return attest_tag_make(admin, &tag, ret_oid, err);
}

static int push(
    struct admin *admin, const struct attestation *attestation, const char *oid)
{
	const char *remote = attestation->opts->remote
	    ? attestation->opts->remote
	    : "origin";
	const char *refspec = arena_printf(admin->arena,
	    "%s:refs/evidence/%s/%s/%lld-%.8s", oid, attestation->gate,
	    attestation->commit, (long long)clock_now(),
	    random_hex(admin->arena));
	const char *const args[] = { "push", "--no-follow-tags",
		"--end-of-options", remote, refspec, NULL };

	if (attestation->opts->no_push) {
		buf_addf(&admin->out, "git push %s %s\n", remote, refspec);
		return EXIT_ALLOWED;
	}
	return client_push(admin, args);
}

static int attest(struct admin *admin, const void *given)
{
	struct attestation attestation = { .gate = admin->args.v[0],
		.opts = given };
	const struct attest_options *opts = given;
	const char *wrong = complaint(attestation.gate, opts);
	const char *oid;
	struct err err;

	if (wrong)
		return admin_usage(admin, "%s", wrong);
	attestation.has_expires = opts->expires != NULL;
	if (opts->expires && !read_expires(opts->expires, &attestation.expires))
		return admin_usage(admin,
		    "--expires wants a time such as 2026-12-22 or 30d, not "
		    "'%s'",
		    opts->expires);
	wrong = opts->sign ? attest_sign_fault(admin) : NULL;
	if (wrong)
		return admin_usage(admin, "%s", wrong);
	if (make_tag(admin, &attestation, &oid, &err) < 0)
		return admin_fail(admin, &err);
	return push(admin, &attestation, oid);
}

const struct verb verb_attest = {
	.name = "attest",
	.arguments = "GATE [COMMIT] --pass|--fail|--revoke [OPTION..]",
	.summary = "state that a commit has passed a gate",
	.options = options,
	.options_size = sizeof(struct attest_options),
	.args_min = 1,
	.args_max = 2,
	.run = attest,
	.client = true,
	.help =
	    "Makes a statement about a commit (HEAD where none is named) and "
	    "pushes it, so that the hooks count it for the gate. Whether you "
	    "may speak for that gate is for the server to say.\n"
	    "It is a tag object under refs/evidence/; no tag is left behind in "
	    "the clone.\n",
};
