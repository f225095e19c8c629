#include "doctor/sshd.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"

#define CONFIG_BYTES_MAX ((size_t)1 << 20)
#define WORDS_MAX 256 /* of a line */
#define SSHD_TIMEOUT_MS 10000u

/* ---- patterns ---------------------------------------------------------------
 *
 * As in ssh_config(5): `*` is any text, `?` any character.
 */
static bool matches(const char *pattern, const char *text)
{
	const char *star = NULL, *again = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			again = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star) {
			pattern = star + 1;
			text = ++again;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

/* Is there a text with that start that it matches? */
static bool can_match(const char *pattern, const char *prefix)
{
	for (; *prefix; prefix++, pattern++) {
		if (*pattern == '*')
			return true;
		if (!*pattern || (*pattern != '?' && *pattern != *prefix))
			return false;
	}
	return true;
}

/* ---- lines ----------------------------------------------------------------
 */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* `Keyword argument..` or `Keyword=argument`; arguments may be quoted.  A '#'
 * begins a comment where a word would. */
static size_t split(char *line, const char *words[WORDS_MAX])
{
	size_t n = 0;

	while (n < WORDS_MAX) {
		char end = ' ';

		while (is_blank(*line) || (n == 1 && *line == '='))
			line++;
		if (!*line || *line == '#')
			break;
		if (*line == '"')
			end = *line++;
		words[n++] = line;
		while (*line &&
		    (end == '"' ? *line != '"'
				: !is_blank(*line) && (n > 1 || *line != '=')))
			line++;
		if (!*line)
			break;
		*line++ = '\0';
	}
	return n;
}

static void add_accepted(struct arena *arena, struct sshd *sshd,
    const char *pattern, const char *where)
{
	for (size_t i = 0; i < sshd->accepted.n; i++)
		if (strcmp(sshd->accepted.v[i].pattern, pattern) == 0)
			return;
	ARRAY_PUSH(arena, &sshd->accepted,
	    (struct sshd_accepted){ arena_strdup(arena, pattern), where });
}

static void take_line(struct arena *arena, char *line, const char *where,
    struct sshd *sshd, struct strings *includes)
{
	const char *words[WORDS_MAX];
	size_t n = split(line, words);

	if (n < 2)
		return;
	if (strcasecmp(words[0], "acceptenv") == 0) {
		for (size_t i = 1; i < n; i++)
			add_accepted(arena, sshd, words[i], where);
	} else if (strcasecmp(words[0], "permituserenvironment") == 0) {
		if (strcasecmp(words[1], "no") != 0 &&
		    !sshd->user_environment) {
			sshd->user_environment = arena_strdup(arena, words[1]);
			sshd->user_environment_where = where;
		}
	} else if (strcasecmp(words[0], "match") == 0) {
		if (!sshd->match)
			sshd->match = where;
	} else if (strcasecmp(words[0], "include") == 0 && includes) {
		for (size_t i = 1; i < n; i++)
			strings_add(
			    arena, includes, arena_strdup(arena, words[i]));
	}
}

/* where: of all lines; NULL: "NAME:LINE" of each. */
static void take_lines(struct arena *arena, const char *name, const char *where,
    const char *text, struct sshd *sshd, struct strings *includes)
{
	size_t number = 0;

	while (*text) {
		size_t len = strcspn(text, "\n");

		number++;
		take_line(arena, arena_strndup(arena, text, len),
		    where ? where : arena_printf(arena, "%s:%zu", name, number),
		    sshd, includes);
		text += len + (text[len] == '\n');
	}
}

void sshd_config_parse(struct arena *arena, const char *name, const char *text,
    struct sshd *sshd, struct strings *ret_includes)
{
	take_lines(arena, name, NULL, text, sshd, ret_includes);
}

/* ---- files ----------------------------------------------------------------
 */

/* Relative ones begin at /etc/ssh, wherever the file is (sshd_config(5)).
 * glob(3) would bring in NSS, and nobody writes a wildcard before the last
 * slash. */
static int add_files(struct arena *arena, const char *pattern,
    struct strings *files, struct err *err)
{
	const char *path = *pattern == '/'
	    ? pattern
	    : arena_printf(arena, "/etc/ssh/%s", pattern);
	const char *base = strrchr(path, '/') + 1;
	const char *dir = arena_strndup(arena, path, (size_t)(base - path));
	struct strings names = { NULL, 0, 0 };

	if (strpbrk(dir, "*?["))
		return err_set(err, ERR_FORMAT,
		    "'Include %s' of sshd can't be followed", pattern);
	if (dir_list(arena, dir, &names, err) < 0)
		return -1;
	for (size_t i = 0; i < names.n; i++)
		if (matches(base, names.v[i]))
			strings_add(arena, files,
			    arena_printf(arena, "%s%s", dir, names.v[i]));
	return files->n <= SSHD_FILES_MAX
	    ? 0
	    : err_set(err, ERR_LIMIT, "sshd includes more than %d files",
		  SSHD_FILES_MAX);
}

static int read_files(
    struct arena *arena, const char *config, struct sshd *sshd, struct err *err)
{
	ARRAY_PUSH(arena, &sshd->files, config);
	for (size_t i = 0; i < sshd->files.n; i++) {
		struct strings includes = { NULL, 0, 0 };
		const char *path = sshd->files.v[i];
		char *text;
		size_t len;

		if (file_read(arena, path, CONFIG_BYTES_MAX, &text, &len, err) <
		    0)
			return -1;
		sshd_config_parse(arena, path, text, sshd, &includes);
		for (size_t k = 0; k < includes.n; k++)
			if (add_files(arena, includes.v[k], &sshd->files, err) <
			    0)
				return -1;
	}
	return 0;
}

/* Without host keys, or not as root, it answers nothing: the files remain. */
static void ask_program(
    struct arena *arena, const char *config, struct sshd *sshd)
{
	const char *argv[] = { SSHD_PROGRAM, "-T", "-f", config, NULL };
	struct process process = { .argv = argv,
		.output_max = CONFIG_BYTES_MAX,
		.timeout_ms = SSHD_TIMEOUT_MS };
	struct process_result result;
	struct err ignored;

	if (access(SSHD_PROGRAM, X_OK) != 0 || geteuid() != 0 ||
	    process_run(arena, &process, &result, &ignored) < 0 ||
	    result.status != 0)
		return;
	take_lines(arena, NULL, "sshd -T", result.output, sshd, NULL);
}

int sshd_look(
    struct arena *arena, const char *config, struct sshd *ret, struct err *err)
{
	struct sshd sshd = { .is_there = true };
	const char *path = config ? config : SSHD_CONFIG;

	*ret = (struct sshd){ .is_there = false };
	if (!config && access(path, F_OK) != 0)
		return 0;
	if (read_files(arena, path, &sshd, err) < 0)
		return -1;
	ask_program(arena, path, &sshd);
	*ret = sshd;
	return 0;
}

/* ---- what is accepted ------------------------------------------------------
 */

const struct sshd_accepted *sshd_accepts(
    const struct sshd *sshd, const char *variable)
{
	for (size_t i = 0; i < sshd->accepted.n; i++)
		if (matches(sshd->accepted.v[i].pattern, variable))
			return &sshd->accepted.v[i];
	return NULL;
}

const struct sshd_accepted *sshd_accepts_any(
    const struct sshd *sshd, const char *prefix, const char *but)
{
	for (size_t i = 0; i < sshd->accepted.n; i++) {
		const struct sshd_accepted *accepted = &sshd->accepted.v[i];

		if (can_match(accepted->pattern, prefix) &&
		    (!but || strcmp(accepted->pattern, but) != 0))
			return accepted;
	}
	return NULL;
}
