#include "reports/json.h"

#include <string.h>

#include "base/text.h"

static const char bom[] = { '\xef', '\xbb', '\xbf' };

static size_t count_values(const char *bytes, size_t len)
{
	size_t n = 1;

	for (size_t i = 0; i < len; i++)
		n += bytes[i] == ',' || bytes[i] == '[' || bytes[i] == '{';
	return n;
}

json_t *json_report_read(
    struct arena *arena, const char *bytes, size_t len, struct err *err)
{
	json_error_t wrong;
	json_t *root;

	if (len > JSON_REPORT_BYTES_MAX) {
		err_set(err, ERR_LIMIT, "it has more than %zu bytes",
		    JSON_REPORT_BYTES_MAX);
		return NULL;
	}
	if (len >= sizeof(bom) && memcmp(bytes, bom, sizeof(bom)) == 0) {
		bytes += sizeof(bom);
		len -= sizeof(bom);
	}
	if (count_values(bytes, len) > JSON_REPORT_VALUES_MAX) {
		err_set(err, ERR_LIMIT, "it has more than %zu values",
		    JSON_REPORT_VALUES_MAX);
		return NULL;
	}
	root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &wrong);
	if (!root)
		err_set(err, ERR_FORMAT, "line %d, column %d: %s", wrong.line,
		    wrong.column, text_clean_s(arena, wrong.text));
	return root;
}
