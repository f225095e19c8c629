#!/bin/sh
# `owners:` of a review: an owner of each changed path approves, and the file
# that says who owns what is the stage's, never the pusher's.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: owners-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
  bob: {emails: [bob@example.com]}
  carol: {emails: [carol@example.com]}
roles: {all: ["*"], reviewers: [alice, bob, carol], writers: [carol]}
gates:
  read: {kind: review, by: [reviewers], owners: .github/CODEOWNERS}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all], rewind: true}
  - {name: integration, refs: [refs/heads/integration], push: [all], gates: [read]}
Y
clone
mkdir .github
# One more commit, pushed to a branch of its own; its id in $c.
feature() { # feature FILE TEXT
	c=$(commit "$@")
	push alice "$c:refs/heads/feature/$(git rev-parse --short "$c")"
}

feature .github/CODEOWNERS '* @bob
/docs/ @writers
/docs/notes/
*.sql @zoe carol@example.com'
evidence carol read "$c" pass
push alice "$c:refs/heads/integration"
accepted 'no tip, no owners: the first file'

feature src/a.c one
evidence carol read "$c" pass
push alice "$c:refs/heads/integration"
refused stage.gates 'an approval, but not by the owner'
says 'MISSING +read +0 of 1 paths approved by an owner' 'which the row says'
says 'src/a.c wants @bob' 'and whose'
says "read: stagegate attest read --pass $(git rev-parse --short=8 "$c")" 'and how'
evidence bob read "$c" pass
push alice "$c:refs/heads/integration"
accepted 'the owner'

feature docs/notes/a.md free
evidence carol read "$c" pass
push alice "$c:refs/heads/integration"
accepted 'a line without owners frees the path'

feature db/x.sql 'select 1'
push alice "$c:refs/heads/integration"
refused stage.gates 'owners and count at once'
says '0 of 1 from @reviewers' 'nobody approved'
says 'db/x.sql wants @zoe .unknown here., carol@example.com' 'an owner whom nobody knows is told'
evidence carol read "$c" pass
push alice "$c:refs/heads/integration"
accepted 'an owner by e-mail'

mkdir -p docs
git mv src/a.c docs/a.c
git commit -q -m 'move it'
c=$(git rev-parse HEAD)
push alice "$c:refs/heads/feature/move"
evidence bob read "$c" pass
push alice "$c:refs/heads/integration"
refused stage.gates 'a rename is two paths'
says '1 of 2 paths' 'one is approved'
says 'docs/a.c wants @writers' 'the other is not'
evidence carol read "$c" pass
push alice "$c:refs/heads/integration"
accepted 'both names have their owner'

before=$c
feature .github/CODEOWNERS '* @carol'
evidence carol read "$c" pass
push alice "$c:refs/heads/integration"
refused stage.gates 'a change does not name its own owner'
says '.github/CODEOWNERS wants @bob' 'the file that counts is the tip'"'"'s'

git checkout -q --detach "$before"
feature .github/CODEOWNERS '* @bob
!docs/ @carol'
evidence bob read "$c" pass
push alice "$c:refs/heads/integration"
refused stage.gates 'what could not be understood does not come in'
says 'FAILED +read +the new .github/CODEOWNERS' 'it is named'
says 'line 2: a pattern can.t be negated' 'and its line'
ref_is refs/heads/integration "$before" 'nothing of it has moved'
finish
