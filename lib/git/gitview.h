#ifndef GIT_GITVIEW_H
#define GIT_GITVIEW_H

#include "git/history.h"
#include "git/repo.h"
#include "judge/view.h"

/* Fills the repository half of a view (judge/view.h) from a repository. The
 * ledger half is filled by record/ledgerview.h. */
struct gitview;
struct gitview *gitview_new(
    struct arena *arena, struct repo *repo, struct view *view);
void gitview_free(struct gitview *gitview); /* NULL is allowed */
struct history *gitview_history(struct gitview *gitview);

#endif
