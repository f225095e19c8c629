#!/bin/sh
# What stands where the ledger should be and is none: nobody's empty ledger.
. "${0%/*}/lib.sh"
server
standard_policy
clone
a=$(commit a.txt one)
push alice "$a:refs/heads/feature/a"
accepted 'the first push makes a ledger'
cp "$S/refs/notes/stagegate" "$tmp/saved"
git -C "$S" update-ref refs/notes/stagegate "$a"
b=$(commit b.txt two)
push alice "$b:refs/heads/feature/a"
refused internal 'a commit of somebody else'\''s in its place'
says 'is no ledger' 'is told'
ref_is refs/heads/feature/a "$a" 'the ref stays'
ref_is refs/notes/stagegate "$a" 'nothing is appended'
tree=$(printf '2\n' | git -C "$S" hash-object -w --stdin)
tree=$(printf '100644 blob %s\tformat\n' "$tree" | git -C "$S" mktree)
tree=$(printf '040000 tree %s\tmeta\n' "$tree" | git -C "$S" mktree)
git -C "$S" update-ref refs/notes/stagegate "$(git -C "$S" commit-tree -m x "$tree")"
push alice "$b:refs/heads/feature/a"
refused internal 'one of a later version'
says 'later' 'is told'
git -C "$S" update-ref refs/notes/stagegate "$(cat "$tmp/saved")"
push alice "$b:refs/heads/feature/a"
accepted 'the ledger is back'
finish
