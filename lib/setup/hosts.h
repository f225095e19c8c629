#ifndef SETUP_HOSTS_H
#define SETUP_HOSTS_H

#include <stdbool.h>
#include <stdint.h>

#include "policy/model.h"

/*
 * What is known of the programs that serve repositories, one for each value of
 * `git config stagegate.host` (run/hosting.h).  README's table of hosts says
 * the same.
 */
enum host_layout {
	LAYOUT_OWN,         /* <hooks directory>/<hook> */
	LAYOUT_DROP,        /* hooks/<hook>.d/, run by the host's own hook */
	LAYOUT_CUSTOM_DROP, /* custom_hooks/<hook>.d/, run by a daemon */
	LAYOUT_SHARED       /* gitolite links what lies in LOCAL_CODE */
};

struct host {
	const char *title; /* how it is spelled, for sentences */
	enum host_layout layout;
	const char *identity;  /* the variable that it sets; NULL: any */
	const char *host_refs; /* refs that it writes itself; NULL: none */
	uint64_t limit_s;      /* after which it ends a hook; 0: none */
};

/* By the value of stagegate.host; not set, which is NULL, it is a plain one.
 * NULL where none is called so. */
const struct host *host_find(const char *name);
/* Of one that was found: "gitolite", .. */
const char *host_name(const struct host *host);

/* Where a policy does not fit a host, one sentence each, for the person who
 * keeps the policy. */
void host_policy_faults(struct arena *arena, const struct host *host,
    const struct policy *policy, struct strings *ret);

#endif
