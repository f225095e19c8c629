#include "record/log.h"

#include <string.h>

#include "git/objects.h"
#include "git/treestore.h"

int log_named_policy(struct arena *arena, struct repo *repo,
    const struct oid *tip, struct log_record *ret, bool *ret_found,
    struct err *err)
{
	struct log_record record = { .parent = *tip };

	*ret_found = false;
	while (!record.policy_digest) {
		struct oid next = record.parent;

		if (oid_is_zero(&next))
			return 0;
		if (log_read(arena, repo, &next, &record, err) < 0)
			return -1;
	}
	*ret = record;
	*ret_found = true;
	return 0;
}

static int open_store(struct arena *arena, struct repo *repo,
    const struct oid *tip, struct treestore **ret, struct err *err)
{
	const char *bytes, *complaint;
	struct commit commit;
	size_t len;

	if (object_read(repo, arena, tip, OBJECT_COMMIT, COMMIT_BYTES_MAX,
		&bytes, &len, err) < 0)
		return -1;
	complaint = commit_parse(arena, bytes, len, &commit);
	if (complaint)
		return err_set(err, ERR_FORMAT, "ledger commit %s: %s",
		    oid_hex8(tip).s, complaint);
	*ret = treestore_open(arena, repo, &commit.tree);
	return 0;
}

const char *log_include_path(
    struct arena *arena, const struct log_include *include)
{
	return arena_printf(arena, "%s/%s",
	    include->is_base ? POLICY_BASES : POLICY_TEXTS, include->digest);
}

static int read_text(struct arena *arena, struct treestore *store,
    const char *path, struct policy_file *ret, struct err *err)
{
	return treestore_read(
	    store, arena, path, &ret->text, &ret->len, NULL, err);
}

int log_policy_of(struct arena *arena, struct repo *repo,
    const struct log_record *record, struct policy_file *ret,
    struct policy_files *ret_includes, struct err *err)
{
	struct policy_files includes = { NULL, 0, 0 };
	struct treestore *store;

	if (!record->policy_digest) {
		ret->text = NULL;
		return 0;
	}
	if (open_store(arena, repo, &record->id, &store, err) < 0)
		return -1;
	for (size_t i = 0; i < record->includes.n; i++) {
		const struct log_include *include = &record->includes.v[i];
		struct policy_file file = { log_word(arena, include->name),
			NULL, 0 };

		if (read_text(arena, store, log_include_path(arena, include),
			&file, err) < 0)
			return -1;
		if (file.text)
			ARRAY_PUSH(arena, &includes, file);
	}
	if (read_text(arena, store,
		arena_printf(arena, POLICY_TEXTS "/%s", record->policy_digest),
		ret, err) < 0)
		return -1;
	*ret_includes = includes;
	return 0;
}

int log_policy(struct arena *arena, struct repo *repo, const struct oid *tip,
    struct policy_file *ret, struct policy_files *ret_includes, struct err *err)
{
	struct log_record record;
	bool found;

	if (log_named_policy(arena, repo, tip, &record, &found, err) < 0)
		return -1;
	if (!found) {
		ret->text = NULL;
		return 0;
	}
	return log_policy_of(arena, repo, &record, ret, ret_includes, err);
}

int log_policy_texts(struct arena *arena, struct repo *repo,
    const struct oid *tip, bool bases, struct policy_files *ret,
    struct err *err)
{
	const char *folder = bases ? POLICY_BASES : POLICY_TEXTS;
	struct policy_files texts = { NULL, 0, 0 };
	struct strings digests = { NULL, 0, 0 };
	struct treestore *store;

	if (open_store(arena, repo, tip, &store, err) < 0 ||
	    treestore_list(store, arena, folder, &digests, err) < 0)
		return -1;
	for (size_t i = 0; i < digests.n; i++) {
		struct policy_file file = { digests.v[i], NULL, 0 };

		if (read_text(arena, store,
			arena_printf(arena, "%s/%s", folder, file.name), &file,
			err) < 0)
			return -1;
		if (file.text)
			ARRAY_PUSH(arena, &texts, file);
	}
	*ret = texts;
	return 0;
}
