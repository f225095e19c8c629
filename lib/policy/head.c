#include "policy/head.h"

#include <string.h>

#include "base/num.h"
#include "policy/document.h"
#include "policy/load.h"

#define VERSION_PART_MAX 999999999

bool version_parse(struct arena *arena, const char *text, struct version *ret)
{
	uint64_t *parts[] = { &ret->major, &ret->minor, &ret->patch };
	const char *p = text;

	ret->text = text;
	for (size_t i = 0; i < 3; i++) {
		size_t len = strcspn(p, ".");

		if (!str_to_u64(arena_strndup(arena, p, len), VERSION_PART_MAX,
			parts[i]))
			return false;
		p += len;
		if (i < 2 && *p++ != '.')
			return false;
	}
	return *p == '\0';
}

int version_cmp(const struct version *a, const struct version *b)
{
	if (a->major != b->major)
		return a->major < b->major ? -1 : 1;
	if (a->minor != b->minor)
		return a->minor < b->minor ? -1 : 1;
	if (a->patch != b->patch)
		return a->patch < b->patch ? -1 : 1;
	return 0;
}

static const char *scalar(const struct node *root, const char *key)
{
	const struct node *node = node_get(root, key);

	return node && node->type == NODE_SCALAR ? node->text : NULL;
}

bool policy_head_read(
    struct arena *arena, const char *text, size_t len, struct policy_head *ret)
{
	struct source *source = ARENA_NEW(arena, struct source);
	const struct node *root;
	const char *version, *status;
	const struct node *ledger;
	struct diags diags; /* nobody's business: it was in force once */

	*source = (struct source){ .name = "", .text = text, .len = len };
	diags_init(&diags, arena);
	root = document_parse(arena, source, POLICY_BYTES_MAX, &diags);
	if (!root || root->type != NODE_MAPPING)
		return false;
	version = scalar(root, "version");
	if (!version || !version_parse(arena, version, &ret->version))
		return false;
	ret->flow = scalar(root, "flow");
	status = scalar(root, "status");
	ret->draft = status && strcmp(status, "draft") == 0;
	ledger = node_get(root, "ledger");
	ret->signs = ledger && ledger->type == NODE_MAPPING &&
	    scalar(ledger, "sign_key") != NULL;
	return true;
}
