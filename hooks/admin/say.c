#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admin.h"
#include "base/num.h"
#include "base/text.h"
#include "tell/columns.h"
#include "tell/phrase.h"

/* The log prints a million lines: what one takes is given back at once. */
static void wrap_to(
    struct buf *out, const char *prefix, const char *text, size_t indent)
{
	struct wrap wrap = { ADMIN_COLUMNS, indent, text_columns_s(prefix) };
	struct arena scratch;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	buf_adds(out, prefix);
	wrap_text(out, &wrap, phrase_shown(&scratch, text));
	buf_addc(out, '\n');
	arena_release(&scratch);
}

/* 0, or -1 with errno. */
static int write_all(int fd, const struct buf *buf)
{
	size_t done = 0;

	while (done < buf->len) {
		ssize_t n = write(fd, buf->p + done, buf->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		done += (size_t)n;
	}
	return 0;
}

void admin_error_text(const struct buf *text)
{
	write_all(STDERR_FILENO, text);
}

static void note(struct admin *admin, const char *prefix, const char *text)
{
	struct buf line;

	buf_init(&line, admin->arena, ADMIN_OUTPUT_MAX);
	wrap_to(&line, prefix, text, strlen(prefix));
	write_all(STDERR_FILENO, &line);
}

int admin_fail(struct admin *admin, const struct err *err)
{
	note(admin, "error: ", err->text);
	return EXIT_UNDECIDED;
}

int admin_usage(struct admin *admin, const char *fmt, ...)
{
	va_list ap;
	const char *text;
	struct buf line;

	va_start(ap, fmt);
	text = arena_vprintf(admin->arena, fmt, ap);
	va_end(ap);
	note(admin, "error: ", text);
	buf_init(&line, admin->arena, ADMIN_OUTPUT_MAX);
	buf_addf(&line, "usage: stagegate %s%s%s\n", admin->verb->name,
	    *admin->verb->arguments ? " " : "", admin->verb->arguments);
	write_all(STDERR_FILENO, &line);
	return EXIT_USAGE;
}

void admin_note(struct admin *admin, const char *prefix, const char *fmt, ...)
{
	va_list ap;
	const char *text;

	va_start(ap, fmt);
	text = arena_vprintf(admin->arena, fmt, ap);
	va_end(ap);
	note(admin, prefix, text);
}

void admin_wrap(
    struct admin *admin, const char *prefix, const char *text, size_t indent)
{
	wrap_to(&admin->out, prefix, text, indent);
}

int admin_flush(struct admin *admin)
{
	int status = write_all(STDOUT_FILENO, &admin->out);

	/* A pager that was left early is no mistake. */
	if (status < 0 && errno != EPIPE) {
		admin_note(admin, "error: ", "cannot write the output: %s",
		    strerror(errno));
		admin->unwritten = true;
	}
	if (admin->out.overflow) {
		admin_note(admin, "error: ", "the output is too long");
		admin->unwritten = true;
	}
	admin->out.len = 0;
	admin->out.p[0] = '\0';
	admin->out.overflow = false;
	return status;
}

void admin_json(struct admin *admin, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	if (text)
		buf_adds(&admin->out, text);
	buf_addc(&admin->out, '\n');
	free(text);
	json_decref(json);
}

json_t *json_text(struct arena *arena, const char *text)
{
	return text ? json_string(text_clean_s(arena, text)) : json_null();
}

json_t *json_texts(struct arena *arena, const struct strings *texts)
{
	json_t *array = json_array();

	for (size_t i = 0; i < texts->n; i++)
		json_array_append_new(array, json_text(arena, texts->v[i]));
	return array;
}

json_t *json_time(struct arena *arena, int64_t time)
{
	return json_string(time_format_iso(arena, time));
}

json_t *json_oid(const struct oid *oid)
{
	return oid_is_zero(oid) ? json_null() : json_string(oid_hex(oid).s);
}

const char *ago(struct arena *arena, int64_t then, int64_t now)
{
	if (now - then < 60)
		return "now";
	return arena_printf(
	    arena, "%s ago", duration_format(arena, (uint64_t)(now - then)));
}
