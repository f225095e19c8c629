#include "reports/sarif.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "reports/json.h"
#include "reports/sarifread.h"

#define VERSION "2.1.0"

/* ---- asking for members ------------------------------------------------- */

int sarif_fault(
    struct sarif_reader *r, enum err_kind kind, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vprintf(r->arena, fmt, ap);
	va_end(ap);
	if (r->in_results)
		return err_set(r->err, kind, "runs[%zu].results[%zu]: %s",
		    r->run, r->result, text);
	return err_set(r->err, kind, "runs[%zu]: %s", r->run, text);
}

static const char *type_words(json_type type)
{
	switch (type) {
	case JSON_OBJECT:
		return "a mapping";
	case JSON_ARRAY:
		return "a list";
	case JSON_STRING:
		return "a text";
	case JSON_INTEGER:
		return "a number";
	case JSON_REAL:
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
		break;
	}
	return "what it should be";
}

int sarif_member(struct sarif_reader *r, json_t *object, const char *key,
    json_type type, json_t **ret)
{
	json_t *value;

	*ret = NULL;
	if (!object)
		return 0;
	if (!json_is_object(object))
		return sarif_fault(r, ERR_FORMAT,
		    "what should have '%s' is no mapping",
		    text_clean(r->arena, key, strnlen(key, 40)));
	value = json_object_get(object, key);
	if (!value || json_is_null(value))
		return 0;
	if (json_typeof(value) != type)
		return sarif_fault(r, ERR_FORMAT, "'%s' is not %s",
		    text_clean(r->arena, key, strnlen(key, 40)),
		    type_words(type));
	*ret = value;
	return 0;
}

int sarif_text(
    struct sarif_reader *r, json_t *object, const char *key, const char **ret)
{
	json_t *value;

	*ret = NULL;
	if (sarif_member(r, object, key, JSON_STRING, &value) < 0)
		return -1;
	if (value)
		*ret = json_string_value(value);
	return 0;
}

int sarif_index(
    struct sarif_reader *r, json_t *object, const char *key, json_int_t *ret)
{
	json_t *value;

	*ret = -1;
	if (sarif_member(r, object, key, JSON_INTEGER, &value) < 0)
		return -1;
	if (value)
		*ret = json_integer_value(value);
	return 0;
}

/* ---- runs --------------------------------------------------------------- */

static void add_trouble(struct sarif_reader *r, const char *text)
{
	json_t *name = json_object_get(r->driver, "name");
	const char *tool = json_is_string(name) ? json_string_value(name) : "";

	ARRAY_PUSH(r->arena, &r->sarif->troubles,
	    arena_printf(r->arena, "run %zu%s%s: %s", r->run + 1,
		*tool ? " of " : "",
		text_clean(r->arena, tool, strnlen(tool, 40)), text));
}

/* Results elsewhere are results that nobody counted. */
static int refuse_elsewhere(struct sarif_reader *r, json_t *run)
{
	json_t *files, *results;

	if (sarif_member(r, run, "externalPropertyFileReferences", JSON_OBJECT,
		&files) < 0 ||
	    sarif_member(r, files, "results", JSON_ARRAY, &results) < 0)
		return -1;
	if (json_array_size(results) == 0)
		return 0;
	return sarif_fault(r, ERR_FORMAT,
	    "its results are in other files, which are not read");
}

static int read_invocations(struct sarif_reader *r, json_t *run)
{
	json_t *list, *invocation;
	size_t i;

	if (sarif_member(r, run, "invocations", JSON_ARRAY, &list) < 0)
		return -1;
	json_array_foreach(list, i, invocation)
	{
		if (json_is_false(
			json_object_get(invocation, "executionSuccessful"))) {
			add_trouble(r, "it did not end well");
			break;
		}
	}
	return 0;
}

static int read_results(struct sarif_reader *r, json_t *run)
{
	json_t *results, *result;

	if (sarif_member(r, run, "results", JSON_ARRAY, &results) < 0)
		return -1;
	if (json_is_null(json_object_get(run, "results")))
		add_trouble(r, "it has null for results: it did not begin");
	if (!results)
		return 0;
	r->sarif->scans++;
	r->in_results = true;
	json_array_foreach(results, r->result, result)
	{
		if (sarif_result_read(r, result) < 0)
			return -1;
	}
	r->in_results = false;
	return 0;
}

static int read_run(struct sarif_reader *r, json_t *run)
{
	json_t *tool;
	int status;

	if (!json_is_object(run))
		return sarif_fault(r, ERR_FORMAT, "a run is a mapping");
	if (sarif_member(r, run, "tool", JSON_OBJECT, &tool) < 0 ||
	    sarif_member(r, tool, "driver", JSON_OBJECT, &r->driver) < 0 ||
	    sarif_member(r, tool, "extensions", JSON_ARRAY, &r->extensions) <
		0 ||
	    sarif_member(r, run, "artifacts", JSON_ARRAY, &r->artifacts) < 0 ||
	    refuse_elsewhere(r, run) < 0 || read_invocations(r, run) < 0)
		return -1;
	if (!r->driver)
		return sarif_fault(r, ERR_FORMAT, "it names no tool");
	status = read_results(r, run);
	json_decref(r->rules_by_id);
	r->rules_by_id = NULL;
	return status;
}

static int read_log(struct sarif_reader *r, json_t *root)
{
	json_t *version = json_object_get(root, "version");
	json_t *runs = json_object_get(root, "runs"), *run;

	if (!json_is_object(root))
		return err_set(r->err, ERR_FORMAT, "SARIF is a mapping");
	if (!json_is_string(version) ||
	    strcmp(json_string_value(version), VERSION) != 0)
		return err_set(r->err, ERR_FORMAT,
		    "'version' is not " VERSION ", the one that is understood");
	if (!json_is_array(runs))
		return err_set(r->err, ERR_FORMAT, "'runs' is not a list");
	if (json_array_size(json_object_get(root, "inlineExternalProperties")) >
	    0)
		return err_set(r->err, ERR_FORMAT,
		    "'inlineExternalProperties' are not read");
	json_array_foreach(runs, r->run, run)
	{
		if (read_run(r, run) < 0)
			return -1;
	}
	return 0;
}

int sarif_read(struct arena *arena, const char *bytes, size_t len,
    struct sarif *ret, struct err *err)
{
	struct sarif *sarif = ARENA_NEW(arena, struct sarif);
	struct sarif_reader r = { .arena = arena, .err = err, .sarif = sarif };
	json_t *root = json_report_read(arena, bytes, len, err);
	int status;

	if (!root)
		return -1;
	status = read_log(&r, root);
	json_decref(root);
	if (status == 0)
		*ret = *sarif;
	return status;
}
