#include "record/kept.h"

#include <string.h>

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

/* ---- all of them ------------------------------------------------------ */

/* False: its name does not end in the commit that it is at. */
static bool read_tip(
    struct arena *arena, const struct view_named_ref *ref, struct kept_tip *ret)
{
	const char *slash = strrchr(ref->name, '/');
	const char *of = ref->name + strlen(KEPT_PREFIX);

	if (slash <= of || strcmp(slash + 1, oid_hex(&ref->oid).s) != 0)
		return false;
	ret->name = ref->name;
	ret->ref = arena_strndup(arena, of, (size_t)(slash - of));
	ret->oid = ref->oid;
	return true;
}

int kept_list(struct arena *arena, struct repo *repo, const char *ref,
    struct kept_tips *ret, struct strings *ret_odd, struct err *err)
{
	const char *prefix = ref ? arena_printf(arena, KEPT_PREFIX "%s/", ref)
				 : KEPT_PREFIX;
	struct kept_tips tips = { NULL, 0, 0 };
	struct strings odd = { NULL, 0, 0 };
	struct view_refs refs;

	if (refs_below(repo, arena, prefix, &refs, err))
		return -1;
	for (size_t i = 0; i < refs.n; i++) {
		struct kept_tip tip;

		if (!read_tip(arena, &refs.v[i], &tip))
			ARRAY_PUSH(arena, &odd, refs.v[i].name);
		else if (!ref || strcmp(tip.ref, ref) == 0)
			ARRAY_PUSH(arena, &tips, tip);
	}
	*ret = tips;
	*ret_odd = odd;
	return 0;
}

int kept_remove_under_lock(
    struct state_lock *lock, const struct kept_tip *tip, struct err *err)
{
	return state_lock_remove(lock, tip->name, &tip->oid, err);
}
