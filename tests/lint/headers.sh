#!/bin/sh
# Every header compiles alone, under the flags of the build.
set -eu
if [ $# -eq 0 ]; then
	cd "$(dirname "$0")/../.."
	find lib hooks tests -name '*.h' -print0 |
		xargs -0 -r -n1 -P"$JOBS" sh tests/lint/headers.sh
	exit
fi

file=$1
eval "set -- $CPPFLAGS" # quoted for the shell
# shellcheck disable=SC2086 # STRICT is a list
printf '#include "%s"\nextern int not_empty;\n' "$file" |
	$CC -std=c11 "$@" -I. -Itests $STRICT -O2 -Werror -x c -fsyntax-only - || {
	echo "$file does not compile alone" >&2
	exit 1
}
