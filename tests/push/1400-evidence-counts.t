#!/bin/sh
# When a statement counts: people and not statements, nobody who has a part in
# the change, in time, for this stage, for each value of a matrix, and for
# another commit where the gate binds the tree.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: count-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
  bob: {emails: [bob@example.com]}
  carol: {emails: [carol@example.com]}
  dana: {emails: [dana@example.com]}
  erin: {emails: [erin@example.com]}
roles: {all: ["*"], people: [alice, bob, carol, dana, erin]}
gates:
  two: {kind: evidence, by: [people], count: 2}
  others: {kind: evidence, by: [people], not_author: true}
  fresh: {kind: evidence, by: [people], max_age: 5s}
  whole: {kind: evidence, by: [people], binds: tree}
  exact: {kind: evidence, by: [people]}
  sites: {kind: evidence, by: [people], matrix: [acme, globex]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all], rewind: true}
  - {name: counted, refs: ["refs/heads/counted/*"], from: development, push: [all], gates: [two]}
  - {name: judged, refs: ["refs/heads/judged/*"], from: development, push: [all], gates: [others]}
  - {name: timed, refs: ["refs/heads/timed/*"], from: development, push: [all], gates: [fresh]}
  - {name: bound, refs: ["refs/heads/bound/*"], from: development, push: [all], gates: [whole]}
  - {name: exactly, refs: ["refs/heads/exactly/*"], from: development, push: [all], gates: [exact]}
  - {name: sited, refs: ["refs/heads/sited/*"], from: development, push: [all], gates: [sites]}
Y
clone
c=$(GIT_AUTHOR_EMAIL=carol@example.com GIT_COMMITTER_EMAIL=dana@example.com commit a.txt one 'one

Co-authored-by: Erin <ERIN@example.com>')
short=$(git rev-parse --short=8 "$c")
push alice "$c:refs/heads/feature/a"
accepted 'a commit by three people, pushed by a fourth'

evidence alice two "$c" pass
evidence alice two "$c" pass 'run: "again"'
push alice "$c:refs/heads/counted/a"
refused stage.gates 'one person twice is one'
says 'MISSING +two +1 of 2 from @people' 'it is counted'
evidence bob two "$c" pass
push alice "$c:refs/heads/counted/a"
accepted 'two people are two'

for who in alice carol dana erin; do
	evidence $who others "$c" pass
	accepted "$who may say so"
done
push bob "$c:refs/heads/judged/a"
refused stage.gates 'pusher, author, committer, co-author: none of them counts'
says 'MISSING +others +0 of 1' 'for a gate that asks others'
for who in alice carol dana erin; do
	says "$who has a part in the change" "it says so of $who"
done
evidence bob others "$c" pass
push bob "$c:refs/heads/judged/a"
accepted 'promoting is not pushing: bob may do both'

evidence bob sites "$c" pass 'matrix: acme'
push alice "$c:refs/heads/sited/a"
refused stage.gates 'one of two sites'
says 'MISSING +sites +globex missing' 'the other is named'
says "attest sites --pass $short --matrix globex" 'in the hint too'
evidence carol sites "$c" pass 'matrix: globex'
evidence bob sites "$c" fail 'matrix: acme'
push alice "$c:refs/heads/sited/a"
refused stage.gates 'a fail of one site'
says 'sites +' 'is shown'
evidence bob sites "$c" pass 'matrix: acme
run: "2"'
push alice "$c:refs/heads/sited/a"
accepted 'all of them'

# For one stage only.
evidence bob exact "$c" pass 'for: timed'
push alice "$c:refs/heads/exactly/a"
refused stage.gates 'a statement for another stage'
evidence bob exact "$c" pass 'for: exactly'
push alice "$c:refs/heads/exactly/a"
accepted 'for this one'

# Another commit with the same tree.
evidence bob whole "$c" pass
git commit -q --amend -m 'the same, said better'
d=$(git rev-parse HEAD)
push alice "$d:refs/heads/feature/d"
push alice "$d:refs/heads/exactly/b"
refused stage.gates 'evidence is about a commit'
push alice "$d:refs/heads/bound/a"
accepted 'unless the gate binds the tree'
commit a.txt two >/dev/null
push alice HEAD:refs/heads/feature/e
push alice HEAD:refs/heads/bound/b
refused stage.gates 'another tree is another matter'

# Time: one sleep for both, long enough for what stands before it on a busy machine.
evidence bob exact "$d" pass "expires: $(date -u -d '+5 seconds' +%Y-%m-%dT%H:%M:%SZ)"
accepted 'a statement that expires soon'
evidence bob fresh "$c" pass
push alice "$c:refs/heads/timed/a"
accepted 'young enough'
sleep 6.2
push alice "$d:refs/heads/exactly/b"
refused stage.gates 'it has expired'
says 'the pass of bob expired at 20' 'and says when'
push alice "$c:refs/heads/timed/b"
refused stage.gates 'too old'
says 'the pass of bob is [0-9]+ ?s old, at most 5 ?s' 'and says how old'
evidence bob fresh "$c" pass 'run: "2"'
push alice "$c:refs/heads/timed/b"
accepted 'said again'
finish
