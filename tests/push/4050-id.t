#!/bin/sh
# The repository's id, which signed statements name.
# shellcheck disable=SC2016 # Perl
. "${0%/*}/lib.sh"
server
standard_policy
clone
ask() {
	out=$("$stagegate" "$@" 2>&1)
	rc=$?
}
ask id
is "$rc" 3 'a clone without a ledger has none'
like "$out" 'refs/notes/stagegate' 'and says what to fetch'
ask -C "$S" id
is "$rc" 0 'before the first push'
like "$out" '^[0-9a-f]{32,64}$' 'a line of hex'
id=$out
ask -C "$S" id
is "$out" "$id" 'the same, asked again'
is "$(git -C "$S" for-each-ref)" '' 'no ref was made'
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/a"
accepted 'the first push'
ask -C "$S" id
is "$out" "$id" 'the same afterwards'
is "$(git -C "$S" cat-file blob refs/notes/stagegate:meta/repository)" "$id" 'and in the ledger'
git fetch -q origin refs/notes/stagegate:refs/notes/stagegate
ask id
is "$rc:$out" "0:$id" 'in a clone that fetched the ledger'
out=$("$stagegate" -C "$S" id --json | perl -MJSON::PP -e 'local $/; my $d = decode_json(<STDIN>); print join " ", sort values %$d')
like " $out " " $id " 'as JSON'

# The file alone is no more than a memory of it.
rm "$S/stagegate/id"
ask -C "$S" id
is "$rc:$out" "0:$id" 'the ledger knows it where the file is gone'
push alice "$(commit b.txt two):refs/heads/feature/a"
accepted 'and pushes go on'
is "$(git -C "$S" cat-file blob refs/notes/stagegate:meta/repository)" "$id" 'under the same id'

first=$id
server other
policy other <"$tmp/server.yml"
ask -C "$S" id
like "$rc:$out" '^0:[0-9a-f]{32,64}$' 'another repository'
is "$([ "$out" = "$first" ] && echo same || echo other)" other 'has an id of its own'
S=$tmp/server.git
finish
