#include <string.h>

#include "support/fakedirectives.h"

/* Repositories of submodules, which know what the table says. */
#define HOUR_S 3600

static int answer(
    const struct fake_child *child, struct view_child *ret, struct err *err)
{
	if (child->error)
		return err_set(err, ERR_IO, "%s", child->error);
	*ret = child->known;
	return 0;
}

static int get_child(void *children, struct arena *arena,
    const struct view_child_asked *asked, struct view_child *ret,
    struct err *err)
{
	const struct fakeview *fake = children;
	const struct fake_child *whole = NULL;

	(void)arena;
	*ret = (struct view_child){ .state = CHILD_MISSING,
		.why = "no such folder" };
	for (size_t i = 0; i < fake->children.n; i++) {
		const struct fake_child *child = &fake->children.v[i];

		if (strcmp(child->repository, asked->repository) != 0)
			continue;
		if (child->whole)
			whole = child;
		else if (oid_eq(&child->commit, &asked->commit))
			return answer(child, ret, err);
		else
			*ret = (struct view_child){ .state = CHILD_READ,
				.has_commit = true };
	}
	return whole ? answer(whole, ret, err) : 0;
}

/* As though it had been asked before, and was well. */
static int assume(void *children, struct arena *arena,
    const struct view_child_asked *asked, struct view_child *ret,
    struct err *err)
{
	(void)children;
	(void)arena;
	(void)asked;
	(void)err;
	*ret = (struct view_child){ .state = CHILD_ASSUMED };
	return 0;
}

void fakechild_init(struct fakeview *fake, struct view *view)
{
	view->children = fake;
	view->child = get_child;
}

static int read_passage(struct fakecase *c, const struct word *word,
    struct view_child *known, struct err *err)
{
	static const struct {
		const char *word;
		enum passage_state state;
	} states[] = { { "warned", PASSAGE_WARNED },
		{ "unobserved", PASSAGE_UNOBSERVED },
		{ "adopted", PASSAGE_ADOPTED },
		{ "recovered", PASSAGE_RECOVERED } };
	size_t len = strcspn(word->text, "/");
	const char *how = word->text[len] ? word->text + len + 1 : "";
	struct view_passage passage = { .ref = "refs/heads/some",
		.by = "alice",
		.at = (int64_t)(known->passages.n + 1) * HOUR_S,
		.withdrawn = strcmp(how, "withdrawn") == 0 };

	passage.stage = arena_strndup(c->arena, word->text, len);
	for (size_t i = 0; *how && !passage.withdrawn; i++) {
		if (i == sizeof(states) / sizeof(*states))
			return word_unknown(word, err);
		passage.state = states[i].state;
		if (strcmp(how, states[i].word) == 0)
			break;
	}
	ARRAY_PUSH(c->arena, &known->passages, passage);
	return 0;
}

static int read_link(struct fakecase *c, const struct word *word,
    struct view_child *known, struct err *err)
{
	const char *equals = strchr(word->text, '=');
	struct view_link link = { .path = arena_strndup(c->arena, word->text,
				      (size_t)(equals - word->text)) };

	if (fakecase_object(c, equals + 1, &link.commit, err) < 0)
		return -1;
	ARRAY_PUSH(c->arena, &known->links, link);
	return 0;
}

static int read_known(struct fakecase *c, const struct words *words,
    struct fake_child *child, struct err *err)
{
	struct view_child *known = &child->known;

	known->state = CHILD_READ;
	known->has_commit = true;
	if (fakecase_object(c, words->v[2].text, &child->commit, err) < 0)
		return -1;
	for (size_t i = 3; i < words->n; i++) {
		const struct word *word = &words->v[i];
		int status = 0;

		if (strcmp(word->text, "absent") == 0)
			known->has_commit = false;
		else if (strchr(word->text, '='))
			status = read_link(c, word, known, err);
		else
			status = read_passage(c, word, known, err);
		if (status < 0)
			return -1;
	}
	return 0;
}

/* True: the line is about all of a repository. */
static bool read_whole(const struct words *words, struct fake_child *child)
{
	static const struct {
		const char *word;
		enum view_child_state state;
	} states[] = { { "missing", CHILD_MISSING },
		{ "unusable", CHILD_UNUSABLE },
		{ "no-ledger", CHILD_NO_LEDGER }, { "error", CHILD_READ } };

	for (size_t i = 0; words->n == 4 && i < 4; i++) {
		if (strcmp(words->v[2].text, states[i].word) != 0)
			continue;
		child->whole = true;
		child->known.state = states[i].state;
		child->known.why = words->v[3].text;
		if (states[i].state == CHILD_READ)
			child->error = words->v[3].text;
	}
	return child->whole;
}

/* child REPOSITORY COMMIT [WORD..], child REPOSITORY missing.. TEXT */
int run_child(struct fakecase *c, const struct words *words, struct err *err)
{
	struct fake_child child = { .whole = false };

	if (words_too_few(words, 2, err) < 0)
		return -1;
	child.repository = words->v[1].text;
	if (words->n == 2 && strcmp(child.repository, "-") == 0) {
		c->view.child = NULL;
		return 0;
	}
	if (words->n == 2 && strcmp(child.repository, "=") == 0) {
		c->view.child = assume;
		return 0;
	}
	if (words_too_few(words, 3, err) < 0 ||
	    (!read_whole(words, &child) &&
		read_known(c, words, &child, err) < 0))
		return -1;
	ARRAY_PUSH(c->arena, &c->fake.children, child);
	return 0;
}
