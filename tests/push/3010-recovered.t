#!/bin/sh
# A push whose post-receive never came is recorded by the next one.
. "${0%/*}/lib.sh"
server
standard_policy
clone
base=$(commit a.txt one)
walk "$base" deployment

without() { mv "$S/hooks/post-receive" "$tmp/real-post-receive"; }
killed() {
	without
	cat >"$S/hooks/post-receive" <<'Y'
#!/bin/sh
kill -9 $$
Y
	chmod +x "$S/hooks/post-receive"
}
back() { mv "$tmp/real-post-receive" "$S/hooks/post-receive"; }
entries() { ledger | grep -c "^Update: [0-9a-f]* $1 $2 "; }

for how in without killed; do
	c=$(commit "$how.txt" one)
	n=$(git -C "$S" rev-list --count refs/notes/stagegate)
	"$how"
	push alice "$c:refs/heads/feature/$how"
	ref_is "refs/heads/feature/$how" "$c" "$how: the ref moved"
	is "$(git -C "$S" rev-list --count refs/notes/stagegate)" "$n" "$how: nothing is recorded yet"
	back
	attested "$c"
	accepted "$how: the next pushes speak about it"
	ledger_has "^Update: 0{40} $c refs/heads/feature/$how development create recovered\$" "$how: recovered"
	is "$(entries "$c" "refs/heads/feature/$how")" 1 "$how: once"
	"$how"
	push alice "$c:refs/heads/integration"
	ref_is refs/heads/integration "$c" "$how: a promotion"
	back
	push dana "$c:refs/heads/staging"
	accepted "$how: and the one after it, in the push that recovers"
	ledger_has "^Update: [0-9a-f]+ $c refs/heads/integration integration fast-forward recovered\$" "$how: recovered too"
	push dana "$c:refs/heads/main"
	accepted "$how: up to main"
	is "$(entries "$c" refs/heads/integration)$(entries "$c" refs/heads/staging)$(entries "$c" refs/heads/main)" \
	    111 "$how: each once"
done

# a statement in such a push
d=$(commit d.txt four)
push alice "$d:refs/heads/feature/four"
evidence bob peer-review "$d" pass
without
evidence ci-bot tests "$d" pass
is "$(refs | grep -c refs/evidence/)" 1 'a statement waits in the inbox'
ledger_lacks "^Evidence: [0-9a-f]+ tests $d" 'it is not recorded yet'
back
push alice "$d:refs/heads/integration"
accepted 'it counts in the push that recovers'
ledger_has "^Evidence: [0-9a-f]{40} tests $d ci-bot pass\$" 'and is recorded'
is "$(refs | grep -c refs/evidence/)" 0 'the inbox is empty'

# a statement beside the refs that it is for
e=$(commit e.txt five)
push alice "$e:refs/heads/feature/five"
evidence ci-bot tests "$e" pass
killed
printf 'evidence: 1\ngate: peer-review\nresult: pass\n' >"$tmp/statement"
git tag -f -a -F "$tmp/statement" "evidence/peer-review/$e" "$e" >/dev/null
push bob "refs/tags/evidence/peer-review/$e:refs/evidence/peer-review/$e/x" "$e:refs/heads/integration"
git tag -d "evidence/peer-review/$e" >/dev/null
ref_is refs/heads/integration "$e" 'a promotion with its statement'
back
push dana "$e:refs/heads/staging"
accepted 'the next stage'
ledger_has "^Evidence: [0-9a-f]{40} peer-review $e bob pass\$" 'the statement is recorded'
ledger_has "^Update: $d $e refs/heads/integration integration fast-forward recovered\$" 'with the promotion'
is "$(ledger | grep -c "^Evidence: [0-9a-f]* peer-review $e ")" 1 'once'
is "$(refs | grep -c refs/evidence/)" 0 'the inbox is empty'

# a refused push leaves nothing to recover
f=$(commit f.txt six)
without
push dana "$f:refs/heads/main"
refused stage.skip 'a skip'
back
push alice "$f:refs/heads/feature/six"
accepted 'the next push'
ledger_lacks "^Update: [0-9a-f]+ $f refs/heads/main" 'what was refused is not recovered'
finish
