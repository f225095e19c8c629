#!/bin/sh
# Two programs may merge the same lines differently, both without a conflict:
# the tree that git makes with its defaults counts, no other.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: git-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: integration, refs: ["refs/heads/integration/*"], push: [all]}
Y
clone
# lines TEXT: a line for each letter
lines() {
	printf '%s' "$1" | sed 's/./&\n/g'
}
# three BASE OURS THEIRS: integration/N stands at ours, theirs is a feature
n=0
three() {
	n=$((n + 1))
	git checkout -q --orphan "line-$n"
	lines "$1" >f
	git add f
	git commit -q -m "base $n"
	b=$(git rev-parse HEAD)
	lines "$2" >f
	git commit -q -a -m "ours $n"
	ours=$(git rev-parse HEAD)
	git checkout -q --detach "$b"
	lines "$3" >f
	git commit -q -a -m "theirs $n"
	theirs=$(git rev-parse HEAD)
	push alice "$ours:refs/heads/feature/ours-$n" "$theirs:refs/heads/feature/theirs-$n"
	push alice "$ours:refs/heads/integration/$n"
	ref_is "refs/heads/integration/$n" "$ours" 'one side is on integration'
	lines "$1" >"$tmp/base"
	lines "$2" >"$tmp/ours"
	lines "$3" >"$tmp/theirs"
	# Another algorithm than the one that git merge takes.
	git merge-file -p "$tmp/ours" "$tmp/base" "$tmp/theirs" >"$tmp/merged" 2>/dev/null
	blob=$(git hash-object -w "$tmp/merged")
	tree=$(printf '100644 blob %s\tf\n' "$blob" | git mktree)
	other=$(git commit-tree -p "$ours" -p "$theirs" -m 'merged by another program' "$tree")
}

three '}{x3x{{xx' '}{mnx{{{..xx' '}{x3xo{xx'
if git merge-tree --write-tree "$ours" "$theirs" >/dev/null; then
	m=$(merge "$ours" "$theirs")
	push alice "$m:refs/heads/integration/$n"
	accepted 'clean for git, a conflict for others'
else
	note 'this git sees a conflict'
fi

three '{{.{{xx7}x{x{x}{' '{{.{{xx7}x{xx{x{x}m' '{{.{{xx9}x{x{{x}{'
m=$(merge "$ours" "$theirs")
if [ "$(git rev-parse "$m^{tree}")" = "$tree" ]; then
	note 'this git merges like the others'
else
	push alice "$other:refs/heads/integration/$n"
	refused stage.merge 'clean for both, and not the same: the other tree'
	says '    f *$' 'the path is named'
fi
push alice "$m:refs/heads/integration/$n"
accepted 'the tree that git makes'

three 'x}xx{x..x' 'x{.}}xm{xn.x' 'x}{xx{x..x'
if git merge-tree --write-tree "$ours" "$theirs" >/dev/null; then
	note 'this git sees no conflict'
else
	push alice "$other:refs/heads/integration/$n"
	refused stage.merge 'a conflict for git, clean for others'
	says 'conflicts' 'which it says'
fi
finish
