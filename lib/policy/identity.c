#include <ctype.h>
#include <string.h>

#include "base/nearest.h"
#include "policy/field_value.h"
#include "policy/loader.h"

static const char os_user[] = "os-user";
static const char push_cert[] = "push-cert";

/* Upper case, as the variables that hosts set are. */
static bool is_variable(const char *s)
{
	if (!isupper((unsigned char)*s))
		return false;
	return s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

static bool read_source(
    struct loader *ld, const struct node *node, struct identity_source *source)
{
	struct strings known = { .n = 0 };

	if (strcmp(node->text, os_user) == 0) {
		source->kind = IDENTITY_OS_USER;
		return true;
	}
	if (is_variable(node->text)) {
		source->kind = IDENTITY_VARIABLE;
		source->variable = node->text;
		return true;
	}
	if (strcmp(node->text, push_cert) == 0) {
		source->kind = IDENTITY_PUSH_CERT;
		return true;
	}
	strings_add(ld->arena, &known, os_user);
	strings_add(ld->arena, &known, push_cert);
	diag_error(ld->diags, node->mark,
	    "'%s' is neither a variable in upper case nor push-cert nor "
	    "os-user%s",
	    node->text, words_near(ld->arena, node->text, &known));
	return false;
}

static void default_identity(struct loader *ld)
{
	ld->policy->identity = ARENA_NEW(ld->arena, struct identity_source);
	ld->policy->identity[0].kind = IDENTITY_OS_USER;
	ld->policy->nidentity = 1;
}

void load_identity(struct loader *ld)
{
	const struct node *identity = node_get(ld->root, "identity");
	const struct node *from = NULL;
	struct policy *policy = ld->policy;

	if (!identity) {
		default_identity(ld);
		return;
	}
	if (identity->type == NODE_MAPPING)
		from = node_get(identity, "from");
	policy->identity = arena_array(
	    ld->arena, ld->keys.identity_from.n, sizeof(*policy->identity));
	for (size_t i = 0; i < ld->keys.identity_from.n; i++) {
		const struct node *node = field_item(from, i);

		for (size_t j = 0; j < i; j++)
			if (strcmp(field_item(from, j)->text, node->text) == 0)
				diag_error(ld->diags, node->mark,
				    "'%s' is listed twice", node->text);
		if (read_source(ld, node, &policy->identity[i]))
			policy->nidentity++;
	}
}

void check_identity(struct loader *ld)
{
	const struct node *identity = node_get(ld->root, "identity");
	const struct policy *policy = ld->policy;

	if (!identity || identity->type != NODE_MAPPING || policy->keys.n > 0)
		return;
	for (size_t i = 0; i < policy->nidentity; i++)
		if (policy->identity[i].kind == IDENTITY_PUSH_CERT)
			diag_warning(ld->diags, field_mark(identity, "from"),
			    "'push-cert' knows people by their keys, and "
			    "nobody has one");
}
