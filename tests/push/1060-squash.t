#!/bin/sh
# accept: squash. One commit on the tip, its tree what a merge would give, its
# candidate named in a trailer and kept.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: squash-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {developers: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [developers]}
  - name: deployment
    refs: [refs/heads/main]
    push: [developers]
    accept: [fast-forward, squash]
Y
clone
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
push alice "$base:refs/heads/main"
accepted 'main is made'
commit b.txt two >/dev/null
c=$(commit c.txt three)
push alice "$c:refs/heads/feature/x"
accepted 'a feature of two commits'
squash() { # squash MESSAGE: onto main
	git checkout -q --detach "$base"
	git merge -q --squash "$c" >/dev/null 2>&1
	git commit -q -m "$1"
	git rev-parse HEAD
}
s=$(squash 'all of x')
push alice "$s:refs/heads/main"
refused stage.skip 'without a trailer it is just a commit that skips'
s=$(squash "all of x

Promotes: $(echo "$c" | cut -c1-12)")
push alice "$s:refs/heads/main"
refused stage.merge 'the trailer takes a full id'
s=$(squash "all of x

Promotes: $c
Promotes: $c")
push alice "$s:refs/heads/main"
refused stage.merge 'exactly one'
git checkout -q --detach "$base"
git merge -q --squash "$c" >/dev/null 2>&1
echo more >more.txt
git add more.txt
git commit -q -m "all of x

Promotes: $c"
push alice "HEAD:refs/heads/main"
refused stage.merge 'its tree must be what the merge gives'
s=$(squash "all of x

Promotes: $c")
push alice "$s:refs/heads/main"
accepted 'one commit, one trailer, the right tree'
ledger_has "^Update: $base $s refs/heads/main deployment squash accepted" 'recorded as a squash'
is "$(git -C "$S" for-each-ref --format='%(objectname)' "refs/stagegate/kept/")" "$c" 'the candidate is kept'
# A branch that contains the candidate but not the squash would bring it twice.
git checkout -q --detach "$c"
d=$(commit d.txt four)
push alice "$d:refs/heads/feature/y"
accepted 'more work on the squashed branch'
git checkout -q --detach "$s"
git merge -q --squash "$d" >/dev/null 2>&1
git commit -q -m "y

Promotes: $d"
push alice "HEAD:refs/heads/main"
refused stage.merge 'must first merge the squash'
git checkout -q --detach "$d"
git merge -q --no-ff -m back "$s" >/dev/null
e=$(git rev-parse HEAD)
push alice "$e:refs/heads/feature/y"
accepted 'the target merged into the branch'
push alice "$e:refs/heads/main"
accepted 'and then it goes on'
finish
