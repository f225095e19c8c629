#!/bin/sh
# Statements made with the command, from a clone.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: attest-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles:
  all: ["*"]
  ci: [ci-bot]
  reviewers: [bob]
clients:
  acme: {}
  globex: {}
gates:
  tests: {kind: evidence, by: [ci]}
  peer-review: {kind: review, by: [reviewers]}
  acceptance: {kind: evidence, by: [reviewers], matrix: [acme, globex]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: integration, refs: [refs/heads/integration], push: [all], gates: [tests, peer-review]}
  - {name: testing, refs: [refs/heads/staging], push: [all], gates: [tests]}
  - {name: deployment, refs: [refs/heads/main], push: [all], gates: [acceptance]}
Y
clone
says_so() { # says_so USER ARGS..: attest
	user=$1
	shift
	out=$(REMOTE_USER=$user "$stagegate" attest "$@" 2>&1)
	rc=$?
}
inbox() {
	git -C "$S" for-each-ref refs/evidence
}
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/a"
push alice "$base:refs/heads/integration"
refused stage.gates 'nothing was stated'

refs_here() {
	git for-each-ref | grep -v refs/remotes/
}
mine=$(refs_here)
says_so ci-bot tests --pass --run ci-1 --summary 'all "green"' --url https://ci.example/1
is "$rc" 0 'HEAD passed'
ledger_has "tests" 'which is recorded'
statement=$(git -C "$S" log -p --format= refs/notes/stagegate -- evidence | cat)
like "$statement" '^\+run: "?ci-1"?$' 'with its run'
like "$statement" 'summary: .*green' 'and its summary'
like "$statement" 'url: .*https://ci.example/1' 'and its url'
is "$(inbox)" '' 'the inbox is empty afterwards'
says_so ci-bot tests --pass --run ci-2 --metric p99_ms=12.5 --metric 'a "b"=-1e3'
is "$rc" 0 'what was measured'
statement=$(git -C "$S" log -1 -p --format= refs/notes/stagegate -- evidence | cat)
like "$statement" '^\+  "p99_ms": 12.5$' 'is said'
like "$statement" '^\+  "a .*b.*": -1e3$' 'whatever it is called'
says_so ci-bot tests --pass --metric p99_ms
is "$rc" 100 'not without a number'
says_so ci-bot tests --pass --run ci-3 --metric a=1e
is "$rc:$(printf '%s\n' "$out" | grep -c 'evidence.key')" 1:1 'which the server reads'
says_so bob peer-review "$base" --pass --for integration
is "$rc" 0 'a commit that is named, for one stage'
is "$(refs_here)" "$mine" 'no tag or other ref stays in the clone'
push alice "$base:refs/heads/integration"
accepted 'both count'
says_so ci-bot tests "$base" --fail
is "$rc" 0 'it failed after all'
push alice "$base:refs/heads/staging"
refused stage.gates 'which counts'
says 'FAILED +tests' 'as a failure'
says_so ci-bot tests "$(git rev-parse --short "$base")" --revoke
is "$rc" 0 'taken back, a short id'
push alice "$base:refs/heads/staging"
says 'MISSING +tests' 'nothing is left'
says_so ci-bot tests work --pass --for integration
is "$rc" 0 'a branch, for another stage'
push alice "$base:refs/heads/staging"
refused stage.gates 'which does not count here'
says_so ci-bot tests --pass --for testing
push alice "$base:refs/heads/staging"
accepted 'for this one it does'
says_so bob acceptance --pass --matrix acme
is "$rc" 0 'for one of two'
push alice "$base:refs/heads/main"
refused stage.gates 'the other is missing'
says 'globex' 'and named'
says_so bob acceptance --pass --matrix globex
push alice "$base:refs/heads/main"
accepted 'both'
says_so bob acceptance --pass --matrix initech
is "$rc" 1 'a third is none'
like "$out" '\[evidence\.' 'says the server'

says_so mallory tests --pass
is "$rc" 1 'somebody who may not speak'
like "$out" '\[evidence\.not-allowed\]' "the server's text is shown"
like "$out" 'that takes one of @ci' 'with its hint'
says_so ci-bot nosuch --pass
is "$rc" 1 'a gate that is none'
like "$out" "there is no gate 'nosuch'" 'says the server'
says_so ci-bot 'No Such' --pass
is "$([ "$rc" = 0 ]; echo $?)" 1 'a name that no gate can have'
says_so ci-bot tests --pass --for nosuch
is "$rc" 1 'a stage that is none'
says_so ci-bot tests nosuch --pass
is "$rc" 3 'a commit that is none'
says_so ci-bot tests --pass --remote nosuch
is "$([ "$rc" = 0 ]; echo $?)" 1 'a remote that is none'
is "$(refs_here)" "$mine" 'no tag stays after refusals either'
is "$(inbox)" '' 'nor anything in the inbox'

for wrong in '' '--pass --fail' '--pass --revoke' '--pass --expires yesterday'; do
	# shellcheck disable=SC2086 # several words
	says_so ci-bot tests $wrong
	is "$rc" 100 "wrong usage: tests $wrong"
done
says_so ci-bot
is "$rc" 100 'no gate'
says_so ci-bot tests "$base" "$base" --pass
is "$rc" 100 'two commits'

count_before=$(git -C "$S" rev-list --count refs/notes/stagegate)
says_so ci-bot tests --pass --run later --no-push
is "$rc" 0 '--no-push'
like "$out" '^git push origin [0-9a-f]{40}:refs/evidence/tests/'"$base"'/' 'prints the command'
is "$(git -C "$S" rev-list --count refs/notes/stagegate)" "$count_before" 'and leaves the server alone'
is "$(refs_here)" "$mine" 'and the refs of the clone'
command=$out
out=$(REMOTE_USER=ci-bot sh -c "$command" 2>&1)
rc=$?
accepted 'the command does it'
out=$(REMOTE_USER=ci-bot sh -c "${command}x" 2>&1)
rc=$?
is "$([ "$rc" = 0 ]; echo $?)" 1 'once'

# The work tree is of no concern.
echo dirty >>a.txt
echo new >new.txt
git add new.txt
git status --porcelain >"$tmp/status"
says_so ci-bot tests --pass --run dirty --expires 30d
is "$rc" 0 'in a dirty work tree'
git status --porcelain | cmp -s - "$tmp/status"
is "$?" 0 'which stays as it is'
mkdir -p deep/er
cd deep/er || exit 1
says_so ci-bot tests --pass --run deep
is "$rc" 0 'from a folder below'
cd "$tmp" || exit 1
says_so ci-bot -C "$C" tests --pass --run there
is "$rc" 0 'with -C'
cd "$C" || exit 1
git remote rename origin upstream 2>/dev/null
says_so ci-bot tests --pass --run upstream --remote upstream
is "$rc" 0 'another remote'
git remote rename upstream origin 2>/dev/null

# --- signed, and with reports ---
sed -i -e 's/^version: .*/version: 2.0.0/' -e 's|^roles:|people:\n  bob: {keys: ["'"$(key bob)"'"]}\nroles:|' \
	-e 's/^stages:/  security: {kind: evidence, by: [reviewers], signed: true}\nstages:/' "$tmp/server.yml"
git config user.signingKey "$tmp/keys/bob"
says_so bob security --pass --sign
is "$rc" 100 'without an SSH format'
like "$out" 'gpg.format ssh' 'is told what to set'
git config gpg.format ssh
says_so bob security --pass --sign
is "$rc" 3 'without the server'\''s ledger'
like "$out" 'git fetch origin refs/notes/stagegate' 'is told what to fetch'
says_so bob security --pass --sign --repository "$("$stagegate" -C "$S" id)"
is "$rc" 0 'with the id it is'
git fetch -q origin refs/notes/stagegate:refs/notes/stagegate
says_so bob security --pass --sign --run again
is "$rc" 0 'or with the ledger'
ledger_has "^Evidence: [0-9a-f]{40} security $base bob pass" 'and recorded'
says_so bob security --pass --run unsigned
is "$rc" 1 'unsigned'
like "$out" '\[evidence\.unsigned\]' 'it is refused by the server'
says_so alice security --pass --sign --run relayed
is "$rc" 1 'signed by bob, pushed by alice'
like "$out" '\[evidence\.signer\]' 'too'
[ ! -e .git/STAGEGATE_STATEMENT ]
ok $? 'no file stays in the clone'
is "$(refs_here | grep -v refs/notes/)" "$mine" 'nor a tag'
printf 'TN:\nSF:src/a.c\n# kept\nDA:1,1  \nend_of_record\n' >"$tmp/coverage.info"
says_so bob security --pass --sign --report "$tmp/coverage.info"
is "$rc" 0 'with a report'
tag=$(git -C "$S" log -1 --format=%B refs/notes/stagegate | sed -n 's/^Evidence: \([0-9a-f]*\) .*/\1/p')
path=$(git -C "$S" ls-tree -r --name-only refs/notes/stagegate | grep "/$tag\$")
statement=$(git -C "$S" show "refs/notes/stagegate:$path")
like "$statement" '^report: "?lcov' 'whose format is told by its name'
like "$statement" '^# kept$' 'and which is kept byte for byte'
cp "$tmp/coverage.info" "$tmp/unknown.txt"
says_so ci-bot tests --pass --report "$tmp/unknown.txt"
is "$rc" 3 'one that could be anything'
like "$out" '--format' 'is to be named'
says_so ci-bot tests --pass --report "$tmp/unknown.txt" --format lcov
is "$rc" 0 'as here'
says_so ci-bot tests --pass --report "$tmp/none.xml"
is "$rc" 3 'one that is not there'
printf 'a\0b' >"$tmp/nul.info"
says_so ci-bot tests --pass --report "$tmp/nul.info" --format lcov
is "$rc" 3 'one with a NUL byte'
says_so ci-bot tests --pass --format lcov
is "$rc" 100 'a format of nothing'
says_so ci-bot tests --pass --repository xyz
is "$rc" 100 'an id that is none'
is "$(git tag)" '' 'no tag anywhere'
is "$(inbox)" '' 'nothing in the inbox'
finish
