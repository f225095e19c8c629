#include "gates/benchlimits.h"

#include <string.h>

#include "base/num.h"
#include "policy/field.h"

struct limit_keys { /* as they are written */
	const char *max, *min, *and_by;
	unsigned worse_by;
};

#define ROW(key, kind)                                                         \
	{                                                                      \
		.name = #key, .type = (kind),                                  \
		.offset = offsetof(struct limit_keys, key)                     \
	}

static const struct field limit_fields[] = {
	ROW(max, FIELD_STRING),
	ROW(min, FIELD_STRING),
	ROW(worse_by, FIELD_SHARE),
	ROW(and_by, FIELD_STRING),
	{ .name = NULL },
};

struct reading {
	struct arena *arena;
	const struct node *node; /* of one metric */
	bool times;
	struct limit *limit;
	struct diags *diags;
};

static void complain(const struct reading *r, const char *key, const char *why)
{
	const struct node *at = node_get(r->node, key);

	diag_error(r->diags, at ? at->mark : r->node->mark, "%s", why);
}

static void read_bound(const struct reading *r, const char *key,
    const char *text, struct bound *bound)
{
	const char *rest;

	if (!text)
		return;
	bound->given = true;
	if (!str_to_double(text, &bound->number, &rest)) {
		complain(r, key,
		    arena_printf(r->arena,
			"'%s' must be a number such as 12.5%s, not '%s'", key,
			r->times ? " or 12.5ms" : "", text));
		return;
	}
	if (*rest && r->times)
		bound->per_second = time_unit_per_second(rest);
	if (*rest && bound->per_second <= 0)
		complain(r, key,
		    arena_printf(r->arena,
			r->times ? "'%s' is a number with one of s, ms, us, "
				   "ns behind it or none, not '%s'"
				 : "'%s' is a number without a unit, since "
				   "metrics are what a statement says they "
				   "are; not '%s'",
			key, text));
}

/* "Direction from the limit used": what has a maximum should be small. */
static void find_direction(const struct reading *r)
{
	struct limit *limit = r->limit;

	if (limit->max.given != limit->min.given) {
		limit->up = limit->min.given;
		return;
	}
	if (limit_compares(limit) && !r->times)
		diag_error(r->diags, r->node->mark,
		    "which way is '%s' worse? Say %s", limit->metric,
		    limit->max.given ? "'max' or 'min', not both"
				     : "'max' or 'min' too");
}

static void check_limit(const struct reading *r, size_t errors)
{
	const struct limit *limit = r->limit;

	if (r->diags->errors > errors)
		return;
	if (!limit->max.given && !limit->min.given && !limit_compares(limit))
		diag_error(r->diags, r->node->mark,
		    "'%s' has no limit: say max, min, worse_by or and_by",
		    limit->metric);
	find_direction(r);
}

static void read_limit(const struct reading *r)
{
	struct limit *limit = r->limit;
	struct limit_keys keys = { .max = NULL };
	size_t errors = r->diags->errors;

	/* What was wrong in one key leaves its place as it is. */
	if (!fields_read(r->arena, r->node, limit_fields,
		arena_printf(r->arena, "limit '%s'", limit->metric), &keys,
		r->diags) &&
	    r->node->type != NODE_MAPPING)
		return;
	read_bound(r, "max", keys.max, &limit->max);
	read_bound(r, "min", keys.min, &limit->min);
	read_bound(r, "and_by", keys.and_by, &limit->and_by);
	if (limit->and_by.number < 0)
		complain(r, "and_by", "'and_by' must not be less than 0");
	limit->has_worse_by = node_get(r->node, "worse_by") != NULL;
	limit->worse_by = keys.worse_by;
	check_limit(r, errors);
}

void limits_read(struct arena *arena, const struct node *node, bool times,
    struct limits *ret, struct diags *diags)
{
	if (node->type != NODE_MAPPING || node->n == 0) {
		diag_error(diags, node->mark,
		    "'limits' must be a mapping of metrics to their limits");
		return;
	}
	for (size_t i = 0; i < node->n; i++) {
		struct limit limit = { .metric = node->keys[i]->text };
		const struct reading reading = { .arena = arena,
			.node = node->items[i],
			.times = times,
			.limit = &limit,
			.diags = diags };

		read_limit(&reading);
		ARRAY_PUSH(arena, ret, limit);
	}
}

bool limit_compares(const struct limit *limit)
{
	return limit->has_worse_by || limit->and_by.given;
}

double bound_amount(const struct bound *bound, const struct measure *measure)
{
	if (bound->per_second > 0)
		return bound->number / bound->per_second;
	if (measure->per_second > 0)
		return bound->number / measure->per_second;
	return bound->number;
}

const char *amount_words(
    struct arena *arena, double amount, const struct measure *measure)
{
	double size = amount < 0 ? -amount : amount;

	if (measure->per_second <= 0)
		return arena_printf(arena, "%.6g", amount);
	if (size >= 1)
		return arena_printf(arena, "%.6g s", amount);
	if (size >= 1e-3)
		return arena_printf(arena, "%.6g ms", amount * 1e3);
	if (size >= 1e-6)
		return arena_printf(arena, "%.6g us", amount * 1e6);
	return arena_printf(arena, "%.6g ns", amount * 1e9);
}
