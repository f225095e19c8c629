#include "judge/when.h"

#include <string.h>

#include "base/glob.h"
#include "base/text.h"
#include "judge/passage.h"

void when_init(struct when_watch *watch, const struct gate *gate)
{
	*watch = (struct when_watch){ .when = &gate->when };
}

/* ---- new commits -------------------------------------------------------- */

bool when_needs_commits(const struct when_watch *watch)
{
	return watch->when->authors.n > 0 || watch->when->trailer;
}

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* "Key: value" of the policy against a trailer: keys without case. */
static bool trailer_matches(const char *wanted, const struct trailer *trailer)
{
	const char *key = trailer->key;

	for (; *key && *wanted; key++, wanted++)
		if (fold(*key) != fold(*wanted))
			return false;
	if (*key || *wanted != ':')
		return false;
	wanted++;
	wanted += strspn(wanted, " ");
	return strcmp(wanted, trailer->value) == 0;
}

void when_commit(struct when_watch *watch, const struct policy *policy,
    struct arena *scratch, const struct commit *commit)
{
	const struct when *when = watch->when;

	if (when->authors.n > 0 && !watch->author_seen) {
		const struct person *author = policy_person_by_email(
		    policy, commit->author.email);

		watch->author_seen = author &&
		    policy_in_roles(policy, &when->authors, author->name);
	}
	if (when->trailer && !watch->trailer_seen) {
		struct trailers trailers = { 0 };

		commit_trailers(scratch, commit, &trailers);
		for (size_t i = 0; i < trailers.n; i++)
			if (trailer_matches(when->trailer, &trailers.v[i]))
				watch->trailer_seen = true;
	}
}

/* ---- the change --------------------------------------------------------- */

static bool any_path(
    const struct change *change, const struct strings *globs, bool matching)
{
	for (size_t i = 0; i < change->n; i++)
		if (globs_match(globs, change->v[i].path) == matching)
			return true;
	return false;
}

static bool is_submodule(const struct view_entry *entry)
{
	return (entry->mode & MODE_KIND) == MODE_SUBMODULE;
}

struct lines {
	uint64_t added, removed;
};

/* A submodule is one line, as in `git diff`: its commit is elsewhere. */
static int count_entry(const struct gate_facts *facts,
    const struct view_entry *from, const struct view_entry *to,
    struct lines *ret, struct err *err)
{
	const struct view *view = facts->view;
	struct oid none = { { 0 } };
	bool from_blob = from->mode != 0 && !is_submodule(from);
	bool to_blob = to->mode != 0 && !is_submodule(to);

	*ret = (struct lines){ 0, 0 };
	if (from->mode != 0 && to->mode != 0 && oid_eq(&from->oid, &to->oid))
		return 0; /* the mode alone */
	if (from_blob || to_blob) {
		if (!view->lines)
			return err_set(
			    err, ERR_INTERNAL, "lines can't be counted here");
		if (view->lines(view->git, from_blob ? &from->oid : &none,
			to_blob ? &to->oid : &none, &ret->added, &ret->removed,
			err) < 0)
			return -1;
	}
	ret->removed += is_submodule(from);
	ret->added += is_submodule(to);
	return 0;
}

/* Where several sides changed a path, lines that one of them has are not the
 * change's: never more than the least that any side gives. */
static int count_path(const struct gate_facts *facts,
    const struct path_change *path, uint64_t *ret, struct err *err)
{
	struct lines lines;

	if (count_entry(facts, &path->from, &path->to, &lines, err) < 0)
		return -1;
	for (size_t i = 0; i < path->nsides; i++) {
		struct lines side;

		if (count_entry(facts, &path->sides[i], &path->to, &side, err) <
		    0)
			return -1;
		if (side.added < lines.added)
			lines.added = side.added;
		if (side.removed < lines.removed)
			lines.removed = side.removed;
	}
	*ret = lines.added + lines.removed;
	return 0;
}

static int more_lines(const struct gate_facts *facts,
    const struct change *change, uint64_t over, bool *ret, struct err *err)
{
	uint64_t total = 0, lines;

	*ret = false;
	for (size_t i = 0; i < change->n && !*ret; i++) {
		if (count_path(facts, &change->v[i], &lines, err) < 0)
			return -1;
		total += lines;
		*ret = total > over;
	}
	return 0;
}

static int judge_change(const struct when *when, const struct gate_facts *facts,
    const char **ret_why_not, struct err *err)
{
	const struct change *change;
	bool more;

	if (when->paths.n == 0 && when->not_paths.n == 0 &&
	    !when->has_lines_over)
		return 0;
	if (facts_change(facts, &change, err) < 0)
		return -1;
	if (when->paths.n > 0 && !any_path(change, &when->paths, true)) {
		*ret_why_not = "none of its paths changed";
		return 0;
	}
	if (when->not_paths.n > 0 &&
	    !any_path(change, &when->not_paths, false)) {
		*ret_why_not = "only paths that it leaves out changed";
		return 0;
	}
	if (!when->has_lines_over)
		return 0;
	if (more_lines(facts, change, when->lines_over, &more, err) < 0)
		return -1;
	if (!more)
		*ret_why_not = arena_printf(facts->arena,
		    "at most %llu lines changed",
		    (unsigned long long)when->lines_over);
	return 0;
}

/* ---- the candidate ------------------------------------------------------ */

static int judge_stages(const struct when *when, const struct gate_facts *facts,
    const char **ret_why_not, struct err *err)
{
	struct view_passages passages = { 0 };

	if (when->stages_from.n == 0)
		return 0;
	if (facts->view->passages(facts->view->ledger, facts->arena,
		&facts->candidate, &passages, err) < 0)
		return -1;
	for (size_t i = 0; i < passages.n; i++)
		if (passage_counts(&passages.v[i]) &&
		    strings_have(&when->stages_from, passages.v[i].stage))
			return 0;
	*ret_why_not = arena_printf(
	    facts->arena, "not from %s", when->stages_from.v[0]);
	return 0;
}

int when_judge_step(const struct when_watch *watch,
    const struct gate_facts *facts, const char **ret_why_not, struct err *err)
{
	const char *why_not = NULL;

	if (judge_stages(watch->when, facts, &why_not, err) < 0)
		return -1;
	if (!why_not && judge_change(watch->when, facts, &why_not, err) < 0)
		return -1;
	*ret_why_not = why_not;
	return 0;
}

bool when_commits_hold(const struct when_watch *watch,
    const struct gate_facts *facts, const char **ret_why_not)
{
	const struct when *when = watch->when;

	if (when->authors.n > 0 && !watch->author_seen)
		*ret_why_not = "no commit of those authors";
	else if (when->trailer && !watch->trailer_seen)
		*ret_why_not = arena_printf(facts->arena, "no commit says '%s'",
		    text_clean_s(facts->arena, when->trailer));
	else
		return true;
	return false;
}

int when_judge(const struct when_watch *watch, const struct gate_facts *facts,
    const char **ret_why_not, struct err *err)
{
	if (!when_commits_hold(watch, facts, ret_why_not))
		return 0;
	return when_judge_step(watch, facts, ret_why_not, err);
}
