#include "record/verifywork.h"

#include <string.h>

#include "git/treestore.h"

/*
 * Under which changes a statement was listed (gates with `binds: patch`) can't
 * be made anew: it depends on what refs named when it was handed in.  So it is
 * taken from the lists that the entry itself adds to, which then have to agree
 * with it in every other way.
 */

static int read_list(const struct verify_entry *entry, struct ledger *ledger,
    const char *path, struct tree_statements *ret, struct err *err)
{
	const char *bytes;
	size_t len;

	memset(ret, 0, sizeof(*ret));
	if (treestore_read(ledger_tree(ledger), entry->arena, path, &bytes,
		&len, NULL, err))
		return -1;
	return bytes
	    ? tree_statements_parse(entry->arena, path, bytes, len, ret, err)
	    : 0;
}

static bool is_about(
    const struct tree_statement *item, const struct plan_ref *ref)
{
	return strcmp(item->digest, ref->digest) == 0 &&
	    strcmp(item->gate, ref->gate) == 0 &&
	    strcmp(item->by, ref->person) == 0 &&
	    oid_eq(&item->commit, &ref->subject);
}

int verify_patches(
    struct verify_entry *entry, struct plan_ref *ref, struct err *err)
{
	for (size_t i = 0; i < entry->changed.n; i++) {
		const char *path = entry->changed.v[i].path;
		struct tree_statements before, after;
		struct oid digest;

		if (!verify_path_oid(path, "patches/", &digest))
			continue;
		if (read_list(entry, entry->before, path, &before, err) ||
		    read_list(entry, entry->after, path, &after, err))
			return -1;
		for (size_t k = before.n; k < after.n; k++)
			if (is_about(&after.v[k], ref)) {
				ARRAY_PUSH(entry->arena, &ref->patches,
				    arena_strdup(
					entry->arena, oid_hex(&digest).s));
				break;
			}
	}
	return 0;
}
