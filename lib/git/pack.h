#ifndef GIT_PACK_H
#define GIT_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/oid.h"
#include "judge/view.h"

/*
 * A reader of pack files (gitformat-pack(5)) that only saves time: private to
 * lib/git.  libgit2 takes locks, allocates and sets up zlib anew for every
 * object, which makes it twice as slow as git on the many small trees and
 * commits of a push.
 *
 * Whatever is unusual here (another version, damage, a base in another pack, a
 * chain that is too long) is answered with false, and libgit2 is asked, whose
 * word counts.  All reads are bounds-checked.
 */
#define PACKS_MAX 1024u         /* per set; more: all left to libgit2 */
#define DELTA_CHAIN_MAX 4096u   /* git's own limit is 4095 */
#define PACK_CACHE_SLOTS 16384u /* bases of deltas, kept */
#define PACK_CACHE_BYTES ((size_t)16 << 20)
#define PACK_OBJECT_MAX ((size_t)64 << 20) /* bigger: left to libgit2 */

struct packs; /* those of some object directories, as first looked for */

/* An object's bytes, shared by whoever counts in users. */
struct pack_bytes {
	unsigned users;
	enum object_kind kind;
	size_t len;
	char p[]; /* NUL-terminated beyond len */
};

/* Where an object is. */
struct pack_place {
	struct pack *pack;
	uint64_t offset;
};

/* The names of the directories must live as long.  NULL: out of memory. */
struct packs *packs_open(const struct strings *object_dirs);
void packs_close(struct packs *packs); /* NULL is allowed */
/* False: not in a pack that we read.  packs may be NULL. */
bool packs_find(
    struct packs *packs, const struct oid *oid, struct pack_place *ret);
/* Are these all the packs that there are? Then a miss is one. */
bool packs_are_complete(struct packs *packs);
bool pack_header(struct packs *packs, const struct pack_place *place,
    enum object_kind *ret_kind, uint64_t *ret_size);
/* False also where it is of another kind or longer than max.  Given back with
 * pack_bytes_release. */
bool pack_read(struct packs *packs, const struct pack_place *place,
    enum object_kind want, size_t max, struct pack_bytes **ret);
void pack_bytes_release(struct pack_bytes *bytes); /* NULL is allowed */

/* One pack and its index, mapped (packfile.c). */
struct pack {
	const unsigned char *map, *index;
	size_t size, index_size; /* bytes */
	uint32_t n;              /* objects */
	uint64_t end;            /* where its last object must end */
	bool is_open;            /* map is there: it is mapped when needed */
	bool is_bad;
	char *path; /* malloc'ed, ends in ".idx" */
};
bool pack_open_index(struct pack *pack);
bool pack_open(struct pack *pack);
void pack_close(struct pack *pack);
bool pack_find(
    const struct pack *pack, const struct oid *oid, uint64_t *ret_offset);

/* Builds the target of a delta, at most max bytes: NULL when it is damaged
 * (packdelta.c). */
struct pack_bytes *pack_apply_delta(const struct pack_bytes *base,
    const unsigned char *delta, size_t len, size_t max);
/* Sizes at its start; moves *p. */
bool pack_delta_size(
    const unsigned char **p, const unsigned char *end, uint64_t *ret);
struct pack_bytes *pack_bytes_new(enum object_kind kind, size_t len);

#endif
