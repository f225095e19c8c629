#ifndef RECORD_FIELDS_H
#define RECORD_FIELDS_H

#include <stdint.h>

#include "base/array.h"
#include "base/err.h"
#include "base/oid.h"
#include "policy/document.h"
#include "record/words.h"

/*
 * Reading the mappings that yaml.h wrote.  A key that is missing or has a
 * wrong value is remembered (the first one), and asked for once:
 *
 *	fields_open(&f, arena, "the plan", node);
 *	plan->id = fields_text(&f, "id");
 *	..
 *	return fields_close(&f, err);
 *
 * Unknown keys are passed over: a later version may have written them.
 */
struct fields {
	struct arena *arena;
	const char *what;
	const struct node *node;
	const char *bad_key; /* NULL: none so far */
};

void fields_open(struct fields *f, struct arena *arena, const char *what,
    const struct node *node);
int fields_close(const struct fields *f, struct err *err);

bool fields_have(const struct fields *f, const char *key);
const char *fields_text(struct fields *f, const char *key);
struct oid fields_oid(struct fields *f, const char *key);
/* Zero where the key is absent. */
struct oid fields_oid_or_zero(struct fields *f, const char *key);
uint64_t fields_number(struct fields *f, const char *key);
int64_t fields_time(struct fields *f, const char *key);
enum transition fields_transition(struct fields *f, const char *key);
enum passage_state fields_passage_state(struct fields *f, const char *key);
enum evidence_result fields_result(struct fields *f, const char *key);
enum incident_kind fields_incident_kind(struct fields *f, const char *key);
/* Is it "rewind", not "revert"? */
bool fields_incident_rewind(struct fields *f, const char *key);
/* A key that must not be there. */
void fields_lack(struct fields *f, const char *key);
/* Lists of scalars; empty where the key is absent. */
struct strings fields_texts(struct fields *f, const char *key);
struct oids fields_oids(struct fields *f, const char *key);
/* A list of mappings, or a mapping; NULL where the key is absent. */
const struct node *fields_nodes(struct fields *f, const char *key);
const struct node *fields_map(struct fields *f, const char *key);

#endif
