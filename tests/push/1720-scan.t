#!/bin/sh
# `scan`: what counts is the SARIF report that clang's analyser wrote, and with
# `new_only` what is in it and not in the one of the stage's tip.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: scan-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
  ci: {robot: true}
roles: {all: ["*"], bots: [ci]}
gates:
  clean: {kind: scan, by: [bots], report: sarif, max: {error: 0, warning: 1}}
  no-worse: {kind: scan, by: [bots], max: {error: 0, warning: 0}, new_only: true}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all], rewind: true}
  - {name: integration, refs: [refs/heads/integration], push: [all], gates: [no-worse]}
  - {name: deployment, refs: [refs/heads/main], push: [all], gates: [clean]}
Y
clone
mkdir src

# One more commit, pushed to a branch of its own; its id in $c.
change() { # change FILE TEXT
	c=$(commit "$1" "$2")
	push alice "$c:refs/heads/feature/$(git rev-parse --short "$c")"
}

# clang's analyser over the commit that is checked out, in a folder of its own
# as a machine of ci would have it: paths are absolute, and other ones each time.
analyse() { # into $tmp/scan.sarif
	run=$((${run:-0} + 1))
	git clone -q "$C" "$tmp/build-$run"
	git -C "$tmp/build-$run" checkout -q "$c"
	clang --analyze -Xclang -analyzer-output=sarif -o "$tmp/scan.sarif" \
		"$tmp/build-$run/src/$1" 2>/dev/null
}

# report USER GATE COMMIT RESULT FILE
report() {
	evidence "$1" "$2" "$3" "$4" "report: sarif
---
$(cat "$5")"
}

tried() { # tried REF COMMIT: what alice would read
	out=$("$stagegate" -C "$S" try "$1" "$2" --as alice 2>&1)
}

leak='#include <stdlib.h>
int leak(void)
{
	char *q = malloc(3);
	q[0] = 1;
	return q[0];
}'
null='
int null(int *p)
{
	if (p)
		return *p;
	return *p;
}'

# --- the first one: there is nothing to compare with -------------------------

change src/a.c "$leak"
analyse a.c
like "$(cat "$tmp/scan.sarif")" 'unix.Malloc' 'the analyser has found a leak'
report ci no-worse "$c" pass "$tmp/scan.sarif"
accepted 'its report comes as a pass'
push alice "$c:refs/heads/integration"
refused stage.gates 'the first scan'
says 'FAILED +no-worse +1 new warning, at most 0' 'has a finding too many'
says 'src/a.c:6 unix.Malloc Potential leak' 'which is shown where it is in the tree'
says 'all findings are new' 'the tip has no report'

sed '$d' "$tmp/scan.sarif" >"$tmp/touched.sarif"
report ci no-worse "$c" pass "$tmp/touched.sarif"
refused evidence.report 'a report that was cut off'
says 'line [0-9]+, column [0-9]+' 'is malformed, and where'

change src/a.c 'int none(void) { return 0; }'
analyse a.c
report ci no-worse "$c" pass "$tmp/scan.sarif"
accepted 'a scan that found nothing'
tried refs/heads/integration "$c"
says 'passed +no-worse +ci, [0-9]+ s ago: nothing new' 'says so'
push alice "$c:refs/heads/integration"
accepted 'lets pass'
clean=$c

# --- new or known ------------------------------------------------------------

change src/a.c "$leak"
analyse a.c
dirty=$c
cp "$tmp/scan.sarif" "$tmp/dirty.sarif"
report ci no-worse "$dirty" pass "$tmp/dirty.sarif"
push alice "$dirty:refs/heads/integration"
refused stage.gates 'a leak that the tip does not have'
says 'FAILED +no-worse +1 new warning' 'is new'
unlike "$out" 'all findings are new' 'compared with the report of the tip'
ref_is refs/heads/integration "$clean" 'it stays out'

# As a check that was added later finds it: a fail is a report like another.
report ci no-worse "$clean" fail "$tmp/dirty.sarif"
accepted 'the report of the tip, again'
push alice "$dirty:refs/heads/integration"
accepted 'what the tip has too is not new'

change src/a.c "/* a line */
/* and another */
$leak"
analyse a.c
report ci no-worse "$c" pass "$tmp/scan.sarif"
tried refs/heads/integration "$c"
says 'passed +no-worse +ci, [0-9]+ s ago: nothing new, 1 known' \
    'on other lines, on another machine, it is still known'
push alice "$c:refs/heads/integration"
accepted 'so it enters'
tip=$c

change src/a.c "$leak$null"
analyse a.c
report ci no-worse "$c" pass "$tmp/scan.sarif"
push alice "$c:refs/heads/integration"
refused stage.gates 'another finding beside the known one'
says 'FAILED +no-worse +1 new warning, at most 0' 'is the only new one'
says 'src/a.c:[0-9]+ core.NullDereference' 'and shown'
unlike "$out" 'unix.Malloc' 'the known one is not'

# Attempts to get around it.
report ci no-worse "$c" pass "$tmp/dirty.sarif"
accepted 'the report of another commit: it is ci that answers for it'
report alice no-worse "$tip" pass "$tmp/scan.sarif"
refused evidence.not-allowed 'who may not speak does not make a baseline'
sed 's/"ruleId": "core.NullDereference"/&, "baselineState": "unchanged"/' \
	"$tmp/scan.sarif" >"$tmp/touched.sarif"
report ci no-worse "$c" pass "$tmp/touched.sarif"
push alice "$c:refs/heads/integration"
refused stage.gates 'baselineState is not believed'
sed 's/"ruleId": "core.NullDereference"/&, "level": "whatever"/' \
	"$tmp/scan.sarif" >"$tmp/touched.sarif"
report ci no-worse "$c" pass "$tmp/touched.sarif"
refused evidence.report 'a level that there is not'
says 'runs\[0\].results\[[01]\]: .whatever. is no' 'is named, with its place'
sed 's/"ruleId": "core.NullDereference"/&, "level": "note", "level": "error"/' \
	"$tmp/scan.sarif" >"$tmp/touched.sarif"
report ci no-worse "$c" pass "$tmp/touched.sarif"
refused evidence.report 'two levels'
says 'line [0-9]+, column [0-9]+: duplicate' 'are one too many'
printf '{"version": "2.1.0", "runs": []}' >"$tmp/empty.sarif"
report ci no-worse "$c" pass "$tmp/empty.sarif"
push alice "$c:refs/heads/integration"
refused stage.gates 'a report of no scan at all'
says 'the report has no run with results' 'shows nothing'
ref_is refs/heads/integration "$tip" 'integration is where it was'

# --- bounds by level ---------------------------------------------------------

report ci clean "$tip" pass "$tmp/scan.sarif"
push alice "$tip:refs/heads/main"
refused stage.gates 'two warnings'
says 'FAILED +clean +2 warnings, at most 1' 'are one too many'
says 'core.NullDereference' 'both'
says 'unix.Malloc' 'are shown'
sed 's/"ruleId": "core.NullDereference"/&, "suppressions": [{"kind": "external", "status": "underReview"}]/' \
	"$tmp/scan.sarif" >"$tmp/touched.sarif"
report ci clean "$tip" pass "$tmp/touched.sarif"
push alice "$tip:refs/heads/main"
refused stage.gates 'a suppression that nobody has accepted'
sed 's/underReview/accepted/' "$tmp/touched.sarif" >"$tmp/accepted.sarif"
REMOTE_USER=ci "$stagegate" attest clean "$tip" --pass \
	--report "$tmp/accepted.sarif" >"$tmp/attest.out" 2>&1
is "$?" 0 'stagegate attest takes it'
tried refs/heads/main "$tip"
says 'passed +clean +ci, [0-9]+ s ago: 1 warning' 'one is within the bound'
push alice "$tip:refs/heads/main"
accepted 'and enters'
ref_is refs/heads/main "$tip" 'it is there'
finish
