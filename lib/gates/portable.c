#include "gates/portable.h"

#include <string.h>
#include <utf8proc.h>

#include "base/buf.h"
#include "base/text.h"

static char fold_ascii(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_word(const char *p, size_t len, const char *word)
{
	if (strlen(word) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (fold_ascii(p[i]) != word[i])
			return false;
	return true;
}

/* com0 to com9 and lpt0 to lpt9; Windows takes superscript digits (Latin-1,
 * two bytes in UTF-8) for digits there. */
static bool is_port(const char *p, size_t len)
{
	if (len < 4 || (!is_word(p, 3, "com") && !is_word(p, 3, "lpt")))
		return false;
	p += 3;
	if (len == 4)
		return *p >= '0' && *p <= '9';
	return len == 5 && p[0] == '\xc2' &&
	    (p[1] == '\xb9' || p[1] == '\xb2' || p[1] == '\xb3');
}

/* Names of devices, whatever follows the first dot. */
static bool is_reserved(const char *p, size_t len)
{
	static const char *const words[] = { "con", "prn", "aux", "nul",
		"conin$", "conout$" };
	const char *dot = memchr(p, '.', len);

	if (dot)
		len = (size_t)(dot - p);
	while (len > 0 && p[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (is_word(p, len, words[i]))
			return true;
	return is_port(p, len);
}

static const char *name_complaint(const char *p, size_t len)
{
	if (len > PORTABLE_NAME_MAX)
		return "has a name of more than 255 bytes";
	if (!utf8_valid(p, len))
		return "is not UTF-8";
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f ||
		    strchr("<>:\"|?*\\", p[i]))
			return "has a character that Windows forbids";
	if (len > 0 && (p[len - 1] == '.' || p[len - 1] == ' '))
		return "has a name that ends in a dot or a blank";
	if (is_reserved(p, len))
		return "has a name that Windows reserves";
	return NULL;
}

const char *portable_complaint(struct arena *arena, const char *path)
{
	size_t length = utf8_length(path, strlen(path));

	if (length > PORTABLE_PATH_MAX)
		return arena_printf(arena, "has %zu characters, at most %d",
		    length, PORTABLE_PATH_MAX);
	for (const char *p = path;;) {
		size_t len = strcspn(p, "/");
		const char *complaint = name_complaint(p, len);

		if (complaint)
			return complaint;
		if (!p[len])
			return NULL;
		p += len + 1;
	}
}

/* ---- names that are one ------------------------------------------------- */

static bool is_ascii(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)p[i] >= 0x80)
			return false;
	return true;
}

static const char *fold_bytes(struct arena *arena, const char *path, size_t len)
{
	char *folded = arena_strndup(arena, path, len);

	for (size_t i = 0; i < len; i++)
		folded[i] = fold_ascii(folded[i]);
	return folded;
}

/* NULL where the library does not take it, as what is not UTF-8. */
static const char *map(
    struct arena *arena, const char *path, size_t len, int options)
{
	const unsigned char *bytes = (const unsigned char *)path;
	utf8proc_option_t how = (utf8proc_option_t)(UTF8PROC_STABLE |
	    UTF8PROC_DECOMPOSE | UTF8PROC_IGNORE | options);
	utf8proc_ssize_t n, size = (utf8proc_ssize_t)len;
	utf8proc_int32_t *chars;

	n = utf8proc_decompose(bytes, size, NULL, 0, how);
	if (n < 0)
		return NULL;
	/* It becomes UTF-8 in its place, with a NUL. */
	chars = arena_array(arena, (size_t)n + 1, sizeof(*chars));
	if (utf8proc_decompose(bytes, size, chars, n, how) != n)
		return NULL;
	how = (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	return utf8proc_reencode(chars, n, how) < 0 ? NULL : (char *)chars;
}

const char *portable_fold(struct arena *arena, const char *path)
{
	size_t len = strlen(path);
	const char *folded = NULL;

	if (len <= PORTABLE_FOLD_MAX && !is_ascii(path, len))
		folded = map(arena, path, len, UTF8PROC_CASEFOLD);
	return folded ? folded : fold_bytes(arena, path, len);
}

/* With other bytes than letters of ASCII shown as what they are: two that look
 * alike are told apart. */
static const char *shown_bytes(struct arena *arena, const char *path)
{
	struct buf buf;

	buf_init(&buf, arena, 4 * PORTABLE_FOLD_MAX);
	for (const char *p = path; *p; p++)
		if (*p >= 0x20 && *p < 0x7f)
			buf_addc(&buf, *p);
		else
			buf_addf(&buf, "\\x%02x", (unsigned char)*p);
	return buf.p;
}

const char *portable_difference(
    struct arena *arena, const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b);
	const char *a_same, *b_same;

	if (a_len <= PORTABLE_FOLD_MAX && b_len <= PORTABLE_FOLD_MAX) {
		a_same = map(arena, a, a_len, 0);
		b_same = map(arena, b, b_len, 0);
		if (a_same && b_same && strcmp(a_same, b_same) == 0)
			return arena_printf(arena,
			    "%s and %s are the same letters in other bytes",
			    text_clean_s(arena, a), shown_bytes(arena, b));
	}
	return arena_printf(arena, "%s and %s differ in case only",
	    text_clean_s(arena, a), text_clean_s(arena, b));
}
