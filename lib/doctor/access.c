#include "doctor/access.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

/* ---- access lists --------------------------------------------------------
 *
 * As the kernel hands them out (linux/posix_acl_xattr.h): a version, then
 * entries of a tag, permissions and an id, all little-endian.
 */
#define ACL_NAME "system.posix_acl_access"
#define ACL_VERSION 2u
#define ACL_HEAD 4u
#define ACL_ENTRY 8u
#define ACL_USER 2u
#define ACL_GROUP 8u
#define ACL_MASK 16u
#define ACL_WRITE 2u
#define ACL_BYTES_MAX 4096u

static uint32_t little(const unsigned char *p, size_t n)
{
	uint32_t value = 0;

	while (n-- > 0)
		value = value << 8 | p[n];
	return value;
}

struct acl {
	unsigned char bytes[ACL_BYTES_MAX];
	size_t len; /* 0: there is none */
};

static void acl_read(const char *path, struct acl *acl)
{
	ssize_t n = getxattr(path, ACL_NAME, acl->bytes, sizeof(acl->bytes));

	acl->len = 0;
	if (n >= (ssize_t)ACL_HEAD && little(acl->bytes, 4) == ACL_VERSION)
		acl->len = (size_t)n;
}

static bool acl_mask_writes(const struct acl *acl)
{
	for (size_t at = ACL_HEAD; at + ACL_ENTRY <= acl->len; at += ACL_ENTRY)
		if (little(acl->bytes + at, 2) == ACL_MASK)
			return little(acl->bytes + at + 2, 2) & ACL_WRITE;
	return true;
}

/* Somebody else whom the list lets write; NULL: nobody. */
static const char *acl_other(
    struct arena *arena, const struct acl *acl, const struct account *account)
{
	if (acl->len == 0 || !acl_mask_writes(acl))
		return NULL;
	for (size_t at = ACL_HEAD; at + ACL_ENTRY <= acl->len;
	     at += ACL_ENTRY) {
		uint32_t tag = little(acl->bytes + at, 2);
		uint32_t id = little(acl->bytes + at + 4, 4);

		if (!(little(acl->bytes + at + 2, 2) & ACL_WRITE))
			continue;
		if (tag == ACL_USER && id != 0 && id != account->uid)
			return arena_printf(arena,
			    "its access list lets account %u write it", id);
		if (tag == ACL_GROUP && id != 0 &&
		    group_has_others(arena, id, account))
			return arena_printf(arena,
			    "its access list lets group %u write it", id);
	}
	return NULL;
}

/* ---- one file ------------------------------------------------------------
 */

static const char *owner_name(struct arena *arena, const struct stat *st)
{
	struct account owner;

	account_find(arena, st->st_uid, st->st_gid, &owner);
	return owner.name;
}

/* Why somebody else may write it; NULL: nobody may. */
static const char *other_writer(struct arena *arena, const char *path,
    const struct stat *st, const struct account *account, bool *ret_by_mode)
{
	struct acl acl;
	const char *why;

	*ret_by_mode = false;
	if (st->st_uid != 0 && st->st_uid != account->uid)
		return arena_printf(
		    arena, "belongs to '%s'", owner_name(arena, st));
	acl_read(path, &acl);
	why = acl_other(arena, &acl, account);
	if (why)
		return why;
	*ret_by_mode = true;
	if (st->st_mode & S_IWOTH)
		return "everybody may write it";
	/* Of a file with a list these bits are its mask. */
	if ((st->st_mode & S_IWGRP) && acl.len == 0 && st->st_gid != 0 &&
	    group_has_others(arena, st->st_gid, account))
		return arena_printf(arena, "its group %llu may write it",
		    (unsigned long long)st->st_gid);
	return NULL;
}

static void judge(struct arena *arena, const char *path, const struct stat *st,
    const struct account *account, struct access_look *ret)
{
	struct access_look look = { HELD_BY_ROOT, path, NULL, false };

	look.why = other_writer(arena, path, st, account, &look.by_mode);
	if (look.why) {
		look.holder = HELD_BY_OTHERS;
	} else if (account->uid != 0 && st->st_uid == account->uid) {
		look.holder = HELD_BY_ACCOUNT;
		look.why = arena_printf(
		    arena, "belongs to '%s'", account->name);
	}
	*ret = look;
}

int access_of(struct arena *arena, const char *path,
    const struct account *account, struct access_look *ret, struct err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return err_set(err,
		    errno == ENOENT || errno == ENOTDIR ? ERR_NOTFOUND : ERR_IO,
		    "cannot look at '%s': %s", path, strerror(errno));
	judge(arena, path, &st, account, ret);
	return 0;
}

/* ---- the way to it --------------------------------------------------------
 */

static void worst(const struct access_look *look, struct access_look *ret)
{
	if (look->holder > ret->holder)
		*ret = *look;
}

/* The directories above, the root first.  One with the sticky bit lets nobody
 * rename what is not his, and what is in it is looked at next. */
static int look_above(struct arena *arena, const char *path,
    const struct account *account, struct access_look *ret, struct err *err)
{
	for (const char *slash = path; slash; slash = strchr(slash + 1, '/')) {
		const char *dir = slash == path
		    ? "/"
		    : arena_strndup(arena, path, (size_t)(slash - path));
		struct access_look look;
		struct stat st;

		if (stat(dir, &st) < 0)
			return err_set(err,
			    errno == ENOENT || errno == ENOTDIR ? ERR_NOTFOUND
								: ERR_IO,
			    "cannot look at '%s': %s", dir, strerror(errno));
		judge(arena, dir, &st, account, &look);
		if (look.holder == HELD_BY_OTHERS && look.by_mode &&
		    (st.st_mode & S_ISVTX))
			continue;
		worst(&look, ret);
	}
	return 0;
}

int access_way(struct arena *arena, const char *path,
    const struct account *account, struct access_look *ret, struct err *err)
{
	struct access_look look = { HELD_BY_ROOT, path, NULL, false }, own;
	char real[PATH_MAX];

	if (!realpath(path, real))
		return err_set(err,
		    errno == ENOENT || errno == ENOTDIR ? ERR_NOTFOUND : ERR_IO,
		    "cannot look at '%s': %s", path, strerror(errno));
	if (*path == '/' && look_above(arena, path, account, &look, err) < 0)
		return -1;
	if (strcmp(real, path) != 0) {
		path = arena_strdup(arena, real);
		if (look_above(arena, path, account, &look, err) < 0)
			return -1;
	}
	if (access_of(arena, path, account, &own, err) < 0)
		return -1;
	worst(&own, &look);
	*ret = look;
	return 0;
}
