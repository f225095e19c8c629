#ifndef SUPPORT_FAKEDIRECTIVES_H
#define SUPPORT_FAKEDIRECTIVES_H

#include "support/fakecase.h"

/*
 * What the files behind fakecase.h share: fakewords.c splits lines,
 * fakehistory.c makes objects and refs, fakecommand.c programs,
 * fakechild.c repositories of submodules, fakeincident.c incidents, fakecase.c
 * the rest of the ledger and the push.
 */
#define BYTES_MAX ((size_t)8 << 20) /* of one word or object */
#define DAY_S ((int64_t)86400)

/* A time as the tables write it. */
int fakecase_time(
    const struct fakecase *c, const char *word, int64_t *ret, struct err *err);
/* The value of `key=value`, or NULL. */
const char *word_value(const struct word *word, const char *key);
/* Fewer than n words: ERR_FORMAT. */
int words_too_few(const struct words *words, size_t n, struct err *err);
/* A word that says nothing here: ERR_FORMAT, always -1. */
int word_unknown(const struct word *word, struct err *err);

/* Directives: words[0] is their name. */
typedef int run_fn(
    struct fakecase *c, const struct words *words, struct err *err);
run_fn run_now, run_commit, run_chain, run_blob, run_tag, run_broken,
    run_missing, run_ref, run_merge_tree, run_command, run_child, run_incident;

#endif
