#include "record/signkey.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/sshkeygen.h"
#include "git/foreignsig.h"

/* Root's is read by root alone: the account of the hooks needs one of its own,
 * which opening it shows. */
int sign_key_check(
    struct arena *arena, struct repo *repo, const char *file, struct err *err)
{
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	const char *fault = fd < 0 ? strerror(errno) : fd_exposed(fd, 077);
	const char *program;

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
