#!/bin/sh
# clang-tidy, as .clang-tidy has it, on what is installed: in tests the
# assertions of libcheck hide from it what can't happen.
set -eu
if [ $# -eq 0 ]; then
	cd "$(dirname "$0")/../.."
	find lib hooks -name '*.c' -print0 |
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
