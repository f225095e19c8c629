#include "base/num.h"
#include "base/oidmap.h"
#include "base/text.h"
#include "gates/gate.h"
#include "gates/newblobs.h"

/*
 * size: what the push adds to the repository is within bounds.  Bytes are
 * inflated ones, of distinct blobs that a new commit has and none of its
 * parents had; each is asked for its size once, from its header.
 */

#define NO_LIMIT UINT64_MAX

struct size_keys {
	uint64_t file, push; /* bytes */
	uint64_t files, commits;
};

/* What one gate has counted in this push: all of its refs together, so that
 * spreading over several gains nothing. */
struct counted {
	struct oidmap blobs, commits; /* commits: of several refs */
	uint64_t bytes, ncommits;
};

struct sizing {
	const struct size_keys *keys;
	const struct view *view;
	struct counted *counted;
	bool several_refs;
	struct offenders offenders;
};

static struct counted *counted_by(
    struct arena *arena, struct push_wide *wide, const struct gate *gate)
{
	bool is_new;
	struct counted *counted = push_wide_of(
	    wide, arena, gate, sizeof(*counted), &is_new);

	if (is_new) {
		oidmap_init(&counted->blobs, arena);
		oidmap_init(&counted->commits, arena);
	}
	return counted;
}

static void *begin(struct arena *arena, const struct gate *gate,
    const struct gate_facts *facts)
{
	struct sizing *s = ARENA_NEW(arena, struct sizing);

	s->keys = gate->params;
	s->view = facts->view;
	s->counted = counted_by(arena, facts->wide, gate);
	s->several_refs = facts->push->updates.n > 1;
	s->offenders.arena = arena;
	return s;
}

struct one_commit { /* being looked at */
	struct sizing *sizing;
	struct arena *scratch;
	const struct oid *id;
};

static int count_blob(
    void *ctx, const char *path, const struct oid *oid, struct err *err)
{
	struct one_commit *one = ctx;
	struct sizing *s = one->sizing;
	enum object_kind kind;
	uint64_t size;

	if (!oidmap_put(&s->counted->blobs, oid, NULL))
		return 0;
	if (s->view->kind(s->view->git, oid, &kind, &size, err) < 0)
		return -1;
	if (kind != OBJECT_BLOB)
		return err_set(err, ERR_NOTFOUND, "blob %s of commit %s is %s",
		    oid_hex8(oid).s, oid_hex8(one->id).s,
		    kind == OBJECT_MISSING ? "missing" : "no blob");
	if (__builtin_add_overflow(s->counted->bytes, size, &s->counted->bytes))
		s->counted->bytes = UINT64_MAX;
	if (size > s->keys->file)
		offenders_add(&s->offenders, "%s %s has %s, at most %s",
		    oid_hex8(one->id).s, text_clean_s(one->scratch, path),
		    size_format(one->scratch, size),
		    size_format(one->scratch, s->keys->file));
	return 0;
}

static int judge_commit(void *state, struct arena *scratch,
    const struct commit *commit, struct err *err)
{
	struct sizing *s = state;
	struct one_commit one = {
		.sizing = s, .scratch = scratch, .id = &commit->id
	};
	const struct new_blobs wanted = { &s->counted->blobs, count_blob,
		&one };

	/* Pushed to two refs at once it is still one commit. */
	if (s->several_refs &&
	    !oidmap_put(&s->counted->commits, &commit->id, NULL))
		return 0;
	s->counted->ncommits++;
	if (s->keys->file == NO_LIMIT && s->keys->files == NO_LIMIT &&
	    s->keys->push == NO_LIMIT)
		return 0;
	return new_blobs(s->view, scratch, commit, &wanted, err);
}

static int finish(void *state, struct gate_row *row, struct err *err)
{
	struct sizing *s = state;
	const struct size_keys *keys = s->keys;
	struct arena *arena = s->offenders.arena;

	(void)err;
	if (s->counted->ncommits > keys->commits)
		offenders_add(&s->offenders,
		    "the push has %llu new commits, at most %llu",
		    (unsigned long long)s->counted->ncommits,
		    (unsigned long long)keys->commits);
	if (s->counted->blobs.n > keys->files)
		offenders_add(&s->offenders,
		    "the push has %zu new files, at most %llu",
		    s->counted->blobs.n, (unsigned long long)keys->files);
	if (s->counted->bytes > keys->push)
		offenders_add(&s->offenders,
		    "the push has %s of new files, at most %s",
		    size_format(arena, s->counted->bytes),
		    size_format(arena, keys->push));
	offenders_finish(&s->offenders, row);
	return 0;
}

static void defaults(void *params)
{
	struct size_keys *keys = params;

	keys->file = keys->push = NO_LIMIT;
	keys->files = keys->commits = NO_LIMIT;
}

#define KEY(member) .offset = offsetof(struct size_keys, member)

static const struct field fields[] = {
	{ .name = "file", .type = FIELD_SIZE, KEY(file) },
	{ .name = "files", .type = FIELD_COUNT, KEY(files) },
	{ .name = "push", .type = FIELD_SIZE, KEY(push) },
	{ .name = "commits", .type = FIELD_COUNT, KEY(commits) },
	{ .name = NULL },
};

const struct gate_kind gate_size = {
	.form = { .kind = "size",
	    .params_size = sizeof(struct size_keys),
	    .fields = fields,
	    .defaults = defaults },
	.family = GATE_OF_COMMITS,
	.begin = begin,
	.commit = judge_commit,
	.finish = finish,
};
