#!/bin/sh
# .gitattributes of the pushed tree have no say in merges: not union, not
# binary, no driver.  What a person or a driver resolved belongs on a branch.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: attribute-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: integration, refs: [refs/heads/integration], push: [all]}
Y
# A driver of the server's that would be run if anybody asked for it.
git -C "$S" config merge.ours.driver "touch $tmp/ran; true"
clone
git config merge.ours.driver true
mkdir sub
seq 30 >union.txt
seq 30 >binary.txt
seq 30 >sub/driven.txt
seq 30 >plain.txt
printf 'driven.txt merge=ours\n' >sub/.gitattributes
printf 'union.txt merge=union\nbinary.txt -merge\n' >.gitattributes
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
push alice "$base:refs/heads/integration"
accepted 'the flow has begun'
tip=$base
n=0
# sides FILE LINE THEIR-LINE: the tip changes one line, a feature another
sides() {
	n=$((n + 1))
	git checkout -q --detach "$tip"
	sed -i "$2s/.*/ours $n/" "$1"
	git commit -q -a -m "ours $n"
	ours=$(git rev-parse HEAD)
	git checkout -q --detach "$tip"
	sed -i "$3s/.*/theirs $n/" "$1"
	git commit -q -a -m "theirs $n"
	theirs=$(git rev-parse HEAD)
	push alice "$ours:refs/heads/feature/ours-$n" "$theirs:refs/heads/feature/theirs-$n"
	push alice "$ours:refs/heads/integration"
	tip=$ours
}
git init -q --bare "$tmp/bare"
# plainly INTO OTHER: merged without attributes, as in a bare repository
plainly() {
	merged=$(GIT_OBJECT_DIRECTORY=$C/.git/objects git -C "$tmp/bare" merge-tree --write-tree "$1" "$2")
	git commit-tree -p "$1" -p "$2" -m plain "$merged"
}

sides union.txt 5 5
m=$(merge "$ours" "$theirs")
like "$(git show "$m:union.txt" | tr '\n' ' ')" 'ours 1 theirs 1' 'union keeps both lines'
push alice "$m:refs/heads/integration"
refused stage.merge 'merged by union'
says 'union\.txt' 'the path is named'
says 'merge=union' 'and its attribute'
says 'hint: merge .* into a branch of development, resolve' 'and what to do'
push alice "$m:refs/heads/feature/resolved"
push alice "$m:refs/heads/integration"
accepted 'on a branch of the first stage it is a change like any other'
tip=$m

sides sub/driven.txt 5 20
m=$(merge "$ours" "$theirs")
is "$(git show "$m:sub/driven.txt" | grep -c theirs)" 0 'the driver leaves one side out'
push alice "$m:refs/heads/integration"
refused stage.merge 'merged by a driver'
says 'sub/driven\.txt \(\.gitattributes sets merge=ours' 'the path is named with its attribute'
m=$(plainly "$ours" "$theirs")
push alice "$m:refs/heads/integration"
accepted 'without the driver it is what git merges'
is "$([ -e "$tmp/ran" ] && echo ran)" '' "no driver of the server's was run"
tip=$m

sides binary.txt 5 20
git checkout -q --detach "$ours"
git merge -q -m binary "$theirs" >/dev/null 2>&1
is "$?" 1 'for the pusher it is a conflict'
git checkout -q --theirs binary.txt
git add binary.txt
git commit -q -m 'their side'
push alice HEAD:refs/heads/integration
refused stage.merge 'one side of a file that must not be merged'
says 'binary\.txt \(\.gitattributes sets merge=binary' 'the path is named with its attribute'
m=$(plainly "$ours" "$theirs")
push alice "$m:refs/heads/integration"
accepted 'merged as text'
tip=$m

# Attributes that the candidate brings along.
git checkout -q --detach "$tip"
echo 'plain.txt merge=union' >>.gitattributes
sed -i '9s/.*/brought/' plain.txt
git commit -q -a -m 'with an attribute'
brings=$(git rev-parse HEAD)
git checkout -q --detach "$tip"
sed -i '9s/.*/ours/' plain.txt
git commit -q -a -m ours
ours=$(git rev-parse HEAD)
push alice "$brings:refs/heads/feature/brings" "$ours:refs/heads/feature/ours"
push alice "$ours:refs/heads/integration"
git checkout -q --detach "$ours"
git merge -q --no-commit "$brings" >/dev/null 2>&1
sed -i -e '/^[<=>]\{7\}/d' plain.txt
git add -A
git commit -q -m 'both lines'
push alice HEAD:refs/heads/integration
refused stage.merge 'an attribute of the candidate itself'
says 'plain\.txt \(\.gitattributes sets merge=union' 'the path is named with its attribute'
ref_is refs/heads/integration "$ours" 'integration did not move'
finish
