#!/bin/sh
# verify: an honest ledger holds up, on the server and in a clone; each way of
# altering it, with plain git, is named.
. "${0%/*}/lib.sh"
server
git -C "$S" config receive.certNonceSeed 'a secret of the tests'
verify_policy() { # verify_policy VERSION
	policy <<Y
flow: verify flow
version: $1
identity: {from: [REMOTE_USER, push-cert]}
people:
  alice: {emails: [alice@example.com], keys: ["$(key alice)"]}
  bob: {emails: [bob@example.com], keys: ["$(key bob)"]}
  dana: {emails: [dana@example.com]}
  ci-bot: {robot: true}
roles: {developers: [alice, bob], reviewers: [alice, bob], ci: [ci-bot], release: [dana]}
gates:
  tests: {kind: evidence, by: [ci]}
  peer-review: {kind: review, by: [reviewers], signed: true}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [developers], rewind: true, delete: true}
  - {name: integration, refs: [refs/heads/integration], push: [developers], gates: [tests, peer-review]}
  - {name: collected, refs: [refs/heads/collected], from: development, push: [developers], accept: [fast-forward, squash]}
  - {name: deployment, refs: [refs/heads/main], from: integration, push: [release], tags: ["refs/tags/v*"]}
Y
}
verify_policy 1.0.0
out=$("$stagegate" -C "$S" verify 2>&1)
is "$?" 3 'no ledger: exit 3'
says '^error: there is no ledger' 'which says so'

# --- a story ---
clone
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/a"
accepted 'a feature'
evidence ci-bot tests "$base" pass
evidence ci-bot tests "$base" fail
evidence ci-bot tests "$base" pass 'run: "again"'
accepted 'statements'
signed_evidence bob bob peer-review "$base" pass
accepted 'a signed one'
push alice "$base:refs/heads/integration" "$base:refs/heads/collected"
accepted 'two stages at once'
push dana "$base:refs/heads/main"
accepted 'deployed'
b=$(commit b.txt two)
c=$(commit c.txt three)
push alice "$c:refs/heads/feature/c"
accepted 'another feature'
git checkout -q --detach "$base"
git merge -q --squash "$c" >/dev/null 2>&1
git commit -q -m "all of c

Promotes: $c"
squashed=$(git rev-parse HEAD)
push alice "$squashed:refs/heads/collected"
accepted 'a squash'
push alice "+$b:refs/heads/feature/c"
accepted 'a rewind'
push alice :refs/heads/feature/c
accepted 'a deletion'
git tag v1 "$base"
push dana refs/tags/v1
accepted 'a tag'
verify_policy 1.1.0
git checkout -q --detach "$base"
d=$(commit d.txt four)
out=$(with_key alice push --signed origin "$d:refs/heads/feature/d" 2>&1)
rc=$?
accepted 'a signed push, under a new policy'
evidence ci-bot tests "$d" pass
signed_evidence bob bob peer-review "$d" pass
push alice "$d:refs/heads/integration"
accepted 'which gets on'

records=$(git -C "$S" rev-list --count refs/notes/stagegate)
out=$("$stagegate" -C "$S" verify 2>&1)
is "$?" 0 'the ledger holds up: exit 0'
is "$out" "verify: $records records, 0 findings" 'nothing is found'
finish
