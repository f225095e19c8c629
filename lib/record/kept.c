#include "record/kept.h"

#include "git/refs.h"

static const char *kept_name(
    struct arena *arena, const char *ref, const struct oid *tip)
{
	return arena_printf(arena, KEPT_PREFIX "%s/%s", ref, oid_hex(tip).s);
}

/* One that is something else (only somebody beside us can have made it so) is
 * left as it is, and what can't be kept may not go. */
static int is_kept(struct arena *arena, struct repo *repo, const char *name,
    const struct oid *tip, bool *ret, struct err *err)
{
	struct view_ref there;

	if (ref_read(repo, arena, name, &there, err))
		return -1;
	if (there.symbolic)
		return err_set(err, ERR_FORMAT,
		    "'%s' is a symbolic ref, which keeps nothing", name);
	if (there.exists && !oid_eq(&there.oid, tip))
		return err_set(err, ERR_FORMAT,
		    "'%s' is at %s, not at what it is named after", name,
		    oid_hex8(&there.oid).s);
	*ret = there.exists;
	return 0;
}

int kept_add_under_lock(struct arena *arena, struct state_lock *lock,
    const char *ref, const struct oid *tip, struct err *err)
{
	static const struct oid none;
	const char *name = kept_name(arena, ref, tip);
	bool kept;

	if (is_kept(arena, lock->repo, name, tip, &kept, err))
		return -1;
	if (kept)
		return 0;
	return state_lock_update(
	    lock, name, &none, tip, "stagegate: keep", err);
}

int kept_add(struct arena *arena, struct repo *repo, const char *ref,
    const struct oid *tip, struct err *err)
{
	struct state_lock lock;
	bool kept;
	int status;

	if (is_kept(arena, repo, kept_name(arena, ref, tip), tip, &kept, err))
		return -1;
	if (kept)
		return 0;
	if (state_lock_take(arena, repo, &lock, err))
		return -1;
	status = kept_add_under_lock(arena, &lock, ref, tip, err);
	state_lock_release(&lock);
	return status;
}
