/*
 * An event out of the spool: one that is read and written is, read and written
 * again, the same bytes; whoever is sent a mail about it gets one with exactly
 * the fields that it has to have; no client reads another's name as a word.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "notify/eventjson.h"
#include "notify/redact.h"
#include "support/eventsamples.h"
#include "support/mailcheck.h"

static void check_again(struct arena *arena, const struct event *event)
{
	const char *once, *twice;
	size_t len, again_len;
	struct event again;
	struct err err;

	MUST(event_json(arena, event, &once, &len, &err) == 0);
	MUST(event_read(arena, once, len, &again, &err) == 0);
	MUST(event_json(arena, &again, &twice, &again_len, &err) == 0);
	MUST(len == again_len && memcmp(once, twice, len) == 0);
}

static void check_mail(struct arena *arena, const struct event *event,
    const struct policy *policy, const char *client)
{
	const struct mail_to to = { .address = "team@example.com",
		.client = client,
		.policy = policy,
		.from = "stagegate@git.example.com" };
	const char *mail;
	struct err err;
	size_t len;

	if (mail_compose(arena, event, &to, &mail, &len, &err) < 0) {
		MUST(client != NULL && err.text[0]);
		return;
	}
	MUST(!mail_fault(arena, mail, len, event->ref != NULL));
}

/* Words as a reader sees them, without regard to what redact() takes for
 * one. */
static void check_words(
    struct arena *arena, const struct policy *policy, const char *text)
{
	const char *shown = redact(
	    arena, policy, "acme", text_clean_s(arena, text));

	while (*shown) {
		size_t len = 0;

		while (isalnum((unsigned char)shown[len]))
			len++;
		MUST(len != strlen("globex") ||
		    strncasecmp(shown, "globex", len) != 0);
		shown += len > 0 ? len : 1;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct policy *policy;
	struct event event;
	struct arena arena;
	struct err err;

	arena_init(&arena, ARENA_RUN_MAX);
	policy = event_sample_policy(&arena);
	check_words(&arena, policy, fuzz_text(&arena, data, size));
	if (event_read(&arena, (const char *)data, size, &event, &err) == 0) {
		check_again(&arena, &event);
		check_mail(&arena, &event, policy, NULL);
		for (size_t i = 0; i < policy->nclients; i++)
			check_mail(
			    &arena, &event, policy, policy->clients[i].name);
	} else {
		MUST(err.kind == ERR_FORMAT && err.text[0]);
	}
	arena_release(&arena);
	return 0;
}
