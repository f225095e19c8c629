#include "notify/deadletter.h"

#include <string.h>

#include "base/file.h"
#include "notify/spoolfiles.h"

static const char *path_of(
    const struct spool *spool, const struct dead_letter *letter)
{
	return arena_printf(spool->arena, SPOOL_DEAD "/%s", letter->name);
}

int dead_letter_replace(const struct spool *spool,
    const struct dead_letter *letter, struct err *err)
{
	json_t *object = json_object();
	struct buf rest;

	json_set_number(object, "v", 1);
	json_set_text(object, "key", letter->key);
	json_set_text(object, "label", letter->label);
	json_set_text(object, "id", letter->id);
	json_set_text(object, "why", letter->why);
	json_set_number(object, "attempts", letter->attempts);
	json_set_number(object, "at", (uint64_t)letter->at);
	buf_init(&rest, spool->arena, letter->len + 1);
	buf_add(&rest, letter->bytes, letter->len);
	buf_addc(&rest, '\n');
	return spool_write(spool, path_of(spool, letter), object, &rest, err);
}

int dead_letter_write(const struct spool *spool,
    const struct spool_place *place, struct dead_letter *letter,
    struct err *err)
{
	letter->name = arena_printf(spool->arena, "%016llu-%06zu-%.8s-%s",
	    (unsigned long long)place->seq, place->index, letter->id,
	    letter->key);
	return dead_letter_replace(spool, letter, err);
}

static bool parse_head(
    struct arena *arena, const json_t *object, struct dead_letter *letter)
{
	uint64_t at;

	letter->key = json_text_of(arena, object, "key");
	letter->label = json_text_of(arena, object, "label");
	letter->id = json_text_of(arena, object, "id");
	letter->why = json_text_of(arena, object, "why");
	if (!letter->key || !destination_key_ok(letter->key) ||
	    !letter->label || !letter->id || !letter->why ||
	    !json_number_of(object, "attempts", &letter->attempts) ||
	    !json_number_of(object, "at", &at) || at > INT64_MAX)
		return false;
	letter->at = (int64_t)at;
	return true;
}

static bool parse(struct arena *arena, const char *text, size_t len,
    struct dead_letter *letter)
{
	const char *end = memchr(text, '\n', len);
	struct err ignored;
	json_t *head;
	bool good;

	if (!end || text[len - 1] != '\n' || end == text + len - 1)
		return false;
	head = json_line_read(text, (size_t)(end - text), &ignored);
	good = head && parse_head(arena, head, letter);
	json_decref(head);
	letter->bytes = end + 1;
	letter->len = (size_t)(text + len - 1 - letter->bytes);
	return good;
}

int dead_letters_read(
    const struct spool *spool, struct dead_letters *ret, struct err *err)
{
	struct strings names = { NULL, 0, 0 };

	if (dir_list(spool->arena, spool_path(spool, SPOOL_DEAD), &names, err) <
	    0)
		return -1;
	for (size_t i = 0; i < names.n; i++) {
		struct dead_letter letter = { .name = names.v[i] };
		struct err ignored;
		char *text;
		size_t len;

		if (file_read(spool->arena,
			spool_path(spool, path_of(spool, &letter)),
			SPOOL_BYTES_MAX, &text, &len, &ignored) == 0 &&
		    len > 0 && parse(spool->arena, text, len, &letter))
			ARRAY_PUSH(spool->arena, ret, letter);
	}
	return 0;
}

int dead_letter_remove(const struct spool *spool,
    const struct dead_letter *letter, struct err *err)
{
	return file_remove(spool_path(spool, path_of(spool, letter)), err);
}
