#ifndef RECORD_VERIFYWORK_H
#define RECORD_VERIFYWORK_H

#include "git/treediff.h"
#include "policy/head.h"
#include "record/appendwork.h"
#include "record/verify.h"

/* What verify_*.c share; nobody else includes this. */

/* A text of policy.yml, or of a base, that was in force. */
struct past_policy {
	struct policy_head head;
	int64_t since; /* first recorded under it */
};

/* Texts that follow one another: those of policy.yml, or those of the bases
 * of one flow. */
struct past_policies {
	const char *flow;      /* of bases */
	struct oidmap by_text; /* digest -> struct past_policy */
	/* Of those that are no drafts: the highest version. */
	const struct past_policy *highest;
};

/* The walk, and what the commits before have said. */
struct verify_run {
	struct arena *arena; /* of the whole walk */
	struct repo *repo;
	struct treediff *diff;
	const struct verify_sink *sink;
	struct verify_count count;
	int64_t newest;    /* time */
	struct oid policy; /* digest of the newest one; zero: none */
	struct past_policies policies;
	struct {
		struct past_policies **v;
		size_t n, cap;
	} bases;
	struct strings last_bases; /* digests, of the newest one */
};

/* A file that differs from the ledger before. */
struct changed_file {
	const char *path;
	bool is_file; /* what is there now is a plain one, or gone */
	bool done;    /* compared */
};

/* One commit; its memory is forgotten with it. */
struct verify_entry {
	struct verify_run *run;
	struct arena *arena;
	size_t newer; /* commits after it */
	struct commit commit;
	struct log_record record;
	struct ledger *before, *after;
	bool wants_signature; /* by its policy, or a base of that */
	struct {
		struct changed_file *v;
		size_t n, cap;
	} changed;
	struct oidmap *notes; /* read already, by commit (verify_updates.c) */
	struct oids squashed; /* candidates whose notes tell of new squashes */
};

/* Something that does not hold. */
void verify_find(const struct verify_entry *entry, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void verify_unshown(const struct verify_entry *entry, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* What can't be read since it is not in its form is a finding too: 0 then;
 * everything else is an error: -1. */
int verify_unread(const struct verify_entry *entry, struct err *err);

/* Fills ref->patches of a statement. */
int verify_patches(
    struct verify_entry *entry, struct plan_ref *ref, struct err *err);
/* What incident an update opens: fills ref->opening (verify_incidents.c). */
int verify_opening(
    const struct verify_entry *entry, struct plan_ref *ref, struct err *err);
/* The incidents that it closes, and the kept tips that it lets go. */
void verify_closings(const struct verify_entry *entry, struct append *append);
/* Its policy (verify_policy.c). */
int verify_policy(struct verify_entry *entry, struct err *err);
/* The server's signature (verify_signature.c); after its policy. */
int verify_signature(struct verify_entry *entry, struct err *err);
/* Its files, and its message (verify_tree.c). */
int verify_tree(struct verify_entry *entry, struct err *err);
/* A plan's updates from the trailers, and from what the entry itself holds
 * (verify_updates.c).  Trailers of which none can be made are findings. */
int verify_updates(
    struct verify_entry *entry, struct append *ret, struct err *err);

/* Where two texts part, in words: "says 'x', not 'y'". */
const char *verify_difference(
    struct arena *arena, const char *have, const char *want);
/* What a file of the ledger is, in words; bytes: what it holds, or NULL. */
const char *verify_file_text(
    struct arena *arena, const char *path, const char *bytes, size_t len);
/* Is it "<folder>aa/bb/<36 digits>"? */
bool verify_path_oid(const char *path, const char *folder, struct oid *ret);

#endif
