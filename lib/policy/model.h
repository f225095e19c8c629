#ifndef POLICY_MODEL_H
#define POLICY_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/diag.h"
#include "base/regex.h"
#include "base/sshkey.h"
#include "policy/document.h"
#include "policy/form.h"
#include "policy/index.h"
#include "policy/program.h"

/*
 * policy.yml as plain data.  Everything belongs to the arena that it was
 * loaded into and is constant afterwards.  Lists keep the file's order.
 */
enum policy_status {
	STATUS_DRAFT,
	STATUS_ACTIVE,
	STATUS_LOCKED
};

struct version {
	uint64_t major, minor, patch;
	const char *text;
};

/*
 * People are found by name once a push and by e-mail once a commit; the
 * indices are sorted, so that 10,000 commits times 1,000 people cost little.
 */
struct person {
	const char *name;
	struct strings emails; /* compared without case (ASCII) */
	bool robot;
	struct mark mark;
};

/* A public key of a person.  `from` (inclusive) and `until` (exclusive) are
 * asked when something signed is handed in; what was recorded at or after
 * `revoked` is void. */
struct person_key {
	struct ssh_key key;
	size_t person; /* index in policy->people */
	bool has_from, has_until, has_revoked;
	int64_t from, until, revoked;
	bool touch; /* the token must have been touched */
	struct mark mark;
};

struct keys_of_people {
	struct person_key *v;
	size_t n, cap;
};

struct role {
	const char *name;
	struct strings members; /* names, roles resolved; "*" sets everyone */
	bool everyone;          /* anyone who could be identified */
	struct mark mark;
};

struct module {
	const char *name;
	struct strings paths;
	struct mark mark;
};

struct client {
	const char *name;
	const char *ref; /* full name */
	struct strings contact;
	const char *hold; /* NULL: not held */
	struct mark mark;
};

enum gate_enforce {
	ENFORCE_BLOCK,
	ENFORCE_WARN,
	ENFORCE_OFF
};

struct when { /* conditions that must all hold; absent ones are empty */
	struct strings paths, not_paths;
	struct strings stages_from;
	struct strings authors; /* roles */
	const char *trailer;    /* "Key: value" */
	bool has_lines_over;
	uint64_t lines_over;
};

/* The keys that every gate judged from evidence shares. */
enum binds {
	BINDS_COMMIT,
	BINDS_TREE,
	BINDS_PATCH
};

struct evidence_keys {
	struct strings by; /* roles */
	uint64_t count;    /* distinct people; default 1 */
	bool is_signed;
	uint64_t max_age_s; /* 0: any age */
	enum binds binds;
	bool not_author;
	struct strings matrix;
	int report; /* index into the form's reports, or REPORT_ANY */
};
#define REPORT_ANY (-1) /* of those that the kind reads; the default */

struct gate {
	const char *name;
	const struct gate_form *form;
	struct when when;
	enum gate_enforce enforce;
	const char *help; /* NULL: none */
	void *params;     /* form->params_size bytes */
	struct mark mark;
};

/* Where a gate is asked for: the mark is what `policy.yml:N` shows. */
struct gate_use {
	const struct gate *gate;
	struct mark mark;
};

struct gate_uses {
	struct gate_use *v;
	size_t n, cap;
};

struct ref_pattern {
	const char *glob;   /* {module} already replaced by `module` */
	const char *module; /* NULL: no {module} in it */
	const char *prefix; /* literal start of every match */
	size_t prefix_len;
	bool literal; /* no wildcard: the glob is a ref's name, as `prefix` */
	struct mark mark;
};

enum quorum_kind {
	QUORUM_COUNT,
	QUORUM_SHARE,
	QUORUM_ALL
};

struct quorum {
	enum quorum_kind kind;
	uint64_t count;
	unsigned share; /* hundredths of a per cent */
	const char *text;
};

struct freeze {
	bool weekly;
	unsigned from_minute, to_minute; /* since Monday 00:00 UTC */
	int64_t from, to;                /* [from, to) */
	const char *from_text, *to_text;
};

enum {
	ACCEPT_FAST_FORWARD = 1,
	ACCEPT_MERGE = 2,
	ACCEPT_SQUASH = 4
};

struct stage_ids { /* indices into policy->stages */
	size_t *v;
	size_t n, cap;
};

struct stage {
	const char *name;
	size_t index;
	struct mark mark;
	struct mark push_mark, soak_mark, quorum_mark, up_to_date_mark,
	    settled_mark, freeze_mark, accept_mark; /* of the key, or of the
						     * stage where absent */
	struct ref_pattern *refs;
	size_t nrefs, refs_cap;
	struct strings clients; /* client names; their refs are in refs too */
	struct stage_ids from;  /* empty: an entry stage */
	struct stage_ids later; /* every stage that this one leads to */
	struct strings push;    /* roles */
	struct gate_uses gates;
	unsigned accept;
	bool up_to_date;
	uint64_t soak_s;
	struct quorum quorum;
	struct gate_uses settled_by;
	struct freeze *freezes;
	size_t nfreezes;
	bool rewind, deletion, linear, keep;
	struct strings tags;              /* globs of full tag ref names */
	struct bool_roles annotated_tags; /* roles: whose signature is wanted */
};

enum identity_kind {
	IDENTITY_VARIABLE,
	IDENTITY_PUSH_CERT,
	IDENTITY_OS_USER
};

struct identity_source {
	enum identity_kind kind;
	const char *variable; /* IDENTITY_VARIABLE */
};

struct rollback_rules {
	bool on;           /* the policy has `rollback:` */
	struct strings by; /* roles */
	uint64_t window_s; /* default 30 days */
	bool rewind;
	struct gate_uses then; /* gates that take statements */
	struct mark mark;
};

enum { /* rows that a bypass may go around, beside gates */
	BYPASS_SOAK = 1,
	BYPASS_QUORUM = 2,
	BYPASS_SETTLED = 4,
	BYPASS_FREEZE = 8,
	BYPASS_UP_TO_DATE = 16
};

struct bypass_wait { /* what `gates` of a bypass calls them */
	const char *word;
	unsigned bit;
};

extern const struct bypass_wait bypass_waits[]; /* word == NULL ends it */

struct bypass_rules {
	bool on;           /* the policy has `bypass:` */
	struct strings by; /* roles */
	struct stage_ids stages;
	struct gate_uses gates; /* none of them is in `always` */
	unsigned waits;         /* BYPASS_SOAK .. */
	/* The gate `bypass`, of kind evidence: `by` and `approvals` (its
	 * count) are in its keys.  It is in policy->gates too, for statements
	 * to name it. */
	const struct gate *gate;
	uint64_t approvals; /* default 1; 0: none */
	struct gate_uses then;
	struct mark mark;
};

/* What people and programs are told of. */
enum notify_event {
	NOTIFY_ENTERED,
	NOTIFY_ROLLED_BACK,
	NOTIFY_BYPASSED,
	NOTIFY_REFUSED,
	NOTIFY_HELD,
	NOTIFY_EVIDENCE,
	NOTIFY_INCIDENT_CLOSED,
	NOTIFY_UNOBSERVED,
	NOTIFY_DELIVERY_FAILED,
	NOTIFY_EVENTS
};

/* What `on` calls them; notify_words[NOTIFY_EVENTS] is NULL. */
extern const char *const notify_words[];
#define NOTIFY_BIT(event) (1u << (unsigned)(event))
/* What clients are told of, whatever else stands in `on`. */
#define NOTIFY_CLIENTS                                                         \
	(NOTIFY_BIT(NOTIFY_ENTERED) | NOTIFY_BIT(NOTIFY_ROLLED_BACK) |         \
	    NOTIFY_BIT(NOTIFY_BYPASSED) | NOTIFY_BIT(NOTIFY_INCIDENT_CLOSED))

struct notify_rule {
	unsigned on;                  /* NOTIFY_BIT of each */
	struct stage_ids stages;      /* empty: whatever the stage, or none */
	struct strings mail;          /* addresses */
	bool mail_clients;            /* "@clients" */
	const char *webhook;          /* URL; NULL: none */
	const char *secret_file;      /* absolute path; NULL: unsigned */
	struct strings exec;          /* program and arguments; n 0: none */
	struct program_limits limits; /* of exec */
	struct mark mark;
};

/* A file that a policy was read from. */
struct policy_source {
	const struct source *source;
	const char *kept; /* its name in the ledger, unique among them: as the
			   * file that names it writes it */
	bool is_base;     /* named by `extends` */
};

struct policy {
	const char *name;   /* base name, as shown in `policy.yml:12` */
	const char *digest; /* SHA-256 of policy.yml's bytes, 64 hex digits */
	const char *text;   /* its bytes, for the ledger's snapshot */
	size_t text_len;
	struct policy_source *sources; /* policy.yml first */
	size_t nsources;
	/* What all of them say together, each node with its own place. */
	const struct node *tree;

	const char *flow;
	struct version version;
	enum policy_status status;
	struct identity_source *identity;
	size_t nidentity;

	struct person *people;
	size_t npeople;
	struct name_index people_by_name, people_by_email; /* in lower case */
	struct keys_of_people keys;
	struct name_index keys_by_fingerprint;
	struct role *roles;
	size_t nroles;
	struct module *modules;
	size_t nmodules;
	struct client *clients;
	size_t nclients;
	struct gate *gates;
	size_t ngates;
	struct stage *stages;
	size_t nstages;

	struct gate_uses always;
	struct rollback_rules rollback;
	struct bypass_rules bypass;
	struct notify_rule *notify;
	size_t nnotify;
	bool other_refs_allowed;
	struct strings host_refs;
	const char *sign_key;    /* absolute path; NULL: the ledger is not
				  * signed */
	uint64_t limit_evidence; /* bytes, default 4 MiB */
	uint64_t limit_commits;  /* default 100,000 */
	uint64_t limit_time_s;   /* default 300 */
};

const struct stage *policy_stage(const struct policy *policy, const char *name);
const struct gate *policy_gate(const struct policy *policy, const char *name);
/* Can `other` stand in for it: does one of its keys (FIELD_GATES) name it? */
bool gate_names(const struct gate *gate, const struct gate *other);
/* The same for any of a list, which may hold `other` itself. */
bool gate_uses_ask(const struct gate_uses *uses, const struct gate *other);
const struct person *policy_person(
    const struct policy *policy, const char *name);
const struct person *policy_person_by_email(
    const struct policy *policy, const char *email);
/* The key of one of `people` with that fingerprint ("SHA256:.."), or NULL. */
const struct person_key *policy_key(
    const struct policy *policy, const char *fingerprint);
const struct client *policy_client(
    const struct policy *policy, const char *name);
/* The client whose ref that is, or NULL. */
const struct client *policy_client_of_ref(
    const struct policy *policy, const char *ref);
/* The stage that a full ref name belongs to, or NULL. *ret_module (may be
 * NULL) is the module that {module} matched, or NULL. */
const struct stage *policy_stage_of_ref(
    const struct policy *policy, const char *ref, const char **ret_module);
/* The stage whose `tags` match, or NULL. */
const struct stage *policy_stage_of_tag(
    const struct policy *policy, const char *ref);
/* Is that name (NULL: nobody) in one of the roles? */
bool policy_in_roles(
    const struct policy *policy, const struct strings *roles, const char *name);
bool stage_is_entry(const struct stage *stage);
/* Does `stage` lie later in the flow than `other` (does other lead to it)? */
bool stage_is_later(const struct stage *stage, const struct stage *other);

#endif
