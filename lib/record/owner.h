#ifndef RECORD_OWNER_H
#define RECORD_OWNER_H

#include "record/plan.h"

/* What a plan's owner is doing now (plan_owner_find is in record/plan.h). */
enum owner_state {
	OWNER_RUNS,
	OWNER_GONE,   /* it ended, or was of another boot */
	OWNER_UNKNOWN /* can't be told from here: the plan is a lease */
};

enum owner_state owner_state(
    struct arena *arena, const struct plan_owner *owner);

/* Pieces of it, for tests. */
struct process_stat {
	uint64_t parent, start;
	bool gone; /* dead, if not yet reaped */
};
/* The text of /proc/PID/stat. */
bool process_stat_parse(
    struct arena *arena, const char *text, struct process_stat *ret);
/* The bytes of /proc/PID/cmdline: arguments that each end in a NUL. */
bool argv_is_receive_pack(const char *argv, size_t len);

#endif
