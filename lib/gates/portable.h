#ifndef GATES_PORTABLE_H
#define GATES_PORTABLE_H

#include "base/arena.h"
#include "gates/gate.h"

/*
 * Names that not every file system can hold: what Windows reserves, forbids or
 * cuts off, names longer than file systems take, and two names in one folder
 * that differ in case only.
 */
#define PORTABLE_NAME_MAX 255 /* bytes of one name: most file systems */
#define PORTABLE_PATH_MAX                                                      \
	240 /* characters: Windows takes 260 with the folder                   \
	     * that it is checked out to */

/* NULL when every name of the path is fine, else what is wrong. */
const char *portable_complaint(struct arena *arena, const char *path);

/* A copy with the case of letters folded: ASCII, Latin, Greek, Cyrillic. */
const char *portable_fold(struct arena *arena, const char *path);

/* Adds an offender for each path of the candidate's tree that is the same as
 * one of the changed paths, or of a folder on the way to it, but for case. */
int portable_twins(const struct gate_facts *facts, const struct change *change,
    struct offenders *offenders, struct err *err);

#endif
