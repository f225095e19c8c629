#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * Bytes from outside: is it UTF-8, may it be shown, what does it look like.
 * Encoding as in RFC 3629 (no overlong forms, no surrogates, <= U+10FFFF).
 */

/* Decodes one character at p (len > 0): its length in bytes, or 0 when it is
 * not valid UTF-8 there. */
size_t utf8_decode(const char *p, size_t len, uint32_t *ret_char);
/* Writes the 1 to 4 bytes of a character and returns how many (no NUL). */
size_t utf8_put(uint32_t c, char *to);
bool utf8_valid(const char *p, size_t len);
/* Characters in valid UTF-8; every invalid byte counts as one. */
size_t utf8_length(const char *p, size_t len);

/* True for characters that change how text around them looks without being
 * seen: bidirectional controls, zero-width characters, BOM, soft hyphen,
 * tags, variation selectors, line/paragraph separators, C1 controls. */
bool char_is_hidden(uint32_t c);
bool text_has_hidden(const char *p, size_t len);

/* A copy that is safe on any terminal: printable ASCII and visible UTF-8 stay,
 * every control byte, invalid byte and hidden character becomes \xNN (each
 * byte of it).  Newline and tab too: the result is one line. */
const char *text_clean(struct arena *arena, const char *p, size_t len);
const char *text_clean_s(struct arena *arena, const char *s);

/* The skeleton by which two names count as look-alikes: ASCII case folded,
 * Latin/Greek/Cyrillic/full-width letters that look like an ASCII letter
 * replaced by it (dotless i, Kelvin sign, long s, Cyrillic a ..), combining
 * marks and hidden characters dropped, trailing dots and spaces of each path
 * component dropped (NTFS), HFS+ ignorables dropped. */
const char *text_skeleton(struct arena *arena, const char *p, size_t len);

bool str_prefix(const char *s, const char *prefix); /* s starts with prefix */
bool str_suffix(const char *s, const char *suffix);
/* path lies below dir, by their names alone: "a/b" below "a", "ab" and "a" not
 */
bool str_below(const char *path, const char *dir);
/* s is that many lower-case hex digits and nothing else */
bool str_is_hex(const char *s, size_t digits);

#endif
