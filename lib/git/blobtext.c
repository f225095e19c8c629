#include "git/blobtext.h"

#include "git/objects.h"

int blob_text_read(struct repo *repo, struct arena *arena,
    const struct oid *blob, struct blob_text *ret, struct err *err)
{
	enum object_kind kind;

	*ret = (struct blob_text){ .bytes = "" };
	if (oid_is_zero(blob))
		return 0;
	if (object_header(repo, blob, &kind, &ret->size, err))
		return -1;
	if (kind != OBJECT_BLOB)
		return err_set(
		    err, ERR_NOTFOUND, "blob %s is missing", oid_hex8(blob).s);
	ret->bytes = NULL;
	if (ret->size > LINES_BLOB_MAX)
		return 0;
	return object_read(repo, arena, blob, OBJECT_BLOB,
	    (size_t)LINES_BLOB_MAX, &ret->bytes, &ret->len, err);
}
