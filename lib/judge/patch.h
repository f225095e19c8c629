#ifndef JUDGE_PATCH_H
#define JUDGE_PATCH_H

#include "judge/facts.h"

/*
 * The name of a verbatim change, for gates with `binds: patch`: two commits
 * whose changes have the same one differ in where they stand and not in what
 * they do.  SHA-256, of which the first 40 hex digits are used, over the paths
 * of the change in order, and of each
 *
 *	path, old mode, new mode (0: it is not there)
 *	the lines of a diff with three lines of context, byte for byte, each
 *	with its kind and a mark where a hunk begins, but no line numbers
 *	or the two blobs' ids: binary files, files over LINES_BLOB_MAX,
 *	submodules, and an entry that turns from one kind into another
 *	or, where several sides had changed the path, the ids of all of them
 *
 * Every element is preceded by its kind and length, so that none can be
 * taken for two others.  Never git's patch id, which ignores white space.
 */

/* Of the change that the facts are about.  *ret_hex40 NULL: it is empty, and
 * an empty change is like any other empty one and like nothing that was
 * looked at. */
int patch_digest(
    const struct gate_facts *facts, const char **ret_hex40, struct err *err);

#endif
