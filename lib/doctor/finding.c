#include "doctor/finding.h"

#include <string.h>

#include "base/text.h"

const char *const finding_words[] = {
	[FINDING_ERROR] = "error",
	[FINDING_WARNING] = "warning",
	[FINDING_NOTE] = "note",
	[FINDING_OK] = "ok",
	[FINDING_LEVELS] = NULL,
};

const struct doctor_code *doctor_code(const char *name)
{
	for (const struct doctor_code *code = doctor_codes; code->name; code++)
		if (strcmp(code->name, name) == 0)
			return code;
	return NULL;
}

enum finding_level findings_level(const struct findings *findings)
{
	enum finding_level level = FINDING_OK;

	for (size_t i = 0; i < findings->n; i++)
		if (findings->v[i].level < level)
			level = findings->v[i].level;
	return level;
}

size_t findings_count(
    const struct findings *findings, enum finding_level level)
{
	size_t n = 0;

	for (size_t i = 0; i < findings->n; i++)
		n += findings->v[i].level == level;
	return n;
}

bool findings_wrong(const struct findings *findings, const char *prefix)
{
	for (size_t i = 0; i < findings->n; i++)
		if (findings->v[i].level <= FINDING_WARNING &&
		    str_prefix(findings->v[i].code, prefix))
			return true;
	return false;
}
