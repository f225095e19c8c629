#!/bin/sh
# Command lists that git push can't send: all lies are found before git moves
# anything.
. "${0%/*}/lib.sh"
server
standard_policy
clone
base=$(commit a.txt one)
walk "$base" deployment
c=$(commit b.txt two)
git rev-list --objects "$c" | cut -d' ' -f1 | git pack-objects --stdout -q >"$tmp/pack"
Z=0000000000000000000000000000000000000000
raw() { # raw CODE TEXT COMMAND..
	want=$1
	what=$2
	shift 2
	before=$(refs)
	out=$(REMOTE_USER=alice "$tools/rawpush" "$S" "${pack:-$tmp/pack}" "$@" 2>&1)
	rc=$?
	[ "$rc" != 0 ] || rc=0
	if [ -n "$want" ]; then
		refused "$want" "$what"
	else
		is "$rc" 1 "$what"
	fi
	is "$(refs)" "$before" 'no ref moved'
}
raw '' 'a line feed in a name forges a second line' "$Z $c refs/heads/feature/ok\\n$base $c refs/heads/staging"
raw ref.denied 'control bytes' "$Z $c refs/heads/feature/\\x1b[31mred"
raw ref.denied 'a space' "$Z $c refs/heads/feature/a b"
raw ref.denied 'a path out of refs' "$Z $c refs/heads/../../etc/passwd"
raw ref.denied 'HEAD' "$Z $c HEAD"
raw ref.duplicate 'a ref twice' "$Z $c refs/heads/feature/x" "$c $base refs/heads/feature/x"
raw ref.duplicate 'deleted and made again' "$base $Z refs/heads/main" "$Z $c refs/heads/main"
raw ref.duplicate 'the same but for case' "$Z $c refs/heads/feature/y" "$Z $c refs/heads/feature/Y"
raw ref.moved 'a false old value' "$c $c refs/heads/main"
raw ref.moved 'an old value of none' "$Z $c refs/heads/main"
raw ref.moved 'nothing to nothing' "$Z $Z refs/heads/feature/none"
raw object.missing 'an object that was not sent' "$Z 1111111111111111111111111111111111111111 refs/heads/feature/z"
raw ref.reserved 'the ledger' "$(git -C "$S" rev-parse refs/notes/stagegate) $c refs/notes/stagegate"
raw '' 'no object id at all' "$Z abc refs/heads/feature/w"
out=$(REMOTE_USER=alice "$tools/rawpush" "$S" "$tmp/pack" "$Z $c refs/heads/feature/honest" 2>&1)
rc=$?
accepted 'an honest list passes'

# the hook fed by hand
hook() { # hook TEXT: standard input is the list
	out=$(cd "$S" && REMOTE_USER=alice GIT_DIR=. hooks/pre-receive 2>&1)
	rc=$?
	[ "$rc" != 0 ]
	ok $? "$1 (exit $rc)"
}
hook 'nothing at all' </dev/null
printf '%s %s refs/heads/feature/t' "$Z" "$c" >"$tmp/in"
hook 'no final line feed' <"$tmp/in"
printf '%s %s refs/heads/feature/t\n\n' "$Z" "$c" >"$tmp/in"
hook 'an empty line' <"$tmp/in"
printf '%s %s refs/heads/feature/t\0x\n' "$Z" "$c" >"$tmp/in"
hook 'a NUL' <"$tmp/in"
printf '%s %s\n' "$Z" "$c" >"$tmp/in"
hook 'no name' <"$tmp/in"
head -c 300000 /dev/urandom >"$tmp/in"
hook 'garbage' <"$tmp/in"
hook 'no standard input' <&-
rm -f "$S"/stagegate/plans/*
finish
