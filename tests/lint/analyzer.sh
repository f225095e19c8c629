#!/bin/sh
# gcc -fanalyzer, where there is a gcc: no other compiler has it.  Two of its
# checks are wrong too often in gcc 12.  malloc-leak takes a block that only a
# list in an arena points to for lost (the sanitizers look for leaks), and
# use-of-uninitialized-value forgets assignments (-Wmaybe-uninitialized,
# clang-tidy and valgrind look for that).
set -eu
if [ $# -eq 0 ]; then
	cd "$(dirname "$0")/../.."
	command -v gcc >/dev/null || exit 0
	find lib hooks -name '*.c' -print0 |
		xargs -0 -r -n1 -P"$JOBS" sh tests/lint/analyzer.sh
	exit
fi

file=$1
known=$(sh tests/lint/known.sh "$file")
eval "set -- $CPPFLAGS" # quoted for the shell
# shellcheck disable=SC2086 # known is a list
gcc -std=c11 "$@" $known -fanalyzer -Wno-analyzer-malloc-leak \
	-Wno-analyzer-use-of-uninitialized-value -Werror -c "$file" -o /dev/null
