#include "record/verifywork.h"

#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "git/objects.h"
#include "git/treestore.h"
#include "judge/pushcert.h"
#include "judge/signer.h"
#include "record/repoid.h"

#define FILE_MODE 0100644u

/* ---- what has changed --------------------------------------------------- */

static int add_change(
    void *ctx, const struct view_change *change, struct err *err)
{
	struct verify_entry *entry = ctx;
	const unsigned mode = change->to.mode;

	(void)err;
	ARRAY_PUSH(entry->arena, &entry->changed,
	    (struct changed_file){
		.path = arena_strdup(entry->arena, change->path),
		.is_file = mode == 0 || mode == FILE_MODE });
	return 0;
}

static int find_changes(struct verify_entry *entry, struct err *err)
{
	const struct commit *commit = &entry->commit;
	struct commit parent = { .tree = { { 0 } } };
	bool has_parent = commit->parents.n > 0;

	if (has_parent &&
	    log_commit(entry->arena, entry->run->repo, &commit->parents.v[0],
		&parent, err))
		return -1;
	return treediff_run(entry->run->diff, has_parent ? &parent.tree : NULL,
	    &commit->tree, add_change, entry, err);
}

/* ---- the entry, made anew ----------------------------------------------- */

/* An entry that is made from what the ledger itself holds. */
struct making {
	struct verify_entry *entry;
	const struct append *append;
	const char *certificate;
	size_t certificate_len;
};

static int handed_in(void *ctx, const struct oid *oid, const char **ret_bytes,
    size_t *ret_len, struct err *err)
{
	const struct making *making = ctx;
	const struct append *append = making->append;
	struct verify_entry *entry = making->entry;

	if (oid_eq(oid, &append->cert)) {
		*ret_bytes = making->certificate;
		*ret_len = making->certificate_len;
		return 0;
	}
	for (size_t i = 0; i < append->n; i++) {
		const struct plan_ref *ref = append->updates[i].ref;

		if (ref->is_evidence && oid_eq(&ref->tag, oid))
			return treestore_read(ledger_tree(entry->after),
			    entry->arena,
			    ledger_evidence_path(entry->arena, &ref->subject,
				ref->gate, ref->digest),
			    ret_bytes, ret_len, NULL, err);
	}
	return err_set(err, ERR_INTERNAL, "a tag that is no statement");
}

/* Does that list, which this entry has changed, name the statement? */
static int list_has(const struct verify_entry *entry, const char *path,
    const struct plan_ref *statement, bool *ret, struct err *err)
{
	struct tree_statements list = { NULL, 0, 0 };
	const char *bytes;
	size_t len;

	*ret = false;
	if (treestore_read(ledger_tree(entry->after), entry->arena, path,
		&bytes, &len, NULL, err))
		return -1;
	if (bytes &&
	    tree_statements_parse(entry->arena,
		verify_file_text(entry->arena, path, NULL, 0), bytes, len,
		&list, err))
		return -1;
	for (size_t i = 0; i < list.n; i++)
		if (strcmp(list.v[i].digest, statement->digest) == 0 &&
		    strcmp(list.v[i].by, statement->person) == 0 &&
		    oid_eq(&list.v[i].commit, &statement->subject))
			*ret = true;
	return 0;
}

/* The tree of a commit that is gone: the one in whose list the statement is. */
static int tree_of_gone(const struct verify_entry *entry,
    const struct plan_ref *statement, struct oid *ret, struct err *err)
{
	for (size_t i = 0; i < entry->changed.n; i++) {
		const char *path = entry->changed.v[i].path;
		bool found;

		if (!verify_path_oid(path, "trees/", ret))
			continue;
		if (list_has(entry, path, statement, &found, err))
			return -1;
		if (!found)
			continue;
		verify_unshown(entry,
		    "that commit %s has tree %s: the commit is gone",
		    oid_hex8(&statement->subject).s, oid_hex8(ret).s);
		return 0;
	}
	return err_set(err, ERR_FORMAT,
	    "statement %.8s about %s is in the list of no tree",
	    statement->digest, oid_hex8(&statement->subject).s);
}

static int tree_of(void *ctx, const struct plan_ref *statement, struct oid *ret,
    struct err *err)
{
	const struct making *making = ctx;
	const struct verify_entry *entry = making->entry;
	enum object_kind kind;
	uint64_t size;

	if (object_header(
		entry->run->repo, &statement->subject, &kind, &size, err))
		return -1;
	if (kind == OBJECT_MISSING)
		return tree_of_gone(entry, statement, ret, err);
	return entry_tree_of(
	    entry->arena, entry->run->repo, &statement->subject, ret, err);
}

static int take_certificate(struct verify_entry *entry, struct append *append,
    struct making *making, struct err *err)
{
	const char *digest = entry->record.certificate, *bytes;
	struct signed_text text;
	size_t len;

	if (!digest)
		return 0;
	if (strlen(digest) != OID_HEX) {
		verify_find(
		    entry, "it names a push certificate by '%s'", digest);
		return 0;
	}
	if (treestore_read(ledger_tree(entry->after), entry->arena,
		ledger_path(entry->arena, "certificates/", digest), &bytes,
		&len, NULL, err))
		return -1;
	if (!bytes) {
		verify_find(
		    entry, "its push certificate %.8s is missing", digest);
		return 0;
	}
	if (strcmp(sha256_hex40(entry->arena, bytes, len), digest) != 0)
		verify_find(
		    entry, "its push certificate %.8s was altered", digest);
	text = signed_tag(bytes, len, 0);
	append->cert_key = signed_text_key(
	    entry->arena, &text, entry->record.pusher);
	making->certificate = bytes;
	making->certificate_len = len;
	return object_hash(OBJECT_BLOB, bytes, len, &append->cert, err);
}

/* The first entry's meta/, which every later one leaves alone. */
static int take_repository(
    struct verify_entry *entry, const char **ret, struct err *err)
{
	if (ledger_repository_id(entry->after, entry->arena, ret, err))
		return -1;
	if (*ret && str_is_hex(*ret, REPOSITORY_ID_HEX))
		return 0;
	verify_find(entry, "meta/repository holds no repository id");
	*ret = "";
	return 0;
}

/* ---- comparing ---------------------------------------------------------- */

static struct changed_file *change_at(
    struct verify_entry *entry, const char *path)
{
	for (size_t i = 0; i < entry->changed.n; i++)
		if (strcmp(entry->changed.v[i].path, path) == 0)
			return &entry->changed.v[i];
	return NULL;
}

/* A file that should not be there. */
static int find_excess(const struct verify_entry *entry, const char *path,
    const char *what, struct err *err)
{
	const char *before;
	size_t len;

	if (treestore_read(ledger_tree(entry->before), entry->arena, path,
		&before, &len, NULL, err))
		return -1;
	if (before)
		verify_find(entry, "%s is still there", what);
	else
		verify_find(
		    entry, "%s was added, and nothing explains it", what);
	return 0;
}

/* want NULL: there should be none. */
static int compare_file(struct verify_entry *entry, const char *path,
    const char *want, size_t want_len, struct err *err)
{
	struct arena *arena = entry->arena;
	struct changed_file *change = change_at(entry, path);
	const char *have, *what;
	size_t len = 0;

	if (change)
		change->done = true;
	if (change && !change->is_file) {
		verify_find(entry, "'%s' is no plain file", path);
		return 0;
	}
	if (treestore_read(
		ledger_tree(entry->after), arena, path, &have, &len, NULL, err))
		return -1;
	what = verify_file_text(
	    arena, path, want ? want : have, want ? want_len : len);
	if (!have && want)
		verify_find(entry, "%s is missing", what);
	else if (have && !want)
		return find_excess(entry, path, what, err);
	else if (have && (len != want_len || memcmp(have, want, len) != 0))
		verify_find(entry, "%s was altered: it %s", what,
		    verify_difference(arena, have, want));
	return 0;
}

/* Nothing but what the entry writes may differ from the ledger before. */
static int compare_rest(struct verify_entry *entry, struct err *err)
{
	for (size_t i = 0; i < entry->changed.n; i++) {
		struct changed_file *change = &entry->changed.v[i];
		const char *before;
		size_t len;

		if (change->done)
			continue;
		if (treestore_read(ledger_tree(entry->before), entry->arena,
			change->path, &before, &len, NULL, err))
			return -1;
		if (compare_file(entry, change->path, before, len, err))
			return -1;
	}
	return 0;
}

static int compare_message(
    const struct verify_entry *entry, const struct entry *made, struct err *err)
{
	const char *want, *have = entry->commit.message;

	if (entry_message(made, &want, err))
		return -1;
	if (strcmp(have, want) != 0)
		verify_find(entry, "its message was altered: it %s",
		    verify_difference(entry->arena, have, want));
	return 0;
}

static int make_entry(struct verify_entry *entry, const struct append *append,
    struct entry *ret, struct err *err)
{
	for (size_t i = 0; i < append->n; i++)
		if (entry_add(ret, &append->updates[i], err) &&
		    verify_unread(entry, err))
			return -1;
	for (size_t i = 0; i < append->closes.n; i++)
		if (entry_close(ret, append->closes.v[i], err) &&
		    verify_unread(entry, err))
			return -1;
	for (size_t i = 0; i < append->expired.n; i++)
		if (entry_expire(ret, &append->expired.v[i], err))
			return -1;
	return entry_end(ret, err);
}

static int compare(struct verify_entry *entry, struct append *append,
    struct making *making, struct err *err)
{
	struct entry_source from = { handed_in, tree_of, NULL, making };
	struct entry made;

	entry_begin(&made, entry->arena, entry->run->repo, entry->before,
	    append, entry->record.at);
	made.source = &from;
	if (take_certificate(entry, append, making, err) ||
	    take_repository(entry, &from.repository, err) ||
	    make_entry(entry, append, &made, err))
		return -1;
	for (size_t i = 0; i < made.files.n; i++)
		if (compare_file(entry, made.files.v[i].path,
			made.files.v[i].bytes, made.files.v[i].len, err))
			return -1;
	if (entry_size(&made) > 0)
		return compare_message(entry, &made, err);
	verify_find(entry, "it records nothing");
	return 0;
}

int verify_tree(struct verify_entry *entry, struct err *err)
{
	struct making making = { .entry = entry };
	struct append append;

	if (find_changes(entry, err) || verify_updates(entry, &append, err))
		return -1;
	making.append = &append;
	/* Where the entry can't be made at all, everything would differ. */
	if (compare(entry, &append, &making, err))
		return verify_unread(entry, err);
	return compare_rest(entry, err);
}
