#ifndef ADMIN_LOG_INCIDENTS_H
#define ADMIN_LOG_INCIDENTS_H

#include "admin.h"
#include "record/log.h"

/*
 * What a record says beside its updates: incidents that it opened or closed,
 * and kept tips that were let go.
 */
struct log_told_incident {
	const struct log_incident *entry;
	const struct view_incident *incident;
};

struct log_told {
	struct {
		struct log_told_incident *v;
		size_t n, cap;
	} incidents;
	struct {
		const struct log_expired **v;
		size_t n, cap;
	} expired;
};

/* Those of a ref, or (NULL) all.  ret points into the record. */
int log_told_find(struct admin *admin, struct arena *arena,
    const struct log_record *record, const char *ref, struct log_told *ret,
    struct err *err);
bool log_told_is_empty(const struct log_told *told);

void log_told_print(
    struct admin *admin, struct arena *arena, const struct log_told *told);
/* [{"number","state","ref","kind","reason","timeline","overridden":[..]}];
 * state: "opened" or "closed" */
json_t *log_incidents_json(struct arena *arena, const struct log_told *told);
/* [{"ref","oid"}] */
json_t *log_expired_json(struct arena *arena, const struct log_told *told);

#endif
