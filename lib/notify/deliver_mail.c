#include <string.h>

#include "base/process.h"
#include "base/program.h"
#include "notify/deliver.h"
#include "notify/mail.h"
#include "policy/address.h"
#include "record/serveraddress.h"

#define SAID_MAX ((size_t)4096) /* bytes */

static int find_from(
    const struct parcel *parcel, const char **ret, struct err *err)
{
	if (repo_config(parcel->repo, parcel->arena, "stagegate.mailfrom", ret,
		err) < 0)
		return -1;
	if (*ret && !mail_address_ok(*ret))
		return err_set(err, ERR_FORMAT,
		    "stagegate.mailFrom is no plain mail address");
	if (!*ret)
		*ret = server_address(parcel->arena);
	return 0;
}

int deliver_mail(const struct parcel *parcel, struct err *err)
{
	struct arena *arena = parcel->arena;
	const char *home = deliver_home(arena);
	const char *envp[] = { "PATH=" PROGRAM_PATH, "LC_ALL=C.UTF-8", home,
		NULL };
	const char *program;
	const char *argv[] = { NULL, "-t", NULL };
	struct mail_to to = { .address = parcel->destination->address,
		.client = parcel->destination->client,
		.policy = parcel->policy };
	struct process process = { .argv = argv,
		.envp = envp,
		.cwd = "/",
		.output_max = SAID_MAX,
		.timeout_ms = DELIVER_MAIL_S * 1000,
		.merge_stderr = true };
	struct process_result result;
	const char *bytes;

	if (find_from(parcel, &to.from, err) < 0 ||
	    deliver_program(parcel, "stagegate.sendmail", SENDMAIL_PATH,
		&program, err) < 0 ||
	    mail_compose(
		arena, parcel->event, &to, &bytes, &process.input_len, err) < 0)
		return -1;
	argv[0] = program;
	process.input = bytes;
	if (process_run(arena, &process, &result, err) < 0)
		return -1;
	if (result.status == 0 && !result.timed_out)
		return 0;
	return deliver_failed(parcel, program, &result, err);
}
