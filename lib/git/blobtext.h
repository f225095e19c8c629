#ifndef GIT_BLOBTEXT_H
#define GIT_BLOBTEXT_H

#include "git/repo.h"
#include "judge/view.h"

/*
 * A blob to be compared line by line: private to lib/git.  bytes: NULL where
 * there are more than LINES_BLOB_MAX; "" for a zero id, which stands for a
 * file that is not there.
 */
struct blob_text {
	const char *bytes;
	size_t len;
	uint64_t size;
};

/* What is there must be a blob: ERR_NOTFOUND. */
int blob_text_read(struct repo *repo, struct arena *arena,
    const struct oid *blob, struct blob_text *ret, struct err *err);

#endif
