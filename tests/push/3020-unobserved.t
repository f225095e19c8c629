#!/bin/sh
# Refs that moved behind the hooks' back.
. "${0%/*}/lib.sh"
server
standard_policy
clone
base=$(commit a.txt one)
walk "$base" deployment
c=$(commit b.txt two)
git -C "$S" fetch -q "$C" "$c"
n=0
other() { # any push that is none of that ref's business
	n=$((n + 1))
	push alice "$base:refs/heads/feature/other-$n"
	accepted 'other refs take pushes'
}

behind() { # behind HOW
	ref_is refs/heads/main "$c" "$1: main moved"
	other
	ledger_has "^Update: $base $c refs/heads/main deployment [a-z-]+ unobserved\$" "$1: recorded as unobserved"
	d=$(git commit-tree -p "$c" -m "after $1" "$c^{tree}")
	push dana "$d:refs/heads/main"
	refused stage.unobserved "$1: the ref refuses pushes"
	says 'stagegate .*adopt' "$1: and hints at the way out"
	push dana ":refs/heads/main"
	[ "$rc" != 0 ]
	ok $? "$1: also to be deleted"
	push dana "+$base:refs/heads/main"
	refused stage.unobserved "$1: also back to what was there"
	ref_is refs/heads/main "$c" "$1: it did not move"
	like "$("$stagegate" -C "$S" status 2>&1)" '^deployment +main .*unobserved' "$1: status says it"
}

git -C "$S" update-ref refs/heads/main "$c"
behind update-ref
is "$(ledger | grep -c "^Update: .* refs/heads/main .* unobserved")" 1 'recorded once'
out=$("$stagegate" -C "$S" adopt refs/heads/main 2>&1)
is "$?" 0 'adopt takes it'
ledger_has "^Update: [0-9a-f]+ $c refs/heads/main deployment [a-z-]+ adopted\$" 'recorded as adopted'
attested "$c"
push alice "$c:refs/heads/feature/two"
attested "$c"
push alice "$c:refs/heads/integration"
push dana "$c:refs/heads/staging"
accepted 'the same commit on the way that it should have gone'
d=$(commit c.txt three)
walk "$d" deployment
accepted 'and main takes promotions again'
ref_is refs/heads/main "$d" 'main is there'

# the file of the ref
base=$d
c=$(commit d.txt four)
git -C "$S" fetch -q "$C" "$c"
printf '%s\n' "$c" >"$S/refs/heads/main"
behind 'the file of the ref'
out=$("$stagegate" -C "$S" adopt refs/heads/main 2>&1)
is "$?" 0 'adopt takes it'

# put back where it was
walk "$c" deployment
e=$(commit e.txt five)
git -C "$S" fetch -q "$C" "$e"
git -C "$S" update-ref refs/heads/main "$e"
git -C "$S" update-ref refs/heads/main "$c"
walk "$e" deployment
accepted 'moved and put back before anybody looked: nothing happened'

# deleted
git -C "$S" update-ref -d refs/heads/staging
other
ledger_has "^Update: $e 0{40} refs/heads/staging testing [a-z-]+ unobserved\$" 'a deletion is recorded'
f=$(commit f.txt six)
walk "$f" integration
push dana "$f:refs/heads/staging"
refused stage.unobserved 'it does not come back without being looked at'
out=$("$stagegate" -C "$S" adopt refs/heads/staging 2>&1)
is "$?" 0 'adopt takes the deletion as it is'
like "$out" 'as deleted' 'and says so'
push dana "$f:refs/heads/staging"
accepted 'made again by what has been through integration'
ledger_has "^Update: 0{40} $f refs/heads/staging testing create accepted\$" 'recorded as made'

# a new ref of a stage
git -C "$S" update-ref refs/heads/feature/made "$f"
other
accepted 'a feature ref that nobody pushed'

out=$("$stagegate" -C "$S" verify)
is "$?" 1 'verify finds it'
says '^error: [0-9a-f]{8}: refs/heads/feature/made is at [0-9a-f]{8}, which the ledger never recorded' 'and names it'
verified= # that ref stays

# an entry stage is never blocked
g=$(commit g.txt seven)
push alice "$g:refs/heads/feature/seven"
h=$(commit h.txt eight)
git -C "$S" fetch -q "$C" "$h"
git -C "$S" update-ref refs/heads/feature/seven "$h"
i=$(commit i.txt nine)
push alice "$i:refs/heads/feature/seven"
accepted 'entry: the ref takes pushes'
ledger_has "^Update: $g $h refs/heads/feature/seven development [a-z-]+ unobserved\$" 'entry: recorded as unobserved'
attested "$h"
push alice "$h:refs/heads/integration"
[ "$rc" != 0 ]
ok $? 'entry: that tip is not promoted'
says '\[stage\.(skip|unobserved|gates)\]' 'entry: in words'
ref_is refs/heads/integration "$f" 'entry: integration did not move'
attested "$i"
push alice "$i:refs/heads/integration"
accepted 'entry: what was pushed is promoted'
finish
