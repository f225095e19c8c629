/* Cobertura's XML: read, or an error that says where. */
#include "reports/cobertura.h"

#include "fuzz/coverage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_coverage(cobertura_read, data, size);
}
