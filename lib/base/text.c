#include "base/text.h"

#include <string.h>

static bool is_continuation(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* Length of a sequence by its first byte, with the bits of that byte and the
 * smallest character that needs so many bytes; 0 when no sequence begins so. */
static size_t lead(unsigned char c, uint32_t *ret_bits, uint32_t *ret_least)
{
	if (c >= 0xc2 && c <= 0xdf) {
		*ret_bits = c & 0x1fu;
		*ret_least = 0x80;
		return 2;
	}
	if (c >= 0xe0 && c <= 0xef) {
		*ret_bits = c & 0x0fu;
		*ret_least = 0x800;
		return 3;
	}
	if (c >= 0xf0 && c <= 0xf4) {
		*ret_bits = c & 0x07u;
		*ret_least = 0x10000;
		return 4;
	}
	return 0;
}

size_t utf8_decode(const char *p, size_t len, uint32_t *ret_char)
{
	unsigned char first = (unsigned char)p[0];
	uint32_t c, least;
	size_t n;

	if (first < 0x80) {
		*ret_char = first;
		return 1;
	}
	n = lead(first, &c, &least);
	if (n == 0 || n > len)
		return 0;
	for (size_t i = 1; i < n; i++) {
		unsigned char next = (unsigned char)p[i];

		if (!is_continuation(next))
			return 0;
		c = c << 6 | (next & 0x3fu);
	}
	if (c < least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret_char = c;
	return n;
}

size_t utf8_put(uint32_t c, char *to)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	static const unsigned char leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n - 1; i > 0; i--, c >>= 6)
		to[i] = (char)(0x80 | (c & 0x3f));
	to[0] = (char)(leads[n] | c);
	return n;
}

bool utf8_valid(const char *p, size_t len)
{
	uint32_t c;

	for (size_t i = 0; i < len;) {
		size_t n = utf8_decode(p + i, len - i, &c);

		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

size_t utf8_length(const char *p, size_t len)
{
	size_t length = 0;
	uint32_t c;

	for (size_t i = 0; i < len; length++) {
		size_t n = utf8_decode(p + i, len - i, &c);

		i += n > 0 ? n : 1;
	}
	return length;
}

/* Default_Ignorable_Code_Point of Unicode 15, the C1 controls, and what else
 * separates lines or annotates without being seen. */
static const struct {
	uint32_t first, last;
} hidden[] = {
	{ 0x0080, 0x009f },   /* C1 controls */
	{ 0x00ad, 0x00ad },   /* soft hyphen */
	{ 0x034f, 0x034f },   /* combining grapheme joiner */
	{ 0x061c, 0x061c },   /* Arabic letter mark */
	{ 0x115f, 0x1160 },   /* Hangul fillers */
	{ 0x17b4, 0x17b5 },   /* Khmer inherent vowels */
	{ 0x180b, 0x180f },   /* Mongolian selectors and separator */
	{ 0x200b, 0x200f },   /* zero width space and joiners, LRM, RLM */
	{ 0x2028, 0x202e },   /* line, paragraph; bidi embedding, override */
	{ 0x2060, 0x206f },   /* word joiner, bidi isolates, deprecated */
	{ 0x3164, 0x3164 },   /* Hangul filler */
	{ 0xfe00, 0xfe0f },   /* variation selectors */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xffa0, 0xffa0 },   /* half-width Hangul filler */
	{ 0xfff0, 0xfffb },   /* unassigned, interlinear annotation */
	{ 0x1bca0, 0x1bca3 }, /* shorthand format controls */
	{ 0x1d173, 0x1d17a }, /* musical format controls */
	{ 0xe0000, 0xe0fff }, /* tags, more variation selectors */
};

bool char_is_hidden(uint32_t c)
{
	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++) {
		if (c < hidden[i].first)
			return false;
		if (c <= hidden[i].last)
			return true;
	}
	return false;
}

bool text_has_hidden(const char *p, size_t len)
{
	uint32_t c;

	for (size_t i = 0; i < len;) {
		size_t n = utf8_decode(p + i, len - i, &c);

		if (n > 1 && char_is_hidden(c))
			return true;
		i += n > 0 ? n : 1;
	}
	return false;
}

/* The bytes of the next character (one for an invalid byte), and whether they
 * may be shown as they are. */
static size_t next_char(const char *p, size_t len, bool *ret_shown)
{
	uint32_t c;
	size_t n = utf8_decode(p, len, &c);

	*ret_shown = n > 0 && c >= 0x20 && c != 0x7f && !char_is_hidden(c);
	return n > 0 ? n : 1;
}

static size_t clean_size(const char *p, size_t len)
{
	size_t size = 0;
	bool shown;

	for (size_t i = 0; i < len;) {
		size_t n = next_char(p + i, len - i, &shown);

		size += shown ? n : 4 * n;
		i += n;
	}
	return size;
}

const char *text_clean(struct arena *arena, const char *p, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char *clean = arena_alloc(arena, clean_size(p, len) + 1);
	char *to = clean;
	bool shown;

	for (size_t i = 0; i < len;) {
		size_t n = next_char(p + i, len - i, &shown);

		for (size_t end = i + n; i < end; i++) {
			unsigned char byte = (unsigned char)p[i];

			if (shown) {
				*to++ = p[i];
				continue;
			}
			*to++ = '\\';
			*to++ = 'x';
			*to++ = digits[byte >> 4];
			*to++ = digits[byte & 15];
		}
	}
	*to = '\0';
	return clean;
}

const char *text_clean_s(struct arena *arena, const char *s)
{
	return text_clean(arena, s, strlen(s));
}

bool str_prefix(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_below(const char *path, const char *dir)
{
	return str_prefix(path, dir) && path[strlen(dir)] == '/';
}

bool str_suffix(const char *s, const char *suffix)
{
	size_t len = strlen(s), suffix_len = strlen(suffix);

	return suffix_len <= len &&
	    memcmp(s + len - suffix_len, suffix, suffix_len) == 0;
}

bool str_is_hex(const char *s, size_t digits)
{
	return strspn(s, "0123456789abcdef") == digits && s[digits] == '\0';
}
