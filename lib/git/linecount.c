#include "git/linecount.h"

#include "git/blobtext.h"
#include "git/handle.h"

struct counting {
	uint64_t added, removed;
};

static int count_line(const git_diff_delta *delta, const git_diff_hunk *hunk,
    const git_diff_line *line, void *payload)
{
	struct counting *counting = payload;

	(void)delta;
	(void)hunk;
	if (line->origin == GIT_DIFF_LINE_ADDITION)
		counting->added++;
	else if (line->origin == GIT_DIFF_LINE_DELETION)
		counting->removed++;
	return 0;
}

static int compare(const struct blob_text *old, const struct blob_text *new,
    struct counting *ret, struct err *err)
{
	git_diff_options options;

	if (git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION) < 0)
		return err_git(err, ERR_INTERNAL, "cannot set up libgit2");
	options.flags = GIT_DIFF_FORCE_TEXT;
	options.context_lines = 0;
	if (git_diff_buffers(old->bytes, old->len, NULL, new->bytes, new->len,
		NULL, &options, NULL, NULL, NULL, count_line, ret) < 0)
		return err_git(err, ERR_FORMAT, "cannot compare two files");
	return 0;
}

int line_count(struct repo *repo, const struct oid *old_blob,
    const struct oid *new_blob, uint64_t *ret_added, uint64_t *ret_removed,
    struct err *err)
{
	struct counting counting = { 0, 0 };
	struct blob_text old, new;
	struct arena arena;
	int status = -1;

	arena_init(&arena, ARENA_SCRATCH_MAX);
	if (blob_text_read(repo, &arena, old_blob, &old, err) == 0 &&
	    blob_text_read(repo, &arena, new_blob, &new, err) == 0) {
		status = 0;
		if (old.bytes && new.bytes)
			status = compare(&old, &new, &counting, err);
		else
			counting = (struct counting){ new.size, old.size };
	}
	arena_release(&arena);
	*ret_added = counting.added;
	*ret_removed = counting.removed;
	return status;
}
