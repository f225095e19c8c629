#include "setup/account.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/text.h"

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

/* geteuid and not the repository's owner: who is not root stays who it is. */
int account_may_write(
    struct arena *arena, const char *dir, uid_t uid, gid_t gid, struct err *err)
{
	const char *shown = text_clean_s(arena, dir);
	unsigned long us = geteuid();
	struct stat st;

	if (faccessat(AT_FDCWD, dir, W_OK | X_OK, AT_EACCESS) == 0 ||
	    errno == ENOENT)
		return 0;
	if (errno != EACCES || stat(dir, &st) < 0)
		return err_set(err, ERR_IO, "cannot write into '%s': %s", shown,
		    strerror(errno));
	if (st.st_uid == us)
		return err_set(err, ERR_FORMAT,
		    "account %lu may not write into '%s', which belongs to it: "
		    "run 'chmod u+rwx %s' and this again",
		    us, shown, shown);
	if (uid != us)
		return err_set(err, ERR_FORMAT,
		    "account %lu may not write into '%s': run this as root or "
		    "as account %lu, which owns the repository",
		    us, shown, (unsigned long)uid);
	return err_set(err, ERR_FORMAT,
	    "'%s' belongs to account %lu, so that account %lu, which owns the "
	    "repository, may not write there: run 'chown -Rh %lu:%lu %s' and "
	    "this again",
	    shown, (unsigned long)st.st_uid, us, us, (unsigned long)gid, shown);
}
