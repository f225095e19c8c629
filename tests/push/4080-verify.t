#!/bin/sh
# verify: an honest ledger holds up, on the server and in a clone; each way of
# altering it, with plain git, is named.
. "${0%/*}/lib.sh"
server
git -C "$S" config receive.certNonceSeed 'a secret of the tests'
verify_policy() { # verify_policy VERSION
	policy <<Y
flow: verify flow
version: $1
identity: {from: [REMOTE_USER, push-cert]}
people:
  alice: {emails: [alice@example.com], keys: ["$(key alice)"]}
  bob: {emails: [bob@example.com], keys: ["$(key bob)"]}
  dana: {emails: [dana@example.com]}
  ci-bot: {robot: true}
roles: {developers: [alice, bob], reviewers: [alice, bob], ci: [ci-bot], release: [dana]}
gates:
  tests: {kind: evidence, by: [ci]}
  peer-review: {kind: review, by: [reviewers], signed: true}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [developers], rewind: true, delete: true}
  - {name: integration, refs: [refs/heads/integration], push: [developers], gates: [tests, peer-review]}
  - {name: collected, refs: [refs/heads/collected], from: development, push: [developers], accept: [fast-forward, squash]}
  - {name: deployment, refs: [refs/heads/main], from: integration, push: [release], tags: ["refs/tags/v*"]}
Y
}
verify_policy 1.0.0
out=$("$stagegate" -C "$S" verify 2>&1)
is "$?" 3 'no ledger: exit 3'
says '^error: there is no ledger' 'which says so'

# --- a story ---
clone
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/a"
accepted 'a feature'
evidence ci-bot tests "$base" pass
evidence ci-bot tests "$base" fail
evidence ci-bot tests "$base" pass 'run: "again"'
accepted 'statements'
signed_evidence bob bob peer-review "$base" pass
accepted 'a signed one'
push alice "$base:refs/heads/integration" "$base:refs/heads/collected"
accepted 'two stages at once'
push dana "$base:refs/heads/main"
accepted 'deployed'
b=$(commit b.txt two)
c=$(commit c.txt three)
push alice "$c:refs/heads/feature/c"
accepted 'another feature'
git checkout -q --detach "$base"
git merge -q --squash "$c" >/dev/null 2>&1
git commit -q -m "all of c

Promotes: $c"
squashed=$(git rev-parse HEAD)
push alice "$squashed:refs/heads/collected"
accepted 'a squash'
push alice "+$b:refs/heads/feature/c"
accepted 'a rewind'
push alice :refs/heads/feature/c
accepted 'a deletion'
git tag v1 "$base"
push dana refs/tags/v1
accepted 'a tag'
verify_policy 1.1.0
git checkout -q --detach "$base"
d=$(commit d.txt four)
out=$(with_key alice push --signed origin "$d:refs/heads/feature/d" 2>&1)
rc=$?
accepted 'a signed push, under a new policy'
evidence ci-bot tests "$d" pass
signed_evidence bob bob peer-review "$d" pass
push alice "$d:refs/heads/integration"
accepted 'which gets on'

# One that has no evidence, for those who forge some.
e=$(commit e.txt five)
push alice "$e:refs/heads/feature/e"
accepted 'a feature that nobody has looked at'

# --- it holds up ---
records=$(git -C "$S" rev-list --count refs/notes/stagegate)
out=$("$stagegate" -C "$S" verify 2>&1)
is "$?" 0 'the ledger holds up: exit 0'
is "$out" "verify: $records records, 0 findings" 'nothing is found'
is "$("$stagegate" -C "$S" verify --json)" "{\"v\":1,\"records\":$records,\"findings\":[],\"unshown\":[]}" '--json'
"$stagegate" -C "$S" verify --last 1 >/dev/null
is "$?" 0 '--last'
"$stagegate" -C "$S" verify --remote origin >/dev/null 2>&1
is "$?" 100 '--remote is for clones'

# --- in a clone ---
out=$("$stagegate" verify 2>&1)
is "$?" 3 'a clone without the ledger: exit 3'
says '^hint: git fetch origin refs/notes/stagegate' 'is told how to get it'
git clone -q --no-local "$S" "$tmp/auditor" 2>/dev/null
git -C "$tmp/auditor" fetch -q origin refs/notes/stagegate:refs/notes/stagegate
out=$("$stagegate" -C "$tmp/auditor" verify 2>&1)
is "$?" 0 'it holds up in a clone'
says "^verify: $records records, 0 findings" 'as many records'
says "^can't show: [0-9a-f]{8}: that refs/heads/feature/c was accepted: object $(echo "$c" | cut -c1-8) is gone" 'what the clone lacks is named'
out=$("$stagegate" -C "$tmp/auditor" verify --remote origin 2>&1)
is "$?" 0 'and its branches are where the ledger has them'
is "$(ls "$tmp/auditor/.git/stagegate" 2>/dev/null)" '' 'nothing is written'
git -C "$tmp/auditor" update-ref refs/remotes/origin/main "$e"
"$stagegate" -C "$tmp/auditor" verify >/dev/null
is "$?" 0 'without --remote no branch is compared'
out=$("$stagegate" -C "$tmp/auditor" verify --remote origin 2>&1)
is "$?" 1 'with it one that is elsewhere is found'
says "^error: [0-9a-f]{8}: refs/heads/main is at $(echo "$e" | cut -c1-8), the ledger has it at $(echo "$base" | cut -c1-8)" 'and named'

# --- altering it ---
email=$(git -C "$S" log -1 --format=%ce refs/notes/stagegate)
tampered() { # a copy of the server to alter: $T
	T=$tmp/tampered.git
	rm -rf "$T"
	cp -a "$S" "$T"
}
entry() { # entry PATTERN: the ledger commit whose message has it, the newest
	git -C "$T" log --format=%H -n 1 -E --grep="$1" refs/notes/stagegate
}
message() { # message COMMIT: byte for byte
	git -C "$T" cat-file commit "$1" | sed '1,/^$/d'
}
# made COMMIT PARENT [TREE] [DATE] <message: as the server would make it; its id
made() {
	date="@${4:-$(git -C "$T" log -1 --format=%ct "$1")} +0000"
	same="$1^{tree}"
	GIT_AUTHOR_NAME=${made_by:-stagegate} GIT_AUTHOR_EMAIL=$email GIT_AUTHOR_DATE=$date \
		GIT_COMMITTER_NAME=${made_by:-stagegate} GIT_COMMITTER_EMAIL=$email GIT_COMMITTER_DATE=$date \
		git -C "$T" commit-tree "${3:-$same}" ${2:+-p "$2"}
}
# onto COMMIT NEW: what came after COMMIT, on NEW instead; is the ledger then
onto() {
	new=$2
	for later in $(git -C "$T" rev-list --reverse "$1..refs/notes/stagegate"); do
		new=$(message "$later" | made "$later" "$new")
	done
	git -C "$T" update-ref refs/notes/stagegate "$new"
}
# tree COMMIT PATH [FILE]: its tree with FILE there, or without PATH
tree() {
	rm -f "$tmp/index"
	GIT_INDEX_FILE=$tmp/index git -C "$T" read-tree "$1"
	if [ $# = 3 ]; then
		GIT_INDEX_FILE=$tmp/index git -C "$T" update-index --add \
			--cacheinfo "100644,$(git -C "$T" hash-object -w "$3"),$2"
	else
		printf '0 %040d\t%s\n' 0 "$2" |
			GIT_INDEX_FILE=$tmp/index git -C "$T" update-index --index-info
	fi
	GIT_INDEX_FILE=$tmp/index git -C "$T" write-tree
}
# put COMMIT PATH [FILE]: alters the tree of COMMIT, and keeps what came after
put() {
	altered=$(tree "$@")
	onto "$1" "$(message "$1" | made "$1" "$(git -C "$T" rev-parse -q --verify "$1^")" "$altered")"
}
# edit PATH SED: alters a file in the newest tree
edit() {
	tip=$(git -C "$T" rev-parse refs/notes/stagegate)
	git -C "$T" show "$tip:$1" | sed "$2" >"$tmp/file"
	put "$tip" "$1" "$tmp/file"
}
# reword COMMIT SED: alters its message
reword() {
	onto "$1" "$(message "$1" | sed "$2" | made "$1" "$(git -C "$T" rev-parse -q --verify "$1^")")"
}
finds() { # finds PATTERN TEXT
	out=$("$stagegate" -C "$T" verify 2>&1)
	is "$?" 1 "$2: exit 1"
	says "^error: [0-9a-f]{8}: $1" "$2: named"
}
path_of() { # path_of HEX: with its fan-out
	echo "$1" | sed 's,^\(..\)\(..\),\1/\2/,'
}
ref_path() {
	printf 'refs/%s' "$(path_of "$(printf %s "$1" | sha256sum | cut -c1-40)")"
}
short() {
	echo "$1" | cut -c1-8
}

# 1: rewritten records
tampered
k=$(entry '^integration: fast-forward .* by alice')
reword "$k" 's/by alice/by bob/; s/^Pusher: alice/Pusher: bob/'
finds "the record of refs/heads/integration was altered: it says 'by: alice', not 'by: bob'" 'another pusher'
tampered
k=$(entry '^feature/c: rewind')
reword "$k" 's/rewind/create/'
finds "the record of refs/heads/feature/c was altered: it says 'kind: rewind', not 'kind: create'" 'another kind'
tampered
reword "$(entry '^Evidence: .* fail')" 's/fail/pass/'
finds 'statement [0-9a-f]{8} says fail of tests for [0-9a-f]{8}, its trailer pass of tests' 'another result'
tampered
reword "$(entry '^feature/c: rewind')" '1s/feature/fixture/'
finds "its message was altered: it says 'fixture/c: rewind" 'another first line'
tampered
reword "$(entry '^feature/c: rewind')" '/^Push:/d'
finds 'its message was altered: it ends before' 'a line that is missing'
tampered
reword "$(entry '^Update:.*refs/heads/main')" '/^Update:/d'
finds 'it records nothing' 'no update at all'
says 'the record of refs/heads/main was added, and nothing explains it' 'no update at all: its files stay'

tampered
reword "$(entry '^Certificate:')" 's/by alice/by bob/; s/^Pusher: alice/Pusher: bob/'
finds 'its push certificate is signed by alice, not by bob' 'the pusher of a signed push'
tampered
k=$(entry '^Certificate:')
reword "$k" 's/^Certificate: ..../Certificate: 0000/'
finds 'its push certificate 0000[0-9a-f]{4} is missing' 'another certificate'

# 2: removed records
tampered
k=$(entry '^feature/c: rewind')
onto "$k" "$(git -C "$T" rev-parse "$k^")"
finds "refs/heads/feature/c began at $(short "$b"), but $(short "$c") was recorded as its tip before" 'a record is gone'
says 'the record of refs/heads/feature/c was altered' 'a record is gone: its files stay'
tampered
k=$(entry '^peer-review: pass')
onto "$k" "$(git -C "$T" rev-parse "$k^")"
finds "'seen/.* was added, and nothing explains it" 'a statement is gone'
says 'statement [0-9a-f]{8} of peer-review about' 'a statement is gone: its tag stays'

# 3: statements
tampered
statement=$(git -C "$T" ls-tree -r --name-only refs/notes/stagegate | grep '/tests/' | head -n 1)
edit "$statement" 's/result: .*/result: pass # ./'
finds 'statement [0-9a-f]{8} of tests about .* was altered: it says' 'an altered statement'
tampered
k=$(entry '^peer-review: pass')
bytes=$(git -C "$T" ls-tree -r --name-only "$k" | grep '/tests/' | head -n 1)
git -C "$T" show "$k:$bytes" >"$tmp/file"
put "$k" "$(git -C "$T" diff-tree --no-commit-id --name-only -r "$k" | grep '/peer-review/')" "$tmp/file"
finds 'statement [0-9a-f]{8} of peer-review about .* was altered' 'a swapped one, where it was recorded'
tampered
tip=$(git -C "$T" rev-parse refs/notes/stagegate)
put "$tip" "$statement"
finds 'statement [0-9a-f]{8} of tests about .* is missing' 'a removed one'

# 4: refs
tampered
git -C "$T" update-ref refs/heads/main "$d"
finds "refs/heads/main is at $(short "$d"), the ledger has it at $(short "$base")" 'a ref that was moved'
tampered
git -C "$T" update-ref -d refs/heads/main
finds "refs/heads/main is gone, the ledger has it at $(short "$base")" 'a ref that was deleted'
tampered
git -C "$T" update-ref refs/heads/feature/new "$d"
finds "refs/heads/feature/new is at $(short "$d"), which the ledger never recorded" 'a ref that nobody pushed'

# 5: times
tampered
k=$(entry '^feature/c: rewind')
onto "$k" "$(message "$k" | made "$k" "$k^" '' 1600000000)"
finds 'its time was forged: it is dated 2020-09-13 12:26' 'an earlier time'
tampered
k=$(entry '^feature/c: rewind')
onto "$k" "$(message "$k" | made "$k" "$k^" '' 2000000000)"
finds "the record of refs/heads/feature/c was altered: it says 'at: .*', not 'at: 2033-05-18T03:33:20Z'" 'a later time'

# 6: notes
note=$(path_of "$base")
tampered
edit "$note" 's/tests: passed/tests: overridden/'
finds "the note of commit $(short "$base") was altered: it says 'tests: overridden', not 'tests: passed'" 'a gate'
tampered
edit "$note" 's/state: accepted/state: warned/'
finds "the note of commit $(short "$base") was altered: it says 'state: warned', not 'state: accepted'" 'a state'
tampered
edit "$note" '/^- stage: deployment/,/^  entry/d'
finds "the note of commit $(short "$base") was altered" 'a passage that was removed'
tampered
edit "$(path_of "$e")" '/^evidence/i\
- stage: integration\
  ref: refs/heads/integration\
  at: 2026-11-28T09:19:20Z\
  by: alice\
  state: accepted\
  gates: {}\
  entry: 1'
finds "the note of commit $(short "$e") was altered" 'a passage that was added'
tampered
k=$(entry '^integration: fast-forward .* by alice .*1\.1')
git -C "$T" show "$k:$(path_of "$d")" | sed 's/tests: passed/tests: not-applicable/' >"$tmp/file"
put "$k" "$(path_of "$d")" "$tmp/file"
finds 'refs/heads/integration: gate tests is recorded as not-applicable, it is passed' 'a gate, where it was recorded'

# 7: policies
first=$(git -C "$S" log --reverse --format=%B refs/notes/stagegate | sed -n 's/^Policy: \([0-9a-f]*\) .*/\1/p' | head -n 1)
tampered
edit "policy/$first" 's/signed: true/signed: false/'
finds "'policy/$first' was altered: it says" 'an altered policy'
tampered
k=$(entry '^feature/a: create')
git -C "$T" show "$k:policy/$first" | sed 's/signed: true/signed: false/' >"$tmp/file"
put "$k" "policy/$first" "$tmp/file"
finds "the policy text that it names, policy/$first, was altered" 'an altered one, where it was recorded'
tampered
put "$(git -C "$T" rev-parse refs/notes/stagegate)" "policy/$first"
finds "'policy/$first' is missing" 'a policy that is missing'

# 8: replay keys
tampered
seen=$(git -C "$T" ls-tree -r --name-only refs/notes/stagegate | grep '^seen/' | head -n 1)
put "$(git -C "$T" rev-parse refs/notes/stagegate)" "$seen"
finds "'$seen' is missing" 'a replay key that is missing'
tampered
put "$(git -C "$T" rev-parse refs/notes/stagegate)" "seen/$(path_of "$base")" "$tmp/file"
finds "'seen/$(path_of "$base")' was added, and nothing explains it" 'one that was added'

# 9: records of refs
main=$(ref_path refs/heads/main)
tampered
edit "$main" "s/^tip: .*/tip: $d/"
finds "the record of refs/heads/main was altered: it says 'tip: $d', not 'tip: $base'" 'another tip'
tampered
edit "$main" 's/^number: .*/number: 7/'
finds "the record of refs/heads/main was altered: it says 'number: 7', not 'number: 1'" 'another number'
tampered
k=$(entry '^integration: fast-forward .* by alice .*1\.1')
git -C "$T" show "$k:$(ref_path refs/heads/integration)" | sed "s/^previous: .*/previous: $base/" >"$tmp/file"
put "$k" "$(ref_path refs/heads/integration)" "$tmp/file"
finds "the record of refs/heads/integration was altered: it says 'previous: $base'" 'another record before'

# 10: what nothing explains
tampered
put "$(entry '^feature/c: rewind')" notes.txt "$tmp/file"
finds "'notes.txt' was added, and nothing explains it" 'a file'
tampered
tip=$(git -C "$T" rev-parse refs/notes/stagegate)
git -C "$T" update-ref refs/notes/stagegate "$(message "$tip" |
	GIT_AUTHOR_NAME=stagegate GIT_AUTHOR_EMAIL=$email GIT_COMMITTER_NAME=stagegate GIT_COMMITTER_EMAIL=$email \
		git -C "$T" commit-tree "$tip^{tree}" -p "$tip^" -p "$tip^^")"
finds 'it is a merge: the ledger is one line' 'a merge'
tampered
k=$(entry '^feature/c: rewind')
onto "$k" "$(message "$k" | made_by=mallory made "$k" "$k^")"
finds "it was committed by mallory <$email>, not by the server" 'another identity'
tampered
reword "$(entry 'feature/e: create')" "s/^Policy: [0-9a-f]* .*/Policy: $first verify flow 1.0.0/; 1s/1\.1\.0/1.0.0/"
k=$(git -C "$T" rev-parse refs/notes/stagegate)
onto "$k" "$(message "$k" | made "$k" "$k^" '' 2000000000)"
finds "its policy, policy/$first, went back to version 1.0.0, where 1.1.0 had been in force" 'an older policy'
tampered
k=$(entry 'feature/e: create')
second=$(message "$k" | sed -n 's/^Policy: \([0-9a-f]*\) .*/\1/p')
git -C "$T" show "$k:policy/$second" | sed 's/signed: true/signed: false/' >"$tmp/file"
other=$(sha256sum "$tmp/file" | cut -c1-40)
put "$k" "policy/$other" "$tmp/file"
reword "$(git -C "$T" rev-parse refs/notes/stagegate)" "s/$second/$other/"
finds "its policy, policy/$other, is another text of version 1.1.0" 'another text of the same version'

# A record that is all of a piece, of a push that the policy refuses.
tampered
tip=$(git -C "$T" rev-parse refs/notes/stagegate)
now=$(git -C "$T" log -1 --format=%ct "$tip")
at=$(date -u -d "@$now" +%Y-%m-%dT%H:%M:%SZ)
record=$(ref_path refs/heads/integration)
{
	git -C "$T" show "$tip:$record" | grep -v '^previous:\|^back:' |
		sed "s/^tip: .*/tip: $e/; s/^number: .*/number: 3/; s/^at: .*/at: $at/"
	echo "previous: $(git -C "$T" rev-parse "$tip:$record")"
} >"$tmp/record"
git -C "$T" show "$tip:$(path_of "$e")" | sed "/^evidence/i\\
- stage: integration\\
  ref: refs/heads/integration\\
  at: $at\\
  by: alice\\
  state: accepted\\
  gates:\\
    tests: passed\\
    peer-review: passed\\
  entry: 3" >"$tmp/note"
forged=$(tree "$tip" "$record" "$tmp/record")
forged=$(tree "$forged" "$(path_of "$e")" "$tmp/note")
git -C "$T" update-ref refs/notes/stagegate "$(made "$tip" "$tip" "$forged" <<X
integration: fast-forward $(short "$e") by alice (verify flow 1.1.0)

Pusher: alice
Update: $d $e refs/heads/integration integration fast-forward accepted
Policy: $second verify flow 1.1.0
Push: 00000000000000000000000000000000
X
)"
git -C "$T" update-ref refs/heads/integration "$e"
finds 'refs/heads/integration would be refused by the policy in force then: stage.gates, missing tests' 'a forged promotion'
is "$(printf '%s\n' "$out" | grep -c '^error:')" 1 'and nothing else'

# --- what can't be read ---
tampered
tip=$(git -C "$T" rev-parse refs/notes/stagegate)
git -C "$T" update-ref refs/notes/stagegate "$(git -C "$T" rev-parse refs/heads/main)"
"$stagegate" -C "$T" verify >/dev/null 2>&1
is "$?" 3 'another branch is no ledger'
finish
