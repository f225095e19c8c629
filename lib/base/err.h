#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * An error says "we could not find out": I/O, a broken object, a ceiling.  It
 * is never a verdict (a push that breaks a rule) and never a diagnostic (a
 * mistake in policy.yml).
 *
 * Every function that can fail is `int f(.., struct err *err)` and returns 0,
 * or -1 with err filled in.  struct err lives on the caller's stack; nothing
 * is to be freed.  Text that does not fit ends in "...".
 */
enum err_kind {
	ERR_NONE,
	ERR_IO,     /* the system refused: errno is in the text */
	ERR_FORMAT, /* bytes that are not what they should be */
	ERR_NOTFOUND,
	ERR_LIMIT, /* a ceiling was reached */
	ERR_SIZE,  /* an object is bigger than what is read */
	ERR_MOVED, /* somebody else was faster: compare-and-swap lost */
	ERR_INTERNAL
};

#define ERR_TEXT_MAX 512 /* bytes, with the NUL */

struct err {
	enum err_kind kind;
	char text[ERR_TEXT_MAX];
};

/* Fills err and returns -1, so that `return err_set(..)` reads well. */
int err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "<text>: " before what err already says; keeps kind; returns -1. */
int err_prefix(struct err *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
