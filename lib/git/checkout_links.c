#include <stdlib.h>
#include <string.h>

#include "git/checkout.h"

/* As the kernel has it, path_resolution(7): longer chains are loops. */
#define HOPS_MAX 40
#define STEPS_MAX 4000 /* components gone through for one link */
#define WALK_BYTES_MAX ((size_t)16 << 10)

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct checkout_link *)a)->path,
	    ((const struct checkout_link *)b)->path);
}

void checkout_links_sort(struct checkout_links *links)
{
	if (links->n > 1)
		qsort(links->v, links->n, sizeof(*links->v), by_path);
}

/* A walk from folder to folder: where it stands, and what is still to come. */
struct walk {
	char at[WALK_BYTES_MAX]; /* without slash at its ends; "": the top */
	size_t len;
	char rest[WALK_BYTES_MAX];
	size_t begin; /* of what is left in rest */
	size_t hops;
};

static void go_up(struct walk *walk)
{
	const char *slash = memrchr(walk->at, '/', walk->len);

	walk->len = slash ? (size_t)(slash - walk->at) : 0;
	walk->at[walk->len] = '\0';
}

static bool go_down(struct walk *walk, const char *name, size_t len)
{
	if (walk->len + len + 2 > sizeof(walk->at))
		return false;
	if (walk->len > 0)
		walk->at[walk->len++] = '/';
	memcpy(walk->at + walk->len, name, len);
	walk->len += len;
	walk->at[walk->len] = '\0';
	return true;
}

/* The target goes before what is still to come. */
static bool follow(struct walk *walk, const char *target)
{
	size_t len = strlen(target), left = strlen(walk->rest + walk->begin);

	if (*target == '/' || ++walk->hops > HOPS_MAX ||
	    len + left + 2 > sizeof(walk->rest))
		return false;
	memmove(walk->rest + len + 1, walk->rest + walk->begin, left + 1);
	memcpy(walk->rest, target, len);
	walk->rest[len] = '/';
	walk->begin = 0;
	return true;
}

/* One component; false: out, or too far. */
static bool step(
    struct walk *walk, const struct checkout_links *links, size_t len)
{
	const char *name = walk->rest + walk->begin;
	struct checkout_link key = { .path = walk->at };
	const struct checkout_link *link;

	walk->begin += len;
	if (len == 1 && *name == '.')
		return true;
	if (len == 2 && memcmp(name, "..", 2) == 0) {
		if (walk->len == 0)
			return false;
		go_up(walk);
		return true;
	}
	if (!go_down(walk, name, len))
		return false;
	link = links->n == 0
	    ? NULL
	    : bsearch(&key, links->v, links->n, sizeof(*links->v), by_path);
	if (!link)
		return true;
	go_up(walk);
	return follow(walk, link->target);
}

bool checkout_link_stays(
    const struct checkout_links *links, const struct checkout_link *link)
{
	struct walk walk = { .len = strlen(link->path) };

	if (walk.len >= sizeof(walk.at))
		return false;
	memcpy(walk.at, link->path, walk.len + 1);
	go_up(&walk);
	if (!follow(&walk, link->target))
		return false;
	for (size_t i = 0; i < STEPS_MAX; i++) {
		size_t len;

		walk.begin += strspn(walk.rest + walk.begin, "/");
		len = strcspn(walk.rest + walk.begin, "/");
		if (len == 0)
			return true;
		if (!step(&walk, links, len))
			return false;
	}
	return false;
}
