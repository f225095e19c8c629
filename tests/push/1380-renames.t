#!/bin/sh
# Renames: what git's own merge makes of them enters, a hand's choice does not.
# shellcheck disable=SC2317 # what on() calls
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: rename-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: integration, refs: [refs/heads/integration], push: [all]}
Y
# What the server's own configuration says about merging counts as little as
# the pusher's: the defaults do.
git -C "$S" config merge.renames false
git -C "$S" config merge.directoryRenames true
clone
mkdir lib doc
for name in lib/alpha lib/beta lib/gamma doc/guide; do
	seq 20 | sed "s|^|$name |" >"$name"
done
echo tiny >tiny
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
push alice "$base:refs/heads/integration"
tip=$base
n=0
# meet TEXT OURS THEIRS: two commits on the tip, one promoted, then the other
# merged: $theirs and $m are left
meet() {
	n=$((n + 1))
	push alice "$2:refs/heads/feature/ours-$n" "$3:refs/heads/feature/theirs-$n"
	push alice "$2:refs/heads/integration"
	tip=$2
	theirs=$3
	m=$(merge "$2" "$3" "$1")
}
on() { # on COMMIT COMMAND..: what it leaves, committed
	git checkout -q --detach "$1"
	shift
	"$@"
	git add -A
	git commit -q -m "$*"
	git rev-parse HEAD
}
change() { # change FILE LINE
	sed -i "$2s/.*/changed $2/" "$1"
}

a=$(on "$tip" git mv lib/alpha lib/omega)
b=$(on "$tip" change lib/alpha 3)
meet 'a file renamed here, changed there' "$a" "$b"
lost=$(git commit-tree -p "$tip" -p "$theirs" -m 'lost on the way' "$tip^{tree}")
push alice "$lost:refs/heads/integration"
refused stage.merge 'a merge that loses the change'
says 'lib/omega' 'the path is named'
push alice "$m:refs/heads/integration"
accepted 'a file renamed here, changed there'

both() {
	git mv lib/beta lib/psi
	change lib/psi "$1"
}
a=$(on "$m" both 2)
b=$(on "$m" both 19)
meet 'renamed alike and changed on both sides' "$a" "$b"
push alice "$m:refs/heads/integration"
accepted 'renamed alike and changed on both sides'

a=$(on "$m" git mv tiny small)
b=$(on "$m" change doc/guide 7)
meet 'a tiny file renamed' "$a" "$b"
push alice "$m:refs/heads/integration"
accepted 'a tiny file renamed, another one changed'

whole() {
	git mv doc manual
	change manual/guide 1
}
a=$(on "$m" whole)
b=$(on "$m" change doc/guide 20)
meet 'a folder renamed here, a file of it changed there' "$a" "$b"
push alice "$m:refs/heads/integration"
accepted 'a folder renamed here, a file of it changed there'

# A new file in a folder that the other side renamed: git leaves the choice to
# a person, whose choice is judged on a branch.
a=$(on "$m" git mv lib src)
new() {
	echo new >lib/new
}
b=$(on "$m" new)
n=9
push alice "$a:refs/heads/feature/ours-$n" "$b:refs/heads/feature/theirs-$n"
push alice "$a:refs/heads/integration"
accepted 'a folder is renamed on integration'
for choice in true false; do
	git checkout -q --detach "$a"
	git -c merge.directoryRenames=$choice merge -q --no-ff -m "$choice" "$b" >/dev/null
	m=$(git rev-parse HEAD)
	push alice "$m:refs/heads/integration"
	refused stage.merge "a new file in it, with merge.directoryRenames=$choice"
	says 'conflicts' 'git by itself sees a conflict'
	says 'hint: merge .* into a branch of development' 'which is for a branch'
done
push alice "$m:refs/heads/feature/resolved"
push alice "$m:refs/heads/integration"
accepted 'chosen on a branch it enters'
ref_is refs/heads/integration "$m" 'integration is there'
finish
