#include "git/packedrefs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PACKED_BYTES_MAX ((off_t)4 << 30)

struct packed_refs {
	const char *map; /* NULL: an empty file */
	const char *first, *end;
	size_t len;
	bool sorted;
	struct stat st; /* of the file that is mapped */
};

static bool is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	    a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	    a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	    a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

void packed_refs_close(struct packed_refs *packed)
{
	if (!packed)
		return;
	if (packed->map)
		munmap((void *)(uintptr_t)packed->map, packed->len);
	free(packed);
}

static int malformed(struct err *err)
{
	return err_set(err, ERR_FORMAT,
	    "the repository's packed-refs file is damaged: see 'git fsck'");
}

/* "# pack-refs with: peeled fully-peeled sorted " */
static int read_header(struct packed_refs *packed, struct err *err)
{
	static const char start[] = "# pack-refs with:";
	const char *eol;

	packed->first = packed->map;
	packed->end = packed->map + packed->len;
	if (packed->end[-1] != '\n')
		return malformed(err);
	if (*packed->first != '#')
		return 0;
	eol = memchr(packed->first, '\n', packed->len);
	if (packed->len > sizeof(start) &&
	    memcmp(packed->first, start, sizeof(start) - 1) == 0)
		packed->sorted = memmem(packed->first,
				     (size_t)(eol - packed->first + 1),
				     " sorted ", 8) != NULL;
	packed->first = eol + 1;
	return 0;
}

static int map_file(struct packed_refs *packed, int fd, struct err *err)
{
	void *map;

	if (fstat(fd, &packed->st) < 0 || !S_ISREG(packed->st.st_mode) ||
	    packed->st.st_size > PACKED_BYTES_MAX)
		return malformed(err);
	packed->len = (size_t)packed->st.st_size;
	if (packed->len == 0)
		return 0;
	map = mmap(NULL, packed->len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return err_set(
		    err, ERR_IO, "cannot map packed-refs: %s", strerror(errno));
	packed->map = map;
	return read_header(packed, err);
}

int packed_refs_open(
    struct repo *repo, const struct packed_refs **ret, struct err *err)
{
	const char *path = NULL;
	char buf[4096];
	struct stat st;
	int fd, n, status;

	n = snprintf(buf, sizeof(buf), "%s/packed-refs", repo->path);
	if (n < 0 || (size_t)n >= sizeof(buf))
		return err_set(err, ERR_LIMIT,
		    "the repository's path is too "
		    "long");
	path = buf;
	if (repo->packed && stat(path, &st) == 0 &&
	    is_same_file(&st, &repo->packed->st)) {
		*ret = repo->packed;
		return 0;
	}
	packed_refs_close(repo->packed);
	repo->packed = NULL;
	*ret = NULL;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT
		    ? 0
		    : err_set(err, ERR_IO, "cannot open '%s': %s", path,
			  strerror(errno));
	repo->packed = calloc(1, sizeof(*repo->packed));
	status = repo->packed ? map_file(repo->packed, fd, err)
			      : err_set(err, ERR_INTERNAL, "out of memory");
	close(fd);
	if (status) {
		packed_refs_close(repo->packed);
		repo->packed = NULL;
		return -1;
	}
	*ret = repo->packed;
	return 0;
}

/* Reads the record at *at and moves behind it (and its "^peeled" line). */
static int take_record(const struct packed_refs *packed, const char **at,
    struct packed_ref *ret, struct err *err)
{
	const char *p = *at;
	const char *eol = memchr(p, '\n', (size_t)(packed->end - p));

	if (!eol || eol - p < OID_HEX + 2 || p[OID_HEX] != ' ' ||
	    !oid_parse(p, &ret->oid))
		return malformed(err);
	ret->name = p + OID_HEX + 1;
	ret->len = (size_t)(eol - ret->name);
	p = eol + 1;
	if (p < packed->end && *p == '^') {
		p = memchr(p, '\n', (size_t)(packed->end - p));
		if (!p)
			return malformed(err);
		p++;
	}
	*at = p;
	return 0;
}

static int compare(const struct packed_ref *ref, const char *name, size_t len)
{
	size_t least = ref->len < len ? ref->len : len;
	int order = memcmp(ref->name, name, least);

	if (order)
		return order;
	return ref->len == len ? 0 : ref->len < len ? -1 : 1;
}

/* Start of the record that the byte at p belongs to. */
static const char *record_start(const char *first, const char *p)
{
	while (p > first) {
		while (p > first && p[-1] != '\n')
			p--;
		if (*p != '^' || p == first)
			break;
		p--;
	}
	return p;
}

/* The first record whose name is not less than `name`. */
static int lower_bound(const struct packed_refs *packed, const char *name,
    const char **ret, struct err *err)
{
	const char *low = packed->first, *high = packed->end;
	size_t len = strlen(name);

	while (low < high) {
		const char *mid = record_start(low, low + (high - low) / 2);
		const char *next = mid;
		struct packed_ref ref;

		if (take_record(packed, &next, &ref, err))
			return -1;
		if (compare(&ref, name, len) < 0)
			low = next;
		else
			high = mid;
	}
	*ret = low;
	return 0;
}

int packed_walk_start(const struct packed_refs *packed, const char *prefix,
    struct packed_walk *walk, struct err *err)
{
	walk->packed = packed;
	walk->prefix = prefix;
	walk->at = NULL;
	if (!packed || !packed->map)
		return 0;
	walk->at = packed->first;
	return packed->sorted ? lower_bound(packed, prefix, &walk->at, err) : 0;
}

int packed_walk_next(
    struct packed_walk *walk, struct packed_ref *ret, struct err *err)
{
	size_t len = strlen(walk->prefix);

	while (walk->at && walk->at < walk->packed->end) {
		if (take_record(walk->packed, &walk->at, ret, err))
			return -1;
		if (ret->len >= len &&
		    memcmp(ret->name, walk->prefix, len) == 0)
			return 1;
		if (walk->packed->sorted)
			break;
	}
	walk->at = NULL;
	return 0;
}

/* Where a ref's record begins and ends; NULL: not in it. */
static int find_record(const struct packed_refs *packed, const char *name,
    const char **ret_start, const char **ret_end, struct packed_ref *ref,
    struct err *err)
{
	const char *at;
	size_t len = strlen(name);

	*ret_start = NULL;
	if (!packed || !packed->map)
		return 0;
	at = packed->first;
	if (packed->sorted && lower_bound(packed, name, &at, err))
		return -1;
	while (at < packed->end) {
		const char *start = at;
		int order;

		if (take_record(packed, &at, ref, err))
			return -1;
		order = compare(ref, name, len);
		if (order == 0) {
			*ret_start = start;
			*ret_end = at;
			return 0;
		}
		if (packed->sorted)
			return 0;
	}
	return 0;
}

int packed_refs_find(const struct packed_refs *packed, const char *name,
    bool *ret_found, struct oid *ret_oid, struct err *err)
{
	const char *start, *end;
	struct packed_ref ref;

	if (find_record(packed, name, &start, &end, &ref, err))
		return -1;
	*ret_found = start != NULL;
	if (start)
		*ret_oid = ref.oid;
	return 0;
}

int packed_refs_without(const struct packed_refs *packed, const char *name,
    char **ret_bytes, size_t *ret_len, struct err *err)
{
	const char *start, *end = NULL;
	struct packed_ref ref;
	size_t before, after;
	char *bytes;

	if (find_record(packed, name, &start, &end, &ref, err))
		return -1;
	*ret_bytes = NULL;
	*ret_len = 0;
	if (!start)
		return 0;
	before = (size_t)(start - packed->map);
	after = (size_t)(packed->end - end);
	bytes = malloc(before + after + 1);
	if (!bytes)
		return err_set(err, ERR_INTERNAL, "out of memory");
	memcpy(bytes, packed->map, before);
	memcpy(bytes + before, end, after);
	*ret_bytes = bytes;
	*ret_len = before + after;
	return 0;
}
