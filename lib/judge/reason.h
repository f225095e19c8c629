#ifndef JUDGE_REASON_H
#define JUDGE_REASON_H

/*
 * What people give as the reason or the timeline of a rollback or a bypass: 1
 * to REASON_MAX characters of UTF-8, not only blanks, without control
 * characters and without characters that are not seen.
 */
#define REASON_MAX 500

/* What is wrong with it, to stand behind "the reason .."; NULL: nothing. */
const char *reason_fault(const char *reason);

#endif
