#include "admin.h"
#include "open.h"
#include "record/repoid.h"

/*
 * The server makes the id when somebody asks first, before the first push
 * too; a clone only ever repeats what the ledger says, for an id of its own
 * would be that of no repository.
 */
static int id(struct admin *admin, const void *options)
{
	const char *text = NULL;
	struct err err;
	int status = open_ledger(admin, NULL);

	(void)options;
	if (status == EXIT_ALLOWED)
		status = need_ledger(admin);
	if (status != EXIT_ALLOWED)
		return status;
	if (admin->is_clone)
		text = admin->session.view.repository_id;
	else if (repository_id(admin->arena, admin->session.repo, &text, &err) <
	    0)
		return admin_fail(admin, &err);
	if (admin->json) {
		json_t *object = json_object();

		json_object_set_new(object, "v", json_integer(1));
		json_object_set_new(
		    object, "id", json_text(admin->arena, text));
		admin_json(admin, object);
	} else {
		buf_addf(&admin->out, "%s\n", text);
	}
	return EXIT_ALLOWED;
}

const struct verb verb_id = {
	.name = "id",
	.arguments = "",
	.summary = "the repository's id, as signed statements name it",
	.run = id,
	.json = true,
	.help =
	    "Prints the id of this repository's ledger, one line of hex. On "
	    "the server it is made when it is asked for first. In a clone it "
	    "is read from the ledger that was fetched.\n",
};
