#ifndef GIT_COMMITGRAPH_H
#define GIT_COMMITGRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/oid.h"

/*
 * A reader of git's commit-graph files (gitformat-commit-graph(5)), single or
 * chained (objects/info/commit-graphs/commit-graph-chain), of the repository
 * and of its alternates: libgit2 1.5 refuses what git writes today (chunk
 * GDA2) and looks in the quarantine, where there is none.
 *
 * A damaged, too large or unknown file is as if it were not there: the graph
 * only saves time.  Positions of parents are bounds-checked.
 *
 * A commit has a position, 0 to commit_graph_count() - 1; a walk that stays
 * among positions never searches for an id.  A graph is closed: it holds the
 * parents of whatever it holds.
 */
struct commit_graph;

#define GRAPH_NOWHERE UINT32_MAX

struct graph_commit {
	struct oid id, tree;
	uint32_t generation; /* topological level (CDAT), 0: not known */
	int64_t date;        /* committer date, seconds */
	size_t nparents;
	uint32_t first, second;     /* positions of the first two parents, or */
	const unsigned char *edges; /* of all but the first, 4 bytes each */
};

/* NULL when there is none. objects_dir is the main object directory. */
struct commit_graph *commit_graph_open(
    struct arena *arena, const char *objects_dir);
void commit_graph_close(struct commit_graph *graph); /* NULL is allowed */
uint32_t commit_graph_count(const struct commit_graph *graph);
/* GRAPH_NOWHERE when the commit is not in it. */
uint32_t commit_graph_find(
    const struct commit_graph *graph, const struct oid *oid);
/* False when what stands at that position can't be (a damaged file). */
bool commit_graph_read(const struct commit_graph *graph, uint32_t position,
    struct graph_commit *ret);
/* Position of the n-th parent, n < nparents. */
uint32_t graph_commit_parent(const struct graph_commit *commit, size_t n);

#endif
