#include "notify/changes.h"

#include <string.h>

/* The first line, no character of which is cut in two. */
static const char *subject_of(struct arena *arena, const char *message)
{
	size_t len = strcspn(message, "\n");

	if (len > EVENT_SUBJECT_MAX) {
		len = EVENT_SUBJECT_MAX;
		while (len > 0 && ((unsigned char)message[len] & 0xc0) == 0x80)
			len--;
	}
	return arena_strndup(arena, message, len);
}

/* False where there is no such commit, or none that can be read. */
static bool add_change(struct arena *arena, const struct view *view,
    const struct oid *oid, struct event *event, struct oid *ret_parent)
{
	struct event_change change = { .commit = *oid };
	const char *complaint;
	struct commit commit;
	struct err ignored;

	if (view->commit(view->git, arena, oid, &commit, &complaint, &ignored) <
		0 ||
	    complaint)
		return false;
	change.subject = subject_of(arena, commit.message);
	change.author = commit.author.name;
	ARRAY_PUSH(arena, &event->changes, change);
	memset(ret_parent, 0, sizeof(*ret_parent));
	if (commit.parents.n > 0)
		*ret_parent = commit.parents.v[0];
	return true;
}

static void list_first_parents(struct arena *arena, const struct view *view,
    const struct oid *tip, const struct oid *base, struct event *event)
{
	struct oid at = *tip, parent;

	event->changes_more = SIZE_MAX;
	while (!oid_is_zero(&at) && !oid_eq(&at, base) &&
	    event->changes.n < EVENT_CHANGES_MAX) {
		if (!add_change(arena, view, &at, event, &parent))
			return;
		at = parent;
	}
	if (oid_is_zero(&at) || oid_eq(&at, base))
		event->changes_more = 0;
}

void changes_list(struct arena *arena, const struct view *view,
    const struct oid *tip, const struct oid *base, struct event *event)
{
	struct oids tips = { NULL, 0, 0 }, hide = tips, found = tips;
	struct err ignored;
	struct oid parent;

	if (oid_is_zero(tip))
		return;
	ARRAY_PUSH(arena, &tips, *tip);
	if (!oid_is_zero(base))
		ARRAY_PUSH(arena, &hide, *base);
	if (view->walk(view->git, arena, &tips, &hide, NULL, NULL,
		CHANGES_WALK_MAX, &found, &ignored) < 0) {
		list_first_parents(arena, view, tip, base, event);
		return;
	}
	for (size_t i = found.n; i > 0; i--) {
		if (event->changes.n == EVENT_CHANGES_MAX ||
		    !add_change(arena, view, &found.v[i - 1], event, &parent)) {
			event->changes_more = i;
			return;
		}
	}
}
