#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/text.h"
#include "support/fakedirectives.h"
#include "support/fakesign.h"

struct making { /* a commit */
	const char *name;
	struct oids parents;
	struct fake_path *paths;
	size_t npaths, cap;
	const char *author, *committer, *message, *trailers;
	const char *signer; /* name of a key; NULL: unsigned */
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
		ARRAY_PUSH(c->arena, &list, (struct fake_path){ path, *entry });
	making->paths = list.v;
	making->npaths = list.n;
	making->cap = list.cap;
}

static void take_tree(
    struct fakecase *c, struct making *making, const struct oid *tree)
{
	const struct fake_object *object = fake_find(&c->fake, tree);

	making->paths = NULL;
	making->npaths = making->cap = 0;
	for (size_t i = 0; object && i < object->npaths; i++)
		set_path(
		    c, making, object->paths[i].path, &object->paths[i].entry);
}

static int tree_of(
    struct fakecase *c, const char *name, struct oid *ret, struct err *err)
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
	    fake_merge_trees(&c->fake, &parents->v[0], &parents->v[1], &tree) !=
		MERGE_CLEAN)
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
	const char *path = arena_strndup(
	    c->arena, word->text, (size_t)(equal - word->text));
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
			return err_set(
			    err, ERR_FORMAT, "a submodule takes 40 digits");
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

	if ((value = word_value(word, "@author")) != NULL)
		making->author = value;
	else if ((value = word_value(word, "@committer")) != NULL)
		making->committer = value;
	else if ((value = word_value(word, "@message")) != NULL)
		making->message = value;
	else if ((value = word_value(word, "@trailer")) != NULL)
		making->trailers = arena_printf(
		    c->arena, "%s%s\n", making->trailers, value);
	else if ((value = word_value(word, "@sign")) != NULL)
		making->signer = value;
	else if ((value = word_value(word, "@date")) != NULL)
		return fakecase_time(c, value, &making->date, err);
	else if ((value = word_value(word, "@promotes")) == NULL)
		return word_unknown(word, err);
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
	return word_unknown(word, err);
}

/* The gpgsig header after the others, made about all the rest: gitformat. */
static void sign_commit(
    struct fakecase *c, const struct making *making, struct buf *buf)
{
	const char *all = buf->p, *body = strstr(all, "\n\n") + 1;
	const char *armour;
	struct buf out;

	if (!making->signer)
		return;
	armour = fakesign_armour(c->arena, making->signer, all, buf->len);
	buf_init(&out, c->arena, BYTES_MAX);
	buf_add(&out, all, (size_t)(body - all));
	buf_adds(&out, "gpgsig");
	for (const char *line = armour; *line;) {
		size_t len = strcspn(line, "\n");

		buf_addf(&out, " %.*s\n", (int)len, line);
		line += len + 1;
	}
	buf_adds(&out, body);
	*buf = out;
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
		buf_addf(&buf, "parent %s\n", oid_hex(&making->parents.v[i]).s);
	buf_addf(&buf, "author %s %lld +0000\n", making->author,
	    (long long)making->date);
	buf_addf(&buf, "committer %s %lld +0000\n\n", making->committer,
	    (long long)making->date);
	buf_adds(&buf, making->message);
	if (*making->trailers)
		buf_addf(&buf, "\n%s", making->trailers);
	sign_commit(c, making, &buf);
	object = fake_object(
	    &c->fake, making->name, OBJECT_COMMIT, buf.p, buf.len);
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

static int is_new_name(
    const struct fakecase *c, const char *name, struct err *err)
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
int run_commit(struct fakecase *c, const struct words *words, struct err *err)
{
	struct making making;
	size_t i = 2;

	if (words_too_few(words, 2, err) < 0 ||
	    is_new_name(c, words->v[1].text, err) < 0)
		return -1;
	making = making_of(c, words->v[1].text);
	if (i < words->n && strcmp(words->v[i].text, "<") == 0) {
		for (i++; i < words->n && !is_edit(&words->v[i]); i++) {
			struct oid parent;

			if (fakecase_object(c, words->v[i].text, &parent, err) <
			    0)
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
int run_chain(struct fakecase *c, const struct words *words, struct err *err)
{
	const char *parent;
	uint64_t n;

	if (words_too_few(words, 5, err) < 0)
		return -1;
	if (!str_to_u64(words->v[2].text, 10000, &n))
		return word_unknown(&words->v[2], err);
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

int run_blob(struct fakecase *c, const struct words *words, struct err *err)
{
	if (words_too_few(words, 3, err) < 0)
		return -1;
	fake_blob(
	    &c->fake, words->v[1].text, words->v[2].text, words->v[2].len);
	return 0;
}

/* tag NAME OBJECT [@name=] [@type=] [@message=] [@tagger=] [@sign=] [@tail=] */
int run_tag(struct fakecase *c, const struct words *words, struct err *err)
{
	static const char *const kinds[] = { "commit", "commit", "tree", "blob",
		"tag" };
	const char *name, *type, *message = "A tag\n", *value;
	const char *tagger = "Alice <alice@example.com>";
	const char *signer = NULL, *tail = "";
	const struct fake_object *target;
	struct oid oid;
	struct buf buf;

	if (words_too_few(words, 3, err) < 0 ||
	    is_new_name(c, words->v[1].text, err) < 0 ||
	    fakecase_object(c, words->v[2].text, &oid, err) < 0)
		return -1;
	name = words->v[1].text;
	target = fake_find(&c->fake, &oid);
	type = target ? kinds[target->kind] : "commit";
	for (size_t i = 3; i < words->n; i++) {
		if ((value = word_value(&words->v[i], "@name")) != NULL)
			name = value;
		else if ((value = word_value(&words->v[i], "@type")) != NULL)
			type = value;
		else if ((value = word_value(&words->v[i], "@message")) != NULL)
			message = value;
		else if ((value = word_value(&words->v[i], "@tagger")) != NULL)
			tagger = value;
		else if ((value = word_value(&words->v[i], "@sign")) != NULL)
			signer = value;
		else if ((value = word_value(&words->v[i], "@tail")) != NULL)
			tail = value;
		else
			return word_unknown(&words->v[i], err);
	}
	buf_init(&buf, c->arena, BYTES_MAX);
	buf_addf(
	    &buf, "object %s\ntype %s\ntag %s\n", oid_hex(&oid).s, type, name);
	if (*tagger)
		buf_addf(
		    &buf, "tagger %s %lld +0000\n", tagger, (long long)c->now);
	buf_addf(&buf, "\n%s", message);
	if (signer)
		buf_adds(
		    &buf, fakesign_armour(c->arena, signer, buf.p, buf.len));
	buf_adds(&buf, tail);
	fake_object(&c->fake, words->v[1].text, OBJECT_TAG, buf.p, buf.len);
	return 0;
}

int run_broken(struct fakecase *c, const struct words *words, struct err *err)
{
	struct fake_object *object;

	if (words_too_few(words, 3, err) < 0)
		return -1;
	object = fake_named(&c->fake, words->v[1].text);
	if (!object)
		return word_unknown(&words->v[1], err);
	object->complaint = words->v[2].text;
	return 0;
}

int run_missing(struct fakecase *c, const struct words *words, struct err *err)
{
	if (words_too_few(words, 2, err) < 0)
		return -1;
	fake_object(&c->fake, words->v[1].text, OBJECT_MISSING,
	    words->v[1].text, words->v[1].len);
	return 0;
}

int run_ref(struct fakecase *c, const struct words *words, struct err *err)
{
	struct oid oid;

	if (words_too_few(words, 3, err) < 0)
		return -1;
	if (strcmp(words->v[2].text, "->") == 0) {
		if (words_too_few(words, 4, err) < 0)
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
int run_merge_tree(
    struct fakecase *c, const struct words *words, struct err *err)
{
	struct fake_merge merge = { .conflict = false };

	if (words_too_few(words, 4, err) < 0 ||
	    fakecase_object(c, words->v[1].text, &merge.ours, err) < 0 ||
	    fakecase_object(c, words->v[2].text, &merge.theirs, err) < 0)
		return -1;
	if (strcmp(words->v[3].text, "conflict") == 0)
		merge.conflict = true;
	else if (tree_of(c, words->v[3].text, &merge.tree, err) < 0)
		return -1;
	merge.scratch = words->n > 4 &&
	    strcmp(words->v[4].text, "scratch") == 0;
	ARRAY_PUSH(c->arena, &c->fake.merges, merge);
	return 0;
}

int run_now(struct fakecase *c, const struct words *words, struct err *err)
{
	if (words_too_few(words, 2, err) < 0 ||
	    fakecase_time(c, words->v[1].text, &c->now, err) < 0)
		return -1;
	c->clock = c->now - 40 * DAY_S;
	c->entered = c->now - 30 * DAY_S;
	return 0;
}
