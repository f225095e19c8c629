#ifndef RECORD_REPOID_H
#define RECORD_REPOID_H

#include "git/repo.h"

/*
 * What is ours on the server's disk lives in "<git directory>/stagegate/",
 * 0700: id, plans/, policies/, tmp/, lock, outbox.  Where the repository is
 * shared (core.sharedRepository), so that several accounts run hooks in it,
 * the group may do what the owner may.
 *
 * The repository id, 128 random bits as 32 hex digits, in stagegate/id, is
 * made by whoever comes first (installer, hook, `stagegate id`) and is copied
 * into the ledger's meta/ by the first append.  In a clone, where there is no
 * stagegate/, the ledger's copy is read; a server that has lost the file, but
 * not the ledger, makes it again from there.
 */
#define REPOSITORY_ID_HEX 32

/* Makes the folder where it is missing; its path. */
int state_dir(struct arena *arena, struct repo *repo, const char **ret_path,
    struct err *err);
/* The same for a folder in it. */
int state_subdir(struct arena *arena, struct repo *repo, const char *name,
    const char **ret_path, struct err *err);
/* Permission bits of files in there. */
int state_file_mode(struct arena *arena, struct repo *repo, unsigned *ret_mode,
    struct err *err);

/* file_lock (base/file.h) on a file in there, which the other accounts of a
 * shared repository can take too. */
int state_file_lock(struct arena *arena, struct repo *repo, const char *path,
    unsigned timeout_ms, int *ret_fd, struct err *err);

/* Reads or makes the id. */
int repository_id(struct arena *arena, struct repo *repo, const char **ret_id,
    struct err *err);
/* Reads it; *ret_id NULL when there is none. */
int repository_id_read(struct arena *arena, struct repo *repo,
    const char **ret_id, struct err *err);

#endif
