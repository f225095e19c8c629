#include "run/children.h"

#include <string.h>

#include "base/oidmap.h"
#include "git/gitview.h"
#include "git/refs.h"
#include "judge/submodules.h"
#include "record/ledger.h"
#include "record/repoid.h"

/* One repository.  It is closed with all the others. */
struct opened {
	const char *path;
	enum view_child_state state; /* CHILD_READ: it can be asked */
	const char *why;
	struct repo *repo;
	struct gitview *gitview;
	struct ledger *ledger;
	struct view view;
	struct oidmap known; /* commit -> struct view_child */
	struct opened *next;
};

struct children {
	struct arena *arena;
	struct opened *first;
	const char *forbidden; /* NULL: they may be looked at */
};

struct children *children_new(struct arena *arena)
{
	struct children *children = ARENA_NEW(arena, struct children);

	children->arena = arena;
	return children;
}

void children_close(struct children *children)
{
	for (struct opened *o = children ? children->first : NULL; o;
	     o = o->next) {
		gitview_free(o->gitview);
		repo_close(o->repo);
		o->gitview = NULL;
		o->repo = NULL;
	}
}

void children_forbid(struct children *children, const char *why)
{
	children->forbidden = why;
}

/* ---- opening ---------------------------------------------------------- */

static void settle(struct opened *o, struct arena *arena,
    enum view_child_state state, const char *why)
{
	o->state = state;
	o->why = arena_strdup(arena, why);
}

/* Is the ledger its own? */
static void check_id(struct opened *o, struct arena *arena)
{
	const char *id = NULL, *recorded = NULL;
	struct err err;

	if (repository_id_read(arena, o->repo, &id, &err) < 0 ||
	    ledger_repository_id(o->ledger, arena, &recorded, &err) < 0)
		settle(o, arena, CHILD_UNUSABLE, err.text);
	else if (!id)
		settle(o, arena, CHILD_NO_LEDGER,
		    "it has none of stagegate's hooks");
	else if (!recorded)
		settle(o, arena, CHILD_NO_LEDGER, "nothing was recorded yet");
	else if (strcmp(id, recorded) != 0)
		settle(o, arena, CHILD_UNUSABLE,
		    "its ledger is that of another repository");
}

static void open_child(struct opened *o, struct arena *arena)
{
	struct err err;

	o->state = CHILD_READ;
	if (repo_open_exactly(arena, o->path, &o->repo, &err) < 0) {
		settle(o, arena,
		    err.kind == ERR_NOTFOUND ? CHILD_MISSING : CHILD_UNUSABLE,
		    err.text);
		return;
	}
	o->gitview = gitview_new(arena, o->repo, &o->view);
	if (ledger_open(arena, o->repo, &o->ledger, &err) < 0 ||
	    ledger_view(o->ledger, arena, o->repo, &o->view, &err) < 0)
		settle(o, arena, CHILD_UNUSABLE, err.text);
	else
		check_id(o, arena);
}

static struct opened *find(struct children *children, const char *path)
{
	struct opened *o = children->first;

	while (o && strcmp(o->path, path) != 0)
		o = o->next;
	if (o)
		return o;
	o = ARENA_NEW(children->arena, struct opened);
	o->path = arena_strdup(children->arena, path);
	oidmap_init(&o->known, children->arena);
	open_child(o, children->arena);
	o->next = children->first;
	children->first = o;
	return o;
}

/* ---- asking ----------------------------------------------------------- */

static int read_commit(struct opened *o, struct arena *arena,
    const struct oid *commit, struct view_child *ret, struct err *err)
{
	const struct view *view = &o->view;
	enum object_kind kind;
	struct view_node node;
	uint64_t size;

	if (view->kind(view->git, commit, &kind, &size, err) < 0 ||
	    view->passages(view->ledger, arena, commit, &ret->passages, err) <
		0)
		return -1;
	ret->has_commit = kind == OBJECT_COMMIT;
	if (!ret->has_commit)
		return 0;
	if (view->node(view->git, arena, commit, &node, err) < 0)
		return -1;
	return submodules_of(view, arena, &node.tree, &ret->links, err);
}

static int get_child(void *ctx, struct arena *arena,
    const struct view_child_asked *asked, struct view_child *ret,
    struct err *err)
{
	const struct oid *commit = &asked->commit;
	struct children *children = ctx;
	struct view_child *known;
	struct opened *o;

	(void)arena; /* what is known is kept for the run */
	if (children->forbidden) {
		*ret = (struct view_child){ .state = CHILD_NOT_HERE,
			.why = children->forbidden };
		return 0;
	}
	o = find(children, asked->repository);
	known = oidmap_get(&o->known, commit);
	if (!known) {
		known = ARENA_NEW(children->arena, struct view_child);
		known->state = o->state;
		known->why = o->why;
		if (o->state == CHILD_READ &&
		    read_commit(o, children->arena, commit, known, err) < 0)
			*known = (struct view_child){ .state = CHILD_UNUSABLE,
				.why = arena_strdup(
				    children->arena, err->text) };
		oidmap_put(&o->known, commit, known);
	}
	*ret = *known;
	return 0;
}

void children_bind(struct children *children, struct view *view)
{
	view->children = children;
	view->child = get_child;
}

/* ---- what was relied on ----------------------------------------------- */

void children_grounds(
    const struct children *children, struct arena *arena, struct strings *ret)
{
	for (const struct opened *o = children->first; o; o = o->next)
		if (o->state == CHILD_READ)
			ARRAY_PUSH(arena, ret,
			    arena_printf(arena, "%s %s",
				oid_hex(ledger_tip(o->ledger)).s, o->path));
}

static bool ground_holds(struct arena *arena, const char *ground)
{
	struct repo *repo = NULL;
	struct view_ref now;
	struct oid tip;
	struct err err;
	bool holds;

	if (strlen(ground) <= OID_HEX + 1 || !oid_parse(ground, &tip) ||
	    repo_open_exactly(arena, ground + OID_HEX + 1, &repo, &err) < 0)
		return false;
	holds = ref_read(repo, arena, LEDGER_REF, &now, &err) == 0 &&
	    now.exists && !now.symbolic && oid_eq(&now.oid, &tip);
	repo_close(repo);
	return holds;
}

bool children_grounds_hold(struct arena *arena, const struct strings *grounds)
{
	for (size_t i = 0; i < grounds->n; i++)
		if (!ground_holds(arena, grounds->v[i]))
			return false;
	return true;
}
