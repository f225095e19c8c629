#ifndef GATES_OWNERS_H
#define GATES_OWNERS_H

#include "gates/gate.h"

/*
 * `owners:` of a review: each changed path that has owners, as the file of that
 * name says, has been approved by one of them.  The file is read from the
 * stage's present tip, never from the change, which could name its own author;
 * without a tip, or a file there, no owners are demanded.
 *
 * row is what evidence_stands made of it: row->by are the people whose approval
 * counts.  A path that lacks one turns a row that passed into MISSING, and is
 * told in row->details in any case.
 *
 * What can't be understood frees nothing: a change that would bring such a file
 * is refused (FAILED), and where the tip holds one (it was there before the
 * hooks) every change is, with ERR_FORMAT, but one that mends it.  A file that
 * is too large, or no file, is an error always.
 */
int owners_judge(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts, const char *file, struct gate_row *row,
    struct err *err);

#endif
