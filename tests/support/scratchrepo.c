#include "support/scratchrepo.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/process.h"
#include "support/unit.h"

#define OUTPUT_MAX ((size_t)64 << 20)
#define SCRIPT_MAX ((size_t)64 << 10)
#define STREAM_MAX ((size_t)64 << 20)
#define TIMEOUT_MS 120000u

static struct process_result run(
    const void *input, size_t len, const char *script)
{
	static const char *const envp[] = { "PATH=/usr/local/bin:/usr/bin:/bin",
		"HOME=/nonexistent", "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=Ann Author",
		"GIT_AUTHOR_EMAIL=ann@example.com",
		"GIT_AUTHOR_DATE=1700000000 +0000",
		"GIT_COMMITTER_NAME=Carl Committer",
		"GIT_COMMITTER_EMAIL=carl@example.com",
		"GIT_COMMITTER_DATE=1700000000 +0000", NULL };
	const char *argv[] = { "/bin/sh", "-ec", script, NULL };
	struct process process = { .argv = argv,
		.envp = envp,
		.input = input,
		.input_len = len,
		.output_max = OUTPUT_MAX,
		.timeout_ms = TIMEOUT_MS };
	struct process_result result;
	struct err err;

	ck_assert_msg(process_run(&unit_arena, &process, &result, &err) == 0,
	    "%s", err.text);
	return result;
}

static const char *output_of(struct process_result result, const char *script)
{
	size_t len = result.output_len;

	ck_assert_msg(result.status == 0, "exit %d: %s", result.status, script);
	if (len > 0 && result.output[len - 1] == '\n')
		len--;
	return arena_strndup(&unit_arena, result.output, len);
}

static const char *format(const char *fmt, va_list ap)
{
	char *script = arena_alloc(&unit_arena, SCRIPT_MAX);
	int n = vsnprintf(script, SCRIPT_MAX, fmt, ap);

	ck_assert(n >= 0 && (size_t)n < SCRIPT_MAX);
	return script;
}

const char *scratch_sh(const char *fmt, ...)
{
	const char *script;
	va_list ap;

	va_start(ap, fmt);
	script = format(fmt, ap);
	va_end(ap);
	return output_of(run(NULL, 0, script), script);
}

int scratch_status(const char *fmt, ...)
{
	const char *script;
	va_list ap;

	va_start(ap, fmt);
	script = format(fmt, ap);
	va_end(ap);
	return run(NULL, 0, script).status;
}

const char *scratch_feed(const void *input, size_t len, const char *script)
{
	return output_of(run(input, len, script), script);
}

struct oid scratch_hex(const char *hex)
{
	struct oid oid = { { 0 } };

	ck_assert_msg(oid_parse(hex, &oid), "no id: %s", hex);
	return oid;
}

struct oid scratch_oid(const char *dir, const char *revision)
{
	return scratch_hex(
	    scratch_sh("git -C %s rev-parse --verify '%s'", dir, revision));
}

struct repo *scratch_open(const char *dir)
{
	struct repo *repo = NULL;
	struct err err = { 0 };

	ck_assert_msg(
	    repo_open_path(&unit_arena, dir, &repo, &err) == 0, "%s", err.text);
	return repo;
}

unsigned scratch_dice(unsigned *seed, unsigned below)
{
	*seed = *seed * 1103515245u + 12345u;
	return (*seed >> 8) % below;
}

static long date_of(size_t i, unsigned *seed, enum scratch_dates dates)
{
	switch (dates) {
	case DATES_HONEST:
		return 1600000000 + 100 * (long)i;
	case DATES_EQUAL:
		return 1600000000;
	case DATES_RANDOM:
		return 1600000000 + (long)scratch_dice(seed, 100000);
	case DATES_REVERSED:
		return 1600000000 - 100 * (long)i;
	}
	return 0;
}

/* Mostly the newest commits, sometimes any, sometimes none. */
static void choose_parents(struct scratch_history *h, size_t i, unsigned *seed)
{
	size_t wish = i == 0 ? 0 : 1;
	unsigned dice = scratch_dice(seed, 100);

	if (dice < 3)
		wish = 0;
	else if (dice > 60)
		wish = dice > 95 ? 3 : 2;
	for (size_t k = 0; i > 0 && k < wish; k++) {
		unsigned back = scratch_dice(seed, 10) == 0 ? (unsigned)i : 8;
		size_t parent;
		bool again = false;

		if (back > i)
			back = (unsigned)i;
		parent = i - 1 - scratch_dice(seed, back);
		for (size_t m = 0; m < h->nparents[i]; m++)
			again = again || h->parents[i][m] == parent;
		if (!again)
			h->parents[i][h->nparents[i]++] = parent;
	}
}

static void add_commit(struct buf *stream, struct scratch_history *h, size_t i,
    unsigned *seed, enum scratch_dates dates)
{
	buf_addf(stream,
	    "commit refs/heads/c%zu\nmark :%zu\n"
	    "committer C <c@example.com> %ld +0000\ndata 2\n%c\n",
	    i, i + 1, date_of(i, seed, dates), (char)('a' + i % 26));
	for (size_t k = 0; k < h->nparents[i]; k++)
		buf_addf(stream, "%s :%zu\n", k == 0 ? "from" : "merge",
		    h->parents[i][k] + 1);
	for (unsigned k = scratch_dice(seed, 4); k > 0; k--) {
		unsigned dir = scratch_dice(seed, 5);
		unsigned file = scratch_dice(seed, 6);

		/* d0 .. d4 are now folders, now files. */
		if (scratch_dice(seed, 12) == 0)
			buf_addf(stream, "M 100644 inline d%u\n", dir);
		else if (scratch_dice(seed, 12) == 0)
			buf_addf(
			    stream, "M 120000 inline d%u/l%u\n", dir, file);
		else if (scratch_dice(seed, 8) == 0) {
			buf_addf(stream, "D d%u/f%u\n", dir, file);
			continue;
		} else {
			buf_addf(stream, "M 100%s inline d%u/s-%u/f%u\n",
			    scratch_dice(seed, 5) == 0 ? "755" : "644", dir,
			    file % 3, file);
		}
		buf_addf(stream, "data 8\n%08x\n", scratch_dice(seed, 1 << 20));
	}
	buf_addc(stream, '\n');
}

static void fill_reaches(struct scratch_history *h)
{
	for (size_t i = 0; i < h->n; i++) {
		h->reaches[i][i] = true;
		for (size_t k = 0; k < h->nparents[i]; k++)
			for (size_t j = 0; j < i; j++)
				if (h->reaches[h->parents[i][k]][j])
					h->reaches[i][j] = true;
	}
}

struct scratch_history *scratch_random(
    const char *dir, size_t n, unsigned seed, enum scratch_dates dates)
{
	struct scratch_history *h = ARENA_NEW(
	    &unit_arena, struct scratch_history);
	struct buf stream;
	const char *marks;

	ck_assert(n <= SCRATCH_COMMITS_MAX);
	h->n = n;
	buf_init(&stream, &unit_arena, STREAM_MAX);
	for (size_t i = 0; i < n; i++) {
		choose_parents(h, i, &seed);
		add_commit(&stream, h, i, &seed, dates);
	}
	scratch_sh("git init -q --bare %s", dir);
	scratch_feed(stream.p, stream.len,
	    arena_printf(&unit_arena,
		"git -C %s fast-import --quiet --force --export-marks=marks",
		dir));
	/* ":1 <id>" */
	marks = scratch_sh("sort -t: -k2n %s/marks", dir);
	for (size_t i = 0; i < n; i++) {
		marks = strchr(marks, ' ');
		ck_assert_ptr_nonnull(marks);
		h->ids[i] = scratch_hex(++marks);
	}
	fill_reaches(h);
	return h;
}
