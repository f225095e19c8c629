#include <string.h>

#include "base/text.h"
#include "doctor/doctor.h"

/* ---- one value is wanted --------------------------------------------------
 */

struct wanted {
	const char *key, *other; /* other: asked where key is not set */
	bool otherwise;          /* git's own default */
	bool value;
	const char *code, *text;
};

static const struct wanted wanted[] = {
	{ "receive.advertisepushoptions", NULL, false, true,
	    "config.push-options",
	    "receive.advertisePushOptions is not true: reasons for rollbacks "
	    "and bypasses can't be given with 'git push -o'" },
	{ "receive.fsckobjects", "transfer.fsckobjects", false, true,
	    "config.fsck",
	    "receive.fsckObjects is not true: git takes malformed objects "
	    "into the store" },
	{ "receive.denydeletecurrent", NULL, true, true,
	    "config.delete-current",
	    "receive.denyDeleteCurrent is off: the branch that HEAD names can "
	    "be deleted where the policy lets it" },
	{ "receive.shallowupdate", NULL, false, false, "config.shallow-update",
	    "receive.shallowUpdate is true: one push from a shallow clone "
	    "makes this repository shallow, and its history can't be judged "
	    "any more" },
};

/* denyDeleteCurrent has words of its own: refuse, warn, ignore. */
static bool is_on(
    const struct config_list *config, const char *key, bool otherwise)
{
	const struct config_entry *entry = config_list_last(config, key);

	if (entry && strcmp(entry->value, "refuse") == 0)
		return true;
	if (entry &&
	    (strcmp(entry->value, "warn") == 0 ||
		strcmp(entry->value, "ignore") == 0))
		return false;
	return config_list_bool(config, key, otherwise);
}

static void set(struct doctor *d, struct ailment *finding, const char *key,
    const char *value, enum fix_kind kind)
{
	finding->fix = (struct fix){ .kind = kind,
		.path = arena_printf(d->arena, "%s/config", d->place.gitdir),
		.key = key,
		.value = value };
}

static void look_wanted(struct doctor *d)
{
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		const struct wanted *w = &wanted[i];
		bool otherwise = w->other
		    ? is_on(&d->config, w->other, w->otherwise)
		    : w->otherwise;

		if (is_on(&d->config, w->key, otherwise) != w->value)
			set(d, doctor_find(d, w->code, "%s", w->text), w->key,
			    w->value ? "true" : "false", FIX_CONFIG_SET);
	}
}

/* ---- hidden refs ----------------------------------------------------------
 *
 * As git's refs.c, ref_is_hidden: transfer.hideRefs and the service's own are
 * one list, in the order in which they are read; the last that matches counts,
 * and '!' shows what another hides.
 */
static bool is_hide_key(const char *key, const char *service)
{
	size_t len = strlen(service);

	return strcmp(key, "transfer.hiderefs") == 0 ||
	    (strncmp(key, service, len) == 0 &&
		strcmp(key + len, ".hiderefs") == 0);
}

struct hide_rule {
	bool shows;
	const char *prefix;
	size_t len; /* without slashes at the end */
};

static struct hide_rule hide_rule(const char *value)
{
	struct hide_rule rule = { *value == '!', value, 0 };

	rule.prefix += rule.shows;
	/* Before a namespace is taken off; there is none here. */
	rule.prefix += *rule.prefix == '^';
	rule.len = strlen(rule.prefix);
	while (rule.len > 0 && rule.prefix[rule.len - 1] == '/')
		rule.len--;
	return rule;
}

static bool is_below(const char *name, const char *prefix, size_t len)
{
	return strncmp(name, prefix, len) == 0 &&
	    (name[len] == '\0' || name[len] == '/');
}

/* What shows something of it; NULL: all of it is hidden.  "": nothing hides
 * it. */
static const char *shown_by(
    const struct config_list *config, const char *service, const char *refs)
{
	for (size_t i = config->n; i > 0; i--) {
		const struct config_entry *entry = &config->v[i - 1];
		struct hide_rule rule;

		if (!is_hide_key(entry->key, service))
			continue;
		rule = hide_rule(entry->value);
		if (is_below(refs, rule.prefix, rule.len))
			return rule.shows ? entry->value : NULL;
		/* A part of it. */
		if (rule.shows && rule.len > strlen(refs) &&
		    is_below(rule.prefix, refs, strlen(refs)))
			return entry->value;
	}
	return "";
}

struct hidden {
	const char *service, *key, *refs, *code, *what;
};

static const struct hidden hidden[] = {
	{ "receive", "receive.hideRefs", "refs/notes/stagegate",
	    "config.hide-refs", "the ledger" },
	{ "receive", "receive.hideRefs", "refs/stagegate", "config.hide-refs",
	    "kept commits" },
	{ "uploadpack", "uploadpack.hideRefs", "refs/evidence",
	    "config.hide-evidence", "the inbox of evidence" },
};

static void look_hidden(struct doctor *d)
{
	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++) {
		const struct hidden *h = &hidden[i];
		const char *by = shown_by(&d->config, h->service, h->refs);

		if (!by)
			continue;
		if (*by)
			doctor_find(d, "config.hide-negated",
			    "%s is shown again by '%s' among %s.hideRefs or "
			    "transfer.hideRefs",
			    h->what, text_clean_s(d->arena, by), h->service);
		else
			set(d,
			    doctor_find(d, h->code,
				"%s is not hidden: %s lacks %s", h->what,
				h->key, h->refs),
			    h->key, h->refs, FIX_CONFIG_ADD);
	}
}

/* ---- the rest -------------------------------------------------------------
 */

static void look_programs(struct doctor *d)
{
	static const char *const keys[] = { "core.alternaterefscommand",
		"core.fsmonitor", "uploadpack.packobjectshook" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const struct config_entry *entry = config_list_last(
		    &d->config, keys[i]);

		if (entry && *entry->value &&
		    strcmp(entry->value, "false") != 0)
			doctor_find(d, "config.command",
			    "git runs a program that %s names: '%s'", keys[i],
			    text_clean_s(d->arena, entry->value));
	}
	if (config_list_last(&d->config, "receive.procreceiverefs"))
		doctor_find(d, "config.proc-receive",
		    "receive.procReceiveRefs is set to '%s': refs that match "
		    "go to a proc-receive hook and past 'update'",
		    text_clean_s(d->arena,
			config_list_last(&d->config, "receive.procreceiverefs")
			    ->value));
}

static void look_fsync(struct doctor *d)
{
	const struct config_entry *entry = config_list_last(
	    &d->config, "core.fsync");

	if (entry &&
	    (strstr(entry->value, "none") ||
		strstr(entry->value, "-reference") ||
		strstr(entry->value, "-committed")))
		doctor_find(d, "config.fsync",
		    "core.fsync is '%s': a power cut can undo a push that the "
		    "ledger has",
		    text_clean_s(d->arena, entry->value));
}

static void look_wants(struct doctor *d)
{
	static const char *const keys[] = { "uploadpack.allowanysha1inwant",
		"uploadpack.allowreachablesha1inwant",
		"uploadpack.allowtipsha1inwant" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (config_list_bool(&d->config, keys[i], false)) {
			doctor_find(d, "config.sha1-in-want",
			    "%s is true: who knows the id of an object in a "
			    "hidden ref can fetch it",
			    keys[i]);
			return;
		}
}

void look_config(struct doctor *d)
{
	const struct config_place place = { d->place.gitdir, d->account.home };
	struct err err;

	if (config_list_read(d->arena, &place, &d->config, &err) < 0 ||
	    config_list_files(d->arena, &place, &d->config_files, &err) < 0) {
		doctor_unseen(d, "config.unreadable", &err);
		return;
	}
	look_wanted(d);
	look_hidden(d);
	look_programs(d);
	look_fsync(d);
	look_wants(d);
	if (!config_list_bool(&d->config, "core.bare", d->place.is_bare))
		doctor_find(d, "config.not-bare",
		    "this repository has a work tree, which a push does not "
		    "change");
}
