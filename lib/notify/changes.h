#ifndef NOTIFY_CHANGES_H
#define NOTIFY_CHANGES_H

#include "judge/view.h"
#include "notify/event.h"

#define CHANGES_WALK_MAX ((size_t)2000) /* commits */

/*
 * Fills event->changes: the commits that `tip` has and `base` (zero: nothing)
 * has not, newest first, EVENT_CHANGES_MAX of them, and counts the others.
 * More than CHANGES_WALK_MAX are not counted (changes_more is SIZE_MAX), and
 * what is listed are first parents; so it is where an object is missing.  A
 * mail without a list is better than none, so nothing here fails.
 */
void changes_list(struct arena *arena, const struct view *view,
    const struct oid *tip, const struct oid *base, struct event *event);

#endif
