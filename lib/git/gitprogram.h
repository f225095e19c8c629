#ifndef GIT_GITPROGRAM_H
#define GIT_GITPROGRAM_H

#include "base/process.h"
#include "git/repo.h"

/*
 * The program git, for what it alone decides: private to lib/git.  It sees
 * nothing of the account's environment and configuration nor of the push's,
 * and works in a scratch repository (merge_scratch_make, scratch_remove) which
 * has no attributes and borrows all objects.
 */

/* Absolute path: `git config stagegate.git`, else where Debian has it.
 * purpose: "judge this merge". */
int git_program_find(struct repo *repo, struct arena *arena,
    const char *purpose, const char **ret, struct err *err);
/* argv[0] is that path, argv[1] the subcommand.  At most max bytes of its
 * output are kept (ret->output_cut).  0 whatever it answered; ERR_LIMIT where
 * it takes too long. */
int git_program_run(struct arena *arena, const char *const *argv,
    const char *dir, size_t max, struct process_result *ret, struct err *err);
/* -1 always: err is what it says when it is run again. */
int git_program_failed(struct arena *arena, const char *const *argv,
    const char *dir, struct err *err);

#endif
