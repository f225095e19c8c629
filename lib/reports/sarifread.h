#ifndef REPORTS_SARIFREAD_H
#define REPORTS_SARIFREAD_H

#include <jansson.h>

#include "reports/sarif.h"

/*
 * What the parts of the SARIF reader share: where it stands, and how a member
 * of an object is asked for.  Nodes belong to the tree that sarif_read holds.
 */
struct sarif_reader {
	struct arena *arena;
	struct err *err;
	struct sarif *sarif;
	size_t run, result; /* indices */
	bool in_results;
	/* of the run; NULL: it has none */
	json_t *driver, *extensions, *artifacts;
	json_t *rules_by_id; /* id -> rule; NULL: not made yet.  sarif_read
			      * gives it back */
};

/* "runs[0].results[12]: " and the text; returns -1. */
int sarif_fault(struct sarif_reader *r, enum err_kind kind, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

/* A member of that type: NULL where it is absent or null, or there is no
 * object; one of another type is a fault. */
int sarif_member(struct sarif_reader *r, json_t *object, const char *key,
    json_type type, json_t **ret);
/* A text; NULL where it is absent. */
int sarif_text(
    struct sarif_reader *r, json_t *object, const char *key, const char **ret);
/* An index into a list; -1 where it is absent (or says so itself). */
int sarif_index(
    struct sarif_reader *r, json_t *object, const char *key, json_int_t *ret);

/* Adds a result to r->sarif, if it counts (sarifresult.c). */
int sarif_result_read(struct sarif_reader *r, json_t *result);

/* The rule of a result (sarifrule.c); NULL: it is described nowhere.
 * *ret_astray: an index is given and leads nowhere. */
int sarif_rule(
    struct sarif_reader *r, json_t *result, json_t **ret, bool *ret_astray);
/* The level that counts for a result without one of its own. */
int sarif_rule_level(
    struct sarif_reader *r, json_t *rule, enum sarif_level *ret);
int sarif_level_read(
    struct sarif_reader *r, const char *name, enum sarif_level *ret);
/* What a result says: the first line, cut; "" for nothing. */
int sarif_message(
    struct sarif_reader *r, json_t *result, json_t *rule, const char **ret);

#endif
