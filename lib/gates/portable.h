#ifndef GATES_PORTABLE_H
#define GATES_PORTABLE_H

#include "base/arena.h"
#include "gates/gate.h"

/*
 * Names that not every file system can hold: what Windows reserves, forbids or
 * cuts off, names longer than file systems take, and two names in one folder
 * that are one where case does not count (Windows, macOS), nor how a letter is
 * composed, nor characters that are not seen (macOS).
 */
#define PORTABLE_NAME_MAX 255 /* bytes of one name: most file systems */
#define PORTABLE_PATH_MAX                                                      \
	240 /* characters: Windows takes 260 with the folder                   \
	     * that it is checked out to */

/* NULL when every name of the path is fine, else what is wrong. */
const char *portable_complaint(struct arena *arena, const char *path);

/*
 * What names that are one have in common: letters folded as Unicode has it
 * (full case folding, locales left out) and composed (NFC), characters that
 * are ignored by default left out; those that HFS+ ignores are among them.  Of
 * names that are not UTF-8, or longer than PORTABLE_FOLD_MAX, which could be
 * dear and are refused for their length, only ASCII letters are folded.
 */
#define PORTABLE_FOLD_MAX 1024 /* bytes: of PORTABLE_PATH_MAX characters */
const char *portable_fold(struct arena *arena, const char *path);

/* How two paths with the same fold differ, in a sentence with both. */
const char *portable_difference(
    struct arena *arena, const char *a, const char *b);

/* Adds an offender for each path of the candidate's tree that has the fold of
 * one of the changed paths, or of a folder on the way to it, in other bytes. */
int portable_twins(const struct gate_facts *facts, const struct change *change,
    struct offenders *offenders, struct err *err);

#endif
