#!/bin/sh
# What pre-receive found may not hold any more when update is asked.
. "${0%/*}/lib.sh"
server
standard_policy
clone
base=$(commit a.txt one)
walk "$base" deployment
c=$(commit b.txt two)
push alice "$c:refs/heads/feature/two"
accepted 'a feature'
git checkout -q --detach "$base"
d=$(commit c.txt three)

# A wrapper of update that runs $tmp/meanwhile, once.
mv "$S/hooks/update" "$S/hooks/real-update"
cat >"$S/hooks/update" <<Y
#!/bin/sh
if mv "$tmp/meanwhile" "$tmp/now" 2>/dev/null; then
	env -i PATH="\$PATH" HOME="$tmp" GIT_CONFIG_NOSYSTEM=1 \
	    GIT_CONFIG_GLOBAL="$tmp/gitconfig" sh "$tmp/now" >"$tmp/log" 2>&1
	echo \$? >"$tmp/status"
fi
exec "$S/hooks/real-update" "\$@"
Y
chmod +x "$S/hooks/update"
meanwhile() {
	rm -f "$tmp/status"
	printf 'cd "%s" && %s\n' "$C" "$1" >"$tmp/meanwhile"
}
happened() {
	is "$(cat "$tmp/status" 2>&1)" 0 "$1"
	[ "$(cat "$tmp/status" 2>&1)" = 0 ] || note "$(cat "$tmp/log" 2>&1)"
}

meanwhile "REMOTE_USER=bob git push origin $d:refs/heads/feature/three"
e=$(commit d.txt four)
push alice "$e:refs/heads/feature/four"
accepted 'another push meanwhile'
happened 'which was taken too'
ledger_has "^Update: 0{40} $e refs/heads/feature/four development create accepted" 'the one is recorded'
ledger_has "^Update: 0{40} $d refs/heads/feature/three development create accepted" 'and the other'

attested "$c"
meanwhile "REMOTE_USER=alice git push origin +$base:refs/heads/feature/two"
push alice "$c:refs/heads/integration"
[ "$rc" != 0 ]
ok $? 'the candidate was withdrawn meanwhile'
[ "$rc" != 0 ] || note "$out"
happened 'by a rewind that was taken'
says '\[(stage\.skip|stage\.withdrawn|push\.moved|ref\.moved|push\.ground)\]' 'and the refusal has a code'
ref_is refs/heads/integration "$base" 'integration did not move'
ref_is refs/heads/feature/two "$base" 'the feature did'
ledger_lacks "^Update: [0-9a-f]+ $c refs/heads/integration" 'the refused one is not recorded'

# the same where another ref of that push is fine
push alice "$c:refs/heads/feature/two"
accepted 'the candidate is back'
meanwhile "REMOTE_USER=alice git push origin +$base:refs/heads/feature/two"
push alice "$c:refs/heads/integration" "$d:refs/heads/feature/five"
[ "$rc" != 0 ]
ok $? 'withdrawn again, beside a ref that is fine'
happened 'by a rewind that was taken'
ref_is refs/heads/integration "$base" 'integration did not move'
ref_is refs/heads/feature/five "$d" 'the other ref did'
ledger_has "^Update: 0{40} $d refs/heads/feature/five development create accepted" 'and is recorded'
ledger_lacks "^Update: [0-9a-f]+ $c refs/heads/integration" 'the refused one is not'

push alice "$c:refs/heads/feature/two"
accepted 'a third time'
meanwhile "git -C $S update-ref refs/heads/integration $d"
push alice "$c:refs/heads/integration"
[ "$rc" != 0 ]
ok $? 'the ref itself moved meanwhile'
happened 'behind the back of the hooks'
ref_is refs/heads/integration "$d" 'it is where it was put'
ledger_lacks "^Update: [0-9a-f]+ $c refs/heads/integration" 'the refused one is not recorded'
push alice "$e:refs/heads/feature/six"
accepted 'the next push'
ledger_has "^Update: $base $d refs/heads/integration integration [a-z-]+ unobserved" 'finds it'
finish
