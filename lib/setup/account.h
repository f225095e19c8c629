#ifndef SETUP_ACCOUNT_H
#define SETUP_ACCOUNT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * Work in a repository is done as the account that owns it, also when root
 * asked for it: the account could put a symbolic link anywhere in there, and
 * as root we would write where it leads.  Files then belong to the account of
 * themselves.
 *
 *	account_become(&account, uid, gid, err)
 *	..
 *	account_return(&account)
 *
 * Not root, or the owner is root: nothing happens, and account_return is
 * harmless.  Between the two only effective ids and the groups are others.
 */
#define ACCOUNT_GROUPS_MAX 1024

struct account {
	bool is_other;
	gid_t gid;
	gid_t groups[ACCOUNT_GROUPS_MAX];
	int ngroups;
};

int account_become(
    struct account *account, uid_t uid, gid_t gid, struct err *err);
/* May the account that we work as change what is in this directory of a
 * repository of account uid, group gid?  One that is missing may be made.
 * ERR_FORMAT, with what to run: a directory of root's inside another account's
 * repository is not written to as root, for the account could have put a link
 * in its place. */
int account_may_write(struct arena *arena, const char *dir, uid_t uid,
    gid_t gid, struct err *err);
/* Leaves the process when it can't: nothing could go on as somebody else. */
void account_return(struct account *account);

#endif
