#include "notify/spool.h"

#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "notify/jsonfile.h"
#include "notify/spoolfiles.h"
#include "notify/told.h"
#include "record/repoid.h"

#define CURSOR_BYTES_MAX ((size_t)4096)
#define GENERATION_HEX 32

/* ---- the cursor --------------------------------------------------------- */

static bool parse_cursor(
    struct arena *arena, const json_t *object, struct spool *spool)
{
	struct spool read = *spool;

	read.generation = json_text_of(arena, object, "generation");
	read.began = json_oid_of(object, "ledger", &read.ledger);
	read.written = read.generation &&
	    str_is_hex(read.generation, GENERATION_HEX) &&
	    json_number_of(object, "seq", &read.seq) &&
	    (read.began || !json_object_get(object, "ledger"));
	if (read.written)
		*spool = read;
	return read.written;
}

/* False: there is none that can be read. */
static bool read_cursor(struct spool *spool)
{
	struct err ignored;
	json_t *object;
	char *text;
	size_t len;
	bool good;

	if (file_read(spool->arena, spool_path(spool, SPOOL_CURSOR),
		CURSOR_BYTES_MAX, &text, &len, &ignored) < 0)
		return false;
	object = json_line_read(text, len, &ignored);
	if (!object)
		return false;
	good = parse_cursor(spool->arena, object, spool);
	json_decref(object);
	return good;
}

static int write_cursor(struct spool *spool, struct err *err)
{
	json_t *object = json_object();

	json_set_number(object, "v", 1);
	json_set_text(object, "generation", spool->generation);
	json_set_number(object, "seq", spool->seq);
	if (spool->began)
		json_set_oid(object, "ledger", &spool->ledger);
	return spool_write(spool, SPOOL_CURSOR, object, NULL, err);
}

/* Numbers go on behind those of the batches that are still there. */
static int begin_anew(struct spool *spool, struct err *err)
{
	struct strings names = { NULL, 0, 0 };

	spool->generation = random_hex(spool->arena);
	spool->seq = 0;
	if (dir_list(spool->arena, spool_path(spool, SPOOL_EVENTS), &names,
		err) < 0 ||
	    told_read(spool->arena, spool->repo, &spool->began, &spool->ledger,
		err) < 0)
		return -1;
	for (size_t i = 0; i < names.n; i++) {
		uint64_t seq;

		if (spool_batch_number(names.v[i], &seq) && seq > spool->seq)
			spool->seq = seq;
	}
	return 0;
}

/* ---- open and close ----------------------------------------------------- */

static int make_folders(struct spool *spool, struct err *err)
{
	static const char *const folders[] = { SPOOL_DIR "/" SPOOL_EVENTS,
		SPOOL_DIR "/" SPOOL_TO, SPOOL_DIR "/" SPOOL_DEAD };
	const char *path;

	if (state_subdir(
		spool->arena, spool->repo, SPOOL_DIR, &spool->dir, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		if (state_subdir(
			spool->arena, spool->repo, folders[i], &path, err) < 0)
			return -1;
	return state_file_mode(spool->arena, spool->repo, &spool->mode, err);
}

int spool_look(
    struct arena *arena, struct repo *repo, struct spool *ret, struct err *err)
{
	struct spool spool = { .arena = arena, .repo = repo, .lock = -1 };

	if (state_file_mode(arena, repo, &spool.mode, err) < 0)
		return -1;
	spool.dir = arena_printf(
	    arena, "%s/stagegate/" SPOOL_DIR, repo_path(repo));
	(void)read_cursor(&spool);
	*ret = spool;
	return 0;
}

int spool_open(
    struct arena *arena, struct repo *repo, struct spool *ret, struct err *err)
{
	struct spool spool = { .arena = arena, .repo = repo, .lock = -1 };

	if (make_folders(&spool, err) < 0 ||
	    state_file_lock(arena, repo, spool_path(&spool, SPOOL_LOCK),
		SPOOL_LOCK_WAIT_MS, &spool.lock, err) < 0)
		return -1;
	if (!read_cursor(&spool) && begin_anew(&spool, err) < 0) {
		spool_close(&spool);
		return -1;
	}
	*ret = spool;
	return 0;
}

void spool_close(struct spool *spool)
{
	if (spool->lock >= 0)
		close(spool->lock);
	spool->lock = -1;
}

/* ---- writing ------------------------------------------------------------ */

static json_t *head_of(const struct spool_batch *batch)
{
	json_t *object = json_object();

	json_set_number(object, "v", 1);
	if (batch->placed)
		json_set_oid(object, "since", &batch->since);
	json_set_number(object, "events", batch->events.n);
	return object;
}

static json_t *address_of(const struct spooled *spooled)
{
	json_t *object = json_object(), *list = json_array();

	for (size_t i = 0; i < spooled->to.n; i++) {
		json_t *to = json_object();

		json_set_text(to, "key", spooled->to.v[i].key);
		json_set_text(to, "label", spooled->to.v[i].label);
		json_array_append_new(list, to);
	}
	json_set_text(object, "id", spooled->id);
	json_object_set_new(object, "to", list);
	return object;
}

static int add_events(struct spool *spool, const struct spool_batch *batch,
    struct buf *out, struct err *err)
{
	for (size_t i = 0; i < batch->events.n; i++) {
		const struct spooled *spooled = &batch->events.v[i];
		const char *line;
		size_t len;

		if (json_line(spool->arena, address_of(spooled), &line, &len,
			err) < 0)
			return -1;
		buf_add(out, line, len);
		buf_addc(out, '\n');
		buf_add(out, spooled->bytes, spooled->len);
		buf_addc(out, '\n');
	}
	if (out->overflow)
		return err_set(err, ERR_LIMIT,
		    "what is to be told of one push has more than %zu bytes",
		    SPOOL_BYTES_MAX);
	return 0;
}

int spool_add(struct spool *spool, struct spool_batch *batch,
    const struct oid *ledger, struct err *err)
{
	struct buf rest;

	if (batch->events.n > 0) {
		batch->seq = spool->seq + 1;
		batch->placed = spool->began;
		batch->since = spool->ledger;
		buf_init(&rest, spool->arena, SPOOL_BYTES_MAX);
		if (add_events(spool, batch, &rest, err) < 0 ||
		    spool_write(spool,
			spool_batch_name(spool->arena, batch->seq),
			head_of(batch), &rest, err) < 0)
			return -1;
		spool->seq++;
	}
	if (ledger) {
		spool->ledger = *ledger;
		spool->began = true;
	}
	if (write_cursor(spool, err) < 0)
		return -1;
	spool->written = true;
	return 0;
}

int spool_remove(
    const struct spool *spool, const struct spool_batch *batch, struct err *err)
{
	return file_remove(
	    spool_path(spool, spool_batch_name(spool->arena, batch->seq)), err);
}

/* ---- the end ------------------------------------------------------------ */

static int empty(const struct spool *spool, const char *folder, struct err *err)
{
	struct strings names = { NULL, 0, 0 };
	const char *path = spool_path(spool, folder);

	if (dir_list(spool->arena, path, &names, err) < 0)
		return -1;
	for (size_t i = 0; i < names.n; i++)
		if (file_remove(
			arena_printf(spool->arena, "%s/%s", path, names.v[i]),
			err) < 0)
			return -1;
	return 0;
}

/* The cursor goes last: until then all of it can be done again. */
int spool_end(struct spool *spool, struct err *err)
{
	if (empty(spool, SPOOL_EVENTS, err) < 0 ||
	    empty(spool, SPOOL_TO, err) < 0 ||
	    told_forget(spool->arena, spool->repo, err) < 0 ||
	    file_remove(spool_path(spool, SPOOL_CURSOR), err) < 0)
		return -1;
	spool->began = spool->written = false;
	return 0;
}
