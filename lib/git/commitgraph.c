#include "git/commitgraph.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "git/objectdirs.h"

#define FILES_MAX 128u                  /* of a chain */
#define FILE_BYTES_MAX ((off_t)4 << 30) /* of one file */
#define CHAIN_BYTES_MAX ((size_t)16 << 10)
#define PARENTS_MAX ((size_t)1 << 16)
#define PATH_BYTES 4096

#define HEADER_SIZE 8
#define CHUNK_ROW 12
#define HASH_SIZE 20
#define COMMIT_ROW 36
#define NO_PARENT 0x70000000u
#define EDGES 0x80000000u /* in the second parent: the rest is in EDGE */
#define LAST_EDGE 0x80000000u

#define CHUNK_FANOUT 0x4f494446u /* "OIDF" */
#define CHUNK_LOOKUP 0x4f49444cu /* "OIDL" */
#define CHUNK_DATA 0x43444154u   /* "CDAT" */
#define CHUNK_EDGES 0x45444745u  /* "EDGE" */
#define CHUNK_BASE 0x42415345u   /* "BASE" */

struct graph_file {
	const unsigned char *map;
	size_t size;
	const unsigned char *fanout, *lookup, *data, *edges, *base;
	size_t edges_size, base_size; /* bytes */
	uint32_t n;                   /* commits in this file */
	uint32_t before;              /* commits in the files below it */
};

struct commit_graph {
	struct graph_file files[FILES_MAX];
	size_t nfiles;
	uint32_t n;
};

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static uint64_t be64(const unsigned char *p)
{
	return (uint64_t)be32(p) << 32 | be32(p + 4);
}

static bool take_chunk(
    struct graph_file *file, uint32_t id, const unsigned char *p, size_t size)
{
	switch (id) {
	case CHUNK_FANOUT:
		file->fanout = p;
		return size >= 256 * 4;
	case CHUNK_LOOKUP:
		file->lookup = p;
		return size >= (size_t)file->n * HASH_SIZE;
	case CHUNK_DATA:
		file->data = p;
		return size >= (size_t)file->n * COMMIT_ROW;
	case CHUNK_EDGES:
		file->edges = p;
		file->edges_size = size;
		return true;
	case CHUNK_BASE:
		file->base = p;
		file->base_size = size;
		return true;
	default:
		return true; /* Bloom filters, corrected dates .. */
	}
}

/* The count of commits is the last entry of the fan-out. */
static bool read_count(struct graph_file *file, size_t nchunks)
{
	const unsigned char *row = file->map + HEADER_SIZE;

	for (size_t i = 0; i < nchunks; i++, row += CHUNK_ROW) {
		uint64_t at = be64(row + 4);

		if (be32(row) != CHUNK_FANOUT)
			continue;
		if (at > file->size || file->size - at < 256 * 4)
			return false;
		file->n = be32(file->map + at + 255 * 4);
		for (size_t k = 1; k < 256; k++)
			if (be32(file->map + at + 4 * k) <
			    be32(file->map + at + 4 * (k - 1)))
				return false;
		return true;
	}
	return false;
}

static bool read_chunks(struct graph_file *file)
{
	size_t nchunks = file->map[6];
	const unsigned char *row = file->map + HEADER_SIZE;
	uint64_t end = file->size - HASH_SIZE;

	if (memcmp(file->map, "CGPH", 4) != 0 || file->map[4] != 1 ||
	    file->map[5] != 1 || /* SHA-1 */
	    HEADER_SIZE + (nchunks + 1) * CHUNK_ROW > end ||
	    !read_count(file, nchunks))
		return false;
	for (size_t i = 0; i < nchunks; i++, row += CHUNK_ROW) {
		uint64_t from = be64(row + 4);
		uint64_t to = be64(row + CHUNK_ROW + 4);

		if (from > to || to > end ||
		    !take_chunk(
			file, be32(row), file->map + from, (size_t)(to - from)))
			return false;
	}
	return file->fanout && file->lookup && file->data;
}

static bool map_graph(const char *path, struct graph_file *ret)
{
	struct graph_file file = { 0 };
	struct stat st;
	void *map = MAP_FAILED;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return false;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size >= HEADER_SIZE + CHUNK_ROW + HASH_SIZE &&
	    st.st_size <= FILE_BYTES_MAX)
		map = mmap(
		    NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return false;
	file.map = map;
	file.size = (size_t)st.st_size;
	if (!read_chunks(&file)) {
		munmap(map, file.size);
		return false;
	}
	*ret = file;
	return true;
}

/* A file of a chain names all files below it. */
static bool fits_chain(const struct commit_graph *graph,
    const struct graph_file *file, const struct oid *names)
{
	if (file->map[7] != graph->nfiles ||
	    file->base_size < graph->nfiles * HASH_SIZE ||
	    graph->n > NO_PARENT - file->n)
		return false;
	for (size_t i = 0; i < graph->nfiles; i++)
		if (memcmp(file->base + i * HASH_SIZE, names[i].b, HASH_SIZE) !=
		    0)
			return false;
	return true;
}

static bool add_file(
    struct commit_graph *graph, const char *path, const struct oid *names)
{
	struct graph_file file;

	if (graph->nfiles == FILES_MAX || !map_graph(path, &file))
		return false;
	if (!fits_chain(graph, &file, names)) {
		munmap((void *)(uintptr_t)file.map, file.size);
		return false;
	}
	file.before = graph->n;
	graph->n += file.n;
	graph->files[graph->nfiles++] = file;
	return true;
}

static bool add_from_dirs(struct commit_graph *graph,
    const struct strings *dirs, const struct oid *names)
{
	char path[PATH_BYTES];

	for (size_t i = 0; i < dirs->n; i++) {
		int n = snprintf(path, sizeof(path),
		    "%s/info/commit-graphs/graph-%s.graph", dirs->v[i],
		    oid_hex(&names[graph->nfiles]).s);

		if (n > 0 && (size_t)n < sizeof(path) &&
		    add_file(graph, path, names))
			return true;
	}
	return false;
}

/* The newest part of a chain may be gone or damaged; what is below it still
 * holds. */
static void open_chain(struct arena *arena, struct commit_graph *graph,
    const char *dir, const struct strings *dirs)
{
	struct oid names[FILES_MAX];
	struct err ignored;
	char *text;
	size_t len;
	const char *path = arena_printf(
	    arena, "%s/info/commit-graphs/commit-graph-chain", dir);

	if (file_read(arena, path, CHAIN_BYTES_MAX, &text, &len, &ignored))
		return;
	for (size_t at = 0, i = 0; i < FILES_MAX && len - at >= OID_HEX;
	     at += OID_HEX + 1, i++) {
		if (!oid_parse(text + at, &names[i]) ||
		    (text[at + OID_HEX] && text[at + OID_HEX] != '\n') ||
		    !add_from_dirs(graph, dirs, names) || !text[at + OID_HEX])
			return;
	}
}

struct commit_graph *commit_graph_open(
    struct arena *arena, const char *objects_dir)
{
	struct commit_graph *graph = ARENA_NEW(arena, struct commit_graph);
	struct strings dirs;

	object_dirs(arena, objects_dir, &dirs);
	for (size_t i = 0; i < dirs.n && graph->nfiles == 0; i++) {
		const char *path = arena_printf(
		    arena, "%s/info/commit-graph", dirs.v[i]);

		if (!add_file(graph, path, NULL))
			open_chain(arena, graph, dirs.v[i], &dirs);
	}
	return graph->nfiles > 0 ? graph : NULL;
}

void commit_graph_close(struct commit_graph *graph)
{
	if (!graph)
		return;
	for (size_t i = 0; i < graph->nfiles; i++)
		munmap((void *)(uintptr_t)graph->files[i].map,
		    graph->files[i].size);
	graph->nfiles = 0;
	graph->n = 0;
}

uint32_t commit_graph_count(const struct commit_graph *graph)
{
	return graph->n;
}

static uint32_t find_in_file(
    const struct graph_file *file, const struct oid *oid)
{
	uint32_t low = oid->b[0] ? be32(file->fanout + 4 * (oid->b[0] - 1)) : 0;
	uint32_t high = be32(file->fanout + 4 * oid->b[0]);

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		int order = memcmp(
		    oid->b, file->lookup + (size_t)mid * HASH_SIZE, HASH_SIZE);

		if (order == 0)
			return mid;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return GRAPH_NOWHERE;
}

uint32_t commit_graph_find(
    const struct commit_graph *graph, const struct oid *oid)
{
	for (size_t i = graph->nfiles; i-- > 0;) {
		uint32_t at = find_in_file(&graph->files[i], oid);

		if (at != GRAPH_NOWHERE)
			return graph->files[i].before + at;
	}
	return GRAPH_NOWHERE;
}

static const struct graph_file *file_of(
    const struct commit_graph *graph, uint32_t position)
{
	size_t i = graph->nfiles - 1;

	while (i > 0 && graph->files[i].before > position)
		i--;
	return &graph->files[i];
}

/* Parents beyond the second: how many, all within bounds? */
static bool read_edges(
    const struct graph_file *file, uint32_t at, struct graph_commit *ret)
{
	size_t room = file->edges_size / 4;

	if (at >= room)
		return false;
	ret->edges = file->edges + (size_t)at * 4;
	room -= at;
	for (size_t i = 0; i < room && i < PARENTS_MAX; i++) {
		uint32_t edge = be32(ret->edges + 4 * i);

		if ((edge & ~LAST_EDGE) >= file->before + file->n)
			return false;
		if (edge & LAST_EDGE) {
			ret->nparents = i + 2;
			return true;
		}
	}
	return false;
}

bool commit_graph_read(const struct commit_graph *graph, uint32_t position,
    struct graph_commit *ret)
{
	const struct graph_file *file;
	const unsigned char *row;
	uint32_t high, limit;

	if (position >= graph->n)
		return false;
	file = file_of(graph, position);
	limit = file->before + file->n;
	memcpy(ret->id.b,
	    file->lookup + (size_t)(position - file->before) * HASH_SIZE,
	    HASH_SIZE);
	row = file->data + (size_t)(position - file->before) * COMMIT_ROW;
	memcpy(ret->tree.b, row, HASH_SIZE);
	ret->first = be32(row + 20);
	ret->second = be32(row + 24);
	high = be32(row + 28); /* 30 bits generation, 34 bits date */
	ret->generation = high >> 2;
	ret->date = (int64_t)((uint64_t)(high & 3) << 32 | be32(row + 32));
	ret->edges = NULL;
	ret->nparents = 0;
	if (ret->first == NO_PARENT)
		return ret->second == NO_PARENT;
	if (ret->first >= limit)
		return false;
	ret->nparents = 1;
	if (ret->second == NO_PARENT)
		return true;
	if (ret->second & EDGES)
		return read_edges(file, ret->second & ~EDGES, ret);
	ret->nparents = 2;
	return ret->second < limit;
}

uint32_t graph_commit_parent(const struct graph_commit *commit, size_t n)
{
	if (n == 0)
		return commit->first;
	if (!commit->edges)
		return commit->second;
	return be32(commit->edges + 4 * (n - 1)) & ~LAST_EDGE;
}
