#include "reports/sarifread.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"

/* Rules: which one a result breaks, and what that says of its level and its
 * message. */

const char *const sarif_level_names[] = { "error", "warning", "note", "none",
	NULL };

int sarif_level_read(
    struct sarif_reader *r, const char *name, enum sarif_level *ret)
{
	for (size_t i = 0; i < SARIF_LEVELS; i++) {
		if (strcmp(sarif_level_names[i], name) == 0) {
			*ret = (enum sarif_level)i;
			return 0;
		}
	}
	return sarif_fault(r, ERR_FORMAT,
	    "'%s' is no level (error, warning, note, none)",
	    text_clean(r->arena, name, strnlen(name, 40)));
}

/* ---- by id -------------------------------------------------------------- */

static int add_rules(struct sarif_reader *r, json_t *component)
{
	json_t *rules, *rule;
	const char *id;
	size_t i;

	if (sarif_member(r, component, "rules", JSON_ARRAY, &rules) < 0)
		return -1;
	json_array_foreach(rules, i, rule)
	{
		if (sarif_text(r, rule, "id", &id) < 0)
			return -1;
		/* The driver comes first, and the first of an id counts. */
		if (id && !json_object_get(r->rules_by_id, id) &&
		    json_object_set(r->rules_by_id, id, rule) < 0)
			return sarif_fault(
			    r, ERR_INTERNAL, "there is no memory for it");
	}
	return 0;
}

static int index_rules(struct sarif_reader *r)
{
	json_t *extension;
	size_t i;

	if (r->rules_by_id)
		return 0;
	r->rules_by_id = json_object();
	if (!r->rules_by_id)
		return sarif_fault(
		    r, ERR_INTERNAL, "there is no memory for it");
	if (add_rules(r, r->driver) < 0)
		return -1;
	json_array_foreach(r->extensions, i, extension)
	{
		if (add_rules(r, extension) < 0)
			return -1;
	}
	return 0;
}

/* `CA1000/1` is a part of `CA1000`, where that is all that is described. */
static int rule_by_id(struct sarif_reader *r, const char *id, json_t **ret)
{
	char *name;

	*ret = NULL;
	if (!id || strlen(id) > SARIF_RULE_MAX)
		return 0;
	if (index_rules(r) < 0)
		return -1;
	name = arena_strdup(r->arena, id);
	for (;;) {
		char *slash = strrchr(name, '/');

		*ret = json_object_get(r->rules_by_id, name);
		if (*ret || !slash)
			return 0;
		*slash = '\0';
	}
}

/* ---- of a result -------------------------------------------------------- */

int sarif_rule(
    struct sarif_reader *r, json_t *result, json_t **ret, bool *ret_astray)
{
	json_t *reference, *holder, *component = r->driver, *rules;
	json_int_t index, extension;
	const char *id;

	*ret = NULL;
	*ret_astray = false;
	if (sarif_member(r, result, "rule", JSON_OBJECT, &reference) < 0 ||
	    sarif_member(r, reference, "toolComponent", JSON_OBJECT, &holder) <
		0 ||
	    sarif_index(r, holder, "index", &extension) < 0 ||
	    sarif_index(r, reference, "index", &index) < 0 ||
	    (index < 0 && sarif_index(r, result, "ruleIndex", &index) < 0) ||
	    sarif_text(r, result, "ruleId", &id) < 0 ||
	    (!id && sarif_text(r, reference, "id", &id) < 0))
		return -1;
	if (index < 0)
		return rule_by_id(r, id, ret);
	if (extension >= 0)
		component = json_array_get(r->extensions, (size_t)extension);
	if (sarif_member(r, component, "rules", JSON_ARRAY, &rules) < 0)
		return -1;
	*ret = json_array_get(rules, (size_t)index);
	*ret_astray = *ret == NULL;
	return *ret_astray ? rule_by_id(r, id, ret) : 0;
}

int sarif_rule_level(
    struct sarif_reader *r, json_t *rule, enum sarif_level *ret)
{
	json_t *configuration;
	const char *name;

	*ret = SARIF_WARNING;
	if (sarif_member(r, rule, "defaultConfiguration", JSON_OBJECT,
		&configuration) < 0 ||
	    sarif_text(r, configuration, "level", &name) < 0)
		return -1;
	return name ? sarif_level_read(r, name, ret) : 0;
}

/* ---- messages ----------------------------------------------------------- */

/* The first line; `{0}` stands for the first of the arguments, `{{` for a
 * brace. */
static const char *fill_in(
    struct sarif_reader *r, const char *text, json_t *arguments)
{
	struct buf buf;

	buf_init(&buf, r->arena, SARIF_MESSAGE_MAX);
	for (const char *p = text; *p && *p != '\n' && *p != '\r'; p++) {
		const char *argument = NULL;

		if (arguments && p[0] == '{' && p[1] >= '0' && p[1] <= '9' &&
		    p[2] == '}')
			argument = json_string_value(
			    json_array_get(arguments, (size_t)(p[1] - '0')));
		if (argument) {
			buf_adds(&buf, argument);
			p += 2;
			continue;
		}
		if (arguments && (*p == '{' || *p == '}') && p[1] == *p)
			p++;
		buf_addc(&buf, *p);
	}
	/* Not in the middle of a character. */
	while (buf.overflow && buf.len > 0 && !utf8_valid(buf.p, buf.len))
		buf.p[--buf.len] = '\0';
	return buf.overflow ? arena_printf(r->arena, "%s...", buf.p) : buf.p;
}

/* What the rule has under that name. */
static int message_of_rule(
    struct sarif_reader *r, json_t *rule, const char *id, const char **ret)
{
	json_t *strings, *string;

	if (sarif_member(r, rule, "messageStrings", JSON_OBJECT, &strings) <
		0 ||
	    sarif_member(r, strings, id, JSON_OBJECT, &string) < 0)
		return -1;
	return sarif_text(r, string, "text", ret);
}

int sarif_message(
    struct sarif_reader *r, json_t *result, json_t *rule, const char **ret)
{
	json_t *message, *arguments;
	const char *text, *id;

	*ret = "";
	if (sarif_member(r, result, "message", JSON_OBJECT, &message) < 0 ||
	    sarif_text(r, message, "text", &text) < 0 ||
	    sarif_text(r, message, "id", &id) < 0 ||
	    sarif_member(r, message, "arguments", JSON_ARRAY, &arguments) < 0)
		return -1;
	if (!text && id && message_of_rule(r, rule, id, &text) < 0)
		return -1;
	if (!text && !id && sarif_text(r, message, "markdown", &text) < 0)
		return -1;
	if (text || id)
		*ret = fill_in(r, text ? text : id, arguments);
	return 0;
}
