#ifndef SUPPORT_FAKEFAULT_H
#define SUPPORT_FAKEFAULT_H

#include "judge/view.h"

/*
 * A view of which one question fails: the n-th that is asked, whichever it is.
 *
 *	fakefault_init(&fault, &view, n, &faulty);
 *	judge(.., &faulty, ..);
 *	fault.hit	there were as many
 */
struct fakefault {
	const struct view *inner;
	size_t left; /* questions that are still answered */
	bool hit;
};

void fakefault_init(struct fakefault *fault, const struct view *inner, size_t n,
    struct view *ret);

#endif
