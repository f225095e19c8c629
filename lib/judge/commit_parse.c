#include "judge/commit.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/text.h"
#include "judge/headerlines.h"

#define PARENTS_MAX 1024u
#define HEADER_NAME_MAX 64u
#define SIGNATURE_BYTES_MAX ((size_t)1 << 20)

static const char *take_parents(struct cursor *c, struct oids *ret)
{
	while (line_is(c, "parent")) {
		struct oid oid;
		const char *complaint = take_oid(c, "parent", &oid);

		if (complaint)
			return complaint;
		if (oids_have(ret, &oid))
			return arena_printf(c->arena,
			    "it names the parent %s twice", oid_hex8(&oid).s);
		if (ret->n == PARENTS_MAX)
			return arena_printf(c->arena,
			    "it has more than %u parents", PARENTS_MAX);
		ARRAY_PUSH(c->arena, ret, oid);
	}
	return NULL;
}

static const char *check_encoding(const char *value)
{
	if (strcasecmp(value, "UTF-8") == 0 || strcasecmp(value, "UTF8") == 0)
		return NULL;
	return "its encoding is not UTF-8";
}

/* The value of a header that may go on in lines that begin with a blank,
 * which is taken off. */
static const char *take_folded(
    struct cursor *c, size_t name_len, const char **ret_value)
{
	struct buf value;
	const char *eol;

	buf_init(&value, c->arena, SIGNATURE_BYTES_MAX);
	c->p += name_len + 1;
	for (;;) {
		eol = memchr(c->p, '\n', (size_t)(c->end - c->p));
		if (!eol)
			return "its header is cut off";
		buf_add(&value, c->p, (size_t)(eol - c->p));
		c->p = eol + 1;
		if (c->p == c->end || *c->p != ' ')
			break;
		c->p++;
		buf_addc(&value, '\n');
	}
	if (value.overflow)
		return "a header of it is too long";
	*ret_value = value.p;
	return NULL;
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':' ||
	    c == '.';
}

/* Other tools add headers of their own ("HG:extra"), which git keeps.  One
 * whose name some reader could take for a known one is not such. */
static const char *check_name(
    const struct cursor *c, const char *name, size_t len)
{
	static const char *const known[] = { "tree", "parent", "author",
		"committer", "encoding", "mergetag", "gpgsig",
		"gpgsig-sha256" };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strlen(known[i]) == len &&
		    strncasecmp(known[i], name, len) == 0)
			return arena_printf(c->arena,
			    "its header '%s' is not where it belongs",
			    text_clean(c->arena, name, len));
	return NULL;
}

/* How often each header that may stand once was seen. */
struct extras {
	const char *bytes; /* of the commit */
	unsigned encodings, signatures;
};

static const char *take_extra(
    struct cursor *c, struct extras *seen, struct commit *commit)
{
	const char *name = c->p, *value = NULL, *complaint;
	size_t len = 0;
	bool is_encoding = line_is(c, "encoding");
	bool is_signature = line_is(c, "gpgsig");
	bool is_other_signature = line_is(c, "gpgsig-sha256");

	while (name + len < c->end && len < HEADER_NAME_MAX &&
	    is_name_char(name[len]))
		len++;
	if (len == 0 || name + len == c->end || name[len] != ' ')
		return "its header holds a line that does not belong there";
	if (is_encoding) {
		if (seen->encodings++ > 0)
			return "it has two 'encoding' headers";
		complaint = take_value(c, "encoding", &value);
		return complaint ? complaint : check_encoding(value);
	}
	if (!is_signature && !is_other_signature && !line_is(c, "mergetag")) {
		complaint = check_name(c, name, len);
		if (complaint)
			return complaint;
	}
	complaint = take_folded(c, len, &value);
	if (complaint)
		return complaint;
	/* git joins several, libgit2 takes the first. */
	if ((is_signature || is_other_signature) && seen->signatures++ > 0)
		return "it has two signatures";
	if (is_signature) {
		commit->gpgsig = value;
		commit->payload[0].len = (size_t)(name - seen->bytes);
		commit->payload[1].len = (size_t)(c->end - c->p);
	}
	return NULL;
}

/* libgit2 1.5 looks for the signature beyond the header too. */
static bool has_false_signature(const struct commit *commit)
{
	static const char mark[] = "gpgsig ";

	if (commit->gpgsig)
		return false;
	return str_prefix(commit->message, mark) ||
	    strstr(commit->message, "\ngpgsig ") != NULL;
}

/* The caller's bytes need not outlive the commit. */
static void copy_payload(
    struct arena *arena, const char *bytes, size_t len, struct commit *commit)
{
	struct digest_part *parts = commit->payload;

	if (!commit->gpgsig)
		return;
	parts[0].p = arena_strndup(arena, bytes, parts[0].len);
	parts[1].p = arena_strndup(
	    arena, bytes + len - parts[1].len, parts[1].len);
}

const char *commit_parse(
    struct arena *arena, const char *bytes, size_t len, struct commit *ret)
{
	struct cursor c = { arena, bytes, bytes + len };
	struct commit commit = { .id = ret->id };
	struct extras seen = { .bytes = bytes };
	const char *complaint, *extra;

	if ((complaint = check_bytes(bytes, len)) ||
	    (complaint = take_oid(&c, "tree", &commit.tree)) ||
	    (complaint = take_parents(&c, &commit.parents)) ||
	    (complaint = take_person(&c, "author", &commit.author)) ||
	    (complaint = take_person(&c, "committer", &commit.committer)))
		return complaint;
	extra = c.p;
	while (c.p < c.end && *c.p != '\n') {
		complaint = take_extra(&c, &seen, &commit);
		if (complaint)
			return complaint;
	}
	commit.extra_len = (size_t)(c.p - extra);
	commit.extra = arena_strndup(arena, extra, commit.extra_len);
	complaint = take_message(&c, &commit.message, &commit.message_len);
	if (complaint)
		return complaint;
	if (has_false_signature(&commit))
		return "a line of its message begins with 'gpgsig', which "
		       "some programs take for its signature";
	copy_payload(arena, bytes, len, &commit);
	*ret = commit;
	return NULL;
}
