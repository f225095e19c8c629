#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "judge/commit.h"

/*
 * A raw tree is `<mode> <name>\0<20 bytes>` again and again.  git and libgit2
 * read most wrong ones, each in its own way: one that is out of order hides
 * entries from a search, one with a name twice shows either.
 */
struct entry {
	const char *mode, *name;
	size_t mode_len, len;
	bool is_folder;
	const unsigned char *oid;
};

struct file_name { /* of a file whose name starts the present one */
	const char *name;
	size_t len;
};
struct file_names {
	struct file_name *v;
	size_t n, cap;
};

static bool take_entry(const char **p, const char *end, struct entry *ret)
{
	const char *space = memchr(*p, ' ', (size_t)(end - *p));
	const char *nul;

	if (!space)
		return false;
	nul = memchr(space, '\0', (size_t)(end - space));
	if (!nul || end - nul < OID_SIZE + 1)
		return false;
	ret->mode = *p;
	ret->mode_len = (size_t)(space - *p);
	ret->name = space + 1;
	ret->len = (size_t)(nul - ret->name);
	ret->oid = (const unsigned char *)nul + 1;
	*p = nul + 1 + OID_SIZE;
	return true;
}

/* Exactly as git writes them: no leading zero, no other permission bits. */
static bool mode_is_known(struct entry *entry)
{
	static const char *const modes[] = { "40000", "100644", "100755",
		"120000", "160000" };

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		if (strlen(modes[i]) != entry->mode_len ||
		    memcmp(modes[i], entry->mode, entry->mode_len) != 0)
			continue;
		entry->is_folder = i == 0;
		return true;
	}
	return false;
}

/* HFS+ leaves these out of names (git's next_hfs_char). */
static bool is_ignored_by_hfs(uint32_t c)
{
	return (c >= 0x200c && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	    (c >= 0x206a && c <= 0x206f) || c == 0xfeff;
}

static bool is_hfs_dotgit(const char *name, size_t len)
{
	static const char dotgit[] = ".git";
	size_t at = 0;

	if (*name != '.' && !(*name & 0x80)) /* most names */
		return false;
	for (size_t i = 0; i < len;) {
		uint32_t c = 0;
		size_t n = utf8_decode(name + i, len - i, &c);

		if (n == 0)
			return false;
		i += n;
		if (is_ignored_by_hfs(c))
			continue;
		if (c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		if (at == sizeof(dotgit) - 1 || c != (uint32_t)dotgit[at])
			return false;
		at++;
	}
	return at == sizeof(dotgit) - 1;
}

/* NTFS drops blanks and periods at the end of a name. */
static bool is_padded(const char *name, size_t len, const char *what)
{
	size_t n = strlen(what);

	if (len < n || (*name | 0x20) != *what ||
	    strncasecmp(name, what, n) != 0)
		return false;
	for (; n < len; n++)
		if (name[n] != ' ' && name[n] != '.')
			return false;
	return true;
}

/* There a backslash ends a folder's name and a ':' begins a stream's; git~1
 * is the short name of .git (git's is_ntfs_dotgit). */
static bool is_ntfs_dotgit(const char *name, size_t len)
{
	size_t from = 0;

	for (size_t i = 0; i <= len; i++) {
		if (i < len && name[i] != '\\' && name[i] != ':')
			continue;
		if (is_padded(name + from, i - from, ".git") ||
		    is_padded(name + from, i - from, "git~1"))
			return true;
		if (i < len && name[i] == ':')
			return false;
		from = i + 1;
	}
	return false;
}

static const char *check_name(struct arena *arena, const struct entry *entry)
{
	const char *name = entry->name;
	size_t len = entry->len;

	if (len == 0)
		return "an entry of it has no name";
	if (memchr(name, '/', len))
		return arena_printf(arena,
		    "its entry '%s' has a slash in its name",
		    text_clean(arena, name, len));
	if ((len == 1 && *name == '.') ||
	    (len == 2 && memcmp(name, "..", 2) == 0))
		return arena_printf(
		    arena, "it has an entry named '%.*s'", (int)len, name);
	if (is_hfs_dotgit(name, len) || is_ntfs_dotgit(name, len))
		return arena_printf(arena,
		    "its entry '%s' is '.git' on some file system",
		    text_clean(arena, name, len));
	return NULL;
}

static int compare(const struct entry *a, const struct entry *b)
{
	size_t least = a->len < b->len ? a->len : b->len;
	int order = memcmp(a->name, b->name, least);
	int x, y;

	if (order)
		return order;
	x = a->len > least ? (unsigned char)a->name[least]
	    : a->is_folder ? '/'
			   : 0;
	y = b->len > least ? (unsigned char)b->name[least]
	    : b->is_folder ? '/'
			   : 0;
	return x - y;
}

/* A file and a folder of one name need not be neighbours: between `a` and `a/`
 * there is room for `a-b`.  Whatever lies between begins with that name. */
static bool is_file_too(
    struct arena *arena, struct file_names *files, const struct entry *entry)
{
	while (files->n > 0) {
		const struct file_name *top = &files->v[files->n - 1];

		if (top->len <= entry->len &&
		    memcmp(top->name, entry->name, top->len) == 0)
			break;
		files->n--;
	}
	if (files->n > 0 && files->v[files->n - 1].len == entry->len)
		return true;
	if (!entry->is_folder)
		ARRAY_PUSH(arena, files,
		    (struct file_name){ entry->name, entry->len });
	return false;
}

static const char *check_entry(struct arena *arena, struct entry *entry)
{
	static const unsigned char zero[OID_SIZE];

	if (!mode_is_known(entry))
		return arena_printf(arena, "its entry '%s' has the mode '%s'",
		    text_clean(arena, entry->name, entry->len),
		    text_clean(arena, entry->mode, entry->mode_len));
	if (memcmp(entry->oid, zero, OID_SIZE) == 0)
		return arena_printf(arena, "its entry '%s' names no object",
		    text_clean(arena, entry->name, entry->len));
	return check_name(arena, entry);
}

const char *tree_complaint(struct arena *arena, const char *bytes, size_t len)
{
	const char *p = bytes, *end = bytes + len, *complaint;
	struct entry entry = { 0 }, before = { 0 };
	struct file_names files = { 0 };

	for (; p < end; before = entry) {
		int order;

		if (!take_entry(&p, end, &entry))
			return "it is cut off";
		complaint = check_entry(arena, &entry);
		if (complaint)
			return complaint;
		order = before.name ? compare(&before, &entry) : -1;
		if (order > 0)
			return arena_printf(arena,
			    "its entry '%s' is out of order",
			    text_clean(arena, entry.name, entry.len));
		if (order == 0 || is_file_too(arena, &files, &entry))
			return arena_printf(arena,
			    "it has two entries named '%s'",
			    text_clean(arena, entry.name, entry.len));
	}
	return NULL;
}
