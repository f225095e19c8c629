/* The commit that holds a treestore's tree. */
#include <string.h>

#include "base/buf.h"
#include "git/objects.h"
#include "git/queue.h"
#include "git/treestore.h"

#define MESSAGE_BYTES_MAX ((size_t)4 << 20)

/* A name or e-mail as it may stand in a header. */
static void add_ident(struct buf *buf, const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s >= 0x20 && !strchr("<>", *s))
			buf_addc(buf, *s);
}

static void add_person(
    struct buf *buf, const char *key, const struct treestore_commit *commit)
{
	buf_addf(buf, "%s ", key);
	add_ident(buf, commit->name);
	buf_adds(buf, " <");
	add_ident(buf, commit->email);
	buf_addf(buf, "> %lld +0000\n", (long long)commit->time);
}

/* Further lines of a header begin with a blank. */
static void add_signature(struct buf *buf, const char *signature)
{
	size_t len = strlen(signature);

	while (len > 0 && signature[len - 1] == '\n')
		len--;
	buf_adds(buf, "gpgsig ");
	for (size_t i = 0; i < len; i++) {
		buf_addc(buf, signature[i]);
		if (signature[i] == '\n')
			buf_addc(buf, ' ');
	}
	buf_addc(buf, '\n');
}

static void add_head(struct buf *buf, const struct oid *tree,
    const struct oid *parent, const struct treestore_commit *commit)
{
	buf_addf(buf, "tree %s\n", oid_hex(tree).s);
	if (!oid_is_zero(parent))
		buf_addf(buf, "parent %s\n", oid_hex(parent).s);
	add_person(buf, "author", commit);
	add_person(buf, "committer", commit);
}

/* The header stands last, and what is signed is all but it. */
static int write_signed(struct arena *arena, struct buf *buf,
    const struct oid *tree, const struct oid *parent,
    const struct treestore_commit *commit, struct err *err)
{
	const char *armour;

	add_head(buf, tree, parent, commit);
	buf_addf(buf, "\n%s", commit->message);
	if (!commit->sign || buf->overflow)
		return 0;
	if (commit->sign(
		commit->sign_ctx, arena, buf->p, buf->len, &armour, err))
		return -1;
	buf_init(buf, arena, MESSAGE_BYTES_MAX);
	add_head(buf, tree, parent, commit);
	add_signature(buf, armour);
	buf_addf(buf, "\n%s", commit->message);
	return 0;
}

int treestore_commit(struct repo *repo, const struct oid *tree,
    const struct oid *parent, const struct treestore_commit *commit,
    struct oid *ret_commit, struct err *err)
{
	struct arena scratch;
	struct buf buf;
	int status;

	arena_init(&scratch, ARENA_SCRATCH_MAX);
	buf_init(&buf, &scratch, MESSAGE_BYTES_MAX);
	status = write_signed(&scratch, &buf, tree, parent, commit, err);
	if (status == 0 && buf.overflow)
		status = err_set(err, ERR_LIMIT,
		    "a commit of the ledger has more than %zu bytes",
		    MESSAGE_BYTES_MAX);
	if (status == 0)
		status = object_queue_add(
		    repo, OBJECT_COMMIT, buf.p, buf.len, ret_commit, err);
	if (status == 0)
		status = object_queue_flush(repo, err);
	arena_release(&scratch);
	return status;
}
