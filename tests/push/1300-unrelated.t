#!/bin/sh
# Histories that share no commit with the stage, and merges of more than two.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: order-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: integration, refs: [refs/heads/integration], push: [all]}
  - {name: deployment, refs: [refs/heads/main], push: [all]}
Y
clone
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
push alice "$base:refs/heads/integration"
push alice "$base:refs/heads/main"
accepted 'the flow has begun'

git checkout -q --orphan stranger
git rm -q -r -f .
stranger=$(commit s.txt stranger 'a history of its own')
push alice "$stranger:refs/heads/feature/stranger"
accepted 'an entry stage takes a root of its own'
push alice --force "$stranger:refs/heads/integration"
refused stage.merge 'a stage beyond does not'
says 'shares no commit with stage integration' 'and says why'
says '\[stage\.rewind\]' 'nor does it leave its tip behind'

git checkout -q --detach "$base"
git merge -q --allow-unrelated-histories -m 'bring it in' "$stranger" >/dev/null
m=$(git rev-parse HEAD)
push alice "$m:refs/heads/integration"
refused stage.merge 'nor as the other side of a merge'
says "brings in $(git rev-parse --short=8 "$stranger"), which shares no" 'which is named'
git checkout -q --detach "$stranger"
git merge -q --allow-unrelated-histories -m 'the other way' "$base" >/dev/null
push alice HEAD:refs/heads/integration
refused stage.merge 'nor the other way round'
push alice "$m:refs/heads/feature/import"
accepted 'what is meant goes through the first stage'
push alice "$m:refs/heads/integration"
accepted 'and is promoted as a commit of its own'

# Three parents: who is the candidate?
git checkout -q --detach "$m"
one=$(commit one.txt one)
git checkout -q --detach "$m"
two=$(commit two.txt two)
push alice "$one:refs/heads/feature/one" "$two:refs/heads/feature/two"
git checkout -q --detach "$m"
git merge -q -m octopus "$one" "$two" >/dev/null
tree=$(git rev-parse 'HEAD^{tree}')
octopus=$(git commit-tree -p "$m" -p "$one" -p "$two" -m octopus "$tree")
push alice "$octopus:refs/heads/integration"
refused stage.merge 'an octopus is no step'
says 'a merge of 3 commits' 'it is counted'
says 'hint: merge one candidate after the other' 'and what to do'
swapped=$(git commit-tree -p "$one" -p "$m" -p "$two" -m octopus "$tree")
push alice "$swapped:refs/heads/integration"
refused stage.merge 'nor with the tip in another place'
ref_is refs/heads/integration "$m" 'integration did not move'
push alice "$octopus:refs/heads/feature/octopus"
push alice "$octopus:refs/heads/integration"
accepted 'one made and pushed on a branch is a candidate like any other'
push alice "$one:refs/heads/main"
refused stage.skip 'what it merged was never a tip of integration'
push alice "$octopus:refs/heads/main"
accepted 'the octopus was'
finish
