#include <string.h>

#include "base/glob_compile.h"

bool glob_states_have(const struct glob_states *states, size_t node)
{
	return states->has[node / 64] >> node % 64 & 1;
}

static void states_clear(const struct glob *glob, struct glob_states *states)
{
	states->n = 0;
	memset(states->has, 0, (glob->n + 63) / 64 * sizeof(*states->has));
}

static void states_add(struct glob_states *states, size_t node)
{
	if (glob_states_have(states, node))
		return;
	states->has[node / 64] |= (uint64_t)1 << node % 64;
	states->v[states->n++] = (uint16_t)node;
}

/* Adds the nodes behind those that can be passed.  The list is its own work
 * list, so braces of any depth need no recursion. */
static void states_close(
    const struct glob *glob, struct glob_states *states, bool fresh)
{
	const struct glob_node *node = glob->node;

	for (size_t i = 0; i < states->n; i++) {
		size_t at = states->v[i];

		switch ((enum glob_op)node[at].op) {
		case GLOB_FOLDERS:
			if (fresh)
				states_add(states, at + 2);
			states_add(states, at + 1);
			break;
		case GLOB_STAR:
		case GLOB_DSTAR:
		case GLOB_CLOSE:
			states_add(states, at + 1);
			break;
		case GLOB_OPEN:
			for (size_t j = at; node[j].op != GLOB_CLOSE;
			     j = node[j].next)
				states_add(states, j + 1);
			break;
		case GLOB_COMMA:
			states_add(states, node[at].close);
			break;
		case GLOB_END:
		case GLOB_CHAR:
		case GLOB_ANY:
		case GLOB_CLASS:
			break;
		}
	}
}

void glob_start(const struct glob *glob, struct glob_states *states, bool fresh)
{
	states_clear(glob, states);
	states_add(states, 0);
	states_close(glob, states, fresh);
}

void glob_step(const struct glob *glob, const struct glob_states *from,
    uint32_t c, struct glob_states *to)
{
	states_clear(glob, to);
	for (size_t i = 0; i < from->n; i++) {
		size_t at = from->v[i];
		const struct glob_node *node = &glob->node[at];

		if (glob_takes(glob, node, c))
			states_add(to, glob_node_stays(node) ? at : at + 1);
	}
	states_close(glob, to, c == '/');
}
