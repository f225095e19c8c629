#!/bin/sh
# A statement counts for a promotion of the same push; fail and revoke take it
# back; people count, not statements.
. "${0%/*}/lib.sh"
server
standard_policy
clone
c=$(commit a.txt one)
push alice "$c:refs/heads/feature/a"
evidence bob peer-review "$c" pass
printf 'evidence: 1\ngate: tests\nresult: pass\n' >"$tmp/statement"
git tag -f -a -F "$tmp/statement" "evidence/tests/$c" "$c" >/dev/null
sed -i 's/developers: \[alice, bob\]/developers: [alice, bob, ci-bot]/; s/version: .*/version: 1.0.1/' "$tmp/server.yml"
push ci-bot "$c:refs/heads/integration" "refs/tags/evidence/tests/$c:refs/evidence/tests/$c/1"
accepted 'statement and promotion in one push'
git tag -d "evidence/tests/$c" >/dev/null
ledger_has "^Evidence: [0-9a-f]{40} tests $c ci-bot pass" 'recorded together'
is "$(git -C "$S" rev-list --count refs/notes/stagegate)" 3 'in one ledger commit'

d=$(commit b.txt two)
push alice "$d:refs/heads/feature/b"
evidence ci-bot tests "$d" pass
evidence ci-bot tests "$d" fail
evidence alice peer-review "$d" pass
push alice "$d:refs/heads/integration"
refused stage.gates 'a later fail takes a pass back, and the own review does not count'
says '(FAILED|MISSING) +tests' 'tests'
says 'MISSING +peer-review' 'review'
evidence ci-bot tests "$d" pass 'run: "again"'
evidence bob peer-review "$d" fail
evidence carol peer-review "$d" pass
push alice "$d:refs/heads/integration"
refused stage.gates 'a standing fail of a reviewer blocks'
says 'FAILED +peer-review' 'the review failed'
evidence bob peer-review "$d" revoke
accepted 'taken back'
push alice "$d:refs/heads/integration"
accepted 'then it enters'
evidence ci-bot tests "$d" pass 'for: testing'
accepted 'a statement may be for one stage only'
finish
