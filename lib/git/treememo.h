#ifndef GIT_TREEMEMO_H
#define GIT_TREEMEMO_H

#include "base/oidmap.h"
#include "judge/view.h"

/*
 * What comparisons of trees answered: private to lib/git.  The check of form
 * compares each new commit's tree with its parent's, and so does each gate
 * that looks at commits; the answers are small, the trees are not.  One
 * answer for each new tree, until MEMO_BYTES are used.
 */
#define MEMO_BYTES ((size_t)16 << 20)

struct memo_changes {
	struct view_change *v;
	size_t n, cap;
};

struct tree_memo {
	struct arena arena;   /* of what is kept */
	struct oidmap by_new; /* struct memo_answer */
	bool recording;       /* one comparison at a time */
	/* the one that is being recorded */
	struct arena scratch;
	struct memo_changes changes;
	bool failed; /* it is not to be kept */
};

struct memo_answer {
	bool has_old;
	struct oid old;
	size_t n;
	struct view_change v[];
};

void tree_memo_init(struct tree_memo *memo);
void tree_memo_release(struct tree_memo *memo);
/* NULL when it is not known. */
const struct memo_answer *tree_memo_find(const struct tree_memo *memo,
    const struct oid *old_tree, const struct oid *new_tree);
/* False when this one is not recorded; then none of the others is called. */
bool tree_memo_start(struct tree_memo *memo);
void tree_memo_add(struct tree_memo *memo, const struct view_change *change);
void tree_memo_end(struct tree_memo *memo, const struct oid *old_tree,
    const struct oid *new_tree, bool keep);

#endif
