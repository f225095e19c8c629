#!/bin/sh
# `binds: patch`: who has reviewed a change need not review it again when it was
# only rebased; whoever alters a byte of it, or of the lines around it, asks for
# a new review.
. "${0%/*}/lib.sh"
server
rules='flow: patch-flow
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
  bob: {emails: [bob@example.com]}
  carol: {emails: [carol@example.com]}
roles: {all: ["*"], reviewers: [bob, carol]}
gates:
  peer-review: {kind: review, by: [reviewers], binds: patch}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all], rewind: true}
  - {name: deployment, refs: [refs/heads/main], push: [all], gates: [peer-review]}'
printf '%s\n' "version: 1.0.0" "$rules" | policy
clone

# file LINE5 [MORE]: f has twelve lines, of which the fifth is LINE5
file() {
	seq 1 12 | sed "s/^5\$/$1/${2:+; $2}" >f
}
# onto COMMIT: a work tree at that commit
onto() {
	git checkout -q --detach "$1"
}
listed() { # files below a folder of the ledger
	git -C "$S" ls-tree -r --name-only refs/notes/stagegate -- "$1"
}

seq 1 12 >f
base=$(commit other one 'base')
push alice "$base:refs/heads/feature/base"
evidence bob peer-review "$base" pass
push alice "$base:refs/heads/main"
accepted 'main begins with what was reviewed'

file five
git commit -q -a -m five
five=$(git rev-parse HEAD)
push alice "$five:refs/heads/feature/five"
evidence bob peer-review "$five" pass
accepted 'bob has reviewed a change'
patches=$(listed patches/)
like "$patches" '^patches/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{36}$' \
    'it is listed under the digest of its change'
like "$(git -C "$S" show "refs/notes/stagegate:$(printf '%s\n' "$patches" | tail -n 1)")" \
    '^- gate: peer-review' 'in the form that the lists of trees have'

# main moves elsewhere: another file, and more lines above.
onto "$base"
file 5 '1i 0'
sed -i '1i -1' f
moved=$(commit other two 'elsewhere')
push alice "$moved:refs/heads/feature/moved"
push alice "$moved:refs/heads/main"
refused stage.gates 'what nobody reviewed stays out'
evidence carol peer-review "$moved" pass
push alice "$moved:refs/heads/main"
accepted 'main has moved elsewhere'

git checkout -q -B work "$five"
git rebase -q "$moved"
again=$(git rev-parse HEAD)
push alice "$again:refs/heads/feature/again"
ref_is refs/heads/main "$moved" 'main does not have it'

# Alterations first, so that nothing of it is on main yet.
onto "$again"
sed -i 's/^five$/five!/' f
git commit -q -a --amend -m 'one letter'
push alice HEAD:refs/heads/feature/letter
push alice HEAD:refs/heads/main
refused stage.gates 'one altered letter wants a review'
says 'MISSING +peer-review +0 of 1' 'and says so'

onto "$again"
sed -i 's/^five$/five /' f
git commit -q -a --amend -m 'white space'
push alice HEAD:refs/heads/feature/space
push alice HEAD:refs/heads/main
refused stage.gates 'altered white space wants one'

onto "$again"
sed -i 's/^five$/\tfive/' f
git commit -q -a --amend -m 'indented'
push alice HEAD:refs/heads/feature/tab
push alice HEAD:refs/heads/main
refused stage.gates 'indentation too'
is "$(git show "$again" | git patch-id --stable | cut -d' ' -f1)" \
    "$(git show HEAD | git patch-id --stable | cut -d' ' -f1)" \
    'for which the patch id of git is the same'

onto "$again"
echo more >third
git add third
git commit -q --amend -m 'a file more'
push alice HEAD:refs/heads/feature/file
push alice HEAD:refs/heads/main
refused stage.gates 'a file more wants one'

onto "$again"
chmod +x f
git commit -q -a --amend -m 'executable'
push alice HEAD:refs/heads/feature/mode
push alice HEAD:refs/heads/main
refused stage.gates 'another mode wants one'

onto "$moved"
git commit -q --allow-empty -m 'nothing'
push alice HEAD:refs/heads/feature/nothing
push alice HEAD:refs/heads/main
accepted 'an empty change has nothing to review'
moved=$(git rev-parse HEAD)
onto "$moved"
git cherry-pick "$again" >/dev/null
again=$(git rev-parse HEAD)
push alice "$again:refs/heads/feature/again2"

# A fail goes with the change as well.
evidence carol peer-review "$five" fail
push alice "$again:refs/heads/main"
refused stage.gates 'a fail of the reviewed commit blocks the rebased one'
says 'fail by carol' 'and says whose'
evidence carol peer-review "$five" revoke
push alice "$again:refs/heads/main"
accepted 'rebased and not altered, it passes without a new review'
ref_is refs/heads/main "$again" 'main has it'
ledger_has "$(git -C "$S" log -1 --format=%H refs/heads/main)" 'it is recorded'

# The lines around it.
onto "$again"
sed -i 's/^11$/eleven/' f
git commit -q -a -m eleven
eleven=$(git rev-parse HEAD)
push alice "$eleven:refs/heads/feature/eleven"
evidence bob peer-review "$eleven" pass
onto "$again"
sed -i 's/^9$/nine/' f
nine=$(commit g nine 'a line nearby')
push alice "$nine:refs/heads/feature/nine"
evidence bob peer-review "$nine" pass
push alice "$nine:refs/heads/main"
accepted 'a line nearby is another'
sed -i 's/^11$/eleven/' f
git commit -q -a -m eleven
push alice HEAD:refs/heads/feature/eleven2
push alice HEAD:refs/heads/main
refused stage.gates 'other lines around it want a review'
evidence bob peer-review HEAD pass
push alice HEAD:refs/heads/main
accepted 'which they get'

# Handed in by the push that promotes what was rebased.
main=$(git rev-parse HEAD)
echo new >new
git add new
git commit -q -m new
new=$(git rev-parse HEAD)
push alice "$new:refs/heads/feature/new"
onto "$main"
next=$(commit other three 'elsewhere again')
push alice "$next:refs/heads/feature/next"
evidence bob peer-review "$next" pass
push alice "$next:refs/heads/main"
git cherry-pick "$new" >/dev/null
push alice HEAD:refs/heads/feature/new2
tag=evidence/peer-review/$new
git tag -a -m 'evidence: 1
gate: peer-review
result: pass' "$tag" "$new"
push bob "refs/tags/$tag:refs/$tag/1" HEAD:refs/heads/main
accepted 'a statement about the commit before the rebase, in the same push'
ref_is refs/heads/main "$(git rev-parse HEAD)" 'main has that too'

# Under another `binds` the statements are of commits again.
printf '%s\n' "version: 1.0.1" "$rules" | sed 's/, binds: patch//' | policy
main=$(git rev-parse HEAD)
echo last >last
git add last
git commit -q -m last
last=$(git rev-parse HEAD)
push alice "$last:refs/heads/feature/last"
before=$(listed patches/)
evidence bob peer-review "$last" pass
is "$(listed patches/)" "$before" 'a gate that does not bind the change lists none'
printf '%s\n' "version: 1.0.2" "$rules" | policy
onto "$main"
next=$(commit other four 'elsewhere once more')
push alice "$next:refs/heads/feature/four"
evidence bob peer-review "$next" pass
push alice "$next:refs/heads/main"
git cherry-pick "$last" >/dev/null
push alice HEAD:refs/heads/feature/last2
push alice HEAD:refs/heads/main
refused stage.gates 'what was handed in then is not found by its change'
finish
