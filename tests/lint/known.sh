#!/bin/sh
# known.sh FILE    the flags that bring known.h to an analyzer of that file,
# unless it is the one that defines what known.h wraps
set -eu
grep -qE '^int err_(set|prefix|git)\(' "$1" && exit
case $1 in
lib/git/offline.c) ;;
lib/git/*) echo '-include tests/lint/known.h -DIN_LIB_GIT' ;;
*) echo '-include tests/lint/known.h' ;;
esac
