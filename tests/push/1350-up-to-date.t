#!/bin/sh
# up_to_date: the candidate contains the tip, or the candidate by which a tip
# of the same tree entered; in a chain each against the step before.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: fresh-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: testing, refs: [refs/heads/staging], push: [all]}
  - {name: hotfix, refs: ["refs/heads/hotfix/*"], from: [], push: [all]}
  - name: deployment
    refs: [refs/heads/main]
    from: [testing, hotfix]
    push: [all]
    up_to_date: true
Y
clone
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
push alice "$base:refs/heads/staging"
push alice "$base:refs/heads/main"
accepted 'the flow has begun'
stage() { # stage COMMIT: through development to staging
	push alice "$1:refs/heads/feature/f-$1"
	push alice "$1:refs/heads/staging"
}
short() { git rev-parse --short=8 "$1"; }
t1=$(commit t.txt one)
stage "$t1"

# main took t1 by a merge of the same tree: what builds on t1 is up to date.
m1=$(merge "$base" "$t1")
push alice "$m1:refs/heads/main"
accepted 'main takes staging by a merge'
git checkout -q --detach "$t1"
t2=$(commit t.txt two)
stage "$t2"
push alice --force "$t2:refs/heads/main"
refused stage.rewind 'staging lacks the merge commit, it is no fast-forward'
m2=$(merge "$m1" "$t2")
push alice "$m2:refs/heads/main"
accepted 'but it holds what the merge brought: the same tree'

# A hot-fix is on main alone.
git checkout -q --detach "$m2"
h=$(commit h.txt fix)
push alice "$h:refs/heads/hotfix/h"
push alice "$h:refs/heads/main"
accepted 'a hot-fix on main'
git checkout -q --detach "$t2"
t3=$(commit t.txt three)
stage "$t3"
m3=$(merge "$h" "$t3")
push alice "$m3:refs/heads/main"
refused stage.up-to-date 'staging lacks the hot-fix'
says "FAILED +up-to-date +$(short "$t3") lacks the tip $(short "$h")" 'the row says which'
says "hint: up-to-date: merge $(short "$h") into a branch of development" 'and what to do'
back=$(merge "$t3" "$h")
stage "$back"
accepted 'the hot-fix merged into the branch and staged'
push alice "$m3:refs/heads/main"
refused stage.up-to-date 'the old candidate still lacks it'
push alice "$back:refs/heads/main"
accepted 'the new one has it'

# A chain: against the step before, not only against the tip.
g1=$(commit g1.txt one)
git checkout -q --detach "$back"
g2=$(commit g2.txt two)
git checkout -q --detach "$g1"
g3=$(commit g3.txt three)
push alice "$g1:refs/heads/hotfix/g1" "$g2:refs/heads/hotfix/g2" "$g3:refs/heads/hotfix/g3"
c1=$(merge "$back" "$g1")
c2=$(merge "$c1" "$g2")
push alice "$c2:refs/heads/main"
refused stage.up-to-date 'the second of two lacks the first'
says "$(short "$g2") lacks the tip $(short "$c1")" 'they are named'
c3=$(merge "$c1" "$g3")
push alice "$c3:refs/heads/main"
accepted 'one that builds on the first candidate has its tree'
ref_is refs/heads/main "$c3" 'main is at the second merge'
finish
