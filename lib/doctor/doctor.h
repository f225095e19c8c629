#ifndef DOCTOR_DOCTOR_H
#define DOCTOR_DOCTOR_H

#include "doctor/ailment.h"
#include "doctor/sshd.h"
#include "git/configlist.h"
#include "run/session.h"
#include "setup/account.h"
#include "setup/hooksdir.h"
#include "setup/place.h"

/*
 * Is a repository under the policy as its administrator believes?  Looks at
 * everything that hooks can't see to themselves: that git calls them, that
 * nobody can put others in their place, that what git is told by its
 * configuration does not lead around them, that refs are where the ledger has
 * them, and that nothing is left lying about.
 *
 *	doctor_server_init(arena, &options, &server);
 *	doctor_look_server(&server);		what no repository has alone
 *	for each repository:
 *		doctor_look(&server, arena, path, &d);
 *		.. d.findings ..
 *		doctor_fix(&d, ..)		fix.h
 *
 * Looking changes nothing.  What can't be looked at is a finding too, and
 * `unseen` is set.  Texts are neutralised.
 */
struct doctor_options {
	const char *account;     /* that runs the hooks; NULL: the owner */
	const char *sshd_config; /* NULL: the system's */
	const char *libexec;     /* where the installed hooks are */
};

struct known_policy { /* read once for all repositories that follow it */
	const char *path;
	uid_t uid; /* by this account */
	struct policy *policy;
	struct diags diags;
};

struct known_id { /* of repositories seen so far */
	const char *id, *gitdir;
};

struct doctor_server {
	struct arena *arena; /* of the run */
	const struct doctor_options *options;
	struct sshd sshd;
	bool unseen; /* something of it could not be looked at */
	bool has_programs;
	struct programs programs; /* installed */
	struct hooks_seen seen;
	struct ailments findings;
	struct {
		struct known_policy *v;
		size_t n, cap;
	} policies;
	struct {
		struct known_id *v;
		size_t n, cap;
	} ids;
	int64_t now;
};

struct doctor {
	struct arena *arena; /* of this repository */
	struct doctor_server *server;
	const char *asked;
	bool found; /* place holds */
	struct place place;
	struct account account;      /* that runs the hooks */
	struct config_list config;   /* empty where it does not read */
	struct strings config_files; /* that git reads it from */
	struct session session;      /* while it is looked at */
	bool opened;                 /* .. it is open, with its ledger */
	struct ailments findings;
	bool unseen; /* something could not be looked at */
};

void doctor_server_init(struct arena *arena,
    const struct doctor_options *options, struct doctor_server *ret);
void doctor_look_server(struct doctor_server *server);
void doctor_look(struct doctor_server *server, struct arena *arena,
    const char *path, struct doctor *ret);

/* ---- for the looks, one a file ------------------------------------------- */

/* Adds a finding of that code.  What is returned is for setting its fix, and
 * is good until the next one. */
struct ailment *doctor_find(struct doctor *d, const char *code, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));
struct ailment *ailments_add(struct arena *arena, struct ailments *findings,
    const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Does that path lead into the repository, or to itself? */
bool doctor_is_inside(const struct doctor *d, const char *path);
/* Something could not be looked at: a finding `CODE`, and `unseen`. */
void doctor_unseen(struct doctor *d, const char *code, const struct err *err);

/* As root or whoever asks. */
void look_hooks(struct doctor *d);
void look_modes(struct doctor *d);
void look_locks(struct doctor *d);
/* As the account that runs the hooks. */
void look_reach(struct doctor *d);
void look_config(struct doctor *d);
void look_objects(struct doctor *d);
void look_state(struct doctor *d);
/* The same, of what could be opened. */
void look_policy(struct doctor *d);
void look_identity(struct doctor *d);
void look_refs(struct doctor *d);
void look_plans(struct doctor *d);
void look_spool(struct doctor *d);

#endif
