#!/bin/sh
# Objects that are not there: missing is never "nothing to check".  Packs and
# commands that git push would not send, and shallow clones.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: missing-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: integration, refs: [refs/heads/integration], push: [all], tags: ["refs/tags/v*"]}
other_refs: allow
Y
git -C "$S" config receive.fsckObjects false
clone
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
push alice "$base:refs/heads/integration"
accepted 'the flow has begun'
zero=0000000000000000000000000000000000000000
one=$(commit d/one.txt 'the first')
two=$(commit d/two.txt 'the second')
git tag -a -m tag v1 "$two"
tag=$(git rev-parse v1)

# send OBJECTS REF NEW: a pack of just these objects
send() {
	printf '%s' "$1" | tr ' ' '\n' | git pack-objects -q --stdout >"$tmp/pack"
	out=$(REMOTE_USER=alice "$tools/rawpush" "$S" "$tmp/pack" "$zero $3 $2" 2>&1)
	rc=$?
}
tree() { git rev-parse "$1^{tree}"; }
sub() { git rev-parse "$1:d"; }
blob() { git rev-parse "$1:d/$2.txt"; }
all_of_two="$two $(tree "$two") $(sub "$two") $(blob "$two" two)"
all_of_one="$one $(tree "$one") $(sub "$one") $(blob "$one" one)"
send '' refs/heads/feature/x "$two"
refused object.missing 'nothing at all'
send "$all_of_two" refs/heads/feature/x "$two"
refused object.missing 'no parent'
says "$(printf '%.8s' "$one")" 'the parent is named'
send "$two $all_of_one $(sub "$two") $(blob "$two" two)" refs/heads/feature/x "$two"
refused object.missing 'no tree'
says "tree $(tree "$two" | cut -c1-8) is missing" 'the tree is named'
send "$two $(tree "$two") $all_of_one $(blob "$two" two)" refs/heads/feature/x "$two"
refused object.missing 'no folder'
says "tree $(sub "$two" | cut -c1-8) is missing" 'the folder is named'
send "$two $(tree "$two") $(sub "$two") $all_of_one" refs/heads/feature/x "$two"
refused object.missing 'no file'
says "blob $(blob "$two" two | cut -c1-8) is missing" 'the file is named'
send "$all_of_two $one $(tree "$one") $(sub "$one")" refs/heads/feature/x "$two"
refused object.missing 'no file of the commit below'
says "blob $(blob "$one" one | cut -c1-8) is missing" 'the file is named'
send "$tag" refs/tags/v1 "$tag"
refused object.missing 'a tag of nothing'
send "$tag $all_of_two" refs/tags/v1 "$tag"
refused object.missing 'a tag of a commit without parent'
for ref in refs/heads/other refs/notes/other; do
	send "$all_of_two" $ref "$two"
	refused object.missing "no parent, on $ref"
done
is "$(refs | wc -l)" 2 'no ref was made'
is "$(git -C "$S" cat-file -e "$two" 2>/dev/null && echo there)" '' 'nothing of it stays in the store'

# A shallow clone of other history: what is cut off is missing here.
git clone -q --depth 1 "file://$C" "$tmp/cut" 2>/dev/null
for setting in false true; do
	git -C "$S" config receive.shallowUpdate $setting
	out=$(cd "$tmp/cut" && REMOTE_USER=alice git push "$S" HEAD:refs/heads/feature/cut 2>&1)
	rc=$?
	refused object.missing "cut off, with receive.shallowUpdate=$setting"
done
is "$(cat "$S/shallow" 2>/dev/null)" '' 'the server did not become shallow'
send "$all_of_two $all_of_one" refs/heads/feature/x "$two"
accepted 'whole it is taken'

# A shallow clone of the server itself lacks only what the server has.
git clone -q --depth 1 -b feature/x "file://$S" "$tmp/shallow" 2>/dev/null
cd "$tmp/shallow" || exit 1
three=$(commit three.txt three)
push alice "$three:refs/heads/feature/y"
accepted 'work in a shallow clone of the server'
ref_is refs/heads/feature/y "$three" 'it is there'
finish
