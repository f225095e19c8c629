#!/bin/sh
# git http-backend behind nginx with basic authentication: REMOTE_USER is who
# pushes.
# shellcheck disable=SC2119 # defaults
. "${0%/*}/lib.sh"
server
standard_policy
git -C "$S" config stagegate.host http
http_start
for name in alice bob carol dana ci-bot; do
	http_person "$name" "secret-$name"
done
clone

push() { # push USER ARGS..: with that person's password
	who=$1
	shift
	out=$(timeout 120 git push "$(http_to "$who" "secret-$who")" "$@" 2>&1)
	rc=$?
}

base=$(commit a.txt one)
walk "$base" deployment
ref_is refs/heads/main "$base" 'a change walks through every stage'
ledger_has '^Pusher: dana$' 'recorded with the name of the login'
c=$(commit b.txt two)
push dana "$c:refs/heads/main"
refused stage.skip 'a push that leaves stages out is refused'
says '^remote: hint: push ' 'and says what to do'
says '^remote: stagegate: test-flow 1\.0\.0 refused 1 of 1 ref' 'and the verdict'
push alice "$c:refs/heads/main"
refused push.role 'a login that may not push there is refused'
push dana -o report=json "$c:refs/heads/main"
says '^remote: \{"v":1,' 'push options arrive'
is "$(printf '%s\n' "$out" | sed -n 's/^remote: \({.*}\) *$/\1/p' | jq -r '.refs[0].code')" \
    stage.skip 'and are obeyed'

# no way in
denied() { # denied TEXT URL [GIT OPTIONS]
	what=$1
	url=$2
	shift 2
	out=$(timeout 60 git "$@" push "$url" "$c:refs/heads/feature/denied" 2>&1)
	rc=$?
	[ "$rc" != 0 ]
	ok $? "$what: no way in"
	ref_is refs/heads/feature/denied '' "$what: makes nothing"
}
denied 'a wrong password' "$(http_to alice wrong)"
denied 'nobody of that name' "$(http_to mallory secret-alice)"
denied 'no password' "$http_url/server.git"
denied 'a name in a header' "$http_url/server.git" \
    -c http.extraHeader='Remote-User: alice' -c http.extraHeader='REMOTE_USER: alice'

# a name in a header beside a login
for header in 'Remote-User: dana' 'REMOTE_USER: dana' 'GL_USER: dana' 'X-Remote-User: dana'; do
	out=$(timeout 60 git -c http.extraHeader="$header" \
	    push "$(http_to alice secret-alice)" "$c:refs/heads/main" 2>&1)
	rc=$?
	refused push.role "alice with the header '$header' is alice"
done

# more than fits a request of known length
head -c 3000000 /dev/urandom >big.bin
d=$(commit d.txt big)
out=$(GIT_TRACE_CURL=1 timeout 120 git -c http.postBuffer=65536 \
    push "$(http_to alice secret-alice)" "$d:refs/heads/feature/big" 2>"$tmp/trace")
rc=$?
accepted 'a big push'
grep -qi 'send header: transfer-encoding: chunked' "$tmp/trace"
ok $? 'goes in chunks'
ref_is refs/heads/feature/big "$d" 'and arrives'
ledger_has "^Update: 0* $d refs/heads/feature/big " 'and is recorded'

# compressed, which git's own client does with what it asks for and others may
# do with what they push
e=$(commit e.txt four)
{
	line="$(printf '%040d' 0) $e refs/heads/feature/gzip"
	asks=' report-status side-band-64k'
	# a length that counts itself, and the NUL
	printf '%04x%s\0%s0000' $((4 + ${#line} + 1 + ${#asks})) "$line" "$asks"
	printf '%s\n^%s\n' "$e" "$d" | git pack-objects --revs --stdout -q
} | gzip >"$tmp/request.gz"
curl -s --max-time 60 -u alice:secret-alice -o "$tmp/response" \
    -H 'Content-Encoding: gzip' -H 'Content-Type: application/x-git-receive-pack-request' \
    --data-binary "@$tmp/request.gz" "$http_url/server.git/git-receive-pack"
is $? 0 'a compressed push is answered'
ref_is refs/heads/feature/gzip "$e" 'and made'
grep -aq 'unpack ok' "$tmp/response" && grep -aq 'ok refs/heads/feature/gzip' "$tmp/response"
ok $? 'and reported'

# several at once, each of which is told of its own
for who in alice bob; do
	git push -q "$(http_to "$who" "secret-$who")" "$e:refs/heads/feature/$who" \
	    >"$tmp/$who.said" 2>&1 &
	waits="${waits:-} $!"
done
git push "$(http_to dana secret-dana)" "$e:refs/heads/main" >"$tmp/dana.said" 2>&1
grep -Fq '[stage.skip]' "$tmp/dana.said"
ok $? 'beside two others a refusal'
# shellcheck disable=SC2086 # several
for pid in $waits; do
	wait "$pid"
	ok $? 'beside it an accepted push'
done
ref_is refs/heads/main "$base" 'nothing of what was refused moved'
finish
