#include "base/sshkeygen.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"
#include "base/text.h"

#define PRINCIPAL "signer"
#define OUTPUT_MAX ((size_t)64 << 10) /* bytes */
#define EXIT_FATAL 255 /* its exit code for "no" and for "I cannot" */

static const char denial[] = "Could not verify signature.";

/* --- files that are there for one run -------------------------------------
 */

static int write_all(
    int fd, const char *path, const char *p, size_t len, struct err *err)
{
	while (len > 0) {
		ssize_t put = write(fd, p, len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return err_set(err, ERR_IO, "cannot write '%s': %s",
			    path, strerror(errno));
		p += put;
		len -= (size_t)put;
	}
	return 0;
}

/* Makes a file that was not there.  No fsync: a crash makes it useless. */
static int write_new(
    const char *path, const char *p, size_t len, struct err *err)
{
	int fd = open(
	    path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int result;

	if (fd < 0)
		return err_set(err, ERR_IO, "cannot create '%s': %s", path,
		    strerror(errno));
	result = write_all(fd, path, p, len, err);
	if (close(fd) < 0 && result == 0)
		result = err_set(err, ERR_IO, "cannot close '%s': %s", path,
		    strerror(errno));
	if (result < 0)
		unlink(path);
	return result;
}

/* --- running --------------------------------------------------------------
 */

/* The last line of what it said, for a message. */
static const char *last_words(
    struct arena *arena, const struct process_result *result)
{
	size_t end = result->output_len, begin;

	while (end > 0 && strchr("\r\n", result->output[end - 1]))
		end--;
	for (begin = end; begin > 0 && result->output[begin - 1] != '\n';)
		begin--;
	if (begin == end)
		return "nothing";
	return text_clean(arena, result->output + begin, end - begin);
}

static int run(struct arena *arena, const struct process *process,
    struct process_result *result, struct err *err)
{
	if (process->argv[0][0] != '/')
		return err_set(err, ERR_IO, "'%s' is not an absolute path",
		    process->argv[0]);
	if (process_run(arena, process, result, err) < 0)
		return -1;
	if (result->timed_out)
		return err_set(err, ERR_LIMIT, "'%s' took more than %u s",
		    process->argv[0], SSHKEYGEN_TIMEOUT_MS / 1000);
	if (result->output_cut)
		return err_set(err, ERR_LIMIT, "'%s' said more than %zu bytes",
		    process->argv[0], OUTPUT_MAX);
	return 0;
}

/* --- verifying ------------------------------------------------------------
 */

/* The type and the base64 of a key and nothing that an allowed-signers file
 * would take for options, a comment or another line. */
static bool is_key_line(const char *line)
{
	static const char words[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789+/=@.-";
	size_t type = strspn(line, words);

	return type > 0 && line[type] == ' ' && line[type + 1] &&
	    line[type + 1 + strspn(line + type + 1, words)] == '\0';
}

static bool has_line(const char *output, const char *line)
{
	size_t len = strlen(line);

	for (const char *p = output; p; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (strncmp(p, line, len) == 0 &&
		    (p[len] == '\n' || p[len] == '\0'))
			return true;
	}
	return false;
}

/* `Good "git" signature for signer with RSA key SHA256:..`: the fingerprint is
 * what shows that it means the key that we mean. */
static bool praises(const char *output, const struct ssh_key *key)
{
	static const char begin[] = "Good \"" SSHSIG_NAMESPACE
				    "\" signature for " PRINCIPAL " with ";
	const char *line = strstr(output, begin), *end;

	if (!line || (line > output && line[-1] != '\n'))
		return false;
	line += strlen(begin);
	end = line + strcspn(line, " \n");
	return str_prefix(end, " key ") &&
	    str_prefix(end + strlen(" key "), key->fingerprint) &&
	    end[strlen(" key ") + strlen(key->fingerprint)] == '\n';
}

static int judge(struct arena *arena, const char *program,
    const struct process_result *result, const struct ssh_key *key,
    bool *ret_good, struct err *err)
{
	if (result->status == 0 && praises(result->output, key)) {
		*ret_good = true;
		return 0;
	}
	if (result->status == EXIT_FATAL && has_line(result->output, denial)) {
		*ret_good = false;
		return 0;
	}
	return err_set(err, ERR_IO, "'%s' ended with exit code %d and said: %s",
	    program, result->status, last_words(arena, result));
}

static const char *join(struct arena *arena, const struct digest_part *parts,
    size_t n, size_t *ret_len)
{
	size_t len = 0;
	char *whole, *p;

	for (size_t i = 0; i < n; i++)
		len += parts[i].len;
	whole = p = arena_alloc(arena, len + 1);
	for (size_t i = 0; i < n; i++) {
		if (parts[i].len == 0)
			continue;
		memcpy(p, parts[i].p, parts[i].len);
		p += parts[i].len;
	}
	*ret_len = len;
	return whole;
}

/* With both files there. */
static int ask(struct arena *arena, const char *program, const char *signers,
    const char *signature, const struct digest_part *payload, size_t n,
    struct process_result *result, struct err *err)
{
	const char *const argv[] = { program, "-Y", "verify", "-n",
		SSHSIG_NAMESPACE, "-I", PRINCIPAL, "-f", signers, "-s",
		signature, NULL };
	struct process process = { .argv = argv,
		.output_max = OUTPUT_MAX,
		.timeout_ms = SSHKEYGEN_TIMEOUT_MS,
		.merge_stderr = true };

	process.input = join(arena, payload, n, &process.input_len);
	return run(arena, &process, result, err);
}

int sshkeygen_verify(struct arena *arena, const char *program, const char *dir,
    const struct sshsig *sig, const struct digest_part *payload, size_t n,
    bool *ret_good, struct err *err)
{
	const char *name = random_hex(arena);
	const char *signers = arena_printf(arena, "%s/%s.signers", dir, name);
	const char *signature = arena_printf(arena, "%s/%s.sig", dir, name);
	const char *line = arena_printf(arena, "%s namespaces=\"%s\" %s\n",
	    PRINCIPAL, SSHSIG_NAMESPACE, sig->key.line);
	struct process_result result;
	int r;

	if (dir[0] != '/')
		return err_set(
		    err, ERR_IO, "'%s' is not an absolute path", dir);
	if (!is_key_line(sig->key.line))
		return err_set(err, ERR_INTERNAL, "the line of a key is odd");
	if (write_new(signers, line, strlen(line), err) < 0)
		return -1;
	r = write_new(signature, sig->armour, sig->armour_len, err);
	if (r == 0) {
		r = ask(arena, program, signers, signature, payload, n, &result,
		    err);
		unlink(signature);
	}
	unlink(signers);
	return r < 0 ? -1
		     : judge(arena, program, &result, &sig->key, ret_good, err);
}

/* --- signing --------------------------------------------------------------
 */

/* The armour, which warnings may stand around; all of it where there is none.
 */
static const char *cut(struct arena *arena, const struct process_result *result)
{
	const char *begin = strstr(result->output, SSHSIG_BEGIN);
	const char *end = begin ? strstr(begin, SSHSIG_END "\n") : NULL;

	if (!end)
		return result->output;
	end += strlen(SSHSIG_END "\n");
	return arena_strndup(arena, begin, (size_t)(end - begin));
}

int sshkeygen_sign(struct arena *arena, const char *program,
    const char *key_file, const char *payload, size_t len,
    const char **ret_armour, struct err *err)
{
	/* A passphrase is given so that it does not ask for one: the terminal
	 * may be an administrator's. */
	const char *const argv[] = { program, "-q", "-Y", "sign", "-n",
		SSHSIG_NAMESPACE, "-P", "", "-f", key_file, NULL };
	const struct process process = { .argv = argv,
		.input = payload,
		.input_len = len,
		.output_max = OUTPUT_MAX,
		.timeout_ms = SSHKEYGEN_TIMEOUT_MS,
		.merge_stderr = true };
	struct process_result result;
	const char *armour, *wrong;
	struct sshsig sig;

	if (key_file[0] != '/')
		return err_set(
		    err, ERR_IO, "'%s' is not an absolute path", key_file);
	if (run(arena, &process, &result, err) < 0)
		return -1;
	if (result.status != 0)
		return err_set(err, ERR_IO, "'%s' cannot sign with '%s': %s",
		    program, key_file, last_words(arena, &result));
	armour = cut(arena, &result);
	wrong = sshsig_parse(arena, armour, strlen(armour), &sig);
	if (wrong)
		return err_set(err, ERR_IO,
		    "'%s' did not make an SSH signature with '%s': %s", program,
		    key_file, wrong);
	*ret_armour = armour;
	return 0;
}
