#include "policy/place.h"

#include <string.h>

#include "base/oid.h"
#include "base/text.h"

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_revision(const char *text)
{
	struct oid oid;

	return str_prefix(text, "refs/") ||
	    (strlen(text) == OID_HEX && oid_parse(text, &oid));
}

bool place_parse(struct arena *arena, const char *text,
    struct policy_place *ret, const char **ret_fault)
{
	const char *first = strchr(text, ':');
	const char *second = first ? strchr(first + 1, ':') : NULL;

	*ret = (struct policy_place){ .path = text };
	if (!first)
		return true;
	*ret_fault = "it must be a path, or REPOSITORY:REVISION:PATH";
	if (!second || second[1] == '\0')
		return false;
	ret->repository = arena_strndup(arena, text, (size_t)(first - text));
	ret->revision = arena_strndup(
	    arena, first + 1, (size_t)(second - first - 1));
	ret->path = arena_strdup(arena, second + 1);
	*ret_fault = "the repository must be an absolute path";
	if (*ret->repository != '/')
		return false;
	*ret_fault = "the revision must be a full ref name such as "
		     "refs/tags/v1.0.0, or an object id of 40 digits";
	return is_revision(ret->revision);
}

static const char *beside(
    struct arena *arena, const char *path, const char *text)
{
	size_t dir = (size_t)(base_name(path) - path);

	return arena_printf(arena, "%.*s%s", (int)dir, path, text);
}

bool place_beside(struct arena *arena, const struct policy_place *from,
    const char *text, struct policy_place *ret, const char **ret_fault)
{
	if (!place_parse(arena, text, ret, ret_fault))
		return false;
	if (ret->repository || *text == '/')
		return true;
	*ret = *from;
	ret->path = beside(arena, from->path, text);
	return true;
}

const char *place_text(struct arena *arena, const struct policy_place *place)
{
	if (!place->repository)
		return place->path;
	return arena_printf(
	    arena, "%s:%s:%s", place->repository, place->revision, place->path);
}

/* Reports show what is behind the last slash. */
static const char *behind(
    struct arena *arena, const char *path, size_t len, const char *name)
{
	path = arena_strndup(arena, path, len);
	return arena_printf(arena, "%s:%s", base_name(path), name);
}

const char *place_short(struct arena *arena, const struct policy_place *place)
{
	const char *name = base_name(place->path);

	if (!place->repository)
		return name;
	return behind(
	    arena, place->repository, strlen(place->repository), name);
}

const char *place_with_folder(
    struct arena *arena, const struct policy_place *place)
{
	const char *name = base_name(place->path);
	size_t dir = (size_t)(name - place->path);

	if (place->repository || dir < 2)
		return place_text(arena, place);
	return behind(arena, place->path, dir - 1, name);
}
