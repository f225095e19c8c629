#include "setup/configure.h"

#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "git/configfile.h"
#include "record/repoid.h"

#define ADDED "stagegate.added"
#define REPLACED "stagegate.replaced"
#define SEED_KEY "receive.certNonceSeed"
#define SEED_FILE "push-cert.config"
#define INCLUDE_KEY "include.path"

static const struct {
	const char *key, *value;
} settings[] = {
	{ "receive.advertisePushOptions", "true" },
	{ "receive.denyDeleteCurrent", "true" },
	{ "receive.fsckObjects", "true" },
	{ "receive.certNonceSlop", "60" },
}, hidden[] = {
	{ "receive.hideRefs", "refs/notes/stagegate" },
	{ "receive.hideRefs", "refs/stagegate" },
	{ "uploadpack.hideRefs", "refs/evidence" },
};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* The part of "key=value" behind the '=', where it is about this key. */
static const char *value_of(const char *note, const char *key)
{
	size_t len = strlen(key);

	return strncasecmp(note, key, len) == 0 && note[len] == '='
	    ? note + len + 1
	    : NULL;
}

/* Forgets what was noted of a key as set; tells whether anything was. */
static int forget_added(struct arena *arena, struct config_file *file,
    const char *key, bool *ret_was, struct err *err)
{
	struct strings notes;

	if (config_file_values(file, ADDED, &notes, err))
		return -1;
	*ret_was = false;
	for (size_t i = 0; i < notes.n; i++)
		if (value_of(notes.v[i], key)) {
			config_file_remove(
			    file, ADDED, arena_strdup(arena, notes.v[i]));
			*ret_was = true;
		}
	return 0;
}

static int set(struct arena *arena, struct config_file *file, const char *key,
    const char *value, struct err *err)
{
	struct strings values;
	const char *old;
	bool was_ours;

	if (config_file_values(file, key, &values, err))
		return -1;
	old = values.n > 0 ? values.v[values.n - 1] : NULL;
	if (old && strcmp(old, value) == 0)
		return 0;
	if (forget_added(arena, file, key, &was_ours, err))
		return -1;
	config_file_set(file, key, value);
	config_file_add(file, ADDED, arena_printf(arena, "%s=%s", key, value));
	if (old && !was_ours)
		config_file_add(
		    file, REPLACED, arena_printf(arena, "%s=%s", key, old));
	return 0;
}

static int add(struct config_file *file, const char *key, const char *value,
    bool *ret_added, struct err *err)
{
	struct strings values;

	if (config_file_values(file, key, &values, err))
		return -1;
	*ret_added = !strings_have(&values, value);
	if (*ret_added)
		config_file_add(file, key, value);
	return 0;
}

static int note_all(struct arena *arena, struct config_file *file,
    const struct configure *what, struct err *err)
{
	bool added;

	for (size_t i = 0; i < COUNT(settings); i++)
		if (set(arena, file, settings[i].key, settings[i].value, err))
			return -1;
	for (size_t i = 0; i < COUNT(hidden); i++)
		if (add(file, hidden[i].key, hidden[i].value, &added, err))
			return -1;
	if (what->policy &&
	    set(arena, file, "stagegate.policy", what->policy, err))
		return -1;
	return what->host ? set(arena, file, "stagegate.host", what->host, err)
			  : 0;
}

int configure_file(struct arena *arena, const char *path,
    const struct configure *what, bool *ret_changed, struct err *err)
{
	struct config_file *file;
	int status;

	if (config_file_open(arena, path, &file, err))
		return -1;
	status = note_all(arena, file, what, err) ||
		config_file_save(file, ret_changed, err)
	    ? -1
	    : 0;
	config_file_close(file);
	return status;
}

int configure_one(struct arena *arena, const char *path, const char *key,
    const char *value, bool *ret_changed, struct err *err)
{
	struct config_file *file;
	int status;

	if (config_file_open(arena, path, &file, err))
		return -1;
	status = set(arena, file, key, value, err) ||
		config_file_save(file, ret_changed, err)
	    ? -1
	    : 0;
	config_file_close(file);
	return status;
}

/* ---- the seed of nonces ----------------------------------------------- */

static int write_seed(struct arena *arena, struct repo *repo, struct err *err)
{
	const char *dir, *text;
	unsigned mode;

	if (state_dir(arena, repo, &dir, err) ||
	    state_file_mode(arena, repo, &mode, err))
		return -1;
	text = arena_printf(arena, "[receive]\n\tcertNonceSeed = %s%s\n",
	    random_hex(arena), random_hex(arena));
	/* The accounts of a shared repository read it, none writes it. */
	return file_replace(arena_printf(arena, "%s/" SEED_FILE, dir), text,
	    strlen(text), mode & ~0020u, err);
}

static int note_seed(struct arena *arena, struct repo *repo,
    struct config_file *file, struct err *err)
{
	static const char path[] = "stagegate/" SEED_FILE;
	const char *seed;
	bool added;

	if (repo_config(repo, arena, SEED_KEY, &seed, err))
		return -1;
	if (seed && *seed)
		return 0;
	if (write_seed(arena, repo, err) ||
	    add(file, INCLUDE_KEY, path, &added, err))
		return -1;
	if (added)
		config_file_add(
		    file, ADDED, arena_printf(arena, INCLUDE_KEY "=%s", path));
	return 0;
}

int configure_repository(struct arena *arena, struct repo *repo,
    const struct configure *what, bool *ret_changed, struct err *err)
{
	const char *path = arena_printf(arena, "%s/config", repo_path(repo));
	struct config_file *file;
	int status;

	if (config_file_open(arena, path, &file, err))
		return -1;
	status = note_all(arena, file, what, err) ||
		note_seed(arena, repo, file, err) ||
		config_file_save(file, ret_changed, err)
	    ? -1
	    : 0;
	config_file_close(file);
	return status;
}

/* ---- undoing ---------------------------------------------------------- */

static const char *replaced_value(
    const struct strings *replaced, const char *key)
{
	for (size_t i = 0; i < replaced->n; i++)
		if (value_of(replaced->v[i], key))
			return value_of(replaced->v[i], key);
	return NULL;
}

/* One note: the setting goes where it is as it was set. */
static int undo(struct arena *arena, struct config_file *file, const char *note,
    const struct strings *replaced, struct err *err)
{
	const char *equals = strchr(note, '='), *key, *old;
	struct strings values;

	if (!equals)
		return 0;
	key = arena_strndup(arena, note, (size_t)(equals - note));
	if (config_file_values(file, key, &values, err))
		return -1;
	if (!strings_have(&values, equals + 1))
		return 0;
	config_file_remove(file, key, equals + 1);
	old = replaced_value(replaced, key);
	if (old)
		config_file_add(file, key, old);
	return 0;
}

static int undo_all(
    struct arena *arena, struct config_file *file, struct err *err)
{
	struct strings added, replaced;

	if (config_file_values(file, ADDED, &added, err) ||
	    config_file_values(file, REPLACED, &replaced, err))
		return -1;
	for (size_t i = 0; i < added.n; i++) {
		if (undo(arena, file, added.v[i], &replaced, err))
			return err_prefix(err, "undoing '%s'",
			    text_clean_s(arena, added.v[i]));
		config_file_remove(file, ADDED, added.v[i]);
	}
	for (size_t i = 0; i < replaced.n; i++)
		config_file_remove(file, REPLACED, replaced.v[i]);
	return 0;
}

int unconfigure_file(
    struct arena *arena, const char *path, bool *ret_changed, struct err *err)
{
	struct config_file *file;
	int status;

	if (config_file_open(arena, path, &file, err))
		return -1;
	status = undo_all(arena, file, err) ||
		config_file_save(file, ret_changed, err)
	    ? -1
	    : 0;
	config_file_close(file);
	return status;
}
