#!/bin/sh
# What can be seen without understanding: length, words that mark unfinished
# work, blanks at the end of a line.
set -eu
cd "$(dirname "$0")/../.."
status=0
max_lines=500

long=$(find lib hooks -name '*.[ch]' -exec wc -l {} + |
	awk -v max="$max_lines" '$2 != "total" && $1 > max')
if [ -n "$long" ]; then
	echo "longer than $max_lines lines; which two subjects are in them?"
	echo "$long"
	status=1
fi

unfinished='TO''DO|FIX''ME|XX''X|HA''CK'
if grep -rsnwE --exclude-dir=corpus "$unfinished" \
	lib hooks tests policy Makefile install.sh README.md .ci; then
	echo 'above: finish it, or say what it is'
	status=1
fi

if grep -rnE --include='*.[ch]' --include='*.sh' '[[:blank:]]+$' \
	lib hooks tests; then
	echo 'above: blanks at the end of a line'
	status=1
fi
exit $status
