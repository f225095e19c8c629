#include "base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static const char dots[] = "...";

/* Replaces the end of a text that was cut, never in the middle of a
 * character. */
static void mark_cut(char *text, size_t size)
{
	size_t at = size - sizeof(dots);

	while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
		at--;
	memcpy(text + at, dots, sizeof(dots));
}

static bool is_cut(int n, size_t size)
{
	return n < 0 || (size_t)n >= size;
}

int err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
{
	char text[ERR_TEXT_MAX]; /* an argument may be err->text itself */
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (is_cut(n, sizeof(text)))
		mark_cut(text, sizeof(text));
	err->kind = kind;
	memcpy(err->text, text, sizeof(text));
	return -1;
}

int err_prefix(struct err *err, const char *fmt, ...)
{
	char text[2 * ERR_TEXT_MAX];
	va_list ap;
	size_t len;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, ERR_TEXT_MAX, fmt, ap);
	va_end(ap);
	if (is_cut(n, ERR_TEXT_MAX))
		mark_cut(text, ERR_TEXT_MAX);
	len = strlen(text);
	n = snprintf(text + len, sizeof(text) - len, ": %s", err->text);
	if (is_cut(n, sizeof(text) - len) || strlen(text) >= ERR_TEXT_MAX)
		mark_cut(text, ERR_TEXT_MAX);
	memcpy(err->text, text, ERR_TEXT_MAX);
	return -1;
}
