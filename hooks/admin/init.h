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

/*
 * What was done (init_say.c).  One repository has a line; several have a table
 * of repository, result and reason, what is to be said of them below it, each
 * note once, and their number by result.  problems: of directories that could
 * not be looked into.
 */
struct install_results {
	struct install_result *v;
	size_t n, cap;
};

void init_say(struct admin *admin, const struct install_results *results,
    const struct strings *problems, bool dry);
void init_json(struct admin *admin, const struct install_results *results,
    const struct strings *problems, bool dry);

#endif
