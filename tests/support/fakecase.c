#include "support/fakecase.h"

#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/text.h"

#define NOW_DEFAULT "2026-11-18T12:00:00Z" /* a Wednesday */
#define DAY_S ((int64_t)86400)
#define BYTES_MAX ((size_t)8 << 20) /* of one word */

void fakecase_init(struct fakecase *c, struct arena *arena,
    const struct policy *policy)
{
	memset(c, 0, sizeof(*c));
	c->arena = arena;
	c->policy = policy;
	c->push.options_known = true;
	fakeview_init(&c->fake, arena, &c->view);
	(void)str_to_time(NOW_DEFAULT, &c->now, NULL);
	c->clock = c->now - 40 * DAY_S;
	c->entered = c->now - 30 * DAY_S;
}

/* ---- words ---------------------------------------------------------------- */

static const char *hex_of(struct fakecase *c, const char *name)
{
	const char *colon = strchr(name, ':');
	const char *base = colon
	    ? arena_strndup(c->arena, name, (size_t)(colon - name))
	    : name;
	const struct fake_object *object = fake_named(&c->fake, base);

	if (!object)
		return NULL;
	if (!colon)
		return arena_strdup(c->arena, oid_hex(&object->oid).s);
	if (strcmp(colon, ":8") == 0)
		return arena_strdup(c->arena, oid_hex8(&object->oid).s);
	if (strcmp(colon, ":tree") == 0)
		return arena_strdup(c->arena, oid_hex(&object->tree).s);
	return NULL;
}

/* %NAME%, where there is such an object; any other % is a %. */
static const char *put_in(struct fakecase *c, const char *line)
{
	struct buf buf;

	buf_init(&buf, c->arena, BYTES_MAX);
	for (const char *p = line; *p;) {
		const char *end = *p == '%' ? strchr(p + 1, '%') : NULL;
		const char *hex = end
		    ? hex_of(c,
			  arena_strndup(c->arena, p + 1,
			      (size_t)(end - p - 1)))
		    : NULL;

		if (hex) {
			buf_adds(&buf, hex);
			p = end + 1;
		} else {
			buf_addc(&buf, *p++);
		}
	}
	return buf.p;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* One character of a quoted text; the cursor moves behind it. */
static int quoted_char(const char **at, char *ret, struct err *err)
{
	const char *p = *at;

	if (*p != '\\') {
		*ret = *p;
		*at = p + 1;
		return 0;
	}
	*at = p + 2;
	switch (p[1]) {
	case 'n':
		*ret = '\n';
		return 0;
	case 't':
		*ret = '\t';
		return 0;
	case '\\':
	case '"':
		*ret = p[1];
		return 0;
	case 'x':
		if (hex_digit(p[2]) < 0 || hex_digit(p[3]) < 0)
			break;
		*ret = (char)(hex_digit(p[2]) * 16 + hex_digit(p[3]));
		*at = p + 4;
		return 0;
	default:
		break;
	}
	return err_set(err, ERR_FORMAT, "an escape that is none: '\\%c'",
	    p[1]);
}

/* Between quotes, and `*N` behind them. */
static int quoted(struct fakecase *c, const char **at, struct buf *out,
    struct err *err)
{
	const char *p = *at + 1, *digits;
	uint64_t times = 1;
	struct buf text;

	buf_init(&text, c->arena, BYTES_MAX);
	while (*p && *p != '"') {
		char one = 0;

		if (quoted_char(&p, &one, err) < 0)
			return -1;
		buf_addc(&text, one);
	}
	if (*p++ != '"')
		return err_set(err, ERR_FORMAT, "a quote is not closed");
	if (*p == '*') {
		digits = p + 1;
		for (p = digits; *p >= '0' && *p <= '9'; p++)
			;
		if (!str_to_u64(arena_strndup(c->arena, digits,
				    (size_t)(p - digits)),
			BYTES_MAX, &times))
			return err_set(err, ERR_FORMAT, "how often?");
	}
	for (uint64_t i = 0; i < times; i++)
		buf_add(out, text.p, text.len);
	*at = p;
	return 0;
}

static int next_word(struct fakecase *c, const char **at, struct word *ret,
    struct err *err)
{
	const char *p = *at;
	struct buf buf;
	bool whole = *p == '"';

	buf_init(&buf, c->arena, BYTES_MAX);
	while (*p && *p != ' ' && *p != '\t') {
		if (*p == '"') {
			if (quoted(c, &p, &buf, err) < 0)
				return -1;
			continue;
		}
		whole = false;
		buf_addc(&buf, *p++);
	}
	if (buf.overflow)
		return err_set(err, ERR_LIMIT, "a word is too long");
	*ret = (struct word){ buf.p, buf.len, whole };
	*at = p;
	return 0;
}

int fakecase_words(struct fakecase *c, const char *line, struct words *ret,
    struct err *err)
{
	const char *p = put_in(c, line);
	struct words words = { NULL, 0, 0 };

	for (;;) {
		struct word word;

		p += strspn(p, " \t");
		if (!*p || *p == '#')
			break;
		if (next_word(c, &p, &word, err) < 0)
			return -1;
		ARRAY_PUSH(c->arena, &words, word);
	}
	*ret = words;
	return 0;
}

const char *fakecase_ref(struct fakecase *c, const struct word *word)
{
	if (word->quoted || str_prefix(word->text, "refs/"))
		return word->text;
	return arena_printf(c->arena, "refs/heads/%s", word->text);
}

int fakecase_object(struct fakecase *c, const char *name, struct oid *ret,
    struct err *err)
{
	const struct fake_object *object = fake_named(&c->fake, name);

	if (object) {
		*ret = object->oid;
		return 0;
	}
	if (strcmp(name, "-") == 0) {
		memset(ret, 0, sizeof(*ret));
		return 0;
	}
	if (strlen(name) == OID_HEX && oid_parse(name, ret))
		return 0;
	return err_set(err, ERR_FORMAT, "no object is called '%s'", name);
}

static int read_time(const struct fakecase *c, const char *word, int64_t *ret,
    struct err *err)
{
	uint64_t seconds;

	if (*word == '+' || *word == '-') {
		if (str_to_duration(word + 1, &seconds)) {
			*ret = *word == '-' ? c->now - (int64_t)seconds
					    : c->now + (int64_t)seconds;
			return 0;
		}
	} else if (str_to_time(word, ret, NULL)) {
		return 0;
	}
	return err_set(err, ERR_FORMAT, "'%s' is not a time", word);
}

/* The value of `key=value`, or NULL. */
static const char *value_of(const struct word *word, const char *key)
{
	size_t len = strlen(key);

	if (strncmp(word->text, key, len) != 0 || word->text[len] != '=')
		return NULL;
	return word->text + len + 1;
}

static int too_few(const struct words *words, size_t n, struct err *err)
{
	if (words->n >= n)
		return 0;
	return err_set(err, ERR_FORMAT, "'%s' wants more words",
	    words->v[0].text);
}

static int what_is(const struct word *word, struct err *err)
{
	return err_set(err, ERR_FORMAT, "what is '%s'?", word->text);
}

/* ---- history --------------------------------------------------------------- */

struct making { /* a commit */
	const char *name;
	struct oids parents;
	struct fake_path *paths;
	size_t npaths, cap;
	const char *author, *committer, *message, *trailers;
	int64_t date;
};

static void set_path(struct fakecase *c, struct making *making,
    const char *path, const struct view_entry *entry)
{
	struct {
		struct fake_path *v;
		size_t n, cap;
	} list = { making->paths, making->npaths, making->cap };
	size_t kept = 0;

	for (size_t i = 0; i < list.n; i++)
		if (strcmp(list.v[i].path, path) != 0)
			list.v[kept++] = list.v[i];
	list.n = kept;
	if (entry)
		ARRAY_PUSH(c->arena, &list,
		    (struct fake_path){ path, *entry });
	making->paths = list.v;
	making->npaths = list.n;
	making->cap = list.cap;
}

static void take_tree(struct fakecase *c, struct making *making,
    const struct oid *tree)
{
	const struct fake_object *object = fake_find(&c->fake, tree);

	making->paths = NULL;
	making->npaths = making->cap = 0;
	for (size_t i = 0; object && i < object->npaths; i++)
		set_path(c, making, object->paths[i].path,
		    &object->paths[i].entry);
}

static int tree_of(struct fakecase *c, const char *name, struct oid *ret,
    struct err *err)
{
	struct oid oid;

	if (fakecase_object(c, name, &oid, err) < 0)
		return -1;
	*ret = fake_find(&c->fake, &oid)->tree;
	return 0;
}

/* The tree that the edits start from. */
static int begin_tree(struct fakecase *c, struct making *making,
    const struct words *words, size_t from, struct err *err)
{
	struct oid tree = { { 0 } };
	const struct oids *parents = &making->parents;

	for (size_t i = from; i < words->n; i++) {
		const char *text = words->v[i].text;

		if (strcmp(text, "ours") == 0 && parents->n > 0)
			tree = fake_find(&c->fake, &parents->v[0])->tree;
		else if (strcmp(text, "theirs") == 0 && parents->n > 1)
			tree = fake_find(&c->fake, &parents->v[1])->tree;
		else if (str_prefix(text, "tree:") &&
		    tree_of(c, text + 5, &tree, err) < 0)
			return -1;
	}
	if (oid_is_zero(&tree) && parents->n == 1)
		tree = fake_find(&c->fake, &parents->v[0])->tree;
	if (oid_is_zero(&tree) && parents->n > 1 &&
	    fake_merge_trees(&c->fake, &parents->v[0], &parents->v[1],
		&tree) != MERGE_CLEAN)
		return err_set(err, ERR_FORMAT,
		    "%s is no clean merge: ours, theirs or tree:X?",
		    making->name);
	take_tree(c, making, &tree);
	return 0;
}

static int edit_path(struct fakecase *c, struct making *making,
    const struct word *word, struct err *err)
{
	const char *equal = strchr(word->text, '=');
	const char *path =
	    arena_strndup(c->arena, word->text, (size_t)(equal - word->text));
	const char *at = strrchr(path, '@');
	struct view_entry entry = { .mode = 0100644 };
	size_t len = word->len - (size_t)(equal + 1 - word->text);
	unsigned mode = 0;

	if (at) {
		for (const char *p = at + 1; *p >= '0' && *p <= '7'; p++)
			mode = mode * 8 + (unsigned)(*p - '0');
		entry.mode = mode;
		path = arena_strndup(c->arena, path, (size_t)(at - path));
	}
	if (entry.mode == 0160000) {
		if (!oid_parse(equal + 1, &entry.oid))
			return err_set(err, ERR_FORMAT,
			    "a submodule takes 40 digits");
	} else {
		entry.oid = fake_blob(&c->fake, NULL, equal + 1, len)->oid;
	}
	set_path(c, making, path, &entry);
	return 0;
}

static int set_about(struct fakecase *c, struct making *making,
    const struct word *word, struct err *err)
{
	struct oid oid;
	const char *value;

	if ((value = value_of(word, "@author")) != NULL)
		making->author = value;
	else if ((value = value_of(word, "@committer")) != NULL)
		making->committer = value;
	else if ((value = value_of(word, "@message")) != NULL)
		making->message = value;
	else if ((value = value_of(word, "@trailer")) != NULL)
		making->trailers = arena_printf(c->arena, "%s%s\n",
		    making->trailers, value);
	else if ((value = value_of(word, "@date")) != NULL)
		return read_time(c, value, &making->date, err);
	else if ((value = value_of(word, "@promotes")) == NULL)
		return what_is(word, err);
	else if (fakecase_object(c, value, &oid, err) < 0)
		return -1;
	else
		making->trailers = arena_printf(c->arena, "%sPromotes: %s\n",
		    making->trailers, oid_hex(&oid).s);
	return 0;
}

static int edit(struct fakecase *c, struct making *making,
    const struct word *word, struct err *err)
{
	const char *text = word->text;

	if (strcmp(text, "ours") == 0 || strcmp(text, "theirs") == 0 ||
	    str_prefix(text, "tree:"))
		return 0;
	if (*text == '@')
		return set_about(c, making, word, err);
	if (*text == '-') {
		set_path(c, making, text + 1, NULL);
		return 0;
	}
	if (strchr(text, '='))
		return edit_path(c, making, word, err);
	return what_is(word, err);
}

static void add_commit(struct fakecase *c, struct making *making)
{
	struct oid tree =
	    fake_tree(&c->fake, making->paths, making->npaths)->oid;
	struct fake_object *object;
	struct buf buf;

	buf_init(&buf, c->arena, BYTES_MAX);
	buf_addf(&buf, "tree %s\n", oid_hex(&tree).s);
	for (size_t i = 0; i < making->parents.n; i++)
		buf_addf(&buf, "parent %s\n",
		    oid_hex(&making->parents.v[i]).s);
	buf_addf(&buf, "author %s %lld +0000\n", making->author,
	    (long long)making->date);
	buf_addf(&buf, "committer %s %lld +0000\n\n", making->committer,
	    (long long)making->date);
	buf_adds(&buf, making->message);
	if (*making->trailers)
		buf_addf(&buf, "\n%s", making->trailers);
	object = fake_object(&c->fake, making->name, OBJECT_COMMIT, buf.p,
	    buf.len);
	object->tree = tree;
	object->parents = making->parents;
	object->date = making->date;
}

static struct making making_of(struct fakecase *c, const char *name)
{
	struct making making = { .name = name,
		.author = "Alice <alice@example.com>",
		.trailers = "" };

	making.message = arena_printf(c->arena, "Commit %s\n", name);
	making.date = c->clock += 60;
	return making;
}

static int is_new_name(const struct fakecase *c, const char *name,
    struct err *err)
{
	if (!fake_named(&c->fake, name))
		return 0;
	return err_set(err, ERR_FORMAT, "'%s' is there already", name);
}

static bool is_edit(const struct word *word)
{
	const char *text = word->text;

	return *text == '@' || *text == '-' || strchr(text, '=') ||
	    strcmp(text, "ours") == 0 || strcmp(text, "theirs") == 0 ||
	    str_prefix(text, "tree:");
}

/* commit NAME [< PARENT..] [EDIT..] */
static int run_commit(struct fakecase *c, const struct words *words,
    struct err *err)
{
	struct making making;
	size_t i = 2;

	if (too_few(words, 2, err) < 0 ||
	    is_new_name(c, words->v[1].text, err) < 0)
		return -1;
	making = making_of(c, words->v[1].text);
	if (i < words->n && strcmp(words->v[i].text, "<") == 0) {
		for (i++; i < words->n && !is_edit(&words->v[i]); i++) {
			struct oid parent;

			if (fakecase_object(c, words->v[i].text, &parent,
				err) < 0)
				return -1;
			ARRAY_PUSH(c->arena, &making.parents, parent);
		}
	}
	if (begin_tree(c, &making, words, i, err) < 0)
		return -1;
	for (; i < words->n; i++)
		if (edit(c, &making, &words->v[i], err) < 0)
			return -1;
	if (!making.committer)
		making.committer = making.author;
	add_commit(c, &making);
	return 0;
}

/* chain NAME COUNT < PARENT */
static int run_chain(struct fakecase *c, const struct words *words,
    struct err *err)
{
	const char *parent;
	uint64_t n;

	if (too_few(words, 5, err) < 0)
		return -1;
	if (!str_to_u64(words->v[2].text, 10000, &n))
		return what_is(&words->v[2], err);
	parent = words->v[4].text;
	for (uint64_t i = 1; i <= n; i++) {
		const char *name = arena_printf(c->arena, "%s%llu",
		    words->v[1].text, (unsigned long long)i);
		const char *line = arena_printf(c->arena,
		    "commit %s < %s %s=%llu", name, parent, words->v[1].text,
		    (unsigned long long)i);
		struct words one;

		if (fakecase_words(c, line, &one, err) < 0 ||
		    run_commit(c, &one, err) < 0)
			return -1;
		parent = name;
	}
	return 0;
}

static int run_blob(struct fakecase *c, const struct words *words,
    struct err *err)
{
	if (too_few(words, 3, err) < 0)
		return -1;
	fake_blob(&c->fake, words->v[1].text, words->v[2].text,
	    words->v[2].len);
	return 0;
}

/* tag NAME OBJECT [@name=] [@type=] [@message=] [@tagger=] */
static int run_tag(struct fakecase *c, const struct words *words,
    struct err *err)
{
	static const char *const kinds[] = { "commit", "commit", "tree",
		"blob", "tag" };
	const char *name, *type, *message = "A tag\n", *value;
	const char *tagger = "Alice <alice@example.com>";
	const struct fake_object *target;
	struct oid oid;
	struct buf buf;

	if (too_few(words, 3, err) < 0 ||
	    is_new_name(c, words->v[1].text, err) < 0 ||
	    fakecase_object(c, words->v[2].text, &oid, err) < 0)
		return -1;
	name = words->v[1].text;
	target = fake_find(&c->fake, &oid);
	type = target ? kinds[target->kind] : "commit";
	for (size_t i = 3; i < words->n; i++) {
		if ((value = value_of(&words->v[i], "@name")) != NULL)
			name = value;
		else if ((value = value_of(&words->v[i], "@type")) != NULL)
			type = value;
		else if ((value = value_of(&words->v[i], "@message")) != NULL)
			message = value;
		else if ((value = value_of(&words->v[i], "@tagger")) != NULL)
			tagger = value;
		else
			return what_is(&words->v[i], err);
	}
	buf_init(&buf, c->arena, BYTES_MAX);
	buf_addf(&buf, "object %s\ntype %s\ntag %s\n", oid_hex(&oid).s, type,
	    name);
	if (*tagger)
		buf_addf(&buf, "tagger %s %lld +0000\n", tagger,
		    (long long)c->now);
	buf_addf(&buf, "\n%s", message);
	fake_object(&c->fake, words->v[1].text, OBJECT_TAG, buf.p, buf.len);
	return 0;
}

static int run_broken(struct fakecase *c, const struct words *words,
    struct err *err)
{
	struct fake_object *object;

	if (too_few(words, 3, err) < 0)
		return -1;
	object = fake_named(&c->fake, words->v[1].text);
	if (!object)
		return what_is(&words->v[1], err);
	object->complaint = words->v[2].text;
	return 0;
}

static int run_missing(struct fakecase *c, const struct words *words,
    struct err *err)
{
	if (too_few(words, 2, err) < 0)
		return -1;
	fake_object(&c->fake, words->v[1].text, OBJECT_MISSING,
	    words->v[1].text, words->v[1].len);
	return 0;
}

static int run_ref(struct fakecase *c, const struct words *words,
    struct err *err)
{
	struct oid oid;

	if (too_few(words, 3, err) < 0)
		return -1;
	if (strcmp(words->v[2].text, "->") == 0) {
		if (too_few(words, 4, err) < 0)
			return -1;
		fake_ref(&c->fake, fakecase_ref(c, &words->v[1]), NULL,
		    fakecase_ref(c, &words->v[3]));
		return 0;
	}
	if (fakecase_object(c, words->v[2].text, &oid, err) < 0)
		return -1;
	fake_ref(&c->fake, fakecase_ref(c, &words->v[1]), &oid, NULL);
	return 0;
}

/* merge-tree OURS THEIRS TREE|conflict [scratch] */
static int run_merge_tree(struct fakecase *c, const struct words *words,
    struct err *err)
{
	struct fake_merge merge = { .conflict = false };

	if (too_few(words, 4, err) < 0 ||
	    fakecase_object(c, words->v[1].text, &merge.ours, err) < 0 ||
	    fakecase_object(c, words->v[2].text, &merge.theirs, err) < 0)
		return -1;
	if (strcmp(words->v[3].text, "conflict") == 0)
		merge.conflict = true;
	else if (tree_of(c, words->v[3].text, &merge.tree, err) < 0)
		return -1;
	merge.scratch =
	    words->n > 4 && strcmp(words->v[4].text, "scratch") == 0;
	ARRAY_PUSH(c->arena, &c->fake.merges, merge);
	return 0;
}

static int run_now(struct fakecase *c, const struct words *words,
    struct err *err)
{
	if (too_few(words, 2, err) < 0 ||
	    read_time(c, words->v[1].text, &c->now, err) < 0)
		return -1;
	c->clock = c->now - 40 * DAY_S;
	c->entered = c->now - 30 * DAY_S;
	return 0;
}

/* ---- ledger ----------------------------------------------------------------- */

static const char *const transitions[] = {
	[TRANSITION_FAST_FORWARD] = "fast-forward",
	[TRANSITION_MERGE] = "merge",
	[TRANSITION_SQUASH] = "squash",
	[TRANSITION_CREATE] = "create",
	[TRANSITION_ROLLBACK] = "rollback",
	[TRANSITION_REWIND] = "rewind",
	[TRANSITION_DELETE] = "delete",
	[TRANSITION_ENTRY] = "entry",
	[TRANSITION_OTHER] = "other",
};

const char *fakecase_transition_text(enum transition kind)
{
	return transitions[kind];
}

bool fakecase_transition(const char *word, enum transition *ret)
{
	for (size_t i = 0; i < sizeof(transitions) / sizeof(*transitions);
	     i++) {
		if (strcmp(word, transitions[i]) == 0) {
			*ret = (enum transition)i;
			return true;
		}
	}
	return false;
}

static bool read_state(const char *word, enum passage_state *ret)
{
	static const char *const states[] = { "accepted", "warned",
		"recovered", "adopted", "unobserved" };

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		if (strcmp(word, states[i]) == 0) {
			*ret = (enum passage_state)i;
			return true;
		}
	}
	return false;
}

static int read_entry_word(struct fakecase *c, const struct word *word,
    struct fake_entry *entry, struct err *err)
{
	struct view_entry_record *record = &entry->record;
	const char *value;

	if ((value = value_of(word, "at")) != NULL)
		return read_time(c, value, &record->at, err);
	if ((value = value_of(word, "by")) != NULL)
		record->by = value;
	else if ((value = value_of(word, "stage")) != NULL)
		record->stage = value;
	else if ((value = value_of(word, "candidate")) != NULL)
		return fakecase_object(c, value, &record->candidate, err);
	else if ((value = value_of(word, "restored")) != NULL)
		return fakecase_object(c, value, &entry->restored, err);
	else if ((value = value_of(word, "kind")) != NULL) {
		if (!fakecase_transition(value, &record->kind))
			return what_is(word, err);
	} else if ((value = value_of(word, "state")) == NULL ||
	    !read_state(value, &record->state)) {
		return what_is(word, err);
	}
	return 0;
}

/* entry REF TIP [KEY=VALUE..] */
static int run_entry(struct fakecase *c, const struct words *words,
    struct err *err)
{
	struct fake_entry entry = { .record = { .kind = TRANSITION_OTHER,
					.by = "alice",
					.at = c->entered } };
	const struct stage *stage;

	if (too_few(words, 3, err) < 0)
		return -1;
	entry.ref = fakecase_ref(c, &words->v[1]);
	stage = policy_stage_of_ref(c->policy, entry.ref, NULL);
	entry.record.stage = stage ? stage->name : "-";
	if (fakecase_object(c, words->v[2].text, &entry.record.tip, err) < 0)
		return -1;
	for (size_t i = 3; i < words->n; i++)
		if (read_entry_word(c, &words->v[i], &entry, err) < 0)
			return -1;
	c->entered = entry.record.at + 60;
	fake_enter(&c->fake, &entry);
	return 0;
}

static int run_squash(struct fakecase *c, const struct words *words,
    struct err *err)
{
	struct fake_pair pair = { .ref = NULL };

	if (too_few(words, 3, err) < 0 ||
	    fakecase_object(c, words->v[1].text, &pair.commit, err) < 0 ||
	    fakecase_object(c, words->v[2].text, &pair.candidate, err) < 0)
		return -1;
	ARRAY_PUSH(c->arena, &c->fake.squashes, pair);
	return 0;
}

static int run_inflight(struct fakecase *c, const struct words *words,
    struct err *err)
{
	struct fake_pair pair;

	if (too_few(words, 3, err) < 0)
		return -1;
	memset(&pair, 0, sizeof(pair));
	pair.ref = fakecase_ref(c, &words->v[1]);
	if (fakecase_object(c, words->v[2].text, &pair.commit, err) < 0)
		return -1;
	ARRAY_PUSH(c->arena, &c->fake.flights, pair);
	return 0;
}

static int read_evidence_word(struct fakecase *c, const struct word *word,
    struct view_evidence *evidence, struct err *err)
{
	const char *value;

	if ((value = value_of(word, "at")) != NULL)
		return read_time(c, value, &evidence->at, err);
	if ((value = value_of(word, "by")) != NULL)
		evidence->person = value;
	else if ((value = value_of(word, "matrix")) != NULL)
		evidence->matrix = value;
	else if ((value = value_of(word, "for")) != NULL)
		evidence->for_stage = value;
	else if ((value = value_of(word, "digest")) != NULL)
		evidence->digest = value;
	else if ((value = value_of(word, "expires")) != NULL) {
		evidence->has_expires = true;
		return read_time(c, value, &evidence->expires, err);
	} else if (strcmp(word->text, "signed") == 0) {
		evidence->is_signed = true;
	} else {
		return what_is(word, err);
	}
	return 0;
}

/* evidence GATE COMMIT RESULT [KEY=VALUE..] */
static int run_evidence(struct fakecase *c, const struct words *words,
    struct err *err)
{
	struct view_evidence evidence = { .person = "bob",
		.at = c->now - 3600 };
	const char *result;

	if (too_few(words, 4, err) < 0 ||
	    fakecase_object(c, words->v[2].text, &evidence.commit, err) < 0)
		return -1;
	evidence.gate = words->v[1].text;
	result = words->v[3].text;
	if (strcmp(result, "pass") == 0)
		evidence.result = EVIDENCE_PASS;
	else if (strcmp(result, "fail") == 0)
		evidence.result = EVIDENCE_FAIL;
	else if (strcmp(result, "revoke") == 0)
		evidence.result = EVIDENCE_REVOKE;
	else
		return what_is(&words->v[3], err);
	evidence.digest = arena_printf(c->arena, "%040zu",
	    c->fake.statements.n + 1);
	for (size_t i = 4; i < words->n; i++)
		if (read_evidence_word(c, &words->v[i], &evidence, err) < 0)
			return -1;
	ARRAY_PUSH(c->arena, &c->fake.statements,
	    (struct fake_statement){ evidence });
	return 0;
}

static int run_seen(struct fakecase *c, const struct words *words,
    struct err *err)
{
	if (too_few(words, 2, err) < 0)
		return -1;
	strings_add(c->arena, &c->fake.seen, words->v[1].text);
	return 0;
}

static int run_last(struct fakecase *c, const struct words *words,
    struct err *err)
{
	if (too_few(words, 2, err) < 0)
		return -1;
	return read_time(c, words->v[1].text, &c->fake.last_time, err);
}

static int run_repository(struct fakecase *c, const struct words *words,
    struct err *err)
{
	if (too_few(words, 2, err) < 0)
		return -1;
	c->view.repository_id = words->v[1].text;
	return 0;
}

/* ---- push --------------------------------------------------------------------- */

/* push PUSHER [REF NEW [old=X]].. */
static int run_push(struct fakecase *c, const struct words *words,
    struct err *err)
{
	if (too_few(words, 2, err) < 0)
		return -1;
	c->has_push = true;
	c->push.pusher = strcmp(words->v[1].text, "-") == 0
	    ? NULL
	    : words->v[1].text;
	if (!c->push.pusher)
		c->push.pusher_problem = "the server did not say who pushes";
	for (size_t i = 2; i + 1 < words->n; i += 2) {
		struct update update = {
			.ref = fakecase_ref(c, &words->v[i])
		};
		const char *old = NULL;

		if (fakecase_object(c, words->v[i + 1].text, &update.new,
			err) < 0)
			return -1;
		if (i + 2 < words->n)
			old = value_of(&words->v[i + 2], "old");
		update.old = fake_ref_oid(&c->fake, update.ref);
		if (old) {
			if (fakecase_object(c, old, &update.old, err) < 0)
				return -1;
			i++;
		}
		ARRAY_PUSH(c->arena, &c->push.updates, update);
	}
	return 0;
}

static int run_option(struct fakecase *c, const struct words *words,
    struct err *err)
{
	if (too_few(words, 2, err) < 0)
		return -1;
	strings_add(c->arena, &c->push.options, words->v[1].text);
	return 0;
}

static int run_expired(struct fakecase *c, const struct words *words,
    struct err *err)
{
	(void)words;
	(void)err;
	c->expired = true;
	return 0;
}

typedef int run_fn(struct fakecase *c, const struct words *words,
    struct err *err);

int fakecase_run(struct fakecase *c, const struct words *words,
    bool *ret_known, struct err *err)
{
	static const struct {
		const char *name;
		run_fn *run;
	} directives[] = {
		{ "now", run_now },
		{ "commit", run_commit },
		{ "chain", run_chain },
		{ "blob", run_blob },
		{ "tag", run_tag },
		{ "broken", run_broken },
		{ "missing", run_missing },
		{ "ref", run_ref },
		{ "merge-tree", run_merge_tree },
		{ "entry", run_entry },
		{ "squash", run_squash },
		{ "evidence", run_evidence },
		{ "seen", run_seen },
		{ "inflight", run_inflight },
		{ "last", run_last },
		{ "repository", run_repository },
		{ "push", run_push },
		{ "option", run_option },
		{ "expired", run_expired },
	};

	*ret_known = true;
	for (size_t i = 0; i < sizeof(directives) / sizeof(*directives); i++)
		if (strcmp(words->v[0].text, directives[i].name) == 0)
			return directives[i].run(c, words, err);
	*ret_known = false;
	return 0;
}
