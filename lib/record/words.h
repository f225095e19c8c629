#ifndef RECORD_WORDS_H
#define RECORD_WORDS_H

#include <stdbool.h>

#include "judge/verdict.h"
#include "judge/view.h"

/* The words by which plans, notes and trailers name states.  They are on disk
 * for ever: a word may be added, none changed. */
const char *transition_text(enum transition kind);             /* "merge" */
const char *passage_state_text(enum passage_state state);      /* "accepted" */
const char *evidence_result_text(enum evidence_result result); /* "pass" */
const char *incident_kind_text(enum incident_kind kind);       /* "bypass" */
const char *incident_style_text(bool rewind);                  /* "revert" */

/* False: no such word. */
bool transition_parse(const char *text, enum transition *ret);
bool passage_state_parse(const char *text, enum passage_state *ret);
bool evidence_result_parse(const char *text, enum evidence_result *ret);
bool gate_state_parse(const char *text, enum gate_state *ret);
bool incident_kind_parse(const char *text, enum incident_kind *ret);
bool incident_style_parse(const char *text, bool *ret_rewind);

/* Did the ref go back, so that later tips are withdrawn? */
bool transition_takes_back(enum transition kind);

/* Can the ledger name the ref?  Its trailers hold names as they are: no
 * blanks, no control characters, valid UTF-8. */
bool ref_name_fits(const char *ref);

#endif
