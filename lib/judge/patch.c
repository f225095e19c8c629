#include "judge/patch.h"

#include <string.h>

#include "base/digest.h"

/* The kinds of elements: on disk for ever, behind the digests of a ledger. */
enum element {
	ELEMENT_PATH = 'P',
	ELEMENT_MODE = 'M',
	ELEMENT_ID = 'I',
	ELEMENT_SIDES = 'S',
	ELEMENT_HUNK = '@',
	ELEMENT_CONTEXT = ' ',
	ELEMENT_ADDED = '+',
	ELEMENT_REMOVED = '-',
	ELEMENT_NO_NEWLINE = '\\',
};

/* What is not there has no id either, whatever its entry holds. */
static const struct oid nothing = { { 0 } };

/* Kind, length as eight bytes with the greatest first, bytes. */
static void add(
    struct sha256 *sum, enum element kind, const void *p, size_t len)
{
	unsigned char head[1 + 8];
	uint64_t left = len;

	head[0] = (unsigned char)kind;
	for (size_t i = sizeof(head) - 1; i > 0; i--, left >>= 8)
		head[i] = (unsigned char)(left & 0xff);
	sha256_add(sum, head, sizeof(head));
	sha256_add(sum, p, len);
}

static void add_number(struct sha256 *sum, enum element kind, uint64_t n)
{
	unsigned char bytes[8];

	for (size_t i = sizeof(bytes); i > 0; i--, n >>= 8)
		bytes[i - 1] = (unsigned char)(n & 0xff);
	add(sum, kind, bytes, sizeof(bytes));
}

static const struct oid *id_of(const struct view_entry *entry)
{
	return entry->mode == 0 ? &nothing : &entry->oid;
}

static void add_entry(struct sha256 *sum, const struct view_entry *entry)
{
	add_number(sum, ELEMENT_MODE, entry->mode);
	add(sum, ELEMENT_ID, id_of(entry), sizeof(*id_of(entry)));
}

static int add_line(void *ctx, enum hunk_line kind, const char *bytes,
    size_t len, struct err *err)
{
	static const enum element elements[] = {
		[HUNK_BEGINS] = ELEMENT_HUNK,
		[HUNK_CONTEXT] = ELEMENT_CONTEXT,
		[HUNK_ADDED] = ELEMENT_ADDED,
		[HUNK_REMOVED] = ELEMENT_REMOVED,
		[HUNK_NO_NEWLINE] = ELEMENT_NO_NEWLINE,
	};

	(void)err;
	add(ctx, elements[kind], bytes, len);
	return 0;
}

/* Files and symbolic links are blobs; a submodule is an id. */
static bool is_blob(unsigned mode)
{
	return (mode & MODE_KIND) == MODE_FILE ||
	    (mode & MODE_KIND) == MODE_SYMLINK;
}

/*
 * Lines of a file and the target of a link are no lines of one text.  Of a file
 * that is new or gone every line is in the change, which its id says as well,
 * without reading it.
 */
static bool has_lines(const struct path_change *change)
{
	unsigned from = change->from.mode, to = change->to.mode;

	return is_blob(from) && is_blob(to) &&
	    (from & MODE_KIND) == (to & MODE_KIND);
}

static int add_path(const struct view *view, struct sha256 *sum,
    const struct path_change *change, struct err *err)
{
	int by_ids = 1;

	add(sum, ELEMENT_PATH, change->path, strlen(change->path));
	if (change->nsides > 0) {
		/* Which side gave which line is nothing that a rebase keeps. */
		add_number(sum, ELEMENT_SIDES, change->nsides);
		for (size_t i = 0; i < change->nsides; i++)
			add_entry(sum, &change->sides[i]);
		add_entry(sum, &change->to);
		return 0;
	}
	add_number(sum, ELEMENT_MODE, change->from.mode);
	add_number(sum, ELEMENT_MODE, change->to.mode);
	if (has_lines(change))
		by_ids = view->hunks(view->git, id_of(&change->from),
		    id_of(&change->to), add_line, sum, err);
	if (by_ids > 0) {
		add(sum, ELEMENT_ID, id_of(&change->from), sizeof(nothing));
		add(sum, ELEMENT_ID, id_of(&change->to), sizeof(nothing));
	}
	return by_ids < 0 ? -1 : 0;
}

int patch_digest(
    const struct gate_facts *facts, const char **ret_hex40, struct err *err)
{
	const struct change *change;
	struct sha256 *sum;

	if (facts_change(facts, &change, err) < 0)
		return -1;
	*ret_hex40 = NULL;
	if (change->n == 0)
		return 0;
	sum = sha256_begin(facts->arena);
	for (size_t i = 0; i < change->n; i++)
		if (add_path(facts->view, sum, &change->v[i], err) < 0)
			return -1;
	*ret_hex40 = sha256_end40(facts->arena, sum);
	return 0;
}
