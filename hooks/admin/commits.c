#include "commits.h"

#include <string.h>

#include "base/text.h"
#include "git/revision.h"
#include "open.h"

int commit_named(
    struct admin *admin, const char *text, struct oid *ret, struct err *err)
{
	const struct view *view = &admin->session.view;
	struct view_ref ref;
	struct err other;

	if (revision_commit(admin->session.repo, text, ret, err) == 0)
		return 0;
	if (err->kind != ERR_NOTFOUND ||
	    view->ref(view->git, admin->arena, full_ref(admin->arena, text),
		&ref, &other) < 0 ||
	    !ref.exists)
		return -1;
	*ret = ref.oid;
	return 0;
}

int commit_read(struct admin *admin, const struct oid *oid, struct commit *ret)
{
	const struct view *view = &admin->session.view;
	const char *complaint = NULL;
	struct err err;

	if (view->commit(view->git, admin->arena, oid, ret, &complaint, &err) <
	    0)
		return admin_fail(admin, &err);
	if (complaint) {
		admin_note(admin, "error: ", "commit %s: %s", oid_hex8(oid).s,
		    complaint);
		return EXIT_REFUSED;
	}
	ret->id = *oid;
	return EXIT_ALLOWED;
}

int commit_line(struct admin *admin, const struct oid *oid, const char **ret,
    struct err *err)
{
	const struct view *view = &admin->session.view;
	const char *complaint = NULL;
	enum object_kind kind;
	struct commit commit;
	uint64_t size;

	*ret = arena_strdup(admin->arena, oid_hex8(oid).s);
	if (view->kind(view->git, oid, &kind, &size, err) < 0)
		return -1;
	if (kind != OBJECT_COMMIT)
		return 0;
	if (view->commit(
		view->git, admin->arena, oid, &commit, &complaint, err) < 0)
		return -1;
	if (!complaint)
		*ret = arena_printf(admin->arena, "%s %s", *ret,
		    text_clean_s(
			admin->arena, commit_subject(admin->arena, &commit)));
	return 0;
}

const char *short_ref(const char *ref)
{
	static const char heads[] = "refs/heads/";

	return str_prefix(ref, heads) ? ref + strlen(heads) : ref;
}
