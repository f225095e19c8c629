#include "notify/spoolfiles.h"

#include <string.h>

#include "base/file.h"
#include "base/num.h"

#define SEQ_DIGITS 16

const char *spool_path(const struct spool *spool, const char *name)
{
	return arena_printf(spool->arena, "%s/%s", spool->dir, name);
}

const char *spool_batch_name(struct arena *arena, uint64_t seq)
{
	return arena_printf(
	    arena, SPOOL_EVENTS "/%0*llu", SEQ_DIGITS, (unsigned long long)seq);
}

bool spool_batch_number(const char *name, uint64_t *ret_seq)
{
	if (strlen(name) != SEQ_DIGITS)
		return false;
	name += strspn(name, "0");
	return str_to_u64(*name ? name : "0", UINT64_MAX, ret_seq);
}

int spool_write(const struct spool *spool, const char *name, json_t *object,
    const struct buf *rest, struct err *err)
{
	const char *line;
	struct buf out;
	size_t len;

	if (json_line(spool->arena, object, &line, &len, err) < 0)
		return -1;
	buf_init(&out, spool->arena, len + 1 + (rest ? rest->len : 0));
	buf_add(&out, line, len);
	buf_addc(&out, '\n');
	if (rest)
		buf_add(&out, rest->p, rest->len);
	return file_replace(
	    spool_path(spool, name), out.p, out.len, spool->mode, err);
}
