#!/bin/sh
# base: a new branch starts at a recent commit of main.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: base-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
gates:
  from-main: {kind: base, of: deployment, max_behind: 2, max_age: 1d}
stages:
  - name: development
    refs: ["refs/heads/feature/*"]
    push: [all]
    gates: [from-main]
    rewind: true
    delete: true
  - {name: deployment, refs: [refs/heads/main], push: [all]}
Y
clone

state_is() { # state_is COMMIT STATE TEXT: of the gate, in the ledger's note
	like "$(git -C "$S" notes --ref=stagegate show "$1")" "from-main: $2" "$3"
}

m1='' m2='' m3='' c1='' c3='' # set in the loop
m0=$(commit a.txt 0)
push alice "$m0:refs/heads/feature/first"
accepted 'while main is not there'
state_is "$m0" not-applicable 'the gate is not applicable'
push alice "$m0:refs/heads/main"
accepted 'main begins'
last=$m0
for n in 1 2 3; do
	git checkout -q --detach "$last"
	c=$(commit a.txt "$n")
	push alice "$c:refs/heads/feature/m$n"
	accepted "change $n starts at main"
	merged=$(merge "$last" "$c")
	push alice "$merged:refs/heads/main"
	accepted "and is merged"
	eval "m$n=\$merged c$n=\$c"
	last=$merged
done
ref_is refs/heads/main "$m3" 'main has four tips behind it'
state_is "$c3" passed 'the gate has passed'

from() { # from BASE NAME: a commit on it, pushed as a new branch
	git checkout -q --detach "$1"
	c=$(commit "$2.txt" new)
	push alice "$c:refs/heads/feature/$2"
}

from "$m3" tip
accepted 'at the tip'
tip=$c
from "$m1" two-behind
accepted 'two behind it'
from "$m0" three-behind
refused stage.gates 'three behind it'
says 'FAILED +from-main' 'it is this gate'
says "starts at $(echo "$m0" | cut -c1-8), 3 commits behind refs/heads/main" 'how far is said'
says 'rebase it onto what refs/heads/main has now' 'and what to do'
ref_is refs/heads/feature/three-behind '' 'the branch was not made'
from "$c3" second-parent
accepted 'what the newest merge brought is one behind'
from "$c1" old-second-parent
refused stage.gates 'what an older one brought is further behind'
from "$tip" on-another
refused stage.gates 'a branch of a branch'
says "is not in stage 'deployment'" 'which is not main'
push alice "$tip:refs/heads/feature/same"
refused stage.gates 'the same commit as another branch'
push alice "$m2:refs/heads/feature/nothing-new"
accepted 'a branch with nothing new on it'
push alice "$m0:refs/heads/feature/nothing-new-old"
refused stage.gates 'nor may that be old'
git checkout -q --orphan island
git rm -rfq .
c=$(commit i.txt island)
push alice "$c:refs/heads/feature/island"
refused stage.gates 'a history of its own'
merged=$(git commit-tree -p "$tip" -p "$c" -m both "$tip^{tree}")
push alice "$merged:refs/heads/feature/island"
refused stage.gates 'merged with a good one'

# Later pushes to a branch are no new branch; but it can't be moved to a base
# that it could not have been made at.
git checkout -q -f --detach "$tip"
c=$(commit tip.txt more)
push alice "$c:refs/heads/feature/tip"
accepted 'one more commit'
state_is "$c" not-applicable 'is not looked at'
git checkout -q --detach "$m0"
c=$(commit b.txt old)
push alice "+$c:refs/heads/feature/tip"
refused stage.gates 'forced onto an old base'
push alice "+$c:refs/heads/feature/nothing-new"
refused stage.gates 'which a branch with nothing on it can not be either'
git checkout -q --detach "$m3"
c=$(commit tip.txt amended)
push alice "+$c:refs/heads/feature/tip"
accepted 'forced to another commit on the same base'
push alice ':refs/heads/feature/tip'
accepted 'deleted'
push alice "$c:refs/heads/feature/tip"
accepted 'and made again where it was'
finish
