#include "judge/certificate.h"

#include <string.h>

struct reading {
	struct arena *arena;
	const char *p, *end; /* what is left */
};

/* Takes the line "<key> <value>"; false: it is another one. */
static bool take(struct reading *r, const char *key, const char **ret)
{
	size_t len = strlen(key);
	const char *eol = memchr(r->p, '\n', (size_t)(r->end - r->p));

	if (!eol || (size_t)(eol - r->p) <= len ||
	    memcmp(r->p, key, len) != 0 || r->p[len] != ' ')
		return false;
	*ret = arena_strndup(
	    r->arena, r->p + len + 1, (size_t)(eol - r->p) - len - 1);
	r->p = eol + 1;
	return true;
}

const char *certificate_parse(
    struct arena *arena, const char *bytes, size_t len, struct certificate *ret)
{
	struct reading r = { arena, bytes, bytes + len };
	struct certificate certificate = { .nonce = NULL };
	const char *value = NULL;
	struct err err;

	if (memchr(bytes, '\0', len))
		return "it holds a NUL byte";
	if (!take(&r, "certificate version", &value) ||
	    strcmp(value, "0.1") != 0)
		return "it is not of version 0.1";
	if (!take(&r, "pusher", &value))
		return "it names no pusher";
	(void)take(&r, "pushee", &value);
	(void)take(&r, "nonce", &certificate.nonce);
	while (take(&r, "push-option", &value))
		ARRAY_PUSH(arena, &certificate.options, value);
	if (r.p == r.end || *r.p != '\n')
		return "its head holds a line that does not belong there";
	r.p++;
	if (updates_parse(arena, r.p, (size_t)(r.end - r.p),
		&certificate.updates, &err) < 0)
		return "its commands can't be read";
	*ret = certificate;
	return NULL;
}

static bool same_update(const struct update *a, const struct update *b)
{
	return strcmp(a->ref, b->ref) == 0 && oid_eq(&a->old, &b->old) &&
	    oid_eq(&a->new, &b->new);
}

const char *certificate_differs(
    const struct certificate *certificate, const struct push *push)
{
	static const char commands[] = "its commands are not those of the push";
	static const char options[] =
	    "its push options are not those of the push";

	if (certificate->updates.n != push->updates.n)
		return commands;
	for (size_t i = 0; i < push->updates.n; i++)
		if (!same_update(
			&certificate->updates.v[i], &push->updates.v[i]))
			return commands;
	if (certificate->options.n != push->options.n)
		return options;
	for (size_t i = 0; i < push->options.n; i++)
		if (strcmp(certificate->options.v[i], push->options.v[i]) != 0)
			return options;
	return NULL;
}
