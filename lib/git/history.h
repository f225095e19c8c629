#ifndef GIT_HISTORY_H
#define GIT_HISTORY_H

#include "git/repo.h"
#include "judge/view.h"

/*
 * Questions about the commit graph, answered from the commit-graph file where
 * there is one and from the commits themselves otherwise, each commit read at
 * most once a run.  Replace refs, grafts and shallow files are never honoured.
 * A missing parent is ERR_NOTFOUND, so that it refuses.
 *
 * All answers are exact whatever dates commits carry; dates only order the
 * search.
 */
struct history;

struct history *history_new(struct arena *arena, struct repo *repo);
void history_free(struct history *history); /* NULL is allowed */

/* Is a an ancestor of b, or b itself?  Cut off by generation numbers. */
int history_is_ancestor(struct history *h, const struct oid *a,
    const struct oid *b, bool *ret, struct err *err);
/* All best common ancestors; none for unrelated histories. */
int history_merge_bases(struct history *h, struct arena *arena,
    const struct oid *a, const struct oid *b, struct oids *ret,
    struct err *err);
/* Parents, tree, date without reading the whole commit where possible. */
int history_node(struct history *h, struct arena *arena, const struct oid *oid,
    struct view_node *ret, struct err *err);
/*
 * The commits reachable from `tips` and not from `hide`, nor from any commit
 * for which stop() answers true (that commit included), oldest first: parents
 * before children.  stop may be NULL.  Painted as git's limit_list does;
 * what is hidden is only ever what is truly reachable from a hidden commit.
 * At most max commits, else ERR_LIMIT.
 */
int history_walk(struct history *h, struct arena *arena,
    const struct oids *tips, const struct oids *hide, view_stop_fn *stop,
    void *stop_ctx, size_t max, struct oids *ret, struct err *err);

#endif
