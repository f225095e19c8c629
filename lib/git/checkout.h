#ifndef GIT_CHECKOUT_H
#define GIT_CHECKOUT_H

#include <stdbool.h>
#include <sys/types.h>

#include "git/repo.h"
#include "judge/view.h"

/*
 * Files of a commit, written into an empty folder that nobody else uses, from
 * objects alone: no attributes, filters, line ends or hooks.  Modes are 0644
 * and 0755, a submodule is an empty folder.
 *
 * Nothing in the tree redirects a write: every folder on the way is opened
 * without following links, files are new ones, and symbolic links are made
 * when all else is there.  One that leads out of the folder is left out:
 * absolute, by `..`, or by way of other links, whatever may be made later at
 * places that are empty now.
 *
 * More than CHECKOUT_FILES_MAX entries, CHECKOUT_BYTES_MAX bytes or
 * CHECKOUT_FILE_MAX bytes in one file: ERR_LIMIT.
 */
#define CHECKOUT_FILES_MAX ((size_t)1000000)
#define CHECKOUT_BYTES_MAX ((uint64_t)4 << 30)
#define CHECKOUT_FILE_MAX ((uint64_t)128 << 20)
#define CHECKOUT_LINKS_MAX ((size_t)20000)
#define CHECKOUT_PATH_MAX ((size_t)4000) /* bytes */

struct checkout {
	const struct oid *tree;
	const struct view_files *only; /* NULL: the whole tree */
	bool give_away;                /* to these, else they are ours */
	uid_t user;
	gid_t group;
	bool (*expired)(void *ctx); /* stops; NULL: never */
	void *ctx;
};

struct checkout_left { /* links that were not written */
	size_t n;
	const char *first; /* NULL: none */
};

int checkout_write(struct repo *repo, struct arena *arena,
    const struct checkout *checkout, int folder, struct checkout_left *ret,
    struct err *err);

/* ---- checkout_links.c ------------------------------------------------- */

struct checkout_link {
	const char *path, *target;
};
struct checkout_links {
	struct checkout_link *v;
	size_t n, cap;
};

void checkout_links_sort(struct checkout_links *links);
/* Does it stay inside, among these (sorted) links?  Names at which there is no
 * link count as folders, whether they exist or not. */
bool checkout_link_stays(
    const struct checkout_links *links, const struct checkout_link *link);

#endif
