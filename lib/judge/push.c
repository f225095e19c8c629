#include "judge/push.h"

#include <string.h>

/* "old SP new SP": what comes before the name of a ref */
#define HEAD_LEN ((size_t)2 * (OID_HEX + 1))

static int read_line(const char *line, size_t len, size_t number,
    struct update *ret, struct err *err)
{
	if (len <= HEAD_LEN || line[OID_HEX] != ' ' ||
	    line[HEAD_LEN - 1] != ' ' || line[HEAD_LEN] == ' ')
		return err_set(err, ERR_FORMAT,
		    "line %zu of the command list is not 'old new ref'",
		    number);
	if (!oid_parse(line, &ret->old) ||
	    !oid_parse(line + OID_HEX + 1, &ret->new))
		return err_set(err, ERR_FORMAT,
		    "line %zu of the command list holds no object ids of 40 "
		    "lower-case digits",
		    number);
	if (len - HEAD_LEN > REF_NAME_MAX)
		return err_set(err, ERR_LIMIT,
		    "the name of the ref in line %zu has more than %d bytes",
		    number, REF_NAME_MAX);
	ret->ref = line + HEAD_LEN;
	return 0;
}

int updates_parse(struct arena *arena, const char *bytes, size_t len,
    struct updates *ret, struct err *err)
{
	struct updates updates = { 0 };
	const char *line, *end;
	char *copy;

	if (len == 0)
		return err_set(err, ERR_FORMAT, "the command list is empty");
	if (len > PUSH_BYTES_MAX)
		return err_set(err, ERR_LIMIT,
		    "the command list has more than %zu bytes", PUSH_BYTES_MAX);
	if (memchr(bytes, '\0', len))
		return err_set(
		    err, ERR_FORMAT, "the command list holds a NUL byte");
	if (bytes[len - 1] != '\n')
		return err_set(err, ERR_FORMAT,
		    "the command list ends in the middle of a line");
	/* Names stay where they are: each line end becomes their NUL. */
	copy = arena_strndup(arena, bytes, len);
	for (line = copy; line < copy + len; line = end + 1) {
		size_t rest = len - (size_t)(line - copy);
		struct update update;

		end = memchr(line, '\n', rest);
		if (!end)
			return err_set(err, ERR_INTERNAL, "no line end");
		if (updates.n == PUSH_UPDATES_MAX)
			return err_set(err, ERR_LIMIT,
			    "the push has more than %d refs", PUSH_UPDATES_MAX);
		if (read_line(line, (size_t)(end - line), updates.n + 1,
			&update, err) < 0)
			return -1;
		copy[end - copy] = '\0';
		ARRAY_PUSH(arena, &updates, update);
	}
	*ret = updates;
	return 0;
}
