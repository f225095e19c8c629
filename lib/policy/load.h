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
 * Warnings may be there beside a policy.  Files named by `include` are
 * relative to the directory of policy.yml and held to the same rules.
 */
#define POLICY_BYTES_MAX ((size_t)1 << 20) /* of each file */
#define POLICY_INCLUDES_MAX 16

enum policy_trust {
	POLICY_TRUSTED, /* owner and mode are checked: hooks, check */
	POLICY_ANY      /* a draft that somebody looks at */
};

struct policy *policy_load(struct arena *arena, const char *path,
    const struct gate_forms *forms, enum policy_trust trust,
    struct diags *diags);

/* The same from text, without includes and without the rules for files.
 * `name` is shown in diagnostics. */
struct policy *policy_parse(struct arena *arena, const char *name,
    const char *text, size_t len, const struct gate_forms *forms,
    struct diags *diags);

struct policy_file {
	const char *name; /* of an included one: as policy.yml writes it */
	const char *text;
	size_t len;
};

struct policy_files {
	struct policy_file *v;
	size_t n, cap;
};

/* The same with copies of the files that it includes: what the ledger keeps. */
struct policy *policy_parse_files(struct arena *arena,
    const struct policy_file *file, const struct policy_files *included,
    const struct gate_forms *forms, struct diags *diags);

#endif
