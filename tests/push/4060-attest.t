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
is "$(git tag)" '' 'no tag anywhere'
is "$(inbox)" '' 'nothing in the inbox'
finish
