#!/bin/sh
# cppcheck, without the libraries' headers: it knows the functions of C and
# POSIX itself and takes what it does not know as it is.  readdirCalled is left
# out because nothing here has threads, and readdir_r is withdrawn.
set -eu
cd "$(dirname "$0")/../.."
find lib hooks tests -name '*.c' ! -path 'tests/unit/*' -print0 |
	xargs -0 -r cppcheck --quiet -j "$JOBS" --std=c11 --error-exitcode=1 \
		--enable=warning,performance,portability --inline-suppr \
		--library=posix --suppress=missingInclude --suppress=readdirCalled \
		-Ilib -Itests \
		-D_GNU_SOURCE -DSTAGEGATE_VERSION='""' \
		-DSTAGEGATE_SYSCONFDIR='""' -DSTAGEGATE_LIBEXECDIR='""'
