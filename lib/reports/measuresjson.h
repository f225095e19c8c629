#ifndef REPORTS_MEASURESJSON_H
#define REPORTS_MEASURESJSON_H

#include "reports/json.h"
#include "reports/measures.h"

/* For readers of reports that are a list of benchmarks in JSON. */
struct measures_list {
	const char *key;  /* of the root, whose value the list is */
	const char *none; /* "it has no ..", where there is none or it is empty
			   */
	size_t max;       /* entries */
	int (*read)(struct arena *arena, const json_t *entry, size_t index,
	    struct measures *measures, struct err *err);
};

/* Reads each entry, and settles what they have added. */
int measures_read_list(struct arena *arena, const char *bytes, size_t len,
    const struct measures_list *list, struct measures *ret, struct err *err);

#endif
