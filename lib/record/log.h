#ifndef RECORD_LOG_H
#define RECORD_LOG_H

#include "git/repo.h"
#include "judge/view.h"
#include "policy/load.h"

/*
 * The ledger as a history: what each of its commits says in its trailers
 * (record/append.h writes them), newest first by following `parent`.
 *
 *	for (oid = *ledger_tip(ledger); !oid_is_zero(&oid); oid = record.parent)
 *		log_read(arena, repo, &oid, &record, err)
 *
 * Words are kept as they stand, so that records of later versions can be
 * shown too.
 */
struct log_update {
	struct oid old, new;
	const char *ref, *stage; /* stage "-": none */
	const char *kind, *state;
};

struct log_evidence {
	const char *digest, *gate;
	struct oid commit;
	const char *person, *result;
};

/* Folders of the ledger's tree. */
#define POLICY_TEXTS "policy" /* of policy.yml and what is included */
#define POLICY_BASES "bases"  /* of what is extended */

struct log_include {  /* a file that the policy includes or extends */
	bool is_base; /* extends */
	const char *digest, *name;
};

/* What a trailer `Incident` says of it. */
#define LOG_OPENED "opened"
#define LOG_CLOSED "closed"

struct log_incident {
	uint64_t number;
	bool closed; /* else opened */
	const char *ref;
};

struct log_expired { /* a tip that was kept for a ref, and let go */
	struct oid oid;
	const char *ref;
};

struct log_record {
	struct oid id, parent; /* parent zero: the first record */
	int64_t at;
	const char *pusher;                         /* "-": the server */
	const char *certificate;                    /* digest; NULL: none */
	const char *push;                           /* plan, "-": none */
	const char *policy_digest, *flow, *version; /* NULL: not named */
	struct {
		struct log_include *v;
		size_t n, cap;
	} includes;
	struct {
		struct log_update *v;
		size_t n, cap;
	} updates;
	struct {
		struct log_evidence *v;
		size_t n, cap;
	} evidence;
	struct {
		struct log_incident *v;
		size_t n, cap;
	} incidents;
	struct {
		struct log_expired *v;
		size_t n, cap;
	} expired;
};

/* A commit of the ledger, of any number of parents. */
int log_commit(struct arena *arena, struct repo *repo, const struct oid *oid,
    struct commit *ret, struct err *err);
/* What its trailers say; all but `parent`.  ERR_FORMAT: it is no record. */
int log_record_of(struct arena *arena, const struct commit *commit,
    struct log_record *ret, struct err *err);
/* Both.  ERR_FORMAT: the commit is no record. */
int log_read(struct arena *arena, struct repo *repo, const struct oid *commit,
    struct log_record *ret, struct err *err);

/* A word of a trailer as it was: a blank in it is written \x20. */
const char *log_word(struct arena *arena, const char *word);

/* The newest record at or before `tip` that names a policy; *ret_found false
 * when there is none. */
int log_named_policy(struct arena *arena, struct repo *repo,
    const struct oid *tip, struct log_record *ret, bool *ret_found,
    struct err *err);
/* Where the ledger keeps its text: policy/DIGEST, bases/DIGEST. */
const char *log_include_path(
    struct arena *arena, const struct log_include *include);
/* The text of the policy that a record names, and of what it includes and
 * extends, as the ledger keeps them; ret->text NULL when there is none. */
int log_policy_of(struct arena *arena, struct repo *repo,
    const struct log_record *record, struct policy_file *ret,
    struct policy_files *ret_includes, struct err *err);
/* The text of the policy in force there, likewise. */
int log_policy(struct arena *arena, struct repo *repo, const struct oid *tip,
    struct policy_file *ret, struct policy_files *ret_includes,
    struct err *err);
/* Every text that the ledger at `tip` knows, of policies and of included
 * files, or of bases; each is named by its digest. */
int log_policy_texts(struct arena *arena, struct repo *repo,
    const struct oid *tip, bool bases, struct policy_files *ret,
    struct err *err);

#endif
