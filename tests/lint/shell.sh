#!/bin/sh
# Runs shellcheck on whatever starts as a shell script does.
set -eu
cd "$(dirname "$0")/../.."
find . \( -name .git -o -path ./build -o -path ./tests/fuzz/corpus \) -prune \
	-o -type f -size -256k -print |
	while IFS= read -r file; do
		if head -c 64 "$file" | head -n 1 |
			grep -aqE '^#!.*[/ ](ba)?sh( |$)'; then
			printf '%s\0' "$file"
		fi
	done |
	xargs -0 -r shellcheck --external-sources --source-path=SCRIPTDIR
