#include <dirent.h>
#include <string.h>

#include "base/file.h"
#include "notify/spoolfiles.h"

/* ---- a batch ------------------------------------------------------------ */

struct lines {
	const char *p, *end;
};

/* The next line without its line feed; false: there is none that has one. */
static bool next_line(
    struct lines *lines, const char **ret_bytes, size_t *ret_len)
{
	const char *end = lines->p < lines->end
	    ? memchr(lines->p, '\n', (size_t)(lines->end - lines->p))
	    : NULL;

	if (!end)
		return false;
	*ret_bytes = lines->p;
	*ret_len = (size_t)(end - lines->p);
	lines->p = end + 1;
	return true;
}

static json_t *next_object(struct lines *lines)
{
	struct err ignored;
	const char *bytes;
	size_t len;

	return next_line(lines, &bytes, &len)
	    ? json_line_read(bytes, len, &ignored)
	    : NULL;
}

static bool read_head(
    struct lines *lines, struct spool_batch *batch, uint64_t *ret_n)
{
	json_t *head = next_object(lines);
	bool good = head && json_number_of(head, "events", ret_n);

	batch->placed = good && json_oid_of(head, "since", &batch->since);
	good = good && (batch->placed || !json_object_get(head, "since"));
	json_decref(head);
	return good;
}

static bool read_to(
    struct arena *arena, const json_t *list, struct destinations *ret)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		struct destination to = { .key = json_text_of(
					      arena, item, "key"),
			.label = json_text_of(arena, item, "label") };

		if (!to.key || !destination_key_ok(to.key) || !to.label)
			return false;
		ARRAY_PUSH(arena, ret, to);
	}
	return json_is_array(list);
}

static bool read_event(
    struct arena *arena, struct lines *lines, struct spool_batch *batch)
{
	json_t *address = next_object(lines);
	struct spooled spooled = { .id = NULL };
	bool good = false;

	if (address) {
		spooled.id = json_text_of(arena, address, "id");
		good = spooled.id &&
		    read_to(
			arena, json_object_get(address, "to"), &spooled.to) &&
		    next_line(lines, &spooled.bytes, &spooled.len);
	}
	json_decref(address);
	if (good)
		ARRAY_PUSH(arena, &batch->events, spooled);
	return good;
}

static bool parse(
    struct arena *arena, struct lines lines, struct spool_batch *batch)
{
	uint64_t n;

	if (!read_head(&lines, batch, &n))
		return false;
	for (uint64_t i = 0; i < n; i++)
		if (!read_event(arena, &lines, batch))
			return false;
	return lines.p == lines.end;
}

int spool_read(const struct spool *spool, struct spool_batches *ret,
    struct strings *ret_damaged, struct err *err)
{
	struct arena *arena = spool->arena;
	struct strings names = { NULL, 0, 0 };

	if (dir_list(arena, spool_path(spool, SPOOL_EVENTS), &names, err) < 0)
		return -1;
	for (size_t i = 0; i < names.n; i++) {
		struct spool_batch batch = { .seq = 0 };
		struct lines lines;
		struct err why;
		char *text;
		size_t len;

		if (!spool_batch_number(names.v[i], &batch.seq))
			continue;
		if (file_read(arena,
			spool_path(spool, spool_batch_name(arena, batch.seq)),
			SPOOL_BYTES_MAX, &text, &len, &why) < 0) {
			/* Somebody has delivered it meanwhile. */
			if (why.kind != ERR_NOTFOUND)
				ARRAY_PUSH(arena, ret_damaged, names.v[i]);
			continue;
		}
		lines = (struct lines){ text, text + len };
		if (parse(arena, lines, &batch))
			ARRAY_PUSH(arena, ret, batch);
		else
			ARRAY_PUSH(arena, ret_damaged, names.v[i]);
	}
	return 0;
}

/* ---- how many wait ------------------------------------------------------ */

size_t spool_count(const struct spool *spool, size_t max)
{
	DIR *dir = opendir(spool_path(spool, SPOOL_EVENTS));
	const struct dirent *entry;
	size_t n = 0;
	uint64_t seq;

	if (!dir)
		return 0;
	while (n < max && (entry = readdir(dir)) != NULL)
		n += spool_batch_number(entry->d_name, &seq);
	closedir(dir);
	return n;
}
