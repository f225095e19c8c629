#!/bin/sh
# Going around named gates, in the open.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: around-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {dev: [alice, bob], release: [dana, erin, frank]}
gates:
  tests: {kind: evidence, by: [dev]}
  performance: {kind: evidence, by: [dev]}
  small: {kind: size, files: 3}
  root-cause: {kind: evidence, by: [dev]}
always: [small]
bypass: {by: [release], stages: [deployment], gates: [performance, soak, freeze], then: [root-cause]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [dev], rewind: true}
  - {name: testing, refs: [refs/heads/staging], push: [dev], gates: [performance]}
  - name: deployment
    refs: [refs/heads/main]
    push: [dev, release]
    gates: [tests, performance]
    soak: 1d
    freeze: [{from: 2020-01-01, to: 2199-01-01}]
    delete: true
Y
clone
a=$(commit f.txt one)
push alice "$a:refs/heads/feature/x"
evidence alice performance "$a" pass
push alice "$a:refs/heads/staging"
accepted 'a candidate'
evidence alice performance "$a" fail
evidence alice tests "$a" pass
short() { printf '%.8s' "$1"; }
push dana "$a:refs/heads/main"
refused stage.gates 'nothing is gone around without asking'

push dana -o bypass= "$a:refs/heads/main"
refused bypass.reason 'without a reason'
push alice -o bypass='INC-43 outage' "$a:refs/heads/main"
refused bypass.role 'by somebody else'
push dana -o bypass='INC-43 outage' "$a:refs/heads/main"
refused bypass.approvals 'nobody has agreed'
says "MISSING +bypass +0 of 1 from @release" 'that is a row'
says "stagegate attest bypass --pass $(short "$a")" 'and this is how'
evidence alice bypass "$a" pass
refused evidence.not-allowed 'alice may not agree'
evidence dana bypass "$a" pass
accepted 'dana says so'
push dana -o bypass='INC-43 outage' "$a:refs/heads/main"
refused bypass.approvals "one's own word does not count"
evidence erin bypass "$a" pass
accepted 'erin agrees'
evidence alice tests "$a" fail
push dana -o bypass='INC-43 outage' "$a:refs/heads/main"
refused bypass.gate 'a gate that can not be gone around'
says "tests can't be gone around" 'is named'
evidence bob tests "$a" pass
evidence alice tests "$a" revoke
push alice -o bypass='INC-43' "$a:refs/heads/feature/z"
accepted 'a bypass of nothing'
says 'the bypass goes around nothing' 'is told'
push dana -o bypass='INC-43 outage' "$a:refs/heads/main"
accepted 'with all of it'
says 'incident 1: .* entered refs/heads/main around' 'the incident is told'
note=$(git -C "$S" notes --ref=stagegate show "$a")
for row in performance soak freeze; do
	like "$note" "^ +$row: overridden" "$row is recorded as overridden"
done
like "$note" '^ +tests: passed' 'what was not gone around is recorded as it is'
like "$note" '^ +bypass: passed' 'and the agreement'
ledger_has '^Incident: 1 opened refs/heads/main' 'and the incident'
like "$(git -C "$S" show refs/notes/stagegate:incidents/1)" '^kind: bypass' 'of its kind'

b=$(commit f.txt two)
push alice "$b:refs/heads/feature/x"
evidence alice performance "$b" pass
push alice "$b:refs/heads/staging"
evidence alice tests "$b" pass
evidence erin bypass "$b" pass
push dana -o bypass='INC-44' "$b:refs/heads/main"
refused stage.locked 'a bypass lifts no lock'
says "attest root-cause --pass $(short "$a")" 'which wants a word about what came in'
push dana -o bypass='INC-44' :refs/heads/main
refused bypass.gate 'deletions are not gone around'
evidence alice root-cause "$a" pass
says 'incident 1 is closed' 'that closes it'
push dana -o bypass='INC-44' "$b:refs/heads/main"
accepted 'and the next goes around again'

# order and `always`
c=$(commit g.txt three)
push alice "$c:refs/heads/feature/x"
evidence alice root-cause "$b" pass
evidence alice tests "$c" pass
evidence erin bypass "$c" pass
push dana -o bypass='INC-45' "$c:refs/heads/main"
refused stage.skip 'never stage order'
for n in 1 2 3 4; do echo "$n" >"n$n"; done
d=$(commit g.txt four)
push alice "$d:refs/heads/feature/w"
# shellcheck disable=SC2016 # no command
refused stage.gates '`always` is always'
push dana -o bypass='INC-46' "$d:refs/heads/feature/w"
refused push.role 'for whoever pushes'
says "the gates of stage development can't be gone around" 'and wherever'
finish
