#!/bin/sh
# stagegate doctor where all is well: whatever `stagegate init` leaves, with
# whatever host and history, and while people push, it finds nothing.
# shellcheck disable=SC2016 # what another shell expands
. "${0%/*}/lib.sh"
. "${0%/*}/doctor.sh"

printf 'AcceptEnv LANG LC_*\nPermitUserEnvironment no\n' >"$tmp/sshd_config"

# quiet_at REPO TEXT: nothing is found there, and so there is nothing to fix
quiet_at() {
	doctor "$1"
	is "$rc:$(found)" '0:' "$2: nothing is found"
	doctor --fix "$1"
	is "$rc:$(found)" '0:' "$2: nothing is put right"
}
repo() { # repo NAME [OPTION..]: an empty bare one, R
	R=$tmp/$1.git
	shift
	git init -q --bare "$@" "$R"
}
put_policy() { # put_policy VARIABLE [LINES]
	standard_policy "${2:-}"
	sed "s/REMOTE_USER/$1/" "$tmp/server.yml" >"$tmp/$1.yml"
}

# --- the layouts of init --------------------------------------------------------

S=$tmp/server.git
put_policy REMOTE_USER
put_policy GL_USERNAME
put_policy GL_USER
put_policy GITEA_PUSHER_NAME 'host_refs: ["refs/pull/*/head"]'
standard_policy

repo plain
init --policy "$tmp/server.yml" "$R"
quiet_at "$R" 'a plain one'
"$stagegate" init --uninstall --programs "$programs" "$R" >/dev/null 2>&1
doctor "$R"
like "$rc $out" '^1 .*hooks.missing' 'without hooks it is another matter'
init --policy "$tmp/server.yml" "$R"
quiet_at "$R" 'hooks taken and put again'

repo http
init --host http --policy "$tmp/server.yml" "$R"
quiet_at "$R" 'behind a web server'

# The group of root is root's alone; who is in a group that may write can put
# other hooks there.
repo shared --shared=group
init --policy "$tmp/server.yml" "$R"
[ "$(id -u)" != 0 ] || quiet_at "$R" 'a shared one'

repo chained
printf '#!/bin/sh\nexit 0\n' >"$R/hooks/update"
chmod +x "$R/hooks/update"
init --chain --policy "$tmp/server.yml" "$R"
quiet_at "$R" "with somebody else's hook behind ours"

init --template "$tmp/template"
git config --file "$tmp/template/config" stagegate.policy "$tmp/server.yml"
repo from-template --template="$tmp/template"
quiet_at "$R" 'made from a template'

repo gitea
for hook in pre-receive update post-receive; do
	mkdir "$R/hooks/$hook.d"
	printf '#!/bin/sh\n# runs %s.d/*\n' "$hook" >"$R/hooks/$hook"
	printf '#!/bin/sh\nexit 0\n' >"$R/hooks/$hook.d/gitea"
	chmod +x "$R/hooks/$hook" "$R/hooks/$hook.d/gitea"
done
cp -a "$R" "$tmp/forgejo.git"
init --host gitea --policy "$tmp/GITEA_PUSHER_NAME.yml" "$R"
quiet_at "$R" "Gitea's"
R=$tmp/forgejo.git
init --host forgejo --policy "$tmp/GITEA_PUSHER_NAME.yml" "$R"
quiet_at "$R" "Forgejo's"

repo gitlab
rm -rf "$R/hooks"
ln -s "$tmp/gitaly-hooks" "$R/hooks" # is its own, and not there
init --host gitlab --policy "$tmp/GL_USERNAME.yml" "$R"
quiet_at "$R" "GitLab's, with hooks of its own"
repo gitlab-wide
init --gitlab "$tmp/custom_hooks"
git -C "$R" config stagegate.host gitlab
init --host gitlab --policy "$tmp/GL_USERNAME.yml" "$R"
quiet_at "$R" "GitLab's, with hooks for all"

# The system's file is always /etc/gitconfig: put over it for one process.
repo system
init --system --system-config "$tmp/system-config"
git -C "$R" config stagegate.policy "$tmp/server.yml"
if [ "$(id -u)" = 0 ] && [ -e /etc/gitconfig ] && unshare -m true 2>/dev/null; then
	out=$(unshare -m sh -c 'mount --bind "$1" /etc/gitconfig && shift && "$@"' - \
		"$tmp/system-config" "$stagegate" doctor --programs "$programs" \
		--sshd-config "$tmp/sshd_config" "$R" 2>&1)
	is "$?:$(found)" '0:' 'hooks for the whole machine: nothing is found'
else
	ok 0 'hooks for the whole machine # SKIP /etc/gitconfig can be covered by root alone'
fi

# --- history ----------------------------------------------------------------------

repo server
init --policy "$tmp/server.yml" "$R"
git -C "$R" config receive.denyDeleteCurrent true
clone
for n in 1 2 3 4 5 6; do
	c=$(commit "f$n" "$n")
	walk "$c" deployment
done
quiet_at "$S" 'after six changes'
push dana "$c:refs/heads/feature/none"
refused push.role 'a refusal'
quiet_at "$S" 'after a refusal'
git -C "$S" pack-refs --all
git -C "$S" repack -q -a -d
quiet_at "$S" 'packed'
git -C "$S" gc -q
quiet_at "$S" 'after gc'
"$stagegate" -C "$S" verify >/dev/null 2>&1
quiet_at "$S" 'after verify'

# --- while people push ----------------------------------------------------------

# Locks, plans, quarantines and refs in the inbox come and go.
mkdir "$tmp/done"
for one in 1 2; do
	(
		git clone -q "$S" "$tmp/loop-$one" 2>/dev/null
		cd "$tmp/loop-$one" || exit 1
		git checkout -q --detach "$c"
		i=0
		while [ ! -e "$tmp/stop" ] && [ "$i" -lt 500 ]; do
			i=$((i + 1))
			d=$(commit "loop-$one" "$i")
			push alice "$d:refs/heads/feature/loop-$one"
			evidence ci-bot tests "$d" pass
			evidence bob peer-review "$d" pass
		done
		echo "$i" >"$tmp/done/$one"
	) >/dev/null 2>&1 &
done
bad=
for n in $(seq 20); do
	doctor "$S"
	[ "$rc" = 0 ] || bad="$bad
$n: $rc $(found)"
	doctor --fix "$S"
	[ "$rc:$(found)" = 0: ] || bad="$bad
$n, to fix: $rc $(found)"
done
: >"$tmp/stop"
wait
is "$bad" '' 'nothing is found twenty times while two push, and nothing put right'
like "$(cat "$tmp/done/1") $(cat "$tmp/done/2")" '^[1-9][0-9]* [1-9][0-9]*$' 'and they did push'
quiet_at "$S" 'afterwards'
finish
