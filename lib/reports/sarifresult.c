#include "reports/sarifread.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/text.h"

/* One result: does it count, where is it, what makes it the same. */

/* A copy of what is shown or compared whole; "" for none. */
static int keep(struct sarif_reader *r, const char *what, const char *text,
    size_t max, const char **ret)
{
	if (text && strlen(text) > max)
		return sarif_fault(
		    r, ERR_LIMIT, "%s has more than %zu bytes", what, max);
	*ret = text ? arena_strdup(r->arena, text) : "";
	return 0;
}

/* ---- does it count? ----------------------------------------------------- */

static int is_failure(struct sarif_reader *r, json_t *result, bool *ret)
{
	static const char *const others[] = { "pass", "open", "informational",
		"notApplicable", "review" };
	const char *kind;

	if (sarif_text(r, result, "kind", &kind) < 0)
		return -1;
	*ret = !kind || strcmp(kind, "fail") == 0;
	for (size_t i = 0; !*ret && i < sizeof(others) / sizeof(*others); i++)
		if (strcmp(others[i], kind) == 0)
			return 0;
	return *ret ? 0
		    : sarif_fault(r, ERR_FORMAT, "'%s' is no kind of result",
			  text_clean(r->arena, kind, strnlen(kind, 40)));
}

/* One suppression that is not accepted keeps the result alive. */
static int is_suppressed(struct sarif_reader *r, json_t *result, bool *ret)
{
	json_t *list, *suppression;
	const char *status;
	size_t i;

	if (sarif_member(r, result, "suppressions", JSON_ARRAY, &list) < 0)
		return -1;
	*ret = json_array_size(list) > 0;
	json_array_foreach(list, i, suppression)
	{
		if (sarif_text(r, suppression, "status", &status) < 0)
			return -1;
		if (status && strcmp(status, "accepted") != 0)
			*ret = false;
	}
	return 0;
}

static int read_level(struct sarif_reader *r, json_t *result, json_t *rule,
    bool astray, enum sarif_level *ret)
{
	const char *name;

	if (sarif_text(r, result, "level", &name) < 0)
		return -1;
	if (name)
		return sarif_level_read(r, name, ret);
	if (astray)
		return sarif_fault(r, ERR_FORMAT,
		    "it has no level, and the index of its rule leads nowhere");
	return sarif_rule_level(r, rule, ret);
}

/* ---- where it is -------------------------------------------------------- */

static int read_uri(struct sarif_reader *r, json_t *artifact, const char **ret)
{
	json_t *location;
	json_int_t index;

	if (sarif_text(r, artifact, "uri", ret) < 0 || *ret)
		return *ret ? 0 : -1;
	if (sarif_index(r, artifact, "index", &index) < 0)
		return -1;
	if (index < 0)
		return 0;
	return sarif_member(r, json_array_get(r->artifacts, (size_t)index),
		   "location", JSON_OBJECT, &location) < 0
	    ? -1
	    : sarif_text(r, location, "uri", ret);
}

/* *ret_snippet: the text of the region, NULL: none is there. */
static int read_place(struct sarif_reader *r, json_t *result,
    struct sarif_result *ret, const char **ret_snippet)
{
	json_t *locations, *physical, *artifact, *region, *snippet;
	const char *uri = NULL;
	json_int_t line;

	if (sarif_member(r, result, "locations", JSON_ARRAY, &locations) < 0 ||
	    sarif_member(r, json_array_get(locations, 0), "physicalLocation",
		JSON_OBJECT, &physical) < 0 ||
	    sarif_member(
		r, physical, "artifactLocation", JSON_OBJECT, &artifact) < 0 ||
	    sarif_member(r, physical, "region", JSON_OBJECT, &region) < 0 ||
	    sarif_member(r, region, "snippet", JSON_OBJECT, &snippet) < 0 ||
	    sarif_text(r, snippet, "text", ret_snippet) < 0 ||
	    sarif_index(r, region, "startLine", &line) < 0 ||
	    read_uri(r, artifact, &uri) < 0)
		return -1;
	ret->line = line > 0 ? (uint64_t)line : 0;
	return keep(r, "its path", uri, SARIF_PATH_MAX, &ret->path);
}

/* ---- what makes it the same --------------------------------------------- */

/* Texts hold no NUL, so one between them keeps them apart. */
static void add_text(struct sha256 *sum, const char *text, size_t len)
{
	sha256_add(sum, text, len);
	sha256_add(sum, "", 1);
}

static void add_trimmed(struct sha256 *sum, const char *text)
{
	static const char blanks[] = " \t\r\n";
	size_t len;

	text += strspn(text, blanks);
	len = strlen(text);
	while (len > 0 && strchr(blanks, text[len - 1]))
		len--;
	add_text(sum, text, len);
}

struct fingerprint {
	const char *name, *value;
};

static int compare_fingerprints(const void *a, const void *b)
{
	const struct fingerprint *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static int add_fingerprints(
    struct sarif_reader *r, struct sha256 *sum, json_t *fingerprints)
{
	size_t n = 0;
	struct fingerprint *v = arena_array(
	    r->arena, json_object_size(fingerprints), sizeof(*v));
	const char *name;
	json_t *value;

	json_object_foreach(fingerprints, name, value)
	{
		if (!json_is_string(value))
			return sarif_fault(
			    r, ERR_FORMAT, "a fingerprint is not a text");
		v[n++] = (struct fingerprint){ name, json_string_value(value) };
	}
	qsort(v, n, sizeof(*v), compare_fingerprints);
	for (size_t i = 0; i < n; i++) {
		add_text(sum, v[i].name, strlen(v[i].name));
		add_text(sum, v[i].value, strlen(v[i].value));
	}
	return 0;
}

/* As written: a message that its rule spells out is its name and arguments. */
static int add_message(
    struct sarif_reader *r, struct sha256 *sum, json_t *result)
{
	static const char *const keys[] = { "text", "id", "markdown" };
	json_t *message, *arguments, *argument;
	const char *text;
	size_t i;

	if (sarif_member(r, result, "message", JSON_OBJECT, &message) < 0)
		return -1;
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (sarif_text(r, message, keys[i], &text) < 0)
			return -1;
		if (text)
			add_trimmed(sum, text);
	}
	if (sarif_member(r, message, "arguments", JSON_ARRAY, &arguments) < 0)
		return -1;
	json_array_foreach(arguments, i, argument)
	{
		if (json_is_string(argument))
			add_trimmed(sum, json_string_value(argument));
	}
	return 0;
}

static int make_key(struct sarif_reader *r, json_t *result, const char *snippet,
    struct sarif_result *ret)
{
	struct sha256 *sum = sha256_begin(r->arena);
	json_t *fingerprints;

	if (sarif_member(r, result, "partialFingerprints", JSON_OBJECT,
		&fingerprints) < 0)
		return -1;
	add_text(sum, ret->rule, strlen(ret->rule));
	ret->by_path = json_object_size(fingerprints) == 0;
	if (!ret->by_path && add_fingerprints(r, sum, fingerprints) < 0)
		return -1;
	if (ret->by_path && snippet)
		add_trimmed(sum, snippet);
	else if (ret->by_path && add_message(r, sum, result) < 0)
		return -1;
	ret->key = sha256_end40(r->arena, sum);
	return 0;
}

/* ---- all of it ---------------------------------------------------------- */

static int read_rule_id(
    struct sarif_reader *r, json_t *result, json_t *rule, const char **ret)
{
	json_t *reference;
	const char *id;

	if (sarif_text(r, result, "ruleId", &id) < 0 ||
	    sarif_member(r, result, "rule", JSON_OBJECT, &reference) < 0 ||
	    (!id && sarif_text(r, reference, "id", &id) < 0) ||
	    (!id && sarif_text(r, rule, "id", &id) < 0))
		return -1;
	return keep(r, "the id of its rule", id, SARIF_RULE_MAX, ret);
}

int sarif_result_read(struct sarif_reader *r, json_t *result)
{
	struct sarif_result one = { .rule = "" };
	bool counts, suppressed, astray;
	const char *snippet;
	json_t *rule;

	if (!json_is_object(result))
		return sarif_fault(r, ERR_FORMAT, "a result is a mapping");
	if (is_failure(r, result, &counts) < 0 ||
	    is_suppressed(r, result, &suppressed) < 0)
		return -1;
	if (counts && suppressed)
		r->sarif->suppressed++;
	if (!counts || suppressed)
		return 0;
	if (r->sarif->n == SARIF_RESULTS_MAX)
		return sarif_fault(r, ERR_LIMIT, "more than %zu results count",
		    SARIF_RESULTS_MAX);
	if (sarif_rule(r, result, &rule, &astray) < 0 ||
	    read_level(r, result, rule, astray, &one.level) < 0 ||
	    read_rule_id(r, result, rule, &one.rule) < 0 ||
	    sarif_message(r, result, rule, &one.message) < 0 ||
	    read_place(r, result, &one, &snippet) < 0 ||
	    make_key(r, result, snippet, &one) < 0)
		return -1;
	ARRAY_PUSH(r->arena, r->sarif, one);
	return 0;
}
