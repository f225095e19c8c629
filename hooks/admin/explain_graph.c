#include "base/num.h"
#include "base/text.h"
#include "explain.h"
#include "words.h"

/* What a commit must do on its way to a stage, a line each. */
static void edge_words(
    struct arena *arena, const struct stage *stage, struct strings *ret)
{
	for (size_t i = 0; i < stage->gates.n; i++)
		ARRAY_PUSH(arena, ret, stage->gates.v[i].gate->name);
	if (stage->soak_s)
		ARRAY_PUSH(arena, ret,
		    arena_printf(arena, "soak %s",
			duration_format(arena, stage->soak_s)));
	if (stage->quorum.kind != QUORUM_COUNT || stage->quorum.count != 1)
		ARRAY_PUSH(arena, ret,
		    arena_printf(arena, "quorum %s", stage->quorum.text));
}

/* Text inside of a quoted label; a quote in it is written as `quote`. */
static void add_label(
    struct buf *out, struct arena *arena, const char *text, const char *quote)
{
	for (const char *p = text_clean_s(arena, text); *p; p++) {
		if (*p == '"')
			buf_adds(out, quote);
		else if (*p == '\\')
			buf_adds(out, "/");
		else
			buf_addc(out, *p);
	}
}

static void add_lines(struct buf *out, struct arena *arena,
    const struct strings *lines, const char *line_end, const char *quote)
{
	for (size_t i = 0; i < lines->n; i++) {
		if (i > 0)
			buf_adds(out, line_end);
		add_label(out, arena, lines->v[i], quote);
	}
}

static void stage_words(
    struct arena *arena, const struct stage *stage, struct strings *ret)
{
	ARRAY_PUSH(arena, ret, stage->name);
	for (size_t i = 0; i < stage->nrefs; i++)
		strings_add(arena, ret, stage->refs[i].glob);
}

void explain_dot(struct admin *admin, const struct policy *policy)
{
	static const char quote[] = "\\\"";
	struct arena *arena = admin->arena;
	struct buf *out = &admin->out;

	buf_adds(out, "digraph flow {\n\trankdir=LR;\n\tlabel=\"");
	add_label(out, arena, policy->flow, quote);
	buf_addf(out, " %s\";\n\tnode [shape=box];\n", policy->version.text);
	for (size_t i = 0; i < policy->nstages; i++) {
		struct strings words = { NULL, 0, 0 };

		stage_words(arena, &policy->stages[i], &words);
		buf_addf(out, "\ts%zu [label=\"", i);
		add_lines(out, arena, &words, "\\n", quote);
		buf_adds(out, "\"];\n");
	}
	for (size_t i = 0; i < policy->nstages; i++) {
		const struct stage *stage = &policy->stages[i];
		struct strings words = { NULL, 0, 0 };

		edge_words(arena, stage, &words);
		for (size_t k = 0; k < stage->from.n; k++) {
			buf_addf(out, "\ts%zu -> s%zu [label=\"",
			    stage->from.v[k], i);
			add_lines(out, arena, &words, "\\n", quote);
			buf_adds(out, "\"];\n");
		}
	}
	buf_adds(out, "}\n");
}

void explain_mermaid(struct admin *admin, const struct policy *policy)
{
	static const char quote[] = "#quot;";
	struct arena *arena = admin->arena;
	struct buf *out = &admin->out;

	buf_adds(out, "flowchart LR\n");
	for (size_t i = 0; i < policy->nstages; i++) {
		struct strings words = { NULL, 0, 0 };

		stage_words(arena, &policy->stages[i], &words);
		buf_addf(out, "    s%zu[\"", i);
		add_lines(out, arena, &words, "<br/>", quote);
		buf_adds(out, "\"]\n");
	}
	for (size_t i = 0; i < policy->nstages; i++) {
		const struct stage *stage = &policy->stages[i];
		struct strings words = { NULL, 0, 0 };

		edge_words(arena, stage, &words);
		for (size_t k = 0; k < stage->from.n; k++) {
			buf_addf(out, "    s%zu -->", stage->from.v[k]);
			if (words.n) {
				buf_adds(out, "|\"");
				add_lines(out, arena, &words, "<br/>", quote);
				buf_adds(out, "\"|");
			}
			buf_addf(out, " s%zu\n", i);
		}
	}
}
