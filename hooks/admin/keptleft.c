#include <stdlib.h>
#include <string.h>

#include "kept.h"
#include "record/words.h"

#define ENTRIES_MAX 10000000 /* of one ref: more than any ledger has */

/* The history of the ref that is looked at, read once for all its tips. */
struct history_of {
	const char *ref; /* NULL: none yet */
	struct oid on_disk;
	struct view_entry_records entries; /* newest first */
};

static int read_history(struct admin *admin, const char *ref,
    struct history_of *ret, struct err *err)
{
	const struct view *view = &admin->session.view;
	struct view_ref there;

	if (ret->ref && strcmp(ret->ref, ref) == 0)
		return 0;
	if (view->entries(view->ledger, admin->arena, ref, ENTRIES_MAX,
		&ret->entries, err) < 0 ||
	    view->ref(view->git, admin->arena, ref, &there, err) < 0)
		return -1;
	ret->on_disk = there.oid;
	ret->ref = ref;
	return 0;
}

/* ---- a tip that the ref had ------------------------------------------- */

static void take_entry(
    struct left *left, enum left_how how, const struct view_entry_record *entry)
{
	left->how = how;
	left->at = entry->at;
	left->by = entry->by;
	left->kind = entry->kind;
}

/* How it was left last. */
static void find_move(struct left *left, const struct history_of *history)
{
	const struct view_entry_records *entries = &history->entries;

	if (oid_eq(&history->on_disk, &left->tip.oid)) {
		left->how = LEFT_NOT;
		return;
	}
	for (size_t i = 0; i < entries->n; i++) {
		if (!oid_eq(&entries->v[i].tip, &left->tip.oid))
			continue;
		/* The newest one: what came after is not recorded yet. */
		if (i == 0)
			left->how = LEFT_NOT;
		else
			take_entry(left, LEFT_BY_MOVE, &entries->v[i - 1]);
		return;
	}
}

/* ---- what a squash brought in ----------------------------------------- */

/* The first entry of the ref whose tip contains the squash commit, which need
 * not be a tip itself. */
static int find_squash(struct admin *admin, const struct oid *squash,
    const struct history_of *history, struct left *left, struct err *err)
{
	const struct view *view = &admin->session.view;

	for (size_t i = history->entries.n; i-- > 0;) {
		const struct view_entry_record *entry = &history->entries.v[i];
		bool contains;

		if (oid_is_zero(&entry->tip))
			continue;
		if (view->is_ancestor(
			view->git, squash, &entry->tip, &contains, err) < 0)
			return -1;
		if (contains &&
		    (left->how == LEFT_UNKNOWN || entry->at > left->at))
			take_entry(left, LEFT_BY_SQUASH, entry);
		if (contains)
			break;
	}
	return 0;
}

static int find_squashes(struct admin *admin, const struct history_of *history,
    struct left *left, struct err *err)
{
	const struct view *view = &admin->session.view;
	struct oids squashes = { NULL, 0, 0 };

	if (view->squashes(
		view->ledger, admin->arena, &left->tip.oid, &squashes, err) < 0)
		return -1;
	for (size_t i = 0; i < squashes.n; i++)
		if (find_squash(admin, &squashes.v[i], history, left, err) < 0)
			return -1;
	return 0;
}

/* ---- all of them ------------------------------------------------------ */

static int find_subject(struct admin *admin, struct left *left, struct err *err)
{
	const struct view *view = &admin->session.view;
	const char *complaint = NULL;
	struct commit commit;

	if (view->commit(view->git, admin->arena, &left->tip.oid, &commit,
		&complaint, err) < 0)
		return -1;
	if (!complaint)
		left->subject = commit_subject(admin->arena, &commit);
	return 0;
}

static int by_ref_and_time(const void *a, const void *b)
{
	const struct left *x = a, *y = b;
	int order = strcmp(x->tip.ref, y->tip.ref);

	if (order == 0)
		order = (x->at < y->at) - (x->at > y->at);
	return order ? order : strcmp(x->tip.name, y->tip.name);
}

static int find(struct admin *admin, const struct kept_tip *tip,
    struct history_of *history, struct left *left, struct err *err)
{
	left->tip = *tip;
	if (find_subject(admin, left, err) < 0 ||
	    read_history(admin, tip->ref, history, err) < 0)
		return -1;
	find_move(left, history);
	return left->how == LEFT_UNKNOWN
	    ? find_squashes(admin, history, left, err)
	    : 0;
}

int lefts_find(
    struct admin *admin, const char *ref, struct lefts *ret, struct err *err)
{
	struct history_of history = { .ref = NULL };
	struct lefts lefts = { NULL, 0, 0 };
	struct strings odd;
	struct kept_tips tips;

	if (kept_list(
		admin->arena, admin->session.repo, ref, &tips, &odd, err) < 0)
		return -1;
	for (size_t i = 0; i < odd.n; i++)
		admin_note(admin, "warning: ",
		    "%s is not at the commit that it is named after", odd.v[i]);
	for (size_t i = 0; i < tips.n; i++) {
		struct left left = { .subject = NULL };

		if (find(admin, &tips.v[i], &history, &left, err) < 0)
			return -1;
		ARRAY_PUSH(admin->arena, &lefts, left);
	}
	if (lefts.n > 1)
		qsort(lefts.v, lefts.n, sizeof(*lefts.v), by_ref_and_time);
	*ret = lefts;
	return 0;
}

const char *left_word(const struct left *left)
{
	switch (left->how) {
	case LEFT_NOT:
		return "present";
	case LEFT_BY_MOVE:
		return transition_text(left->kind);
	case LEFT_BY_SQUASH:
		return "squash";
	case LEFT_UNKNOWN:
		break;
	}
	return "unknown";
}

json_t *left_json(struct arena *arena, const struct left *left)
{
	json_t *object = json_object();
	bool known = left->how == LEFT_BY_MOVE || left->how == LEFT_BY_SQUASH;

	json_object_set_new(object, "ref", json_text(arena, left->tip.ref));
	json_object_set_new(object, "commit", json_oid(&left->tip.oid));
	json_object_set_new(object, "subject", json_text(arena, left->subject));
	json_object_set_new(object, "how", json_string(left_word(left)));
	json_object_set_new(
	    object, "since", known ? json_time(arena, left->at) : json_null());
	json_object_set_new(object, "by", json_text(arena, left->by));
	return object;
}
