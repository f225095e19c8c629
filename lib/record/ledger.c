#include "record/ledger.h"

#include <string.h>

#include "base/digest.h"
#include "base/oidmap.h"
#include "git/objects.h"
#include "git/refs.h"
#include "git/treestore.h"
#include "record/entryfile.h"
#include "record/ledgerwork.h"

/* What the commit at its tip says. */
static int read_tip(struct ledger *ledger, const struct oid *tip,
    struct oid *ret_tree, struct err *err)
{
	struct commit commit;
	const char *bytes, *complaint;
	size_t len;

	if (object_read(ledger->repo, ledger->arena, tip, OBJECT_COMMIT,
		COMMIT_BYTES_MAX, &bytes, &len, err))
		return err_prefix(err, "the ledger, '" LEDGER_REF "'");
	complaint = commit_parse(ledger->arena, bytes, len, &commit);
	if (complaint)
		return err_set(err, ERR_FORMAT,
		    "the ledger, '" LEDGER_REF "', is damaged: commit %s: %s",
		    oid_hex8(tip).s, complaint);
	ledger->tip = *tip;
	ledger->time = commit.committer.time;
	*ret_tree = commit.tree;
	return 0;
}

/* A ref of that name which somebody else made is no ledger: taking it for an
 * empty one would be "nothing recorded". */
static int check_format(struct ledger *ledger, struct err *err)
{
	const char *bytes;
	size_t len;

	if (treestore_read(ledger->store, ledger->arena, "meta/format", &bytes,
		&len, NULL, err))
		return -1;
	if (!bytes)
		return err_set(err, ERR_FORMAT,
		    "'" LEDGER_REF "' is no ledger: it lacks meta/format");
	if (strcmp(bytes, LEDGER_FORMAT "\n") != 0)
		return err_set(err, ERR_FORMAT,
		    "the ledger, '" LEDGER_REF "', was written by a later "
		    "version of stagegate");
	return 0;
}

int ledger_open_at(struct arena *arena, struct repo *repo,
    const struct oid *commit, struct ledger **ret, struct err *err)
{
	struct ledger *ledger = ARENA_NEW(arena, struct ledger);
	struct oid tree = { 0 };

	ledger->arena = arena;
	ledger->repo = repo;
	oidmap_init(&ledger->refs, arena);
	oidmap_init(&ledger->blobs, arena);
	if (!oid_is_zero(commit) && read_tip(ledger, commit, &tree, err))
		return -1;
	ledger->store = treestore_open(arena, repo, &tree);
	*ret = ledger;
	return 0;
}

int ledger_open(struct arena *arena, struct repo *repo, struct ledger **ret,
    struct err *err)
{
	const struct oid none = { { 0 } };
	struct view_ref ref;

	if (ref_read(repo, arena, LEDGER_REF, &ref, err))
		return -1;
	if (ref.symbolic)
		return err_set(err, ERR_FORMAT,
		    "the ledger, '" LEDGER_REF "', is a symbolic ref");
	if (ledger_open_at(
		arena, repo, ref.exists ? &ref.oid : &none, ret, err))
		return -1;
	return ref.exists ? check_format(*ret, err) : 0;
}

const struct oid *ledger_tip(const struct ledger *ledger)
{
	return &ledger->tip;
}

int64_t ledger_time(const struct ledger *ledger)
{
	return ledger->time;
}

struct treestore *ledger_tree(const struct ledger *ledger)
{
	return ledger->store;
}

/* ---- paths ----------------------------------------------------------- */

const char *ledger_path(
    struct arena *arena, const char *folder, const char *hex)
{
	return arena_printf(
	    arena, "%s%.2s/%.2s/%s", folder, hex, hex + 2, hex + 4);
}

const char *ledger_note_path(struct arena *arena, const struct oid *commit)
{
	return ledger_path(arena, "", oid_hex(commit).s);
}

const char *ledger_ref_path(struct arena *arena, const char *ref)
{
	return ledger_path(
	    arena, "refs/", sha256_hex40(arena, ref, strlen(ref)));
}

const char *ledger_evidence_path(struct arena *arena, const struct oid *commit,
    const char *gate, const char *digest)
{
	return arena_printf(arena, "%s/%s/%s",
	    ledger_path(arena, "evidence/", oid_hex(commit).s), gate, digest);
}

/* ---- records of refs ------------------------------------------------- */

static int parse_record(struct ledger *ledger, const struct oid *blob,
    const char *bytes, size_t len, struct ref_record **ret, struct err *err)
{
	struct ref_record *record = ARENA_NEW(ledger->arena, struct ref_record);
	const char *what = arena_printf(
	    ledger->arena, "record %s of the ledger", oid_hex8(blob).s);

	if (ref_record_parse(ledger->arena, what, bytes, len, record, err))
		return -1;
	record->blob = *blob;
	oidmap_put(&ledger->blobs, blob, record);
	*ret = record;
	return 0;
}

/* Records are kept for the run, in the ledger's own arena: the few refs that
 * many commits were tips of are asked for again and again. */
static int read_record(struct ledger *ledger, const char *ref,
    const struct oid *key, struct ref_record **ret, struct err *err)
{
	const char *bytes;
	struct oid blob;
	size_t len;

	if (treestore_read(ledger->store, ledger->arena,
		ledger_ref_path(ledger->arena, ref), &bytes, &len, &blob, err))
		return -1;
	*ret = NULL;
	if (bytes && parse_record(ledger, &blob, bytes, len, ret, err))
		return -1;
	if (*ret && strcmp((*ret)->ref, ref) != 0)
		return err_set(err, ERR_FORMAT,
		    "record %s of the ledger is about another ref",
		    oid_hex8(&blob).s);
	oidmap_put(&ledger->refs, key, *ret);
	return 0;
}

int ledger_ref(struct ledger *ledger, struct arena *arena, const char *ref,
    struct ref_record **ret, struct err *err)
{
	const char *hex = sha256_hex40(arena, ref, strlen(ref));
	struct oid key = { 0 };

	if (!oid_parse(hex, &key))
		return err_set(err, ERR_INTERNAL, "a digest is no digest");
	if (!oidmap_has(&ledger->refs, &key))
		return read_record(ledger, ref, &key, ret, err);
	*ret = oidmap_get(&ledger->refs, &key);
	return 0;
}

int ledger_ref_blob(struct ledger *ledger, struct arena *arena,
    const struct oid *blob, struct ref_record **ret, struct err *err)
{
	const char *bytes;
	size_t len;

	*ret = oidmap_get(&ledger->blobs, blob);
	if (*ret)
		return 0;
	if (object_read(ledger->repo, arena, blob, OBJECT_BLOB,
		RECORD_BYTES_MAX, &bytes, &len, err))
		return err_prefix(err, "the ledger");
	return parse_record(ledger, blob, bytes, len, ret, err);
}

/* ---- notes ----------------------------------------------------------- */

int ledger_note(struct ledger *ledger, struct arena *arena,
    const struct oid *commit, struct note *ret, struct err *err)
{
	const char *bytes;
	size_t len;

	memset(ret, 0, sizeof(*ret));
	if (treestore_read(ledger->store, arena,
		ledger_note_path(arena, commit), &bytes, &len, NULL, err))
		return -1;
	if (!bytes)
		return 0;
	return note_parse(arena,
	    arena_printf(arena, "the ledger's note of %s", oid_hex8(commit).s),
	    bytes, len, ret, err);
}

int ledger_seen(
    struct ledger *ledger, const char *replay_key, bool *ret, struct err *err)
{
	struct arena scratch;
	const char *bytes;
	size_t len;
	int status;

	if (strlen(replay_key) != OID_HEX)
		return err_set(
		    err, ERR_INTERNAL, "'%s' is no replay key", replay_key);
	arena_init(&scratch, ARENA_SCRATCH_MAX);
	status = treestore_read(ledger->store, &scratch,
	    ledger_path(&scratch, "seen/", replay_key), &bytes, &len, NULL,
	    err);
	*ret = status == 0 && bytes;
	arena_release(&scratch);
	return status;
}

int ledger_repository_id(struct ledger *ledger, struct arena *arena,
    const char **ret, struct err *err)
{
	const char *bytes;
	size_t len;

	if (treestore_read(ledger->store, arena, "meta/repository", &bytes,
		&len, NULL, err))
		return -1;
	*ret = bytes ? arena_strndup(arena, bytes, strcspn(bytes, "\n")) : NULL;
	return 0;
}
