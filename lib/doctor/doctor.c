#include "doctor/doctor.h"

#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"

/* ---- findings --------------------------------------------------------------
 */

/* Beyond the ceiling they are counted, and what is set in them is lost. */
static struct ailment *add(struct arena *arena, struct ailments *findings,
    const char *code, const char *text)
{
	const struct doctor_code *known = doctor_code(code);
	struct ailment finding = { .code = code,
		.level = known ? known->level : AILMENT_ERROR,
		.text = text,
		.remedy = known ? known->remedy : NULL };

	if (findings->n == AILMENTS_MAX) {
		findings->left_out++;
		findings->v[AILMENTS_MAX - 1] = finding;
	} else {
		ARRAY_PUSH(arena, findings, finding);
	}
	return &findings->v[findings->n - 1];
}

struct ailment *ailments_add(struct arena *arena, struct ailments *findings,
    const char *code, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vprintf(arena, fmt, ap);
	va_end(ap);
	return add(arena, findings, code, text);
}

struct ailment *doctor_find(
    struct doctor *d, const char *code, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vprintf(d->arena, fmt, ap);
	va_end(ap);
	return add(d->arena, &d->findings, code, text);
}

void doctor_unseen(struct doctor *d, const char *code, const struct err *err)
{
	doctor_find(d, code, "%s", text_clean_s(d->arena, err->text));
	d->unseen = true;
}

bool doctor_is_inside(const struct doctor *d, const char *path)
{
	const char *gitdir = d->place.gitdir;

	return strcmp(path, gitdir) == 0 ||
	    (str_below(path, gitdir) && !strstr(path, "/../"));
}

/* ---- looking ---------------------------------------------------------------
 */

struct look {
	void (*look)(struct doctor *d);
	bool as_account, wants_open;
	const char *codes; /* what its findings begin with */
	const char *fine;  /* said where nothing is wrong */
};

/* In this order: where hooks are is said by the configuration, and refs are
 * those of the policy. */
static const struct look looks[] = {
	{ look_config, true, false, "config.",
	    "git's configuration is as the hooks need it" },
	{ look_hooks, false, false, "hooks.",
	    "the hooks are those installed, and git finds them" },
	{ look_reach, true, false, NULL, NULL },
	{ look_modes, false, false, NULL, NULL },
	{ look_policy, true, true, "policy.",
	    "the policy can be used, and follows what was in force" },
	{ look_identity, true, true, "identity.",
	    "who pushes is known as this host tells it" },
	{ look_objects, true, false, "objects.",
	    "objects are all here and are themselves" },
	{ look_refs, true, true, "refs.",
	    "refs are where the ledger has them" },
	{ look_plans, true, true, "plans.", "no push is unfinished" },
	{ look_spool, true, true, "spool.", "nothing waits to be told" },
	{ look_state, true, false, "state.", "what is ours is in order" },
	{ look_locks, false, false, "locks.", "no lock was left" },
};

static void look_at(struct doctor *d, const struct look *look)
{
	bool become = look->as_account && account_can_enter(&d->account);
	struct err err;

	if (look->wants_open && !d->opened)
		return;
	if (become && account_enter(&d->account, &err) < 0) {
		doctor_unseen(d, "repository.account", &err);
		return;
	}
	look->look(d);
	if (become)
		account_leave();
	if (look->codes && !ailments_wrong(&d->findings, look->codes))
		ARRAY_PUSH(d->arena, &d->findings,
		    (struct ailment){ .code = arena_strndup(d->arena,
					  look->codes, strlen(look->codes) - 1),
			.level = AILMENT_OK,
			.text = look->fine });
}

/* As the account, whose files a hook would open as itself. */
static void open_session(struct doctor *d)
{
	struct err err;

	if (d->place.unservable) {
		err_set(&err, ERR_FORMAT, "%s", d->place.unservable);
		doctor_unseen(d, "repository.unservable", &err);
		return;
	}
	if (account_enter(&d->account, &err) < 0) {
		doctor_unseen(d, "repository.account", &err);
		return;
	}
	if (session_open_path(d->arena, d->place.gitdir, &d->session, &err) < 0)
		doctor_unseen(d, "repository.unservable", &err);
	else if (session_open_ledger(&d->session, &err) < 0)
		doctor_unseen(d, "ledger.unreadable", &err);
	else
		d->opened = true;
	account_leave();
}

static int find(struct doctor *d, const char *path, struct err *err)
{
	if (place_find(d->arena, path, &d->place, err) < 0)
		return -1;
	d->found = true;
	if (d->server->options->account)
		return account_named(
		    d->arena, d->server->options->account, &d->account, err);
	d->account = d->place.owner;
	return 0;
}

void doctor_look(struct doctor_server *server, struct arena *arena,
    const char *path, struct doctor *ret)
{
	struct err err;

	*ret = (struct doctor){
		.arena = arena, .server = server, .asked = path
	};
	if (find(ret, path, &err) < 0) {
		doctor_unseen(ret, "repository.unreadable", &err);
		return;
	}
	if (account_can_enter(&ret->account)) {
		open_session(ret);
	} else {
		err_set(&err, ERR_IO,
		    "hooks run as '%s', as whom this could not be looked at",
		    ret->account.name);
		doctor_unseen(ret, "repository.account", &err);
	}
	for (size_t i = 0; i < sizeof(looks) / sizeof(*looks); i++)
		look_at(ret, &looks[i]);
	session_close(&ret->session);
}

void doctor_server_init(struct arena *arena,
    const struct doctor_options *options, struct doctor_server *ret)
{
	*ret = (struct doctor_server){
		.arena = arena, .options = options, .now = clock_now()
	};
}
