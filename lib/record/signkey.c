#include "record/signkey.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sshkeygen.h"
#include "git/foreignsig.h"

static const char *file_fault(const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return "is not a regular file";
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return "belongs to another account";
	if (st->st_mode & 077)
		return "can be read or written by group or others";
	return NULL;
}

/* Root's is read by root alone: the account of the hooks needs one of its own,
 * which opening it shows. */
int sign_key_check(
    struct arena *arena, struct repo *repo, const char *file, struct err *err)
{
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	const char *program, *fault = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		fault = strerror(errno);
	else
		fault = file_fault(&st);
	if (fd >= 0)
		close(fd);
	if (fault)
		return err_set(err, ERR_IO,
		    "the key that signs the ledger can't be used: '%s': %s",
		    file, fault);
	return ssh_keygen_find(repo, arena, &program, err);
}

int sign_key_sign(struct arena *arena, struct repo *repo, const char *file,
    const char *payload, size_t len, const char **ret_armour, struct err *err)
{
	const char *program;

	if (ssh_keygen_find(repo, arena, &program, err) < 0 ||
	    sshkeygen_sign(
		arena, program, file, payload, len, ret_armour, err) < 0)
		return err_prefix(err, "cannot sign the ledger");
	return 0;
}
