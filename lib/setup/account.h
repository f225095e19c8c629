#ifndef SETUP_ACCOUNT_H
#define SETUP_ACCOUNT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/array.h"
#include "base/err.h"

/*
 * An account of the server, and what it may do.  /etc/passwd and /etc/group
 * are read (a static program asks no NSS); an account of a directory service
 * is known by its number alone.
 *
 * root works in a repository as the account that owns it: it then sees what a
 * hook would see, leaves no file of root's behind, and follows no link of that
 * account's to where the account itself could not go.
 *
 *	if (account_enter(&account, err)) ..
 *	..
 *	account_leave();
 */
#define ACCOUNT_GROUPS_MAX 256

struct account {
	uid_t uid;
	gid_t gid;
	const char *name;                 /* "uid:N" where it has none here */
	const char *home;                 /* NULL: not known */
	gid_t groups[ACCOUNT_GROUPS_MAX]; /* with gid */
	size_t ngroups;
};

/* gid counts where /etc/passwd does not know the account. */
void account_find(
    struct arena *arena, uid_t uid, gid_t gid, struct account *ret);
/* By name, or by number.  ERR_NOTFOUND. */
int account_named(struct arena *arena, const char *name, struct account *ret,
    struct err *err);

/* Is anybody but root and that account in the group?  Nobody knows of accounts
 * that /etc/passwd and /etc/group do not tell. */
bool group_has_others(
    struct arena *arena, gid_t gid, const struct account *account);

/* Is this process that account already, or may it become it? */
bool account_can_enter(const struct account *account);
/* Effective ids and the groups alone; nothing happens where the process is that
 * account already.  Entering does not nest: account_leave leaves all. */
int account_enter(const struct account *account, struct err *err);
/* Back to those that the process was started with; ends it when that fails. */
void account_leave(void);

/* May the account that we work as change what is in this directory of a
 * repository of account uid, group gid?  One that is missing may be made.
 * ERR_FORMAT, with what to run: a directory of root's inside another account's
 * repository is not written to as root, for the account could have put a link
 * in its place. */
int account_may_write(struct arena *arena, const char *dir, uid_t uid,
    gid_t gid, struct err *err);

#endif
