#!/bin/sh
# The time that everything in a package and a tarball bears: SOURCE_DATE_EPOCH,
# else that of the newest entry of the changelog.
set -eu
if [ -n "${SOURCE_DATE_EPOCH:-}" ]; then
	echo "$SOURCE_DATE_EPOCH"
else
	date -d "$(sed -n '/^ -- /{s/.*>  //p;q}' "${0%/*}/changelog")" +%s
fi
