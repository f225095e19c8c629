#!/bin/sh
# What README.md tells a CI job and a reviewer to type, word for word.
# shellcheck disable=SC2016 # words of README
. "${0%/*}/lib.sh"
server
policy <<Y
flow: readme-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people: {bob: {keys: ["$(key bob)"]}, ci-bot: {robot: true}}
roles: {all: ["*"], ci: [ci-bot], reviewers: [bob]}
gates:
  unit-tests: {kind: evidence, by: [ci]}
  peer-review: {kind: review, by: [reviewers], signed: true}
stages:
  - {name: development, refs: ["refs/heads/f/*"], push: [all]}
  - {name: deployment, refs: [refs/heads/main], push: [all], gates: [unit-tests, peer-review]}
Y
clone
C=$(commit a.txt one)
push alice "$C:refs/heads/f/a"
# block WORDS: the block of README.md whose first line holds them
block() {
	awk -v words="$1" '
		/^```/ { inside = !inside; found = 0; first = inside; next }
		inside && first { found = index($0, words) > 0; first = 0 }
		inside && found' "$here/../../README.md"
}
type_in() { # type_in USER WORDS
	block "$2" >"$tmp/typed"
	[ -s "$tmp/typed" ]
	ok $? "README has the lines for $2"
	out=$(C=$C ID=$("$stagegate" -C "$S" id) CI_JOB_ID=4711 REMOTE_USER=$1 \
		sh -e "$tmp/typed" 2>&1)
	rc=$?
}
type_in ci-bot 't=evidence/unit-tests/$C'
accepted 'a CI job hands in'
git config gpg.format ssh
git config user.signingKey "$tmp/keys/bob.pub"
type_in bob 't=evidence/peer-review/$C'
accepted 'a reviewer hands in, signed'
is "$(git tag)" '' 'no tag stays behind'
push alice "$C:refs/heads/main"
accepted 'both count'
finish
