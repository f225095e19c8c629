/* A tracefile: read, or an error that says where. */
#include "reports/lcov.h"

#include "fuzz/coverage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_coverage(lcov_read, data, size);
}
