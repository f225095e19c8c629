#!/bin/sh
# A rollback whose post-receive never ran, a tip that could not be kept, a last
# statement whose recording was cut off: nothing is lost, and nothing is let in
# that the incident holds back.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: killed-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {dev: [alice], release: [dana]}
gates: {root-cause: {kind: evidence, by: [dev]}}
rollback: {by: [release], rewind: true, then: [root-cause]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [dev]}
  - {name: deployment, refs: [refs/heads/main], push: [dev]}
Y
clone
a=$(commit f.txt one)
push alice "$a:refs/heads/feature/x"
push alice "$a:refs/heads/main"
b=$(commit f.txt two)
push alice "$b:refs/heads/feature/x"
push alice "$b:refs/heads/main"
c=$(commit f.txt three)
push alice "$c:refs/heads/feature/x"
accepted 'the next candidate is ready'

# the old tip can't be kept
mkdir -p "$S/refs/stagegate/kept/refs/heads"
echo in-the-way >"$S/refs/stagegate/kept/refs/heads/main"
push dana -o rollback=INC-1 "+$a:refs/heads/main"
is "$rc" 1 'a tip that can not be kept is not left'
ref_is refs/heads/main "$b" 'the ref stays'
rm "$S/refs/stagegate/kept/refs/heads/main"

# nobody records it
mv "$S/hooks/post-receive" "$tmp/post-receive"
push dana -o rollback='INC-2 latency' -o timeline=Friday "+$a:refs/heads/main"
accepted 'back, and post-receive never runs'
ref_is "refs/stagegate/kept/refs/heads/main/$b" "$b" 'what it left is kept all the same'
mv "$tmp/post-receive" "$S/hooks/post-receive"
push alice "$c:refs/heads/main"
refused stage.locked 'the next push meets the lock'
says 'rollback by dana .*INC-2 latency|INC-2' 'with the reason that was given'
ledger_has "^Update: $b $a refs/heads/main deployment rollback recovered" 'it was recorded first'
ledger_has '^Incident: 1 opened refs/heads/main' 'with its incident'
like "$(git -C "$S" show refs/notes/stagegate:incidents/1)" '^timeline: Friday' 'and the timeline'

# the last statement is recorded by the next hook
mv "$S/hooks/post-receive" "$tmp/post-receive"
evidence alice root-cause "$b" pass
accepted 'the statement, and post-receive never runs'
mv "$tmp/post-receive" "$S/hooks/post-receive"
push alice "$c:refs/heads/main"
accepted 'the incident is done: the candidate enters'
ledger_has '^Incident: 1 closed refs/heads/main' 'and the closing is recorded'

# two last statements at once close it once
push dana -o rollback=INC-3 "+$a:refs/heads/main"
accepted 'back again'
tag=evidence/root-cause/$c
for i in 1 2 3 4; do
	printf 'evidence: 1\ngate: root-cause\nresult: pass\nsummary: %s\n' "$i" |
	    git tag -f -a -F - "$tag" "$c" >/dev/null
	git update-ref "refs/said/$i" "$(git rev-parse "refs/tags/$tag")"
done
git tag -d "$tag" >/dev/null
for i in 1 2 3 4; do
	REMOTE_USER=alice git push -q origin "refs/said/$i:refs/$tag/at-once-$i" 2>/dev/null &
done
wait
is "$(ledger | grep -c "^Evidence: .* root-cause $c alice pass")" 4 'four statements at once'
is "$(ledger | grep -c '^Incident: 2 closed')" 1 'several last statements close it once'
finish
