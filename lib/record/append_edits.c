#include "record/appendwork.h"

#include <string.h>

#include "base/digest.h"
#include "base/text.h"
#include "git/objects.h"
#include "record/repoid.h"
#include "record/words.h"

void entry_begin(struct entry *entry, struct arena *arena, struct repo *repo,
    struct ledger *ledger, const struct append *append, int64_t now)
{
	memset(entry, 0, sizeof(*entry));
	entry->arena = arena;
	entry->repo = repo;
	entry->ledger = ledger;
	entry->append = append;
	entry->at = ledger_time(ledger) > now ? ledger_time(ledger) : now;
	oidmap_init(&entry->by_path, arena);
}

/* ---- files ----------------------------------------------------------- */

/* A note, or the list of a tree, begun with what the ledger has there.  NULL
 * with err. */
static struct note_text *edit_of(
    struct entry *entry, const char *path, const char *empty, struct err *err)
{
	struct note_edit *edit;
	struct oid key = { { 0 } };
	const char *bytes;
	size_t len;

	if (!oid_parse(sha256_hex40(entry->arena, path, strlen(path)), &key)) {
		err_set(err, ERR_INTERNAL, "a digest is no digest");
		return NULL;
	}
	edit = oidmap_get(&entry->by_path, &key);
	if (edit)
		return &edit->text;
	if (treestore_read(ledger_tree(entry->ledger), entry->arena, path,
		&bytes, &len, NULL, err))
		return NULL;
	edit = ARENA_NEW(entry->arena, struct note_edit);
	edit->path = path;
	note_begin(&edit->text, entry->arena, bytes ? bytes : empty,
	    bytes ? len : strlen(empty));
	oidmap_put(&entry->by_path, &key, edit);
	ARRAY_PUSH(entry->arena, &entry->notes, edit);
	return &edit->text;
}

struct note_text *entry_note(
    struct entry *entry, const struct oid *commit, struct err *err)
{
	return edit_of(
	    entry, ledger_note_path(entry->arena, commit), NOTE_EMPTY, err);
}

void entry_put(
    struct entry *entry, const char *path, const char *bytes, size_t len)
{
	ARRAY_PUSH(entry->arena, &entry->files,
	    (struct treestore_edit){ path, bytes, len });
}

/* ---- refs of stages -------------------------------------------------- */

bool update_enters(const struct append_update *update)
{
	const struct plan_ref *ref = update->ref;

	if (ref->is_evidence || strcmp(ref->stage, "-") == 0)
		return false;
	return ref->kind != TRANSITION_OTHER ||
	    update->state == PASSAGE_UNOBSERVED ||
	    update->state == PASSAGE_ADOPTED;
}

static int add_ref_record(struct entry *entry,
    const struct append_update *update, uint64_t *ret_number, struct err *err)
{
	const struct plan_ref *ref = update->ref;
	struct ref_record *last,
	    record = { .ref = ref->ref,
		    .stage = ref->stage,
		    .by = entry->append->pusher,
		    .tip = ref->new,
		    .at = entry->at,
		    .number = 1,
		    .kind = ref->kind,
		    .state = update->state };
	const char *bytes;
	size_t len;

	if (!oid_eq(&ref->candidate, &ref->new))
		record.candidate = ref->candidate;
	if (ledger_ref(entry->ledger, entry->arena, ref->ref, &last, err))
		return -1;
	if (last) {
		record.number = last->number + 1;
		record.previous = last->blob;
		record.back = transition_takes_back(last->kind) ? last->blob
								: last->back;
	}
	if (ref_record_format(entry->arena, &record, &bytes, &len, err))
		return -1;
	entry_put(entry, ledger_ref_path(entry->arena, ref->ref), bytes, len);
	*ret_number = record.number;
	return 0;
}

static int add_passage(struct entry *entry, const struct append_update *update,
    uint64_t number, struct err *err)
{
	const struct plan_ref *ref = update->ref;
	struct note_passage passage = { .stage = ref->stage,
		.ref = ref->ref,
		.by = entry->append->pusher,
		.at = entry->at,
		.number = number,
		.state = update->state };
	struct note_text *note;

	if (oid_is_zero(&ref->new))
		return 0;
	note = entry_note(entry, &ref->new, err);
	if (!note)
		return -1;
	note_add_passage(note, &passage, ref->gates, ref->ngates);
	return 0;
}

static int add_squash(struct entry *entry, const struct oid *commit,
    const struct oid *candidate, struct err *err)
{
	struct note_text *note = entry_note(entry, candidate, err);

	if (!note)
		return -1;
	note_add_squash(note, commit);
	return 0;
}

static int add_squashes(
    struct entry *entry, const struct plan_ref *ref, struct err *err)
{
	for (size_t i = 0; i < ref->nsquashes; i++)
		if (add_squash(entry, &ref->squashes[i].commit,
			&ref->squashes[i].candidate, err))
			return -1;
	if (ref->nsquashes == 0 && ref->kind == TRANSITION_SQUASH &&
	    !oid_is_zero(&ref->candidate))
		return add_squash(entry, &ref->new, &ref->candidate, err);
	return 0;
}

/* ---- statements ------------------------------------------------------ */

/* The bytes of a tag or a certificate; *ret_bytes NULL: it is gone. */
static int read_handed_in(struct entry *entry, const struct oid *oid,
    enum object_kind want, const char **ret_bytes, size_t *ret_len,
    struct err *err)
{
	enum object_kind kind;
	uint64_t size;

	if (entry->source)
		return entry->source->handed_in(
		    entry->source->ctx, oid, ret_bytes, ret_len, err);
	*ret_bytes = NULL;
	if (object_header(entry->repo, oid, &kind, &size, err))
		return -1;
	if (kind == OBJECT_MISSING)
		return 0;
	return object_read(entry->repo, entry->arena, oid, want, TAG_BYTES_MAX,
	    ret_bytes, ret_len, err);
}

static void add_seen(
    struct entry *entry, const char *replay_key, const char *digest)
{
	const char *line = arena_printf(entry->arena, "%s\n", digest);

	entry_put(entry, ledger_path(entry->arena, "seen/", replay_key), line,
	    strlen(line));
}

/* Adds it to the list of a tree or of a change; hex: 40 digits. */
static int add_to_list(struct entry *entry, const char *folder, const char *hex,
    const struct plan_ref *ref, struct err *err)
{
	const struct tree_statement statement = { ref->gate, ref->digest,
		ref->person, ref->subject };
	struct note_text *list = edit_of(
	    entry, ledger_path(entry->arena, folder, hex), TREE_EMPTY, err);

	if (!list)
		return -1;
	tree_add_statement(list, &statement);
	return 0;
}

int entry_tree_of(struct arena *arena, struct repo *repo,
    const struct oid *commit, struct oid *ret, struct err *err)
{
	const char *bytes;
	size_t len;

	if (object_read(repo, arena, commit, OBJECT_COMMIT, COMMIT_BYTES_MAX,
		&bytes, &len, err))
		return -1;
	if (strncmp(bytes, "tree ", 5) != 0 || !oid_parse(bytes + 5, ret))
		return err_set(err, ERR_FORMAT, "commit %s names no tree",
		    oid_hex8(commit).s);
	return 0;
}

/* For gates with `binds: tree`, now or later. */
static int add_to_tree(
    struct entry *entry, const struct plan_ref *ref, struct err *err)
{
	const struct entry_source *source = entry->source;
	struct oid tree;

	if (source ? source->tree_of(source->ctx, ref, &tree, err)
		   : entry_tree_of(
			 entry->arena, entry->repo, &ref->subject, &tree, err))
		return -1;
	return add_to_list(entry, "trees/", oid_hex(&tree).s, ref, err);
}

/* For gates with `binds: patch` when it was handed in: only then can it be
 * told what the commit changes. */
static int add_to_patches(
    struct entry *entry, const struct plan_ref *ref, struct err *err)
{
	for (size_t i = 0; i < ref->patches.n; i++)
		if (add_to_list(entry, "patches/", ref->patches.v[i], ref, err))
			return -1;
	return 0;
}

static int add_statement(struct entry *entry, const struct plan_ref *ref,
    const char *tag, size_t tag_len, struct err *err)
{
	const struct note_evidence evidence = { .gate = ref->gate,
		.by = ref->person,
		.digest = ref->digest,
		.result = ref->result,
		.at = entry->at };
	struct note_text *note;

	entry_put(entry,
	    ledger_evidence_path(
		entry->arena, &ref->subject, ref->gate, ref->digest),
	    tag, tag_len);
	add_seen(entry, ref->replay_key, ref->digest);
	note = entry_note(entry, &ref->subject, err);
	if (!note)
		return -1;
	note_add_evidence(note, &evidence);
	if (add_to_tree(entry, ref, err))
		return -1;
	return add_to_patches(entry, ref, err);
}

/* *ret_done false: it is recorded already, or can't be. */
static int add_evidence(struct entry *entry, const struct plan_ref *ref,
    bool *ret_done, struct err *err)
{
	const char *tag;
	size_t len = 0;
	bool seen;

	*ret_done = false;
	if (ledger_seen(entry->ledger, ref->replay_key, &seen, err))
		return -1;
	if (seen)
		return 0;
	if (read_handed_in(entry, &ref->tag, OBJECT_TAG, &tag, &len, err))
		return -1;
	if (!tag)
		return 0;
	if (strcmp(sha256_hex40(entry->arena, tag, len), ref->digest) != 0)
		return err_set(err, ERR_INTERNAL,
		    "tag %s is not the statement that was judged",
		    oid_hex8(&ref->tag).s);
	*ret_done = true;
	return add_statement(entry, ref, tag, len, err);
}

/* ---- a signed push --------------------------------------------------- */

/* Once a push, by whichever of its commits comes first. */
static int add_certificate(struct entry *entry, struct err *err)
{
	const struct append *append = entry->append;
	const char *bytes;
	size_t len = 0;
	bool seen;

	if (!append->cert_key)
		return 0;
	if (ledger_seen(entry->ledger, append->cert_key, &seen, err))
		return -1;
	if (seen)
		return 0;
	if (read_handed_in(
		entry, &append->cert, OBJECT_BLOB, &bytes, &len, err))
		return -1;
	if (!bytes)
		return 0;
	entry->certificate = sha256_hex40(entry->arena, bytes, len);
	entry_put(entry,
	    ledger_path(entry->arena, "certificates/", entry->certificate),
	    bytes, len);
	add_seen(entry, append->cert_key, entry->certificate);
	return 0;
}

/* ---- an update ------------------------------------------------------- */

int entry_add(
    struct entry *entry, const struct append_update *update, struct err *err)
{
	const struct plan_ref *ref = update->ref;
	const char *complaint = ref->opening ? opening_complaint(update) : NULL;
	bool done = true;
	uint64_t number;

	if (complaint)
		return err_set(err, ERR_INTERNAL,
		    "the update of '%s', which opens an incident, %s",
		    text_clean_s(entry->arena, ref->ref), complaint);
	if (ref->is_evidence) {
		if (add_evidence(entry, ref, &done, err))
			return -1;
	} else if (update_enters(update)) {
		if (add_ref_record(entry, update, &number, err) ||
		    add_passage(entry, update, number, err) ||
		    add_squashes(entry, ref, err))
			return -1;
	}
	if (done)
		ARRAY_PUSH(entry->arena, &entry->done, update);
	return 0;
}

int entry_expire(
    struct entry *entry, const struct expired_tip *tip, struct err *err)
{
	if (!ref_name_fits(tip->ref) || oid_is_zero(&tip->oid))
		return err_set(err, ERR_FORMAT,
		    "a tip kept for ref '%s' can't be recorded",
		    text_clean_s(entry->arena, tip->ref));
	ARRAY_PUSH(entry->arena, &entry->expired, *tip);
	return 0;
}

size_t entry_size(const struct entry *entry)
{
	return entry->done.n + entry->closed.n + entry->expired.n;
}

/* ---- what every commit sees to --------------------------------------- */

struct texts { /* that are there already */
	const char *folder;
	struct strings names;
};

static int find_texts(
    struct entry *entry, const char *folder, struct texts *ret, struct err *err)
{
	ret->folder = folder;
	return treestore_list(
	    ledger_tree(entry->ledger), entry->arena, folder, &ret->names, err);
}

static void add_text(struct entry *entry, const struct texts *texts,
    const char *text, size_t len)
{
	const char *name = sha256_hex40(entry->arena, text, len);

	if (!strings_have(&texts->names, name))
		entry_put(entry,
		    arena_printf(entry->arena, "%s/%s", texts->folder, name),
		    text, len);
}

static int add_policy(struct entry *entry, struct err *err)
{
	const struct append *append = entry->append;
	struct texts texts, bases;

	if (find_texts(entry, POLICY_TEXTS, &texts, err) ||
	    find_texts(entry, POLICY_BASES, &bases, err))
		return -1;
	if (append->policy_text)
		add_text(entry, &texts, append->policy_text,
		    append->policy_text_len);
	for (size_t i = 0; i < append->nincludes; i++) {
		const struct plan_policy *file = &append->includes[i];

		if (file->text)
			add_text(entry, file->is_base ? &bases : &texts,
			    file->text, file->len);
	}
	return 0;
}

static int add_meta(struct entry *entry, struct err *err)
{
	static const char format[] = LEDGER_FORMAT "\n";
	struct treestore *tree = ledger_tree(entry->ledger);
	const char *bytes, *id;
	size_t len;

	if (treestore_read(
		tree, entry->arena, "meta/format", &bytes, &len, NULL, err))
		return -1;
	if (bytes)
		return 0;
	if (entry->source)
		id = entry->source->repository;
	else if (repository_id(entry->arena, entry->repo, &id, err))
		return -1;
	entry_put(entry, "meta/format", format, strlen(format));
	entry_put(entry, "meta/repository",
	    arena_printf(entry->arena, "%s\n", id), strlen(id) + 1);
	return 0;
}

static int add_notes(struct entry *entry, struct err *err)
{
	for (size_t i = 0; i < entry->notes.n; i++) {
		struct note_edit *edit = entry->notes.v[i];
		const char *bytes;
		size_t len;

		if (note_end(&edit->text, &bytes, &len, err))
			return -1;
		entry_put(entry, edit->path, bytes, len);
	}
	return 0;
}

int entry_end(struct entry *entry, struct err *err)
{
	if (add_meta(entry, err) || add_policy(entry, err) ||
	    add_certificate(entry, err) || entry_incidents(entry, err))
		return -1;
	return add_notes(entry, err);
}
