#include "notify/told.h"

#include <string.h>

#include "git/objects.h"
#include "git/refs.h"
#include "record/statelock.h"

int told_read(struct arena *arena, struct repo *repo, bool *ret_there,
    struct oid *ret, struct err *err)
{
	struct view_ref now;
	struct oid nothing;

	if (ref_read(repo, arena, TOLD_REF, &now, err) < 0 ||
	    object_hash(OBJECT_BLOB, "", 0, &nothing, err) < 0)
		return -1;
	*ret_there = now.exists && !now.symbolic;
	memset(ret, 0, sizeof(*ret));
	if (*ret_there && !oid_eq(&now.oid, &nothing))
		*ret = now.oid;
	return 0;
}

static int write_under_lock(struct arena *arena, struct state_lock *lock,
    const struct oid *told, struct err *err)
{
	struct view_ref now;

	if (ref_read(lock->repo, arena, TOLD_REF, &now, err) < 0)
		return -1;
	if (now.exists && oid_eq(&now.oid, told))
		return 0;
	return state_lock_update(
	    lock, TOLD_REF, &now.oid, told, "stagegate: told", err);
}

int told_write(struct arena *arena, struct repo *repo, const struct oid *told,
    struct err *err)
{
	struct oid target = *told, now;
	struct state_lock lock;
	bool there;
	int status;

	if (told_read(arena, repo, &there, &now, err) < 0)
		return -1;
	if (there && oid_eq(&now, told))
		return 0;
	if (oid_is_zero(told) &&
	    object_write(repo, OBJECT_BLOB, "", 0, &target, err) < 0)
		return -1;
	if (state_lock_take(arena, repo, &lock, err) < 0)
		return -1;
	status = write_under_lock(arena, &lock, &target, err);
	state_lock_release(&lock);
	return status;
}

int told_forget(struct arena *arena, struct repo *repo, struct err *err)
{
	struct state_lock lock;
	struct view_ref told;
	int status;

	if (ref_read(repo, arena, TOLD_REF, &told, err) < 0)
		return -1;
	if (!told.exists)
		return 0;
	if (state_lock_take(arena, repo, &lock, err) < 0)
		return -1;
	status = state_lock_remove(&lock, TOLD_REF, &told.oid, err);
	state_lock_release(&lock);
	return status;
}
