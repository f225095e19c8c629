#include "doctor/ailment.h"

#include <string.h>

#include "base/text.h"

const char *const ailment_words[] = {
	[AILMENT_ERROR] = "error",
	[AILMENT_UNSEEN] = "unseen",
	[AILMENT_WARNING] = "warning",
	[AILMENT_NOTE] = "note",
	[AILMENT_OK] = "ok",
	[AILMENT_LEVELS] = NULL,
};

const struct doctor_code *doctor_code(const char *name)
{
	for (const struct doctor_code *code = doctor_codes; code->name; code++)
		if (strcmp(code->name, name) == 0)
			return code;
	return NULL;
}

enum ailment_level ailments_level(const struct ailments *findings)
{
	enum ailment_level level = AILMENT_OK;

	for (size_t i = 0; i < findings->n; i++)
		if (findings->v[i].level < level)
			level = findings->v[i].level;
	return level;
}

size_t ailments_count(const struct ailments *findings, enum ailment_level level)
{
	size_t n = 0;

	for (size_t i = 0; i < findings->n; i++)
		n += findings->v[i].level == level;
	return n;
}

bool ailments_wrong(const struct ailments *findings, const char *prefix)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->v[i].level <= AILMENT_WARNING &&
		    str_prefix(findings->v[i].code, prefix))
			return true;
	return false;
}
