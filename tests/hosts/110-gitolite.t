#!/bin/sh
# gitolite3, over OpenSSH: it keeps `update` and starts ours from there as
# VREF/stagegate, unless an administrator goes around it on the server.
# shellcheck disable=SC2119 # defaults
. "${0%/*}/lib.sh"
sshd_start
gitolite_start
server nothing # what a repository of ours looks like, for its policy
rm -rf "$S"
S=$G/repositories/product.git
standard_policy
sed -i -e 's/REMOTE_USER/GL_USER, os-user/' \
    -e "s/\[alice, bob\]/[alice, bob, $account]/" \
    -e 's/^    gates: \[tests, peer-review\]/&\n    rewind: true/' "$tmp/server.yml"
policy admin <<'X'
flow: gitolite-admin
version: 1.0.0
identity: {from: [GL_USER]}
roles: {admins: [admin]}
stages:
  - {name: configuration, refs: [refs/heads/master], push: [admins]}
X

# --- setting up -------------------------------------------------------------

for name in admin alice bob carol dana ci-bot; do
	gitolite_key "$name"
done
git clone -q "ssh://gl-admin/gitolite-admin" "$tmp/admin" 2>"$tmp/said" ||
	give_up 'gitolite-admin cannot be cloned' "$tmp/said"
admin_push() { # admin_push [SED]: what `conf` has written, changed
	sed "${1:-}" "$tmp/conf" >"$tmp/admin/conf/gitolite.conf"
	mkdir -p "$tmp/admin/keydir"
	for name in alice bob carol dana ci-bot; do
		cp "$tmp/keys/$name.pub" "$tmp/admin/keydir/"
	done
	git -C "$tmp/admin" add -A
	git -C "$tmp/admin" commit -q -m configuration
	out=$(timeout 120 git -C "$tmp/admin" push origin HEAD:refs/heads/master 2>&1)
	rc=$?
}
conf() { # conf [LINE]: of all repositories
	cat >"$tmp/conf" <<X
repo gitolite-admin
	RW+ = admin
	config stagegate.policy = $tmp/admin.yml
repo @all
	config stagegate.host = gitolite
	${1:-}
repo product
	RW+ = alice bob carol dana ci-bot
	config stagegate.policy = $tmp/server.yml
X
}
conf
admin_push
accepted 'people and repositories, before our hooks are there'
gitolite_install
conf '- VREF/stagegate = @all'
admin_push
accepted 'the rule, under our hooks: the repository of the configuration has a policy too'
is "$(git -C "$G/repositories/gitolite-admin.git" log -1 --format=%B refs/notes/stagegate | sed -n 's/^Pusher: //p')" \
    admin 'and a ledger'
is "$(git -C "$S" config stagegate.host)" gitolite 'gitolite sets what its configuration says'
[ -x "$S/hooks/pre-receive" ] && [ -x "$S/hooks/post-receive" ] &&
	! grep -q 'stagegate hook' "$S/hooks/update" && grep -qi gitolite "$S/hooks/update"
ok $? 'pre-receive and post-receive are ours, update is gitolite'\''s'

# --- pushes -----------------------------------------------------------------

clone
push() { # push USER ARGS..
	who=$1
	shift
	out=$(timeout 120 git push ssh://gl-"$who"/product "$@" 2>&1)
	rc=$?
}
kept() { # kept COMMIT
	git -C "$S" rev-parse -q --verify "refs/stagegate/kept/refs/heads/integration/$1" || echo none
}
base=$(commit a.txt one)
walk "$base" deployment
ref_is refs/heads/main "$base" 'a change walks through every stage'
ledger_has '^Pusher: dana$' 'recorded with the name that gitolite gives'
c=$(commit b.txt two)
push dana "$c:refs/heads/main"
refused stage.skip 'a push that leaves stages out is refused'
says '^remote: hint: push ' 'and says what to do'
push carol "$c:refs/heads/feature/carol"
refused push.role 'a person without the role is refused'
out=$(GL_USER=dana GL_BYPASS_ACCESS_CHECKS=1 GIT_SSH_COMMAND="$GIT_SSH_COMMAND -o SendEnv=GL_*" \
    timeout 120 git push ssh://gl-alice/product "$c:refs/heads/main" 2>&1)
rc=$?
refused push.role 'variables of the client are nothing'
walk "$c" integration
push alice "+$base:refs/heads/integration"
accepted 'a rewind'
is "$(kept "$c")" "$c" 'what it leaves is kept'

# The VREF is really asked: without pre-receive it refuses.
mv "$G/local/hooks/common/pre-receive" "$tmp/pre-receive"
push alice "$c:refs/heads/feature/vref"
[ "$rc" != 0 ]
ok $? 'without pre-receive the VREF refuses'
says 'pre-receive has not decided' 'and says so'
says 'VREF/stagegate: helper program exit status' 'gitolite says who it was'
ref_is refs/heads/feature/vref '' 'nothing moved'
mv "$tmp/pre-receive" "$G/local/hooks/common/pre-receive"

# gitolite's own rules still hold, after ours
admin_push 's/RW+ = alice/- refs\/heads\/feature\/no = alice\n\t&/'
accepted 'another configuration'
push alice "$c:refs/heads/feature/no"
[ "$rc" != 0 ]
ok $? 'what gitolite denies is denied'
says 'DENIED by refs/heads/feature/no' 'by gitolite'
ref_is refs/heads/feature/no '' 'nothing moved'
push bob "$c:refs/heads/feature/no"
accepted 'to others it is not'

# --- the administrator on the server ----------------------------------------

# `gitolite push` sets GL_BYPASS_ACCESS_CHECKS
bypass() { # bypass ARGS..
	out=$(HOME=$G timeout 120 /usr/bin/gitolite push "$S" "$@" 2>&1)
	rc=$?
}
git checkout -q --detach "$base"
d=$(commit c.txt three)
walk "$d" integration
ref_is refs/heads/integration "$d" 'another tip of integration'
bypass "$c:refs/heads/main"
[ "$rc" != 0 ]
ok $? 'GL_BYPASS_ACCESS_CHECKS goes around gitolite, not around us'
bypass "+$base:refs/heads/integration"
accepted 'a rewind past gitolite, and so past the VREF'
ref_is refs/heads/integration "$base" 'it is made'
is "$(kept "$d")" "$d" 'what it leaves is kept'
is "$(ledger | sed -n 's/^Pusher: //p' | head -n 1)" "$account" 'and it is recorded'
like "$(ledger | sed -n '/^Update/p' | head -n 1)" " integration rewind accepted\$" 'as what it was'

# --- gitolite at work on its hooks ------------------------------------------

gitolite setup --hooks-only
cmp -s "$S/hooks/pre-receive" "$STAGEGATE_BUILD/pre-receive" &&
	cmp -s "$S/hooks/post-receive" "$STAGEGATE_BUILD/post-receive"
ok $? 'gitolite setup --hooks-only leaves ours'
push dana "$c:refs/heads/main"
refused stage.skip 'which still refuse'
admin_push 's/^repo product/repo product second/'
accepted 'a new repository'
cmp -s "$G/repositories/second.git/hooks/pre-receive" "$STAGEGATE_BUILD/pre-receive"
ok $? 'has our hooks'
out=$(timeout 120 git push ssh://gl-alice/second "$base:refs/heads/main" 2>&1)
rc=$?
refused push.role 'which judge its first push'
finish
