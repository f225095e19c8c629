#ifndef ADMIN_INIT_H
#define ADMIN_INIT_H

#include "admin.h"
#include "setup/install.h"

/* The inside of `stagegate init`: options, and what belongs to no single
 * repository. */
struct init_options {
	const char *policy, *host, *all, *programs;
	const char *template, *gitea, *gitlab, *gitolite, *system_config;
	bool chain, uninstall, dry, system;
};

/* Directories that several repositories share; one line each in out. */
int init_shared(struct admin *admin, const struct init_options *opts,
    struct installer *installer, struct err *err);

#endif
