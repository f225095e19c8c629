#!/bin/sh
# Web hooks: what is posted, signed, tried again, in order; and never a secret
# for others to see.
. "${0%/*}/lib.sh"
server
sink http
hook=$tmp/http
printf 'a key\n' >"$tmp/secret"
chmod 600 "$tmp/secret"
told() { # told VERSION RULES
	policy <<Y
flow: hook-flow
version: $1
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/f/*"], push: [all]}
notify:
$2
Y
}
url="http://127.0.0.1:$port/hook?token=hush"
told 1.0.0 "  - {on: [entered], webhook: \"$url\", secret_file: $tmp/secret}"
clone
hmac() { # hmac KEY FILE, with \n for a line end
	perl -MDigest::SHA=hmac_sha256_hex -0777 -e '$k = shift; $k =~ s/\\n/\n/g;
		print hmac_sha256_hex(<STDIN>, $k)' "$1" <"$2"
}
n=0
pushed() { # one more branch
	n=$((n + 1))
	push alice "$c:refs/heads/f/$n"
}
came() { # came [.refused]: refs, in order
	quiet
	cat "$hook"/*.body"${1:-}" 2>/dev/null | jq -rs 'map(.ref) | join(" ")' |
	    sed 's,refs/heads/f/,,g'
}
due() { # what has to pause need not
	sed -i 's/"next":[0-9]*/"next":0/' "$S"/stagegate/outbox/to/*
}

c=$(commit a.txt one)
pushed
accepted 'a push'
is "$(came)" 1 'is posted'
head=$(cat "$hook/0001.head")
like "$head" '^POST /hook\?token=hush HTTP' 'to that address'
like "$head" '^[Cc]ontent-[Tt]ype: application/cloudevents\+json' 'as CloudEvents are in structured mode'
like "$head" "^X-Stagegate-Signature: sha256=$(hmac 'a key' "$hook/0001.body")" 'signed with the key less its final newline'
is "$(jq -r '.specversion + " " + .data.context.specversion' <"$hook/0001.body")" '1.0 0.5.1' 'the event'

# It fails, and comes back.
answer http 500
pushed
pushed
is "$(came)" 1 'what fails is not there'
is "$(came .refused)" 2 'and holds back what comes after it'
says() { like "$("$stagegate" -C "$S" "$1" 2>&1)" "$2" "$3"; }
says outbox "^webhook http://127.0.0.1:$port: 2 waiting, failed 1 times" 'outbox: how many wait'
says outbox 'the server answered 500' 'and why'
says status 'the server answered 500' 'status says so too'
unlike "$("$stagegate" -C "$S" outbox 2>&1; "$stagegate" -C "$S" --json status)" 'hush' 'neither shows the secret in the address'
pushed
is "$(came .refused)" 2 'there is a pause'
due
pushed
is "$(came .refused)" '2 2' 'after which a push tries again'
answer http
due
pushed
is "$(came)" '1 2 3 4 5 6' 'and all is there, in order'
says outbox 'nothing waits' 'nothing is left'
is "$(cat "$hook"/*.body* | jq -r 'select(.ref == "refs/heads/f/2") | .id' | sort -u | wc -l)" 1 \
    'an event that is sent again has the same id'
is "$(sort -u "$hook"/*.head* | grep -c '^X-Stagegate-Signature')" 6 'and the same bytes'

# deliver does not wait.
answer http 503
pushed
quiet
out=$("$stagegate" -C "$S" deliver 2>&1)
is "$?" 1 'deliver says that it failed'
like "$out" '^0 delivered, 0 given up, 1 still waiting' 'and how much waits'
is "$(came .refused)" '2 2 7 7' 'it did try, for all the pause'
answer http
out=$("$stagegate" -C "$S" deliver --once 2>&1)
is "$?:$out" '0:1 delivered, 0 given up, 0 still waiting, 0 dead' 'then it is through'

# What is no success.
for what in 199 301 404 599 close "redirect http://127.0.0.1:$port/elsewhere"; do
	answer http "$what"
	pushed
	quiet
	is "$("$stagegate" -C "$S" --json outbox | jq '.waiting[0].events | length')" 1 "not delivered: $what"
	answer http
	"$stagegate" -C "$S" deliver >/dev/null 2>&1
done
unlike "$(cat "$hook"/*.head*)" '/elsewhere' 'redirects are not followed'
for what in 200 201 202 204 299; do
	answer http "$what"
	pushed
done
is "$(came | wc -w)" "$n" 'any 2xx is success'

# A server that hangs holds up nobody's push, nor does it take a secret out.
answer http hang
pushed
accepted 'a push while it hangs'
for _ in 1 2 3 4 5 6 7 8 9 10 20 30; do
	pgrep -u "$(id -u)" -f -- "--config /dev/fd/4" >"$tmp/curls" && break
	sleep 0.1
done
while read -r pid; do
	tr '\0' '\n' <"/proc/$pid/cmdline"
	tr '\0' '\n' <"/proc/$pid/environ"
done <"$tmp/curls" >"$tmp/seen" 2>/dev/null
like "$(cat "$tmp/seen")" '^--config$' 'is over while curl still waits'
unlike "$(cat "$tmp/seen")" 'hush|a key|sha256|127.0.0.1' 'which has nothing secret in its arguments or environment'
answer http
quiet
says outbox 'no answer within 10 s' 'it was not waited for longer than that'
"$stagegate" -C "$S" deliver >/dev/null 2>&1
is "$(came | wc -w)" "$n" 'it came at last'

# The key: of others it is none.
chmod 644 "$tmp/secret"
pushed
quiet
says outbox 'others can read' 'a key that others can read'
chmod 600 "$tmp/secret"
: >"$tmp/secret"
"$stagegate" -C "$S" deliver >/dev/null 2>&1
says outbox 'it is empty' 'an empty one'
rm "$tmp/secret"
"$stagegate" -C "$S" deliver >/dev/null 2>&1
says outbox "can't be read" 'a missing one'
printf 'raw\nkey\n\n' >"$tmp/secret"
chmod 600 "$tmp/secret"
"$stagegate" -C "$S" deliver >/dev/null 2>&1
last=$(find "$hook" -name '*.body' | sort | tail -n 1)
like "$(cat "${last%.body}.head")" "sha256=$(hmac 'raw\nkey\n' "$last")" 'a key of several lines loses one line end'

# Without a key; two that are given the same.
told 1.1.0 "  - {on: [entered], webhook: \"http://127.0.0.1:$port/plain\"}
  - {on: [entered], webhook: \"http://127.0.0.1:$port/plain\"}"
rm -rf "$hook"/*.*
pushed
is "$(came)" "$n" 'one address is told once, whatever the number of rules'
unlike "$(cat "$hook"/*.head)" 'Signature' 'unsigned without a key'
git -C "$S" config stagegate.curl curl
pushed
quiet
says outbox 'no absolute path' 'curl is never looked for in PATH'
git -C "$S" config stagegate.curl /usr/bin/curl
"$stagegate" -C "$S" deliver >/dev/null 2>&1
is "$(came)" "$((n - 1)) $n" 'its path may be set'
finish
