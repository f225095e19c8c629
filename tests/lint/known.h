#ifndef LINT_KNOWN_H
#define LINT_KNOWN_H

/*
 * For static analysis only: err_set() and its like return -1, always.  Without
 * this an analyzer, which sees one file at a time, follows paths on which a
 * function has failed and its caller goes on.  IN_LIB_GIT is defined for the
 * files that may see libgit2.
 */
#include "base/err.h"
#define err_set(...) ((void)err_set(__VA_ARGS__), -1)
#define err_prefix(...) ((void)err_prefix(__VA_ARGS__), -1)

#ifdef IN_LIB_GIT
#include "git/handle.h"
#define err_git(...) ((void)err_git(__VA_ARGS__), -1)
#endif

#endif
