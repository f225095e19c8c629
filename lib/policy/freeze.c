#include <string.h>

#include "base/num.h"
#include "policy/field_value.h"
#include "policy/loader.h"

/* Both ends in one form: two minutes of the week, or two times. */
static void read_window(struct loader *ld, const struct node *node,
    const struct freeze_keys *keys, struct freeze *freeze)
{
	const struct node *to = node_get(node, "to");

	freeze->from_text = keys->from;
	freeze->to_text = keys->to;
	if (str_to_weekminute(keys->from, &freeze->from_minute) &&
	    str_to_weekminute(keys->to, &freeze->to_minute)) {
		freeze->weekly = true;
		/* Round the week's end is fine: Fri to Mon. */
		if (freeze->from_minute == freeze->to_minute)
			diag_error(
			    ld->diags, to->mark, "'to' is the same as 'from'");
		return;
	}
	if (str_to_time(keys->from, &freeze->from, NULL) &&
	    str_to_time(keys->to, &freeze->to, NULL)) {
		if (freeze->to <= freeze->from)
			diag_error(ld->diags, to->mark,
			    "'to' is not later than 'from'");
		return;
	}
	diag_error(ld->diags, node->mark,
	    "'from' and 'to' must both be times of a week such as 'Fri 16:00' "
	    "or both dates such as 2026-12-20 (UTC), not '%s' and '%s'",
	    keys->from, keys->to);
}

void read_freezes(struct loader *ld, struct stage_keys *keys)
{
	const struct node *list = keys->freeze;
	const char *what;

	if (!list)
		return;
	if (list->type != NODE_SEQUENCE) {
		diag_error(ld->diags, list->mark,
		    "'freeze' must be a list of mappings, not %s",
		    node_words(ld->arena, list));
		return;
	}
	what = arena_printf(ld->arena, "a freeze of stage '%s'",
	    keys->stage.name ? keys->stage.name : "?");
	keys->stage.freezes = arena_array(
	    ld->arena, list->n, sizeof(*keys->stage.freezes));
	for (size_t i = 0; i < list->n; i++) {
		struct freeze_keys ends = { .from = NULL };
		struct freeze *freeze =
		    &keys->stage.freezes[keys->stage.nfreezes];

		if (!fields_read(ld->arena, list->items[i], freeze_fields, what,
			&ends, ld->diags))
			continue;
		read_window(ld, list->items[i], &ends, freeze);
		keys->stage.nfreezes++;
	}
}
