#!/bin/sh
# Identity push-cert: who signed the push, found from the certificate itself.
. "${0%/*}/lib.sh"
server
git -C "$S" config receive.certNonceSeed 'a secret of the tests'
cert_policy() { # cert_policy VERSION FROM
	policy <<Y
flow: cert-flow
version: $1
identity: {from: $2}
people:
  alice: {keys: ["$(key alice)"]}
  bob: {keys: [{key: "$(key bob)", until: 2020-01-01}]}
  carol: {keys: ["$(key carol rsa)"]}
roles: {developers: [alice, bob, carol], release: [carol], all: ["*"]}
gates:
  reviewed: {kind: review, by: [developers]}
stages:
  - {name: development, refs: ["refs/heads/f/*"], push: [developers], rewind: true}
  - {name: deployment, refs: [refs/heads/main], push: [release], gates: [reviewed]}
Y
}
signed_push() { # signed_push KEY ARGS..
	key "$1" >/dev/null
	name=$1
	shift
	out=$(with_key "$name" push --signed origin "$@" 2>&1)
	rc=$?
}
# The environment that receive-pack would make, laid over an unsigned push.
pretend() { # pretend BLOB NONCE ARGS..
	blob=$1
	nonce_given=$2
	shift 2
	out=$(GIT_PUSH_CERT=$blob GIT_PUSH_CERT_STATUS=G GIT_PUSH_CERT_SIGNER=alice \
		GIT_PUSH_CERT_KEY=alice GIT_PUSH_CERT_NONCE=$nonce_given \
		GIT_PUSH_CERT_NONCE_STATUS=OK git push origin "$@" 2>&1)
	rc=$?
}
cert_policy 1.0.0 '[push-cert]'
clone
a=$(commit a.txt one)
b=$(commit b.txt two)

push alice "$a:refs/heads/f/a"
refused push.identity 'a push that is not signed'
says 'git push --signed' 'which says what to do'
signed_push alice "$a:refs/heads/f/a"
accepted 'a signed one'
ledger_has '^Pusher: alice$' 'is by who signed it'
cert=$(git -C "$S" log -1 --format=%B refs/notes/stagegate | sed -n 's/^Certificate: //p')
like "$cert" '^[0-9a-f]{40}$' 'and names its certificate'
stored=$(git -C "$S" show "refs/notes/stagegate:certificates/$(printf %s "$cert" | sed 's|^\(..\)\(..\)|\1/\2/|')")
like "$stored" '^certificate version 0.1' 'which the ledger keeps'
like "$stored" "$a refs/heads/f/a" 'word for word'
signed_push mallory "$b:refs/heads/f/a"
refused push.identity 'a key of nobody'
says 'SHA256:' 'which is named'
signed_push bob "$b:refs/heads/f/a"
refused push.identity 'a key whose time is over'
signed_push carol "$b:refs/heads/f/carol"
accepted 'an RSA key, through ssh-keygen'
signed_push alice "$a:refs/heads/main"
refused push.role 'the signer decides about roles'
signed_push alice -o report=json "$a:refs/heads/main"
says '"code": ?"push.role"' 'push options are signed too, and understood'

# --- the word of the environment ---
signed_push alice "$b:refs/heads/f/a"
accepted 'from a to b'
cert=$(git -C "$S" log -1 --format=%B refs/notes/stagegate | sed -n 's/^Certificate: //p')
git -C "$S" show "refs/notes/stagegate:certificates/$(printf %s "$cert" | sed 's|^\(..\)\(..\)|\1/\2/|')" >"$tmp/cert"
nonce_used=$(sed -n 's/^nonce //p' "$tmp/cert")
blob=$(git -C "$S" hash-object -w -t blob "$tmp/cert")
signed_push alice -f "$a:refs/heads/f/a"
accepted 'and back again'
pretend "$blob" "$nonce_used" "$b:refs/heads/f/a"
refused push.identity 'a certificate that was used before'
says 'used before' 'which is told'
pretend "$blob" "$nonce_used" "$b:refs/heads/f/other"
refused push.identity 'one of another push'
says 'its commands are' 'which is told'
pretend "$blob" other "$b:refs/heads/f/a"
refused push.identity 'one of another nonce'
pretend 1234567890123456789012345678901234567890 x "$b:refs/heads/f/a"
refused push.identity 'one that is not there'
pretend no-object x "$b:refs/heads/f/a"
refused push.identity 'one that can be no object'
sed "s| refs/heads/f/a\$| refs/heads/f/b|" "$tmp/cert" >"$tmp/other"
pretend "$(git -C "$S" hash-object -w -t blob "$tmp/other")" "$nonce_used" "+$b:refs/heads/f/b"
refused push.identity 'one that was altered'
sed '/BEGIN SSH/,$d' "$tmp/cert" >"$tmp/other"
pretend "$(git -C "$S" hash-object -w -t blob "$tmp/other")" "$nonce_used" "$b:refs/heads/f/a"
refused push.identity 'one without signature'
out=$(with_key alice push --signed -o one origin "$b:refs/heads/f/o" 2>&1)
rc=$?
accepted 'options of other software are signed too'

# --- with other sources ---
cert_policy 1.1.0 '[REMOTE_USER, push-cert]'
push alice "$b:refs/heads/f/u"
accepted 'who did not sign is who the server says'
REMOTE_USER=carol
export REMOTE_USER
signed_push alice "$b:refs/heads/f/v"
refused push.identity 'signer and user differ'
says 'different people' 'which is told'
REMOTE_USER=alice
signed_push alice "$b:refs/heads/f/v"
accepted 'signer and user agree'
signed_push mallory "$b:refs/heads/f/w"
refused push.identity 'a bad signature is nobody, whatever the server says'
unset REMOTE_USER

# --- a server that gives no nonce can't bind a signature to a push ---
cert_policy 1.2.0 '[push-cert]'
git -C "$S" config --unset receive.certNonceSeed
signed_push alice "$b:refs/heads/f/z"
[ "$rc" != 0 ]
ok $? 'nothing is accepted then'
finish
