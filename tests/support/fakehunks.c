#include <string.h>

#include "support/fakeview.h"

/*
 * The view's `hunks` and `added`, from the definition: a longest common
 * subsequence of lines, found by trying all; removed lines before added ones;
 * hunks that touch are one.
 */
#define TABLE_LINES_MAX 2000

struct line {
	const char *p;
	size_t len;
};

struct lines {
	struct line *v;
	size_t n, cap;
};

struct edit {
	enum hunk_line kind;
	struct line line;
	bool shown;
};

struct edits {
	struct edit *v;
	size_t n, cap;
};

static void split(const struct fakeview *fake, struct arena *arena,
    const struct oid *blob, struct lines *ret)
{
	const struct fake_object *object = oid_is_zero(blob)
	    ? NULL
	    : fake_find(fake, blob);
	const char *p = object ? object->bytes : "";
	const char *end = object ? p + object->len : p;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *stop = nl ? nl + 1 : end;

		ARRAY_PUSH(arena, ret, (struct line){ p, (size_t)(stop - p) });
		p = stop;
	}
}

static bool same(const struct line *a, const struct line *b)
{
	return a->len == b->len && memcmp(a->p, b->p, a->len) == 0;
}

/* common[i * (new->n + 1) + k]: lines that old from i and new from k share. */
static void compare(struct arena *arena, const struct lines *old,
    const struct lines *new, struct edits *ret)
{
	size_t row = new->n + 1, i, k;
	unsigned *common = arena_array(
	    arena, (old->n + 1) * row, sizeof(*common));

	for (i = old->n; i-- > 0;)
		for (k = new->n; k-- > 0;) {
			unsigned *at = &common[i * row + k];

			if (same(&old->v[i], &new->v[k]))
				*at = at[row + 1] + 1;
			else
				*at = at[row] > at[1] ? at[row] : at[1];
		}
	for (i = k = 0; i < old->n || k < new->n;) {
		const unsigned *at = &common[i * row + k];

		if (i < old->n && k < new->n &&same(&old->v[i], &new->v[k])) {
			ARRAY_PUSH(arena, ret,
			    (struct edit){ HUNK_CONTEXT, old->v[i], false });
			i++;
			k++;
		} else if (k == new->n || (i < old->n && at[row] >= at[1])) {
			ARRAY_PUSH(arena, ret,
			    (struct edit){ HUNK_REMOVED, old->v[i++], true });
		} else {
			ARRAY_PUSH(arena, ret,
			    (struct edit){ HUNK_ADDED, new->v[k++], true });
		}
	}
}

static void show_context(struct edits *edits)
{
	for (size_t i = 0; i < edits->n; i++) {
		if (edits->v[i].kind == HUNK_CONTEXT)
			continue;
		for (size_t near = 1; near <= HUNK_CONTEXT_LINES; near++) {
			if (i >= near)
				edits->v[i - near].shown = true;
			if (i + near < edits->n)
				edits->v[i + near].shown = true;
		}
	}
}

static int tell(
    const struct edits *edits, view_hunk_fn *fn, void *ctx, struct err *err)
{
	for (size_t i = 0; i < edits->n; i++) {
		const struct edit *edit = &edits->v[i];
		const struct line *line = &edit->line;

		if (!edit->shown)
			continue;
		if ((i == 0 || !edits->v[i - 1].shown) &&
		    fn(ctx, HUNK_BEGINS, "", 0, err) < 0)
			return -1;
		if (fn(ctx, edit->kind, line->p, line->len, err) < 0)
			return -1;
		if (line->p[line->len - 1] != '\n' &&
		    fn(ctx, HUNK_NO_NEWLINE, "", 0, err) < 0)
			return -1;
	}
	return 0;
}

static bool is_binary(const struct fakeview *fake, const struct oid *blob)
{
	const struct fake_object *object = oid_is_zero(blob)
	    ? NULL
	    : fake_find(fake, blob);

	return object && memchr(object->bytes, '\0', object->len);
}

int fake_hunks(void *git, const struct oid *old_blob,
    const struct oid *new_blob, view_hunk_fn *fn, void *ctx, struct err *err)
{
	struct lines old = { NULL, 0, 0 }, new = { NULL, 0, 0 };
	struct edits edits = { NULL, 0, 0 };
	struct arena scratch;
	int r;

	if (is_binary(git, old_blob) || is_binary(git, new_blob))
		return 1;
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	split(git, &scratch, old_blob, &old);
	split(git, &scratch, new_blob, &new);
	if (old.n > TABLE_LINES_MAX || new.n > TABLE_LINES_MAX) {
		r = err_set(err, ERR_LIMIT, "too many lines for a table");
	} else {
		compare(&scratch, &old, &new, &edits);
		show_context(&edits);
		r = tell(&edits, fn, ctx, err);
	}
	arena_release(&scratch);
	return r;
}

/* Lines that no longest common subsequence has. */
int fake_added(void *git, const struct oid *old_blob,
    const struct oid *new_blob, view_added_fn *fn, void *ctx, struct err *err)
{
	static const struct oid none;
	struct lines old = { NULL, 0, 0 }, new = { NULL, 0, 0 };
	struct edits edits = { NULL, 0, 0 };
	struct arena scratch;
	uint64_t line = 0;
	int r = 0;

	if (is_binary(git, new_blob))
		return 1;
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	split(git, &scratch, is_binary(git, old_blob) ? &none : old_blob, &old);
	split(git, &scratch, new_blob, &new);
	if (old.n > TABLE_LINES_MAX || new.n > TABLE_LINES_MAX)
		r = err_set(err, ERR_LIMIT, "too many lines for a table");
	else
		compare(&scratch, &old, &new, &edits);
	for (size_t i = 0; i < edits.n && r == 0; i++) {
		const struct edit *edit = &edits.v[i];

		if (edit->kind == HUNK_REMOVED)
			continue;
		line++;
		if (edit->kind == HUNK_ADDED)
			r = fn(ctx, line, edit->line.p, edit->line.len, err);
	}
	arena_release(&scratch);
	return r;
}

/* Of files that are new, each the first removed one that has the same bytes or
 * the same first line: no more is needed of similarity in a table. */
int fake_renames(void *git, struct arena *arena, const struct oid *old_tree,
    const struct oid *new_tree, struct view_renames *ret, struct err *err)
{
	const struct fakeview *fake = git;
	const struct fake_object *old = fake_find(fake, old_tree);
	const struct fake_object *new = fake_find(fake, new_tree);

	if (!old || !new)
		return err_set(err, ERR_NOTFOUND, "no such tree");
	for (size_t i = 0; i < new->npaths; i++) {
		const struct fake_path *to = &new->paths[i];

		if (fake_entry_at(old, to->path).mode != 0)
			continue;
		for (size_t k = 0; k < old->npaths; k++) {
			const struct fake_path *from = &old->paths[k];
			struct lines a = { NULL, 0, 0 }, b = { NULL, 0, 0 };

			if (fake_entry_at(new, from->path).mode != 0)
				continue;
			split(fake, arena, &from->entry.oid, &a);
			split(fake, arena, &to->entry.oid, &b);
			if (a.n == 0 || b.n == 0 || !same(&a.v[0], &b.v[0]))
				continue;
			ARRAY_PUSH(arena, ret,
			    (struct view_rename){ from->path, to->path });
			break;
		}
	}
	return 0;
}
