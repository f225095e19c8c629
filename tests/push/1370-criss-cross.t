#!/bin/sh
# Criss-cross merges: several merge bases, which git merges first.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: cross-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: integration, refs: [refs/heads/integration], push: [all]}
Y
clone
edit() { # edit N TEXT: line N of f.txt, committed; its id
	sed -i "$1s/.*/$2/" f.txt
	git commit -q -a -m "line $1"
	git rev-parse HEAD
}
seq 30 >f.txt
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
push alice "$base:refs/heads/integration"
xa=$(edit 2 x)
git checkout -q --detach "$base"
ya=$(edit 28 y)
x1=$(merge "$xa" "$ya")
y1=$(merge "$ya" "$xa")
git checkout -q --detach "$y1"
y2=$(edit 15 middle)
git checkout -q --detach "$x1"
x2=$(edit 8 eight)
push alice "$x2:refs/heads/feature/x"
push alice "$y2:refs/heads/feature/y"
push alice "$x2:refs/heads/integration"
accepted 'one of the two lines is on integration'
is "$(git merge-base --all "$x2" "$y2" | wc -l)" 2 'the other has two merge bases with it'

m=$(merge "$x2" "$y2")
is "$(git rev-parse "$m^{tree}")" "$(git merge-tree --write-tree "$x2" "$y2")" 'git merge and git merge-tree agree'
git checkout -q --detach "$m"
sed -i '20s/.*/smuggled/' f.txt
git commit -q -a --amend -m tampered
push alice HEAD:refs/heads/integration
refused stage.merge 'a line changed on the way'
says 'f\.txt' 'the path is named'
push alice "$m:refs/heads/integration"
accepted 'as git merges it'

# The merge bases conflict with each other; both sides resolved it alike, then
# went on.
c1=$(edit 20 left)
git checkout -q --detach "$m"
c2=$(edit 20 right)
resolve() { # resolve INTO OTHER
	git checkout -q --detach "$1"
	git merge -q --no-commit "$2" >/dev/null 2>&1
	git show "$m:f.txt" | sed '20s/.*/left and right/' >f.txt
	git add f.txt
	git commit -q -m resolved
	git rev-parse HEAD
}
r1=$(resolve "$c1" "$c2")
r2=$(resolve "$c2" "$c1")
git checkout -q --detach "$r2"
r2=$(edit 1 top)
git checkout -q --detach "$r1"
r1=$(edit 30 bottom)
push alice "$r1:refs/heads/feature/r1"
push alice "$r2:refs/heads/feature/r2"
push alice "$r1:refs/heads/integration"
accepted 'a resolution made on a branch is promoted'
m=$(merge "$r1" "$r2")
is "$(git show "$m:f.txt" | sed -n '1p;20p;30p' | tr '\n' ' ')" 'top left and right bottom ' 'git merges the two'
t=$(git commit-tree -p "$r1" -p "$r2" -m 'one side only' "$r1^{tree}")
push alice "$t:refs/heads/integration"
refused stage.merge 'the tree of one side is no merge'
push alice "$m:refs/heads/integration"
accepted 'bases that conflict, merged as git does'
ref_is refs/heads/integration "$m" 'integration is at the merge'
finish
