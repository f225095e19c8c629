#!/bin/sh
# accept: only merges, only fast-forwards, only squashes; the first ref is made
# by a commit that has been through, whatever accept says.  The commands that
# the hints print do what they promise.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: accept-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: merged, refs: [refs/heads/merged], from: development, push: [all], accept: merge}
  - {name: forwarded, refs: [refs/heads/forwarded], from: development, push: [all], accept: [fast-forward]}
  - {name: squashed, refs: [refs/heads/squashed], from: development, push: [all], accept: [squash]}
Y
clone
base=$(commit a.txt one)
one=$(commit one.txt one)
push alice "$base:refs/heads/merged"
refused stage.skip 'the first ref too is made of what has been through'
push alice "$base:refs/heads/feature/base"
push alice "$one:refs/heads/feature/one"
for stage in merged forwarded squashed; do
	push alice "$base:refs/heads/$stage"
	accepted "the first ref of $stage"
	ledger_has "^Update: 0{40} $base refs/heads/$stage $stage create accepted" 'is made'
done

# hinted: runs the command of the hint as it stands there
hinted() {
	# shellcheck disable=SC2016 # as it is printed
	command=$(printf '%s\n' "$out" | sed -n 's/^remote: hint: \(git push origin "\$(git commit-tree .*\)$/\1/p')
	like "$command" 'commit-tree' 'a command is hinted'
	out=$(REMOTE_USER=alice sh -c "$command" 2>&1)
	rc=$?
}
m=$(merge "$base" "$one")
push alice "$one:refs/heads/merged"
refused stage.merge 'merged takes no fast-forward'
says 'would be a fast-forward, which stage merged does not accept' 'it says so'
hinted
accepted 'the hinted merge enters'
ledger_has '^Update: .* refs/heads/merged merged merge accepted' 'as a merge'
push alice "$m:refs/heads/forwarded"
refused stage.merge 'forwarded takes no merge'
says 'is a merge, which stage forwarded does not accept' 'it says so'
push alice "$one:refs/heads/forwarded"
accepted 'it takes the commit itself'
push alice "$one:refs/heads/squashed"
refused stage.merge 'squashed takes no fast-forward'
hinted
accepted 'the hinted squash enters'
ledger_has '^Update: .* refs/heads/squashed squashed squash accepted' 'as a squash'
is "$(git -C "$S" log -1 --format=%B refs/heads/squashed | grep -c "^Promotes: $one\$")" 1 'with its trailer'

tip=$(git -C "$S" rev-parse refs/heads/squashed)
git fetch -q origin
git checkout -q --detach "$tip"
two=$(commit two.txt two)
push alice "$two:refs/heads/feature/two"
m=$(merge "$tip" "$two")
push alice "$m:refs/heads/squashed"
refused stage.merge 'squashed takes no merge'
says 'is a merge, which stage squashed does not accept' 'it says so'
tip=$(git -C "$S" rev-parse refs/heads/merged)
git checkout -q --detach "$tip"
three=$(commit three.txt three)
push alice "$three:refs/heads/feature/three"
git checkout -q --detach "$tip"
git merge -q --squash "$three" >/dev/null 2>&1
git commit -q -m "three

Promotes: $three"
push alice HEAD:refs/heads/merged
refused stage.merge 'merged takes no squash'
says 'is a squash, which stage merged does not accept' 'it says so'
push alice "$(merge "$tip" "$three"):refs/heads/merged"
accepted 'but a merge'
finish
