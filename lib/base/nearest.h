#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include "base/array.h"

/* The known name nearest to an unknown one (Damerau-Levenshtein distance of
 * at most 2, and less than half the unknown name's length; a case difference
 * counts as nothing; the first of several equally near), or NULL. */
const char *nearest_name(const char *name, const struct strings *known);

#endif
