#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* The only clock readers.  Never called by lib/judge or lib/gates. */
int64_t clock_now(void);           /* seconds since the epoch */
uint64_t clock_monotonic_ms(void); /* for deadlines and progress */
void clock_sleep_ms(unsigned ms);

#endif
