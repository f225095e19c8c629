#!/bin/sh
# What gitolite asks of us, without gitolite (that is tests/hosts): our update
# answers as a VREF, says nothing on standard output, and where a push may move a
# ref past it, pre-receive keeps the old tip.
# shellcheck disable=SC2016 # what the hooks of this script expand
. "${0%/*}/lib.sh"
server
standard_policy
# an integration that may go back, so that there is something to keep
sed -i 's/^    gates: \[tests, peer-review\]/&\n    rewind: true/' "$tmp/server.yml"
git -C "$S" config stagegate.host gitolite
mkdir "$tmp/VREF"
mv "$S/hooks/update" "$tmp/VREF/stagegate"
cat >"$S/hooks/update" <<X
#!/bin/sh
[ -z "\${GL_BYPASS_ACCESS_CHECKS:-}" ] || exit 0
exec "$tmp/VREF/stagegate" "\$1" "\$2" "\$3" "\$2" "\$3" W \${refex-VREF/stagegate} >>"$tmp/stdout"
X
chmod +x "$S/hooks/update"
clone
base=$(commit a.txt one)
walk "$base" deployment
ref_is refs/heads/main "$base" 'a change walks through every stage'
c=$(commit b.txt two)
walk "$c" integration
ref_is refs/heads/integration "$c" 'another to integration'
push dana "$c:refs/heads/main"
refused stage.skip 'a push that leaves stages out is refused'

# as gitolite would not call it
for refex in '' stagegate 'VREF/stagegate x'; do
	export refex
	d=$(commit c.txt "three $refex")
	push alice "$d:refs/heads/feature/c"
	case $refex in
	*x) accepted 'what a rule puts behind the name of a VREF is no matter' ;;
	*)
		[ "$rc" != 0 ]
		ok $? "called as a VREF that is '$refex': refused"
		says 'usage: update REF OLD NEW' 'it says how it is called'
		;;
	esac
done
unset refex

# No plan, no VREF.
(cd "$S" && GIT_DIR=. "$tmp/VREF/stagegate" refs/heads/main "$base" "$c" \
    "$base" "$c" W VREF/stagegate >>"$tmp/stdout" 2>"$tmp/said")
is $? 3 'called for an update that pre-receive did not plan: refused'
like "$(cat "$tmp/said")" 'pre-receive has not decided' 'and says so'

# Past update, as gitolite lets an administrator.
kept() { # kept COMMIT: its kept ref
	git -C "$S" rev-parse -q --verify "refs/stagegate/kept/refs/heads/integration/$1" || echo none
}
out=$(GL_BYPASS_ACCESS_CHECKS=1 REMOTE_USER=dana git push origin "$c:refs/heads/main" 2>&1)
rc=$?
refused stage.skip 'past the VREF pre-receive refuses all the same'
is "$(kept "$c")" none 'nothing is kept before anything goes'
out=$(GL_BYPASS_ACCESS_CHECKS=1 REMOTE_USER=alice git push origin "+$base:refs/heads/integration" 2>&1)
rc=$?
accepted 'a rewind past the VREF'
ref_is refs/heads/integration "$base" 'it is made'
is "$(kept "$c")" "$c" 'the tip that it left is kept'
ledger_has "^Update: $c $base refs/heads/integration integration rewind accepted\$" \
    'it is recorded as accepted'

# The same where only the environment says that it is gitolite, and where
# nothing does, with update there.
for how in GL_BYPASS_ACCESS_CHECKS GL_LIBDIR none; do
	git -C "$S" config --unset stagegate.host
	git checkout -q --detach "$base"
	e=$(commit "$how.txt" four)
	walk "$e" integration
	ref_is refs/heads/integration "$e" "$how: a tip of integration"
	out=$(env "$how=1" REMOTE_USER=alice git push origin "+$base:refs/heads/integration" 2>&1)
	rc=$?
	accepted "$how: a rewind"
	is "$(kept "$e")" "$e" "$how: what it left is kept"
	git -C "$S" config stagegate.host gitolite
done
# A host that runs no update hook at all.
git -C "$S" config stagegate.host github-enterprise
mv "$S/hooks/update" "$tmp/update"
git checkout -q --detach "$base"
f=$(commit github.txt five)
walk "$f" integration
push alice "+$base:refs/heads/integration"
accepted 'a rewind without any update hook'
is "$(kept "$f")" "$f" 'what it left is kept'
mv "$tmp/update" "$S/hooks/update"
is "$(cat "$tmp/stdout")" '' 'nothing went to standard output, where it would be a rule'
finish
