#include "git/treememo.h"

#include <string.h>

void tree_memo_init(struct tree_memo *memo)
{
	memset(memo, 0, sizeof(*memo));
	arena_init(&memo->arena, 4 * MEMO_BYTES);
	arena_init(&memo->scratch, ARENA_SCRATCH_MAX);
	oidmap_init(&memo->by_new, &memo->arena);
}

void tree_memo_release(struct tree_memo *memo)
{
	arena_release(&memo->arena);
	arena_release(&memo->scratch);
}

const struct memo_answer *tree_memo_find(const struct tree_memo *memo,
    const struct oid *old_tree, const struct oid *new_tree)
{
	const struct memo_answer *answer = oidmap_get(&memo->by_new, new_tree);

	if (!answer || answer->has_old != (old_tree != NULL) ||
	    (old_tree && !oid_eq(&answer->old, old_tree)))
		return NULL;
	return answer;
}

bool tree_memo_start(struct tree_memo *memo)
{
	if (memo->recording || memo->arena.used >= MEMO_BYTES)
		return false;
	arena_reset(&memo->scratch);
	memset(&memo->changes, 0, sizeof(memo->changes));
	memo->failed = false;
	memo->recording = true;
	return true;
}

void tree_memo_add(struct tree_memo *memo, const struct view_change *change)
{
	struct view_change copy = *change;

	if (memo->failed || memo->scratch.used > MEMO_BYTES / 4) {
		memo->failed = true;
		return;
	}
	copy.path = arena_strdup(&memo->scratch, change->path);
	ARRAY_PUSH(&memo->scratch, &memo->changes, copy);
}

/* One block: the changes, then their paths. */
static struct memo_answer *pack(struct tree_memo *memo)
{
	const struct memo_changes *changes = &memo->changes;
	size_t head = sizeof(struct memo_answer) +
	    changes->n * sizeof(struct view_change);
	size_t size = head;
	struct memo_answer *answer;
	char *p;

	for (size_t i = 0; i < changes->n; i++)
		size += strlen(changes->v[i].path) + 1;
	answer = arena_alloc(&memo->arena, size);
	answer->n = changes->n;
	p = (char *)answer + head;
	for (size_t i = 0; i < changes->n; i++) {
		size_t len = strlen(changes->v[i].path) + 1;

		answer->v[i] = changes->v[i];
		answer->v[i].path = memcpy(p, changes->v[i].path, len);
		p += len;
	}
	return answer;
}

void tree_memo_end(struct tree_memo *memo, const struct oid *old_tree,
    const struct oid *new_tree, bool keep)
{
	struct memo_answer *answer;

	memo->recording = false;
	if (!keep || memo->failed)
		return;
	answer = pack(memo);
	answer->has_old = old_tree != NULL;
	if (old_tree)
		answer->old = *old_tree;
	oidmap_put(&memo->by_new, new_tree, answer);
}
