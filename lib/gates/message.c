#include <string.h>

#include "base/text.h"
#include "gates/gate.h"
#include "gates/sections.h"

/* message: what each new commit says about itself. */

enum {
	OF_COMMITS,
	OF_MERGES,
	OF_ALL
};

struct subject_keys {
	uint64_t min, max; /* characters */
	struct regex *match, *deny;
};

struct body_keys {
	uint64_t min; /* characters, trailers not counted */
	struct regex *match, *deny;
	struct strings sections;
};

struct message_keys {
	struct subject_keys subject;
	struct body_keys body;
	struct strings trailers;
	bool sign_off;
	int of;
};

struct reading {
	const struct message_keys *keys;
	const struct gate_facts *facts;
	bool subject_only; /* nothing else is asked: the rest is not read */
	/* the commit being read */
	struct arena *scratch;
	const struct commit *commit;
	struct offenders offenders;
};

static bool asks_subject_only(const struct message_keys *keys)
{
	return keys->body.min == 0 && !keys->body.match && !keys->body.deny &&
	    keys->body.sections.n == 0 && keys->trailers.n == 0 &&
	    !keys->sign_off;
}

static void *begin(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts)
{
	struct reading *r = ARENA_NEW(arena, struct reading);

	r->keys = gate->params;
	r->facts = facts;
	r->subject_only = asks_subject_only(r->keys);
	r->offenders.arena = arena;
	return r;
}

static bool is_to_judge(const struct reading *r, const struct commit *commit)
{
	if (r->keys->of == OF_ALL)
		return true;
	if (r->keys->of == OF_MERGES)
		return merge_enters(r->facts, commit);
	return commit->parents.n < 2;
}

/* ---- rules -------------------------------------------------------------- */

static int judge_regex(struct reading *r, const char *what,
    const struct regex *const patterns[2], const char *text, struct err *err)
{
	for (size_t i = 0; i < 2; i++) {
		bool deny = i == 1;
		enum regex_result result;

		if (!patterns[i])
			continue;
		result = regex_search(patterns[i], text, strlen(text));
		if (result == REGEX_LIMIT)
			return err_set(err, ERR_LIMIT,
			    "the pattern `%s` of %s gives up on commit %s",
			    deny ? "deny" : "match", what,
			    oid_hex8(&r->commit->id).s);
		if ((result == REGEX_MATCH) == deny)
			offenders_add(&r->offenders, "%s %s %s `%s`",
			    oid_hex8(&r->commit->id).s, what,
			    deny ? "must not match" : "does not match",
			    text_clean_s(
				r->scratch, regex_source(patterns[i])));
	}
	return 0;
}

static void judge_length(struct reading *r, const char *what, size_t length,
    uint64_t min, uint64_t max)
{
	if (length < min)
		offenders_add(&r->offenders,
		    "%s %s has %zu characters, at least %llu",
		    oid_hex8(&r->commit->id).s, what, length,
		    (unsigned long long)min);
	if (length > max)
		offenders_add(&r->offenders,
		    "%s %s has %zu characters, at most %llu",
		    oid_hex8(&r->commit->id).s, what, length,
		    (unsigned long long)max);
}

static int judge_subject(struct reading *r, struct err *err)
{
	const struct subject_keys *keys = &r->keys->subject;
	const struct regex *const patterns[2] = { keys->match, keys->deny };
	const char *subject = commit_subject(r->scratch, r->commit);

	judge_length(r, "subject", utf8_length(subject, strlen(subject)),
	    keys->min, keys->max);
	return judge_regex(r, "subject", patterns, subject, err);
}

static int judge_body(
    struct reading *r, const struct message_parts *parts, struct err *err)
{
	const struct body_keys *keys = &r->keys->body;
	const struct regex *const patterns[2] = { keys->match, keys->deny };

	judge_length(r, "body", utf8_length(parts->text, parts->text_len),
	    keys->min, UINT64_MAX);
	for (size_t i = 0; i < keys->sections.n; i++)
		if (!section_is_there(parts, &keys->sections, i))
			offenders_add(&r->offenders,
			    "%s has nothing under '%s'",
			    oid_hex8(&r->commit->id).s,
			    text_clean_s(r->scratch, keys->sections.v[i]));
	return judge_regex(r, "body", patterns, parts->body, err);
}

static bool has_trailer(const struct trailers *trailers, const char *key)
{
	for (size_t i = 0; i < trailers->n; i++)
		if (*trailers->v[i].value &&
		    same_folded(trailers->v[i].key, key))
			return true;
	return false;
}

/* "Signed-off-by: Name <email>" with the author's e-mail. */
static bool is_signed_off(struct reading *r, const struct trailers *trailers)
{
	for (size_t i = 0; i < trailers->n; i++) {
		const char *value = trailers->v[i].value;
		const char *open = strrchr(value, '<');
		const char *close = open ? strchr(open, '>') : NULL;
		const char *email;

		if (!close || !same_folded(trailers->v[i].key, "Signed-off-by"))
			continue;
		email = arena_strndup(
		    r->scratch, open + 1, (size_t)(close - open - 1));
		if (same_folded(email, r->commit->author.email))
			return true;
	}
	return false;
}

static void judge_trailers(struct reading *r, const struct trailers *trailers)
{
	const struct strings *wanted = &r->keys->trailers;

	for (size_t i = 0; i < wanted->n; i++)
		if (!has_trailer(trailers, wanted->v[i]))
			offenders_add(&r->offenders, "%s has no trailer '%s'",
			    oid_hex8(&r->commit->id).s,
			    text_clean_s(r->scratch, wanted->v[i]));
	if (r->keys->sign_off && !is_signed_off(r, trailers))
		offenders_add(&r->offenders,
		    "%s has no Signed-off-by of its author %s",
		    oid_hex8(&r->commit->id).s,
		    text_clean_s(r->scratch, r->commit->author.email));
}

static int judge_commit(void *state, struct arena *scratch,
    const struct commit *commit, struct err *err)
{
	struct reading *r = state;
	struct trailers trailers = { 0 };
	struct message_parts parts;

	if (!is_to_judge(r, commit))
		return 0;
	r->scratch = scratch;
	r->commit = commit;
	if (judge_subject(r, err) < 0)
		return -1;
	if (r->subject_only)
		return 0;
	commit_trailers(scratch, commit, &trailers);
	message_split(commit, trailers.n > 0, &parts);
	if (judge_body(r, &parts, err) < 0)
		return -1;
	judge_trailers(r, &trailers);
	return 0;
}

static int finish(void *state, struct gate_row *row, struct err *err)
{
	const struct reading *r = state;

	(void)err;
	offenders_finish(&r->offenders, row);
	return 0;
}

/* ---- the form ----------------------------------------------------------- */

static void defaults(void *params)
{
	struct message_keys *keys = params;

	keys->subject.max = UINT64_MAX;
}

static void check(struct arena *arena, const struct policy *policy,
    const struct gate *gate, const struct node *node, struct diags *diags)
{
	const struct message_keys *keys = gate->params;
	const struct node *trailers = node_get(node, "trailers");

	(void)arena;
	(void)policy;
	if (keys->subject.min > keys->subject.max)
		diag_error(diags, field_mark(node, "subject"),
		    "'min' is more than 'max': no subject fits");
	for (size_t i = 0; i < keys->trailers.n; i++)
		if (!is_trailer_key(keys->trailers.v[i]))
			diag_error(diags, field_item(trailers, i)->mark,
			    "'%s' is no trailer's key: letters, digits and -",
			    keys->trailers.v[i]);
}

#define SUBJECT(member) .offset = offsetof(struct subject_keys, member)
#define BODY(member) .offset = offsetof(struct body_keys, member)
#define KEY(member) .offset = offsetof(struct message_keys, member)

static const struct field subject_fields[] = {
	{ .name = "min", .type = FIELD_COUNT, SUBJECT(min) },
	{ .name = "max",
	    .type = FIELD_COUNT,
	    .flags = FIELD_POSITIVE,
	    SUBJECT(max) },
	{ .name = "match", .type = FIELD_REGEX, SUBJECT(match) },
	{ .name = "deny", .type = FIELD_REGEX, SUBJECT(deny) },
	{ .name = NULL },
};

static const struct field body_fields[] = {
	{ .name = "min", .type = FIELD_COUNT, BODY(min) },
	{ .name = "match", .type = FIELD_REGEX, BODY(match) },
	{ .name = "deny", .type = FIELD_REGEX, BODY(deny) },
	{ .name = "sections",
	    .type = FIELD_STRINGS,
	    .flags = FIELD_NONEMPTY,
	    BODY(sections) },
	{ .name = NULL },
};

static const char *const of_choices[] = {
	[OF_COMMITS] = "commits",
	[OF_MERGES] = "merges",
	[OF_ALL] = "all",
	NULL,
};

static const struct field fields[] = {
	{ .name = "subject",
	    .type = FIELD_MAPPING,
	    .fields = subject_fields,
	    KEY(subject) },
	{ .name = "body",
	    .type = FIELD_MAPPING,
	    .fields = body_fields,
	    KEY(body) },
	{ .name = "trailers",
	    .type = FIELD_STRINGS,
	    .flags = FIELD_NONEMPTY,
	    KEY(trailers) },
	{ .name = "sign_off", .type = FIELD_BOOL, KEY(sign_off) },
	{ .name = "of", .type = FIELD_CHOICE, .choices = of_choices, KEY(of) },
	{ .name = NULL },
};

const struct gate_kind gate_message = {
	.form = { .kind = "message",
	    .params_size = sizeof(struct message_keys),
	    .fields = fields,
	    .defaults = defaults,
	    .check = check },
	.family = GATE_OF_COMMITS,
	.begin = begin,
	.commit = judge_commit,
	.finish = finish,
};
