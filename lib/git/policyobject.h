#ifndef GIT_POLICYOBJECT_H
#define GIT_POLICYOBJECT_H

#include "policy/load.h"

/*
 * Policy files that are kept in a repository (policy_load, `extends`):
 *
 *	/srv/git/process.git:refs/tags/v1.0.0-process:policy.yml
 *
 * The ref is resolved as it is now, tags are peeled, and the file must be a
 * blob of that commit's tree: no symbolic link is followed.  Nothing of the
 * environment of a push counts, so that what is read is what is in the store.
 *
 * POLICY_TRUSTED: the repository belongs to root or the running account
 * (safe.directory of the system configuration may name others, as for any
 * repository), and its directory may not be written by group or others.
 */
extern const struct policy_objects policy_objects;

#endif
