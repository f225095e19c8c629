#include "judge/stagerefs.h"

#include <string.h>

#include "base/glob.h"

static bool pattern_names(const struct ref_pattern *pattern, const char *name)
{
	return pattern->literal ? strcmp(pattern->prefix, name) == 0
				: glob_match(pattern->glob, name);
}

/* An earlier pattern of the stage has given that ref already. */
static bool is_known(const struct stage *stage, size_t before, const char *name)
{
	for (size_t i = 0; i < before; i++)
		if (pattern_names(&stage->refs[i], name))
			return true;
	return false;
}

static int add_literal(const struct view *view, struct arena *arena,
    const char *name, struct view_refs *refs, struct err *err)
{
	struct view_ref ref;

	if (view->ref(view->git, arena, name, &ref, err) < 0)
		return -1;
	if (ref.exists && !oid_is_zero(&ref.oid))
		ARRAY_PUSH(
		    arena, refs, (struct view_named_ref){ name, ref.oid });
	return 0;
}

static int add_matching(const struct view *view, struct arena *arena,
    const struct stage *stage, size_t index, struct view_refs *refs,
    struct err *err)
{
	const struct ref_pattern *pattern = &stage->refs[index];
	const char *slash = strrchr(pattern->prefix, '/');
	struct view_refs below = { NULL, 0, 0 };
	size_t len = slash ? (size_t)(slash - pattern->prefix) + 1 : 0;

	if (view->refs_below(view->git, arena,
		arena_strndup(arena, pattern->prefix, len), &below, err) < 0)
		return -1;
	for (size_t i = 0; i < below.n; i++)
		if (glob_match(pattern->glob, below.v[i].name) &&
		    !oid_is_zero(&below.v[i].oid) &&
		    !is_known(stage, index, below.v[i].name))
			ARRAY_PUSH(arena, refs, below.v[i]);
	return 0;
}

int stage_refs(const struct view *view, struct arena *arena,
    const struct stage *stage, struct view_refs *ret, struct err *err)
{
	struct view_refs refs = { NULL, 0, 0 };

	for (size_t i = 0; i < stage->nrefs; i++) {
		const struct ref_pattern *pattern = &stage->refs[i];

		if (!pattern->literal) {
			if (add_matching(view, arena, stage, i, &refs, err) < 0)
				return -1;
		} else if (!is_known(stage, i, pattern->prefix)) {
			if (add_literal(
				view, arena, pattern->prefix, &refs, err) < 0)
				return -1;
		}
	}
	*ret = refs;
	return 0;
}

const char *stage_single_ref(const struct stage *stage)
{
	if (stage->nrefs != 1 || !stage->refs[0].literal)
		return NULL;
	return stage->refs[0].prefix;
}
