#!/bin/sh
# What may not be let go: what an incident names, open or closed, and what was
# left within rollback.window.
. "${0%/*}/lib.sh"
ask() {
	out=$("$stagegate" "$@" 2>&1)
	rc=$?
}
kept() {
	git -C "$S" for-each-ref --format='%(refname)' refs/stagegate/kept
}
with_window() { # with_window VERSION DURATION
	version=$1 standard_policy "rollback: {by: [release], window: $2, rewind: true, then: [root-cause]}"
	sed -e 's,^  peer-review: .*,&\n  root-cause: {kind: evidence\, by: [reviewers]},' \
	    -e 's,^    refs: \[refs/heads/staging\],&\n    rewind: true,' "$tmp/server.yml" >"$tmp/new.yml"
	policy <"$tmp/new.yml"
}
server
with_window 1.0.0 1h
clone
K=refs/stagegate/kept/refs/heads
base=$(commit a.txt one)
walk "$base" deployment
b=$(commit b.txt two)
walk "$b" deployment
push dana -o 'rollback=INC-1 latency' "+$base:refs/heads/main"
accepted 'main is rolled back'
push dana "+$base:refs/heads/staging"
accepted 'staging is rewound'
both=$(printf '%s\n' "$K/main/$b" "$K/staging/$b")
is "$(kept)" "$both" 'both keep what they left'

ask -C "$S" kept --expire 0s
like "$rc:$out" '^0:held refs/heads/main .*incident 1 names it$' 'what an incident names is held'
like "$out" '^held refs/heads/staging .*incident 1 names it$' 'of whichever ref it is kept'
evidence bob root-cause "$b" pass
ask -C "$S" incidents
like "$out" '^0 open, 1 closed' 'the incident closes'
ask -C "$S" kept --expire 0s
like "$out" '^0 tips expired, 2 held back' 'and holds them still'
is "$(kept)" "$both" 'nothing went'

git checkout -q --detach "$b"
c=$(commit c.txt three)
walk "$c" testing
push dana "+$base:refs/heads/staging"
accepted 'staging is rewound once more'
entries=$(git -C "$S" rev-list --count refs/notes/stagegate)
ask -C "$S" kept --expire 0s staging
like "$(echo "$out" | tr '\n' ' ')" "held refs/heads/staging $(printf '%.8s' "$c"): may be rolled back to( |.)*until 20" \
    'what was left within the window is held'
is "$(kept | grep -c "$c"):$(git -C "$S" rev-list --count refs/notes/stagegate)" "1:$entries" 'and nothing recorded'
with_window 1.0.1 1s
sleep 2
ask -C "$S" kept --expire 0s staging
like "$out" "^expired refs/heads/staging $(printf '%.8s' "$c"): " 'afterwards it may go'
ledger_has "^Expired: $c refs/heads/staging\$" 'which is recorded'
is "$(kept)" "$both" 'and what the incident names stays'
push alice ":refs/heads/feature/walk-$(git rev-parse --short "$c")" ":refs/heads/feature/walk-$(git rev-parse --short "$b")"
git -C "$S" gc -q --prune=now
git -C "$S" cat-file -e "$b"
ok $? 'through git gc'
is "$(git -C "$S" fsck --connectivity-only 2>&1 | grep -v '^notice')" '' 'nothing is missing'
finish
