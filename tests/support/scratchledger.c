#include "support/scratchledger.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "git/objects.h"
#include "git/refs.h"
#include "git/treestore.h"
#include "judge/statement.h"
#include "record/log.h"
#include "support/scratchrepo.h"

#define PEOPLE "A <a@example.com> 1700000000 +0000"
#define NO_PID 0x3fffffffu /* beyond the highest process id */

struct repo *box;

static void must(int status, const struct err *err)
{
	ck_assert_msg(status == 0, "%s", err->text);
}

static void put(const char *path, const char *text)
{
	struct err err = { 0 };

	must(file_replace(path, text, strlen(text), 0644, &err), &err);
}

/* A disk that takes its time over fsync makes these tests take minutes. */
#define MEMORY "/dev/shm"
static char memory[] = MEMORY "/stagegate-unit.XXXXXX";
static bool in_memory;

static void set_up(void)
{
	memset(strrchr(memory, '.') + 1, 'X', 6);
	in_memory = access(MEMORY, W_OK) == 0 && mkdtemp(memory);
	if (in_memory)
		ck_assert_int_eq(chdir(memory), 0);
}

static int remove_one(
    const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void tear_down(void)
{
	repo_close(box);
	box = NULL;
	if (!in_memory)
		return;
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(nftw(memory, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

TCase *box_case(Suite *suite, const char *name)
{
	TCase *tcase = unit_case_in_dir(suite, name);

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 120);
	return tcase;
}

void box_reopen(void)
{
	repo_close(box);
	box = scratch_open("r.git");
}

void box_make(void)
{
	static const char *const folders[] = { "r.git", "r.git/objects",
		"r.git/objects/pack", "r.git/objects/info", "r.git/refs",
		"r.git/refs/heads", "r.git/refs/tags" };
	struct err err = { 0 };

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		must(dir_make(folders[i], 0755, &err), &err);
	put("r.git/HEAD", "ref: refs/heads/main\n");
	put("r.git/config",
	    "[core]\n\trepositoryformatversion = 0\n\tbare = true\n");
	box = scratch_open("r.git");
}

static struct oid object(enum object_kind kind, const void *p, size_t len)
{
	struct err err = { 0 };
	struct oid oid;

	must(object_write(box, kind, p, len, &oid, &err), &err);
	return oid;
}

struct oid box_commit(const char *text, const struct oid *parent)
{
	struct oid blob = object(OBJECT_BLOB, text, strlen(text)), tree;
	struct buf buf;

	buf_init(&buf, &unit_arena, 4096);
	buf_adds(&buf, "100644 f");
	buf_addc(&buf, '\0');
	buf_add(&buf, blob.b, OID_SIZE);
	tree = object(OBJECT_TREE, buf.p, buf.len);
	buf_init(&buf, &unit_arena, 4096);
	buf_addf(&buf, "tree %s\n", oid_hex(&tree).s);
	if (parent)
		buf_addf(&buf, "parent %s\n", oid_hex(parent).s);
	buf_addf(&buf, "author " PEOPLE "\ncommitter " PEOPLE "\n\n%s\n", text);
	return object(OBJECT_COMMIT, buf.p, buf.len);
}

struct oid box_ref(const char *ref)
{
	struct view_ref there;
	struct err err = { 0 };

	must(ref_read(box, &unit_arena, ref, &there, &err), &err);
	return there.exists ? there.oid : (struct oid){ { 0 } };
}

void box_set_ref(const char *ref, const struct oid *oid)
{
	struct oid old = box_ref(ref);
	struct err err = { 0 };

	if (oid_is_zero(oid))
		must(ref_remove(box, ref, &old, &err), &err);
	else
		must(ref_update(box, ref, &old, oid, "test", &err), &err);
}

/* ---- plans ----------------------------------------------------------- */

struct plan *box_plan(const char *pusher, int64_t at)
{
	static const char policy[] = "flow: update-flow\nversion: 1.0.0\n";
	struct plan *plan = ARENA_NEW(&unit_arena, struct plan);
	struct err err = { 0 };
	struct ledger *ledger;

	must(ledger_open(&unit_arena, box, &ledger, &err), &err);
	plan->id = random_hex(&unit_arena);
	plan_owner_find(&unit_arena, &plan->owner);
	plan->owner.known = true;
	plan->owner.pid = NO_PID;
	plan->owner.start = 1;
	plan->at = at;
	plan->lease_until = at + 900;
	plan->pusher = pusher;
	plan->flow = "update-flow";
	plan->version = "1.0.0";
	plan->policy_text = policy;
	plan->policy_text_len = strlen(policy);
	plan->policy_digest = sha256_hex40(&unit_arena, policy, strlen(policy));
	plan->ground = "ground";
	plan->ledger = *ledger_tip(ledger);
	plan->refs = arena_array(
	    &unit_arena, BOX_REFS_MAX, sizeof(*plan->refs));
	return plan;
}

struct plan_ref *box_update(struct plan *plan, const char *ref,
    const struct oid *old, const struct oid *new, const char *stage,
    enum transition kind)
{
	struct plan_ref *update = &plan->refs[plan->nrefs++];

	ck_assert(plan->nrefs <= BOX_REFS_MAX);
	update->ref = ref;
	if (old)
		update->old = *old;
	if (new)
		update->new = *new;
	update->stage = stage;
	update->kind = kind;
	return update;
}

struct plan_ref *box_statement(struct plan *plan, const char *person,
    const char *gate, const struct oid *commit, const char *more)
{
	const char *bytes = arena_printf(&unit_arena,
	    "object %s\ntype commit\ntag evidence/%s/%s\ntagger " PEOPLE
	    "\n\nevidence: 1\ngate: %s\nresult: pass\n%s",
	    oid_hex(commit).s, gate, oid_hex(commit).s, gate, more);
	const char *ref = arena_printf(&unit_arena, "refs/evidence/%s/%s/%zu",
	    gate, oid_hex(commit).s, plan->nrefs);
	struct oid tag = object(OBJECT_TAG, bytes, strlen(bytes));
	struct plan_ref *update = box_update(
	    plan, ref, NULL, &tag, "-", TRANSITION_OTHER);
	struct statement statement;
	const char *why;

	ck_assert_int_eq(statement_parse(&unit_arena, bytes, strlen(bytes),
			     &statement, &why),
	    CODE_COUNT);
	update->is_evidence = true;
	update->gate = gate;
	update->person = person;
	update->subject = *commit;
	update->tag = tag;
	update->digest = sha256_hex40(&unit_arena, bytes, strlen(bytes));
	update->result = statement.result;
	update->replay_key = statement_replay_key(
	    &unit_arena, bytes, &statement, person);
	return update;
}

struct incident_opening *box_opening(
    enum incident_kind kind, const char *reason, const char *then)
{
	struct incident_opening *opening = ARENA_NEW(
	    &unit_arena, struct incident_opening);

	opening->kind = kind;
	opening->reason = reason;
	if (then)
		strings_add(&unit_arena, &opening->then, then);
	if (kind == INCIDENT_BYPASS)
		strings_add(&unit_arena, &opening->overridden, "soak");
	return opening;
}

struct plan_ref *box_rollback(struct plan *plan, const char *ref,
    const struct oid *bad, const struct oid *good, const struct oid *revert,
    const char *then)
{
	struct plan_ref *update = box_update(
	    plan, ref, bad, revert, "s", TRANSITION_ROLLBACK);

	update->candidate = *good;
	update->opening = box_opening(
	    INCIDENT_ROLLBACK, "INC-42: \"latency\"", then);
	return update;
}

void box_write_plan(struct plan *plan)
{
	struct err err = { 0 };

	must(plan_write(&unit_arena, box, plan, &err), &err);
}

size_t box_plans(void)
{
	struct plans plans;
	struct err err = { 0 };

	must(plans_read(&unit_arena, box, &plans, &err), &err);
	return plans.n;
}

int64_t box_append(
    const struct plan *plan, enum passage_state state, int64_t now)
{
	struct append append = append_of_plan(&unit_arena, plan);
	struct err err = { 0 };
	int64_t at = 0;

	for (size_t i = 0; i < plan->nrefs; i++)
		append.updates[append.n++] = (struct append_update){
			&plan->refs[i], state
		};
	must(ledger_append(&unit_arena, box, &append, now, &at, &err), &err);
	return at;
}

struct numbers box_close_incidents(const struct numbers *numbers, int64_t now)
{
	const struct plan *plan = box_plan("-", now);
	struct append append = append_of_plan(&unit_arena, plan);
	struct numbers closed = { NULL, 0, 0 };
	struct err err = { 0 };

	append.push = "-";
	append.closes = *numbers;
	append.ret_closed = &closed;
	must(ledger_append(&unit_arena, box, &append, now, NULL, &err), &err);
	return closed;
}

struct numbers box_close_incident(uint64_t number, int64_t now)
{
	return box_close_incidents(&(struct numbers){ &number, 1, 1 }, now);
}

int64_t box_enter(const char *ref, const struct oid *old, const struct oid *new,
    const char *stage, enum transition kind, int64_t now)
{
	struct plan *plan = box_plan("alice", now);

	box_update(plan, ref, old, new, stage, kind);
	box_set_ref(ref, new ? new : &(struct oid){ { 0 } });
	return box_append(plan, PASSAGE_ACCEPTED, now);
}

/* ---- looking --------------------------------------------------------- */

void box_open(struct box_view *ret)
{
	struct err err = { 0 };

	memset(ret, 0, sizeof(*ret));
	ret->git = gitview_new(&unit_arena, box, &ret->view);
	must(ledger_open(&unit_arena, box, &ret->ledger, &err), &err);
	must(
	    ledger_view(ret->ledger, &unit_arena, box, &ret->view, &err), &err);
}

void box_close(struct box_view *view)
{
	gitview_free(view->git);
}

struct view_passages box_passages(const struct oid *commit)
{
	struct view_passages ret = { NULL, 0, 0 };
	struct box_view look;
	struct err err = { 0 };

	box_open(&look);
	must(look.view.passages(
		 look.view.ledger, &unit_arena, commit, &ret, &err),
	    &err);
	box_close(&look);
	return ret;
}

struct view_entry_records box_entries_of(const char *ref)
{
	struct view_entry_records ret = { NULL, 0, 0 };
	struct box_view look;
	struct err err = { 0 };

	box_open(&look);
	must(look.view.entries(
		 look.view.ledger, &unit_arena, ref, SIZE_MAX, &ret, &err),
	    &err);
	box_close(&look);
	return ret;
}

struct view_evidences box_evidence(const struct oid *subject, const char *gate)
{
	struct view_evidences ret = { NULL, 0, 0 };
	struct box_view look;
	struct err err = { 0 };

	box_open(&look);
	must(look.view.evidence(
		 look.view.ledger, &unit_arena, subject, gate, &ret, &err),
	    &err);
	box_close(&look);
	return ret;
}

const char *box_message(void)
{
	struct oid tip = box_ref(LEDGER_REF);
	struct err err = { 0 };
	const char *bytes;
	size_t len;

	must(object_read(box, &unit_arena, &tip, OBJECT_COMMIT,
		 COMMIT_BYTES_MAX, &bytes, &len, &err),
	    &err);
	return strstr(bytes, "\n\n") + 2;
}

size_t box_entries(void)
{
	struct oid at = box_ref(LEDGER_REF);
	int64_t time = INT64_MAX;
	size_t n = 0;

	while (!oid_is_zero(&at)) {
		struct log_record record;
		struct err err = { 0 };

		must(log_read(&unit_arena, box, &at, &record, &err), &err);
		ck_assert_int_le(record.at, time);
		time = record.at;
		at = record.parent;
		n++;
	}
	return n;
}

const char *box_file(const char *path)
{
	struct box_view view;
	struct err err = { 0 };
	const char *bytes;
	size_t len;

	box_open(&view);
	must(treestore_read(ledger_tree(view.ledger), &unit_arena, path, &bytes,
		 &len, NULL, &err),
	    &err);
	box_close(&view);
	return bytes;
}

void box_fsck(void)
{
	scratch_sh("git -C r.git fsck --full --strict 2>&1");
}
