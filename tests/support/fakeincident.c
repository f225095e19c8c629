#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "support/fakedirectives.h"

/* "a b" as a list. */
static struct strings split(struct fakecase *c, const char *text)
{
	struct strings list = { NULL, 0, 0 };

	while (*text) {
		size_t len = strcspn(text, " ");

		if (len > 0)
			strings_add(c->arena, &list,
			    arena_strndup(c->arena, text, len));
		text += len + (text[len] == ' ');
	}
	return list;
}

static int read_incident_word(struct fakecase *c, const struct word *word,
    struct view_incident *incident, struct err *err)
{
	const char *value;

	if ((value = word_value(word, "at")) != NULL)
		return fakecase_time(c, value, &incident->opened, err);
	if ((value = word_value(word, "subject")) != NULL)
		return fakecase_object(c, value, &incident->subject, err);
	if ((value = word_value(word, "restored")) != NULL)
		return fakecase_object(c, value, &incident->restored, err);
	if ((value = word_value(word, "by")) != NULL) {
		incident->by = value;
	} else if ((value = word_value(word, "reason")) != NULL) {
		incident->reason = value;
	} else if ((value = word_value(word, "then")) != NULL) {
		incident->then = split(c, value);
	} else if ((value = word_value(word, "earlier")) != NULL) {
		incident->earlier = split(c, value);
	} else if (strcmp(word->text, "bypass") == 0) {
		incident->kind = INCIDENT_BYPASS;
	} else if (strcmp(word->text, "closed") == 0) {
		incident->closed = true;
	} else {
		return word_unknown(word, err);
	}
	return 0;
}

/* incident REF [KEY=VALUE..] */
int run_incident(struct fakecase *c, const struct words *words, struct err *err)
{
	struct view_incident incident = { .number = c->fake.incidents.n + 1,
		.kind = INCIDENT_ROLLBACK,
		.by = "dana",
		.reason = "INC-1",
		.opened = c->now - 3600 };
	const struct stage *stage;

	if (words_too_few(words, 2, err) < 0)
		return -1;
	incident.ref = fakecase_ref(c, &words->v[1]);
	stage = policy_stage_of_ref(c->policy, incident.ref, NULL);
	incident.stage = stage ? stage->name : "-";
	for (size_t i = 2; i < words->n; i++)
		if (read_incident_word(c, &words->v[i], &incident, err) < 0)
			return -1;
	incident.commit = incident.subject;
	ARRAY_PUSH(c->arena, &c->fake.incidents, incident);
	return 0;
}
