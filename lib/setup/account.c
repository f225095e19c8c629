#include "setup/account.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit.h"

int account_become(
    struct account *account, uid_t uid, gid_t gid, struct err *err)
{
	account->is_other = false;
	if (geteuid() != 0 || uid == 0)
		return 0;
	account->gid = getegid();
	account->ngroups = getgroups(ACCOUNT_GROUPS_MAX, account->groups);
	if (account->ngroups < 0)
		return err_set(
		    err, ERR_IO, "cannot read the groups: %s", strerror(errno));
	account->is_other = true;
	if (setgroups(1, &gid) == 0 && setegid(gid) == 0 && seteuid(uid) == 0)
		return 0;
	err_set(err, ERR_IO, "cannot work as account %lu: %s",
	    (unsigned long)uid, strerror(errno));
	account_return(account);
	return -1;
}

void account_return(struct account *account)
{
	if (!account->is_other)
		return;
	account->is_other = false;
	if (seteuid(0) == 0 && setegid(account->gid) == 0 &&
	    setgroups((size_t)account->ngroups, account->groups) == 0)
		return;
	fprintf(
	    stderr, "stagegate: cannot be root again: %s\n", strerror(errno));
	exit(EXIT_UNDECIDED);
}
