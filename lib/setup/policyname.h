#ifndef SETUP_POLICYNAME_H
#define SETUP_POLICYNAME_H

#include "base/arena.h"
#include "base/err.h"

/*
 * A policy as somebody names it on a command line, made into what `git config
 * stagegate.policy` is to hold, for hooks run in other directories: an absolute
 * path, links resolved, or REPOSITORY:REVISION:PATH (policy/place.h) with the
 * repository so.
 *
 * ERR_NOTFOUND where there is no such file, repository, revision or file in
 * it; ERR_FORMAT, with what to do, where hooks would read another meaning.
 */
int policy_name(
    struct arena *arena, const char *text, const char **ret, struct err *err);

#endif
