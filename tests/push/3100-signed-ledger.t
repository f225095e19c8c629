#!/bin/sh
# A server key that signs the ledger.
. "${0%/*}/lib.sh"
server
key server >/dev/null
signing_policy() { # signing_policy VERSION FILE
	version=$1
	standard_policy "ledger: {sign_key: $2}"
}
printf 'server namespaces="git" %s\n' "$(key server)" >"$tmp/allowed"
verified() { # verified COMMIT: by git itself
	git -C "$S" -c gpg.ssh.allowedSignersFile="$tmp/allowed" verify-commit "$1" 2>&1
}
signing_policy 1.0.0 "$tmp/keys/server"
clone
a=$(commit a.txt one)
push alice "$a:refs/heads/feature/a"
accepted 'a push'
verified refs/notes/stagegate >/dev/null
ok $? 'whose record git finds well signed'
like "$(verified refs/notes/stagegate)" 'Good "git" signature for server' 'by the server'
attested "$a"
push alice "$a:refs/heads/integration"
accepted 'statements and a promotion'
bad=
for c in $(git -C "$S" rev-list refs/notes/stagegate); do
	verified "$c" >/dev/null || bad="$bad $c"
done
is "$bad" '' 'every record is signed'
git -C "$S" cat-file commit refs/notes/stagegate | sed 's/^Pusher: alice/Pusher: bobby/' >"$tmp/forged"
forged=$(git -C "$S" hash-object -t commit -w "$tmp/forged")
is "$(verified "$forged" >/dev/null 2>&1 && echo good)" '' 'a forged one is not'

# --- verified by an auditor ---
records=$(git -C "$S" rev-list --count refs/notes/stagegate)
# As a pattern: base64 has a + in it.
fingerprint=$(ssh-keygen -lf "$tmp/keys/server.pub" | cut -d' ' -f2 | sed 's/+/[+]/g')
audit() { # audit ARGS..: of the server, or of $T
	out=$("$stagegate" -C "${T:-$S}" verify "$@" 2>&1)
	rc=$?
}
audit
is "$rc" 0 'verify finds nothing'
says "^verify: $records signed by the server's key $fingerprint, the first that signed" 'and says whose key it is'
audit --server-key "$tmp/keys/server.pub"
is "$rc" 0 'nor when it is told'
key other >/dev/null
audit --server-key "$tmp/keys/other.pub"
is "$rc" 1 'another key'
says "^error: [0-9a-f]{8}: it is signed by the key $fingerprint, the server's is SHA256:" 'is named'
audit --server-key "$tmp/allowed"
is "$rc" 3 'a file that is no key'
T=$tmp/tampered.git
cp -a "$S" "$T"
git -C "$T" cat-file commit refs/notes/stagegate |
	sed '/^gpgsig /d; /^ /d' >"$tmp/record"
git -C "$T" update-ref refs/notes/stagegate "$(git -C "$T" hash-object -t commit -w "$tmp/record")"
audit
is "$rc" 1 'a record without signature'
says '^error: [0-9a-f]{8}: it lacks the server.s signature' 'is named'
git -C "$T" update-ref refs/notes/stagegate "$forged"
audit
is "$rc" 1 'one that was altered'
says '^error: [0-9a-f]{8}: its signature is not that of the key' 'is named'
sed -n '1,/^$/{/^gpgsig /d;/^ /d;p}' "$tmp/forged" >"$tmp/payload"
sed '1,/^$/d' "$tmp/forged" >>"$tmp/payload"
ssh-keygen -q -Y sign -n git -f "$tmp/keys/other" <"$tmp/payload" >"$tmp/armour" 2>/dev/null
{
	sed -n '1,/^$/{/^$/d;p}' "$tmp/payload"
	sed '1s/^/gpgsig /; 2,$s/^/ /' "$tmp/armour"
	sed -n '/^$/,$p' "$tmp/payload"
} >"$tmp/signed"
git -C "$T" update-ref refs/notes/stagegate "$(git -C "$T" hash-object -t commit -w "$tmp/signed")"
audit
is "$rc" 1 'one signed by somebody else'
says "^error: [0-9a-f]{8}: it is signed by the key SHA256:.*, the server's is $fingerprint" 'is named'
T=

# what can't be recorded must not happen
before=$(git -C "$S" rev-parse refs/notes/stagegate)
chmod 644 "$tmp/keys/server"
push alice "$a:refs/heads/feature/b"
refused internal 'a key that others may read'
says 'others can read' 'which is said'
chmod 600 "$tmp/keys/server"
mv "$tmp/keys/server" "$tmp/keys/away"
push alice "$a:refs/heads/feature/b"
refused internal 'a key that is not there'
says 'the key that signs the ledger' 'which is said'
ref_is refs/heads/feature/b '' 'no ref was made'
is "$(git -C "$S" rev-parse refs/notes/stagegate)" "$before" 'nothing was recorded'
mv "$tmp/keys/away" "$tmp/keys/server"
push alice "$a:refs/heads/feature/b"
accepted 'the key is back'

# a key that looks well and can't sign: what git moved is recorded later
cp "$tmp/keys/server" "$tmp/keys/saved"
ssh-keygen -q -p -N secret -P '' -f "$tmp/keys/server" >/dev/null
push alice "$a:refs/heads/feature/c"
ref_is refs/heads/feature/c "$a" 'with a passphrase, git has moved the ref'
says 'recorded' 'and the pusher hears that it is not recorded yet'
push alice "$a:refs/heads/feature/d"
refused internal 'the next push is refused'
cp "$tmp/keys/saved" "$tmp/keys/server"
chmod 600 "$tmp/keys/server"
push alice "$a:refs/heads/feature/d"
accepted 'until it can sign again'
ledger_has "^Update: 0{40} $a refs/heads/feature/c development .* recovered\$" 'and then records what was left'
verified refs/notes/stagegate >/dev/null
ok $? 'signed'

signing_policy 1.1.0 relative/path
push alice "$a:refs/heads/feature/e"
refused policy.invalid 'a path that is not absolute'
version=1.2.0
standard_policy
push alice "$a:refs/heads/feature/e"
accepted 'without a key'
is "$(git -C "$S" cat-file commit refs/notes/stagegate | grep -c gpgsig)" 0 'records are unsigned'
audit
is "$rc" 0 'which their policy allows'
audit --server-key "$tmp/keys/server.pub"
is "$rc" 1 'and is told to whom expects signatures'
finish
