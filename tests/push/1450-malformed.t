#!/bin/sh
# Objects that two readers read differently: each is refused by our own check,
# git's being off, in a new pack and also where the store has it already.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: object-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
host_refs: ["refs/pull/*/head"]
other_refs: allow
Y
git -C "$S" config receive.fsckObjects false
git -C "$S" config transfer.fsckObjects false
clone
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
accepted 'a good one'
tree=$(git rev-parse 'HEAD^{tree}')
blob=$(git rev-parse HEAD:a.txt)
person='Alice <alice@example.com> 1700000000 +0000'
o=$tmp/object
n=0
store() { # store TYPE: what the file holds, into the clone
	git hash-object -t "$1" -w --literally "$o"
}
# bad TEXT SAYS: the commit in the file is refused
bad() {
	n=$((n + 1))
	oid=$(store commit)
	push alice "$oid:refs/heads/feature/bad-$n"
	refused object.malformed "$1"
	says "$2" "$1: which it says"
}
good() {
	n=$((n + 1))
	push alice "$(store commit):refs/heads/feature/good-$n"
	accepted "$1"
}
up="tree $tree
parent $base
"
people="author $person
committer $person
"

printf '%sauthor %s\n%s\nx\n' "$up" "Bob <bob@example.com> 1700000000 +0000" "$people" >"$o"
bad 'two authors' "no 'committer' where one belongs"
first=$oid
upper=$(echo "$tree" | tr a-f A-F)
printf 'tree %s\nparent %s\n%s\nx\n' "$upper" "$base" "$people" >"$o"
bad 'a tree by an id in upper case' "its 'tree' is no object id"
printf 'tree %s\nparent %s\n%s\nx\n' "$tree" "$(echo "$base" | tr a-f A-F)" "$people" >"$o"
bad 'a parent by an id in upper case' "its 'parent' is no object id"
{
	printf '%s%s\n' "$up" "$people"
	head -c 9000000 /dev/zero | tr '\0' a
} >"$o"
bad 'a commit bigger than what is read' 'has 9[0-9]* bytes, and at most 8388608'
printf '%s%s\nseen\0hidden\n' "$up" "$people" >"$o"
bad 'a NUL in the message' 'NUL byte'
printf '%s%s\nsubject\n\ngpgsig -----BEGIN SSH SIGNATURE-----\n x\n' "$up" "$people" >"$o"
bad 'a signature in the message' "begins with 'gpgsig'"
printf '%s%sgpgsig one\ngpgsig two\n\nx\n' "$up" "$people" >"$o"
bad 'two signatures' 'two signatures'
printf '%s%sgpgsig one\ngpgsig-sha256 two\n\nx\n' "$up" "$people" >"$o"
bad 'signatures of two kinds' 'two signatures'
printf '%s%sencoding UTF-16\n\nx\n' "$up" "$people" >"$o"
bad 'another encoding' 'encoding'
printf '%s%sencoding UTF-8\nencoding UTF-8\n\nx\n' "$up" "$people" >"$o"
bad 'two encodings' "two 'encoding'"
printf '%s%s\ncaf\351\n' "$up" "$people" >"$o"
bad 'no UTF-8' 'UTF-8'
printf '%sparent %s\n%s\nx\n' "$up" "$base" "$people" >"$o"
bad 'one parent twice' 'parent .* twice'
printf '%sauthor Alice 1700000000 +0000\ncommitter %s\n\nx\n' "$up" "$person" >"$o"
bad 'an author without an address' "'author'"
printf '%sauthor A <a@b> <boss@x> 1700000000 +0000\ncommitter %s\n\nx\n' "$up" "$person" >"$o"
bad 'an author with two addresses' "'author'"
printf '%sauthor A <a@b> 99999999999999999999 +0000\ncommitter %s\n\nx\n' "$up" "$person" >"$o"
bad 'a date beyond all days' 'date'
printf '%sauthor A <a@b> 01700000000 +0000\ncommitter %s\n\nx\n' "$up" "$person" >"$o"
bad 'a date with a zero in front' 'date'
printf '%sauthor A <a@b> 1700000000 0000\ncommitter %s\n\nx\n' "$up" "$person" >"$o"
bad 'a time zone without a sign' 'time zone'
printf '%sauthor %s\n\nx\n' "$up" "$person" >"$o"
bad 'no committer' "'committer'"
printf 'tree %s\n%sparent %s\n\nx\n' "$tree" "$people" "$base" >"$o"
bad 'a parent behind the committer' 'parent'
printf '%s%stree %s\n\nx\n' "$up" "$people" "$tree" >"$o"
bad 'a second tree' 'tree'
printf '%s%s' "$up" "$people" >"$o"
bad 'no end of the header' 'header'

printf '%s%s\n' "$up" "$people" >"$o"
good 'no message'
printf '%s%s\nno line end' "$up" "$people" >"$o"
good 'no line end'
printf '%s%s\nas on Windows\r\n\r\nbody\r\n' "$up" "$people" >"$o"
good 'carriage returns'
printf '%s%sencoding UTF-8\n\nx\n' "$up" "$people" >"$o"
good 'the encoding named'
printf '%s%sgpgsig -----BEGIN\n x\n -----END\nHG:extra a:b\n\nx\n' "$up" "$people" >"$o"
good 'a signature where it belongs, and a header of another tool'
printf '%s%s\nwe talk of a gpgsig here\n' "$up" "$people" >"$o"
good 'a message that speaks of signatures'

# entry MODE NAME [OID]: of a tree
entry() {
	printf '%s %s\0' "$1" "$2"
	perl -e 'print pack "H*", shift' "${3:-$blob}"
}
# of TREE: a commit with it
of() {
	printf 'tree %s\nparent %s\n%s\nx\n' "$1" "$base" "$people" >"$o"
}
bad_tree() { # bad_tree TEXT SAYS: the tree in the file
	of "$(store tree)"
	bad "$1" "$2"
}
{ entry 100644 z; entry 100644 a; } >"$o"
bad_tree 'entries out of order' "'a' is out of order"
{ entry 100644 a; entry 100755 a; } >"$o"
bad_tree 'an entry twice' "two entries named 'a'"
{ entry 100644 a; entry 100644 a-b; entry 40000 a "$tree"; } >"$o"
bad_tree 'a file and a folder of one name' "two entries named 'a'"
entry 100664 a >"$o"
bad_tree 'a mode of old' "mode '100664'"
entry 100777 a >"$o"
bad_tree 'a mode that libgit2 reads as another' "mode '100777'"
entry 0100644 a >"$o"
bad_tree 'a mode with a zero in front' "mode '0100644'"
# .g<zero width non-joiner>it is .git on HFS+, a trailing blank is none on NTFS
for name in . .. .git .GIT git~1 GIT~1 '.git ' '.git.' ".git::\$INDEX_ALLOCATION" \
    "$(printf '.g\342\200\214it')" a/b; do
	entry 40000 "$name" "$tree" >"$o"
	bad_tree "a folder '$name'" "'|named"
done
entry 100644 a >"$o"
of "$(store tree)"
good 'an ordinary tree'
entry 100644 .gitignore >"$o"
of "$(store tree)"
good '.gitignore is no .git'

# Deep below.
entry 100777 a >"$o"
deep=$(store tree)
for name in e f g; do
	entry 40000 "$name" "$deep" >"$o"
	deep=$(store tree)
done
of "$deep"
bad 'in a folder of a folder' "mode '100777'"
# Below a good tip, and on other kinds of refs.
printf 'tree %s\nparent %s\n%s\nx\n' "$tree" "$first" "$people" >"$o"
bad 'below a good tip' "commit $(printf '%.8s' "$first")"
for ref in refs/heads/other refs/tags/other refs/pull/1/head refs/notes/other; do
	push alice "$first:$ref"
	refused object.malformed "on $ref"
done
git tag -a -m tag wrapped "$base"
git cat-file tag wrapped | sed "s/^object .*/object $first/" >"$o"
push alice "$(store tag):refs/tags/wrapped"
refused object.malformed 'in a tag'

# The store has it already, and nothing is sent.
zero=0000000000000000000000000000000000000000
git pack-objects -q --stdout </dev/null >"$tmp/empty.pack"
there() { # there TYPE: what the file holds, into the server
	git -C "$S" hash-object -t "$1" -w --literally "$o"
}
stored() { # stored TEXT SAYS: the commit in the file
	n=$((n + 1))
	oid=$(there commit)
	out=$(REMOTE_USER=alice "$tools/rawpush" "$S" "$tmp/empty.pack" "$zero $oid refs/heads/feature/stored-$n" 2>&1)
	rc=$?
	refused object.malformed "$1"
	says "$2" "$1: which it says"
}
git cat-file commit "$first" >"$o"
stored 'that it is in the store already makes it no better' "commit $(printf '%.8s' "$first")"
entry 100644 '' >"$o"
of "$(there tree)"
stored 'a name that git itself can not send' 'no name'
git -C "$S" prune --expire=now
is "$(refs | grep -c -e /bad- -e /other -e /pull -e /stored)" 0 'nothing of this came in'
finish
