#ifndef RECORD_INCIDENT_H
#define RECORD_INCIDENT_H

#include "judge/view.h"
#include "record/ledger.h"

/*
 * The files of incidents in the ledger, written and read.  As those of
 * entryfile.h they are on disk for ever: keys may be added, none changed.
 *
 * incidents/<number>, keys in this order:
 *
 *	number: 7
 *	kind: rollback		or bypass
 *	style: revert		or rewind; of a rollback
 *	ref: refs/heads/main
 *	stage: deployment
 *	by: dana
 *	commit: <oid>
 *	from: <oid>		of a rollback; a bypass is about its commit
 *	restored: <oid>		of a rollback
 *	reason: "INC-42 latency"
 *	timeline: "..."		where one was given
 *	opened: 2026-11-23T04:10:07Z
 *	then:			gates
 *	- root-cause
 *	overridden:		of a bypass
 *	- soak
 *	clients:		where there are any
 *	- acme
 *	earlier:		digests of statements, likewise
 *	- <40 digits>
 *	closed: 2026-11-24T10:00:00Z	added at the end when it is closed
 *
 * locks/aa/bb/<rest>, which is there while a ref has an open incident:
 *
 *	ref: refs/heads/main
 *	open:
 *	- 7
 */
/* People may hand in any number of statements about a commit before it is
 * rolled back: the limit of its note. */
#define INCIDENT_BYTES_MAX ((size_t)64 << 20)
#define INCIDENT_NUMBER_MAX ((uint64_t)1000000000)

/* Decimal, from 1 on, without leading zeros. */
bool incident_number_parse(const char *text, uint64_t *ret);

int incident_format(struct arena *arena, const struct view_incident *incident,
    const char **ret_bytes, size_t *ret_len, struct err *err);
/* what: the file, for messages.  ERR_FORMAT: it is damaged. */
int incident_parse(struct arena *arena, const char *what, const char *bytes,
    size_t len, struct view_incident *ret, struct err *err);
/* The text of an open one that was read, closed: what a later version has added
 * stays. */
int incident_close(struct arena *arena, const char *bytes, size_t len,
    int64_t at, const char **ret_bytes, size_t *ret_len, struct err *err);

/* Numbers in order, at least one. */
int lock_format(struct arena *arena, const char *ref,
    const struct numbers *open, const char **ret_bytes, size_t *ret_len,
    struct err *err);
int lock_parse(struct arena *arena, const char *what, const char *bytes,
    size_t len, const char **ret_ref, struct numbers *ret, struct err *err);

#endif
