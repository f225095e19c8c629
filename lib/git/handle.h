#ifndef GIT_HANDLE_H
#define GIT_HANDLE_H

#include <git2.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/err.h"
#include "git/repo.h"

/*
 * The inside of struct repo: private to lib/git.
 *
 * Objects are looked for in the packs that were there at the start, the
 * quarantine's before the store's, by our own reader (pack.h); then by
 * libgit2 in the quarantine, in the directories that only the environment
 * names (another program's quarantine around ours) and in the store.  A
 * quarantine is complete before a hook starts, so that a miss there is final
 * and costs no re-reading of directories; a miss in the store makes libgit2
 * look again, since gc may have moved the object.
 */
struct repo {
	struct arena *arena;
	const char *path;    /* absolute, without a final slash */
	const char *objects; /* path + "/objects" */
	git_repository *store;
	git_config *config; /* system and repository, as a snapshot */
	git_odb *incoming;  /* the quarantine alone; NULL: none, or all of it
			     * is in incoming_packs */
	git_odb *borrowed;  /* further alternates of the environment, or NULL */
	git_odb *odb;       /* the store's and its alternates' */
	const char *incoming_dir;             /* NULL: no quarantine */
	struct packs *incoming_packs, *packs; /* may be NULL */
	struct strings borrowed_dirs;
	bool is_bare;
	struct object_cache *cache; /* what is asked again; or NULL */
	struct object_queue *queue; /* written, not yet fsynced; or NULL */
	struct packed_refs *packed; /* as last mapped; or NULL */
	bool initialised;           /* git_libgit2_init was called */
};

/* git_libgit2_init, undone by git_libgit2_shutdown, and what of the library is
 * not to be as it comes: it listens to neither account nor environment. */
int library_start(struct err *err);

/* err_set with libgit2's message behind; names ERR_FORMAT unless kind says
 * otherwise. */
int err_git(struct err *err, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* What a repository is refused for, each in a sentence that says what to do
 * (repo_check.c).  path: the git directory, absolute, no final slash. */
int repo_check_path(const char *path, struct err *err);
int repo_check_owner(const char *path, struct err *err);
int repo_check_format(const char *path, struct err *err);
int repo_check_history(struct arena *arena, const char *path, struct err *err);

/* Opens the object directories (repo_odb.c). */
int repo_open_odb(struct repo *repo, bool from_environment, struct err *err);

/* libgit2 keeps ids in the same 20 bytes. */
static inline git_oid git_oid_of(const struct oid *oid)
{
	git_oid id;

	_Static_assert(sizeof(id) == sizeof(*oid), "an id is 20 bytes");
	__builtin_memcpy(&id, oid, sizeof(id));
	return id;
}

static inline struct oid oid_of_git(const git_oid *id)
{
	struct oid oid;

	__builtin_memcpy(&oid, id, sizeof(oid));
	return oid;
}

#endif
