#!/bin/sh
# Formatting, as .clang-format has it; with -i it is put right.
set -eu
cd "$(dirname "$0")/../.."
if [ "${1:-}" = -i ]; then
	find lib hooks tests -name '*.[ch]' -exec clang-format -i {} +
	exit
fi
find lib hooks tests -name '*.[ch]' -exec sh -c '
	status=0
	for file; do
		clang-format "$file" | diff -u --label "$file" --label \
			"$file, formatted" "$file" - || status=1
	done
	[ $status = 0 ] || echo "\"make format\" puts it right"
	exit $status' sh {} +
