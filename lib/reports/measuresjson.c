#include "reports/measuresjson.h"

static int read_all(struct arena *arena, const json_t *root,
    const struct measures_list *list, struct measures *measures,
    struct err *err)
{
	const json_t *entries = json_object_get(root, list->key), *entry;
	size_t n = json_array_size(entries), i;

	if (n == 0)
		return err_set(err, ERR_FORMAT, "%s", list->none);
	if (n > list->max)
		return err_set(err, ERR_LIMIT, "it has more than %zu %s",
		    list->max, list->key);
	json_array_foreach(entries, i, entry)
	{
		if (list->read(arena, entry, i, measures, err) < 0)
			return -1;
	}
	return measures_settle(arena, measures, err);
}

int measures_read_list(struct arena *arena, const char *bytes, size_t len,
    const struct measures_list *list, struct measures *ret, struct err *err)
{
	struct measures measures = { .n = 0 };
	json_t *root = json_report_read(arena, bytes, len, err);
	int r;

	if (!root)
		return -1;
	r = read_all(arena, root, list, &measures, err);
	json_decref(root);
	if (r == 0)
		*ret = measures;
	return r;
}
