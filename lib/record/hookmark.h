#ifndef RECORD_HOOKMARK_H
#define RECORD_HOOKMARK_H

#include "record/ledger.h"
#include "record/plan.h"

/*
 * By this text, which each hook program holds, whoever reads its bytes knows
 * that it is ours, which hook it is and what it writes:
 *
 *	stagegate hook, do not edit; update 0.1.0, ledger 1, plan 1
 *
 * Programs from before it named a version hold its first part alone.
 */
#define HOOK_MARK_TEXT "stagegate hook, do not edit"
#define HOOK_MARK(name)                                                        \
	HOOK_MARK_TEXT                                                         \
	"; " name " " STAGEGATE_VERSION ", ledger " LEDGER_FORMAT              \
	", plan " PLAN_FORMAT

#endif
