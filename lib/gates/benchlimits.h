#ifndef GATES_BENCHLIMITS_H
#define GATES_BENCHLIMITS_H

#include "policy/model.h"
#include "reports/measures.h"

/*
 * The key `limits` of the gate `benchmark`: for each metric what it may be.
 *
 *	limits:
 *	  "sort 1MB.mean": {max: 12ms, worse_by: 5%, and_by: 2ms}
 *
 * Bounds are numbers in the metric's unit, or times with s, ms, us or ns where
 * the report holds times.
 */
struct bound {
	bool given;
	double number;
	double per_second; /* of the unit written behind it; 0: none */
};

struct limit {
	const char *metric;
	struct bound max, min, and_by;
	bool has_worse_by;
	unsigned worse_by; /* hundredths of a per cent */
	bool up;           /* more is better */
};

struct limits {
	struct limit *v;
	size_t n, cap;
};

/* times: the reports hold times and nothing else, of which less is better. */
void limits_read(struct arena *arena, const struct node *node, bool times,
    struct limits *ret, struct diags *diags);

/* Is it compared with what the stage has now? */
bool limit_compares(const struct limit *limit);
/* A bound as an amount that can be compared with measure_amount(). */
double bound_amount(const struct bound *bound, const struct measure *measure);
/* "14.2 ms", or "14.2" of what is no time. */
const char *amount_words(
    struct arena *arena, double amount, const struct measure *measure);

#endif
