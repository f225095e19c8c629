#!/bin/sh
# What gates look at: commits that a later stage has already are not judged
# again, and paths that the target had are no part of the change.
. "${0%/*}/lib.sh"
server
flow() { # flow VERSION GATES
	policy <<Y
flow: new-flow
version: $1
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
gates:
  title: {kind: message, subject: {match: "^[A-Z]"}, of: all}
  tidy: {kind: paths, deny: ["secret/**"]}
  tests: {kind: evidence, by: [all]}
  peer: {kind: review, by: [all]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all], gates: [$2]}
  - {name: integration, refs: [refs/heads/integration], push: [all], gates: [$2]}
  - {name: deployment, refs: [refs/heads/main], push: [all], gates: [$2]}
Y
}
flow 1.0.0 ''
clone
short() { git rev-parse --short=8 "$1"; }
base=$(commit a.txt one 'small letters')
commit secret/x one 'small letters again' >/dev/null
old=$(commit b.txt one 'and again')
for ref in feature/base integration main; do
	push alice "$old:refs/heads/$ref"
done
accepted 'work of before the gates is on main'

flow 1.1.0 'title, tidy'
f=$(commit f.txt one 'A feature on main')
push alice "$f:refs/heads/feature/f"
accepted 'a branch of main: the old commits and paths are not new'
push alice "$f:refs/heads/integration"
accepted 'nor on integration'
git checkout -q --detach "$base"
g=$(commit g.txt one 'A feature of long ago')
push alice "$g:refs/heads/feature/g"
accepted 'a branch of an older commit'
m=$(merge "$g" "$old" 'Merge main')
push alice "$m:refs/heads/feature/g"
accepted 'main merged into it'
git checkout -q --detach "$m"
bad=$(commit h.txt one 'small')
push alice "$bad:refs/heads/feature/g"
refused stage.gates 'a new commit is judged'
says "$(short "$bad")" 'it is named'
unlike "$out" "$(short "$old")" 'the old ones are not'
git checkout -q --detach "$m"
bad=$(commit secret/y one 'A secret')
push alice "$bad:refs/heads/feature/g"
refused stage.gates 'a new path is judged'
says 'secret/y' 'it is named'
unlike "$out" 'secret/x' 'the old one is not'

# Merged in, but the other side's newer entry thrown away.
git checkout -q --detach "$old"
newer=$(commit c.txt one 'A newer main')
for ref in feature/newer integration main; do
	push alice "$newer:refs/heads/$ref" 2>/dev/null
done
git checkout -q --detach "$f"
flow 1.2.0 'title'
x2=$(commit secret/x two 'Another secret')
for ref in feature/x2 integration main; do
	push alice "$x2:refs/heads/$ref"
done
accepted 'main has changed a path that is denied again'
flow 1.3.0 'title, tidy'
kept=$(git commit-tree -p "$m" -p "$x2" -m 'Merge main, keep our entry' \
    "$(git rev-parse "$m^{tree}")")
push alice "$kept:refs/heads/feature/g"
refused stage.gates 'an older entry put back over a newer one is a change'
says 'secret/x' 'it is named'
m=$(merge "$m" "$x2" 'Merge main')
push alice "$m:refs/heads/feature/g"
accepted 'merged as it is, it is none'
push alice "$m:refs/heads/integration"
accepted 'nor on integration'
push alice "$m:refs/heads/main"
accepted 'nor on main'

# An empty change needs no review.
flow 1.4.0 'peer'
git commit -q --allow-empty -m 'Nothing'
none=$(git rev-parse HEAD)
push alice "$none:refs/heads/feature/none"
accepted 'a commit that changes nothing has nothing to review'
push alice "$none:refs/heads/integration"
accepted 'nor on integration'
some=$(commit z.txt z 'Something')
push alice "$some:refs/heads/feature/some"
refused stage.gates 'something has'
says 'MISSING +peer' 'the review is missing'
ref_is refs/heads/integration "$none" 'integration is at the empty commit'
finish
