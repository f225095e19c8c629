#include "notify/jsonfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit.h"

int json_line(struct arena *arena, json_t *object, const char **ret_bytes,
    size_t *ret_len, struct err *err)
{
	char *line = json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);

	json_decref(object);
	if (!line)
		return err_set(err, ERR_INTERNAL, "cannot write JSON");
	*ret_bytes = arena_strdup(arena, line);
	*ret_len = strlen(line);
	free(line);
	return 0;
}

json_t *json_line_read(const char *bytes, size_t len, struct err *err)
{
	json_error_t wrong;
	json_t *object = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &wrong);

	if (json_is_object(object))
		return object;
	json_decref(object);
	err_set(err, ERR_FORMAT, "it is damaged");
	return NULL;
}

const char *json_text_of(
    struct arena *arena, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? arena_strdup(arena, text) : NULL;
}

bool json_number_of(const json_t *object, const char *key, uint64_t *ret)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return false;
	*ret = (uint64_t)json_integer_value(value);
	return true;
}

bool json_oid_of(const json_t *object, const char *key, struct oid *ret)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text && strlen(text) == OID_HEX && oid_parse(text, ret);
}

/* As an arena does: half an object is worse than none. */
static void set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) == 0)
		return;
	fprintf(stderr, "stagegate: out of memory\n");
	exit(EXIT_UNDECIDED);
}

void json_set_text(json_t *object, const char *key, const char *text)
{
	set(object, key, json_string(text));
}

void json_set_number(json_t *object, const char *key, uint64_t number)
{
	set(object, key, json_integer((json_int_t)number));
}

void json_set_oid(json_t *object, const char *key, const struct oid *oid)
{
	set(object, key, json_string(oid_hex(oid).s));
}
