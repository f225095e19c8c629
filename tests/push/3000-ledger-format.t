#!/bin/sh
# The ledger, byte for byte as far as it is promised.
. "${0%/*}/lib.sh"
server
standard_policy
clone
id=$("$stagegate" -C "$S" id)
like "$id" '^[0-9a-f]{32}$' 'a repository has an id before its first push'
c=$(commit a.txt one)
walk "$c" deployment
accepted 'a commit through the whole flow'
is "$("$stagegate" -C "$S" id)" "$id" 'the id has not changed'

L=refs/notes/stagegate
digest() { sha256sum | cut -c1-40; }
split() { # split DIGEST: aa/bb/rest
	printf '%s\n' "$1" | sed 's,^\(..\)\(..\),\1/\2/,'
}
blob() { git -C "$S" cat-file blob "$L:$1"; }

# the commits
host=$(hostname)
is "$(git -C "$S" log --format='%cn <%ce>' $L | sort -u)" "stagegate <stagegate@$host>" 'the committer is the server'
is "$(git -C "$S" log --format='%an <%ae>' $L | sort -u)" "stagegate <stagegate@$host>" 'and so is the author'
is "$(git -C "$S" log --format=%P $L | awk 'NF > 1')" '' 'no commit has two parents'
is "$(git -C "$S" rev-list --max-parents=0 --count $L)" 1 'and there is one root'
is "$(git -C "$S" rev-list --count $L)" 6 'one commit for each push'

# the trailers
h='[0-9a-f]{40}'
z='0{40}'
trailers() { git -C "$S" log --format='%(trailers:only,unfold)' $L | grep .; }
is "$(trailers | sed 's/:.*//' | sort | uniq -c | awk '{print $2 "=" $1}' | tr '\n' ' ')" \
    'Evidence=2 Policy=6 Push=6 Pusher=6 Update=4 ' 'nothing but these trailers'
is "$(trailers | grep -Evc -e '^Pusher: (alice|bob|dana|ci-bot)$' \
    -e "^Update: $z $c refs/heads/[^ ]+ (development|integration|testing|deployment) create accepted\$" \
    -e "^Evidence: $h (tests|peer-review) $c (ci-bot|bob) pass\$" \
    -e "^Policy: $h test-flow 1\\.0\\.0\$" -e '^Push: [0-9a-f]{32}$')" 0 'each as it is promised'
is "$(trailers | grep '^Push: ' | sort -u | wc -l | tr -d ' ')" 6 'every push has a name of its own'
for pair in feature/walk-$(git rev-parse --short "$c"):development integration:integration \
    staging:testing main:deployment; do
	ledger_has "^Update: $z $c refs/heads/${pair%%:*} ${pair#*:} create accepted\$" "the entry of ${pair#*:}"
done

# the tree
git -C "$S" ls-tree -r $L >"$tmp/tree"
is "$(grep -vc '^100644 blob ' "$tmp/tree")" 0 'plain files only'
cut -f2 "$tmp/tree" >"$tmp/paths"
is "$(grep -Evc -e '^[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{36}$' \
    -e '^evidence/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{36}/[a-z-]+/[0-9a-f]{40}$' \
    -e '^(seen|refs|trees)/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{36}$' \
    -e '^policy/[0-9a-f]{40}$' -e '^meta/(format|repository)$' "$tmp/paths")" 0 'every path has its form'
grep -Fxq "$(split "$c")" "$tmp/paths"
ok $? 'the note of the commit, fanned out'
like "$(blob "$(split "$c")")" "ref: \"?refs/heads/main" 'says where it went'
is "$(git -C "$S" notes --ref=stagegate list)" "$(git -C "$S" rev-parse "$L:$(split "$c")") $c" 'git notes finds it'
is "$(grep -c '^seen/' "$tmp/paths")" 2 'one payload seen for each statement'

grep '^evidence/' "$tmp/paths" >"$tmp/evidence"
is "$(wc -l <"$tmp/evidence" | tr -d ' ')" 2 'both statements are kept'
while IFS= read -r path; do
	is "$(blob "$path" | digest)" "${path##*/}" 'a statement is named by its digest'
	is "$(dirname "$(dirname "$path")")" "evidence/$(split "$c")" 'below its commit'
	gate=$(basename "$(dirname "$path")")
	ledger_has "^Evidence: ${path##*/} $gate $c " 'as its trailer has it'
	is "$(blob "$path" | git hash-object -t tag --stdin)" "$(blob "$path" | git -C "$S" hash-object -w -t tag --stdin)" 'and is a tag'
	is "$(blob "$path" | head -n 2 | tr '\n' ' ')" "object $c type commit " 'about the commit'
done <"$tmp/evidence"

# verbatim: a statement whose bytes we know
printf 'evidence: 1\ngate: tests\nresult: pass\nsummary: "t\303\244st  two "\n' >"$tmp/statement"
git tag -f -a -F "$tmp/statement" evidence/tests/"$c" "$c" >/dev/null
git cat-file tag "evidence/tests/$c" >"$tmp/bytes"
push ci-bot "refs/tags/evidence/tests/$c:refs/evidence/tests/$c/own"
accepted 'another statement'
path=evidence/$(split "$c")/tests/$(digest <"$tmp/bytes")
blob "$path" >"$tmp/kept" 2>/dev/null
cmp -s "$tmp/bytes" "$tmp/kept"
ok $? 'its very bytes are in the ledger'
git tag -d "evidence/tests/$c" >/dev/null

# refs, policy, meta
for ref in refs/heads/main refs/heads/staging refs/heads/integration \
    "refs/heads/feature/walk-$(git rev-parse --short "$c")"; do
	path=refs/$(split "$(printf %s "$ref" | digest)")
	like "$(blob "$path" 2>&1)" "$c" "$ref is found by the digest of its name"
	like "$(blob "$path" 2>&1)" "^ref: \"?$ref" 'and says so'
done
policy=$(digest <"$tmp/server.yml")
blob "policy/$policy" >"$tmp/kept"
cmp -s "$tmp/server.yml" "$tmp/kept"
ok $? 'the text of the policy'
ledger_has "^Policy: $policy test-flow 1\\.0\\.0\$" 'named by its digest'
like "$(blob meta/format)" '^[0-9]+$' 'a format'
is "$(blob meta/repository)" "$id" 'the id of the repository'

# not by a push
before=$(git -C "$S" rev-parse $L)
push dana "+$c:$L"
[ "$rc" != 0 ]
ok $? 'the ledger takes no push'
push dana ":$L"
[ "$rc" != 0 ]
ok $? 'nor a deletion'
git -C "$S" config --unset-all receive.hideRefs
push dana "+$c:$L"
refused ref.reserved 'also where it is not hidden'
is "$(git -C "$S" rev-parse $L)" "$before" 'it is as it was'
finish
