#ifndef DOCTOR_HOSTS_H
#define DOCTOR_HOSTS_H

#include "doctor/doctor.h"
#include "setup/hooksdir.h"
#include "setup/hosts.h"

/*
 * Where the hooks of a repository are under what serves it, which
 * `git config stagegate.host` names (setup/hosts.h); one that is not known is
 * taken for a plain server.
 */
enum host_layout doctor_layout(const struct doctor *d);
/* Looks where that host has them; false: as everywhere. */
bool look_host(struct doctor *d);

/* Where gitolite has ours that is called as an `update`; NULL: another host, or
 * it can't be seen. */
const char *doctor_vref(const struct doctor *d);
/* Does gitolite's configuration call it?  As the account that runs hooks. */
void look_vref_rule(struct doctor *d);

/* One hook that should be ours (look_hooks.c).  link_is_fine: the host puts
 * links there, and puts them again itself. */
void look_hook(struct doctor *d, enum hook hook, const struct hook_look *look,
    bool link_is_fine);

#endif
