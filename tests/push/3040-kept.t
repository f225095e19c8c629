#!/bin/sh
# What a stage was rewound from stays, whatever git cleans up.
. "${0%/*}/lib.sh"
server
standard_policy
sed -e 's,^    refs: \[refs/heads/\(staging\|integration\)\]$,&\n    rewind: true,' "$tmp/server.yml" >"$tmp/new.yml"
policy <"$tmp/new.yml"
clone
base=$(commit a.txt one)
walk "$base" deployment
c=$(commit b.txt two)
walk "$c" testing
accepted 'a second commit up to staging'
K=refs/stagegate/kept/refs/heads

push dana "$c~1:refs/heads/staging"
[ "$rc" != 0 ]
ok $? 'git itself asks for force'
push dana "+$base:refs/heads/staging"
accepted 'staging is rewound'
ref_is "$K/staging/$c" "$c" 'what it was rewound from is kept'
push alice "+$base:refs/heads/integration"
accepted 'integration is rewound'
ref_is "$K/integration/$c" "$c" 'kept as well'
push alice ":refs/heads/feature/walk-$(git rev-parse --short "$c")"
accepted 'the feature is deleted'
d=$(commit c.txt three)
push alice "$d:refs/heads/feature/three"
push alice :refs/heads/feature/three
accepted 'another feature, and gone again'
git -C "$S" gc -q --prune=now
git -C "$S" cat-file -e "$c" 2>/dev/null
ok $? 'the commit survives git gc --prune=now'
! git -C "$S" cat-file -e "$d" 2>/dev/null
ok $? 'the one of the entry stage does not'
ref_is "$K/staging/$c" "$c" 'the kept ref is there'
unlike "$(git ls-remote "$S")" "^$d" 'nothing shows the commit that is gone'

# by a push
for spec in "$base:$K/staging/$c" "+$base:$K/staging/$c" ":$K/staging/$c" "$base:$K/staging/$base" \
    "$base:$K/main/$base"; do
	push dana "$spec"
	[ "$rc" != 0 ]
	ok $? "no push to a kept ref: ${spec%%refs/*}"
done
git -C "$S" config --unset-all receive.hideRefs
push dana "+$base:$K/staging/$c"
refused ref.reserved 'not hidden either'
push dana ":$K/staging/$c"
refused ref.reserved 'nor to be deleted'
push dana "$base:$K/main/$base"
refused ref.reserved 'nor to be made'
ref_is "$K/staging/$c" "$c" 'it is as it was'

# and the flow goes on
git checkout -q --detach "$base"
e=$(commit e.txt five)
walk "$e" deployment
accepted 'another commit goes through everything'

# An entry stage that keeps, with names of every kind.
version=1.1.0
standard_policy
sed -e 's,refs/heads/feature/\*,refs/heads/feature/**,' -e 's,^    delete: true,&\n    keep: true,' \
    "$tmp/server.yml" >"$tmp/new.yml"
policy <"$tmp/new.yml"
git checkout -q --detach "$e"
f=$(commit f.txt six)
git checkout -q --detach "$e"
g=$(commit g.txt seven)

# told PATTERN TEXT: refused, and this is why, wherever the lines end
told() {
	like "$rc:$(printf '%s' "$out" | sed 's/^remote: *//' | tr -s '\n ' '  ')" "^1:.*$1" "$2"
}

# long_name LENGTH: a branch whose full name has so many bytes
long_name() {
	awk -v n="$1" 'BEGIN { s = "refs/heads/feature/"; while (length(s) < n)
	    s = s (length(s) % 200 == 0 && length(s) + 1 < n ? "/" : "x"); print s }'
}
for length in 20 199 200 201 950 962 963 964 1023 1024; do
	long=$(long_name "$length")
	push alice "$f:$long"
	[ "$rc" = 0 ] || note "$out"
	push alice "+$g:$long"
	accepted "a ref of $length bytes is rewound"
	ref_is "refs/stagegate/kept/$long/$f" "$f" 'and kept'
	push alice ":$long"
	accepted 'and deleted'
	ref_is "refs/stagegate/kept/$long/$g" "$g" 'and kept'
	ref_is "$long" '' 'and gone'
done
push alice "$f:$(long_name 1025)"
[ "$rc" != 0 ]
ok $? 'a longer name is not taken'
# None of them is longer than git itself can show.
is "$(git -C "$S" for-each-ref refs/stagegate/kept | grep -c /feature/x)" 20 'git sees all of them'

# there already, loose or packed, or something else
push alice "$f:refs/heads/feature/p"
push alice ":refs/heads/feature/p"
git -C "$S" pack-refs --all
push alice "$f:refs/heads/feature/p"
push alice ":refs/heads/feature/p"
accepted 'what is kept and packed is kept'
! [ -e "$S/$K/feature/p" ]
ok $? 'and not written again'
push alice "$f:refs/heads/feature/o"
for how in loose packed; do
	git -C "$S" update-ref "$K/feature/o/$f" "$g"
	[ "$how" = loose ] || git -C "$S" pack-refs --all
	push alice ":refs/heads/feature/o"
	told 'not at what it is named after' "another value is told, $how"
	ref_is refs/heads/feature/o "$f" 'the ref stays'
	ref_is "$K/feature/o/$f" "$g" 'and so does what is in the way'
done
git -C "$S" update-ref -d "$K/feature/o/$f"
git -C "$S" symbolic-ref "$K/feature/o/$f" refs/heads/feature/o
push alice ":refs/heads/feature/o"
told 'symbolic' 'a symbolic ref keeps nothing'
ref_is refs/heads/feature/o "$f" 'the ref stays'
git -C "$S" symbolic-ref -d "$K/feature/o/$f"
push alice ":refs/heads/feature/o"
accepted 'once it is away, it goes'

# A branch named after what is kept of another.
push alice "$f:refs/heads/feature/q"
push alice ":refs/heads/feature/q"
for name in "q/$f" "q/$f/r"; do
	push alice "$g:refs/heads/feature/$name"
	accepted "a branch ${name%%/*}/<commit>${name#q/"$f"}"
	push alice ":refs/heads/feature/$name"
	told "can.t be made beside" 'can not be kept beside the other'
	ref_is "refs/heads/feature/$name" "$g" 'and stays'
	ref_is "$K/feature/q/$f" "$f" 'as the other does'
	git -C "$S" update-ref -d "refs/heads/feature/$name"
done
push alice "$f:refs/heads/feature/other"
accepted 'nobody else is held up'

# Where nothing can be written: a file lies where the folder goes.
push alice "$f:refs/heads/feature/w/x"
echo "$f" >"$S/$K/feature/w"
push alice ":refs/heads/feature/w/x"
told 'can.t be made' 'what can not be kept is not deleted'
ref_is refs/heads/feature/w/x "$f" 'it is there'
rm "$S/$K/feature/w"
push alice ":refs/heads/feature/w/x"
accepted 'and goes when it can be kept'

# All at once, below the same folders.
specs=
for i in 1 2 3 4 5 6 7 8; do
	specs="$specs $f:refs/heads/feature/deep/er/$i/n $g:refs/heads/feature/deep/er/$i/m"
done
# shellcheck disable=SC2086 # words
push alice $specs
accepted 'sixteen branches'
git -C "$S" pack-refs --all
pids=
for i in 1 2 3 4 5 6 7 8; do
	REMOTE_USER=alice git push -q origin ":refs/heads/feature/deep/er/$i/n" \
	    ":refs/heads/feature/deep/er/$i/m" >"$tmp/out-$i" 2>&1 &
	pids="$pids $!"
done
bad=0
for pid in $pids; do
	wait "$pid" || bad=$((bad + 1))
done
is "$bad" 0 'deleted by eight pushers at once'
[ "$bad" = 0 ] || note "$(cat "$tmp"/out-*)"
is "$(git -C "$S" for-each-ref "$K/feature/deep" | wc -l)" 16 'all are kept'
is "$(git -C "$S" for-each-ref refs/heads/feature/deep | wc -l)" 0 'and gone'
finish
