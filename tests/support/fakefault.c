#include "support/fakefault.h"

/* Answers that there was nothing to be found out, once. */
static int ask(struct fakefault *fault, struct err *err)
{
	if (fault->left > 0) {
		fault->left--;
		return 0;
	}
	if (fault->hit)
		return 0;
	fault->hit = true;
	return err_set(err, ERR_IO, "a fault was made here");
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_ref(void *ctx, struct arena *arena, const char *name,
    struct view_ref *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->ref(fault->inner->git, arena, name, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_refs_below(void *ctx, struct arena *arena, const char *prefix,
    struct view_refs *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->refs_below(
	    fault->inner->git, arena, prefix, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_kind(void *ctx, const struct oid *oid, enum object_kind *ret,
    uint64_t *ret_size, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->kind(fault->inner->git, oid, ret, ret_size, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_commit(void *ctx, struct arena *arena, const struct oid *oid,
    struct commit *ret, const char **ret_complaint, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->commit(
	    fault->inner->git, arena, oid, ret, ret_complaint, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_tag(void *ctx, struct arena *arena, const struct oid *oid,
    const char **ret_bytes, size_t *ret_len, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->tag(
	    fault->inner->git, arena, oid, ret_bytes, ret_len, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_blob(void *ctx, struct arena *arena, const struct oid *oid,
    size_t max, const char **ret_bytes, size_t *ret_len, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->blob(
	    fault->inner->git, arena, oid, max, ret_bytes, ret_len, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_node(void *ctx, struct arena *arena, const struct oid *oid,
    struct view_node *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->node(fault->inner->git, arena, oid, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_is_ancestor(void *ctx, const struct oid *a,
    const struct oid *b, bool *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->is_ancestor(fault->inner->git, a, b, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_merge_bases(void *ctx, struct arena *arena,
    const struct oid *a, const struct oid *b, struct oids *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->merge_bases(
	    fault->inner->git, arena, a, b, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_walk(void *ctx, struct arena *arena, const struct oids *tips,
    const struct oids *hide, view_stop_fn *stop, void *stop_ctx, size_t max,
    struct oids *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->walk(fault->inner->git, arena, tips, hide, stop,
	    stop_ctx, max, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_merge(void *ctx, struct arena *arena, const struct oid *ours,
    const struct oid *theirs, const struct oid *expect, struct view_merge *ret,
    struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->merge(
	    fault->inner->git, arena, ours, theirs, expect, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_changes(void *ctx, const struct oid *old_tree,
    const struct oid *new_tree, view_change_fn *fn, void *fn_ctx,
    struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->changes(
	    fault->inner->git, old_tree, new_tree, fn, fn_ctx, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_entry(void *ctx, const struct oid *tree, const char *path,
    struct view_entry *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->entry(fault->inner->git, tree, path, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_list(void *ctx, const struct oid *tree, view_change_fn *fn,
    void *fn_ctx, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->list(fault->inner->git, tree, fn, fn_ctx, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_lines(void *ctx, const struct oid *old_blob,
    const struct oid *new_blob, uint64_t *ret_added, uint64_t *ret_removed,
    struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->lines(
	    fault->inner->git, old_blob, new_blob, ret_added, ret_removed, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_added(void *ctx, const struct oid *old_blob,
    const struct oid *new_blob, view_added_fn *fn, void *fn_ctx,
    struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->added(
	    fault->inner->git, old_blob, new_blob, fn, fn_ctx, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_renames(void *ctx, struct arena *arena,
    const struct oid *old_tree, const struct oid *new_tree,
    struct view_renames *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->renames(
	    fault->inner->git, arena, old_tree, new_tree, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_hunks(void *ctx, const struct oid *old_blob,
    const struct oid *new_blob, view_hunk_fn *fn, void *fn_ctx, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->hunks(
	    fault->inner->git, old_blob, new_blob, fn, fn_ctx, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_foreign_signature(void *ctx, struct arena *arena,
    const struct signed_text *text, const struct sshsig *sig, bool *ret_good,
    struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->foreign_signature(
	    fault->inner->git, arena, text, sig, ret_good, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_faults(void *ctx, struct arena *arena,
    const struct oids *commits, struct view_faults *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->faults(
	    fault->inner->git, arena, commits, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_passages(void *ctx, struct arena *arena,
    const struct oid *commit, struct view_passages *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->passages(
	    fault->inner->ledger, arena, commit, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_entries(void *ctx, struct arena *arena, const char *ref,
    size_t max, struct view_entry_records *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->entries(
	    fault->inner->ledger, arena, ref, max, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_reverts(
    void *ctx, struct arena *arena, struct view_reverts *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->reverts(fault->inner->ledger, arena, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_open_incidents(void *ctx, struct arena *arena,
    const char *ref, struct view_incidents *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->open_incidents(
	    fault->inner->ledger, arena, ref, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_squashes(void *ctx, struct arena *arena,
    const struct oid *candidate, struct oids *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->squashes(
	    fault->inner->ledger, arena, candidate, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_evidence(void *ctx, struct arena *arena,
    const struct oid *subject, const char *gate, struct view_evidences *ret,
    struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->evidence(
	    fault->inner->ledger, arena, subject, gate, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_seen(
    void *ctx, const char *replay_key, bool *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->seen(fault->inner->ledger, replay_key, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_in_flight(void *ctx, const char *ref, const struct oid *tip,
    bool *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->in_flight(
	    fault->inner->ledger, ref, tip, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_last_time(void *ctx, int64_t *ret, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->last_time(fault->inner->ledger, ret, err);
}

static int faulty_command_begin(
    void *ctx, const struct view_command *command, struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->command_begin(
	    fault->inner->commands, command, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_command_end(void *ctx, struct arena *arena,
    const struct view_command *command, struct view_command_end *ret,
    struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->command_end(
	    fault->inner->commands, arena, command, ret, err);
}

/* NOLINTNEXTLINE(readability-function-size): as view.h has it */
static int faulty_child(void *ctx, struct arena *arena,
    const struct view_child_asked *asked, struct view_child *ret,
    struct err *err)
{
	struct fakefault *fault = ctx;

	if (ask(fault, err) < 0)
		return -1;
	return fault->inner->child(
	    fault->inner->children, arena, asked, ret, err);
}

/* A function that is not replaced below would be handed our context. */
#define VIEW_MEMBERS 37
_Static_assert(sizeof(struct view) == VIEW_MEMBERS * sizeof(void *),
    "what is new in struct view wants its function here");

void fakefault_init(struct fakefault *fault, const struct view *inner, size_t n,
    struct view *ret)
{
	*fault = (struct fakefault){ .inner = inner, .left = n };
	*ret = *inner;
	ret->git = ret->ledger = ret->commands = ret->children = fault;
	if (inner->command_end) { /* else no programs are run */
		ret->command_begin = faulty_command_begin;
		ret->command_end = faulty_command_end;
	}
	if (inner->child)
		ret->child = faulty_child;
	ret->ref = faulty_ref;
	ret->refs_below = faulty_refs_below;
	ret->kind = faulty_kind;
	ret->commit = faulty_commit;
	ret->tag = faulty_tag;
	ret->blob = faulty_blob;
	ret->node = faulty_node;
	ret->is_ancestor = faulty_is_ancestor;
	ret->merge_bases = faulty_merge_bases;
	ret->walk = faulty_walk;
	ret->merge = faulty_merge;
	ret->changes = faulty_changes;
	ret->entry = faulty_entry;
	ret->list = faulty_list;
	ret->lines = faulty_lines;
	ret->hunks = faulty_hunks;
	ret->added = faulty_added;
	ret->renames = faulty_renames;
	ret->foreign_signature = faulty_foreign_signature;
	ret->faults = faulty_faults;
	ret->passages = faulty_passages;
	ret->entries = faulty_entries;
	ret->reverts = faulty_reverts;
	ret->open_incidents = faulty_open_incidents;
	ret->squashes = faulty_squashes;
	ret->evidence = faulty_evidence;
	ret->seen = faulty_seen;
	ret->in_flight = faulty_in_flight;
	ret->last_time = faulty_last_time;
}
