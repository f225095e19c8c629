#include "run/identity.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/num.h"
#include "base/process.h"
#include "base/process_env.h"
#include "base/text.h"
#include "judge/pushcert.h"

#define ENVIRONMENT_MAX 4096 /* variables copied */
#define PASSWD_MAX ((size_t)4 << 20)
#define ID_TIMEOUT_MS 5000u
#define OPTIONS_MAX 64         /* push options read */
#define OPTION_BYTES_MAX 65536 /* of one: a packet of git holds no more */

struct environment {
	struct strings entries; /* "NAME=value" */
};

struct environment *environment_copy(struct arena *arena)
{
	struct environment *ret = ARENA_NEW(arena, struct environment);

	for (char **e = environ; *e && ret->entries.n < ENVIRONMENT_MAX; e++)
		ARRAY_PUSH(arena, &ret->entries, arena_strdup(arena, *e));
	return ret;
}

struct environment *environment_take(struct arena *arena)
{
	struct environment *ret = environment_copy(arena);
	struct strings none = { NULL, 0, 0 };

	environment_reduce(&none);
	return ret;
}

static const char *variable_get(
    const struct environment *environment, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < environment->entries.n; i++) {
		const char *e = environment->entries.v[i];

		if (strncmp(e, name, len) == 0 && e[len] == '=')
			return e + len + 1;
	}
	return NULL;
}

bool environment_has(const struct environment *environment, const char *name)
{
	const char *value = variable_get(environment, name);

	return value && *value;
}

const char *const *environment_list(
    struct arena *arena, const struct environment *environment)
{
	size_t n = environment->entries.n;
	const char **list = arena_array(arena, n + 1, sizeof(*list));

	for (size_t i = 0; i < n; i++)
		list[i] = environment->entries.v[i];
	return list;
}

/* `name:password:uid:..` of a line of /etc/passwd, passwd(5). */
static const char *passwd_name(
    struct arena *arena, const char *line, size_t len, uint64_t uid)
{
	const char *copy = arena_strndup(arena, line, len);
	const char *password = strchr(copy, ':');
	const char *number = password ? strchr(password + 1, ':') : NULL;
	const char *end = number ? strchr(number + 1, ':') : NULL;
	uint64_t found;

	if (!end || password == copy)
		return NULL;
	number = arena_strndup(arena, number + 1, (size_t)(end - number - 1));
	if (!str_to_u64(number, UINT32_MAX, &found) || found != uid)
		return NULL;
	return arena_strndup(arena, copy, (size_t)(password - copy));
}

static const char *passwd_find(struct arena *arena, uint64_t uid)
{
	struct err err;
	char *text;
	size_t len;

	if (file_read(arena, "/etc/passwd", PASSWD_MAX, &text, &len, &err) < 0)
		return NULL;
	for (const char *p = text; p < text + len;) {
		const char *nl = memchr(p, '\n', (size_t)(text + len - p));
		const char *end = nl ? nl : text + len;
		const char *name = passwd_name(
		    arena, p, (size_t)(end - p), uid);

		if (name)
			return name;
		p = end + 1;
	}
	return NULL;
}

/* Accounts of a directory service are not in /etc/passwd, and a static binary
 * must not load NSS modules: id(1) does. */
static const char *id_find(struct arena *arena, uint64_t uid)
{
	const char *argv[] = { "/usr/bin/id", "-un",
		arena_printf(arena, "%llu", (unsigned long long)uid), NULL };
	struct process process = {
		.argv = argv, .output_max = 256, .timeout_ms = ID_TIMEOUT_MS
	};
	struct process_result result;
	struct err err;
	size_t len;

	if (process_run(arena, &process, &result, &err) < 0 ||
	    result.status != 0 || result.output_cut)
		return NULL;
	len = strcspn(result.output, "\n");
	if (len == 0 || len + 1 != result.output_len)
		return NULL;
	return arena_strndup(arena, result.output, len);
}

const char *os_user(struct arena *arena)
{
	uint64_t uid = (uint64_t)geteuid();
	const char *name = passwd_find(arena, uid);

	if (!name)
		name = id_find(arena, uid);
	if (!name)
		name = arena_printf(arena, "uid:%llu", (unsigned long long)uid);
	return name;
}

/* A name that could be shown and recorded: one word of visible UTF-8. */
static bool name_is_usable(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > 256 || !utf8_valid(name, len) ||
	    text_has_hidden(name, len) || strcmp(name, "-") == 0)
		return false;
	for (const char *p = name; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return false;
	return true;
}

struct naming {
	const char *name, *by; /* NULL: nobody yet */
};

/* False: another source has named somebody else. */
static bool add_name(struct arena *arena, struct naming *naming,
    const char *name, const char *by, struct push *push)
{
	if (naming->name && strcmp(naming->name, name) != 0) {
		push->pusher_problem = arena_printf(
		    arena, "%s and %s name different people", naming->by, by);
		return false;
	}
	naming->name = name;
	naming->by = by;
	return true;
}

/* The signer of the push; NULL where it is not signed, or where
 * push->pusher_problem says what is wrong with its certificate. */
static int find_signer(struct session *session,
    const struct environment *environment, struct push *push,
    const char **ret_name, struct err *err)
{
	const struct push_cert cert = {
		.blob = variable_get(environment, "GIT_PUSH_CERT"),
		.nonce = variable_get(environment, "GIT_PUSH_CERT_NONCE"),
		.status = variable_get(
		    environment, "GIT_PUSH_CERT_NONCE_STATUS"),
	};

	return push_cert_judge(session->arena, session->policy, &session->view,
	    session->now, &cert, push, ret_name, err);
}

/* What a source says; *ret_name NULL: nothing. */
static int ask_source(struct session *session,
    const struct identity_source *source, const struct environment *environment,
    struct push *push, const char **ret_name, struct err *err)
{
	*ret_name = NULL;
	switch (source->kind) {
	case IDENTITY_VARIABLE:
		*ret_name = variable_get(environment, source->variable);
		break;
	case IDENTITY_PUSH_CERT:
		return find_signer(session, environment, push, ret_name, err);
	case IDENTITY_OS_USER:
		break; /* only where no other says anything */
	}
	return 0;
}

static bool has_source(const struct policy *policy, enum identity_kind kind)
{
	for (size_t i = 0; i < policy->nidentity; i++)
		if (policy->identity[i].kind == kind)
			return true;
	return false;
}

static const char *nobody(const struct policy *policy)
{
	if (has_source(policy, IDENTITY_PUSH_CERT))
		return "the server knows pushers by their signature and the "
		       "push is not signed: git push --signed";
	return "the server did not say who pushes";
}

int identity_find(struct session *session,
    const struct environment *environment, struct push *push, struct err *err)
{
	const struct policy *policy = session->policy;
	struct arena *arena = session->arena;
	struct naming naming = { NULL, NULL };

	push->pusher = NULL;
	push->pusher_problem = NULL;
	for (size_t i = 0; i < policy->nidentity; i++) {
		const struct identity_source *source = &policy->identity[i];
		const char *name, *by = source->variable;

		if (ask_source(session, source, environment, push, &name, err) <
		    0)
			return -1;
		if (push->pusher_problem)
			return 0;
		if (source->kind == IDENTITY_PUSH_CERT)
			by = "the push's signature";
		if (name && *name && !add_name(arena, &naming, name, by, push))
			return 0;
	}
	if (!naming.name && has_source(policy, IDENTITY_OS_USER))
		add_name(arena, &naming, os_user(arena),
		    "the account that runs the hook", push);
	if (!naming.name)
		push->pusher_problem = nobody(policy);
	else if (!name_is_usable(naming.name))
		push->pusher_problem = arena_printf(
		    arena, "%s is not a usable name", naming.by);
	else
		push->pusher = naming.name;
	return 0;
}

/*
 * COUNT unset, 0 and n are three states; only indexes below COUNT are this
 * push's, others may be left over from whoever started receive-pack.
 */
int push_options_take(struct arena *arena,
    const struct environment *environment, struct push *push, struct err *err)
{
	const char *count = variable_get(environment, "GIT_PUSH_OPTION_COUNT");
	uint64_t n;

	push->options_known = false;
	if (!count)
		return 0;
	if (!str_to_u64(count, OPTIONS_MAX, &n))
		return err_set(err, ERR_LIMIT,
		    "more than %d push options, or a wrong count", OPTIONS_MAX);
	push->options_known = true;
	for (uint64_t i = 0; i < n; i++) {
		const char *name = arena_printf(
		    arena, "GIT_PUSH_OPTION_%llu", (unsigned long long)i);
		const char *value = variable_get(environment, name);

		if (!value)
			return err_set(err, ERR_FORMAT,
			    "push option %llu is missing",
			    (unsigned long long)i);
		if (strlen(value) > OPTION_BYTES_MAX)
			return err_set(err, ERR_LIMIT,
			    "push option %llu is longer than %d bytes",
			    (unsigned long long)i, OPTION_BYTES_MAX);
		ARRAY_PUSH(arena, &push->options, value);
	}
	push_options_read(push);
	return 0;
}
