#ifndef SETUP_INSTALL_H
#define SETUP_INSTALL_H

#include "setup/configure.h"
#include "setup/layout.h"

/*
 * Hooks and settings put into a repository, brought up to date, or taken out
 * again, while people push.
 *
 * Nothing is changed before everything is known to be possible; what is in
 * place already is left as it is.  Hooks come in the order update,
 * post-receive, pre-receive: update refuses what no pre-receive of ours has
 * planned.  They go the other way round, pre-receive first; then pushes that
 * it has let in get the time to be recorded, at most TAKE_WAIT_MS.  So with
 * some of them there, whoever was killed meanwhile, no push comes in.
 *
 * One installer serves many repositories; what fails in one is told in its
 * result and stops no other.
 */
#define TAKE_WAIT_MS 10000u

struct install_options {
	const char *policy;      /* absolute; NULL: as it is */
	const struct host *host; /* NULL: the repository's, else plain */
	bool chain;              /* keep a hook that is there, behind ours */
	bool take;               /* out, not in */
	bool dry;                /* only tell what would be done */
};

enum install_done {
	INSTALL_FAILED, /* why: in `reason` */
	INSTALL_SAME,   /* nothing was to be done */
	INSTALL_NEW,
	INSTALL_UPGRADED,
	INSTALL_TAKEN
};

struct install_result {
	const char *path;   /* as named */
	const char *gitdir; /* NULL: not found */
	enum install_done done;
	const char *reason;
	struct strings notes; /* warnings, hints: one sentence each */
};

struct installer {
	struct arena *arena;
	struct install_options options;
	struct programs programs;
	struct hooks_seen seen;
	struct putter putter;
	struct policy_fits { /* policies looked at, by path and host */
		struct policy_fit *v;
		size_t n, cap;
	} fits;
};

/* Loads the installed programs from dir. */
int installer_open(struct arena *arena, const char *dir,
    const struct install_options *options, struct installer *ret,
    struct err *err);
void install_repository(
    struct installer *installer, const char *path, struct install_result *ret);

/* "installed", "would be upgraded", .. */
const char *install_done_text(enum install_done done, bool dry);

/* Where the policy that a repository follows is missing, wrong, or does not
 * fit its host: sentences added to notes (policyfit.c). */
void policy_fit_note(struct installer *installer, struct repo *repo,
    const struct host *host, struct strings *notes);

/* Hooks alone, in a directory that several repositories share: `drop`, in
 * `<dir>/<hook>.d/`, else in dir itself.  Sets *ret_changed. */
int install_shared(struct installer *installer, const char *dir, bool drop,
    bool *ret_changed, struct err *err);
/* The same in dir itself but for one hook, which gitolite keeps. */
int install_shared_but(struct installer *installer, const char *dir,
    enum hook but, bool *ret_changed, struct err *err);

#endif
