#include <string.h>

#include "base/text.h"
#include "reports/measuresjson.h"

/* What programs that are linked with Google Benchmark write with
 * --benchmark_out_format=json. */

#define ENTRIES_MAX (MEASURES_MAX / 2)

static const char *const times[] = { "real_time", "cpu_time" };

static const char *text_of(const json_t *entry, const char *key)
{
	return json_string_value(json_object_get(entry, key));
}

/* It was not measured (skipped, or it failed), or it is no time: of the
 * aggregates `cv` is a share, `BigO` and `RMS` have other keys. */
static bool is_left_out(const json_t *entry)
{
	const char *unit = text_of(entry, "aggregate_unit");

	return json_is_true(json_object_get(entry, "error_occurred")) ||
	    json_is_true(json_object_get(entry, "skipped")) ||
	    (unit && strcmp(unit, "time") != 0);
}

struct benchmark { /* an entry of the report */
	const char *name;
	double per_second; /* of its unit; 0: it has none */
	bool repetition;
};

static int add_time(struct arena *arena, struct measures *measures,
    const struct benchmark *of, const json_t *entry, const char *what,
    struct err *err)
{
	const json_t *number = json_object_get(entry, what);
	struct measure measure = { .per_second = of->per_second,
		.repetition = of->repetition };

	if (!number)
		return 0;
	measure.name = arena_printf(arena, "%s.%s", of->name, what);
	if (!json_is_number(number))
		return err_set(err, ERR_FORMAT, "'%s' is no number",
		    text_clean_s(arena, measure.name));
	if (of->per_second <= 0)
		return err_set(err, ERR_FORMAT,
		    "'%s' has no 'time_unit' that is s, ms, us or ns",
		    text_clean_s(arena, of->name));
	measure.value = json_number_value(number);
	return measures_add(arena, measures, &measure, err);
}

static int read_entry(struct arena *arena, const json_t *entry, size_t index,
    struct measures *measures, struct err *err)
{
	const char *run_type = text_of(entry, "run_type");
	const char *unit = text_of(entry, "time_unit");
	struct benchmark benchmark = { .name = text_of(entry, "name"),
		.per_second = unit ? time_unit_per_second(unit) : 0,
		/* Old ones do not tell: then it is an iteration as well. */
		.repetition = !run_type || strcmp(run_type, "iteration") == 0 };

	if (!benchmark.name || !*benchmark.name)
		return err_set(
		    err, ERR_FORMAT, "benchmark %zu has no 'name'", index + 1);
	if (strlen(benchmark.name) > MEASURE_NAME_MAX)
		return err_set(err, ERR_LIMIT,
		    "the name of benchmark %zu has more than %d bytes",
		    index + 1, MEASURE_NAME_MAX);
	if (is_left_out(entry))
		return 0;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		if (add_time(
			arena, measures, &benchmark, entry, times[i], err) < 0)
			return -1;
	return 0;
}

int googlebench_read(struct arena *arena, const char *bytes, size_t len,
    struct measures *ret, struct err *err)
{
	static const struct measures_list list = { .key = "benchmarks",
		.none = "it has no 'benchmarks': is it from "
			"--benchmark_out_format=json?",
		.max = ENTRIES_MAX,
		.read = read_entry };

	return measures_read_list(arena, bytes, len, &list, ret, err);
}
