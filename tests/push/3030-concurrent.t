#!/bin/sh
# Many at once: every push that was accepted is in the ledger, once.
. "${0%/*}/lib.sh"
server
standard_policy
clone
base=$(commit a.txt one)
walk "$base" integration
accepted 'a commit on integration'
Z=0000000000000000000000000000000000000000

many='1 2 3 4 5 6 7 8'
for i in $many; do
	git clone -q "$S" "$tmp/client-$i" -b integration 2>/dev/null
	cd "$tmp/client-$i" || exit 1
	commit "f-$i" one "by client $i" >"$tmp/c-$i"
	commit "g-$i" two "by client $i" >"$tmp/d-$i"
	commit "h-$i" three "by client $i" >"$tmp/e-$i"
done
at_once() { # at_once PREFIX LETTER REF [--force]: every client pushes, all at the same time
	for i in $many; do
		(
			cd "$tmp/client-$i" || exit 1
			while [ ! -e "$tmp/$1-go" ]; do :; done
			REMOTE_USER=alice git push ${4:+"$4"} origin \
			    "$(cat "$tmp/$2-$i"):$(printf '%s' "$3" | sed "s/%/$i/")" >"$tmp/$1-out-$i" 2>&1
			echo $? >"$tmp/$1-rc-$i"
		) &
	done
	: >"$tmp/$1-go"
	wait
}
recorded() { # recorded COMMIT REF
	ledger | grep -c "^Update: [0-9a-f]* $1 $2 development [a-z-]* accepted$"
}
# The newest record of REF is its tip, and its records are one chain.
chain() { # chain REF TEXT
	want=$Z
	broken=
	ledger | sed -n "s,^Update: \\([0-9a-f]* [0-9a-f]*\\) $1 .*,\\1,p" | awk '{a[NR]=$0} END {for (i=NR;i>0;i--) print a[i]}' >"$tmp/chain"
	while read -r old new; do
		[ "$old" = "$want" ] || broken="$broken $old..$new"
		want=$new
	done <"$tmp/chain"
	is "$broken" '' "$2: its records are one chain"
	ref_is "$1" "$want" "$2: and end at its tip"
}

n=$(git -C "$S" rev-list --count refs/notes/stagegate)
at_once own c refs/heads/feature/own-%
for i in $many; do
	rc=$(cat "$tmp/own-rc-$i")
	out=$(cat "$tmp/own-out-$i")
	accepted "client $i on a ref of its own"
	is "$(recorded "$(cat "$tmp/c-$i")" "refs/heads/feature/own-$i")" 1 'recorded once'
done
is "$(git -C "$S" rev-list --count refs/notes/stagegate)" "$((n + 8))" 'eight commits of the ledger'

race() { # race PREFIX LETTER REF [--force]
	at_once "$@"
	won=0
	bad=
	for i in $many; do
		times=$(recorded "$(cat "$tmp/$2-$i")" "$3")
		if [ "$(cat "$tmp/$1-rc-$i")" = 0 ]; then
			won=$((won + 1))
			[ "$times" = 1 ] || bad="$bad $i:$times"
		else
			[ "$times" = 0 ] || bad="$bad $i:$times"
		fi
	done
	is "$bad" '' "$1: accepted is recorded once, refused never"
	[ "$won" -ge 1 ]
	ok $? "$1: one at least has won ($won)"
	chain "$3" "$1"
}
race create c refs/heads/feature/same
is "$won" 1 'create: and no other, as nobody forced'
race force d refs/heads/feature/same --force
race again e refs/heads/feature/same --force

# The slower post-receive of the earlier push.
cd "$tmp/client-1" || exit 1
mv "$S/hooks/post-receive" "$S/hooks/real-post-receive"
cat >"$S/hooks/post-receive" <<Y
#!/bin/sh
cat >"$tmp/lines-\$\$"
if mkdir "$tmp/once" 2>/dev/null; then
	env -i PATH="\$PATH" HOME="$tmp" GIT_CONFIG_NOSYSTEM=1 \\
	    GIT_CONFIG_GLOBAL="$tmp/gitconfig" REMOTE_USER=bob \\
	    git -C "$tmp/client-1" push origin $(cat "$tmp/d-1"):refs/heads/feature/slow >"$tmp/log" 2>&1
	echo \$? >"$tmp/status"
fi
"$S/hooks/real-post-receive" <"$tmp/lines-\$\$"
Y
chmod +x "$S/hooks/post-receive"
push alice "$(cat "$tmp/c-1"):refs/heads/feature/slow"
accepted 'a push whose post-receive is slow'
is "$(cat "$tmp/status")" 0 'another one overtakes it'
mv "$S/hooks/real-post-receive" "$S/hooks/post-receive"
push bob "$base:refs/heads/feature/after"
accepted 'a push afterwards'
is "$(recorded "$(cat "$tmp/c-1")" refs/heads/feature/slow)" 1 'the slow one is recorded once'
is "$(recorded "$(cat "$tmp/d-1")" refs/heads/feature/slow)" 1 'and the fast one'
ref_is refs/heads/feature/slow "$(cat "$tmp/d-1")" 'the ref is at the later one'
ledger_lacks '(unobserved|recovered)$' 'nothing looks as if it went behind the back'
like "$("$stagegate" -C "$S" status 2>&1)" "^development +feature/slow +$(cut -c1-8 "$tmp/d-1") .*accepted" \
    'and is shown as accepted'
finish
