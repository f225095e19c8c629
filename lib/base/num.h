#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * Numbers, durations, sizes, shares and times as people write them in
 * policy.yml and statements.  Every reader takes the whole string or fails.
 */

/* Decimal digits without sign, leading zeros or blanks, at most max. */
bool str_to_u64(const char *s, uint64_t max, uint64_t *ret);
/* The start of s as JSON writes numbers (RFC 8259, section 6; a sign may stand
 * in front, zeros too), within what a double holds; *ret_rest is what follows.
 * Quantities that are measured, never counted, are such numbers. */
bool str_to_double(const char *s, double *ret, const char **ret_rest);
/* `90s 30m 24h 7d 2w`, in seconds; at most DURATION_MAX_S. */
#define DURATION_MAX_S ((uint64_t)100 * 365 * 86400)
bool str_to_duration(const char *s, uint64_t *ret_seconds);
/* `4096 512KiB 10MiB 1GiB`, in bytes; at most 2^50. */
bool str_to_size(const char *s, uint64_t *ret_bytes);
/* `80%`, `99.5%`: in hundredths of a per cent (8000, 9950), 0 to 10000;
 * at most two decimals. */
bool str_to_share(const char *s, unsigned *ret_bp);
/* `2026-12-20`, `2026-12-20T16:00:00Z`, `2026-12-20 16:00`, UTC: seconds since
 * the epoch; years 1970 to 9999.  A bare day is 00:00:00; *ret_is_day tells
 * (may be NULL). */
bool str_to_time(const char *s, int64_t *ret_time, bool *ret_is_day);
/* `Fri 16:00`: minutes since Monday 00:00 UTC. */
bool str_to_weekminute(const char *s, unsigned *ret_minute);
/* Minutes since Monday 00:00 UTC of a time. */
unsigned time_weekminute(int64_t t);
/* The first full minute that is not before t: what is told in minutes, as
 * time_format does, is then not told too early. */
int64_t time_minute_up(int64_t t);

/* "2026-11-23 04:10 UTC" */
const char *time_format(struct arena *arena, int64_t t);
/* "2026-11-23T04:10:07Z" */
const char *time_format_iso(struct arena *arena, int64_t t);
/* A duration for people, rounded down to one unit: "40 s", "10 min", "24 h",
 * "2 d"; days only from two on. */
const char *duration_format(struct arena *arena, uint64_t seconds);
/* "10MiB", "4096 bytes": exact, a unit only from 10KiB on and where the number
 * is a multiple of it. */
const char *size_format(struct arena *arena, uint64_t bytes);
/* Hundredths of a per cent: "80 %", "99.5 %". */
const char *share_format(struct arena *arena, unsigned bp);

#endif
