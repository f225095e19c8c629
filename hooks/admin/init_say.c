#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "init.h"
#include "tell/columns.h"
#include "tell/phrase.h"

#define PATH_COLUMNS_MAX 40 /* a longer one has a line of its own */
#define GAP 2

/* As it is counted: of a row, and of the line below the table. */
static const char *result_text(const struct install_result *result, bool dry)
{
	return result->done == INSTALL_SAME
	    ? "unchanged"
	    : install_done_text(result->done, dry);
}

/* ---- one repository --------------------------------------------------- */

static void say_one(
    struct admin *admin, const struct install_result *result, bool dry)
{
	const char *path = text_clean_s(admin->arena, result->path);

	if (result->reason) {
		admin_note(admin, "error: ", "%s: %s", path, result->reason);
		return;
	}
	buf_addf(&admin->out, "%s: %s\n", path,
	    install_done_text(result->done, dry));
	for (size_t i = 0; i < result->notes.n; i++)
		admin_wrap(admin, "  ", result->notes.v[i], 4);
}

/* ---- the table -------------------------------------------------------- */

static void print_row(struct admin *admin, const struct install_result *result,
    bool dry, size_t path_columns, size_t done_columns)
{
	struct buf *out = &admin->out;
	const char *path = phrase_shown(admin->arena, result->path);
	const char *done = result_text(result, dry);
	size_t to = path_columns + GAP, at = text_columns_s(path);
	size_t reason = to + done_columns + GAP;
	struct wrap wrap = { ADMIN_COLUMNS, reason, reason };

	buf_adds(out, path);
	if (at > path_columns) {
		buf_addc(out, '\n');
		at = 0;
	}
	pad_to(out, at, to);
	buf_adds(out, done);
	if (result->reason) {
		pad_to(out, to + strlen(done), reason);
		wrap_text(
		    out, &wrap, phrase_shown(admin->arena, result->reason));
	}
	buf_addc(out, '\n');
}

static void print_rows(
    struct admin *admin, const struct install_results *results, bool dry)
{
	size_t path_columns = 0, done_columns = 0;

	for (size_t i = 0; i < results->n; i++) {
		const struct install_result *result = &results->v[i];
		size_t n = text_columns_s(
		    phrase_shown(admin->arena, result->path));

		if (n > path_columns && n <= PATH_COLUMNS_MAX)
			path_columns = n;
		n = strlen(result_text(result, dry));
		if (n > done_columns)
			done_columns = n;
	}
	for (size_t i = 0; i < results->n; i++)
		print_row(
		    admin, &results->v[i], dry, path_columns, done_columns);
}

/* ---- notes, each one once --------------------------------------------- */

struct said {
	const char *text, *path;
	size_t at;     /* its place among all notes */
	size_t others; /* repositories of which the same is said */
};

struct said_list {
	struct said *v;
	size_t n, cap;
};

static int by_text(const void *a, const void *b)
{
	const struct said *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	return order ? order : x->at < y->at ? -1 : x->at > y->at;
}

static int by_place(const void *a, const void *b)
{
	const struct said *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at;
}

/* Leaves the first of each text. */
static void merge_same(struct said_list *list)
{
	size_t n = 0;

	qsort(list->v, list->n, sizeof(*list->v), by_text);
	for (size_t i = 0; i < list->n; i++)
		if (n > 0 && strcmp(list->v[n - 1].text, list->v[i].text) == 0)
			list->v[n - 1].others++;
		else
			list->v[n++] = list->v[i];
	list->n = n;
	qsort(list->v, list->n, sizeof(*list->v), by_place);
}

/* The policy of many repositories is one: what is to be said of it would
 * hide the rows. */
static void print_notes(
    struct admin *admin, const struct install_results *results)
{
	struct said_list list = { NULL, 0, 0 };

	for (size_t i = 0; i < results->n; i++)
		for (size_t k = 0; k < results->v[i].notes.n; k++) {
			struct said said = { results->v[i].notes.v[k],
				results->v[i].path, list.n, 0 };

			ARRAY_PUSH(admin->arena, &list, said);
		}
	if (list.n == 0)
		return;
	merge_same(&list);
	for (size_t i = 0; i < list.n; i++) {
		const struct said *said = &list.v[i];

		admin_wrap(admin, "",
		    arena_printf(admin->arena, "%s%s: %s", said->path,
			said->others ? arena_printf(admin->arena,
					   " and %zu more", said->others)
				     : "",
			said->text),
		    2);
	}
}

/* ---- the sum ---------------------------------------------------------- */

static size_t count_done(
    const struct install_results *results, enum install_done done)
{
	size_t n = 0;

	for (size_t i = 0; i < results->n; i++)
		n += results->v[i].done == done;
	return n;
}

static void print_sum(
    struct admin *admin, const struct install_results *results, bool dry)
{
	static const enum install_done order[] = { INSTALL_NEW,
		INSTALL_UPGRADED, INSTALL_TAKEN, INSTALL_SAME, INSTALL_FAILED };
	const char *sep = ": ";

	buf_addf(&admin->out, "%zu repositories", results->n);
	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		struct install_result like = { .done = order[i] };
		size_t n = count_done(results, order[i]);

		if (n == 0)
			continue;
		buf_addf(
		    &admin->out, "%s%zu %s", sep, n, result_text(&like, dry));
		sep = ", ";
	}
	buf_addc(&admin->out, '\n');
}

/* On standard error, for whoever keeps only that. */
static void say_failed(
    struct admin *admin, const struct install_results *results)
{
	size_t failed = count_done(results, INSTALL_FAILED);
	struct buf line;

	if (failed == 0)
		return;
	admin_note(admin,
	    "error: ", "%zu of %zu not done, for the reasons above:", failed,
	    results->n);
	for (size_t i = 0; i < results->n; i++) {
		if (results->v[i].done != INSTALL_FAILED)
			continue;
		buf_init(&line, admin->arena, ADMIN_OUTPUT_MAX);
		buf_addf(&line, "  %s\n",
		    text_clean_s(admin->arena, results->v[i].path));
		admin_error_text(&line);
	}
}

void init_say(struct admin *admin, const struct install_results *results,
    const struct strings *problems, bool dry)
{
	if (results->n == 1) {
		say_one(admin, &results->v[0], dry);
	} else if (results->n > 1) {
		print_rows(admin, results, dry);
		print_notes(admin, results);
		print_sum(admin, results, dry);
		admin_flush(admin);
		say_failed(admin, results);
	}
	for (size_t i = 0; i < problems->n; i++)
		admin_note(admin, "error: ", "%s", problems->v[i]);
}

/* ---- JSON ------------------------------------------------------------- */

static json_t *result_json(
    struct admin *admin, const struct install_result *result, bool dry)
{
	json_t *object = json_object();

	json_object_set_new(
	    object, "path", json_text(admin->arena, result->path));
	json_object_set_new(
	    object, "gitdir", json_text(admin->arena, result->gitdir));
	json_object_set_new(object, "result",
	    json_string(install_done_text(result->done, dry)));
	json_object_set_new(
	    object, "reason", json_text(admin->arena, result->reason));
	json_object_set_new(
	    object, "notes", json_texts(admin->arena, &result->notes));
	return object;
}

void init_json(struct admin *admin, const struct install_results *results,
    const struct strings *problems, bool dry)
{
	json_t *object = json_object(), *list = json_array();

	for (size_t i = 0; i < results->n; i++)
		json_array_append_new(
		    list, result_json(admin, &results->v[i], dry));
	json_object_set_new(object, "v", json_integer(1));
	json_object_set_new(object, "repositories", list);
	json_object_set_new(
	    object, "problems", json_texts(admin->arena, problems));
	admin_json(admin, object);
}
