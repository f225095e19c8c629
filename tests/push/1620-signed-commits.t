#!/bin/sh
# Gate signature, and release tags that somebody must have signed.
. "${0%/*}/lib.sh"
server
policy <<Y
flow: commits-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com], keys: ["$(key alice)"]}
  bob: {keys: ["$(key bob ecdsa)"]}
  dana: {keys: ["$(key dana)"]}
roles: {developers: [alice, bob], release: [dana]}
gates:
  written: {kind: signature, by: [developers]}
  merged: {kind: signature, by: [release], of: merges}
  tip: {kind: signature, by: [release, developers], of: tip}
stages:
  - {name: development, refs: ["refs/heads/f/*"], push: [developers, release], gates: [written], rewind: true}
  - {name: integration, refs: [refs/heads/integration], push: [release], gates: [merged]}
  - name: deployment
    refs: [refs/heads/main]
    push: [release]
    up_to_date: true
    gates: [tip]
    tags: ["refs/tags/v*"]
    annotated_tags: [release]
Y
clone
signed_commit() { # signed_commit KEY FILE TEXT: its id
	printf '%s\n' "$3" >"$2"
	git add -A
	with_key "$1" commit -q -S -m "change $2"
	git rev-parse HEAD
}
a=$(signed_commit alice a.txt one)
push alice "$a:refs/heads/f/a"
accepted 'a signed commit'
b=$(signed_commit bob b.txt two)
push alice "$b:refs/heads/f/a"
accepted 'one by another of the role, ECDSA'
c=$(commit c.txt three)
push alice "$c:refs/heads/f/a"
refused stage.gates 'an unsigned one'
says 'FAILED +written +1 finding' 'has its row'
says 'is not signed' 'which says so'
says 'commit -S' 'and how it is done'
d=$(signed_commit alice d.txt four)
push alice "$d:refs/heads/f/a"
refused stage.gates 'a signed one on top does not hide it'
git checkout -q "$b"
key mallory >/dev/null
e=$(signed_commit mallory e.txt five)
push alice "$e:refs/heads/f/a"
refused stage.gates 'a key of nobody'
git checkout -q "$b"
f=$(signed_commit dana f.txt six)
push dana "$f:refs/heads/f/a"
refused stage.gates 'somebody in none of the roles'
git checkout -q "$b"
printf 'x\n' >x.txt
git add -A
with_key alice commit -q -S -m 'to be changed'
git cat-file commit HEAD | sed 's/to be changed/was changed/' >"$tmp/altered"
g=$(git hash-object -t commit -w "$tmp/altered")
push alice "$g:refs/heads/f/a"
refused stage.gates 'one whose message was changed after signing'
ref_is refs/heads/f/a "$b" 'the ref stays where it was'

push dana "$a:refs/heads/integration"
accepted 'the first commit goes on, a fast-forward'
git checkout -q --detach "$a"
m=$(merge "$a" "$b")
push dana "$m:refs/heads/integration"
refused stage.gates 'a merge that is not signed'
git checkout -q --detach "$a"
with_key alice merge -q -S --no-ff -m merge "$b" >/dev/null
push dana "$(git rev-parse HEAD):refs/heads/integration"
refused stage.gates 'nor one signed by who may not'
git checkout -q --detach "$a"
with_key dana merge -q -S --no-ff -m merge "$b" >/dev/null
m=$(git rev-parse HEAD)
push dana "$m:refs/heads/integration"
accepted 'one that the role signed'
push dana "$m:refs/heads/main"
accepted 'and the tip is signed'

# --- release tags ---
git tag -a -m v1 v1 "$m"
push dana refs/tags/v1
refused tag.unsigned 'an annotated tag'
says 'git tag -s' 'which says how it is done'
git tag -f light "$m" >/dev/null
push dana light:refs/tags/v1
refused tag.unsigned 'a light one'
with_key alice tag -f -s -m v1 v1 "$m" >/dev/null
push dana refs/tags/v1
refused tag.role 'signed by somebody else'
with_key dana tag -f -s -m v1 v1 "$m" >/dev/null
git cat-file tag v1 | sed 's/^v1$/v2/' >"$tmp/altered"
push dana "$(git hash-object -t tag -w "$tmp/altered"):refs/tags/v1"
refused tag.unsigned 'changed after signing'
push dana refs/tags/v1
accepted 'signed by the role'
ref_is refs/tags/v1 "$(git rev-parse v1)" 'is made'
finish
