#!/bin/sh
# page.sh SOURCE PROGRAM    a man page, on standard output
#
# A page says nothing a second time that is said elsewhere: @VERBS@ is what the
# program's own help has of each verb, @REFERENCE@ is policy/reference.yml, of
# which a test sees to that it has every key.
set -eu
export LC_ALL=C
source=$1 program=$2
here=${0%/*}

# Of the newest entry of the changelog, so that each build makes the same page.
page_date() {
	date -u '+%B %-d, %Y' -d "@$(sh "$here/../debian/epoch.sh")"
}

# Every verb but help, in the order of the help.
verbs() {
	"$program" help | sed -n 's/^  \([a-z][a-z]*\)   *[^ ].*/\1/p'
}

each_verb() {
	for verb in $(verbs); do
		printf '.Ss %s\n' "$verb"
		"$program" help "$verb" | awk -f "$here/verb.awk"
	done
}

# What stands in every verb's list too, and what does not.
common() {
	"$program" help | sed -n '/^  -/,/^$/p' | awk -f "$here/verb.awk"
}

reference() {
	sed -e 's/\\/\\e/g' -e "s/^[.']/\\\\\\&&/" "$here/../../policy/reference.yml"
}

while IFS= read -r line; do
	case $line in
	@VERBS@) each_verb ;;
	@COMMON@) common ;;
	@REFERENCE@) reference ;;
	'.Dd @DATE@') printf '.Dd %s\n' "$(page_date)" ;;
	*) printf '%s\n' "$line" ;;
	esac
done <"$source"
