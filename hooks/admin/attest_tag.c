#include "attest_tag.h"

#include <string.h>

#include "base/buf.h"
#include "base/file.h"

#define MESSAGE_FILE "STAGEGATE_STATEMENT" /* in the clone's git directory */

static int make_unsigned(struct admin *admin, const struct attest_tag *tag,
    const char **ret_oid, struct err *err)
{
	const char *const ident[] = { "var", "GIT_COMMITTER_IDENT", NULL };
	const char *const write[] = { "hash-object", "-t", "tag", "-w",
		"--stdin", NULL };
	const char *tagger;

	if (client_git(admin, ident, NULL, &tagger, err) < 0)
		return -1;
	return client_git(admin, write,
	    arena_printf(admin->arena,
		"object %s\ntype commit\ntag evidence/%s/%s\ntagger %s\n\n%s",
		tag->commit, tag->gate, tag->commit, tagger, tag->message),
	    ret_oid, err);
}

/* git alone knows how its user signs, and only `git tag` does it; it may ask
 * for a passphrase, hence the terminal. */
static int run_git_tag(struct admin *admin, const struct attest_tag *tag,
    const char *name, const char *file, struct err *err)
{
	const char *const args[] = { "tag", "-s", "-f", "--cleanup=verbatim",
		"-F", file, name, tag->commit, NULL };
	int status;

	if (client_git_on_terminal(admin, args, &status, err) < 0)
		return -1;
	return status == 0
	    ? 0
	    : err_set(err, ERR_FORMAT, "git tag -s failed (%d)", status);
}

static int make_signed(struct admin *admin, const struct attest_tag *tag,
    const char **ret_oid, struct err *err)
{
	const char *name = arena_printf(
	    admin->arena, "evidence/%s/%s", tag->gate, tag->commit);
	const char *ref = arena_printf(admin->arena, "refs/tags/%s", name);
	const char *const where[] = { "rev-parse", "--path-format=absolute",
		"--git-path", MESSAGE_FILE, NULL };
	const char *const parse[] = { "rev-parse", "--verify", ref, NULL };
	const char *const drop[] = { "update-ref", "-d", ref, NULL };
	const char *file, *answer;
	struct err ignored;
	int status;

	if (client_git(admin, where, NULL, &file, err) < 0 ||
	    file_replace(file, tag->message, strlen(tag->message), 0600, err) <
		0)
		return -1;
	status = run_git_tag(admin, tag, name, file, err);
	(void)file_remove(file, &ignored);
	if (status < 0)
		return -1;
	status = client_git(admin, parse, NULL, ret_oid, err);
	if (client_git(admin, drop, NULL, &answer, &ignored) < 0 && status == 0)
		return err_set(
		    err, ERR_IO, "cannot remove %s: %s", ref, ignored.text);
	return status;
}

int attest_tag_make(struct admin *admin, const struct attest_tag *tag,
    const char **ret_oid, struct err *err)
{
	return tag->sign ? make_signed(admin, tag, ret_oid, err)
			 : make_unsigned(admin, tag, ret_oid, err);
}

const char *attest_sign_fault(struct admin *admin)
{
	const char *const args[] = { "config", "--get", "gpg.format", NULL };
	const char *format;
	struct err err;

	if (client_git(admin, args, NULL, &format, &err) == 0 &&
	    strcmp(format, "ssh") == 0)
		return NULL;
	return "the server takes SSH signatures: git config --global "
	       "gpg.format ssh; git config --global user.signingKey "
	       "~/.ssh/id_ed25519.pub";
}
