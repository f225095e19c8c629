#include "judge/submodules.h"

struct finding_links {
	struct arena *arena;
	struct view_links links;
};

static int look_at(void *ctx, const struct view_change *change, struct err *err)
{
	struct finding_links *f = ctx;

	if ((change->to.mode & MODE_KIND) != MODE_SUBMODULE)
		return 0;
	if (f->links.n == VIEW_LINKS_MAX)
		return err_set(err, ERR_LIMIT,
		    "the tree records more than %d submodules", VIEW_LINKS_MAX);
	ARRAY_PUSH(f->arena, &f->links,
	    (struct view_link){
		arena_strdup(f->arena, change->path), change->to.oid });
	return 0;
}

int submodules_of(const struct view *view, struct arena *arena,
    const struct oid *tree, struct view_links *ret, struct err *err)
{
	struct finding_links f = { .arena = arena };

	if (view->list(view->git, tree, look_at, &f, err) < 0)
		return -1;
	*ret = f.links;
	return 0;
}
