#include <string.h>

#include "judge/commit.h"
#include "judge/headerlines.h"

static const char *check_type(const char *type)
{
	static const char *const types[] = { "commit", "tree", "blob", "tag" };

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(types[i], type) == 0)
			return NULL;
	return "its 'type' is no kind of object";
}

static const char *check_name(const char *name)
{
	if (!*name)
		return "its 'tag' names nothing";
	for (; *name; name++)
		if ((unsigned char)*name < 0x20 || *name == 0x7f)
			return "its name holds a control character";
	return NULL;
}

const char *tag_parse(
    struct arena *arena, const char *bytes, size_t len, struct tag *ret)
{
	struct cursor c = { arena, bytes, bytes + len };
	struct tag tag = { 0 };
	const char *complaint;

	if ((complaint = check_bytes(bytes, len)) ||
	    (complaint = take_oid(&c, "object", &tag.target)) ||
	    (complaint = take_value(&c, "type", &tag.type)) ||
	    (complaint = check_type(tag.type)) ||
	    (complaint = take_value(&c, "tag", &tag.name)) ||
	    (complaint = check_name(tag.name)))
		return complaint;
	/* git wrote tags without one until 2005. */
	tag.has_tagger = line_is(&c, "tagger");
	if (tag.has_tagger &&
	    (complaint = take_person(&c, "tagger", &tag.tagger)))
		return complaint;
	complaint = take_message(&c, &tag.message, &tag.message_len);
	if (complaint)
		return complaint;
	*ret = tag;
	return NULL;
}
