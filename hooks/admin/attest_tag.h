#ifndef ADMIN_ATTEST_TAG_H
#define ADMIN_ATTEST_TAG_H

#include "client.h"

/*
 * The tag object of a statement, in the user's clone.  No ref stays behind: a
 * tag left there would ride along with the next `git push --follow-tags`.
 */
struct attest_tag {
	const char *gate;
	const char *commit;  /* 40 hex digits */
	const char *message; /* the statement, with its report; no NUL in it */
	bool sign;           /* with the user's git signing configuration */
};

/* *ret_oid: of the tag, 40 hex digits.  ERR_FORMAT: git says no, in err. */
int attest_tag_make(struct admin *admin, const struct attest_tag *tag,
    const char **ret_oid, struct err *err);

/* What the user's configuration lacks for SSH signatures, or NULL. */
const char *attest_sign_fault(struct admin *admin);

#endif
