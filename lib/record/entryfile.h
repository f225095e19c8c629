#ifndef RECORD_ENTRYFILE_H
#define RECORD_ENTRYFILE_H

#include "record/ledger.h"
#include "record/plan.h"

/*
 * The files in the ledger that are YAML, written and read: ref records, notes
 * and the lists of trees.  They are on disk for ever: keys may be added, none
 * changed.
 */
#define RECORD_BYTES_MAX ((size_t)64 << 10)
#define NOTE_BYTES_MAX ((size_t)64 << 20)

int ref_record_format(struct arena *arena, const struct ref_record *record,
    const char **ret_bytes, size_t *ret_len, struct err *err);
int ref_record_parse(struct arena *arena, const char *what, const char *bytes,
    size_t len, struct ref_record *ret, struct err *err);

int note_parse(struct arena *arena, const char *what, const char *bytes,
    size_t len, struct note *ret, struct err *err);

/* A statement in the list of a tree. */
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
 * Notes and lists grow at the end: a new item is put in place without reading
 * the old ones, so what a later version added to them stays.  bytes NULL: a
 * new file.  The text that comes back ends in a NUL.
 */
struct file_text {
	const char *bytes;
	size_t len;
};
int note_add_passage(struct arena *arena, struct file_text *note,
    const struct note_passage *passage, const struct plan_gate *gates,
    size_t ngates, struct err *err);
int note_add_evidence(struct arena *arena, struct file_text *note,
    const struct note_evidence *evidence, struct err *err);
int note_add_squash(struct arena *arena, struct file_text *note,
    const struct oid *squash, struct err *err);
int tree_add_statement(struct arena *arena, struct file_text *list,
    const struct tree_statement *statement, struct err *err);

#endif
