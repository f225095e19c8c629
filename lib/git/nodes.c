#include "git/nodes.h"

#include <stdlib.h>
#include <string.h>

#include "git/handle.h"
#include "git/raw.h"

bool node_is_before(const struct node *a, const struct node *b)
{
	if (a->generation != b->generation)
		return a->generation > b->generation;
	if (a->date != b->date)
		return a->date > b->date;
	return oid_cmp(&a->id, &b->id) < 0; /* the same on every run */
}

int heap_push(struct node_heap *heap, struct node *node, struct err *err)
{
	size_t at;

	if (heap->n == heap->cap) {
		size_t cap = heap->cap ? 2 * heap->cap : 64;
		struct node **v = realloc(heap->v, cap * sizeof(struct node *));

		if (!v)
			return err_set(err, ERR_INTERNAL, "out of memory");
		heap->v = v;
		heap->cap = cap;
	}
	for (at = heap->n++; at > 0; at = (at - 1) / 2) {
		if (!node_is_before(node, heap->v[(at - 1) / 2]))
			break;
		heap->v[at] = heap->v[(at - 1) / 2];
	}
	heap->v[at] = node;
	return 0;
}

struct node *heap_pop(struct node_heap *heap)
{
	struct node *top, *last;
	size_t at = 0;

	if (heap->n == 0)
		return NULL;
	top = heap->v[0];
	last = heap->v[--heap->n];
	for (;;) {
		size_t child = 2 * at + 1;

		if (child + 1 < heap->n &&
		    node_is_before(heap->v[child + 1], heap->v[child]))
			child++;
		if (child >= heap->n || !node_is_before(heap->v[child], last))
			break;
		heap->v[at] = heap->v[child];
		at = child;
	}
	heap->v[at] = last;
	return top;
}

void heap_free(struct node_heap *heap)
{
	free(heap->v);
	memset(heap, 0, sizeof(*heap));
}

static struct node *node_at(struct history *h, uint32_t position)
{
	struct node *node = h->by_position[position];

	if (!node) {
		node = ARENA_NEW(&h->arena, struct node);
		node->position = position;
		h->by_position[position] = node;
	}
	return node;
}

static struct node *node_find(struct history *h, const struct oid *oid)
{
	struct node *node = oidmap_get(&h->by_id, oid);
	uint32_t position = GRAPH_NOWHERE;

	if (node)
		return node;
	if (h->graph)
		position = commit_graph_find(h->graph, oid);
	if (position != GRAPH_NOWHERE) {
		node = node_at(h, position);
		node->id = *oid;
		return node;
	}
	node = ARENA_NEW(&h->arena, struct node);
	node->id = *oid;
	node->position = GRAPH_NOWHERE;
	oidmap_put(&h->by_id, oid, node);
	return node;
}

int graph_is_damaged(struct history *h, struct err *err)
{
	h->graph_damaged = true;
	return err_set(
	    err, ERR_FORMAT, "the repository's commit-graph file is damaged");
}

static int load_from_graph(
    struct history *h, struct node *node, struct err *err)
{
	struct graph_commit commit;

	if (!h->graph || !commit_graph_read(h->graph, node->position, &commit))
		return graph_is_damaged(h, err);
	node->id = commit.id;
	node->tree = commit.tree;
	node->date = commit.date;
	node->generation = commit.generation ? commit.generation
					     : UNKNOWN_GENERATION;
	node->nparents = (uint32_t)commit.nparents;
	node->parents = arena_array(
	    &h->arena, commit.nparents, sizeof(struct node *));
	for (size_t i = 0; i < commit.nparents; i++)
		node->parents[i] = node_at(h, graph_commit_parent(&commit, i));
	node->loaded = true;
	return 0;
}

/* Commits of old that are not canonical are read as git reads them: what
 * follows the parents is only looked at for a date, 0 where there is none. */
static int64_t date_of(const char *p, const char *end)
{
	const char *eol = memchr(p, '\n', (size_t)(end - p)); /* author */
	const char *close;
	int64_t date = 0;

	if (!eol || end - eol < 11 || memcmp(eol + 1, "committer ", 10) != 0)
		return 0;
	p = eol + 11;
	eol = memchr(p, '\n', (size_t)(end - p));
	if (!eol)
		return 0;
	close = memrchr(p, '>', (size_t)(eol - p));
	if (!close)
		return 0;
	for (p = close + 1; *p == ' '; p++)
		;
	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(date, (int64_t)10, &date) ||
		    __builtin_add_overflow(date, (int64_t)(*p - '0'), &date))
			return 0;
	return date;
}

/* git follows ids in upper case too: so do we, for the walk to get there and
 * the check of the commit to say what is wrong with it. */
static bool parse_id(const char *hex, struct oid *ret)
{
	char lower[OID_HEX];

	for (size_t i = 0; i < OID_HEX; i++)
		lower[i] = hex[i] >= 'A' && hex[i] <= 'F'
		    ? (char)(hex[i] - 'A' + 'a')
		    : hex[i];
	return oid_parse(lower, ret);
}

/* "<key> <40 hex digits>\n" at *p, which moves behind it. */
static bool take_id(
    const char **p, const char *end, const char *key, struct oid *ret)
{
	size_t len = strlen(key);
	size_t need = len + 1 + OID_HEX + 1;

	if ((size_t)(end - *p) < need || memcmp(*p, key, len) != 0 ||
	    (*p)[len] != ' ' || (*p)[need - 1] != '\n' ||
	    !parse_id(*p + len + 1, ret))
		return false;
	*p += need;
	return true;
}

#define PARENT_LINE (sizeof("parent ") - 1 + OID_HEX + 1)

/* How many lines may be parents; each is read once, afterwards. */
static size_t count_parents(const char *p, const char *end)
{
	size_t n = 0;

	for (; (size_t)(end - p) >= PARENT_LINE &&
	     memcmp(p, "parent ", 7) == 0 && p[PARENT_LINE - 1] == '\n';
	     p += PARENT_LINE)
		n++;
	return n;
}

static int parse(struct history *h, struct node *node, const char *p,
    size_t len, struct err *err)
{
	const char *end = p + len;
	struct oid oid;
	size_t n;

	node->nparents = 0;
	if (!take_id(&p, end, "tree", &node->tree))
		return err_set(err, ERR_FORMAT, "commit %s has no tree",
		    oid_hex(&node->id).s);
	n = count_parents(p, end);
	node->parents = arena_array(&h->arena, n, sizeof(struct node *));
	while (node->nparents < n && take_id(&p, end, "parent", &oid))
		node->parents[node->nparents++] = node_find(h, &oid);
	if ((size_t)(end - p) >= 7 && memcmp(p, "parent ", 7) == 0)
		return err_set(err, ERR_FORMAT,
		    "commit %s has a parent line that does not read",
		    oid_hex(&node->id).s);
	node->date = date_of(p, end);
	node->generation = UNKNOWN_GENERATION;
	node->loaded = true;
	return 0;
}

int node_load(struct history *h, struct node *node, struct err *err)
{
	struct raw_object object;
	int status;

	if (node->loaded)
		return 0;
	if (node->position != GRAPH_NOWHERE)
		return load_from_graph(h, node, err);
	if (raw_read(h->repo, &node->id, OBJECT_COMMIT, COMMIT_BYTES_MAX,
		&object, err))
		return -1;
	status = parse(h, node, object.bytes, object.len, err);
	raw_release(&object);
	return status;
}

int nodes_get(struct history *h, const struct oid *oid, struct node **ret,
    struct err *err)
{
	struct node *node = node_find(h, oid);

	if (node_load(h, node, err))
		return -1;
	*ret = node;
	return 0;
}

static void forget_graph(struct history *h)
{
	commit_graph_close(h->graph);
	h->graph = NULL;
	free(h->by_position);
	h->by_position = NULL;
}

bool nodes_start_over(struct history *h)
{
	if (!h->graph_damaged)
		return false;
	h->graph_damaged = false;
	forget_graph(h);
	oidmap_init(&h->by_id, &h->arena);
	return true;
}

struct history *history_new(struct arena *arena, struct repo *repo)
{
	struct history *h = ARENA_NEW(arena, struct history);

	h->repo = repo;
	arena_init(&h->arena, ARENA_RUN_MAX);
	oidmap_init(&h->by_id, &h->arena);
	h->graph = commit_graph_open(&h->arena, repo->objects);
	if (h->graph) {
		h->by_position = calloc(
		    commit_graph_count(h->graph), sizeof(struct node *));
		if (!h->by_position)
			forget_graph(h);
	}
	return h;
}

void history_free(struct history *history)
{
	if (!history)
		return;
	forget_graph(history);
	arena_release(&history->arena);
}
