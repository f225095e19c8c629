#ifndef DOCTOR_HOSTS_H
#define DOCTOR_HOSTS_H

#include "doctor/doctor.h"
#include "setup/hooksdir.h"

/*
 * Where the hooks of a repository are under what serves it, which
 * `git config stagegate.host` names.  Most call ours themselves.  Gitea,
 * Forgejo and GitLab have hooks of their own that run those in a directory
 * beside them; gitolite keeps `update`, and ours is a VREF there.
 */
enum host_hooks {
	HOST_OWN,      /* git runs ours */
	HOST_DROP,     /* <hooks>/<hook>.d/stagegate */
	HOST_CUSTOM,   /* <git directory>/custom_hooks/<hook>.d/stagegate */
	HOST_GITOLITE, /* pre- and post-receive, maybe links; VREF/stagegate */
};

enum host_hooks doctor_host(const struct doctor *d);
/* Looks where that host has them; false: as everywhere. */
bool look_host(struct doctor *d);

/* One hook that should be ours (look_hooks.c).  link_is_fine: the host puts
 * links there, and puts them again itself. */
void look_hook(struct doctor *d, enum hook hook, const struct hook_look *look,
    bool link_is_fine);

#endif
