#include "gates/gate.h"

static const struct gate_kind *const kinds[] = { &gate_message, &gate_author,
	&gate_signature, &gate_paths, &gate_size, &gate_evidence, &gate_review,
	&gate_tests, &gate_scan, &gate_coverage, &gate_docs, &gate_scope,
	&gate_base, &gate_benchmark, &gate_command, &gate_secrets,
	&gate_content, &gate_children };

#define KINDS (sizeof(kinds) / sizeof(*kinds))

static const struct gate_form *const forms[KINDS] = { &gate_message.form,
	&gate_author.form, &gate_signature.form, &gate_paths.form,
	&gate_size.form, &gate_evidence.form, &gate_review.form,
	&gate_tests.form, &gate_scan.form, &gate_coverage.form, &gate_docs.form,
	&gate_scope.form, &gate_base.form, &gate_benchmark.form,
	&gate_command.form, &gate_secrets.form, &gate_content.form,
	&gate_children.form };

const struct gate_forms gate_forms = { .v = forms, .n = KINDS };

const struct gate_kind *gate_kind_of(const struct gate *gate)
{
	for (size_t i = 0; i < KINDS; i++)
		if (&kinds[i]->form == gate->form)
			return kinds[i];
	return NULL;
}
