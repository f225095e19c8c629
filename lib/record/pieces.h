#ifndef RECORD_PIECES_H
#define RECORD_PIECES_H

#include "base/err.h"
#include "policy/document.h"

/*
 * A YAML file in the form that yaml.h writes, read piece by piece: a plan may
 * name 100,000 refs and a commit may have been the tip of as many, far more
 * than one document may hold.
 *
 *	pieces_open(&pieces, arena, "the plan", bytes, len);
 *	while ((more = pieces_next(&pieces, &piece, err)) > 0)
 *		..
 *
 * A piece is an item of a list at the top (key: the list's), or the plain
 * `key: value` lines at the top that stand together (key NULL, a mapping).
 * An empty list (`key: []`) is part of the latter.
 */
struct piece {
	const char *key;
	const struct node *node;
};

struct pieces {
	struct arena *arena;
	const char *what; /* for messages */
	const char *at, *end;
	const char *key;         /* of the list that `at` is in; NULL: none */
	const struct node *list; /* items read ahead */
	size_t i;                /* of the next one */
	/* Where not NULL: of the list with that key only items whose text
	 * begins so are given. */
	const char *only_key, *only_text;
};

void pieces_open(struct pieces *pieces, struct arena *arena, const char *what,
    const char *bytes, size_t len);
/* 1 and *ret, 0 at the end, -1 with err: ERR_FORMAT. */
int pieces_next(struct pieces *pieces, struct piece *ret, struct err *err);

#endif
