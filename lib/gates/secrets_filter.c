#include <sodium.h>
#include <string.h>

#include "base/text.h"
#include "gates/secrets_scan.h"

#define SHOWN_MAX 4            /* bytes of a secret that are shown */
#define ENTROPY_BYTES_MAX 1024 /* of a secret that are counted */
#define CHANGES_MIN 3          /* of the kind of byte, in a random literal */
#define TWO_KINDS_MIN 12       /* bytes of one of letters and digits alone */
#define BASE64_MAX 256         /* bytes, decoded */
#define RUN_MAX 5              /* of the same letter x, or sign */

/* ---- placeholders ------------------------------------------------------- */

static bool is_one_of(
    const char *p, size_t len, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(words[i]) == len &&
		    strncasecmp(p, words[i], len) == 0)
			return true;
	return false;
}

static bool holds_folded(const char *p, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; n <= len && i <= len - n; i++)
		if (strncasecmp(p + i, word, n) == 0)
			return true;
	return false;
}

/* "xxxxxx", "******", "......": nobody's credential has that. */
static bool has_run(const char *p, size_t len)
{
	size_t run = 0;

	for (size_t i = 0; i < len; i++) {
		char c = p[i] == 'X' ? 'x' : p[i];

		if (!strchr("x*.-_#", c) || c == '\0')
			run = 0;
		else if (i > 0 && run > 0 && (p[i - 1] | 0x20) == (c | 0x20))
			run++;
		else
			run = 1;
		if (run > RUN_MAX)
			return true;
	}
	return false;
}

static bool is_all_x(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!strchr("xX*.-_", p[i]) || p[i] == '\0')
			return false;
	return true;
}

/* ${NAME}, $(command), $NAME, {{ name }}, {name}, %s, %(name)s, <name>,
 * [name] */
static bool is_reference(const char *p, size_t len)
{
	char last = p[len - 1];

	if (p[0] == '$' || (len > 1 && p[0] == '#' && p[1] == '{'))
		return true;
	return (p[0] == '<' && last == '>') || (p[0] == '{' && last == '}') ||
	    (p[0] == '[' && last == ']') ||
	    (p[0] == '%' && (last == '%' || last == 's'));
}

bool secret_is_placeholder(const char *p, size_t len, unsigned flags)
{
	static const char *const parts[] = { "changeme", "change-me",
		"change_me", "placeholder", "redacted", "your-", "your_",
		"-here", "_here", "${", "{{" };
	static const char *const plain[] = { "password", "passwd", "pass",
		"secret", "postgres", "mysql", "root", "user", "username",
		"admin", "guest", "test", "pwd", "pw", "foo", "bar", "db",
		"redis", "token", "mypassword", "example" };

	if (len == 0 || is_reference(p, len) || is_all_x(p, len) ||
	    has_run(p, len))
		return true;
	if (memmem(p, len, "EXAMPLE", strlen("EXAMPLE")) ||
	    (len > strlen("example") &&
		strncasecmp(p + len - strlen("example"), "example",
		    strlen("example")) == 0))
		return true;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (holds_folded(p, len, parts[i]))
			return true;
	return (flags & RULE_URL) &&
	    is_one_of(p, len, plain, sizeof(plain) / sizeof(*plain));
}

/* ---- randomness --------------------------------------------------------- */

/* 1024 times the logarithm to base 2, by squaring: n from 1 to 65535. */
static uint64_t log2_1024(uint64_t n)
{
	uint64_t whole = 63 - (uint64_t)__builtin_clzll(n);
	uint64_t x = (n << 32) >> whole; /* from 1 to 2, with 32 bits behind */
	uint64_t result = whole << 10;

	for (uint64_t bit = 512; bit > 0; bit >>= 1) {
		x = (x >> 16) * (x >> 16);
		if (x >> 33) {
			x >>= 1;
			result += bit;
		}
	}
	return result;
}

unsigned secret_entropy(const char *p, size_t len)
{
	uint64_t counts[256] = { 0 }, sum = 0;
	size_t n = len < ENTROPY_BYTES_MAX ? len : ENTROPY_BYTES_MAX;

	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		counts[(unsigned char)p[i]]++;
	for (size_t i = 0; i < 256; i++)
		if (counts[i] > 0)
			sum += counts[i] * log2_1024(counts[i]);
	return (unsigned)(((log2_1024(n) * n - sum) * 10 / n) >> 10);
}

enum class {
	SEPARATOR, /* of words: they tell nothing */
	LOWER,
	UPPER,
	DIGIT,
	OTHER
};

static enum class class_of(char c) {
	if (c >= 'a' && c <= 'z') return LOWER;
	    if (c >= 'A' && c <= 'Z') return UPPER;
	    if (c >= '0' && c <= '9') return DIGIT;
	    return strchr("_-.:/ ", c) ? SEPARATOR : OTHER;
}

/*
 * Names are words, one after the other, perhaps with a number behind:
 * my_token2, sha256-rsa4096, X-Amz-Date.  What is random goes to and fro
 * between letters, digits and signs.
 */
static bool is_mixed(const char *p, size_t len)
{
	size_t seen[OTHER + 1] = { 0 }, changes = 0, kinds = 0;
	enum class before = SEPARATOR;

	for (size_t i = 0; i < len; i++) {
		enum class class = class_of(p[i]);

		seen[class]++;
		/* A capital that begins a word is a part of it. */
		if (before != SEPARATOR && class != SEPARATOR &&
		    class != before && !(before == UPPER && class == LOWER))
			changes++;
		before = class;
	}
	for (size_t class = LOWER; class <= OTHER; class ++)
		kinds += seen[class] > 0;
	return seen[DIGIT] > 0 && seen[LOWER] + seen[UPPER] > 0 &&
	    changes >= CHANGES_MIN && (kinds > 2 || len >= TWO_KINDS_MIN);
}

/* What is printable when it is decoded, as `joe:secret` in a header. */
static bool decode_text(const char *p, size_t len, char *to, size_t *ret_len)
{
	if (sodium_base642bin((unsigned char *)to, BASE64_MAX, p, len, NULL,
		ret_len, NULL, sodium_base64_VARIANT_ORIGINAL) < 0)
		return false;
	for (size_t i = 0; i < *ret_len; i++)
		if (to[i] < ' ' || to[i] > '~')
			return false;
	return true;
}

bool secret_is_random(const char *p, size_t len)
{
	char text[BASE64_MAX];
	size_t n;

	if (memmem(p, len, "://", 3) || p[0] == '/' || p[0] == '.' ||
	    !is_mixed(p, len))
		return false;
	return !decode_text(p, len, text, &n) || is_mixed(text, n);
}

/* ---- showing ------------------------------------------------------------ */

const char *secret_masked(struct arena *arena, const char *p, size_t len)
{
	size_t shown = len / 4 < SHOWN_MAX ? len / 4 : SHOWN_MAX;

	return arena_printf(arena, "%s****", text_clean(arena, p, shown));
}
