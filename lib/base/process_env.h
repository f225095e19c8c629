#ifndef BASE_PROCESS_ENV_H
#define BASE_PROCESS_ENV_H

#include "base/array.h"

/*
 * What an executable of the suite does before anything else: descriptors 0-2
 * exist, every signal back to its default and unblocked (git passes ignored
 * ones on), SIGPIPE ignored, umask 077, RLIMIT_CORE 0, RLIMIT_FSIZE and
 * RLIMIT_NOFILE raised to their hard limits.
 */
void process_harden(void);

/*
 * Empties the environment except for the names given and GIT_DIR,
 * GIT_OBJECT_DIRECTORY, GIT_ALTERNATE_OBJECT_DIRECTORIES,
 * GIT_QUARANTINE_PATH, GIT_PUSH_OPTION_COUNT, GIT_PUSH_OPTION_<n>,
 * GIT_NAMESPACE, HOME.  PATH becomes "/usr/local/bin:/usr/bin:/bin",
 * GIT_NO_REPLACE_OBJECTS=1 is set.  Of a name that comes twice the first
 * counts.  keep may be NULL.
 */
void environment_reduce(const struct strings *keep);

/* The value of a variable, or NULL.  Nobody else reads the environment. */
const char *environment_get(const char *name);

#endif
