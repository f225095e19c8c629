#!/bin/sh
# Eight pushers at once, for longer than `make check` has time.
ROUNDS=${ROUNDS:-8} exec sh "${0%/*}/../push/3035-at-once.t"
