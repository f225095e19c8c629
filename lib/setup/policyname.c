#include "setup/policyname.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "git/policyobject.h"
#include "policy/place.h"

static int find_real(struct arena *arena, const char *what, const char *path,
    const char **ret, struct err *err)
{
	char real[PATH_MAX];

	if (!realpath(path, real))
		return err_set(err, ERR_NOTFOUND, "there is no %s '%s': %s",
		    what, text_clean_s(arena, path), strerror(errno));
	if (strchr(real, ':'))
		return err_set(err, ERR_FORMAT,
		    "'%s' holds a ':', with which a policy in a repository is "
		    "written (REPOSITORY:REVISION:PATH): give it another name",
		    text_clean_s(arena, real));
	*ret = arena_strdup(arena, real);
	return 0;
}

/* A repository that is not ours to read is judged by who runs the hooks. */
static int check_there(
    struct arena *arena, const struct policy_place *place, struct err *err)
{
	char *text;
	size_t len;

	return policy_objects.read(arena, place->repository, place->revision,
		   place->path, POLICY_ANY, &text, &len, err) < 0 &&
		err->kind == ERR_NOTFOUND
	    ? -1
	    : 0;
}

int policy_name(
    struct arena *arena, const char *text, const char **ret, struct err *err)
{
	const char *colon = strchr(text, ':'), *repository, *whole, *fault;
	struct policy_place place;

	if (!colon)
		return find_real(arena, "policy", text, ret, err);
	if (find_real(arena, "repository",
		arena_strndup(arena, text, (size_t)(colon - text)), &repository,
		err))
		return -1;
	whole = arena_printf(arena, "%s%s", repository, colon);
	if (!place_parse(arena, whole, &place, &fault))
		return err_set(err, ERR_FORMAT, "policy '%s': %s",
		    text_clean_s(arena, text), fault);
	if (check_there(arena, &place, err))
		return -1;
	*ret = whole;
	return 0;
}
