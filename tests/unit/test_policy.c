#include "policy/load.h"

#include <string.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/file.h"
#include "policy/names.h"
#include "support/unit.h"

/*
 * The model that a policy becomes, and the questions asked of it.  What is
 * said of wrong policies stands in tests/policy.  The gate kinds are made up
 * here: the loader knows none by itself.
 */
#define DAY_S 86400L

struct toy_params {
	uint64_t limit;
	struct regex *match;
	struct {
		unsigned share;
		uint64_t bytes;
	} inner;
	struct node *by_hand;
	int colour;
};

struct vote_params {
	struct evidence_keys keys;
	bool secret;
	struct strings counted_by;
};

static const struct field inner_fields[] = {
	{ .name = "share",
	    .type = FIELD_SHARE,
	    .offset = offsetof(struct toy_params, inner.share) },
	{ .name = "bytes",
	    .type = FIELD_SIZE,
	    .offset = offsetof(struct toy_params, inner.bytes) },
	{ .name = NULL },
};

static const char *const colours[] = { "red", "green", NULL };

static const struct field toy_fields[] = {
	{ .name = "limit",
	    .type = FIELD_COUNT,
	    .offset = offsetof(struct toy_params, limit) },
	{ .name = "match",
	    .type = FIELD_REGEX,
	    .offset = offsetof(struct toy_params, match) },
	{ .name = "inner", .type = FIELD_MAPPING, .fields = inner_fields },
	{ .name = "by_hand",
	    .type = FIELD_NODE,
	    .offset = offsetof(struct toy_params, by_hand) },
	{ .name = "colour",
	    .type = FIELD_CHOICE,
	    .offset = offsetof(struct toy_params, colour),
	    .choices = colours },
	{ .name = NULL },
};

static const struct field vote_fields[] = {
	{ .name = "secret",
	    .type = FIELD_BOOL,
	    .offset = offsetof(struct vote_params, secret) },
	{ .name = "counted_by",
	    .type = FIELD_ROLES,
	    .offset = offsetof(struct vote_params, counted_by) },
	{ .name = NULL },
};

static void toy_defaults(void *params)
{
	struct toy_params *toy = params;

	toy->limit = 7;
	toy->colour = 1;
}

static size_t checks;

/* Stands for a kind that reads a key by hand: a mapping of globs to roles. */
static void toy_check(struct arena *arena, const struct policy *policy,
    const struct gate *gate, const struct node *node, struct diags *diags)
{
	const struct toy_params *toy = gate->params;

	checks++;
	ck_assert_ptr_nonnull(node_get(node, "kind"));
	if (toy->limit > 1000)
		diag_error(diags, field_mark(node, "limit"), "too much");
	if (!toy->by_hand || toy->by_hand->type != NODE_MAPPING)
		return;
	for (size_t i = 0; i < toy->by_hand->n; i++)
		for (size_t j = 0; j < field_items(toy->by_hand->items[i]); j++)
			check_role(policy, arena,
			    field_item(toy->by_hand->items[i], j), diags);
}

static const struct gate_form toy_form = { .kind = "toy",
	.params_size = sizeof(struct toy_params),
	.fields = toy_fields,
	.defaults = toy_defaults,
	.check = toy_check };

static const struct gate_form vote_form = { .kind = "vote",
	.params_size = sizeof(struct vote_params),
	.fields = vote_fields,
	.takes_evidence = true };

static const struct gate_form *const form_list[] = { &toy_form, &vote_form };
static const struct gate_forms forms = { .v = form_list, .n = 2 };

static struct diags diags;

static struct policy *parse(const char *text)
{
	diags_init(&diags, &unit_arena);
	return policy_parse(
	    &unit_arena, "policy.yml", text, strlen(text), &forms, &diags);
}

static const char *printed(void)
{
	struct buf buf;

	buf_init(&buf, &unit_arena, (size_t)1 << 16);
	diags_print(&diags, &buf);
	return buf.p;
}

/* A policy that must be right. */
static struct policy *good(const char *text)
{
	struct policy *policy = parse(text);

	ck_assert_msg(policy != NULL, "%s", printed());
	return policy;
}

static const struct stage *stage_of(
    const struct policy *policy, const char *name)
{
	const struct stage *stage = policy_stage(policy, name);

	ck_assert_msg(stage != NULL, "no stage '%s'", name);
	return stage;
}

#define HEAD "flow: f\nversion: 1.2.3\n"
#define ROLES "roles: {dev: [alice, bob]}\n"
#define STAGES "stages:\n  - {name: dev, refs: \"refs/heads/f/*\", push: dev}\n"

START_TEST(defaults_are_those_of_the_contract)
	{
		struct policy *policy = good(HEAD ROLES STAGES);
		const struct stage *stage = stage_of(policy, "dev");

		ck_assert_str_eq(policy->name, "policy.yml");
		ck_assert_str_eq(policy->flow, "f");
		ck_assert_uint_eq(policy->version.major, 1);
		ck_assert_uint_eq(policy->version.minor, 2);
		ck_assert_uint_eq(policy->version.patch, 3);
		ck_assert_str_eq(policy->version.text, "1.2.3");
		ck_assert_int_eq(policy->status, STATUS_ACTIVE);
		ck_assert_uint_eq(policy->nidentity, 1);
		ck_assert_int_eq(policy->identity[0].kind, IDENTITY_OS_USER);
		ck_assert(!policy->other_refs_allowed);
		ck_assert_uint_eq(policy->limit_evidence, 4 << 20);
		ck_assert_uint_eq(policy->limit_commits, 100000);
		ck_assert_uint_eq(policy->limit_time_s, 300);
		ck_assert_uint_eq(policy->nsources, 1);
		ck_assert(stage_is_entry(stage));
		ck_assert_uint_eq(
		    stage->accept, ACCEPT_FAST_FORWARD | ACCEPT_MERGE);
		ck_assert_int_eq(stage->quorum.kind, QUORUM_COUNT);
		ck_assert_uint_eq(stage->quorum.count, 1);
		ck_assert_uint_eq(stage->soak_s, 0);
		ck_assert(!stage->rewind && !stage->deletion && !stage->keep);
		ck_assert(!stage->linear && !stage->up_to_date);
		ck_assert_uint_eq(stage->mark.line, 5);
		ck_assert_uint_eq(stage->push_mark.line, 5);
		ck_assert_uint_eq(stage->push_mark.column, 41);
		ck_assert_uint_eq(
		    stage->soak_mark.column, 5); /* the stage itself */
	}
END_TEST

START_TEST(digest_is_that_of_the_bytes)
	{
		static const char text[] = HEAD ROLES STAGES;
		const struct digest_part part = { text, sizeof(text) - 1 };
		struct policy *policy = good(text);

		ck_assert_str_eq(
		    policy->digest, sha256_hex(&unit_arena, &part, 1));
		ck_assert_uint_eq(policy->text_len, sizeof(text) - 1);
		ck_assert_ptr_eq(policy->text, text);
	}
END_TEST

START_TEST(head_is_read)
	{
		struct policy *policy = good(HEAD ROLES STAGES
		    "status: draft\n"
		    "identity: {from: [GL_USER, os-user, REMOTE_USER]}\n"
		    "other_refs: allow\n"
		    "host_refs: refs/pull/*/head\n"
		    "limits: {evidence: 1KiB, commits: 9, time: 2m}\n");

		ck_assert_int_eq(policy->status, STATUS_DRAFT);
		ck_assert_uint_eq(policy->nidentity, 3);
		ck_assert_int_eq(policy->identity[0].kind, IDENTITY_VARIABLE);
		ck_assert_str_eq(policy->identity[0].variable, "GL_USER");
		ck_assert_int_eq(policy->identity[1].kind, IDENTITY_OS_USER);
		ck_assert_str_eq(policy->identity[2].variable, "REMOTE_USER");
		ck_assert(policy->other_refs_allowed);
		ck_assert_uint_eq(policy->host_refs.n, 1);
		ck_assert_str_eq(policy->host_refs.v[0], "refs/pull/*/head");
		ck_assert_uint_eq(policy->limit_evidence, 1024);
		ck_assert_uint_eq(policy->limit_commits, 9);
		ck_assert_uint_eq(policy->limit_time_s, 120);
	}
END_TEST

#define KEY                                                                    \
	"ssh-ed25519 "                                                         \
	"AAAAC3NzaC1lZDI1NTE5AAAAIKw77MD6Fy/8c7X3YEhk6JZ9dEAOBoJn44YNCCiEc0dI"

START_TEST(people_are_found_by_name_and_address)
	{
		struct policy *policy = good(HEAD ROLES STAGES
		    "people:\n"
		    "  zoe: {emails: [Zoe@Example.com, z@x.org]}\n"
		    "  alice: {robot: true, keys: " KEY " alice@desk}\n"
		    "  bob: {emails: bob@example.com}\n");

		ck_assert_uint_eq(policy->npeople, 3);
		ck_assert_str_eq(policy->people[0].name, "zoe");
		ck_assert_str_eq(
		    policy->people[0].emails.v[0], "Zoe@Example.com");
		ck_assert_str_eq(policy_person(policy, "alice")->name, "alice");
		ck_assert(policy_person(policy, "alice")->robot);
		ck_assert_uint_eq(policy->keys.n, 1);
		ck_assert_str_eq(
		    policy->people[policy->keys.v[0].person].name, "alice");
		ck_assert_str_eq(policy->keys.v[0].key.line, KEY);
		ck_assert_ptr_eq(
		    policy_key(policy, policy->keys.v[0].key.fingerprint),
		    &policy->keys.v[0]);
		ck_assert_ptr_null(policy_key(policy, "SHA256:none"));
		ck_assert(!policy_person(policy, "bob")->robot);
		ck_assert_ptr_null(policy_person(policy, "carol"));
		ck_assert_ptr_null(policy_person(policy, "Alice"));
		ck_assert_str_eq(
		    policy_person_by_email(policy, "zoe@example.COM")->name,
		    "zoe");
		ck_assert_str_eq(
		    policy_person_by_email(policy, "Z@X.ORG")->name, "zoe");
		ck_assert_str_eq(
		    policy_person_by_email(policy, "bob@example.com")->name,
		    "bob");
		ck_assert_ptr_null(policy_person_by_email(policy, "bob"));
		ck_assert_ptr_null(policy_person_by_email(policy, ""));
	}
END_TEST

START_TEST(address_of_any_length_is_somebody_or_nobody)
	{
		struct policy *policy = good(HEAD ROLES STAGES);
		char email[4096];

		memset(email, 'a', sizeof(email));
		email[sizeof(email) - 1] = '\0';
		ck_assert_ptr_null(policy_person_by_email(policy, email));
	}
END_TEST

static bool in_role(
    const struct policy *policy, const char *role, const char *name)
{
	struct strings roles = { .n = 0 };

	strings_add(&unit_arena, &roles, role);
	return policy_in_roles(policy, &roles, name);
}

START_TEST(roles_hold_the_members_of_their_roles)
	{
		struct policy *policy = good(
		    HEAD STAGES "identity: {from: [GL_USER]}\n"
				"roles:\n"
				"  lead: [\"@dev\", carol, alice]\n"
				"  dev: [alice, bob, alice]\n"
				"  all: [\"@guests\"]\n"
				"  guests: [\"*\"]\n"
				"  none: []\n");

		ck_assert_uint_eq(policy->roles[0].members.n, 3);
		ck_assert_str_eq(policy->roles[0].members.v[0], "carol");
		ck_assert_str_eq(policy->roles[0].members.v[1], "alice");
		ck_assert_str_eq(policy->roles[0].members.v[2], "bob");
		ck_assert_uint_eq(policy->roles[1].members.n, 2);
		ck_assert(in_role(policy, "lead", "bob"));
		ck_assert(in_role(policy, "lead", "carol"));
		ck_assert(!in_role(policy, "dev", "carol"));
		ck_assert(!in_role(policy, "lead", "dev"));
		ck_assert(!in_role(policy, "lead", "@dev"));
		ck_assert(in_role(policy, "all", "anybody"));
		ck_assert(in_role(policy, "guests", "anybody"));
		ck_assert(!in_role(policy, "all", NULL));
		ck_assert(!in_role(policy, "none", "alice"));
		ck_assert(!in_role(policy, "nowhere", "alice"));
	}
END_TEST

START_TEST(many_roles_of_many_people_are_resolved_at_once)
	{
		struct policy *policy;
		struct buf buf;

		buf_init(&buf, &unit_arena, (size_t)1 << 20);
		buf_adds(&buf, HEAD STAGES "roles:\n  dev: [");
		for (int i = 0; i < 5000; i++)
			buf_addf(&buf, "p%d, ", i);
		buf_adds(&buf, "]\n");
		for (int i = 0; i < 200; i++)
			buf_addf(&buf, "  r%d: [\"@%s\", \"@dev\", x%d]\n", i,
			    i ? "r0" : "dev", i);
		policy = good(buf.p);
		ck_assert_uint_eq(policy->roles[200].members.n, 5002);
		ck_assert(in_role(policy, "r199", "p4999"));
		ck_assert(in_role(policy, "r199", "x0"));
		ck_assert(!in_role(policy, "r199", "x1"));
	}
END_TEST

#define FLOW                                                                   \
	HEAD ROLES "modules: {billing: [src/billing/**], web: [src/web/**]}\n" \
		   "clients:\n"                                                \
		   "  acme: {contact: a@x.org}\n"                              \
		   "  globex: {ref: refs/heads/on/globex, hold: later}\n"      \
		   "gates:\n"                                                  \
		   "  one: {kind: toy}\n"                                      \
		   "  two: {kind: vote, by: dev}\n"                            \
		   "always: one\n"                                             \
		   "stages:\n"                                                 \
		   "  - name: dev\n"                                           \
		   "    refs: [refs/heads/f/*, \"refs/heads/f/{module}*\",\n"  \
		   "      \"refs/heads/{x,y}/{module}/**\"]\n"                 \
		   "    push: dev\n"                                           \
		   "    keep: true\n"                                          \
		   "    rewind: true\n"                                        \
		   "    delete: true\n"                                        \
		   "  - name: main\n"                                          \
		   "    refs: refs/heads/main\n"                               \
		   "    push: [dev]\n"                                         \
		   "    gates: [two,\n"                                        \
		   "      one]\n"                                              \
		   "    accept: squash\n"                                      \
		   "    tags: [refs/tags/v*, \"refs/tags/r/**\"]\n"            \
		   "    annotated_tags: true\n"                                \
		   "    linear: true\n"                                        \
		   "  - name: canary\n"                                        \
		   "    clients: acme\n"                                       \
		   "    push: []\n"                                            \
		   "    soak: 2d\n"                                            \
		   "    quorum: 50%\n"                                         \
		   "    up_to_date: true\n"                                    \
		   "    settled_by: two\n"                                     \
		   "  - name: rest\n"                                          \
		   "    clients: [globex]\n"                                   \
		   "    from: [main, canary]\n"                                \
		   "    push: dev\n"                                           \
		   "    quorum: all\n"                                         \
		   "    up_to_date: true\n"

START_TEST(stages_are_read)
	{
		struct policy *policy = good(FLOW);
		const struct stage *dev = stage_of(policy, "dev");
		const struct stage *main_stage = stage_of(policy, "main");
		const struct stage *canary = stage_of(policy, "canary");
		const struct stage *rest = stage_of(policy, "rest");

		ck_assert_uint_eq(policy->nstages, 4);
		ck_assert(dev->keep && dev->rewind && dev->deletion);
		ck_assert_uint_eq(dev->nrefs, 5);
		ck_assert_uint_eq(main_stage->accept, ACCEPT_SQUASH);
		ck_assert(main_stage->linear && main_stage->annotated_tags.on);
		ck_assert_uint_eq(main_stage->gates.n, 2);
		ck_assert_str_eq(main_stage->gates.v[0].gate->name, "two");
		ck_assert_uint_eq(main_stage->gates.v[1].mark.line, 24);
		ck_assert_uint_eq(main_stage->gates.v[1].mark.column, 7);
		ck_assert_uint_eq(policy->always.n, 1);
		ck_assert_ptr_eq(
		    policy->always.v[0].gate, policy_gate(policy, "one"));
		ck_assert_uint_eq(canary->soak_s, 2 * DAY_S);
		ck_assert_int_eq(canary->quorum.kind, QUORUM_SHARE);
		ck_assert_uint_eq(canary->quorum.share, 5000);
		ck_assert_str_eq(canary->quorum.text, "50%");
		ck_assert_uint_eq(canary->settled_by.n, 1);
		ck_assert_uint_eq(canary->push.n, 0);
		ck_assert_str_eq(canary->clients.v[0], "acme");
		ck_assert_int_eq(rest->quorum.kind, QUORUM_ALL);
		ck_assert_str_eq(policy_client(policy, "acme")->ref,
		    "refs/heads/clients/acme");
		ck_assert_ptr_null(policy_client(policy, "acme")->hold);
		ck_assert_str_eq(
		    policy_client(policy, "globex")->hold, "later");
		ck_assert_ptr_null(policy_client(policy, "initech"));
		ck_assert_ptr_null(policy_stage(policy, "testing"));
		ck_assert_ptr_null(policy_gate(policy, "three"));
	}
END_TEST

START_TEST(order_is_followed_to_its_end)
	{
		struct policy *policy = good(FLOW);
		const struct stage *dev = stage_of(policy, "dev");
		const struct stage *main_stage = stage_of(policy, "main");
		const struct stage *canary = stage_of(policy, "canary");
		const struct stage *rest = stage_of(policy, "rest");

		ck_assert(stage_is_entry(dev));
		ck_assert(!stage_is_entry(main_stage));
		ck_assert_uint_eq(main_stage->from.n, 1);
		ck_assert_uint_eq(main_stage->from.v[0], 0);
		ck_assert_uint_eq(rest->from.n, 2);
		ck_assert_uint_eq(dev->later.n, 3);
		ck_assert_uint_eq(main_stage->later.n, 2);
		ck_assert_uint_eq(canary->later.n, 1);
		ck_assert_uint_eq(rest->later.n, 0);
		ck_assert(stage_is_later(rest, dev));
		ck_assert(stage_is_later(main_stage, dev));
		ck_assert(stage_is_later(rest, canary));
		ck_assert(!stage_is_later(dev, rest));
		ck_assert(!stage_is_later(canary, canary));
	}
END_TEST

START_TEST(stages_beside_each_other_are_not_later)
	{
		struct policy *policy = good(HEAD ROLES
		    "stages:\n"
		    "  - {name: a, refs: refs/heads/a, push: dev}\n"
		    "  - {name: b, refs: refs/heads/b, push: dev, from: []}\n"
		    "  - {name: c, refs: refs/heads/c, push: dev, from: [a]}\n"
		    "  - {name: d, refs: refs/heads/d, push: dev, from: [b, "
		    "a]}\n");

		ck_assert(!stage_is_later(
		    stage_of(policy, "b"), stage_of(policy, "a")));
		ck_assert(!stage_is_later(
		    stage_of(policy, "c"), stage_of(policy, "b")));
		ck_assert(!stage_is_later(
		    stage_of(policy, "d"), stage_of(policy, "c")));
		ck_assert(stage_is_later(
		    stage_of(policy, "d"), stage_of(policy, "a")));
		ck_assert_uint_eq(stage_of(policy, "a")->later.n, 2);
	}
END_TEST

static const struct {
	const char *ref, *stage, *module;
} refs[] = {
	{ "refs/heads/f/x", "dev", NULL },
	{ "refs/heads/f/billing", "dev", "billing" },
	{ "refs/heads/f/billing-2", "dev", "billing" },
	{ "refs/heads/f/web", "dev", "web" },
	{ "refs/heads/f/x/y", NULL, NULL },
	{ "refs/heads/x/web/a/b", "dev", "web" },
	{ "refs/heads/y/billing/a", "dev", "billing" },
	{ "refs/heads/x/other/a", NULL, NULL },
	{ "refs/heads/z/web/a", NULL, NULL },
	{ "refs/heads/main", "main", NULL },
	{ "refs/heads/main2", NULL, NULL },
	{ "refs/heads/mai", NULL, NULL },
	{ "refs/heads/Main", NULL, NULL },
	{ "main", NULL, NULL },
	{ "", NULL, NULL },
	{ "refs/heads/clients/acme", "canary", NULL },
	{ "refs/heads/on/globex", "rest", NULL },
	{ "refs/heads/clients/globex", NULL, NULL },
	{ "refs/tags/v1", NULL, NULL },
};

START_TEST(ref_belongs_to_one_stage_or_none)
	{
		struct policy *policy = good(FLOW);
		const char *module = "untouched";
		const struct stage *stage = policy_stage_of_ref(
		    policy, refs[_i].ref, &module);

		ck_assert_pstr_eq(stage ? stage->name : NULL, refs[_i].stage);
		ck_assert_pstr_eq(module, refs[_i].module);
		ck_assert_ptr_eq(
		    policy_stage_of_ref(policy, refs[_i].ref, NULL), stage);
	}
END_TEST

START_TEST(tag_belongs_to_one_stage_or_none)
	{
		struct policy *policy = good(FLOW);
		const struct stage *main_stage = stage_of(policy, "main");

		ck_assert_ptr_eq(
		    policy_stage_of_tag(policy, "refs/tags/v1"), main_stage);
		ck_assert_ptr_eq(
		    policy_stage_of_tag(policy, "refs/tags/r/a/b"), main_stage);
		ck_assert_ptr_null(
		    policy_stage_of_tag(policy, "refs/tags/v1/x"));
		ck_assert_ptr_null(policy_stage_of_tag(policy, "refs/tags/x"));
		ck_assert_ptr_null(
		    policy_stage_of_tag(policy, "refs/heads/main"));
	}
END_TEST

START_TEST(gates_have_defaults_and_params)
	{
		struct policy *policy = good(
		    HEAD ROLES "gates:\n"
			       "  plain: {kind: toy}\n"
			       "  full:\n"
			       "    kind: toy\n"
			       "    limit: 9\n"
			       "    match: '^a+$'\n"
			       "    inner: {share: 99.5%, bytes: 2KiB}\n"
			       "    colour: red\n"
			       "    by_hand: {x: [dev]}\n"
			       "    enforce: off\n"
			       "    help: do it\n"
			       "    when:\n"
			       "      paths: [a/**]\n"
			       "      not_paths: b\n"
			       "      stages_from: [dev]\n"
			       "      authors: [dev]\n"
			       "      trailer: \"Kind: fix\"\n"
			       "      lines_over: 0\n"
			       "always: [plain, full]\n" STAGES);
		const struct gate *plain = policy_gate(policy, "plain");
		const struct gate *full = policy_gate(policy, "full");
		const struct toy_params *toy = plain->params;

		ck_assert_ptr_eq(plain->form, &toy_form);
		ck_assert_uint_eq(toy->limit, 7);
		ck_assert_int_eq(toy->colour, 1);
		ck_assert_ptr_null(toy->match);
		ck_assert_int_eq(plain->enforce, ENFORCE_BLOCK);
		ck_assert_ptr_null(plain->help);
		ck_assert(!plain->when.has_lines_over);
		ck_assert_uint_eq(plain->when.paths.n, 0);
		ck_assert_uint_eq(plain->mark.line, 5);
		toy = full->params;
		ck_assert_uint_eq(toy->limit, 9);
		ck_assert_int_eq(toy->colour, 0);
		ck_assert_str_eq(regex_source(toy->match), "^a+$");
		ck_assert_uint_eq(toy->inner.share, 9950);
		ck_assert_uint_eq(toy->inner.bytes, 2048);
		ck_assert_int_eq(full->enforce, ENFORCE_OFF);
		ck_assert_str_eq(full->help, "do it");
		ck_assert_str_eq(full->when.paths.v[0], "a/**");
		ck_assert_str_eq(full->when.not_paths.v[0], "b");
		ck_assert_str_eq(full->when.stages_from.v[0], "dev");
		ck_assert_str_eq(full->when.authors.v[0], "dev");
		ck_assert_str_eq(full->when.trailer, "Kind: fix");
		ck_assert(full->when.has_lines_over);
		ck_assert_uint_eq(full->when.lines_over, 0);
	}
END_TEST

START_TEST(evidence_keys_come_first_in_params)
	{
		struct policy *policy = good(HEAD ROLES
		    "gates:\n"
		    "  a: {kind: vote, by: dev}\n"
		    "  b: {kind: vote, by: [dev], count: 2, max_age: 1w, "
		    "binds: tree,\n"
		    "    not_author: true, matrix: [x, y], secret: true,\n"
		    "    counted_by: dev}\n"
		    "always: [a, b]\n" STAGES);
		const struct vote_params *a = policy_gate(policy, "a")->params;
		const struct vote_params *b = policy_gate(policy, "b")->params;

		ck_assert_uint_eq(a->keys.count, 1);
		ck_assert_int_eq(a->keys.binds, BINDS_COMMIT);
		ck_assert_uint_eq(a->keys.max_age_s, 0);
		ck_assert(
		    !a->keys.not_author && !a->keys.is_signed && !a->secret);
		ck_assert_uint_eq(b->keys.count, 2);
		ck_assert_int_eq(b->keys.binds, BINDS_TREE);
		ck_assert_uint_eq(b->keys.max_age_s, 7 * DAY_S);
		ck_assert(b->keys.not_author && b->secret);
		ck_assert_uint_eq(b->keys.matrix.n, 2);
		ck_assert_str_eq(b->counted_by.v[0], "dev");
	}
END_TEST

START_TEST(checks_of_a_kind_are_asked_for_each_gate)
	{
		checks = 0;
		ck_assert_ptr_null(parse(HEAD ROLES
		    "gates:\n"
		    "  a: {kind: toy, limit: 2000}\n"
		    "  b: {kind: toy, by_hand: {x: [dve], y: dev}, colour: "
		    "blue}\n"
		    "  c: {kind: vote, by: dev, counted_by: nobody}\n"
		    "always: [a, b, c]\n" STAGES));
		ck_assert_uint_eq(checks, 2);
		ck_assert_str_eq(printed(),
		    "policy.yml:5:18: error: too much\n"
		    "  a: {kind: toy, limit: 2000}\n"
		    "                 ^\n"
		    "policy.yml:6:32: error: unknown role 'dve', "
		    "did you mean 'dev'?\n"
		    "  b: {kind: toy, by_hand: {x: [dve], y: dev}, colour: "
		    "blue}\n"
		    "                               ^\n"
		    "policy.yml:6:55: error: 'colour' must be red or green, "
		    "not 'blue'\n"
		    "  b: {kind: toy, by_hand: {x: [dve], y: dev}, colour: "
		    "blue}\n"
		    "                                                      ^\n"
		    "policy.yml:7:40: error: unknown role 'nobody'\n"
		    "  c: {kind: vote, by: dev, counted_by: nobody}\n"
		    "                                       ^\n");
	}
END_TEST

START_TEST(freezes_are_windows)
	{
		struct policy *policy = good(
		    HEAD ROLES "stages:\n"
			       "  - name: dev\n"
			       "    refs: refs/heads/dev\n"
			       "    push: dev\n"
			       "    freeze:\n"
			       "      - {from: Fri 16:00, to: Mon 08:00}\n"
			       "      - {from: 2026-12-20, to: 2027-01-02}\n"
			       "      - {from: \"2026-12-20 16:00\", to: "
			       "2026-12-20T17:30:00Z}\n");
		const struct stage *stage = stage_of(policy, "dev");

		ck_assert_uint_eq(stage->nfreezes, 3);
		ck_assert(stage->freezes[0].weekly);
		ck_assert_uint_eq(stage->freezes[0].from_minute, 6720);
		ck_assert_uint_eq(stage->freezes[0].to_minute, 480);
		ck_assert_str_eq(stage->freezes[0].from_text, "Fri 16:00");
		ck_assert(!stage->freezes[1].weekly);
		ck_assert_int_eq(stage->freezes[1].from, 1797724800);
		ck_assert_int_eq(
		    stage->freezes[1].to - stage->freezes[1].from, 13 * DAY_S);
		ck_assert_int_eq(
		    stage->freezes[2].to - stage->freezes[2].from, 5400);
		ck_assert_uint_eq(stage->freeze_mark.line, 8);
	}
END_TEST

START_TEST(patterns_are_ready_for_matching)
	{
		struct policy *policy = good(FLOW);
		const struct stage *dev = stage_of(policy, "dev");

		ck_assert_str_eq(dev->refs[0].prefix, "refs/heads/f/");
		ck_assert_uint_eq(dev->refs[0].prefix_len, 13);
		ck_assert(!dev->refs[0].literal);
		ck_assert_str_eq(dev->refs[1].glob, "refs/heads/f/billing*");
		ck_assert_str_eq(
		    dev->refs[3].glob, "refs/heads/{x,y}/billing/**");
		ck_assert(stage_of(policy, "main")->refs[0].literal);
		ck_assert_ptr_eq(
		    dev->refs[1].mark.source, policy->sources[0].source);
	}
END_TEST

/* A thousand clients and a hundred modules are no pair-wise affair. */
START_TEST(many_refs_are_compared_at_once)
	{
		struct policy *policy;
		struct buf buf;

		buf_init(&buf, &unit_arena, (size_t)1 << 20);
		buf_adds(&buf, HEAD ROLES "modules:\n");
		for (int i = 0; i < 100; i++)
			buf_addf(&buf, "  m%d: [src/m%d/**]\n", i, i);
		buf_adds(&buf, "clients:\n");
		for (int i = 0; i < 2000; i++)
			buf_addf(&buf, "  c%d: {}\n", i);
		buf_adds(&buf,
		    "stages:\n"
		    "  - name: dev\n"
		    "    refs: [\"refs/heads/f/{module}/*\"]\n"
		    "    push: dev\n"
		    "  - {name: main, refs: refs/heads/main, push: dev}\n"
		    "  - {name: rest, push: dev, up_to_date: true, clients: [");
		for (int i = 0; i < 2000; i++)
			buf_addf(&buf, "c%d, ", i);
		buf_adds(&buf, "]}\n");
		policy = good(buf.p);
		ck_assert_uint_eq(stage_of(policy, "dev")->nrefs, 100);
		ck_assert_uint_eq(stage_of(policy, "rest")->nrefs, 2000);
	}
END_TEST

START_TEST(text_alone_cannot_include)
	{
		ck_assert_ptr_null(
		    parse(HEAD ROLES STAGES "include: [people.yml]\n"));
		ck_assert_uint_eq(diags.errors, 1);
		ck_assert_str_eq(
		    diags.v[0].text, "'include' works from a file only");
	}
END_TEST

START_TEST(errors_from_before_do_not_count)
	{
		static const char text[] = HEAD ROLES STAGES;

		diags_init(&diags, &unit_arena);
		diag_error(
		    &diags, (struct mark){ .source = NULL }, "something else");
		ck_assert_ptr_nonnull(policy_parse(
		    &unit_arena, "p", text, sizeof(text) - 1, &forms, &diags));
	}
END_TEST

static void put(const char *path, const char *text, mode_t mode)
{
	struct err err;

	ck_assert_int_eq(file_replace(path, text, strlen(text), mode, &err), 0);
}

static struct policy *load(const char *path, enum policy_trust trust)
{
	diags_init(&diags, &unit_arena);
	return policy_load(&unit_arena, path, &forms, NULL, trust, &diags);
}

START_TEST(included_files_stand_beside_the_policy)
	{
		struct policy *policy;

		ck_assert_int_eq(mkdir("etc", 0755), 0);
		put("etc/policy.yml", HEAD "include: [people.yml]\n" STAGES,
		    0644);
		put("etc/people.yml", "people: {alice: {}}\n" ROLES, 0644);
		policy = load("etc/policy.yml", POLICY_TRUSTED);
		ck_assert_msg(policy != NULL, "%s", printed());
		ck_assert_str_eq(policy->name, "policy.yml");
		ck_assert_uint_eq(policy->nsources, 2);
		ck_assert_str_eq(policy->sources[1].source->name, "people.yml");
		ck_assert_ptr_nonnull(policy_person(policy, "alice"));
		ck_assert(in_role(policy, "dev", "bob"));
		ck_assert_ptr_eq(
		    policy->roles[0].mark.source, policy->sources[1].source);
		/* The digest is policy.yml's alone. */
		ck_assert_uint_eq(
		    policy->text_len, policy->sources[0].source->len);
	}
END_TEST

START_TEST(files_that_others_may_write_are_not_trusted)
	{
		put("p.yml", HEAD ROLES STAGES, 0664);
		ck_assert_ptr_null(load("p.yml", POLICY_TRUSTED));
		ck_assert_uint_eq(diags.errors, 1);
		ck_assert_ptr_null(diags.v[0].mark.source);
		ck_assert_ptr_nonnull(load("p.yml", POLICY_ANY));
		ck_assert_int_eq(chmod("p.yml", 0644), 0);
		ck_assert_ptr_nonnull(load("p.yml", POLICY_TRUSTED));
		ck_assert_ptr_null(load("q.yml", POLICY_ANY));
		ck_assert_uint_eq(diags.errors, 1);
	}
END_TEST

static void add_model(Suite *suite)
{
	TCase *tcase = unit_case(suite, "model");

	tcase_add_test(tcase, defaults_are_those_of_the_contract);
	tcase_add_test(tcase, digest_is_that_of_the_bytes);
	tcase_add_test(tcase, head_is_read);
	tcase_add_test(tcase, people_are_found_by_name_and_address);
	tcase_add_test(tcase, address_of_any_length_is_somebody_or_nobody);
	tcase_add_test(tcase, roles_hold_the_members_of_their_roles);
	tcase_add_test(tcase, many_roles_of_many_people_are_resolved_at_once);
	tcase_add_test(tcase, stages_are_read);
	tcase_add_test(tcase, order_is_followed_to_its_end);
	tcase_add_test(tcase, stages_beside_each_other_are_not_later);
	tcase_add_loop_test(
	    tcase, ref_belongs_to_one_stage_or_none, 0, COUNT(refs));
	tcase_add_test(tcase, tag_belongs_to_one_stage_or_none);
	tcase_add_test(tcase, freezes_are_windows);
	tcase_add_test(tcase, patterns_are_ready_for_matching);
	tcase_add_test(tcase, many_refs_are_compared_at_once);
}

int main(void)
{
	Suite *suite = suite_create("policy");
	TCase *tcase;

	add_model(suite);
	tcase = unit_case(suite, "gates");
	tcase_add_test(tcase, gates_have_defaults_and_params);
	tcase_add_test(tcase, evidence_keys_come_first_in_params);
	tcase_add_test(tcase, checks_of_a_kind_are_asked_for_each_gate);
	tcase = unit_case_in_dir(suite, "load");
	tcase_add_test(tcase, text_alone_cannot_include);
	tcase_add_test(tcase, errors_from_before_do_not_count);
	tcase_add_test(tcase, included_files_stand_beside_the_policy);
	tcase_add_test(tcase, files_that_others_may_write_are_not_trusted);
	return unit_main(suite);
}
