/*
 * Prints events for tests to look at (support/eventsamples.h).
 *
 *	event_samples json		a line for each
 *	event_samples mail NAME [CLIENT]	the mail about one
 */
#include <stdio.h>
#include <string.h>

#include "notify/eventjson.h"
#include "support/eventsamples.h"

static int print_json(
    struct arena *arena, const struct event_samples *samples, struct err *err)
{
	for (size_t i = 0; i < samples->n; i++) {
		const char *bytes;
		size_t len;

		if (event_json(arena, &samples->v[i].event, &bytes, &len, err) <
		    0)
			return -1;
		printf("%s\n", bytes);
	}
	return 0;
}

static int print_mail(struct arena *arena, const struct event_samples *samples,
    const char *name, const char *client, struct err *err)
{
	const struct mail_to to = { .address = "team@example.com",
		.client = client,
		.policy = event_sample_policy(arena),
		.from = "stagegate@git.example.com" };
	const char *bytes;
	size_t len;

	if (mail_compose(arena, &event_sample(samples, name)->event, &to,
		&bytes, &len, err) < 0)
		return -1;
	fwrite(bytes, 1, len, stdout);
	return 0;
}

int main(int argc, char **argv)
{
	struct event_samples samples;
	struct arena arena;
	struct err err;
	int result = -1;

	arena_init(&arena, ARENA_RUN_MAX);
	event_samples(&arena, &samples);
	err_set(&err, ERR_INTERNAL, "json, or mail NAME [CLIENT]");
	if (argc == 2 && strcmp(argv[1], "json") == 0)
		result = print_json(&arena, &samples, &err);
	else if ((argc == 3 || argc == 4) && strcmp(argv[1], "mail") == 0)
		result = print_mail(&arena, &samples, argv[2],
		    argc == 4 ? argv[3] : NULL, &err);
	if (result < 0)
		fprintf(stderr, "event_samples: %s\n", err.text);
	arena_release(&arena);
	return result < 0;
}
