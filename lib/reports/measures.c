#include "reports/measures.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

double time_unit_per_second(const char *unit)
{
	static const struct {
		const char *name;
		double per_second;
	} units[] = { { "s", 1 }, { "ms", 1e3 }, { "us", 1e6 }, { "ns", 1e9 } };

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (strcmp(units[i].name, unit) == 0)
			return units[i].per_second;
	return 0;
}

double measure_amount(const struct measure *measure)
{
	if (measure->per_second > 0)
		return measure->value / measure->per_second;
	return measure->value;
}

static bool in_range(
    struct arena *arena, const struct measure *measure, struct err *err)
{
	if (measure->value >= -DBL_MAX && measure->value <= DBL_MAX)
		return true;
	err_set(err, ERR_FORMAT, "'%s' is out of range",
	    text_clean_s(arena, measure->name));
	return false;
}

int measures_add(struct arena *arena, struct measures *measures,
    const struct measure *measure, struct err *err)
{
	struct measure added = *measure;

	if (measures->n == MEASURES_MAX)
		return err_set(err, ERR_LIMIT, "it has more than %d numbers",
		    MEASURES_MAX);
	if (strlen(measure->name) > MEASURE_NAME_MAX)
		return err_set(err, ERR_LIMIT,
		    "a name in it has more than %d bytes", MEASURE_NAME_MAX);
	if (!in_range(arena, measure, err))
		return -1;
	if (measure->per_second > 0 && measure->value < 0)
		return err_set(err, ERR_FORMAT, "'%s' is less than no time",
		    text_clean_s(arena, measure->name));
	added.name = arena_strdup(arena, measure->name);
	added.line_up = measures->n;
	ARRAY_PUSH(arena, measures, added);
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct measure *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	if (order == 0)
		order = x->line_up < y->line_up ? -1 : x->line_up > y->line_up;
	return order;
}

static int compare_amounts(const void *a, const void *b)
{
	double x = measure_amount(a), y = measure_amount(b);

	return x < y ? -1 : x > y;
}

/* The median of several, in the unit of the first. */
static struct measure median_of(struct measure *v, size_t n)
{
	struct measure median = v[0];
	double low, high;

	if (n == 1)
		return median;
	qsort(v, n, sizeof(*v), compare_amounts);
	low = measure_amount(&v[(n - 1) / 2]);
	high = measure_amount(&v[n / 2]);
	median.value = low + (high - low) / 2;
	if (median.per_second > 0)
		median.value *= median.per_second;
	return median;
}

static bool all_repetitions(const struct measure *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!v[i].repetition)
			return false;
	return true;
}

int measures_settle(
    struct arena *arena, struct measures *measures, struct err *err)
{
	size_t kept = 0, first = 0;

	if (measures->n > 1)
		qsort(measures->v, measures->n, sizeof(*measures->v), compare);
	for (size_t i = 1; i <= measures->n; i++) {
		struct measure *v = measures->v + first;

		if (i < measures->n &&
		    strcmp(v->name, measures->v[i].name) == 0)
			continue;
		if (i - first > 1 && !all_repetitions(v, i - first))
			return err_set(err, ERR_FORMAT,
			    "'%s' is in it more than once",
			    text_clean_s(arena, v->name));
		measures->v[kept] = median_of(v, i - first);
		/* In nanoseconds seconds may be too many. */
		if (!in_range(arena, &measures->v[kept++], err))
			return -1;
		first = i;
	}
	measures->n = kept;
	return 0;
}

static int compare_name(const void *key, const void *item)
{
	return strcmp(key, ((const struct measure *)item)->name);
}

const struct measure *measures_find(
    const struct measures *measures, const char *name)
{
	if (measures->n == 0)
		return NULL;
	return bsearch(
	    name, measures->v, measures->n, sizeof(*measures->v), compare_name);
}
