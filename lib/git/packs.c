#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/text.h"
#include "git/pack.h"

#define TYPE_OFS_DELTA 6
#define TYPE_REF_DELTA 7
#define DELTA_HEADER_MAX 24 /* bytes of a delta that hold its two sizes */

struct cached { /* an object that deltas were built on */
	struct pack *pack;
	uint64_t offset;
	struct pack_bytes *bytes; /* NULL: a free slot */
	struct cached *used;      /* the next slot that ever held something */
	bool is_used;
};

/* The start of an object in a pack. */
struct entry {
	uint64_t at;
	uint64_t size; /* inflated: of the object or of the delta */
	uint64_t data; /* offset of the deflated bytes */
	uint64_t base; /* offset, of deltas */
	unsigned type;
};

struct packs {
	struct strings dirs; /* borrowed */
	bool looked;         /* what is below has been read from them */
	struct pack *v;      /* malloc'ed; the one asked last first */
	size_t n, cap;
	size_t last; /* where the last object was found */
	bool complete;
	z_stream zlib;
	bool zlib_ready;
	unsigned char *delta; /* malloc'ed room for an inflated delta */
	size_t delta_cap;
	struct entry chain[DELTA_CHAIN_MAX]; /* of the object being read */
	struct cached cache[PACK_CACHE_SLOTS];
	struct cached *cache_used; /* so that closing touches no other */
	size_t cache_bytes, cache_hand;
};

static bool add_pack(struct packs *packs, const char *dir, const char *name)
{
	struct pack pack = { 0 };

	if (packs->n == packs->cap) {
		size_t cap = packs->cap ? 2 * packs->cap : 8;
		struct pack *v = realloc(packs->v, cap * sizeof(*v));

		if (!v)
			return false;
		packs->v = v;
		packs->cap = cap;
	}
	if (packs->n == PACKS_MAX ||
	    asprintf(&pack.path, "%s/pack/%s", dir, name) < 0)
		return false;
	if (!pack_open_index(&pack)) {
		pack_close(&pack);
		return false;
	}
	packs->v[packs->n++] = pack;
	return true;
}

static void add_directory(struct packs *packs, const char *dir)
{
	char path[4096];
	const struct dirent *entry;
	int n = snprintf(path, sizeof(path), "%s/pack", dir);
	DIR *d;

	if (n < 0 || (size_t)n >= sizeof(path)) {
		packs->complete = false;
		return;
	}
	d = opendir(path);
	if (!d) {
		if (errno != ENOENT) /* no folder, no packs */
			packs->complete = false;
		return;
	}
	while ((errno = 0, entry = readdir(d)))
		if (str_prefix(entry->d_name, "pack-") &&
		    str_suffix(entry->d_name, ".idx") &&
		    !add_pack(packs, dir, entry->d_name))
			packs->complete = false;
	if (errno)
		packs->complete = false;
	closedir(d);
}

struct packs *packs_open(const struct strings *object_dirs)
{
	struct packs *packs = calloc(1, sizeof(*packs));

	if (!packs)
		return NULL;
	packs->dirs = *object_dirs;
	return packs;
}

/* When something is looked for: many a hook asks for no object at all. */
static bool is_ready(struct packs *packs)
{
	if (packs->looked)
		return packs->zlib_ready;
	packs->looked = true;
	packs->complete = true;
	packs->zlib_ready = inflateInit(&packs->zlib) == Z_OK;
	for (size_t i = 0; i < packs->dirs.n; i++)
		add_directory(packs, packs->dirs.v[i]);
	return packs->zlib_ready;
}

void packs_close(struct packs *packs)
{
	if (!packs)
		return;
	for (struct cached *slot = packs->cache_used; slot; slot = slot->used)
		pack_bytes_release(slot->bytes);
	for (size_t i = 0; i < packs->n; i++)
		pack_close(&packs->v[i]);
	if (packs->zlib_ready)
		inflateEnd(&packs->zlib);
	free(packs->delta);
	free(packs->v);
	free(packs);
}

bool packs_are_complete(struct packs *packs)
{
	return packs && is_ready(packs) && packs->complete;
}

bool packs_find(
    struct packs *packs, const struct oid *oid, struct pack_place *ret)
{
	if (!packs || !is_ready(packs))
		return false;
	for (size_t i = 0; i < packs->n; i++) {
		/* The last one first, then the others. */
		size_t at = i == 0 ? packs->last : i <= packs->last ? i - 1 : i;

		if (!pack_find(&packs->v[at], oid, &ret->offset))
			continue;
		ret->pack = &packs->v[at];
		packs->last = at;
		return pack_open(ret->pack);
	}
	return false;
}

static bool take_base_offset(
    const struct pack *pack, uint64_t at, uint64_t *p, uint64_t *ret)
{
	uint64_t back = 0;
	unsigned char c;

	do {
		if (*p >= pack->end || back > pack->end)
			return false;
		c = pack->map[(*p)++];
		back = back << 7 | (c & 0x7f);
		if (c & 0x80)
			back++;
	} while (c & 0x80);
	*ret = at - back;
	return back > 0 && back < at;
}

static bool read_entry(const struct pack *pack, uint64_t at, struct entry *ret)
{
	uint64_t p = at;
	unsigned shift = 4;
	unsigned char c;

	if (at >= pack->end)
		return false;
	c = pack->map[p++];
	ret->at = at;
	ret->type = c >> 4 & 7;
	ret->size = c & 15;
	for (; c & 0x80; shift += 7) {
		if (p >= pack->end || shift > 56)
			return false;
		c = pack->map[p++];
		ret->size |= (uint64_t)(c & 0x7f) << shift;
	}
	ret->base = 0;
	if (ret->type == TYPE_OFS_DELTA) {
		if (!take_base_offset(pack, at, &p, &ret->base))
			return false;
	} else if (ret->type == TYPE_REF_DELTA) {
		struct oid oid;

		if (pack->end - p < OID_SIZE)
			return false;
		memcpy(oid.b, pack->map + p, OID_SIZE);
		p += OID_SIZE;
		if (!pack_find(pack, &oid, &ret->base) || ret->base == 0)
			return false;
	}
	ret->data = p;
	return p < pack->end;
}

static enum object_kind kind_of(unsigned type)
{
	static const enum object_kind kinds[] = { OBJECT_MISSING, OBJECT_COMMIT,
		OBJECT_TREE, OBJECT_BLOB, OBJECT_TAG };

	return type < 5 ? kinds[type] : OBJECT_MISSING;
}

/* Inflates the first `len` bytes of an entry's data; all: it must end there.
 */
static bool inflate_at(struct packs *packs, const struct pack *pack,
    uint64_t data, void *out, size_t len, bool all)
{
	uint64_t room = pack->end - data;
	unsigned char extra =
	    0; /* zlib wants a byte to end an empty stream in */
	int code;

	if (inflateReset(&packs->zlib) != Z_OK)
		return false;
	packs->zlib.next_in = (z_const Bytef *)(uintptr_t)(pack->map + data);
	packs->zlib.avail_in = room > UINT32_MAX ? UINT32_MAX : (uInt)room;
	packs->zlib.next_out = len > 0 ? out : &extra;
	packs->zlib.avail_out = len > 0 ? (uInt)len : 1;
	code = inflate(&packs->zlib, all ? Z_FINISH : Z_SYNC_FLUSH);
	if (packs->zlib.total_out != len)
		return false;
	return all ? code == Z_STREAM_END
		   : code == Z_OK || code == Z_STREAM_END;
}

static size_t slot_of(const struct pack *pack, uint64_t offset)
{
	uint64_t hash = offset * 0x9e3779b97f4a7c15u;

	return (size_t)(hash >> 40 ^ (uintptr_t)pack >> 6) % PACK_CACHE_SLOTS;
}

static struct pack_bytes *cache_get(
    struct packs *packs, const struct pack *pack, uint64_t offset)
{
	const struct cached *cached = &packs->cache[slot_of(pack, offset)];

	if (!cached->bytes || cached->pack != pack || cached->offset != offset)
		return NULL;
	cached->bytes->users++;
	return cached->bytes;
}

static void cache_drop(struct packs *packs, size_t slot)
{
	if (packs->cache[slot].bytes)
		packs->cache_bytes -= packs->cache[slot].bytes->len;
	pack_bytes_release(packs->cache[slot].bytes);
	packs->cache[slot].bytes = NULL;
}

static void cache_put(struct packs *packs, struct pack *pack, uint64_t offset,
    struct pack_bytes *bytes)
{
	size_t slot = slot_of(pack, offset);
	struct cached *cached;

	if (bytes->len > PACK_CACHE_BYTES / 8)
		return;
	cache_drop(packs, slot);
	while (packs->cache_bytes + bytes->len > PACK_CACHE_BYTES) {
		cache_drop(packs, packs->cache_hand);
		packs->cache_hand = (packs->cache_hand + 1) % PACK_CACHE_SLOTS;
	}
	cached = &packs->cache[slot];
	if (!cached->is_used) {
		cached->is_used = true;
		cached->used = packs->cache_used;
		packs->cache_used = cached;
	}
	bytes->users++;
	packs->cache_bytes += bytes->len;
	cached->pack = pack;
	cached->offset = offset;
	cached->bytes = bytes;
}

static struct pack_bytes *inflate_whole(
    struct packs *packs, const struct pack *pack, const struct entry *entry)
{
	struct pack_bytes *bytes;
	enum object_kind kind = kind_of(entry->type);

	if (kind == OBJECT_MISSING || entry->size > PACK_OBJECT_MAX)
		return NULL;
	bytes = pack_bytes_new(kind, (size_t)entry->size);
	if (bytes &&
	    !inflate_at(packs, pack, entry->data, bytes->p, bytes->len, true)) {
		pack_bytes_release(bytes);
		return NULL;
	}
	return bytes;
}

static bool is_delta(const struct entry *entry)
{
	return entry->type == TYPE_OFS_DELTA || entry->type == TYPE_REF_DELTA;
}

/* The object that a delta makes of its base, which is released. */
static struct pack_bytes *build(struct packs *packs, const struct pack *pack,
    const struct entry *entry, struct pack_bytes *base, size_t max)
{
	struct pack_bytes *target = NULL;
	size_t len = (size_t)entry->size;

	if (entry->size <= PACK_OBJECT_MAX && len > packs->delta_cap) {
		unsigned char *room = realloc(packs->delta, 2 * len);

		if (room) {
			packs->delta = room;
			packs->delta_cap = 2 * len;
		}
	}
	if (entry->size <= packs->delta_cap &&
	    inflate_at(packs, pack, entry->data, packs->delta, len, true))
		target = pack_apply_delta(base, packs->delta, len, max);
	pack_bytes_release(base);
	return target;
}

bool pack_read(struct packs *packs, const struct pack_place *place,
    enum object_kind want, size_t max, struct pack_bytes **ret)
{
	struct entry *chain = packs->chain;
	uint64_t at = place->offset;
	struct pack_bytes *bytes;
	size_t n = 0;

	/* Down to an object that is kept, or that is no delta .. */
	while (!(bytes = cache_get(packs, place->pack, at))) {
		if (n == DELTA_CHAIN_MAX ||
		    !read_entry(place->pack, at, &chain[n]))
			return false;
		if (!is_delta(&chain[n++]))
			break;
		at = chain[n - 1].base;
	}
	if (!bytes && kind_of(chain[n - 1].type) == want &&
	    (n > 1 || chain[0].size <= max)) {
		n--;
		bytes = inflate_whole(packs, place->pack, &chain[n]);
	}
	/* .. and up again. */
	while (bytes && bytes->kind == want && n > 0) {
		cache_put(packs, place->pack, at, bytes);
		at = chain[--n].at;
		bytes = build(packs, place->pack, &chain[n], bytes,
		    n == 0 ? max : PACK_OBJECT_MAX);
	}
	if (bytes && (bytes->kind != want || bytes->len > max)) {
		pack_bytes_release(bytes);
		return false;
	}
	*ret = bytes;
	return bytes != NULL;
}

/* A delta begins with the sizes of its base and of what it makes. */
static bool size_of_target(struct packs *packs, const struct pack *pack,
    const struct entry *entry, uint64_t *ret)
{
	unsigned char start[DELTA_HEADER_MAX];
	const unsigned char *p = start;
	size_t len = entry->size < sizeof(start) ? (size_t)entry->size
						 : sizeof(start);
	uint64_t from;

	return inflate_at(packs, pack, entry->data, start, len, false) &&
	    pack_delta_size(&p, start + len, &from) &&
	    pack_delta_size(&p, start + len, ret);
}

bool pack_header(struct packs *packs, const struct pack_place *place,
    enum object_kind *ret_kind, uint64_t *ret_size)
{
	struct entry entry;
	enum object_kind kind;

	if (!read_entry(place->pack, place->offset, &entry))
		return false;
	*ret_size = entry.size;
	if (is_delta(&entry) &&
	    !size_of_target(packs, place->pack, &entry, ret_size))
		return false;
	for (unsigned n = 0; is_delta(&entry); n++)
		if (n == DELTA_CHAIN_MAX ||
		    !read_entry(place->pack, entry.base, &entry))
			return false;
	kind = kind_of(entry.type);
	*ret_kind = kind;
	return kind != OBJECT_MISSING;
}
