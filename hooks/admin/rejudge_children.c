#include <string.h>

#include "gates/gate.h"
#include "rejudge.h"

/*
 * Repositories of submodules are not asked again: they are not where a clone
 * is, and what they were at the time of the record they no longer say.  What
 * they recorded is taken as it was told then, so that all else can be judged,
 * and it is said that this much can't be shown.
 */
static int answer_as_then(void *ctx, struct arena *arena,
    const struct view_child_asked *asked, struct view_child *ret,
    struct err *err)
{
	bool refused;

	(void)arena;
	if (rejudge_was_refused(ctx, asked->ref, asked->gate, &refused, err) <
	    0)
		return -1;
	*ret = (struct view_child){ .state = CHILD_ASSUMED };
	if (refused) {
		ret->state = CHILD_UNUSABLE;
		ret->why = "it is not asked again";
	}
	return 0;
}

void rejudge_children(struct rejudge_push *push, struct view *view)
{
	view->children = push;
	view->child = answer_as_then;
}

void rejudge_children_say(const struct rejudge_push *push,
    const struct ref_verdict *ref, struct complaints *ret)
{
	for (size_t i = 0; i < ref->gates.n; i++)
		if (ref->gates.v[i].state == GATE_PASSED &&
		    strcmp(ref->gates.v[i].kind, gate_children.form.kind) == 0)
			complain(push, ret, VERIFY_UNSHOWN,
			    "that gate %s passed for %s: the repositories of "
			    "submodules are not asked again",
			    ref->gates.v[i].name, ref->ref);
}
