#include <string.h>

#include "base/text.h"
#include "reports/measuresjson.h"

/* What `hyperfine --export-json` writes. */

#define RESULTS_MAX 10000

static const char *const numbers[] = { "mean", "median", "stddev", "user",
	"system", "min", "max" };

static int add_number(struct arena *arena, struct measures *measures,
    const char *command, const json_t *result, const char *what,
    struct err *err)
{
	const json_t *number = json_object_get(result, what);
	struct measure measure = { .per_second = 1 };

	/* Of a single run there is no deviation. */
	if (!number || json_is_null(number))
		return 0;
	measure.name = arena_printf(arena, "%s.%s", command, what);
	if (!json_is_number(number))
		return err_set(err, ERR_FORMAT, "'%s' is no number",
		    text_clean_s(arena, measure.name));
	measure.value = json_number_value(number);
	return measures_add(arena, measures, &measure, err);
}

/* With --ignore-failure it goes on, and what fails is done soon. */
static int check_exit_codes(const json_t *result, size_t index, struct err *err)
{
	const json_t *codes = json_object_get(result, "exit_codes"), *code;
	size_t i;

	json_array_foreach(codes, i, code)
	{
		if (!json_is_integer(code) || json_integer_value(code) != 0)
			return err_set(err, ERR_FORMAT,
			    "result %zu: the command did not exit 0 in run "
			    "%zu, so nothing was measured",
			    index + 1, i + 1);
	}
	return 0;
}

static int read_result(struct arena *arena, const json_t *result, size_t index,
    struct measures *measures, struct err *err)
{
	const char *command = json_string_value(
	    json_object_get(result, "command"));

	if (!command || !*command)
		return err_set(
		    err, ERR_FORMAT, "result %zu has no 'command'", index + 1);
	if (strlen(command) > MEASURE_NAME_MAX)
		return err_set(err, ERR_LIMIT,
		    "the command of result %zu has more than %d bytes",
		    index + 1, MEASURE_NAME_MAX);
	if (!json_is_number(json_object_get(result, "mean")))
		return err_set(
		    err, ERR_FORMAT, "result %zu has no 'mean'", index + 1);
	if (check_exit_codes(result, index, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (add_number(
			arena, measures, command, result, numbers[i], err) < 0)
			return -1;
	return 0;
}

int hyperfine_read(struct arena *arena, const char *bytes, size_t len,
    struct measures *ret, struct err *err)
{
	static const struct measures_list list = { .key = "results",
		.none = "it has no 'results': is it from --export-json?",
		.max = RESULTS_MAX,
		.read = read_result };

	return measures_read_list(arena, bytes, len, &list, ret, err);
}
