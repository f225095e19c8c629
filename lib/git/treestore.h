#ifndef GIT_TREESTORE_H
#define GIT_TREESTORE_H

#include <stdint.h>

#include "base/array.h"
#include "git/repo.h"

/*
 * A tree of small files addressed by path, as the ledger is: read by path,
 * edited by a batch of paths, committed with a single parent.  A look-up
 * reads one tree per level; an edit writes only the trees on the way.
 *
 *	store = treestore_open(arena, repo, &root);
 *	treestore_write(store, edits, n, &root, err);
 *	treestore_commit(repo, &root, &parent, &commit, &tip, err);
 *	ref_update(repo, name, &parent, &tip, why, err);
 *
 * What is written waits in a queue, so that one round of fsync serves all of
 * it: it is durable when treestore_commit returns, and whoever reads an
 * object of the repository before flushes the queue.  A store whose write
 * failed is of no more use: open another one.
 */
struct treestore;

struct treestore_edit {
	const char *path;
	const void *bytes; /* NULL: remove */
	size_t len;
};

struct treestore_commit {
	const char *message;
	const char *name, *email; /* author and committer */
	int64_t time;
	/* Signs the commit's bytes; *ret_armour goes into its gpgsig header.
	 * NULL: it is not signed. */
	int (*sign)(void *ctx, struct arena *arena, const char *payload,
	    size_t len, const char **ret_armour, struct err *err);
	void *sign_ctx;
};

/* root zero: empty. Trees read are kept for the run. */
struct treestore *treestore_open(
    struct arena *arena, struct repo *repo, const struct oid *root_tree);
/* *ret_bytes NULL when there is no such file; *ret_blob may be NULL. */
int treestore_read(struct treestore *store, struct arena *arena,
    const char *path, const char **ret_bytes, size_t *ret_len,
    struct oid *ret_blob, struct err *err);
/* Names in a folder (none when it is missing), sorted. */
int treestore_list(struct treestore *store, struct arena *arena,
    const char *path, struct strings *ret, struct err *err);
/* Writes blobs and trees; *ret_root is the new root tree, which the store
 * reads from now on.  Folders that get empty go. */
int treestore_write(struct treestore *store, const struct treestore_edit *edits,
    size_t n, struct oid *ret_root, struct err *err);
/* Writes a commit of that tree with at most one parent (zero: none).  It and
 * all that was written before are on disk (fsync) when this returns. */
int treestore_commit(struct repo *repo, const struct oid *tree,
    const struct oid *parent, const struct treestore_commit *commit,
    struct oid *ret_commit, struct err *err);

#endif
