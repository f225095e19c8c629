#!/bin/sh
# `stagegate init` into the folders of hosts, templates and the whole machine:
# what is put where, brought up to date, taken out; and repositories that it
# must leave alone.
. "${0%/*}/lib.sh"
p=$tmp/programs
later=$tmp/later
put_programs "$p"
put_programs "$later"
for hook in pre-receive update post-receive; do
	printf x >>"$later/$hook"
done
init() { # init PROGRAMS ARGS..
	out=$("$stagegate" init --programs "$@" 2>&1)
	rc=$?
}
tree() { # tree DIR: the files in it, and what those of ours are copies of
	find "$1" -type f ! -name '*.sample' | LC_ALL=C sort | while read -r file; do
		for build in "$p" "$later"; do
			for hook in pre-receive update post-receive; do
				! cmp -s "$file" "$build/$hook" || printf '%s ' "${build##*/}:$hook"
			done
		done
		echo "${file#"$1"/}"
	done
}
server
rm -rf "$S/hooks"
standard_policy
sed -i 's/\[REMOTE_USER\]/[REMOTE_USER, GITEA_PUSHER_NAME]/' "$tmp/server.yml"
clone
c=$(commit a.txt one)

# --- Gitea, Forgejo ---------------------------------------------------------
T=$tmp/gitea/me/it.git
git init -q --bare "$T"
rm -rf "$T/hooks"
for hook in pre-receive update post-receive; do
	mkdir -p "$T/hooks/$hook.d"
	printf '#!/bin/sh\n' >"$T/hooks/$hook.d/gitea"
	# as Gitea's does: each that lies there, with what came in
	cat >"$T/hooks/$hook" <<'X'
#!/bin/sh
data=$(cat)
status=0
for one in "$GIT_DIR/hooks/${0##*/}.d"/*; do
	printf '%s\n' "$data" | "$one" "$@" || status=1
done
exit $status
X
	chmod +x "$T/hooks/$hook" "$T/hooks/$hook.d/gitea"
done
theirs=$(tree "$T/hooks")
init "$p" --policy "$tmp/server.yml" --gitea "$tmp/gitea"
accepted 'Gitea'
ours() { # ours BUILD: the tree with ours in it
	printf '%s\n' "$theirs" "$1:post-receive post-receive.d/stagegate" \
	    "$1:pre-receive pre-receive.d/stagegate" "$1:update update.d/stagegate" | LC_ALL=C sort
}
is "$(tree "$T/hooks" | LC_ALL=C sort)" "$(ours programs)" 'ours lie beside theirs, which are as they were'
hand_in() { # hand_in USER COMMIT:REF
	out=$(GITEA_PUSHER_NAME=$1 git push "$T" "$2" 2>&1)
	rc=$?
}
hand_in dana "$c:refs/heads/main"
refused stage.skip 'theirs run ours'
hand_in alice "$c:refs/heads/feature/a"
accepted 'which let in'
init "$later" --gitea "$tmp/gitea"
is "$(tree "$T/hooks" | LC_ALL=C sort)" "$(ours later)" 'brought up to date'
init "$p" --uninstall --gitea "$tmp/gitea"
accepted 'taken out'
is "$(tree "$T/hooks")" "$theirs" 'theirs stay'
is "$(git -C "$T" config stagegate.host)" '' 'the host is not noted any more'

# --- GitLab -----------------------------------------------------------------
G=$tmp/gitlab
mkdir -p "$G/pre-receive.d"
echo other >"$G/pre-receive.d/other"
init "$p" --gitlab "$G"
accepted 'GitLab'
is "$(tree "$G" | tr '\n' ,)" 'programs:post-receive post-receive.d/stagegate,pre-receive.d/other,programs:pre-receive pre-receive.d/stagegate,programs:update update.d/stagegate,' 'in its folder of hooks'
init "$later" --gitlab "$G"
is "$(tree "$G" | grep -c ^later:)" 3 'brought up to date'
init "$later" --gitlab "$G"
says 'gitlab: as it was' 'once'
init "$p" --uninstall --gitlab "$G"
is "$(tree "$G")" pre-receive.d/other 'taken out, what else is there stays'
echo theirs >"$G/update.d/stagegate"
init "$p" --gitlab "$G"
is "$rc" 1 'a file that only has our name'
is "$(tree "$G" | tr '\n' ,)" 'pre-receive.d/other,update.d/stagegate,' 'is left alone, and nothing put'

# --- gitolite ---------------------------------------------------------------
G=$tmp/gitolite
init "$p" --gitolite "$G"
accepted 'gitolite'
is "$(tree "$G" | tr '\n' ,)" 'programs:update VREF/stagegate,programs:post-receive hooks/common/post-receive,programs:pre-receive hooks/common/pre-receive,' 'update is a VREF'
init "$later" --gitolite "$G"
is "$(tree "$G" | grep -c ^later:)" 3 'brought up to date'
init "$p" --uninstall --gitolite "$G"
is "$(tree "$G")" '' 'taken out'
echo theirs >"$G/VREF/stagegate"
init "$p" --gitolite "$G"
is "$rc" 1 'a VREF that only has our name'
is "$(cat "$G/VREF/stagegate")" theirs 'is left alone'

# --- repositories to come ---------------------------------------------------
G=$tmp/template
init "$p" --policy "$tmp/server.yml" --template "$G"
says 'init.templateDir' 'a template, and how git comes to use it'
init "$later" --template "$G"
is "$(tree "$G/hooks" | grep -c ^later:)" 3 'brought up to date'
git config --global init.templateDir "$G"
git init -q --bare "$tmp/made.git"
out=$(REMOTE_USER=dana git push "$tmp/made.git" "$c:refs/heads/main" 2>&1)
rc=$?
refused stage.skip 'a repository made from it is guarded'
is "$(git -C "$tmp/made.git" config --get-all receive.hideRefs | wc -l)" 2 'with the settings'
init "$p" --uninstall --template "$G"
git init -q --bare "$tmp/after.git"
is "$(tree "$tmp/after.git/hooks" 2>/dev/null)$(git -C "$tmp/after.git" config stagegate.policy)" '' 'taken out: the next one is not'
git config --global --unset init.templateDir

# --- the whole machine ------------------------------------------------------
if [ "$(id -u)" = 0 ]; then
	system() { # system COMMAND..: with a file of the test as the system's
		env -u GIT_CONFIG_NOSYSTEM GIT_CONFIG_SYSTEM="$tmp/system" "$@"
	}
	init "$p" --system --system-config "$tmp/system" --policy "$tmp/server.yml"
	is "$rc" 1 'a policy where hooks would not read it'
	[ ! -e "$tmp/system" ]
	ok $? 'is not put there'
	init "$p" --system --system-config "$tmp/system"
	accepted 'for the whole machine'
	is "$(git config -f "$tmp/system" core.hooksPath)" "$p" "hooks are the programs' folder"
	git init -q --bare "$tmp/any.git"
	git -C "$tmp/any.git" config stagegate.policy "$tmp/server.yml"
	out=$(system env REMOTE_USER=dana git push "$tmp/any.git" "$c:refs/heads/main" 2>&1)
	rc=$?
	refused stage.skip 'a repository without hooks of its own is guarded'
	out=$(system env REMOTE_USER=alice git push "$tmp/any.git" "$c:refs/heads/feature/a" 2>&1)
	rc=$?
	accepted 'and lets in'
	init "$p" --system --system-config "$tmp/system"
	says 'system: as it was' 'once'
	chmod go+w "$p"
	init "$p" --system --system-config "$tmp/system"
	is "$rc" 1 'a folder that others can write to'
	says 'by others than root' 'is refused in words'
	chmod go-w "$p"
	init "$p" --uninstall --system --system-config "$tmp/system"
	is "$(git config -f "$tmp/system" core.hooksPath)" '' 'taken out'
else
	ok 0 'the whole machine # SKIP needs root'
fi

# --- what is left alone -----------------------------------------------------
mkdir "$tmp/elsewhere"
git init -q --bare "$tmp/linked.git"
rm -rf "$tmp/linked.git/hooks"
ln -s ../elsewhere "$tmp/linked.git/hooks"
before=$(cat "$tmp/linked.git/config")
init "$p" --policy "$tmp/server.yml" "$tmp/linked.git"
is "$rc" 1 'hooks that are a link to a folder elsewhere'
says 'others may *share' 'are refused in words'
is "$(ls "$tmp/elsewhere")$(cat "$tmp/linked.git/config")" "$before" 'and nothing is changed'
cp "$p"/* "$tmp/elsewhere"
init "$p" --policy "$tmp/server.yml" "$tmp/linked.git"
accepted 'unless ours lie there'
out=$(REMOTE_USER=dana git push "$tmp/linked.git" "$c:refs/heads/main" 2>&1)
rc=$?
refused stage.skip 'and guard it'
init "$p" --uninstall "$tmp/linked.git"
is "$(tree "$tmp/elsewhere" | grep -c ^programs:)" 3 "others' hooks stay where they are"
mkdir "$tmp/inside.git"
git init -q --bare "$tmp/inside.git"
mv "$tmp/inside.git/hooks" "$tmp/inside.git/real"
ln -s real "$tmp/inside.git/hooks"
init "$p" --policy "$tmp/server.yml" "$tmp/inside.git"
is "$(tree "$tmp/inside.git/real" | grep -c ^programs:)" 3 'a link that stays inside is followed'

# a repository that its account may not write
G=$tmp/accounts
mkdir "$G"
git init -q --bare "$G/fixed.git"
before=$(cat "$G/fixed.git/config")
nobody=65534
if [ "$(id -u)" = 0 ]; then
	chmod 711 "$tmp"
	chown -R "$nobody:$nobody" "$G/fixed.git"
fi
chmod -R a-w "$G/fixed.git"
init "$p" --policy "$tmp/server.yml" "$G/fixed.git"
is "$rc" 1 'a repository that cannot be written'
says 'chmod u.rwx' 'is told, with what to run'
is "$(find "$G/fixed.git/hooks" -type f ! -name '*.sample')$(cat "$G/fixed.git/config")" "$before" 'and stays as it was'
chmod -R u+w "$G/fixed.git"

# --- root works for the account that owns a repository -----------------------
if [ "$(id -u)" = 0 ] && setpriv --reuid="$nobody" --regid="$nobody" --clear-groups true 2>/dev/null; then
	as_nobody() {
		setpriv --reuid="$nobody" --regid="$nobody" --clear-groups "$@"
	}
	others() { # what in DIR is not nobody's
		find "$1" ! -uid "$nobody" -o ! -gid "$nobody"
	}
	init "$p" --policy "$tmp/server.yml" "$G/fixed.git"
	accepted 'for another account'
	is "$(others "$G/fixed.git")" '' 'everything there belongs to it'
	cp -R "$C" "$G/work"
	chown -R "$nobody:$nobody" "$G/work"
	for try in dana:main alice:feature/a; do
		out=$(cd "$G/work" && REMOTE_USER=${try%%:*} as_nobody env GIT_CONFIG_GLOBAL=/dev/null \
		    git push "$G/fixed.git" "HEAD:refs/heads/${try#*:}" 2>&1)
		rc=$?
		[ "$try" = alice:feature/a ] || refused stage.skip 'the account is guarded'
	done
	accepted 'and can push'
	init "$later" "$G/fixed.git"
	accepted 'brought up to date'
	is "$(others "$G/fixed.git")" '' 'what the push made too'
	chown -R 0:0 "$G/fixed.git/hooks"
	before=$(tree "$G/fixed.git/hooks")
	init "$p" "$G/fixed.git"
	is "$rc" 1 "a folder of root's in it is not written to"
	says "run 'chown" 'but told'
	is "$(tree "$G/fixed.git/hooks")" "$before" 'and stays as it was'
	init "$p" --uninstall "$G/fixed.git"
	is "$rc" 1 'nor taken from'
	is "$(tree "$G/fixed.git/hooks")" "$before" 'it stays as it was'
	chown -Rh "$nobody:$nobody" "$G/fixed.git/hooks"
	init "$p" "$G/fixed.git"
	accepted 'after what was told it goes on'
	mkdir "$G/secret"
	chmod 700 "$G/secret"
	rm -rf "$G/fixed.git/hooks"
	as_nobody ln -s "$G/secret" "$G/fixed.git/hooks"
	init "$p" "$G/fixed.git"
	is "$rc:$(ls "$G/secret")" 1: "a link of the account to root's folder leads nowhere"
	out=$(as_nobody "$stagegate" init --programs "$p" "$S" 2>&1)
	rc=$?
	is "$rc" 1 "another account's repository, not as root"
else
	ok 0 'root works for other accounts # SKIP needs root and setpriv'
fi
S=
finish
