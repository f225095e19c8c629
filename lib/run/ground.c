#include "run/ground.h"

#include <string.h>

#include "base/digest.h"

const char *policy_ground(struct arena *arena, const struct policy *policy)
{
	size_t n = policy->nsources;
	struct digest_part *parts = arena_array(arena, n + 1, sizeof(*parts));

	/* Each text is followed by its NUL, so that moving a line from one
	 * file to the next is a change too. */
	for (size_t i = 0; i < n; i++)
		parts[i] = (struct digest_part){
			policy->sources[i].source->text,
			policy->sources[i].source->len + 1
		};
	return sha256_hex(arena, parts, n);
}
