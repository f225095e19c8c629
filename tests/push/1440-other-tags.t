#!/bin/sh
# Tags of no stage where other refs are allowed: they may move and go, but end
# at a commit, at most five deep, and are well made.
. "${0%/*}/lib.sh"
server
standard_policy 'other_refs: allow'
git -C "$S" config receive.fsckObjects false
clone
base=$(commit a.txt one)
walk "$base" deployment
c=$(commit b.txt two)
push alice "$c:refs/heads/feature/c"

git tag light "$base"
git tag -a -m annotated annotated "$base"
push alice refs/tags/light refs/tags/annotated
accepted 'tags of both kinds'
ledger_has "^Update: 0{40} $base refs/tags/light - other accepted" 'are recorded'
git tag -f light "$c" >/dev/null
git tag -f -a -m 'another' annotated "$c" >/dev/null
push alice --force refs/tags/light refs/tags/annotated
accepted 'they move'
push alice :refs/tags/light
accepted 'and go'
push dana "$c:refs/tags/v1"
refused tag.stage 'tags of a stage are another matter'

# nest NAME OBJECT TYPE: a tag object, without a ref; its id
nest() {
	printf 'object %s\ntype %s\ntag %s\ntagger Alice <alice@example.com> 1700000000 +0000\n\nnested\n' \
	    "$2" "$3" "$1" | git hash-object -t tag -w --literally --stdin
}
at=$(nest five "$base" commit)
for i in 2 3 4; do
	at=$(nest "inner-$i" "$at" tag)
done
five=$(nest five "$at" tag)
push alice "$five:refs/tags/five"
accepted 'five deep'
six=$(nest six "$five" tag)
push alice "$six:refs/tags/six"
refused object.kind 'six deep'
says 'more than 5 deep' 'it is said'
push alice "$(git rev-parse "$base:a.txt"):refs/tags/blob"
refused object.kind 'a blob'
push alice "$(git rev-parse "$base^{tree}"):refs/tags/tree"
refused object.kind 'a tree'
push alice "$(nest blob "$(git rev-parse "$base:a.txt")" blob):refs/tags/blob"
refused object.kind 'a tag of a blob'
push alice "$five:refs/heads/branch"
refused object.kind 'a tag on a branch'

bad() { # bad TEXT SAYS: of the object in that file
	oid=$(git hash-object -t tag -w --literally "$tmp/object")
	push alice "$oid:refs/tags/bad"
	refused object.malformed "$1"
	says "$2" 'and says what'
}
push alice "$(nest other "$base" commit):refs/tags/bad"
refused object.malformed 'a tag of another name'
says "is called 'other' inside" 'and says what'
head="object $base
type commit
tag bad
"
printf '%stagger Alice 1700000000 +0000\n\nx\n' "$head" >"$tmp/object"
bad 'a tagger without an address' 'tagger'
printf '%s\nx\n' "$head" >"$tmp/object"
bad 'no tagger' 'tagger'
printf '%stagger Alice <alice@example.com> 1700000000 +0000\n\nseen\0hidden\n' "$head" >"$tmp/object"
bad 'a NUL' 'NUL'
printf '%stagger Alice <alice@example.com> 1700000000 +0000\ntagger Bob <bob@example.com> 1700000000 +0000\n\nx\n' "$head" >"$tmp/object"
bad 'two taggers' 'header'
printf '%stagger Alice <alice@example.com> 1700000000 +0000\n\n\377\n' "$head" >"$tmp/object"
bad 'no UTF-8' 'UTF-8'
# What git itself can not send, from the server's store.
zero=0000000000000000000000000000000000000000
git pack-objects -q --stdout </dev/null >"$tmp/empty.pack"
stored() { # stored TEXT SAYS
	oid=$(git -C "$S" hash-object -t tag -w --literally "$tmp/object")
	out=$(REMOTE_USER=alice "$tools/rawpush" "$S" "$tmp/empty.pack" "$zero $oid refs/tags/bad" 2>&1)
	rc=$?
	refused object.malformed "$1"
	says "$2" 'and says what'
}
printf 'object %s\ntype tree\ntag bad\ntagger Alice <alice@example.com> 1700000000 +0000\n\nx\n' "$base" >"$tmp/object"
stored 'a type that the object is not' 'type'
printf 'object %s\ntag bad\ntype commit\ntagger Alice <alice@example.com> 1700000000 +0000\n\nx\n' "$base" >"$tmp/object"
stored 'headers in another order' 'type'
git -C "$S" prune --expire=now
is "$(refs | grep -c refs/tags/bad)" 0 'none of them was made'
finish
