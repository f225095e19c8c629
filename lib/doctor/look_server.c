#include <unistd.h>

#include "base/text.h"
#include "doctor/access.h"
#include "doctor/doctor.h"

/* Variables that lead git, or any program, elsewhere. */
static const struct {
	const char *prefix, *but;
} dangerous[] = {
	{ "GIT_", "GIT_PROTOCOL" }, /* git(1) itself asks for that one */
	{ "LD_", NULL },
	{ "HOME", NULL },
	{ "XDG_", NULL },
	{ "PATH", NULL },
};

static void look_accepted(struct doctor_server *server)
{
	for (size_t i = 0; i < sizeof(dangerous) / sizeof(*dangerous); i++) {
		const struct sshd_accepted *by = sshd_accepts_any(
		    &server->sshd, dangerous[i].prefix, dangerous[i].but);

		if (by)
			ailments_add(server->arena, &server->findings,
			    "sshd.accept-env",
			    "sshd lets clients set %s.. (AcceptEnv %s, %s): "
			    "git can be told to skip every hook that way",
			    dangerous[i].prefix,
			    text_clean_s(server->arena, by->pattern),
			    text_clean_s(server->arena, by->where));
	}
}

static void look_sshd(struct doctor_server *server)
{
	struct arena *arena = server->arena;
	struct sshd *sshd = &server->sshd;
	struct err err;

	if (sshd_look(arena, server->options->sshd_config, sshd, &err) < 0) {
		ailments_add(arena, &server->findings, "sshd.unreadable", "%s",
		    text_clean_s(arena, err.text));
		server->unseen = true;
		return;
	}
	if (!sshd->is_there)
		return;
	look_accepted(server);
	if (sshd->user_environment)
		ailments_add(arena, &server->findings, "sshd.user-environment",
		    "PermitUserEnvironment is %s (%s): who may write "
		    "~/.ssh/environment or authorized_keys sets what hooks "
		    "believe",
		    text_clean_s(arena, sshd->user_environment),
		    text_clean_s(arena, sshd->user_environment_where));
	if (sshd->match)
		ailments_add(arena, &server->findings, "sshd.match",
		    "sshd has Match blocks (the first at %s): what they accept "
		    "was taken to hold for everybody",
		    text_clean_s(arena, sshd->match));
	ailments_add(arena, &server->findings, "sshd.keys",
	    "whether each key in authorized_keys has a forced command can't "
	    "be seen from here");
}

/* Whoever installed for himself, not being root, may write what is his. */
static void look_access(
    struct doctor_server *server, const char *code, const char *path)
{
	struct access_look look;
	struct account self;
	struct err err;

	account_find(server->arena, geteuid(), getegid(), &self);
	if (access_way(server->arena, path, &self, &look, &err) < 0 ||
	    look.holder == HELD_BY_ROOT)
		return;
	ailments_add(server->arena, &server->findings,
	    look.holder == HELD_BY_OTHERS ? code : "modes.own",
	    "%s %s, so that %s can be replaced",
	    text_clean_s(server->arena, look.path), look.why,
	    text_clean_s(server->arena, path));
}

static void look_programs(struct doctor_server *server)
{
	const char *dir = server->options->libexec;
	struct err err;

	if (programs_load(server->arena, dir, &server->programs, &err) < 0) {
		ailments_add(server->arena, &server->findings,
		    "install.programs", "%s",
		    text_clean_s(server->arena, err.text));
		server->unseen = true;
		return;
	}
	server->has_programs = true;
	for (int i = 0; i < HOOKS; i++)
		look_access(
		    server, "modes.programs", server->programs.v[i].path);
}

void doctor_look_server(struct doctor_server *server)
{
	look_programs(server);
	look_sshd(server);
	for (size_t i = 0; i < server->sshd.files.n; i++)
		look_access(server, "modes.sshd", server->sshd.files.v[i]);
}
