#include <stdarg.h>

#include "gates/gate.h"

void offenders_add(struct offenders *offenders, const char *fmt, ...)
{
	va_list ap;

	if (offenders->n++ >= OFFENDERS_MAX)
		return;
	va_start(ap, fmt);
	ARRAY_PUSH(offenders->arena, &offenders->lines,
	    arena_vprintf(offenders->arena, fmt, ap));
	va_end(ap);
}

void offenders_finish(const struct offenders *offenders, struct gate_row *row)
{
	struct arena *arena = offenders->arena;

	if (offenders->n == 0) {
		row->state = GATE_PASSED;
		return;
	}
	row->state = GATE_FAILED;
	row->text = arena_printf(
	    arena, "%zu finding%s", offenders->n, offenders->n == 1 ? "" : "s");
	row->details = offenders->lines;
	if (offenders->n > OFFENDERS_MAX)
		ARRAY_PUSH(arena, &row->details,
		    arena_printf(
			arena, "and %zu more", offenders->n - OFFENDERS_MAX));
}
