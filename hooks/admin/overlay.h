#ifndef ADMIN_OVERLAY_H
#define ADMIN_OVERLAY_H

#include "judge/view.h"
#include "pastrefs.h"

/*
 * A view of a repository with things laid over it, so that the judge can
 * be asked what would be if:
 *
 *   remote    branches are those of a remote: refs/heads/x is what
 *             refs/remotes/<remote>/x names (a clone asks before pushing).
 *   made_up   one commit that nobody has made yet: the merge of a candidate
 *             into a stage (status asks what is still missing).
 *
 *   past      refs are where a ledger had them, and statements are there that
 *             it holds (verify judges a recorded push again).
 *
 * The tree of a made-up merge may exist nowhere; where its entries are asked
 * for, those of the candidate answer.  Nothing is written.
 */
struct past_tag { /* of a statement; its object may be gone */
	struct oid oid;
	const char *bytes;
	size_t len;
};

struct past {
	struct past_refs *refs;
	struct past_tag *tags;
	size_t ntags;
	/* Set when an object was asked for that is not there. */
	bool met_missing;
	struct oid missing;
};

struct overlay {
	const struct view *inner;
	const char *remote; /* NULL: none */
	struct past *past;  /* NULL: none */
	bool has_made_up;
	struct commit made_up;
	struct oid candidate_tree;
};

/* Fills *ret with a view over inner, which it borrows together with overlay. */
void overlay_view(
    struct overlay *overlay, const struct view *inner, struct view *ret);
/* Makes up the commit with these parents (1: a squash, 2: a merge), tree and
 * message; its id is that of nothing that exists. */
void overlay_make_up(struct overlay *overlay, struct arena *arena,
    const struct commit *commit, const struct oid *candidate_tree);

#endif
