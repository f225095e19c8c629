#include "git/refs.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "git/looseref.h"
#include "git/packedrefs.h"

#define SYMREF_DEPTH_MAX 5 /* as git */

/* One step: the loose file, else packed-refs.  In this order, since git packs
 * a ref before it removes the loose file. */
static int read_one(
    struct repo *repo, const char *name, struct loose_ref *ret, struct err *err)
{
	const struct packed_refs *packed;

	if (loose_ref_read(repo, name, ret, err))
		return -1;
	if (ret->exists)
		return 0;
	if (packed_refs_open(repo, &packed, err))
		return -1;
	return packed_refs_find(packed, name, &ret->exists, &ret->oid, err);
}

int ref_read(struct repo *repo, struct arena *arena, const char *name,
    struct view_ref *ret, struct err *err)
{
	struct view_ref result = { 0 };
	struct loose_ref ref;

	if (!ref_name_is_valid(name)) { /* no such ref can exist */
		*ret = result;
		return 0;
	}
	if (read_one(repo, name, &ref, err))
		return -1;
	result.exists = ref.exists;
	for (int depth = 0; ref.exists && ref.is_symbolic; depth++) {
		if (depth == SYMREF_DEPTH_MAX)
			return err_set(err, ERR_FORMAT,
			    "symbolic ref '%s' of the repository leads "
			    "nowhere: see 'git symbolic-ref'",
			    name);
		result.symbolic = arena_strdup(arena, ref.target);
		if (read_one(repo, result.symbolic, &ref, err))
			return -1;
	}
	if (ref.exists)
		result.oid = ref.oid;
	*ret = result;
	return 0;
}

static int collect_packed(struct repo *repo, struct arena *arena,
    const char *prefix, struct view_refs *list, struct err *err)
{
	const struct packed_refs *packed;
	struct packed_walk walk;
	struct packed_ref ref;
	int more;

	if (packed_refs_open(repo, &packed, err) ||
	    packed_walk_start(packed, prefix, &walk, err))
		return -1;
	while ((more = packed_walk_next(&walk, &ref, err)) > 0) {
		struct view_named_ref named = {
			arena_strndup(arena, ref.name, ref.len), ref.oid
		};

		if (ref_name_is_valid(named.name))
			ARRAY_PUSH(arena, list, named);
	}
	return more;
}

static int by_name(const void *a, const void *b)
{
	const struct view_named_ref *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Both sorted; a loose ref hides the packed one of that name. */
static void overlay(struct arena *arena, const struct view_refs *loose,
    const struct view_refs *packed, struct view_refs *ret)
{
	size_t i = 0, j = 0;

	while (i < loose->n || j < packed->n) {
		int order = i == loose->n ? 1
		    : j == packed->n      ? -1
				     : by_name(&loose->v[i], &packed->v[j]);

		if (order <= 0)
			ARRAY_PUSH(arena, ret, loose->v[i]);
		else
			ARRAY_PUSH(arena, ret, packed->v[j]);
		i += order <= 0 ? 1 : 0;
		j += order >= 0 ? 1 : 0;
	}
}

static int collect_loose(struct repo *repo, struct arena *arena,
    const char *prefix, struct view_refs *list, struct err *err)
{
	struct strings names = { 0 };

	if (loose_refs_list(repo, arena, prefix, &names, NULL, err))
		return -1;
	for (size_t i = 0; i < names.n; i++) {
		struct view_ref ref;

		if (ref_read(repo, arena, names.v[i], &ref, err))
			return -1;
		if (ref.exists && !oid_is_zero(&ref.oid))
			ARRAY_PUSH(arena, list,
			    (struct view_named_ref){ names.v[i], ref.oid });
	}
	return 0;
}

int refs_below(struct repo *repo, struct arena *arena, const char *prefix,
    struct view_refs *ret, struct err *err)
{
	struct view_refs loose = { 0 }, packed = { 0 };

	memset(ret, 0, sizeof(*ret));
	if (!str_prefix(prefix, "refs/") || !str_suffix(prefix, "/") ||
	    strstr(prefix, ".."))
		return err_set(
		    err, ERR_INTERNAL, "'%s' is no prefix of refs", prefix);
	if (collect_loose(repo, arena, prefix, &loose, err) ||
	    collect_packed(repo, arena, prefix, &packed, err))
		return -1;
	if (loose.n > 0)
		qsort(loose.v, loose.n, sizeof(*loose.v), by_name);
	if (packed.n > 0)
		qsort(packed.v, packed.n, sizeof(*packed.v), by_name);
	overlay(arena, &loose, &packed, ret);
	return 0;
}

int refs_symbolic(struct repo *repo, struct arena *arena, const char *prefix,
    struct strings *ret_names, struct err *err)
{
	struct strings names = { 0 }, symbolic = { 0 };

	if (loose_refs_list(repo, arena, prefix, &names, NULL, err))
		return -1;
	for (size_t i = 0; i < names.n; i++) {
		struct loose_ref ref;

		if (loose_ref_read(repo, names.v[i], &ref, err))
			return -1;
		if (ref.exists && ref.is_symbolic)
			ARRAY_PUSH(arena, &symbolic, names.v[i]);
	}
	*ret_names = symbolic;
	return 0;
}
