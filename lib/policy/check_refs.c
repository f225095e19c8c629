#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/text.h"
#include "policy/globform.h"
#include "policy/loader.h"

/*
 * No ref may belong to two stages.  Patterns are sorted by their literal
 * start, so that only those are compared of which one start begins with the
 * other: a thousand clients' branches cost a thousand comparisons.
 */
struct owned {
	struct ref_pattern pattern;
	const struct stage *stage; /* NULL: `host_refs` */
};

struct owned_list {
	struct owned *v;
	size_t n, cap;
};

struct reported { /* expansions of one {module} are one pattern to people */
	struct {
		struct mark a, b;
	} * v;
	size_t n, cap;
};

static int owned_cmp(const void *a, const void *b)
{
	const struct owned *x = a, *y = b;

	return strcmp(x->pattern.prefix, y->pattern.prefix);
}

static bool overlaps(const struct ref_pattern *a, const struct ref_pattern *b)
{
	if (a->literal && b->literal)
		return strcmp(a->prefix, b->prefix) == 0;
	if (a->literal)
		return glob_match(b->glob, a->prefix);
	if (b->literal)
		return glob_match(a->glob, b->prefix);
	return glob_overlap(a->glob, b->glob);
}

static bool mark_eq(const struct mark *a, const struct mark *b)
{
	return a->source == b->source && a->line == b->line &&
	    a->column == b->column;
}

/* True the first time that these two places are asked for. */
static bool is_new(struct loader *ld, struct reported *reported,
    const struct mark *a, const struct mark *b)
{
	for (size_t i = 0; i < reported->n; i++)
		if (mark_eq(&reported->v[i].a, a) &&
		    mark_eq(&reported->v[i].b, b))
			return false;
	if (reported->n == reported->cap) {
		size_t cap = reported->cap ? 2 * reported->cap : 8;

		reported->v = arena_grow(ld->arena, reported->v, reported->n,
		    cap, sizeof(*reported->v));
		reported->cap = cap;
	}
	reported->v[reported->n].a = *a;
	reported->v[reported->n++].b = *b;
	return true;
}

static const char *owner(struct loader *ld, const struct owned *owned)
{
	if (!owned->stage)
		return "'host_refs'";
	return arena_printf(ld->arena, "stage '%s'", owned->stage->name);
}

/* Later in the file first: that is the one that was put in last. */
static void report(struct loader *ld, struct reported *reported,
    const struct owned *a, const struct owned *b)
{
	size_t line_a = a->pattern.mark.line, line_b = b->pattern.mark.line;
	const struct owned *swap = a;

	if (line_a > line_b ||
	    (line_a == line_b &&
		a->pattern.mark.column > b->pattern.mark.column)) {
		a = b;
		b = swap;
	}
	if (!is_new(ld, reported, &a->pattern.mark, &b->pattern.mark))
		return;
	diag_error(ld->diags, b->pattern.mark, "'%s' of %s overlaps '%s' of %s",
	    b->pattern.glob, owner(ld, b), a->pattern.glob, owner(ld, a));
	diag_related(ld->diags, a->pattern.mark, "the other one is here");
}

static void refuse_overlaps(struct loader *ld, struct owned_list *list)
{
	struct reported reported = { .n = 0 };

	if (list->n > 1)
		qsort(list->v, list->n, sizeof(*list->v), owned_cmp);
	for (size_t i = 0; i < list->n; i++) {
		const struct owned *a = &list->v[i];

		for (size_t j = i + 1; j < list->n; j++) {
			const struct owned *b = &list->v[j];

			if (!str_prefix(b->pattern.prefix, a->pattern.prefix))
				break;
			if (a->stage != b->stage &&
			    overlaps(&a->pattern, &b->pattern))
				report(ld, &reported, a, b);
		}
	}
}

static void add_globs(struct loader *ld, struct owned_list *list,
    const struct node *globs, const struct stage *stage)
{
	for (size_t i = 0; i < field_items(globs); i++) {
		const struct node *node = field_item(globs, i);
		struct owned owned = { .stage = stage };

		if (!globform_check(node, false, NULL))
			continue;
		owned.pattern.glob = node->text;
		owned.pattern.mark = node->mark;
		owned.pattern.prefix = glob_prefix(ld->arena, node->text);
		owned.pattern.literal = glob_is_literal(node->text);
		ARRAY_PUSH(ld->arena, list, owned);
	}
}

/* What no policy may open: these are the suite's own, or git's tricks. */
static const char *const reserved[] = { "refs/evidence/**",
	"refs/namespaces/**", "refs/notes/stagegate{,/**}", "refs/replace/**",
	"refs/stagegate/**", "refs/tags/evidence/**" };

static void check_host_ref(struct loader *ld, const struct node *node)
{
	const char *glob = node->text;

	if (!str_prefix(glob, "refs/")) {
		diag_error(ld->diags, node->mark,
		    "'%s' must be a full name that begins with refs/", glob);
		return;
	}
	for (size_t i = 0; i < sizeof(reserved) / sizeof(*reserved); i++) {
		if (!glob_overlap(glob, reserved[i]))
			continue;
		diag_error(ld->diags, node->mark,
		    "'%s' overlaps '%s', which is reserved", glob, reserved[i]);
		return;
	}
}

void check_refs(struct loader *ld)
{
	const struct node *host_refs = node_get(ld->root, "host_refs");
	const struct policy *policy = ld->policy;
	struct owned_list list = { .n = 0 };

	for (size_t i = 0; i < field_items(host_refs); i++)
		if (globform_check(field_item(host_refs, i), false, NULL))
			check_host_ref(ld, field_item(host_refs, i));
	add_globs(ld, &list, host_refs, NULL);
	for (size_t i = 0; i < policy->nstages; i++) {
		const struct stage *stage = &policy->stages[i];
		const struct node *node = ld->stage_keys[i].node;

		for (size_t j = 0; j < stage->nrefs; j++) {
			struct owned owned = { .pattern = stage->refs[j],
				.stage = stage };

			ARRAY_PUSH(ld->arena, &list, owned);
		}
		if (node)
			add_globs(ld, &list, node_get(node, "tags"), stage);
	}
	refuse_overlaps(ld, &list);
}
