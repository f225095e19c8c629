#!/bin/sh
# What update takes is a plan that pre-receive made for this very push, however
# the hooks are called.
# shellcheck disable=SC2016 # what the hooks of this script expand
. "${0%/*}/lib.sh"
server
standard_policy
clone
base=$(commit a.txt one)
walk "$base" deployment
Z=0000000000000000000000000000000000000000

wrap() { # wrap HOOK <script: the real one becomes real-HOOK
	[ -e "$S/hooks/real-$1" ] || mv "$S/hooks/$1" "$S/hooks/real-$1"
	rm -f "$S/hooks/$1"
	cat >"$S/hooks/$1"
	chmod +x "$S/hooks/$1"
}
unwrap() {
	mv "$S/hooks/real-$1" "$S/hooks/$1"
}
failed() { # failed TEXT: whatever the words
	[ "$rc" != 0 ]
	ok $? "$1"
	[ "$rc" != 0 ] || note "$out"
}
records() { # of COMMIT on REF
	ledger | grep -c "^Update: [0-9a-f]* $1 $2 .* accepted$"
}

# by hand
out=$(cd "$S" && REMOTE_USER=alice GIT_DIR=. hooks/update refs/heads/feature/hand "$Z" "$base" 2>&1)
rc=$?
failed 'update run by hand has no plan'
out=$(cd "$S" && REMOTE_USER=alice GIT_DIR=. hooks/update 2>&1)
rc=$?
failed 'update without arguments'
before=$(ledger)
printf '%s %s refs/heads/feature/hand\n' "$Z" "$base" |
    (cd "$S" && REMOTE_USER=alice GIT_DIR=. hooks/post-receive >"$tmp/out" 2>&1)
is "$(ledger)" "$before" 'post-receive run by hand records nothing'

# no pre-receive
c=$(commit b.txt two)
mv "$S/hooks/pre-receive" "$tmp/pre-receive"
push alice "$c:refs/heads/feature/two"
failed 'without pre-receive there is no plan, and update refuses'
ref_is refs/heads/feature/two '' 'the ref was not made'
mv "$tmp/pre-receive" "$S/hooks/pre-receive"

# a plan of a push that is over
mkdir "$tmp/stolen"
wrap pre-receive <<Y
#!/bin/sh
"$S/hooks/real-pre-receive" || exit
cp -p "$S"/stagegate/plans/* "$tmp/stolen/"
Y
wrap update <<'Y'
#!/bin/sh
exit 1
Y
push alice "$c:refs/heads/feature/two"
failed 'a push that another update hook refuses'
unwrap update
grep -q "^  new: $c" "$tmp"/stolen/*
ok $? 'its plan has been copied'
mkdir "$tmp/aside"
mv "$S/hooks/real-pre-receive" "$tmp/aside/"
wrap pre-receive <<Y
#!/bin/sh
cp -p "$tmp"/stolen/* "$S/stagegate/plans/"
Y
push alice "$c:refs/heads/feature/two"
failed 'the copy serves no other push'
ref_is refs/heads/feature/two '' 'the ref was not made'
is "$(records "$c" refs/heads/feature/two)" 0 'nor was anything recorded'
rm -f "$S/hooks/real-pre-receive"
mv "$tmp/aside/real-pre-receive" "$S/hooks/real-pre-receive"
unwrap pre-receive
push alice "$c:refs/heads/feature/two"
accepted 'the real one makes a plan of its own'
is "$(records "$c" refs/heads/feature/two)" 1 'recorded once'

# a shell in between, that does not exec
for hook in pre-receive update post-receive; do
	wrap "$hook" <<Y
#!/bin/sh
"$S/hooks/real-$hook" "\$@"
status=\$?
exit \$status
Y
done
d=$(commit c.txt three)
push alice "$d:refs/heads/feature/three"
accepted 'through shell wrappers'
is "$(records "$d" refs/heads/feature/three)" 1 'recorded as accepted'
push dana "$d:refs/heads/main"
refused stage.skip 'skipping is refused through wrappers'

# a directory of hooks
for hook in pre-receive update post-receive; do
	mkdir "$S/hooks/$hook.d"
	mv "$S/hooks/real-$hook" "$S/hooks/$hook.d/50-stagegate"
	printf '#!/bin/sh\ncat >/dev/null\nexit 0\n' >"$S/hooks/$hook.d/10-other"
	chmod +x "$S/hooks/$hook.d/10-other"
	rm "$S/hooks/$hook"
	cat >"$S/hooks/$hook" <<'Y'
#!/bin/sh
[ "${0##*/}" = update ] || input=$(cat)
for script in "$0.d"/*; do
	if [ "${0##*/}" = update ]; then
		"$script" "$@" </dev/null || exit 1
	else
		printf '%s\n' "$input" | "$script" || exit 1
	fi
done
Y
	chmod +x "$S/hooks/$hook"
done
e=$(commit d.txt four)
push alice "$e:refs/heads/feature/four"
accepted 'through hooks/*.d'
is "$(records "$e" refs/heads/feature/four)" 1 'recorded as accepted'
push dana "$e:refs/heads/main"
refused stage.skip 'skipping is refused through hooks/*.d'
for hook in pre-receive update post-receive; do
	mv "$S/hooks/$hook.d/50-stagegate" "$S/hooks/$hook"
	rm -r "$S/hooks/$hook.d"
done

# git http-backend
http() { # http USER OLD NEW REF
	line="$2 $3 $4"
	size=$((4 + ${#line} + 1 + 29))
	{
		printf '%04x%s\0 report-status side-band-64k\n0000' "$size" "$line"
		git rev-list --objects "$3" | cut -d' ' -f1 | git pack-objects --stdout -q
	} >"$tmp/body"
	out=$(REQUEST_METHOD=POST PATH_INFO=/server.git/git-receive-pack \
	    GIT_PROJECT_ROOT=$tmp GIT_HTTP_EXPORT_ALL=1 REMOTE_USER=$1 REMOTE_ADDR=127.0.0.1 \
	    QUERY_STRING='' CONTENT_TYPE=application/x-git-receive-pack-request \
	    CONTENT_LENGTH=$(($(wc -c <"$tmp/body"))) \
	    git http-backend <"$tmp/body" 2>&1 | tr -d '\000-\010')
	rc=1
	case $out in *"ok $4"*) rc=0 ;; esac
}
f=$(commit e.txt five)
http alice "$Z" "$f" refs/heads/feature/five
accepted 'through git http-backend'
is "$(records "$f" refs/heads/feature/five)" 1 'recorded as accepted'
like "$(ledger | sed -n '3,5p')" '^Pusher: alice' 'of the one whom the server named'
http dana "$base" "$f" refs/heads/main
refused stage.skip 'skipping is refused through git http-backend'
ref_is refs/heads/main "$base" 'main did not move'
finish
