/*
 * A push certificate: what is read of one, written again in the form that git
 * makes, gives the commands back; and it is the certificate of just that push.
 */
#include <string.h>

#include "fuzz/fuzz.h"
#include "judge/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct certificate certificate;
	struct arena arena;
	const char *bytes;
	struct push push;

	arena_init(&arena, ARENA_RUN_MAX);
	bytes = fuzz_text(&arena, data, size);
	memset(&push, 0, sizeof(push));
	if (!certificate_parse(&arena, bytes, size, &certificate)) {
		const struct update *last;
		const char *line;

		MUST(certificate.updates.n > 0);
		push.updates = certificate.updates;
		push.options = certificate.options;
		MUST(!certificate_differs(&certificate, &push));
		push.updates.n--;
		MUST(certificate_differs(&certificate, &push));
		last = &certificate.updates.v[push.updates.n];
		line = arena_printf(&arena, "%s %s %s\n", oid_hex(&last->old).s,
		    oid_hex(&last->new).s, last->ref);
		MUST(strlen(line) <= size);
		MUST(strcmp(bytes + size - strlen(line), line) == 0);
	}
	arena_release(&arena);
	return 0;
}
