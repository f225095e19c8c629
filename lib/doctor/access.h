#ifndef DOCTOR_ACCESS_H
#define DOCTOR_ACCESS_H

#include "setup/account.h"

/*
 * Who could put something else in the place of a file: whoever may write it,
 * and whoever may rename or remove any directory on the way to it.  root may
 * always, and the account that runs the hooks is told of on its own, so what is
 * looked for is anybody else: another owner, a group with other members, all
 * the world, and who an access list (acl(5)) names.
 *
 * In a directory with the sticky bit, such as /tmp, only the owner of an entry
 * may rename it: there the entry itself is what counts.
 */
enum access_holder {
	HELD_BY_ROOT,    /* nobody else may write it */
	HELD_BY_ACCOUNT, /* the account that runs the hooks may, too */
	HELD_BY_OTHERS
};

struct access_look {
	enum access_holder holder;
	const char *path; /* of them, where it is so; absolute */
	const char *why;  /* "belongs to bob", "its group 'dev' may write it" */
	bool by_mode;     /* modes alone say so: chmod(1) puts it right */
};

/* The file or directory itself, links followed. */
int access_of(struct arena *arena, const char *path,
    const struct account *account, struct access_look *ret, struct err *err);
/* The same, and every directory above it, at the name that was given and, where
 * that is a link, at its target.  The worst counts, the uppermost of them.
 * ERR_NOTFOUND when it is not there. */
int access_way(struct arena *arena, const char *path,
    const struct account *account, struct access_look *ret, struct err *err);

#endif
