#!/bin/sh
# Signed statements: whose they are, and what is wrong with others.
. "${0%/*}/lib.sh"
server
signed_policy() { # signed_policy VERSION [KEYS OF BOB]
	policy <<Y
flow: signed-flow
version: $1
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com], keys: ["$(key alice) alice@desk"]}
  bob:
    emails: [bob@example.com]
    keys: ${2:-[\"$(key bob)\"]}
  carol: {keys: ["$(key carol rsa)", "$(key carol2 ecdsa)"]}
  ci-bot: {robot: true, keys: ["$(key ci)"]}
  relay: {robot: true}
roles:
  developers: [alice, dan]
  reviewers: [alice, bob, carol]
  ci: [ci-bot]
gates:
  tests: {kind: evidence, by: [ci]}
  security: {kind: evidence, by: [reviewers], signed: true}
  other: {kind: evidence, by: [reviewers], signed: true}
  free: {kind: evidence, by: [reviewers]}
stages:
  - {name: development, refs: ["refs/heads/f/*"], push: [developers]}
  - {name: deployment, refs: [refs/heads/main], push: [developers], gates: [security]}
  - {name: later, refs: [refs/heads/later], push: [developers], gates: [tests, other, free]}
Y
}
signed_policy 1.0.0
clone
base=$(commit a.txt one)
push alice "$base:refs/heads/f/a"
accepted 'a commit is in the first stage'
push alice "$base:refs/heads/main"
refused stage.gates 'the gate misses a statement'

# --- who speaks ---
evidence bob security "$base" pass
refused evidence.unsigned 'a gate with signed: true takes no unsigned one'
says 'git tag -s' 'which says what to do'
signed_evidence bob bob security "$base" pass 'repository: 00000000000000000000000000000000'
refused evidence.repository 'one for another repository'
printf 'evidence: 1\ngate: security\nresult: pass\n' >"$tmp/statement"
with_key bob tag -f -s -F "$tmp/statement" "evidence/security/$base" "$base" >/dev/null
push_tag bob "evidence/security/$base"
refused evidence.repository 'one for no repository in particular'
says "repository: $("$stagegate" -C "$S" id)" 'is told the line to add'
signed_evidence dan bob security "$base" pass
refused evidence.signer 'another person than the signer'
signed_evidence ci-bot ci security "$base" pass
refused evidence.not-allowed 'signer not in the role'
key nobody >/dev/null
signed_evidence bob nobody security "$base" pass
refused evidence.signer 'a key of nobody'
says 'SHA256:' 'which names the key'
signed_evidence bob alice free "$base" pass
refused evidence.signer 'the key of somebody else, where none is wanted either'
ledger_lacks '^Evidence:' 'nothing was recorded'

# --- bytes ---
good() { # a good tag object in $tmp/tag, signed by bob
	printf 'evidence: 1\ngate: security\nresult: pass\nrepository: %s\nrun: "%s"\n' \
		"$("$stagegate" -C "$S" id)" "$1" >"$tmp/statement"
	with_key bob tag -f -s -F "$tmp/statement" "evidence/security/$base" "$base" >/dev/null
	git cat-file tag "evidence/security/$base" >"$tmp/tag"
	git tag -d "evidence/security/$base" >/dev/null
}
hand_in() { # hand_in USER: the object in $tmp/tag
	oid=$(git hash-object -t tag -w --stdin <"$tmp/tag") &&
		nonce=$((${nonce:-0} + 1)) &&
		push "$1" "$oid:refs/evidence/security/$base/raw-$nonce"
}
good 1
sed -i 's/^result: pass$/result: fail/' "$tmp/tag"
hand_in bob
refused evidence.signature 'a word was changed after signing'
good 2
echo trailing >>"$tmp/tag"
hand_in bob
refused evidence.signature 'bytes after the signature'
good 3
sed -n '/BEGIN SSH/,$p' "$tmp/tag" >"$tmp/block"
cat "$tmp/block" >>"$tmp/tag"
hand_in bob
refused evidence.signature 'two signatures'
good 4
sed -i '/END SSH/d' "$tmp/tag"
hand_in bob
refused evidence.signature 'a signature that is cut off'
good 5
sed -n '1,/BEGIN SSH/p' "$tmp/tag" | sed '$d' >"$tmp/payload"
ssh-keygen -q -Y sign -n file -f "$tmp/keys/bob" <"$tmp/payload" >"$tmp/block" 2>/dev/null
cat "$tmp/payload" "$tmp/block" >"$tmp/tag"
hand_in bob
refused evidence.signature 'a signature made for something else than git'
good 6
sed -n '1,/BEGIN SSH/p' "$tmp/tag" | sed '$d' >"$tmp/payload"
{
	cat "$tmp/payload"
	printf -- '-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n'
} >"$tmp/tag"
hand_in bob
refused evidence.signature 'OpenPGP'
says 'OpenPGP' 'which is not supported, and is told'
good 7
sed -i "s|evidence/security/|evidence/other/|;s/^gate: security/gate: other/" "$tmp/tag"
oid=$(git hash-object -t tag -w --stdin <"$tmp/tag")
push bob "$oid:refs/evidence/other/$base/moved"
refused evidence.signature 'a signature moved over to another gate'
ledger_lacks '^Evidence:' 'nothing of that was recorded'

# --- good ones ---
good 8
cp "$tmp/tag" "$tmp/first"
hand_in bob
accepted 'a good one'
ledger_has "^Evidence: [0-9a-f]{40} security $base bob pass\$" 'is recorded for its signer'
cp "$tmp/first" "$tmp/tag"
hand_in bob
refused evidence.replay 'the same once more'
sed -n '1,/BEGIN SSH/p' "$tmp/first" | sed '$d' >"$tmp/tag"
hand_in bob
says 'evidence.unsigned|evidence.replay' 'and without its signature'
push alice "$base:refs/heads/main"
accepted 'it lets the commit enter'
signed_evidence carol carol other "$base" pass
accepted 'an RSA key, through ssh-keygen'
signed_evidence carol carol2 other "$base" fail
accepted 'and an ECDSA one'
good 9
sed -n '1,/BEGIN SSH/p' "$tmp/tag" | sed '$d' | sed 's/^run: .*/run: "forged"/' >"$tmp/payload"
ssh-keygen -q -Y sign -n git -f "$tmp/keys/carol" <"$tmp/payload" >"$tmp/block" 2>/dev/null
{ sed 's/forged/other/' "$tmp/payload"; cat "$tmp/block"; } >"$tmp/tag"
hand_in carol
refused evidence.signature 'an RSA signature over other bytes'
is "$(find "$S/stagegate/tmp" -type f 2>/dev/null)" '' 'no file of ssh-keygen is left'
signed_evidence relay alice free "$base" pass
accepted 'a robot relays what somebody else signed'
ledger_has "^Evidence: [0-9a-f]{40} free $base alice pass\$" 'which is that person'\''s'
signed_evidence relay ci free "$base" pass
refused evidence.not-allowed 'relaying makes nobody a reviewer'
evidence relay free "$base" pass
refused evidence.not-allowed 'a robot of no role'

# --- keys that are not valid now ---
signed_policy 1.1.0 "[{key: \"$(key bob)\", until: 2020-01-01}]"
signed_evidence bob bob other "$base" pass
refused evidence.key-validity 'a key whose time is over'
says 'until' 'which says so'
signed_policy 1.2.0 "[{key: \"$(key bob)\", from: 2101-01-01}]"
signed_evidence bob bob other "$base" pass
refused evidence.key-validity 'a key whose time has not come'
signed_policy 1.3.0 "[{key: \"$(key bob)\", revoked: 2020-01-01}]"
signed_evidence bob bob other "$base" pass
refused evidence.key-validity 'a key that was revoked'
n=$(commit b.txt two)
push alice "$n:refs/heads/f/a"
signed_policy 1.4.0
signed_evidence bob bob security "$n" pass
accepted 'valid again'
signed_policy 1.5.0 "[{key: \"$(key bob)\", revoked: 2020-01-01}]"
push alice "$n:refs/heads/main"
refused stage.gates 'what a revoked key signed after that day is void'
says 'was revoked' 'which the report says'
signed_policy 1.6.0 "[\"$(key bob2)\"]"
push alice "$n:refs/heads/main"
refused stage.gates 'and so is what a key signed that nobody has any more'
signed_policy 1.7.0 "[\"$(key bob2)\", {key: \"$(key bob)\", until: 2020-01-01}]"
push alice "$n:refs/heads/main"
accepted 'but not what one signed whose time is over since'
finish
