#include "git/foreignsig.h"

#include <unistd.h>

#include "base/sshkeygen.h"
#include "git/scratch.h"

#define SSH_KEYGEN "/usr/bin/ssh-keygen"

int ssh_keygen_find(
    struct repo *repo, struct arena *arena, const char **ret, struct err *err)
{
	const char *path = NULL;

	if (repo_config(repo, arena, "stagegate.sshKeygen", &path, err) < 0)
		return -1;
	if (path && (*path != '/' || access(path, X_OK) < 0))
		return err_set(err, ERR_FORMAT,
		    "stagegate.sshKeygen is '%s', which is no absolute path of "
		    "a program",
		    path);
	if (!path && access(SSH_KEYGEN, X_OK) < 0)
		return err_set(err, ERR_NOTFOUND,
		    "ssh-keygen is needed for a signature that is not Ed25519 "
		    "and was not found: install openssh-client, or set its "
		    "path with 'git config --system stagegate.sshKeygen PATH'");
	*ret = path ? path : SSH_KEYGEN;
	return 0;
}

int foreign_signature_verify(struct repo *repo, struct arena *arena,
    const struct signed_text *text, const struct sshsig *sig, bool *ret_good,
    struct err *err)
{
	const char *program, *dir = NULL;
	int status;

	if (ssh_keygen_find(repo, arena, &program, err) < 0 ||
	    scratch_make(repo, arena, "signature", &dir, err) < 0)
		return -1;
	status = sshkeygen_verify(arena, program, dir, sig, text->payload,
	    text->nparts, ret_good, err);
	scratch_remove(dir);
	return status;
}
