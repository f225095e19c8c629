#ifndef ADMIN_LOG_GATES_H
#define ADMIN_LOG_GATES_H

#include "admin.h"
#include "record/log.h"

/*
 * With what evidence an update entered its stage: the gates as the ledger has
 * recorded them with the new tip, and for each the people whose newest
 * statement about the tip, or about what a merge brought in, was a pass then.
 */
struct log_gate {
	const char *name, *state;
	struct strings by; /* may be empty: computed, or not applicable */
};

struct log_gates {
	struct log_gate *v;
	size_t n, cap;
};

/* None for an update that entered no stage. */
int log_gates_find(struct admin *admin, struct arena *arena,
    const struct log_record *record, const struct log_update *update,
    struct log_gates *ret, struct err *err);

/* "tests passed (ci-bot), lint not-applicable"; NULL: there are none. */
const char *log_gates_text(struct arena *arena, const struct log_gates *gates);
json_t *log_gates_json(struct arena *arena, const struct log_gates *gates);

#endif
