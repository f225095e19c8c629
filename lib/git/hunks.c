#include "git/hunks.h"

#include <string.h>

#include "git/blobtext.h"
#include "git/handle.h"

/* libgit2 is told by this value that a callback has had enough. */
#define STOP (-1)

struct telling {
	view_hunk_fn *fn;
	void *ctx;
	struct err *err;
	bool failed; /* fn did, and err says why */
};

static int tell(
    struct telling *telling, enum hunk_line kind, const char *bytes, size_t len)
{
	if (telling->fn(telling->ctx, kind, bytes, len, telling->err) == 0)
		return 0;
	telling->failed = true;
	return STOP;
}

static int hunk_begins(
    const git_diff_delta *delta, const git_diff_hunk *hunk, void *payload)
{
	(void)delta;
	(void)hunk; /* where it is, and the function that it seems to be in */
	return tell(payload, HUNK_BEGINS, "", 0);
}

static int hunk_line(const git_diff_delta *delta, const git_diff_hunk *hunk,
    const git_diff_line *line, void *payload)
{
	struct telling *telling = payload;

	(void)delta;
	(void)hunk;
	switch (line->origin) {
	case GIT_DIFF_LINE_CONTEXT:
		return tell(
		    telling, HUNK_CONTEXT, line->content, line->content_len);
	case GIT_DIFF_LINE_ADDITION:
		return tell(
		    telling, HUNK_ADDED, line->content, line->content_len);
	case GIT_DIFF_LINE_DELETION:
		return tell(
		    telling, HUNK_REMOVED, line->content, line->content_len);
	case GIT_DIFF_LINE_CONTEXT_EOFNL:
	case GIT_DIFF_LINE_ADD_EOFNL:
	case GIT_DIFF_LINE_DEL_EOFNL:
		/* Its content is a sentence in the library's words. */
		return tell(telling, HUNK_NO_NEWLINE, "", 0);
	default:
		break;
	}
	/* A line that nobody knows must not be one that nobody compares. */
	err_set(telling->err, ERR_INTERNAL,
	    "the comparison of two files has a line of kind %d", line->origin);
	telling->failed = true;
	return STOP;
}

/*
 * Buffers rather than blobs: without a repository and a path there are neither
 * attributes nor drivers nor configuration to ask.
 */
static int compare(const struct blob_text *old, const struct blob_text *new,
    struct telling *telling)
{
	git_diff_options options;

	if (git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION) < 0)
		return err_git(
		    telling->err, ERR_INTERNAL, "cannot set up libgit2");
	options.flags = GIT_DIFF_FORCE_TEXT;
	options.context_lines = HUNK_CONTEXT_LINES;
	options.interhunk_lines = 0;
	if (git_diff_buffers(old->bytes, old->len, NULL, new->bytes, new->len,
		NULL, &options, NULL, NULL, hunk_begins, hunk_line,
		telling) == 0)
		return 0;
	if (telling->failed)
		return -1;
	return err_git(telling->err, ERR_FORMAT, "cannot compare two files");
}

static bool is_binary(const struct blob_text *text)
{
	size_t n = text->len < HUNK_BINARY_BYTES ? text->len
						 : HUNK_BINARY_BYTES;

	return !text->bytes || memchr(text->bytes, '\0', n);
}

/* ---- added lines -------------------------------------------------------- */

struct adding {
	view_added_fn *fn;
	void *ctx;
	struct err *err;
	bool failed;
};

static int added_line(const git_diff_delta *delta, const git_diff_hunk *hunk,
    const git_diff_line *line, void *payload)
{
	struct adding *adding = payload;

	(void)delta;
	(void)hunk;
	if (line->origin != GIT_DIFF_LINE_ADDITION)
		return 0;
	if (adding->fn(adding->ctx, (uint64_t)line->new_lineno, line->content,
		line->content_len, adding->err) == 0)
		return 0;
	adding->failed = true;
	return STOP;
}

/* Where several lines could be the added one, git's choice is the one that
 * looks right: what people see of a change is what is judged. */
static int find_added(const struct blob_text *old, const struct blob_text *new,
    struct adding *adding)
{
	git_diff_options options;

	if (git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION) < 0)
		return err_git(
		    adding->err, ERR_INTERNAL, "cannot set up libgit2");
	options.flags = GIT_DIFF_FORCE_TEXT | GIT_DIFF_INDENT_HEURISTIC;
	options.context_lines = 0;
	options.interhunk_lines = 0;
	if (git_diff_buffers(old->bytes, old->len, NULL, new->bytes, new->len,
		NULL, &options, NULL, NULL, NULL, added_line, adding) == 0)
		return 0;
	if (adding->failed)
		return -1;
	return err_git(adding->err, ERR_FORMAT, "cannot compare two files");
}

int added_lines_read(struct repo *repo, const struct oid *old_blob,
    const struct oid *new_blob, view_added_fn *fn, void *ctx, struct err *err)
{
	struct adding adding = { .fn = fn, .ctx = ctx, .err = err };
	struct blob_text old, new;
	struct arena arena;
	int status = -1;

	arena_init(&arena, ARENA_SCRATCH_MAX);
	if (blob_text_read(repo, &arena, old_blob, &old, err) == 0 &&
	    blob_text_read(repo, &arena, new_blob, &new, err) == 0) {
		if (is_binary(&old))
			old = (struct blob_text){ .bytes = "" };
		status = is_binary(&new) ? 1 : find_added(&old, &new, &adding);
	}
	arena_release(&arena);
	return status;
}

/* ---- hunks -------------------------------------------------------------- */

int hunks_read(struct repo *repo, const struct oid *old_blob,
    const struct oid *new_blob, view_hunk_fn *fn, void *ctx, struct err *err)
{
	struct telling telling = { .fn = fn, .ctx = ctx, .err = err };
	struct blob_text old, new;
	struct arena arena;
	int status = -1;

	arena_init(&arena, ARENA_SCRATCH_MAX);
	if (blob_text_read(repo, &arena, old_blob, &old, err) == 0 &&
	    blob_text_read(repo, &arena, new_blob, &new, err) == 0)
		status = is_binary(&old) || is_binary(&new)
		    ? 1
		    : compare(&old, &new, &telling);
	arena_release(&arena);
	return status;
}
