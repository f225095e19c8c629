#ifndef RECORD_ENTRYFILE_H
#define RECORD_ENTRYFILE_H

#include "record/ledger.h"
#include "record/plan.h"
#include "record/yaml.h"

/*
 * The files in the ledger that are YAML, written and read: ref records, notes
 * and the lists of trees and changes.  They are on disk for ever: keys may be
 * added, none changed.
 */
#define RECORD_BYTES_MAX ((size_t)64 << 10)
#define NOTE_BYTES_MAX ((size_t)64 << 20)

int ref_record_format(struct arena *arena, const struct ref_record *record,
    const char **ret_bytes, size_t *ret_len, struct err *err);
int ref_record_parse(struct arena *arena, const char *what, const char *bytes,
    size_t len, struct ref_record *ret, struct err *err);

int note_parse(struct arena *arena, const char *what, const char *bytes,
    size_t len, struct note *ret, struct err *err);

/* A statement in the list of a tree or of a change. */
struct tree_statement {
	const char *gate, *digest, *by;
	struct oid commit;
};
struct tree_statements {
	struct tree_statement *v;
	size_t n, cap;
};
int tree_statements_parse(struct arena *arena, const char *what,
    const char *bytes, size_t len, struct tree_statements *ret,
    struct err *err);

/*
 * Notes and those lists grow at the end: new items are put in place
 * without reading the old ones, so what a later version added to them stays.
 *
 *	note_begin(&note, arena, bytes, len);
 *	note_add_passage(&note, ..);
 *	note_end(&note, &bytes, &len, err);
 */
#define NOTE_EMPTY "passages: []\nevidence: []\n"
#define TREE_EMPTY "evidence: []\n"
enum note_list {
	NOTE_PASSAGES,
	NOTE_EVIDENCE, /* the one that the list of a tree or change has */
	NOTE_SQUASHES,
	NOTE_INCIDENTS,
	NOTE_LISTS
};
struct note_text {
	struct arena *arena;
	const char *bytes; /* as it was */
	size_t len;
	struct yaml added[NOTE_LISTS];
};
void note_begin(
    struct note_text *note, struct arena *arena, const char *bytes, size_t len);
void note_add_passage(struct note_text *note,
    const struct note_passage *passage, const struct plan_gate *gates,
    size_t ngates);
void note_add_evidence(
    struct note_text *note, const struct note_evidence *evidence);
void note_add_squash(struct note_text *note, const struct oid *squash);
void note_add_incident(struct note_text *note, uint64_t number);
void tree_add_statement(
    struct note_text *list, const struct tree_statement *statement);
/* The bytes end in a NUL. */
int note_end(struct note_text *note, const char **ret_bytes, size_t *ret_len,
    struct err *err);

#endif
