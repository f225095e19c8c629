#include <string.h>

#include "base/text.h"
#include "run/session.h"
#include "setup/install.h"

struct policy_fit {
	const char *path;
	const struct host *host;
	struct strings faults;
};

static void find_faults(struct installer *installer, struct session *session,
    struct policy_fit *fit)
{
	struct arena *arena = installer->arena;
	struct err err;

	if (session_load_policy(session, fit->path, &err) < 0)
		ARRAY_PUSH(arena, &fit->faults, arena_strdup(arena, err.text));
	else if (!session->policy)
		ARRAY_PUSH(arena, &fit->faults,
		    arena_printf(arena,
			"every push is refused until '%s' is there and right: "
			"see 'stagegate check %s'",
			text_clean_s(arena, fit->path),
			text_clean_s(arena, fit->path)));
	else
		host_policy_faults(
		    arena, fit->host, session->policy, &fit->faults);
}

void policy_fit_note(struct installer *installer, struct repo *repo,
    const struct host *host, struct strings *notes)
{
	struct session session = { .arena = installer->arena, .repo = repo };
	struct policy_fits *fits = &installer->fits;
	struct policy_fit fit = { .path = installer->options.policy,
		.host = host };
	size_t i = 0;
	struct err err;

	diags_init(&session.diags, installer->arena);
	if (!fit.path && session_policy_path(&session, &fit.path, &err) < 0) {
		ARRAY_PUSH(installer->arena, notes,
		    arena_strdup(installer->arena, err.text));
		return;
	}
	while (i < fits->n &&
	    (fits->v[i].host != host || strcmp(fits->v[i].path, fit.path) != 0))
		i++;
	if (i == fits->n) {
		find_faults(installer, &session, &fit);
		ARRAY_PUSH(installer->arena, fits, fit);
	}
	for (size_t k = 0; k < fits->v[i].faults.n; k++)
		ARRAY_PUSH(installer->arena, notes, fits->v[i].faults.v[k]);
}
