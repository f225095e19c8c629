#!/bin/sh
# In a clone the policy is the ledger's, with the files that it includes.
. "${0%/*}/lib.sh"
server
standard_policy
{
	sed -n '/^people:/,/^gates:/p' "$tmp/server.yml" | sed '$d'
} >"$tmp/who is who.yml"
chmod 644 "$tmp/who is who.yml"
sed -i -e '/^people:/,/^gates:/{/^gates:/!d}' \
    -e 's/^identity:.*/&\ninclude: ["who is who.yml"]/' "$tmp/server.yml"
clone
c=$(commit a.txt one)
push alice "$c:refs/heads/feature/a"
accepted 'a policy of two files'
git fetch -q origin '+refs/heads/*:refs/remotes/origin/*' \
    '+refs/notes/stagegate:refs/notes/stagegate'
d=$(commit b.txt two)
out=$("$stagegate" try refs/heads/feature/b "$d" --as alice 2>&1)
is "$?" 0 'a developer asks in a clone what the server would say'
like "$out" 'would accept this from alice' 'and is told'
out=$("$stagegate" try refs/heads/integration "$c" --as carol 2>&1)
is "$?" 1 'a refusal is one there too'
like "$out" 'carol may not push to stage integration' 'by the roles of the included file'
like "$out" '0 of 1 from @ci' 'and its gates'
out=$("$stagegate" explain integration 2>&1)
is "$?" 0 'the flow can be explained there'

# another text of the included file needs no version, and is the ledger's then
sed -i 's/developers: .*/developers: [alice, bob, carol]/' "$tmp/who is who.yml"
push carol "$d:refs/heads/feature/b"
accepted 'the included file has changed'
git fetch -q origin '+refs/notes/stagegate:refs/notes/stagegate'
out=$("$stagegate" try refs/heads/integration "$c" --as carol 2>&1)
unlike "$out" 'carol may not push' 'which the clone knows'
finish
