#include "record/verifywork.h"

#include <string.h>

#include "base/text.h"
#include "record/incident.h"

#define LINE_SHOWN_MAX 100u /* bytes of a line in a finding */

/* The line at p, shortened. */
static const char *line_at(struct arena *arena, const char *p)
{
	size_t len = strcspn(p, "\n");

	while (len > 0 && *p == ' ') {
		p++;
		len--;
	}
	if (len <= LINE_SHOWN_MAX)
		return text_clean(arena, p, len);
	return arena_printf(
	    arena, "%s..", text_clean(arena, p, LINE_SHOWN_MAX));
}

static const char *next_line(const char *p)
{
	p += strcspn(p, "\n");
	return *p ? p + 1 : p;
}

/* ---- texts -------------------------------------------------------------- */

const char *verify_difference(
    struct arena *arena, const char *have, const char *want)
{
	while (*have && *want) {
		size_t have_len = strcspn(have, "\n");
		size_t want_len = strcspn(want, "\n");

		if (have_len != want_len || memcmp(have, want, have_len) != 0)
			return arena_printf(arena, "says '%s', not '%s'",
			    line_at(arena, have), line_at(arena, want));
		have = next_line(have);
		want = next_line(want);
	}
	if (*have)
		return arena_printf(
		    arena, "goes on with '%s'", line_at(arena, have));
	if (*want)
		return arena_printf(
		    arena, "ends before '%s'", line_at(arena, want));
	return "differs in bytes that are not seen";
}

/* ---- paths -------------------------------------------------------------- */

/* Behind "aa/bb/<36 digits>" at p, of which *ret is made; NULL: it is none. */
static const char *fanned(const char *p, struct oid *ret)
{
	char hex[OID_HEX + 1];

	if (strlen(p) < OID_HEX + 2 || p[2] != '/' || p[5] != '/')
		return NULL;
	memcpy(hex, p, 2);
	memcpy(hex + 2, p + 3, 2);
	memcpy(hex + 4, p + 6, OID_HEX - 4);
	hex[OID_HEX] = '\0';
	return oid_parse(hex, ret) ? p + OID_HEX + 2 : NULL;
}

bool verify_path_oid(const char *path, const char *folder, struct oid *ret)
{
	const char *end;

	if (!str_prefix(path, folder))
		return false;
	end = fanned(path + strlen(folder), ret);
	return end && !*end;
}

/* "<gate>/<digest>" behind the commit. */
static const char *statement_text(struct arena *arena, const char *path)
{
	struct oid commit;
	const char *gate = fanned(path + strlen("evidence/"), &commit);
	const char *digest = gate && *gate ? strrchr(gate + 1, '/') : NULL;

	if (!digest)
		return NULL;
	return arena_printf(arena, "statement %.8s of %.*s about %s",
	    digest + 1, (int)(digest - gate - 1), gate + 1,
	    oid_hex8(&commit).s);
}

/* The record of a ref says which. */
static const char *record_text(
    struct arena *arena, const char *bytes, size_t len)
{
	struct ref_record record;
	struct err err;

	if (!bytes || ref_record_parse(arena, "", bytes, len, &record, &err))
		return NULL;
	return arena_printf(arena, "the record of %s", record.ref);
}

/* Of locks/aa/bb/..: so does this one. */
static const char *lock_text(struct arena *arena, const char *bytes, size_t len)
{
	struct numbers open;
	const char *ref;
	struct err err;

	if (!bytes || lock_parse(arena, "", bytes, len, &ref, &open, &err))
		return NULL;
	return arena_printf(arena, "the list of open incidents of %s", ref);
}

const char *verify_file_text(
    struct arena *arena, const char *path, const char *bytes, size_t len)
{
	const char *text = NULL;
	struct oid oid;

	if (verify_path_oid(path, "", &oid))
		return arena_printf(
		    arena, "the note of commit %s", oid_hex8(&oid).s);
	if (verify_path_oid(path, "trees/", &oid))
		return arena_printf(arena,
		    "the list of statements about tree %s", oid_hex8(&oid).s);
	if (str_prefix(path, "refs/"))
		text = record_text(arena, bytes, len);
	else if (str_prefix(path, "locks/"))
		text = lock_text(arena, bytes, len);
	else if (str_prefix(path, "evidence/"))
		text = statement_text(arena, path);
	return text ? text : arena_printf(arena, "'%s'", path);
}
