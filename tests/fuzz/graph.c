/*
 * The commit-graph file: whatever stands in it, reading stays within it, and a
 * position leads to a commit only when its parents lie within the graph too.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "git/commitgraph.h"

#define POSITIONS_MAX 2000u

static char dir[] = "/tmp/stagegate-graph.XXXXXX";
static char path[sizeof(dir) + 32];

static void remove_files(void)
{
	char info[sizeof(path)];

	(void)snprintf(info, sizeof(info), "%s/info", dir);
	(void)unlink(path);
	(void)rmdir(info);
	(void)rmdir(dir);
}

/* An objects directory, once a run. */
static void make_dir(void)
{
	if (*path)
		return;
	MUST(mkdtemp(dir) != NULL);
	(void)snprintf(path, sizeof(path), "%s/info", dir);
	MUST(mkdir(path, 0700) == 0);
	(void)snprintf(path, sizeof(path), "%s/info/commit-graph", dir);
	MUST(atexit(remove_files) == 0);
}

static void check(const struct commit_graph *graph)
{
	uint32_t n = commit_graph_count(graph);
	struct graph_commit commit;

	for (uint32_t i = 0; i < n && i < POSITIONS_MAX; i++) {
		if (!commit_graph_read(graph, i, &commit))
			continue;
		for (size_t p = 0; p < commit.nparents; p++)
			MUST(graph_commit_parent(&commit, p) < n);
		(void)commit_graph_find(graph, &commit.id);
	}
	MUST(!commit_graph_read(graph, n, &commit));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct commit_graph *graph;
	struct arena arena;
	FILE *file;

	make_dir();
	file = fopen(path, "wb");
	MUST(file && fwrite(data, 1, size, file) == size);
	MUST(fclose(file) == 0);
	arena_init(&arena, ARENA_RUN_MAX);
	graph = commit_graph_open(&arena, dir);
	if (graph)
		check(graph);
	commit_graph_close(graph);
	arena_release(&arena);
	return 0;
}
