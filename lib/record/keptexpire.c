#include "record/keptexpire.h"

#include "record/appendwork.h"

static int remove_refs(
    struct state_lock *lock, const struct kept_tips *tips, struct err *err)
{
	for (size_t i = 0; i < tips->n; i++)
		if (kept_remove_under_lock(lock, &tips->v[i], err) &&
		    err->kind != ERR_MOVED)
			return err_prefix(err,
			    "the ledger says already which tips are let go, "
			    "but not all of them are");
	return 0;
}

static int let_go(struct arena *arena, struct state_lock *lock,
    struct append *append, int64_t now, const struct kept_tips *tips,
    struct err *err)
{
	if (tips->n == 0)
		return 0;
	for (size_t i = 0; i < tips->n; i++)
		ARRAY_PUSH(arena, &append->expired,
		    (struct expired_tip){ tips->v[i].ref, tips->v[i].oid });
	if (append_under_lock(arena, lock, append, now, NULL, err))
		return -1;
	return remove_refs(lock, tips, err);
}

int kept_let_go(struct arena *arena, struct repo *repo, struct append *append,
    int64_t now, kept_choose_fn *choose, void *ctx, struct err *err)
{
	struct kept_tips tips = { NULL, 0, 0 };
	struct state_lock lock;
	int status;

	if (state_lock_take(arena, repo, &lock, err))
		return -1;
	status = choose(ctx, &tips, err);
	if (status == 0)
		status = let_go(arena, &lock, append, now, &tips, err);
	state_lock_release(&lock);
	return status;
}
