#include <string.h>

#include "base/keywords.h"
#include "base/oidmap.h"
#include "base/regex.h"
#include "base/text.h"
#include "gates/secrets.h"
#include "policy/names.h"

/* secrets: nothing that a new commit brings holds a credential. */

#define TAGS_MAX 16 /* of tags; the judge refuses fewer */

struct kept { /* over all refs of a push */
	struct secret_scanner *scanner;
	struct oidmap clean; /* commits that were searched; of several refs */
};

struct searching {
	struct secrets_search search;
	const struct gate_facts *facts;
	struct kept *kept;
	bool several_refs;
};

static void *begin(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts)
{
	struct searching *s = ARENA_NEW(arena, struct searching);
	const struct secrets_keys *keys = gate->params;
	bool is_new;

	s->facts = facts;
	s->several_refs = facts->push->updates.n > 1;
	s->kept = push_wide_of(
	    facts->wide, arena, gate, sizeof(*s->kept), &is_new);
	if (is_new) {
		s->kept->scanner = secret_scanner_new(arena, &keys->own);
		oidmap_init(&s->kept->clean, arena);
	}
	s->search.keys = keys;
	s->search.view = facts->view;
	s->search.scanner = s->kept->scanner;
	s->search.offenders.arena = arena;
	return s;
}

/* ---- findings ----------------------------------------------------------- */

void secrets_report(struct secrets_search *search, struct arena *scratch,
    const struct secret_place *place, const struct secret_text *text,
    const struct secret_hit *hit)
{
	const char *line = place->line == 0
	    ? "name"
	    : arena_printf(scratch, "%zu", place->line);

	search->found = true;
	offenders_add(&search->offenders, "%s %s:%s %s %s",
	    oid_hex8(place->id).s, place->where, line, hit->rule->name,
	    secret_masked(
		scratch, text->p + hit->begin, hit->end - hit->begin));
}

int secrets_text(struct secrets_search *search, struct arena *scratch,
    const struct oid *id, const char *where, const char *p, size_t len,
    struct err *err)
{
	const struct secret_text text = { p, len };
	struct secret_hits hits = { NULL, 0, 0 };

	if (secret_scan(search->scanner, scratch, &text, 0, len, &hits, err) <
	    0)
		return -1;
	for (size_t i = 0; i < hits.n; i++)
		secrets_report(search, scratch,
		    &(struct secret_place){
			id, where, secrets_line(&text, hits.v[i].from) },
		    &text, &hits.v[i]);
	return 0;
}

/* ---- commits ------------------------------------------------------------ */

static int search_person(struct secrets_search *search, struct arena *scratch,
    const struct oid *id, const char *where,
    const struct signature_line *person, struct err *err)
{
	const char *text = arena_printf(
	    scratch, "%s <%s>", person->name, person->email);

	return secrets_text(
	    search, scratch, id, where, text, strlen(text), err);
}

static int search_commit(void *state, struct arena *scratch,
    const struct commit *commit, struct err *err)
{
	struct searching *s = state;
	struct secrets_search *search = &s->search;
	size_t before = search->offenders.n;

	/* What was found is told for each ref that brings it. */
	if (s->several_refs && oidmap_has(&s->kept->clean, &commit->id))
		return 0;
	if (search_person(search, scratch, &commit->id, "(author)",
		&commit->author, err) < 0 ||
	    search_person(search, scratch, &commit->id, "(committer)",
		&commit->committer, err) < 0 ||
	    secrets_text(search, scratch, &commit->id, "(header)",
		commit->extra, commit->extra_len, err) < 0 ||
	    secrets_text(search, scratch, &commit->id, "(message)",
		commit->message, commit->message_len, err) < 0 ||
	    secrets_files(search, scratch, commit, err) < 0)
		return -1;
	if (s->several_refs && search->offenders.n == before)
		oidmap_put(&s->kept->clean, &commit->id, NULL);
	return 0;
}

/* ---- tags --------------------------------------------------------------- */

/* What the ref itself names: gates are shown the commit behind a tag. */
static const struct oid *pushed(const struct gate_facts *facts)
{
	const struct updates *updates = &facts->push->updates;

	for (size_t i = 0; i < updates->n; i++)
		if (strcmp(updates->v[i].ref, facts->ref->ref) == 0)
			return &updates->v[i].new;
	return &facts->ref->new;
}

static int search_tag(struct searching *s, const struct oid *oid,
    struct oid *ret_next, struct err *err)
{
	const struct view *view = s->facts->view;
	struct arena *arena = s->search.offenders.arena;
	const char *bytes, *complaint;
	struct tag tag = { 0 };
	size_t len;

	if (view->tag(view->git, arena, oid, &bytes, &len, err) < 0)
		return -1;
	complaint = tag_parse(arena, bytes, len, &tag);
	if (complaint)
		return err_set(
		    err, ERR_FORMAT, "tag %s: %s", oid_hex8(oid).s, complaint);
	*ret_next = tag.target;
	if (tag.has_tagger &&
	    search_person(
		&s->search, arena, oid, "(tagger)", &tag.tagger, err) < 0)
		return -1;
	return secrets_text(
	    &s->search, arena, oid, "(tag)", tag.message, tag.message_len, err);
}

static int search_tags(struct searching *s, struct err *err)
{
	const struct view *view = s->facts->view;
	struct oid at = *pushed(s->facts), next;

	for (size_t depth = 0; depth < TAGS_MAX; depth++) {
		enum object_kind kind;
		uint64_t size;

		if (view->kind(view->git, &at, &kind, &size, err) < 0)
			return -1;
		if (kind != OBJECT_TAG)
			return 0;
		if (search_tag(s, &at, &next, err) < 0)
			return -1;
		at = next;
	}
	return 0;
}

static int finish(void *state, struct gate_row *row, struct err *err)
{
	struct searching *s = state;

	if (search_tags(s, err) < 0)
		return -1;
	offenders_finish(&s->search.offenders, row);
	if (s->search.found)
		row->hint = "a credential that was pushed is known: have it "
			    "replaced, then take it out of the commit";
	return 0;
}

/* ---- the form ----------------------------------------------------------- */

struct own_keys {
	struct regex *match;
	struct strings keywords;
};

#define OWN(member) .offset = offsetof(struct own_keys, member)

static const struct field own_fields[] = {
	{ .name = "match",
	    .type = FIELD_REGEX,
	    .flags = FIELD_REQUIRED,
	    OWN(match) },
	{ .name = "keywords",
	    .type = FIELD_STRINGS,
	    .flags = FIELD_NONEMPTY,
	    OWN(keywords) },
	{ .name = NULL },
};

static bool check_name(const struct node *name, struct diags *diags)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	if (name->len > 0 && name->len <= NAME_MAX_LEN &&
	    name->text[0] >= 'a' && name->text[0] <= 'z' &&
	    strspn(name->text, letters) == name->len)
		return true;
	diag_error(diags, name->mark,
	    "a rule's name is small letters, digits and -, a letter first, at "
	    "most %d bytes",
	    NAME_MAX_LEN);
	return false;
}

static bool check_keywords(
    const struct node *rule, const struct own_keys *keys, struct diags *diags)
{
	const struct node *list = node_get(rule, "keywords");
	bool ok = true;

	for (size_t i = 0; i < keys->keywords.n; i++) {
		size_t len = strlen(keys->keywords.v[i]);

		if (len >= KEYWORD_MIN && len <= KEYWORD_MAX)
			continue;
		diag_error(diags, field_item(list, i)->mark,
		    "a keyword has %d to %d bytes, this one %zu", KEYWORD_MIN,
		    KEYWORD_MAX, len);
		ok = false;
	}
	return ok;
}

static void read_rule(struct arena *arena, struct secrets_keys *keys,
    const struct node *name, const struct node *node, struct diags *diags)
{
	struct own_keys own = { 0 };
	struct secret_rule rule = { .name = name->text };
	const char *what = arena_printf(arena, "rule '%s'", name->text);

	if (!check_name(name, diags) ||
	    !fields_read(arena, node, own_fields, what, &own, diags) ||
	    !check_keywords(node, &own, diags))
		return;
	/* ends with a NULL */
	ARRAY_PUSH(arena, &own.keywords, NULL);
	rule.keywords = own.keywords.v;
	rule.match = regex_source(own.match);
	ARRAY_PUSH(arena, &keys->own, rule);
}

/* Shipped and own ones have room in one table. */
static void check_room(const struct secrets_keys *keys, struct diags *diags)
{
	size_t bytes = 0;

	for (size_t i = 0; i < keys->own.n; i++)
		for (const char *const *word = keys->own.v[i].keywords; *word;
		     word++)
			bytes += strlen(*word);
	if (keys->own.n > SECRETS_RULES_MAX)
		diag_error(diags, keys->rules->mark,
		    "'rules' has %zu rules, at most %d", keys->own.n,
		    SECRETS_RULES_MAX);
	else if (bytes > SECRETS_KEYWORDS_MAX)
		diag_error(diags, keys->rules->mark,
		    "the keywords of 'rules' have %zu bytes, at most %zu",
		    bytes, SECRETS_KEYWORDS_MAX);
}

static void check(struct arena *arena, const struct policy *policy,
    const struct gate *gate, const struct node *node, struct diags *diags)
{
	struct secrets_keys *keys = gate->params;
	const struct node *rules = keys->rules;

	(void)policy;
	(void)node;
	if (!rules)
		return;
	if (rules->type != NODE_MAPPING) {
		diag_error(diags, rules->mark,
		    "'rules' must be a mapping of names to {match:, "
		    "keywords:}");
		return;
	}
	for (size_t i = 0; i < rules->n; i++)
		read_rule(arena, keys, rules->keys[i], rules->items[i], diags);
	check_room(keys, diags);
}

#define KEY(member) .offset = offsetof(struct secrets_keys, member)

static const struct field fields[] = {
	{ .name = "allow", .type = FIELD_GLOBS, KEY(allow) },
	{ .name = "rules", .type = FIELD_NODE, KEY(rules) },
	{ .name = "inline_allow", .type = FIELD_BOOL, KEY(inline_allow) },
	{ .name = NULL },
};

const struct gate_kind gate_secrets = {
	.form = { .kind = "secrets",
	    .params_size = sizeof(struct secrets_keys),
	    .fields = fields,
	    .check = check },
	.family = GATE_OF_COMMITS,
	.begin = begin,
	.commit = search_commit,
	.finish = finish,
};
