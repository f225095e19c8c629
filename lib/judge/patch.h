#ifndef JUDGE_PATCH_H
#define JUDGE_PATCH_H

#include "judge/facts.h"

/*
 * The name of a verbatim change, for gates with `binds: patch`: two commits
 * whose changes have the same one differ in where they stand and not in what
 * they do.  SHA-256, of which the first 40 hex digits are used, over the paths
 * of the change in order, and of each
 *
 *	P path, M old mode, M new mode (0: it is not there); then either
 *	the lines of a diff with three lines of context, byte for byte:
 *	@ where a hunk begins, and ' ', +, - as diffs have them, \ behind a
 *	line that ends its file without a line end; but no line numbers
 *	or I old id, I new id: files that are new or gone, which is all of their
 *	lines; binary files, files over LINES_BLOB_MAX, submodules, and what
 *	turns from a file into a link or back
 *
 *	P path, S number of sides, M and I of each, M and I of the new entry:
 *	where several sides had changed the path
 *
 * Every element is its letter, its length in eight bytes with the greatest
 * first, and that many bytes, so that none can be taken for two others; modes
 * and numbers are eight such bytes, ids twenty, of nothing zeros.  Never git's
 * patch id, which ignores white space.
 */

/* Of the change that the facts are about.  *ret_hex40 NULL: it is empty, and
 * an empty change is like any other empty one and like nothing that was
 * looked at. */
int patch_digest(
    const struct gate_facts *facts, const char **ret_hex40, struct err *err);

#endif
