#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/process.h"
#include "base/program.h"
#include "base/text.h"
#include "notify/deliver.h"
#include "notify/eventjson.h"

#define CONFIG_MAX ((size_t)16 << 10) /* bytes */
#define SAID_MAX ((size_t)4096)       /* bytes */
#define STATUS_DIGITS 3
/* A group may read it, that of a web server's account for one. */
#define SECRET_EXPOSING 027

/* ---- the signature ------------------------------------------------------ */

/* The file less one final newline. */
static int read_secret(const struct parcel *parcel, const char *path,
    struct digest_part *ret, struct err *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	const char *fault;
	char *text;
	size_t len;
	int status;

	if (fd < 0)
		return err_set(
		    err, ERR_IO, "the key in '%s' can't be read", path);
	fault = fd_exposed(fd, SECRET_EXPOSING);
	status = fault
	    ? err_set(err, ERR_FORMAT, "the key in '%s' can't be used: %s",
		  path, fault)
	    : fd_read(parcel->arena, fd, SECRET_BYTES_MAX, &text, &len, err);
	close(fd);
	if (status < 0)
		return -1;
	if (len > 0 && text[len - 1] == '\n')
		len--;
	if (len == 0)
		return err_set(err, ERR_FORMAT,
		    "the key in '%s' can't be used: it is empty", path);
	*ret = (struct digest_part){ text, len };
	return 0;
}

static int add_signature(
    const struct parcel *parcel, struct buf *config, struct err *err)
{
	const char *path = parcel->destination->rule->secret_file;
	const struct digest_part body = { parcel->bytes, parcel->len };
	struct digest_part key;

	if (!path)
		return 0;
	if (read_secret(parcel, path, &key, err) < 0)
		return -1;
	buf_addf(config, "header = \"X-Stagegate-Signature: sha256=%s\"\n",
	    hmac_sha256_hex(parcel->arena, &key, &body));
	return 0;
}

/* ---- curl --------------------------------------------------------------- */

/* curl(1), --config.  The policy lets no quote and no backslash stand in an
 * address; the rest is ours. */
static int make_config(
    const struct parcel *parcel, struct buf *config, struct err *err)
{
	buf_init(config, parcel->arena, CONFIG_MAX);
	buf_addf(config, "url = \"%s\"\n", parcel->destination->rule->webhook);
	buf_addf(config,
	    "globoff\n"
	    "request = \"POST\"\n"
	    "proto = \"=http,https\"\n"
	    "max-redirs = 0\n"
	    "max-time = %d\n"
	    "data-binary = \"@-\"\n"
	    "output = \"/dev/null\"\n"
	    "write-out = \"%%{http_code}\"\n"
	    "silent\n"
	    "show-error\n"
	    "user-agent = \"stagegate/" STAGEGATE_VERSION "\"\n"
	    "header = \"Content-Type: " CLOUDEVENTS_MEDIA_TYPE "\"\n"
	    "header = \"Expect:\"\n",
	    DELIVER_WEBHOOK_S);
	if (add_signature(parcel, config, err) < 0)
		return -1;
	if (config->overflow)
		return err_set(
		    err, ERR_LIMIT, "the address of a web hook is too long");
	return 0;
}

/* curl says the status last, behind what it may have complained of. */
static bool is_success(const struct process_result *result)
{
	size_t len = result->output_len;

	return result->status == 0 && !result->timed_out &&
	    len >= STATUS_DIGITS && result->output[len - STATUS_DIGITS] == '2';
}

static int failed(const struct parcel *parcel,
    const struct process_result *result, struct err *err)
{
	size_t len = result->output_len;
	const char *words;

	if (result->status == 0 && len >= STATUS_DIGITS)
		return err_set(err, ERR_IO, "the server answered %s",
		    text_clean(parcel->arena,
			result->output + len - STATUS_DIGITS, STATUS_DIGITS));
	/* "curl: (7) Failed to connect to ..000" */
	len -= len >= STATUS_DIGITS ? STATUS_DIGITS : len;
	while (len > 0 && strchr("\r\n", result->output[len - 1]))
		len--;
	words = text_clean(parcel->arena, result->output, len);
	if (result->timed_out || result->status == 28)
		return err_set(
		    err, ERR_LIMIT, "no answer within %d s", DELIVER_WEBHOOK_S);
	return err_set(err, ERR_IO, "%.200s",
	    *words ? words
		   : arena_printf(
			 parcel->arena, "curl exited %d", result->status));
}

int deliver_webhook(const struct parcel *parcel, struct err *err)
{
	static const char *const envp[] = { "PATH=" PROGRAM_PATH,
		"LC_ALL=C.UTF-8", NULL };
	const char *argv[] = { NULL, "--disable", "--config", PROCESS_FILE,
		NULL };
	struct process process = { .argv = argv,
		.envp = envp,
		.cwd = "/",
		.input = parcel->bytes,
		.input_len = parcel->len,
		.output_max = SAID_MAX,
		/* Its own limit comes first, and has better words. */
		.timeout_ms = (DELIVER_WEBHOOK_S + 2) * 1000,
		.merge_stderr = true };
	struct process_result result;
	struct buf config;

	if (deliver_program(
		parcel, "stagegate.curl", CURL_PATH, &argv[0], err) < 0 ||
	    make_config(parcel, &config, err) < 0)
		return -1;
	process.file = config.p;
	process.file_len = config.len;
	if (process_run(parcel->arena, &process, &result, err) < 0)
		return -1;
	return is_success(&result) ? 0 : failed(parcel, &result, err);
}
