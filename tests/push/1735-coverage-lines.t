#!/bin/sh
# The new-line figures of the coverage gate against an independent computation
# over `git diff -U0 -M` and the report (coverage-lines.pl), in some 200 cases
# made by chance: edits, renames, branches that were brought up to date and
# merges that promote.  SEED=N makes others.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: lines-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
  ci-bot: {robot: true}
roles: {all: ["*"], ci: [ci-bot]}
gates:
  cov: {kind: coverage, by: [ci], new_lines: 100%}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: deployment, refs: [refs/heads/main], push: [all], gates: [cov]}
  - {name: trunk, refs: [refs/heads/trunk], from: [], push: [all], gates: [cov]}
Y
clone
cases=$here/coverage-lines.pl
perl "$cases" make "$tmp/state" >"$tmp/stream"
git fast-import --quiet --export-marks="$tmp/marks" <"$tmp/stream"
push alice 'refs/heads/feature/*:refs/heads/feature/*'
accepted 'the cases are branches'
perl "$cases" state "$tmp/state" "$tmp/marks" >"$tmp/stream"
git fast-import --quiet <"$tmp/stream"
push ci-bot 'refs/tags/evidence/cov/*:refs/evidence/cov/*/1'
accepted 'each has a report'

judge() { # judge KIND: goes on counting
	perl "$cases" judge "$tmp/state" "$1" "$stagegate" "$S" >"$tmp/judged"
	while IFS= read -r line; do
		case $line in
		'ok - '*) ok 0 "${line#ok - }" ;;
		'not ok - '*) ok 1 "${line#not ok - }" ;;
		*) printf '%s\n' "$line" ;;
		esac
	done <"$tmp/judged"
}
push alice refs/heads/feature/base:refs/heads/main refs/heads/feature/base:refs/heads/trunk
accepted 'main and trunk begin'
judge straight
push alice refs/heads/feature/main:refs/heads/main refs/heads/feature/main:refs/heads/trunk
accepted 'they go on'
judge updated
judge merged
[ "$count" -ge 200 ]
ok $? 'there were enough of them'
finish
