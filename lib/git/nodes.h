#ifndef GIT_NODES_H
#define GIT_NODES_H

#include "base/oidmap.h"
#include "git/commitgraph.h"
#include "git/history.h"

/*
 * The commits that a run has seen, each read once: private to history*.c.
 *
 * A node of the commit-graph is found by its position, any other by its id.
 * Its generation is UNKNOWN_GENERATION outside of the graph, so that it sorts
 * before all that are inside: nothing in the graph descends from it.
 */
#define UNKNOWN_GENERATION UINT32_MAX

struct node {
	struct oid id, tree;
	int64_t date;
	struct node **parents;
	uint32_t nparents;
	uint32_t position; /* in the graph, or GRAPH_NOWHERE */
	uint32_t generation;
	bool loaded; /* the fields above but id and position are read */
	/* Marks of a search count only where its number is the newest one, so
	 * that nothing is ever cleared.  A walk may call a search. */
	uint8_t paint, walk;
	uint32_t paint_number, walk_number;
	uint32_t children; /* while a walk sorts its result */
};

struct history {
	struct repo *repo;
	struct arena arena;
	struct commit_graph *graph; /* NULL: none, or given up */
	struct node **by_position;  /* graph's count entries, calloc'ed */
	struct oidmap by_id;        /* those outside of the graph */
	uint32_t paint_number, walk_number;
	bool graph_damaged; /* found so by the call that just failed */
};

/* Commits by generation, then date, newest first. */
struct node_heap {
	struct node **v; /* malloc'ed */
	size_t n, cap;
};
int heap_push(struct node_heap *heap, struct node *node, struct err *err);
struct node *heap_pop(struct node_heap *heap); /* NULL when empty */
void heap_free(struct node_heap *heap);
/* The order of the heap: does a come before b? */
bool node_is_before(const struct node *a, const struct node *b);

/* The node of a commit, read. */
int nodes_get(struct history *h, const struct oid *oid, struct node **ret,
    struct err *err);
/* Parents of a read node are not yet read themselves. */
int node_load(struct history *h, struct node *node, struct err *err);
/* When the graph turned out damaged: forgets it and all nodes, and answers
 * true: ask again.  Nodes got before are void. */
bool nodes_start_over(struct history *h);

/* Notes that the graph is damaged; -1 with err. */
int graph_is_damaged(struct history *h, struct err *err);

/* Is `a`, a node of the graph with a known level, reachable from any of the n
 * starts? (graphsearch.c) */
int graph_reaches(struct history *h, const struct node *a,
    struct node *const *starts, size_t n, bool *ret, struct err *err);
/* Is `a` reachable from any of the n starts?  a, starts are read nodes. */
int paint_reaches(struct history *h, struct node *a, struct node *const *starts,
    size_t n, bool *ret, struct err *err);

#endif
