#!/bin/sh
# Hooks upgraded, taken out and put back while people push the whole time: no
# push gets past a suite that is there, nor past half of one.
. "${0%/*}/lib.sh"
p=$tmp/programs
later=$tmp/later
put_programs "$p"
mkdir "$later"
for hook in pre-receive update post-receive; do
	# another build, by what it says of itself; as long as the first
	perl -pe 's/(stagegate hook, do not edit; [a-z-]+ )[0-9]/${1}9/' "$p/$hook" >"$later/$hook"
	chmod 755 "$later/$hook"
done
cmp -s "$p/update" "$later/update"
is "$?" 1 'there are two builds'
server
rm -rf "$S/hooks"
standard_policy
init() { # init PROGRAMS ARGS..: what it says is kept when it fails
	"$stagegate" init --programs "$@" "$S" >"$tmp/init.out" 2>&1 ||
	    cat "$tmp/init.out" >>"$tmp/init.failed"
}
init "$p" --policy "$tmp/server.yml"
clone
c=$(commit a.txt one)

# --- half of it, as one leaves it who is killed -----------------------------
half() { # half HOOK..: of the three, only these are there
	rm -f "$S"/hooks/*
	for hook; do
		cp "$p/$hook" "$S/hooks/$hook"
	done
	for to in alice:refs/heads/feature/half dana:refs/heads/main; do
		push "${to%%:*}" "$c:${to#*:}"
		is "$rc" 1 "with only $*, nothing comes in: ${to#*:}"
		ref_is "${to#*:}" '' 'the ref is not there'
	done
}
half update
half update post-receive
init "$p"
push alice "$c:refs/heads/feature/half"
accepted 'run again, it installs the rest'

# --- while people push ------------------------------------------------------
# $tmp/state says what a push that begins and ends under it was pushed to: the
# whole suite (in), or what is about to change (moving) or is none (out).
state() {
	turn=$((${turn:-0} + 1))
	echo "$1 $turn" >"$tmp/state.new"
	mv "$tmp/state.new" "$tmp/state"
}
pusher() { # pusher NAME USER REF: % is the number; a line each in $tmp/NAME.log
	git init -q "$tmp/$1"
	cd "$tmp/$1" || exit 1
	n=0
	while [ ! -e "$tmp/stop" ] && [ "$n" -lt 600 ]; do
		n=$((n + 1))
		id=$(git commit-tree -m "$1 $n" "$(git mktree </dev/null)")
		ref=$(printf '%s' "$3" | sed "s/%/$n/")
		before=$(cat "$tmp/state")
		REMOTE_USER=$2 git push --force "$S" "$id:$ref" >"$tmp/$1.out" 2>&1
		code=$?
		[ "$before" = "$(cat "$tmp/state")" ] || before=moving
		echo "${before% *} $code $id $ref $(grep -o '\[[a-z]*\.[a-z]*\]' "$tmp/$1.out" | head -n 1)" >>"$tmp/$1.log"
	done
}
ends() { # ends COUNT: that many more pushes of each have come to their end
	for name in good bad; do
		want=$(($(grep -c . "$tmp/$name.log") + $1))
		polls=0
		while [ "$(grep -c . "$tmp/$name.log")" -lt "$want" ]; do
			polls=$((polls + 1))
			[ "$polls" -lt 3000 ] || return
			sleep 0.02
		done
	done
}
: >"$tmp/good.log"
: >"$tmp/bad.log"
state in
pusher good alice refs/heads/feature/good-% &
good=$!
pusher bad dana refs/heads/main &
bad=$!
rounds=4
for _ in $(seq "$rounds"); do
	ends 1
	init "$later"
	ends 1
	init "$p"
	init "$later"
	ends 1
	state moving
	init "$p" --uninstall
	state out
	ends 2
	state moving
	init "$p"
	state in
done
ends 2
: >"$tmp/stop"
wait "$good" "$bad"
is "$(cat "$tmp/init.failed" 2>/dev/null)" '' 'none of this fails because somebody pushes'
[ "$(grep -c '^in' "$tmp/good.log")" -ge "$rounds" ] && [ "$(grep -c '^in' "$tmp/bad.log")" -ge "$rounds" ]
ok $? 'there were pushes while the suite was there'
is "$(grep '^in' "$tmp/good.log" | grep -v '^in 0')" '' 'each of them that may is let in'
is "$(grep '^in' "$tmp/bad.log" | grep -v '^in 1 .* \[stage\.')" '' 'each that skips a stage is refused'
[ "$(grep -c '^out 0' "$tmp/bad.log")" -ge 1 ]
ok $? 'and goes in where the hooks are taken out'
ledger >"$tmp/ledger"
is "$(sed -n 's/^in 0 \([0-9a-f]*\) \([^ ]*\) .*/\1 \2/p' "$tmp/good.log" | while read -r id ref; do
	[ "$(grep -c "^Update: [0-9a-f]* $id $ref development [a-z-]* accepted$" "$tmp/ledger")" = 1 ] || echo "$id $ref"
done)" '' 'what was let in is recorded, each once'
is "$(sed -n 's/^in 1 \([0-9a-f]*\) .*/\1/p' "$tmp/bad.log" | while read -r id; do
	grep "^Update: [0-9a-f]* $id " "$tmp/ledger"
done)" '' 'what was refused is not'
like "$("$stagegate" -C "$S" verify 2>&1)" 'feature/good-.* never recorded$' 'verify finds what came in without the hooks'
ledger_has '^Update: .* refs/heads/main .*unobserved' 'a stage that moved so is noted by the next push'
for refs in '' refs/heads/main; do
	# shellcheck disable=SC2086 # none or one
	out=$("$stagegate" -C "$S" adopt $refs 2>&1)
	rc=$?
	accepted "an administrator adopts it: ${refs:-what nothing is recorded of}"
done
d=$(commit b.txt two)
push alice "$d:refs/heads/feature/last"
accepted 'and the flow goes on'
finish
