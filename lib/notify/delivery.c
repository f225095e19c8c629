#include "notify/delivery.h"

#include <string.h>

#include "base/file.h"
#include "notify/spoolfiles.h"

#define DELIVERY_BYTES_MAX ((size_t)64 << 10)

static const char *name_of(const struct spool *spool, const char *key)
{
	return arena_printf(spool->arena, SPOOL_TO "/%s", key);
}

static bool parse(
    const struct spool *spool, const json_t *object, struct delivery *delivery)
{
	struct arena *arena = spool->arena;
	const char *generation = json_text_of(arena, object, "generation");
	const char *label = json_text_of(arena, object, "label");
	uint64_t next;

	if (!generation || strcmp(generation, spool->generation) != 0 ||
	    !label || !json_number_of(object, "seq", &delivery->seq) ||
	    !json_number_of(object, "index", &delivery->index) ||
	    !json_number_of(object, "attempts", &delivery->attempts) ||
	    !json_number_of(object, "failures", &delivery->failures) ||
	    !json_number_of(object, "next", &next) || next > INT64_MAX)
		return false;
	delivery->label = label;
	delivery->next = (int64_t)next;
	delivery->why = json_text_of(arena, object, "why");
	return true;
}

void delivery_read(
    const struct spool *spool, const char *key, struct delivery *ret)
{
	const char *path = spool_path(spool, name_of(spool, key));
	struct delivery delivery = { .key = key };
	struct err ignored;
	json_t *object;
	char *text;
	size_t len;

	*ret = (struct delivery){ .key = key, .label = "" };
	if (!spool->generation ||
	    file_read(spool->arena, path, DELIVERY_BYTES_MAX, &text, &len,
		&ignored) < 0)
		return;
	object = json_line_read(text, len, &ignored);
	if (object && parse(spool, object, &delivery))
		*ret = delivery;
	json_decref(object);
}

int delivery_write(
    const struct spool *spool, const struct delivery *delivery, struct err *err)
{
	json_t *object = json_object();

	json_set_number(object, "v", 1);
	json_set_text(object, "generation", spool->generation);
	json_set_text(object, "label", delivery->label);
	json_set_number(object, "seq", delivery->seq);
	json_set_number(object, "index", delivery->index);
	json_set_number(object, "attempts", delivery->attempts);
	json_set_number(object, "failures", delivery->failures);
	json_set_number(object, "next", (uint64_t)delivery->next);
	if (delivery->why)
		json_set_text(object, "why", delivery->why);
	return spool_write(
	    spool, name_of(spool, delivery->key), object, NULL, err);
}

bool delivery_is_done(
    const struct delivery *delivery, uint64_t seq, size_t index)
{
	return seq < delivery->seq ||
	    (seq == delivery->seq && index < delivery->index);
}

void delivery_pass(struct delivery *delivery, uint64_t seq, size_t index)
{
	delivery->seq = seq;
	delivery->index = index + 1;
	delivery->attempts = 0;
}

void delivery_fail(struct delivery *delivery, const char *why, int64_t now)
{
	int64_t pause = DELIVERY_PAUSE_S;

	for (uint64_t i = 0; i < delivery->failures; i++) {
		pause *= 2;
		if (pause > DELIVERY_PAUSE_MAX_S) {
			pause = DELIVERY_PAUSE_MAX_S;
			break;
		}
	}
	delivery->attempts++;
	delivery->failures++;
	delivery->next = now + pause;
	delivery->why = why;
}
