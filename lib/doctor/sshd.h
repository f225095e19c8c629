#ifndef DOCTOR_SSHD_H
#define DOCTOR_SSHD_H

#include "base/array.h"
#include "base/err.h"

/*
 * What sshd lets clients put into the environment of a hook: sshd_config(5),
 * AcceptEnv and PermitUserEnvironment.
 *
 * Asked in two ways, of which what either says counts: `sshd -T`, which knows
 * defaults, and the files, which know what stands in `Match` blocks.  Of those
 * nobody can say here whom they will match, so that they count for everybody.
 */
#define SSHD_PROGRAM "/usr/sbin/sshd"
#define SSHD_CONFIG "/etc/ssh/sshd_config"
#define SSHD_FILES_MAX 100

struct sshd_accepted {
	const char *pattern; /* of AcceptEnv */
	const char *where;   /* "FILE:LINE", "sshd -T" */
};

struct sshd {
	bool is_there; /* there is a configuration */
	struct {
		struct sshd_accepted *v;
		size_t n, cap;
	} accepted;
	const char *user_environment; /* "yes" or a pattern list; NULL: no */
	const char *user_environment_where;
	const char *match;    /* where the first `Match` is; NULL: none */
	struct strings files; /* that were read */
};

/* The bytes of one file.  `name` is shown; dir is what relative includes begin
 * at.  Patterns of Include lines are added to *ret_includes. */
void sshd_config_parse(struct arena *arena, const char *name, const char *text,
    struct sshd *sshd, struct strings *ret_includes);
/* All of it.  config NULL: the system's.  -1: there is a file that can't be
 * read. */
int sshd_look(
    struct arena *arena, const char *config, struct sshd *ret, struct err *err);

/* May a client set that variable?  The first rule that lets it. */
const struct sshd_accepted *sshd_accepts(
    const struct sshd *sshd, const char *variable);
/* May it set any that begins so?  `but` (NULL: none) is one that is harmless.
 */
const struct sshd_accepted *sshd_accepts_any(
    const struct sshd *sshd, const char *prefix, const char *but);

#endif
