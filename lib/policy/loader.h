#ifndef POLICY_LOADER_H
#define POLICY_LOADER_H

#include "policy/field.h"
#include "policy/load.h"
#include "policy/model.h"
#include "policy/place.h"

/*
 * What the files of the loader share; nobody else includes this.
 *
 * chain.c reads the files and makes one tree of each and what it includes,
 * extend.c one of those that extend one another.  On that load.c calls one
 * function per section, in the order in which they may speak of each other:
 * identity, people, roles, modules, clients, gates, stages, rollback, bypass,
 * notify, then the checks across all of them.  tighten.c compares it with the
 * bases that are locked.  None of them stops at a mistake.
 */
#define STAGES_MAX 200 /* of one policy */
#define NOTIFY_MAX 200 /* rules of one policy */

#define VERSION_FORM                                                           \
	"'version' must be MAJOR.MINOR.PATCH such as 1.0.0, not '%s'"

/* policy.yml, or a file that it extends, with what that includes. */
struct level {
	const struct node *tree; /* NULL: nothing could be read */
	bool is_locked;
	struct mark locked; /* where it says so */
};

struct rollback_keys {
	struct strings by, then;
	uint64_t window_s;
	bool rewind;
};

struct bypass_keys {
	struct strings by, stages, gates, then;
	uint64_t approvals;
};

struct notify_keys { /* of one rule */
	struct notify_rule rule;
	struct strings stages, mail;
};

/* policy.yml as its table reads it; POLICY_SECTIONS come from includes too. */
struct policy_keys {
	const char *flow, *version;
	int status;
	struct strings include;
	const char *extends;
	struct strings identity_from;
	const struct node *people, *roles, *modules, *clients;
	struct strings always;
	const struct node *gates, *stages;
	int other_refs;
	struct strings host_refs;
	uint64_t limit_evidence, limit_commits, limit_time_s;
	const char *sign_key;
	struct rollback_keys rollback;
	struct bypass_keys bypass;
	const struct node *notify;
};

struct gate_keys {
	struct gate gate;
	const char *kind;
};

/* A stage as its table reads it. */
struct stage_keys {
	struct stage stage;
	struct strings refs, from, gates, settled_by;
	const char *quorum;
	const struct node *freeze;
	const struct node *node; /* the mapping; NULL: not one */
};

/* The keys of a freeze, of a person, and of a person's public key. */
struct freeze_keys {
	const char *from, *to;
};

struct person_keys {
	struct strings emails;
	bool robot;
	const struct node *keys;
};

struct key_keys {
	const char *key, *from, *until, *revoked;
	bool touch;
};

struct loader {
	struct arena *arena;
	struct diags *diags;
	struct policy *policy;
	const struct gate_forms *forms;
	enum policy_trust trust;
	bool from_text; /* there are no files but its copies */
	const struct policy_files *copies;    /* NULL: none */
	const struct policy_objects *objects; /* NULL: none */

	struct level levels[POLICY_CHAIN_MAX]; /* policy.yml first */
	size_t nlevels;
	struct strings chain;    /* where they are */
	bool is_broken_off;      /* one that is missing could define anything */
	const struct node *root; /* what all of them say together */
	struct policy_keys keys;

	const struct node **gate_nodes; /* by gate; NULL where it is bad */
	struct stage_keys *stage_keys;  /* by stage */
};

/* tables.c */
extern const struct field policy_fields[], chain_fields[], include_fields[],
    person_fields[], key_fields[], client_fields[], gate_fields[],
    stage_fields[], freeze_fields[], rollback_fields[], bypass_fields[],
    notify_fields[];

/* entries.c: a section whose keys are names that the administrator chose. */
struct entry {
	const char *name;
	struct node *key;
	struct mark mark; /* of the name */
	struct node *node;
};

struct entries {
	struct entry *v;
	size_t n, cap;
};

struct entries entries_read(
    struct loader *ld, const struct node *section, const char *what);
/* Puts into `tree` what the key `what` says in a file and in those that it
 * includes, as one mapping; nothing where none has it.  A name that stands
 * there twice is an error. */
void entries_join(struct loader *ld, const struct node *const *roots, size_t n,
    const char *what, struct node *tree);

/* chain.c: fills levels, from policy.yml on, whose text is given. */
void chain_read(struct loader *ld, const struct policy_place *place,
    const char *name, const char *text, size_t len);
/* The text of a file, by the rules for files (trust). */
int policy_place_read(const struct loader *ld, const struct policy_place *place,
    char **ret_text, size_t *ret_len, struct err *err);

/* extend.c: a mapping that says what `base` does but where `over` says
 * otherwise.  Neither is changed. */
const struct node *extend_tree(
    struct arena *arena, const struct node *base, const struct node *over);

/* tighten.c: all that the policy, being read by now, does otherwise than a
 * locked base of it allows. */
void check_tighter(struct loader *ld);

/* One function a section, each in the file of its name. */
void load_identity(struct loader *ld);
void load_people(struct loader *ld);
void load_roles(struct loader *ld);
void load_modules(struct loader *ld);
void load_clients(struct loader *ld);
void load_gates(struct loader *ld);
void load_stages(struct loader *ld);
void load_rollback(struct loader *ld);
void load_bypass(struct loader *ld);
void load_notify(struct loader *ld);

/* keys.c: the public keys of one person, and across all of them. */
void read_people_keys(
    struct loader *ld, const struct node *list, size_t person);
void refuse_shared_keys(struct loader *ld);

/* gates.c: resolves the names of gates of a list into uses. */
void read_gate_uses(struct loader *ld, const struct node *list,
    const char *what, struct gate_uses *uses);

/* A gate that no key of `gates` is for; the kind must be there. */
struct gate *append_gate(
    struct loader *ld, const char *name, const char *kind, struct mark mark);

/* rollback.c: read_gate_uses for `then`, whose gates take statements. */
void read_then(struct loader *ld, const struct node *mapping, const char *what,
    struct gate_uses *then);

/* Adds stages that a list names, each once; what: "'stages' of 'bypass'". */
void read_stage_ids(struct loader *ld, const struct node *list,
    const char *what, struct stage_ids *ids);

/* bypass.c: the gate that approvals are statements for.  It comes last: what
 * a policy writes can't name it. */
void add_bypass_gate(struct loader *ld);

/* roles.c: do they hold that many distinct people?  How many, if not. */
bool roles_hold(const struct loader *ld, const struct strings *roles,
    uint64_t want, size_t *ret_n);

void read_freezes(struct loader *ld, struct stage_keys *keys);
void read_refs(struct loader *ld, struct stage_keys *keys);
void read_order(struct loader *ld); /* `from` of all stages, and `later` */

/* Across sections: identity.c, check_refs.c, check_stages.c, check_gates.c. */
void check_identity(struct loader *ld);
void check_refs(struct loader *ld);
void check_stages(struct loader *ld);
void check_gates(struct loader *ld);

#endif
