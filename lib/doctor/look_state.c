#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "doctor/doctor.h"
#include "record/leftover.h"
#include "record/plan.h"
#include "record/repoid.h"

/* ---- pushes that did not end ------------------------------------------------
 */

void look_plans(struct doctor *d)
{
	struct plans plans = { NULL, 0, 0 };
	const struct plan *first = NULL;
	struct err err;
	size_t unfinished = 0, live = 0;

	if (plans_read(d->arena, d->session.repo, &plans, &err) < 0) {
		doctor_unseen(d, "plans.damaged", &err);
		return;
	}
	for (size_t i = 0; i < plans.n; i++) {
		const struct plan *plan = plans.v[i];

		if (plan_is_live(plan, d->server->now)) {
			live++;
			continue;
		}
		/* A push takes its plan away before it ends: one that has
		 * ended since the plan was read has none any more. */
		if (access(plan->path, F_OK) < 0)
			continue;
		unfinished++;
		first = first ? first : plan;
	}
	if (first)
		doctor_find(d, "plans.unfinished",
		    "pushes broken off and not settled yet: %zu, the first by "
		    "%s",
		    unfinished, text_clean_s(d->arena, first->pusher));
	if (live > 0)
		doctor_find(d, "plans.live", "pushes under way: %zu", live);
}

/* ---- the repository's id ----------------------------------------------------
 */

static void look_id(struct doctor *d)
{
	struct doctor_server *server = d->server;
	const char *own = NULL, *recorded = NULL;
	struct err err;

	if (repository_id_read(d->arena, d->session.repo, &own, &err) < 0 ||
	    ledger_repository_id(d->session.ledger, d->arena, &recorded, &err) <
		0) {
		doctor_unseen(d, "state.id", &err);
		return;
	}
	if (own && recorded && strcmp(own, recorded) != 0)
		doctor_find(d, "state.id",
		    "stagegate/id is not the id that the ledger has");
	if (!own)
		return;
	for (size_t i = 0; i < server->ids.n; i++)
		if (strcmp(server->ids.v[i].id, own) == 0 &&
		    strcmp(server->ids.v[i].gitdir, d->place.gitdir) != 0) {
			doctor_find(d, "state.id-twice",
			    "'%s' has the same id: statements signed for one "
			    "count in the other",
			    text_clean_s(d->arena, server->ids.v[i].gitdir));
			return;
		}
	ARRAY_PUSH(server->arena, &server->ids,
	    (struct known_id){ arena_strdup(server->arena, own),
		arena_strdup(server->arena, d->place.gitdir) });
}

/* ---- half-written files -----------------------------------------------------
 */

static void look_leftovers(struct doctor *d, const char *folder)
{
	const char *path = arena_printf(
	    d->arena, "%s/stagegate%s", d->place.gitdir, folder);
	DIR *dir = opendir(path);
	const struct dirent *entry;

	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		struct stat st;

		if (!str_suffix(entry->d_name, FILE_TEMPORARY) ||
		    fstatat(dirfd(dir), entry->d_name, &st,
			AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISREG(st.st_mode) ||
		    st.st_mtim.tv_sec > d->server->now - LEFTOVER_AGE_S)
			continue;
		doctor_find(d, "state.leftover",
		    "stagegate%s/%s is half "
		    "written",
		    folder, text_clean_s(d->arena, entry->d_name))
		    ->fix = (struct fix){ .kind = FIX_REMOVE,
			.ino = st.st_ino,
			.path = arena_printf(
			    d->arena, "%s/%s", path, entry->d_name) };
	}
	closedir(dir);
}

void look_state(struct doctor *d)
{
	static const char *const folders[] = { "", "/plans", "/policies",
		"/tmp", "/outbox", "/outbox/events", "/outbox/to" };

	if (d->opened)
		look_id(d);
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		look_leftovers(d, folders[i]);
}
