#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "git/pack.h"

#define INDEX_HEADER 8
#define FANOUT_SIZE (256 * 4)
#define HASH_SIZE 20
#define PACK_HEADER 12

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static const unsigned char *map_file(const char *path, size_t *ret_size)
{
	struct stat st;
	void *map = MAP_FAILED;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		*ret_size = (size_t)st.st_size;
		map = mmap(NULL, *ret_size, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	close(fd);
	return map == MAP_FAILED ? NULL : map;
}

static bool index_is_sound(struct pack *pack)
{
	static const unsigned char magic[] = { 0xff, 't', 'O', 'c', 0, 0, 0,
		2 };
	const unsigned char *fanout = pack->index + INDEX_HEADER;

	if (pack->index_size < INDEX_HEADER + FANOUT_SIZE + 2 * HASH_SIZE ||
	    memcmp(pack->index, magic, sizeof(magic)) != 0)
		return false;
	for (size_t i = 1; i < 256; i++)
		if (be32(fanout + 4 * i) < be32(fanout + 4 * (i - 1)))
			return false;
	pack->n = be32(fanout + FANOUT_SIZE - 4);
	return (pack->index_size - INDEX_HEADER - FANOUT_SIZE - 2 * HASH_SIZE) /
	    (HASH_SIZE + 4 + 4) >=
	    pack->n;
}

bool pack_open_index(struct pack *pack)
{
	pack->index = map_file(pack->path, &pack->index_size);
	if (pack->index && index_is_sound(pack))
		return true;
	pack->is_bad = true;
	return false;
}

/* The pack says what its index is about: count and checksum. */
static bool pack_is_sound(const struct pack *pack)
{
	return pack->size >= PACK_HEADER + HASH_SIZE &&
	    memcmp(pack->map, "PACK", 4) == 0 &&
	    (be32(pack->map + 4) == 2 || be32(pack->map + 4) == 3) &&
	    be32(pack->map + 8) == pack->n &&
	    memcmp(pack->map + pack->size - HASH_SIZE,
		pack->index + pack->index_size - 2 * HASH_SIZE, HASH_SIZE) == 0;
}

bool pack_open(struct pack *pack)
{
	size_t len = strlen(pack->path);
	char *path;

	if (pack->is_open || pack->is_bad)
		return pack->is_open;
	pack->is_bad = true; /* until it was found to be sound */
	path = malloc(len + 2);
	if (!path)
		return false;
	memcpy(path, pack->path, len - 3);
	memcpy(path + len - 3, "pack", 5);
	pack->map = map_file(path, &pack->size);
	free(path);
	if (!pack->map || !pack_is_sound(pack))
		return false;
	pack->end = pack->size - HASH_SIZE;
	pack->is_bad = false;
	pack->is_open = true;
	return true;
}

void pack_close(struct pack *pack)
{
	if (pack->map)
		munmap((void *)(uintptr_t)pack->map, pack->size);
	if (pack->index)
		munmap((void *)(uintptr_t)pack->index, pack->index_size);
	free(pack->path);
	memset(pack, 0, sizeof(*pack));
}

/* Four bytes each; the high bit leads to a table of eight bytes each. */
static bool offset_of(const struct pack *pack, uint32_t at, uint64_t *ret)
{
	const unsigned char *table = pack->index + INDEX_HEADER + FANOUT_SIZE +
	    (size_t)pack->n * (HASH_SIZE + 4);
	const unsigned char *wide = table + (size_t)pack->n * 4;
	const unsigned char *end = pack->index + pack->index_size -
	    2 * HASH_SIZE;
	uint32_t offset = be32(table + (size_t)at * 4);

	*ret = offset;
	if (!(offset & 0x80000000u))
		return true;
	wide += (size_t)(offset & 0x7fffffffu) * 8;
	if (wide > end || end - wide < 8)
		return false;
	*ret = (uint64_t)be32(wide) << 32 | be32(wide + 4);
	return true;
}

/* The first eight bytes as a number: nearly always enough to compare by. */
static uint64_t start_of(const unsigned char *id)
{
	return (uint64_t)be32(id) << 32 | be32(id + 4);
}

/* Ids are spread evenly: where this one would be between two others. */
static uint32_t guess(uint64_t want, uint64_t from, uint64_t to, uint32_t n)
{
	uint64_t span = (to - from) >> 32, away = (want - from) >> 32;

	return (uint32_t)(away * (n - 1) / (span + 1));
}

bool pack_find(
    const struct pack *pack, const struct oid *oid, uint64_t *ret_offset)
{
	const unsigned char *fanout = pack->index + INDEX_HEADER;
	const unsigned char *names = fanout + FANOUT_SIZE;
	uint32_t low = oid->b[0] ? be32(fanout + 4 * (oid->b[0] - 1)) : 0;
	uint32_t high = be32(fanout + 4 * oid->b[0]);
	uint64_t want = start_of(oid->b);
	uint64_t from = (uint64_t)oid->b[0] << 56;
	uint64_t to = from | UINT64_MAX >> 8;

	/* A few good guesses, then halves: damage can't make it slow. */
	for (unsigned tries = 0; low < high; tries++) {
		uint32_t mid = tries < 8
		    ? low + guess(want, from, to, high - low)
		    : low + (high - low) / 2;
		const unsigned char *name = names + (size_t)mid * HASH_SIZE;
		uint64_t is = start_of(name);
		int order = want == is ? memcmp(oid->b, name, HASH_SIZE)
		    : want < is        ? -1
				       : 1;

		if (order == 0)
			return offset_of(pack, mid, ret_offset);
		if (order < 0) {
			high = mid;
			to = is < from || is > to ? to : is;
		} else {
			low = mid + 1;
			from = is < from || is > to ? from : is;
		}
	}
	return false;
}
