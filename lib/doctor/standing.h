#ifndef DOCTOR_STANDING_H
#define DOCTOR_STANDING_H

#include "doctor/doctor.h"

/*
 * Something is changed from within its directory, which was reached from the
 * root without following a link: whoever owns a directory on the way can lead
 * nobody elsewhere by putting a link in its place, before or meanwhile.
 *
 *	standing_in(d, path, false, &standing, err)	cwd: where path lies
 *	.. standing.name ..
 *	standing_back(&standing)
 */
struct standing {
	const char *name; /* the last part of the path */
	int back;         /* descriptor of the working directory before */
};

/* path: absolute, in the repository or the repository itself.  make:
 * directories that are missing in the repository, 0755, each by whoever owns
 * the one above.  ERR_FORMAT where a link is on the way, or it lies outside. */
int standing_in(struct doctor *d, const char *path, bool make,
    struct standing *ret, struct err *err);
void standing_back(struct standing *standing);

/* Who changes what lies in the working directory: its owner.  root only where
 * nobody else may write there.  -1 for an account that doctor does not know the
 * repository by. */
int standing_owner(struct doctor *d, struct account *ret, struct err *err);

#endif
