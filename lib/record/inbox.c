#include "record/inbox.h"

#include "git/refs.h"

static bool is_there(const struct view_ref *ref, const struct plan_ref *planned)
{
	return ref->exists && !ref->symbolic &&
	    oid_eq(&ref->oid, &planned->new);
}

int inbox_remove_under_lock(struct arena *arena, struct state_lock *lock,
    const struct plan *plan, struct err *err)
{
	for (size_t i = 0; i < plan->nrefs; i++) {
		const struct plan_ref *planned = &plan->refs[i];
		struct view_ref ref;

		if (!planned->is_evidence)
			continue;
		if (ref_read(lock->repo, arena, planned->ref, &ref, err))
			return -1;
		if (is_there(&ref, planned) &&
		    state_lock_remove(lock, planned->ref, &planned->new, err) &&
		    err->kind != ERR_MOVED)
			return -1;
	}
	return 0;
}

static bool has_statements(const struct plan *plan)
{
	for (size_t i = 0; i < plan->nrefs; i++)
		if (plan->refs[i].is_evidence)
			return true;
	return false;
}

int inbox_remove(struct arena *arena, struct repo *repo,
    const struct plan *plan, struct err *err)
{
	struct state_lock lock;
	int status;

	if (!has_statements(plan))
		return 0;
	if (state_lock_take(arena, repo, &lock, err))
		return -1;
	status = inbox_remove_under_lock(arena, &lock, plan, err);
	state_lock_release(&lock);
	return status;
}
