#!/bin/sh
# linear: no merge commits enter, neither as steps nor below a candidate.
. "${0%/*}/lib.sh"
server
flow() { # flow VERSION LINEAR
	policy <<Y
flow: line-flow
version: $1
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - name: integration
    refs: [refs/heads/integration, refs/heads/second]
    push: [all]
    accept: [fast-forward, merge, squash]
    linear: $2
Y
}
flow 1.0.0 false
clone
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
push alice "$base:refs/heads/integration"
one=$(commit one.txt one)
push alice "$one:refs/heads/feature/one"
m=$(merge "$base" "$one")
push alice "$m:refs/heads/integration"
accepted 'without it merges enter'

flow 1.1.0 true
two=$(commit two.txt two)
push alice "$two:refs/heads/feature/two"
push alice "$two:refs/heads/integration"
accepted 'a merge that is there already does not matter'
git checkout -q --detach "$two"
three=$(commit three.txt three)
push alice "$three:refs/heads/feature/three"
m=$(merge "$two" "$three" 'enter three')
push alice "$m:refs/heads/integration"
refused stage.merge 'a merge does not enter'
says 'stage integration is linear: no merge commits enter' 'because it is linear'
says "$(git rev-parse --short=8 "$m") enter three" 'it is named'
says 'hint: rebase onto' 'and what to do'
four=$(commit four.txt four)
push alice "$four:refs/heads/feature/four"
push alice "$four:refs/heads/integration"
refused stage.merge 'nor one below the candidate'
says "$(git rev-parse --short=8 "$m") enter three" 'the one below is named'
push alice "$four:refs/heads/second"
refused stage.merge 'nor on a new ref'
push alice "$three:refs/heads/integration"
accepted 'a plain line does'
git checkout -q --detach "$three"
five=$(commit five.txt five)
push alice "$five:refs/heads/feature/five"
git checkout -q --detach "$three"
git merge -q --squash "$five" >/dev/null 2>&1
git commit -q -m "five

Promotes: $five"
push alice HEAD:refs/heads/integration
accepted 'so does a squash, which is no merge'
ref_is refs/heads/integration "$(git rev-parse HEAD)" 'integration is at the squash'
is "$(git -C "$S" rev-parse -q --verify refs/heads/second || :)" '' 'the new ref was not made'
finish
