#ifndef NOTIFY_REFUSAL_H
#define NOTIFY_REFUSAL_H

#include "judge/push.h"
#include "judge/verdict.h"
#include "notify/event.h"

/*
 * Events of a push that is refused: `refused`, or `held` where it is for a
 * client that is held; one for each ref that has a reason of its own, or for
 * all of them where the push as a whole has one.  Of a push of many refs only
 * the first REFUSALS_MAX are told.
 *
 * They stand in no ledger.  Ids are random.
 */
#define REFUSALS_MAX 100u

struct refusal {
	const char *repository_id, *repository;
	int64_t now;
};

void refusal_events(struct arena *arena, const struct refusal *refusal,
    const struct push *push, const struct verdict *verdict, struct events *ret);

#endif
