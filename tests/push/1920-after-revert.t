#!/bin/sh
# After a rollback by a revert commit git's own merge would leave out, without a
# word, what was rolled back.  The refusal says so, and what it prints works
# when pasted.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: again-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {dev: [alice], release: [dana]}
gates: {root-cause: {kind: evidence, by: [dev]}}
rollback: {by: [release], then: [root-cause]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [dev], rewind: true}
  - {name: deployment, refs: [refs/heads/main], push: [dev], up_to_date: true}
Y
clone
good=$(commit app.txt one)
push alice "$good:refs/heads/feature/a"
push alice "$good:refs/heads/main"
feature=$(commit feature.txt new)
push alice "$feature:refs/heads/feature/a"
push alice "$feature:refs/heads/main"
accepted 'the feature is out'
v=$(git commit-tree -p "$feature" -m 'Roll back' "$good^{tree}")
push dana -o rollback=INC-1 "$v:refs/heads/main"
accepted 'and taken back'
evidence alice root-cause "$feature" pass
says 'incident 1 is closed' 'the cause is found'

# the fix stands on the feature
fix=$(git checkout -q --detach "$feature" && commit app.txt fixed)
push alice "$fix:refs/heads/feature/a"
accepted 'the fix'
git checkout -q --detach "$v"
natural=$(merge "$v" "$fix")
is "$(git ls-tree "$natural" feature.txt)" '' "git's own merge has lost the feature"
push alice "$natural:refs/heads/main"
refused stage.merge "git's own merge"
says 'is the revert commit of a rollback' 'the trap is explained'
says 'leaves out what was reverted' 'as what it is'
command=$(printf '%s\n' "$out" | sed -n 's/^remote: hint: \(git push origin .*[^ ]\) *$/\1/p')
like "$command" 'git commit-tree -p .* -p ' 'a command is printed'
out=$(REMOTE_USER=alice sh -c "$command" 2>&1)
rc=$?
accepted 'which works when pasted'
is "$(git -C "$S" cat-file -p refs/heads/main:feature.txt)" new 'and brings the feature back'
is "$(git -C "$S" cat-file -p refs/heads/main:app.txt)" fixed 'with the fix'
git fetch -q origin refs/heads/main
again=$(git rev-parse FETCH_HEAD)

# once more, and this time a hot-fix comes between
v2=$(git commit-tree -p "$again" -m 'Roll back' "$v^{tree}")
push dana -o rollback=INC-2 "$v2:refs/heads/main"
accepted 'back to the tip before'
evidence alice root-cause "$again" pass
hot=$(git checkout -q --detach "$v2" && commit hot.txt hot)
push alice "$hot:refs/heads/feature/hot"
push alice "$hot:refs/heads/main"
accepted 'a hot-fix on top of the revert'
better=$(git checkout -q --detach "$fix" && commit more.txt better)
push alice "$better:refs/heads/feature/a"
natural=$(merge "$hot" "$better")
push alice "$natural:refs/heads/main"
refused stage.merge 'the branch that stands on what was taken out'
says 'took out' 'is told what would be lost'
for tree in "$better^{tree}" "$natural^{tree}"; do
	push alice "$(git commit-tree -p "$hot" -p "$better" -m x "$tree"):refs/heads/main"
	refused stage.merge 'whatever its tree'
done
# as the hint says: merge main into the branch, revert the revert there
git checkout -q --detach "$better"
git merge -q -m 'merge main' "$hot" >/dev/null
git revert --no-edit "$v2" >/dev/null
back=$(git rev-parse HEAD)
push alice "$back:refs/heads/feature/a"
accepted 'brought back on a branch'
push alice "$back:refs/heads/main"
accepted 'it enters like anything else'
is "$(git -C "$S" cat-file -p refs/heads/main:feature.txt)" new 'the feature is there'
is "$(git -C "$S" cat-file -p refs/heads/main:hot.txt)" hot 'and so is the hot-fix'
finish
