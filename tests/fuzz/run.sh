#!/bin/sh
# run.sh SECONDS TARGET    fuzzes one target; `make fuzz` calls it
#
# New inputs go to $STAGEGATE_BUILD/corpus/TARGET, one that crashes to
# $STAGEGATE_BUILD/crash-TARGET-*: put that into tests/fuzz/corpus/TARGET.
set -eu
seconds=$1
target=$2
cd "$(dirname "$0")/../.."
found=$STAGEGATE_BUILD/corpus/$target
log=$STAGEGATE_BUILD/$target.log
mkdir -p "$found" "tests/fuzz/corpus/$target"
if ! "$STAGEGATE_BUILD/fuzz/$target" -max_total_time="$seconds" -timeout=10 \
	-rss_limit_mb=2048 -artifact_prefix="$STAGEGATE_BUILD/crash-$target-" \
	"$found" "tests/fuzz/corpus/$target" >"$log" 2>&1; then
	tail -n 60 "$log"
	echo "$target: FAILED, all of it in $log"
	exit 1
fi
echo "$target: $(tail -n 1 "$log")"
