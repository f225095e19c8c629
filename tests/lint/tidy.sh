#!/bin/sh
# clang-tidy, as .clang-tidy has it.
set -eu
if [ $# -eq 0 ]; then
	cd "$(dirname "$0")/../.."
	find lib hooks tests -name '*.c' -print0 |
		xargs -0 -r -n1 -P"$JOBS" sh tests/lint/tidy.sh
	exit
fi

file=$1
known=$(sh tests/lint/known.sh "$file")
eval "set -- $CPPFLAGS" # quoted for the shell
# shellcheck disable=SC2086 # known is a list
out=$(clang-tidy --quiet "$file" -- -std=c11 "$@" -Itests $known 2>&1) || {
	printf '%s\n' "$out"
	exit 1
}
