#ifndef POLICY_LOAD_H
#define POLICY_LOAD_H

#include "base/diag.h"
#include "base/err.h"
#include "policy/form.h"
#include "policy/model.h"

/*
 * Loading a policy: read, parse, check, resolve.
 *
 *	struct diags diags;
 *	diags_init(&diags, arena);
 *	policy = policy_load(arena, path, forms, POLICY_TRUSTED, &diags);
 *	if (!policy) -> diags say why, all of it at once
 *
 * Warnings may be there beside a policy.  Files named by `include` and
 * `extends` are relative to the directory of the file that names them and held
 * to the same rules.
 */
#define POLICY_BYTES_MAX ((size_t)1 << 20) /* of each file */
#define POLICY_INCLUDES_MAX 16             /* of each file */
/* Files that extend one another: policy.yml, its base and that one's base. */
#define POLICY_CHAIN_MAX 3

enum policy_trust {
	POLICY_TRUSTED, /* owner and mode are checked: hooks, check */
	POLICY_ANY      /* a draft that somebody looks at */
};

/*
 * A file of a commit, as `extends` and the path of policy_load may name it:
 * REPOSITORY:REVISION:PATH, the repository by its absolute path, the revision
 * a full ref name or object id.  git/policyobject.h reads it.
 */
struct policy_objects {
	/* Trusted: the repository must be one that nobody but root and the
	 * running account may write. */
	int (*read)(struct arena *arena, const char *repository,
	    const char *revision, const char *path, enum policy_trust trust,
	    char **ret_text, size_t *ret_len, struct err *err);
};

/* objects may be NULL: then there are files alone. */
struct policy *policy_load(struct arena *arena, const char *path,
    const struct gate_forms *forms, const struct policy_objects *objects,
    enum policy_trust trust, struct diags *diags);

/* The same from text, without `include` and `extends` and without the rules for
 * files.  `name` is shown in diagnostics. */
struct policy *policy_parse(struct arena *arena, const char *name,
    const char *text, size_t len, const struct gate_forms *forms,
    struct diags *diags);

struct policy_file {
	const char *name; /* of one beside policy.yml: policy_source.kept */
	const char *text;
	size_t len;
};

struct policy_files {
	struct policy_file *v;
	size_t n, cap;
};

/* The same with copies of the files that it includes and extends: what the
 * ledger keeps. */
struct policy *policy_parse_files(struct arena *arena,
    const struct policy_file *file, const struct policy_files *copies,
    const struct gate_forms *forms, struct diags *diags);

#endif
