#ifndef SUPPORT_FAKEVIEW_H
#define SUPPORT_FAKEVIEW_H

#include "base/array.h"
#include "base/oidmap.h"
#include "judge/view.h"
#include "policy/model.h"

/*
 * A repository and a ledger in memory, behind judge/view.h.  Everything is
 * found by brute force, from the definitions: what is an ancestor, a merge
 * base, a new commit, a withdrawn tip.  So a table that both the judge and
 * this file get wrong in the same way is unlikely.
 *
 *	struct fakeview fake;
 *	fakeview_init(&fake, &arena, &view);
 *	fake_commit(&fake, &commit) ..
 *
 * Commits have the bytes that git would give them; ids are SHA-256 cut to 40
 * digits.  Trees are flat lists of paths; folders exist where paths need them.
 */
struct fake_path {
	const char *path;
	struct view_entry entry;
};

struct fake_object {
	const char *name; /* as the table calls it; NULL: a tree or blob */
	struct oid oid;
	enum object_kind kind; /* OBJECT_MISSING: only its name is there */
	const char *bytes;
	size_t len;
	const char *complaint; /* not canonical */
	/* commits */
	struct oid tree;
	struct oids parents;
	int64_t date;
	/* trees, sorted by path */
	struct fake_path *paths;
	size_t npaths;
};

struct fake_objects {
	struct fake_object *v;
	size_t n, cap;
};

struct fake_ref {
	const char *name;
	const char *symbolic; /* NULL: a direct one */
	struct oid oid;       /* zero: removed */
};

struct fake_entry {
	const char *ref;
	struct view_entry_record record;
	struct oid restored; /* what a rollback or rewind goes back to */
};

struct fake_statement {
	struct view_evidence evidence;
	struct strings patches; /* of the change as it was then */
};

struct fake_pair { /* squash and candidate; ref and tip in flight */
	const char *ref;
	struct oid commit, candidate;
};

struct fake_merge { /* what git makes of a merge, where we make another */
	struct oid ours, theirs, tree;
	bool conflict, scratch;
};

struct fake_command { /* what a program of that name does */
	const char *name;
	struct view_command_end end;
	const char *error;   /* it can't be run: why; NULL: it can */
	const char *beside;  /* another that must have begun before it ends */
	const char *changed; /* what it must be given; NULL: anything */
	bool only_changed, never;
};

struct fake_child { /* what is known of a commit of a child */
	const char *repository;
	bool whole; /* of every commit that no other line is about */
	struct oid commit;
	const char *error; /* asking fails: why; NULL: it does not */
	struct view_child known;
};

struct fakeview {
	struct arena *arena;
	struct view *view;
	struct fake_objects objects;
	struct {
		struct fake_ref *v;
		size_t n, cap;
	} refs;
	struct {
		struct fake_entry *v; /* oldest first */
		size_t n, cap;
	} entries;
	struct {
		struct fake_statement *v;
		size_t n, cap;
	} statements;
	struct {
		struct fake_pair *v;
		size_t n, cap;
	} squashes, flights;
	struct {
		struct fake_merge *v;
		size_t n, cap;
	} merges;
	struct {
		struct fake_command *v;
		size_t n, cap;
	} commands;
	struct {
		struct fake_child *v;
		size_t n, cap;
	} children;
	struct strings begun; /* programs */
	struct view_reverts reverts;
	struct view_incidents incidents;
	struct strings seen;
	int64_t last_time;
};

void fakeview_init(
    struct fakeview *fake, struct arena *arena, struct view *view);

/* By name; NULL: there is none. */
struct fake_object *fake_named(const struct fakeview *fake, const char *name);
struct fake_object *fake_find(
    const struct fakeview *fake, const struct oid *oid);
/* The name of an object, or its first 8 digits. */
const char *fake_name(const struct fakeview *fake, const struct oid *oid);

/* Each answers the object, new or the same as before. */
struct fake_object *fake_blob(
    struct fakeview *fake, const char *name, const char *bytes, size_t len);
/* paths need not be sorted. */
struct fake_object *fake_tree(
    struct fakeview *fake, const struct fake_path *paths, size_t n);
/* An object made of bytes: a commit, whose tree and parents are given beside
 * them, or a tag. */
struct fake_object *fake_object(struct fakeview *fake, const char *name,
    enum object_kind kind, const char *bytes, size_t len);

void fake_ref(struct fakeview *fake, const char *name, const struct oid *oid,
    const char *symbolic);
/* Zero when there is no such ref. */
struct oid fake_ref_oid(const struct fakeview *fake, const char *name);

bool fake_is_ancestor(
    const struct fakeview *fake, const struct oid *a, const struct oid *b);
/* Adds a commit and all before it. */
void fake_ancestors(
    const struct fakeview *fake, const struct oid *tip, struct oidmap *set);
void fake_bases(const struct fakeview *fake, struct arena *arena,
    const struct oid *a, const struct oid *b, struct oids *ret);
/* NULL: there is none of that name, symbolic or not. */
const struct fake_ref *fake_find_ref(
    const struct fakeview *fake, const char *name);
/* Paths of a tree (NULL: the empty one), each added once. */
void fake_paths(
    struct arena *arena, const struct fake_object *tree, struct strings *ret);
struct view_entry fake_entry_at(
    const struct fake_object *tree, const char *path);
bool fake_same_entry(const struct view_entry *a, const struct view_entry *b);
/* The tree of merging two commits, path by path. */
enum merge_state fake_merge_trees(struct fakeview *fake, const struct oid *ours,
    const struct oid *theirs, struct oid *ret_tree);

/* The view's `hunks`, `added` and `renames` (fakehunks.c). */
int fake_added(void *git, const struct oid *old_blob,
    const struct oid *new_blob, view_added_fn *fn, void *ctx, struct err *err);
int fake_renames(void *git, struct arena *arena, const struct oid *old_tree,
    const struct oid *new_tree, struct view_renames *ret, struct err *err);
int fake_hunks(void *git, const struct oid *old_blob,
    const struct oid *new_blob, view_hunk_fn *fn, void *ctx, struct err *err);

/* The view's programs (fakecommand.c). */
void fakecommand_init(struct fakeview *fake, struct view *view);

/* The view's repositories of submodules (fakechild.c). */
void fakechild_init(struct fakeview *fake, struct view *view);

/* Adds an entry and moves the ref: see the table in tests/judge/README. */
void fake_enter(struct fakeview *fake, const struct fake_entry *entry);

/* The ledger's half of fakeview_init. */
void fakeledger_init(struct fakeview *fake, struct view *view);

#endif
