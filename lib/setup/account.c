#include "setup/account.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/file.h"
#include "base/num.h"
#include "base/text.h"

#define ACCOUNTS_MAX ((size_t)16 << 20) /* bytes of passwd(5) and group(5) */
#define OWN_GROUPS_MAX 1024
#define FIELDS 7 /* of a line of passwd(5) */

struct lines {
	char *at;
};

static struct lines lines_of(struct arena *arena, const char *path)
{
	struct lines lines = { NULL };
	struct err ignored;
	size_t len;

	if (file_read(arena, path, ACCOUNTS_MAX, &lines.at, &len, &ignored) < 0)
		lines.at = arena_strdup(arena, "");
	return lines;
}

/* Cuts the next line into its fields; how many, 0 at the end. */
static size_t next_line(struct lines *lines, char *fields[FIELDS])
{
	size_t n = 0;
	char *line = lines->at;
	size_t len = strcspn(line, "\n");

	if (!*line)
		return 0;
	lines->at = line + len + (line[len] == '\n');
	line[len] = '\0';
	while (n < FIELDS) {
		char *colon = strchr(line, ':');

		fields[n++] = line;
		if (!colon)
			break;
		*colon = '\0';
		line = colon + 1;
	}
	return n;
}

static bool number(const char *text, uint32_t *ret)
{
	uint64_t n;

	/* (uid_t)-1 means "none" to the system. */
	if (!str_to_u64(text, UINT32_MAX - 1, &n))
		return false;
	*ret = (uint32_t)n;
	return true;
}

static bool lists(const char *members, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = members; *at; at += strcspn(at, ",")) {
		at += *at == ',';
		if (strcspn(at, ",") == len && strncmp(at, name, len) == 0)
			return true;
	}
	return false;
}

static void find_groups(struct arena *arena, struct account *account)
{
	struct lines lines = lines_of(arena, "/etc/group");
	char *fields[FIELDS];
	size_t n;

	account->groups[account->ngroups++] = account->gid;
	while ((n = next_line(&lines, fields)) > 0) {
		gid_t gid;

		if (n >= 4 && number(fields[2], &gid) && gid != account->gid &&
		    lists(fields[3], account->name) &&
		    account->ngroups < ACCOUNT_GROUPS_MAX)
			account->groups[account->ngroups++] = gid;
	}
}

/* name NULL: by uid. */
static bool find(
    struct arena *arena, const char *name, uid_t uid, struct account *account)
{
	struct lines lines = lines_of(arena, "/etc/passwd");
	char *fields[FIELDS];
	size_t n;

	while ((n = next_line(&lines, fields)) > 0) {
		uid_t found;
		gid_t gid;

		if (n < 6 || !*fields[0] || !number(fields[2], &found) ||
		    !number(fields[3], &gid) ||
		    (name ? strcmp(fields[0], name) != 0 : found != uid))
			continue;
		account->uid = found;
		account->gid = gid;
		account->name = fields[0];
		account->home = *fields[5] == '/' ? fields[5] : NULL;
		return true;
	}
	return false;
}

void account_find(
    struct arena *arena, uid_t uid, gid_t gid, struct account *ret)
{
	struct account account = { .uid = uid, .gid = gid };

	if (!find(arena, NULL, uid, &account))
		account.name = arena_printf(
		    arena, "uid:%llu", (unsigned long long)uid);
	find_groups(arena, &account);
	*ret = account;
}

int account_named(
    struct arena *arena, const char *name, struct account *ret, struct err *err)
{
	struct account account = { .uid = 0 };
	uint32_t uid;

	if (find(arena, name, 0, &account)) {
		find_groups(arena, &account);
		*ret = account;
		return 0;
	}
	if (!number(name, &uid))
		return err_set(
		    err, ERR_NOTFOUND, "there is no account '%s'", name);
	account_find(arena, uid, uid, ret);
	return 0;
}

static bool is_other(const char *name, const struct account *account)
{
	return *name && strcmp(name, "root") != 0 &&
	    strcmp(name, account->name) != 0;
}

static bool has_member(
    struct arena *arena, gid_t gid, const struct account *account)
{
	struct lines lines = lines_of(arena, "/etc/group");
	char *fields[FIELDS];
	size_t n;

	while ((n = next_line(&lines, fields)) > 0) {
		char *at = n >= 4 ? fields[3] : NULL;
		gid_t found;

		if (!at || !number(fields[2], &found) || found != gid)
			continue;
		while (*at) {
			size_t len = strcspn(at, ",");
			bool more = at[len] == ',';

			at[len] = '\0';
			if (is_other(at, account))
				return true;
			at += len + more;
		}
	}
	return false;
}

bool group_has_others(
    struct arena *arena, gid_t gid, const struct account *account)
{
	struct lines lines = lines_of(arena, "/etc/passwd");
	char *fields[FIELDS];
	size_t n;

	while ((n = next_line(&lines, fields)) > 0) {
		uid_t uid;
		gid_t found;

		if (n >= 4 && number(fields[2], &uid) &&
		    number(fields[3], &found) && found == gid && uid != 0 &&
		    uid != account->uid)
			return true;
	}
	return has_member(arena, gid, account);
}

bool account_can_enter(const struct account *account)
{
	return getuid() == 0 || geteuid() == account->uid;
}

/* The groups that the process was started with. */
static struct {
	bool known;
	int n;
	gid_t v[OWN_GROUPS_MAX];
} own;

static int find_own_groups(struct err *err)
{
	if (own.known)
		return 0;
	own.n = getgroups(OWN_GROUPS_MAX, own.v);
	if (own.n < 0)
		return err_set(
		    err, ERR_IO, "cannot read the groups: %s", strerror(errno));
	own.known = true;
	return 0;
}

int account_enter(const struct account *account, struct err *err)
{
	if (geteuid() == account->uid)
		return 0;
	if (find_own_groups(err) < 0)
		return -1;
	if (setgroups(account->ngroups, account->groups) < 0 ||
	    setegid(account->gid) < 0 || seteuid(account->uid) < 0) {
		err_set(err, ERR_IO, "cannot become the account '%s': %s",
		    account->name, strerror(errno));
		account_leave();
		return -1;
	}
	return 0;
}

void account_leave(void)
{
	if (!own.known)
		return;
	/* Going on as somebody else would be worse than not going on. */
	if (seteuid(getuid()) < 0 || setegid(getgid()) < 0 ||
	    (getuid() == 0 && setgroups((size_t)own.n, own.v) < 0))
		_exit(EXIT_UNDECIDED);
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
