#!/bin/sh
# Statements that are refused, each with its code, and nothing of it recorded.
. "${0%/*}/lib.sh"
server
standard_policy
sed -i 's/^gates:/limits: {evidence: 64KiB}\ngates:\n  by-client: {kind: evidence, by: [ci], matrix: [acme, globex]}\n  title: {kind: message, subject: {max: 200}}/; s/gates: \[tests, peer-review\]/gates: [tests, peer-review, by-client, title]/' "$tmp/server.yml"
clone
c=$(commit a.txt one)
push alice "$c:refs/heads/feature/a"
accepted 'a subject'
stranger=$(commit b.txt 'never pushed')
before=$(git -C "$S" rev-parse refs/notes/stagegate)

# say USER CODE TEXT GATE COMMIT MESSAGE [TAGNAME] [REF]
say() {
	printf '%s' "$6" >"$tmp/statement"
	tag=${7:-evidence/$4/$5}
	git tag -f -a --cleanup=verbatim -F "$tmp/statement" "$tag" "$5" >/dev/null
	nonce=$((${nonce:-0} + 1))
	push "$1" "refs/tags/$tag:${8:-refs/evidence/$4/$5/$nonce}"
	git tag -d "$tag" >/dev/null
	refused "$2" "$3"
}
good="evidence: 1
gate: tests
result: pass
"
say ci-bot evidence.gate 'a gate that is not there' nothing "$c" "evidence: 1
gate: nothing
result: pass
"
say ci-bot evidence.gate 'a gate that takes no evidence' title "$c" "evidence: 1
gate: title
result: pass
"
say ci-bot evidence.name 'a tag of another name' tests "$c" "$good" "evidence/tests/$stranger"
say ci-bot evidence.name 'a gate that the ref does not say' tests "$c" "evidence: 1
gate: peer-review
result: pass
"
say ci-bot evidence.subject 'a commit that nobody pushed' tests "$stranger" "$good"
say ci-bot evidence.result 'a result that is none' tests "$c" "evidence: 1
gate: tests
result: maybe
"
say ci-bot evidence.key 'an unknown key' tests "$c" "${good}resutl: pass
"
say ci-bot evidence.key 'a matrix value that the gate does not have' by-client "$c" "evidence: 1
gate: by-client
result: pass
matrix: initech
"
say ci-bot evidence.yaml 'not YAML' tests "$c" "${good}: [
"
say ci-bot evidence.document 'a second document' tests "$c" "${good}...
more: yes
"
say ci-bot evidence.duplicate 'a key twice' tests "$c" "${good}result: fail
"
say ci-bot evidence.version 'another version' tests "$c" "evidence: 2
gate: tests
result: pass
"
say ci-bot evidence.expired 'expired' tests "$c" "${good}expires: 2020-01-01T00:00:00Z
"
say ci-bot evidence.repository 'about another repository' tests "$c" "${good}repository: 0123456789abcdef0123456789abcdef
"
say alice evidence.not-allowed 'by somebody who may not' tests "$c" "$good"
say ci-bot evidence.size 'too big' tests "$c" "${good}summary: $(head -c 70000 /dev/zero | tr '\0' x)
"
blob=$(git rev-parse "$c:a.txt")
say ci-bot evidence.target 'about a blob' tests "$blob" "$good"
git tag -a -m inner inner "$c"
say ci-bot evidence.nested 'a tag of a tag' tests "$(git rev-parse inner)" "$good" "evidence/tests/$c" "refs/evidence/tests/$c/nested"
push ci-bot "$c:refs/evidence/tests/$c/direct"
refused evidence.target 'a commit instead of a tag'
is "$(git -C "$S" rev-parse refs/notes/stagegate)" "$before" 'nothing was recorded'
is "$(refs | grep -c evidence)" 0 'nothing stays in the inbox'

printf '%s' "$good" >"$tmp/statement"
git tag -f -a -F "$tmp/statement" "evidence/tests/$c" "$c" >/dev/null
push ci-bot "refs/tags/evidence/tests/$c:refs/evidence/tests/$c/once"
accepted 'a good one is taken'
push ci-bot "refs/tags/evidence/tests/$c:refs/evidence/tests/$c/twice"
refused evidence.replay 'but not twice'
git tag -d "evidence/tests/$c" >/dev/null
finish
