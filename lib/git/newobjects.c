#include "git/newobjects.h"

#include <string.h>

#include "base/oidmap.h"
#include "base/text.h"
#include "git/nway.h"
#include "git/objects.h"
#include "git/raw.h"
#include "git/treewalk.h"

struct newobjects {
	struct repo *repo;
	struct history *history;
	struct treediff *diff;
	struct arena arena;   /* of `seen` */
	struct oidmap seen;   /* looked at in this run */
	struct arena scratch; /* of one object */
};

struct check { /* one call */
	struct newobjects *seen;
	struct arena *arena;
	struct view_faults *faults;
};

struct newobjects *newobjects_new(struct arena *arena, struct repo *repo,
    struct history *history, struct treediff *diff)
{
	struct newobjects *seen = ARENA_NEW(arena, struct newobjects);

	seen->repo = repo;
	seen->history = history;
	seen->diff = diff;
	arena_init(&seen->arena, ARENA_RUN_MAX);
	arena_init(&seen->scratch, ARENA_SCRATCH_MAX);
	oidmap_init(&seen->seen, &seen->arena);
	return seen;
}

void newobjects_free(struct newobjects *seen)
{
	if (!seen)
		return;
	arena_release(&seen->arena);
	arena_release(&seen->scratch);
}

static void add_fault(struct check *check, const struct oid *oid,
    enum object_kind kind, bool missing, const char *text)
{
	struct view_fault fault = { *oid, kind, missing,
		text_clean_s(check->arena, text) };

	if (check->faults->n == FAULTS_MAX)
		check->faults->more++;
	else
		ARRAY_PUSH(check->arena, check->faults, fault);
}

/* An object that does not read is the push's fault; a disk that does not is
 * not.  0 when err has become a fault. */
static int to_fault(struct check *check, const struct oid *oid,
    enum object_kind kind, const struct err *err)
{
	switch (err->kind) {
	case ERR_NOTFOUND:
		add_fault(check, oid, kind, true, "it is missing");
		return 0;
	case ERR_FORMAT:
	case ERR_LIMIT:
	case ERR_SIZE:
		add_fault(check, oid, kind, false, err->text);
		return 0;
	case ERR_NONE:
	case ERR_IO:
	case ERR_MOVED:
	case ERR_INTERNAL:
		break;
	}
	return -1;
}

/* True for the first one who asks. */
static bool is_first_look(struct newobjects *seen, const struct oid *oid)
{
	return oidmap_put(&seen->seen, oid, NULL);
}

/* A tree that no parent has at that place. */
static int look_at_tree(void *ctx, struct cached_tree *tree, struct err *err)
{
	struct check *check = ctx;
	struct newobjects *seen = check->seen;
	const char *complaint;

	(void)err;
	/* One seen elsewhere is looked into again, since what it replaces
	 * here may differ, but not judged again. */
	if (tree->is_canonical)
		return 0;
	complaint = tree_complaint(
	    &seen->scratch, tree->object.bytes, tree->object.len);
	tree->is_canonical = !complaint;
	if (!complaint)
		return 0;
	if (is_first_look(seen, &tree->oid))
		add_fault(check, &tree->oid, OBJECT_TREE, false, complaint);
	return 1;
}

/* A file, link or folder that is new at its place. */
static int look_at_entry(
    void *ctx, const struct view_change *change, struct err *err)
{
	struct check *check = ctx;
	const struct view_entry *entry = &change->to;
	enum object_kind kind, want = OBJECT_BLOB;
	uint64_t size;

	if (entry->mode == 0 || entry->mode == 0160000 ||
	    oid_eq(&change->from.oid, &entry->oid))
		return 0;
	if (object_header(check->seen->repo, &entry->oid, &kind, &size, err))
		return to_fault(check, &entry->oid, want, err);
	if (kind == want || !is_first_look(check->seen, &entry->oid))
		return 0;
	if (kind == OBJECT_MISSING)
		add_fault(check, &entry->oid, want, true, "it is missing");
	else
		add_fault(check, &entry->oid, kind, false,
		    "a tree says that it is a file");
	return 0;
}

/* The trees that none of the parents has. */
static int look_at_root(
    struct check *check, const struct commit *commit, struct err *err)
{
	struct newobjects *seen = check->seen;
	struct tree_watch watch = { look_at_tree, check };
	struct oids roots = { 0 };
	int status;

	for (size_t i = 0; i < commit->parents.n; i++) {
		struct view_node parent;

		if (history_node(seen->history, &seen->scratch,
			&commit->parents.v[i], &parent, err))
			return to_fault(
			    check, &commit->parents.v[i], OBJECT_COMMIT, err);
		if (oid_eq(&parent.tree, &commit->tree))
			return 0;
		ARRAY_PUSH(&seen->scratch, &roots, parent.tree);
	}
	if (roots.n > 1)
		status = nway_run(seen->diff, &roots, &commit->tree, &watch,
		    look_at_entry, check, err);
	else
		status = treediff_watch(seen->diff,
		    roots.n == 1 ? &roots.v[0] : NULL, &commit->tree, &watch,
		    look_at_entry, check, err);
	if (status) {
		struct oid trouble = treediff_trouble(seen->diff);

		return to_fault(check, &trouble, OBJECT_TREE, err);
	}
	return 0;
}

static int look_at_commit(
    struct check *check, const struct oid *oid, struct err *err)
{
	struct newobjects *seen = check->seen;
	struct commit commit = { .id = *oid };
	struct raw_object object;
	const char *complaint;

	if (raw_read(
		seen->repo, oid, OBJECT_COMMIT, COMMIT_BYTES_MAX, &object, err))
		return to_fault(check, oid, OBJECT_COMMIT, err);
	complaint = commit_parse(
	    &seen->scratch, object.bytes, object.len, &commit);
	raw_release(&object);
	if (complaint) {
		add_fault(check, oid, OBJECT_COMMIT, false, complaint);
		return 0;
	}
	return look_at_root(check, &commit, err);
}

int newobjects_check(struct newobjects *seen, struct arena *arena,
    const struct oids *commits, struct view_faults *ret, struct err *err)
{
	struct check check = { seen, arena, ret };

	memset(ret, 0, sizeof(*ret));
	for (size_t i = 0; i < commits->n; i++) {
		if (!is_first_look(seen, &commits->v[i]))
			continue;
		arena_reset(&seen->scratch);
		if (look_at_commit(&check, &commits->v[i], err))
			return -1;
	}
	return 0;
}
