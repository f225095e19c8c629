#!/bin/sh
# Several merges in one push: each is judged as a step, only the last is a tip.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: chain-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
gates:
  tests: {kind: evidence, by: [all]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: integration, refs: [refs/heads/integration], push: [all], gates: [tests]}
  - {name: testing, refs: [refs/heads/staging], push: [all]}
Y
clone
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
evidence ci tests "$base" pass
push alice "$base:refs/heads/integration"
push alice "$base:refs/heads/staging"
accepted 'the flow has begun'
feature() { # feature NAME: its commit, from the base
	git checkout -q --detach "$base"
	commit "$1.txt" "$1"
}
short() { git rev-parse --short=8 "$1"; }
a=$(feature a1)
b=$(feature b1)
c=$(feature c1)
never=$(feature n1)
push alice "$a:refs/heads/feature/a" "$b:refs/heads/feature/b" "$c:refs/heads/feature/c"
evidence ci tests "$a" pass
evidence ci tests "$c" pass

m1=$(merge "$base" "$a")
m2=$(merge "$m1" "$b")
m3=$(merge "$m2" "$c")
push alice "$m3:refs/heads/integration"
refused stage.gates 'the candidate of the middle step lacks its gate'
says "$(short "$b"): 0 of 1" 'it is named'
unlike "$out" "$(short "$c"): 0 of 1" 'the others are not'
says "attest tests --pass $(short "$b")" 'nor in the hint'
evidence ci tests "$b" pass

git checkout -q --detach "$m1"
git merge -q --no-ff --no-commit "$b" >/dev/null 2>&1
echo extra >extra.txt
git add extra.txt
git commit -q -m 'tampered'
t2=$(git rev-parse HEAD)
t3=$(merge "$t2" "$c")
push alice "$t3:refs/heads/integration"
refused stage.merge 'a step in the middle that is not what git merges'
says "the tree of $(short "$t2") is not what merging $(short "$b")" 'it is named'
says 'extra\.txt' 'with the path'
unlike "$out" "the tree of $(short "$t3")" 'the step after it is judged against it'

n2=$(merge "$m1" "$never")
n3=$(merge "$n2" "$c")
push alice "$n3:refs/heads/integration"
refused stage.skip 'a step in the middle whose candidate was never pushed'
says "$(short "$never") has not been through development" 'it is named'
git checkout -q --detach "$m1"
p2=$(commit fix.txt fix 'a quick fix in between')
p3=$(merge "$p2" "$c")
push alice "$p3:refs/heads/integration"
refused stage.skip 'an ordinary commit between the merges'
says "$(short "$p2")" 'it is named'
git checkout -q --detach "$m1"
git merge -q --no-ff --no-commit "$b" >/dev/null 2>&1
echo extra >extra.txt
git add extra.txt
git commit -q -m 'tampered'
both=$(merge "$(git rev-parse HEAD)" "$never")
push alice "$both:refs/heads/integration"
refused stage.merge 'two bad steps: all are reported'
says '\[stage\.skip\]|refused \[stage\.skip\]' 'each with its code'
ref_is refs/heads/integration "$base" 'nothing of this moved integration'

push alice "$m3:refs/heads/integration"
accepted 'three good steps enter together'
ledger_has "^Update: $base $m3 refs/heads/integration integration merge accepted" 'as one update'
push dana "$m2:refs/heads/staging"
refused stage.skip 'the middle was never a tip'
says "$(short "$m2")" 'it is named'
push dana "$m3:refs/heads/staging"
accepted 'the last one is'
ref_is refs/heads/staging "$m3" 'staging is at the last step'

# A fast-forward first, merges on it.
d=$(git checkout -q --detach "$m3" && commit d1.txt d)
e=$(git checkout -q --detach "$m3" && commit e1.txt e)
push alice "$d:refs/heads/feature/d" "$e:refs/heads/feature/e"
evidence ci tests "$d" pass
evidence ci tests "$e" pass
m=$(merge "$d" "$e")
push alice "$m:refs/heads/integration"
accepted 'a fast-forward, and a merge on it, in one push'
push dana "$d:refs/heads/staging"
refused stage.skip 'its first step was no tip of integration'
finish
