#include "record/verifywork.h"

#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "base/text.h"
#include "git/objects.h"
#include "git/treestore.h"
#include "judge/statement.h"
#include "record/words.h"

/*
 * The updates that an entry records, made anew from its trailers.  Six things
 * that these do not say are taken from its files:
 *
 *	gates of a passage	from the new passage itself
 *	candidate		from the ref's record
 *	squashes of a push	from the candidates' notes, where the squash
 *				commit bears it out
 *	a statement's tag	from evidence/, where its digest bears it out
 *	changes it is found by	from patches/ (verify_patches.c)
 *	why an incident is	from its file (verify_incidents.c)
 *	opened
 */
#define STEPS_MAX 10000u /* of a push, looked for squashes */

/* ---- notes of this entry ---------------------------------------------- */

/* A commit's note, before and after. */
struct both_notes {
	struct note before, after;
};

/* Each is read once: a thousand refs may have come to the same commit. */
static int read_notes(const struct verify_entry *entry,
    const struct oid *commit, const struct both_notes **ret, struct err *err)
{
	struct both_notes *both = oidmap_get(entry->notes, commit);

	if (!both) {
		both = ARENA_NEW(entry->arena, struct both_notes);
		if (ledger_note(entry->before, entry->arena, commit,
			&both->before, err) ||
		    ledger_note(
			entry->after, entry->arena, commit, &both->after, err))
			return -1;
		oidmap_put(entry->notes, commit, both);
	}
	*ret = both;
	return 0;
}

/* The states of gates that the new passage shows. */
static int take_gates(
    const struct verify_entry *entry, struct plan_ref *ref, struct err *err)
{
	const struct note_passage *passage = NULL;
	const struct both_notes *notes;

	if (read_notes(entry, &ref->new, &notes, err))
		return -1;
	for (size_t i = notes->before.npassages; i < notes->after.npassages;
	     i++)
		if (strcmp(notes->after.passages[i].ref, ref->ref) == 0)
			passage = &notes->after.passages[i];
	if (!passage)
		return 0; /* that it lacks one will be seen */
	ref->gates = arena_array(
	    entry->arena, passage->gates.n, sizeof(*ref->gates));
	for (size_t i = 0; i < passage->gates.n; i++) {
		struct plan_gate *gate = &ref->gates[ref->ngates++];

		gate->name = passage->gates.v[i];
		if (!gate_state_parse(passage->gate_states.v[i], &gate->state))
			return err_set(err, ERR_FORMAT,
			    "the note of commit %s: gate %s is '%s'",
			    oid_hex8(&ref->new).s, gate->name,
			    passage->gate_states.v[i]);
	}
	return 0;
}

static int take_candidate(
    const struct verify_entry *entry, struct plan_ref *ref, struct err *err)
{
	struct ref_record *record;

	if (ledger_ref(entry->after, entry->arena, ref->ref, &record, err))
		return -1;
	if (record)
		ref->candidate = record->candidate;
	return 0;
}

/* ---- squashes ---------------------------------------------------------- */

struct steps_of {
	struct oids v;
	bool gone; /* not all of them are there */
};

/* What a push may have put on a ref, newest first: the first parents. */
static int find_steps(const struct verify_entry *entry,
    const struct plan_ref *ref, struct steps_of *ret, struct err *err)
{
	struct oid next = ref->new;

	while (!oid_is_zero(&next) && !oid_eq(&next, &ref->old) &&
	    ret->v.n < STEPS_MAX) {
		enum object_kind kind;
		struct commit commit;
		uint64_t size;

		if (object_header(entry->run->repo, &next, &kind, &size, err))
			return -1;
		ret->gone = kind != OBJECT_COMMIT;
		ARRAY_PUSH(entry->arena, &ret->v, next);
		/* An old commit need not be canonical; none is a squash. */
		if (ret->gone ||
		    log_commit(
			entry->arena, entry->run->repo, &next, &commit, err))
			return 0;
		next = commit.parents.n ? commit.parents.v[0]
					: (struct oid){ { 0 } };
	}
	return 0;
}

/* Does the squash commit name that candidate? */
static bool promotes(const struct verify_entry *entry, const struct oid *squash,
    const struct oid *candidate)
{
	struct trailers trailers = { NULL, 0, 0 };
	struct commit commit;
	struct err err;

	if (log_commit(entry->arena, entry->run->repo, squash, &commit, &err))
		return false;
	commit_trailers(entry->arena, &commit, &trailers);
	for (size_t i = 0; i < trailers.n; i++)
		if (strcasecmp(trailers.v[i].key, "Promotes") == 0 &&
		    strcmp(trailers.v[i].value, oid_hex(candidate).s) == 0)
			return true;
	return false;
}

struct squashes {
	struct plan_squash *v;
	size_t n, cap;
};

/* The squashes that the new lines of a note tell of, if they are this push's.
 * Those that no update explains stay unexplained. */
static int squashes_of_note(const struct verify_entry *entry,
    const struct oid *candidate, const struct steps_of *steps,
    struct squashes *list, struct err *err)
{
	const struct both_notes *notes;

	if (read_notes(entry, candidate, &notes, err))
		return -1;
	for (size_t i = notes->before.squashes.n; i < notes->after.squashes.n;
	     i++) {
		const struct plan_squash squash = { notes->after.squashes.v[i],
			*candidate };

		if (!oids_have(&steps->v, &squash.commit)) {
			if (!steps->gone)
				continue;
			verify_unshown(entry,
			    "that %s is a squash of %s: commits are gone",
			    oid_hex8(&squash.commit).s, oid_hex8(candidate).s);
		} else if (!promotes(entry, &squash.commit, candidate)) {
			if (!steps->gone)
				continue;
		}
		ARRAY_PUSH(entry->arena, list, squash);
	}
	return 0;
}

static int take_squashes(
    const struct verify_entry *entry, struct plan_ref *ref, struct err *err)
{
	struct steps_of steps = { { NULL, 0, 0 }, false };
	struct squashes list = { NULL, 0, 0 };

	if (entry->squashed.n == 0)
		return 0;
	if (find_steps(entry, ref, &steps, err))
		return -1;
	for (size_t i = 0; i < entry->squashed.n; i++)
		if (squashes_of_note(
			entry, &entry->squashed.v[i], &steps, &list, err))
			return -1;
	ref->squashes = list.v;
	ref->nsquashes = list.n;
	return 0;
}

/* The candidates whose notes tell of new squashes. */
static int find_squashed(struct verify_entry *entry, struct err *err)
{
	for (size_t i = 0; i < entry->changed.n; i++) {
		const struct both_notes *notes;
		struct oid commit;

		if (!verify_path_oid(entry->changed.v[i].path, "", &commit))
			continue;
		if (read_notes(entry, &commit, &notes, err))
			return -1;
		if (notes->after.squashes.n > notes->before.squashes.n)
			ARRAY_PUSH(entry->arena, &entry->squashed, commit);
	}
	return 0;
}

/* ---- updates ----------------------------------------------------------- */

static int make_update(struct verify_entry *entry,
    const struct log_update *from, struct append_update *ret, struct err *err)
{
	struct plan_ref *ref = ARENA_NEW(entry->arena, struct plan_ref);

	ref->ref = from->ref;
	ref->old = from->old;
	ref->new = from->new;
	ref->stage = log_word(entry->arena, from->stage);
	ret->ref = ref;
	if (!transition_parse(from->kind, &ref->kind) ||
	    !passage_state_parse(from->state, &ret->state))
		return err_set(err, ERR_FORMAT,
		    "its trailer for %s says '%s %s'", from->ref, from->kind,
		    from->state);
	if (!update_enters(ret))
		return 0;
	if (take_candidate(entry, ref, err) || verify_opening(entry, ref, err))
		return -1;
	if (oid_is_zero(&ref->new))
		return 0;
	return take_gates(entry, ref, err) || take_squashes(entry, ref, err)
	    ? -1
	    : 0;
}

/* ---- statements -------------------------------------------------------- */

/* The tag itself must say what the trailer does. */
static int check_statement(const struct verify_entry *entry,
    const struct plan_ref *ref, const char *bytes, size_t len,
    struct statement *ret, struct err *err)
{
	const char *why = "";

	if (statement_parse(entry->arena, bytes, len, ret, &why) != CODE_COUNT)
		return err_set(err, ERR_FORMAT,
		    "statement %.8s about %s can't be read: %s", ref->digest,
		    oid_hex8(&ref->subject).s, why);
	if (!oid_eq(&ret->commit, &ref->subject) ||
	    strcmp(ret->gate, ref->gate) != 0 || ret->result != ref->result)
		return err_set(err, ERR_FORMAT,
		    "statement %.8s says %s of %s for %s, its trailer %s of %s "
		    "for %s",
		    ref->digest, evidence_result_text(ret->result), ret->gate,
		    oid_hex8(&ret->commit).s, evidence_result_text(ref->result),
		    ref->gate, oid_hex8(&ref->subject).s);
	return 0;
}

static int take_tag(
    const struct verify_entry *entry, struct plan_ref *ref, struct err *err)
{
	struct statement statement;
	const char *bytes;
	size_t len;

	if (treestore_read(ledger_tree(entry->after), entry->arena,
		ledger_evidence_path(
		    entry->arena, &ref->subject, ref->gate, ref->digest),
		&bytes, &len, NULL, err))
		return -1;
	if (!bytes)
		return err_set(err, ERR_FORMAT,
		    "statement %.8s of %s about %s is missing", ref->digest,
		    ref->gate, oid_hex8(&ref->subject).s);
	if (strcmp(sha256_hex40(entry->arena, bytes, len), ref->digest) != 0)
		return err_set(err, ERR_FORMAT,
		    "statement %.8s of %s about %s was altered", ref->digest,
		    ref->gate, oid_hex8(&ref->subject).s);
	if (check_statement(entry, ref, bytes, len, &statement, err))
		return -1;
	ref->replay_key = statement_replay_key(
	    entry->arena, bytes, &statement, ref->person);
	return object_hash(OBJECT_TAG, bytes, len, &ref->tag, err);
}

static int make_statement(struct verify_entry *entry,
    const struct log_evidence *from, struct append_update *ret, struct err *err)
{
	struct plan_ref *ref = ARENA_NEW(entry->arena, struct plan_ref);

	ref->is_evidence = true;
	ref->ref = "";
	ref->stage = "-";
	ref->kind = TRANSITION_OTHER;
	ref->gate = log_word(entry->arena, from->gate);
	ref->person = log_word(entry->arena, from->person);
	ref->subject = from->commit;
	ref->digest = from->digest;
	*ret = (struct append_update){ ref, PASSAGE_ACCEPTED };
	if (strlen(from->digest) != OID_HEX ||
	    !evidence_result_parse(from->result, &ref->result))
		return err_set(err, ERR_FORMAT,
		    "its trailer for a statement about %s says '%s %s'",
		    oid_hex8(&from->commit).s, from->digest, from->result);
	if (verify_patches(entry, ref, err))
		return -1;
	return take_tag(entry, ref, err);
}

/* ---- all of it --------------------------------------------------------- */

static int set_policy(
    struct verify_entry *entry, struct append *append, struct err *err)
{
	const struct log_record *record = &entry->record;
	struct treestore *tree = ledger_tree(entry->after);
	struct plan_policy *includes = arena_array(
	    entry->arena, record->includes.n, sizeof(*includes));

	append->policy_digest = record->policy_digest;
	append->flow = record->flow;
	append->version = record->version;
	append->includes = includes;
	append->nincludes = record->includes.n;
	if (record->policy_digest &&
	    treestore_read(tree, entry->arena,
		arena_printf(
		    entry->arena, POLICY_TEXTS "/%s", record->policy_digest),
		&append->policy_text, &append->policy_text_len, NULL, err))
		return -1;
	for (size_t i = 0; i < record->includes.n; i++) {
		const struct log_include *from = &record->includes.v[i];

		includes[i].is_base = from->is_base;
		includes[i].name = log_word(entry->arena, from->name);
		includes[i].digest = from->digest;
		if (treestore_read(tree, entry->arena,
			log_include_path(entry->arena, from), &includes[i].text,
			&includes[i].len, NULL, err))
			return -1;
	}
	return 0;
}

int verify_updates(
    struct verify_entry *entry, struct append *ret, struct err *err)
{
	const struct log_record *record = &entry->record;

	entry->notes = ARENA_NEW(entry->arena, struct oidmap);
	oidmap_init(entry->notes, entry->arena);
	*ret = (struct append){ .pusher = record->pusher,
		.push = record->push,
		.updates = arena_array(entry->arena,
		    record->updates.n + record->evidence.n,
		    sizeof(struct append_update)) };
	if (find_squashed(entry, err) && verify_unread(entry, err))
		return -1;
	for (size_t i = 0; i < record->updates.n; i++) {
		struct append_update *update = &ret->updates[ret->n];

		if (make_update(entry, &record->updates.v[i], update, err) == 0)
			ret->n++;
		else if (verify_unread(entry, err))
			return -1;
	}
	for (size_t i = 0; i < record->evidence.n; i++) {
		struct append_update *update = &ret->updates[ret->n];

		if (make_statement(
			entry, &record->evidence.v[i], update, err) == 0)
			ret->n++;
		else if (verify_unread(entry, err))
			return -1;
	}
	verify_closings(entry, ret);
	return set_policy(entry, ret, err);
}
