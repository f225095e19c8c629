#!/bin/sh
# stagegate doctor: each thing that is wrong is named by its code, what can be
# put right is, nothing else is touched, and pushes are judged afterwards.
. "${0%/*}/lib.sh"
. "${0%/*}/doctor.sh"

server
standard_policy
git -C "$S" config receive.denyDeleteCurrent true
clone
c=$(commit a a)
walk "$c" deployment
healthy 'a repository in order has nothing wrong'
doctor -v "$S"
says '^ok: hooks: ' '--verbose says what is in order'
says '^doctor: ok$' 'the sum comes last'
before=$(git -C "$S" for-each-ref; find "$S" -type f ! -path '*/objects/*' -exec cksum {} + | sort)
doctor "$S"
is "$(git -C "$S" for-each-ref; find "$S" -type f ! -path '*/objects/*' -exec cksum {} + | sort)" \
	"$before" 'looking changes nothing'

# --- hooks ------------------------------------------------------------------

put_copies
rm "$S/hooks/pre-receive"
finds error hooks.missing 'a missing hook is found'
mends hooks.missing 'it is put again'
push alice :refs/heads/main
refused stage.delete 'and judges the next push'
chmod -x "$S/hooks/update"
finds error hooks.not-executable 'one that is not executable is found'
mends hooks.not-executable 'it is made so'
: >"$S/hooks/post-receive"
finds error hooks.empty 'an empty one is found'
mends hooks.empty 'an empty one is put again'
head -c 5000 /dev/zero >"$S/hooks/pre-receive"
finds error hooks.nul 'one of NUL bytes is found'
mends hooks.nul 'one of NUL bytes is put again'
ln -sf "$tmp/nowhere" "$S/hooks/update"
finds error hooks.dangling 'a dangling link is found'
mends hooks.dangling 'it gives way to a file'
ln -sf "$programs/update" "$S/hooks/update"
finds warning hooks.link 'a link is warned about'
mends hooks.link 'a link gives way to a file'
printf 'x' >>"$S/hooks/update"
finds error hooks.altered 'an altered one is found'
mends hooks.altered 'it is put again'
printf '#!/bin/sh\nexit 0\n' >"$S/hooks/update"
finds error hooks.foreign "somebody else's is found"
doctor --fix "$S"
is "$rc:$(head -n 1 "$S/hooks/update")" '1:#!/bin/sh' "and is not taken away"
put_copies
mkdir "$tmp/elsewhere"
git -C "$S" config core.hooksPath "$tmp/elsewhere"
finds error hooks.path 'core.hooksPath that leads past ours is found'
git -C "$S" config --unset core.hooksPath
printf '#!/bin/sh\n' >"$S/hooks/proc-receive"
chmod +x "$S/hooks/proc-receive"
finds error hooks.proc-receive 'a proc-receive hook is found'
mv "$S/hooks/proc-receive" "$S/hooks/reference-transaction"
notes hooks.extra 'another hook is told of'
rm "$S/hooks/reference-transaction"

# --- who may write ----------------------------------------------------------

chmod o+w "$S/hooks"
finds error modes.hooks 'hooks that everybody may replace are found'
mends modes.hooks 'that is taken from them'
chmod o+w "$S/config"
finds error modes.config 'so is a configuration'
mends modes.config 'that is taken from them too'
chmod o+w "$S"
finds error modes.hooks 'so is a directory above'
chmod o-w "$S"
mkdir "$tmp/open"
printf '[user]\n\tname = x\n' >"$tmp/open/included"
git -C "$S" config include.path "$tmp/open/included"
chmod o+w "$tmp/open"
finds error modes.config 'so is a file that the configuration includes'
doctor --fix "$S"
is "$rc:$(stat -c %a "$tmp/open")" '1:757' 'what is not in the repository is left alone'
git -C "$S" config --unset include.path
chmod o+w "$tmp/server.yml"
finds error policy.invalid 'so is a policy'
says 'modes.policy' 'and why'
chmod o-w "$tmp/server.yml"
chmod 755 "$S/stagegate"
finds warning state.mode 'state that others may read is found'
mends state.mode 'it is closed'

# --- settings ---------------------------------------------------------------

# setting CODE COMMAND..: which spoils it
setting() {
	code=$1
	shift
	git -C "$S" config "$@"
	finds '(error|warning)' "$code" "$code is found"
	mends "$code" "$code is put right"
}
setting config.hide-refs --unset receive.hideRefs '^refs/stagegate$'
setting config.hide-evidence --unset uploadpack.hideRefs
setting config.push-options receive.advertisePushOptions false
setting config.fsck --unset receive.fsckObjects
setting config.delete-current receive.denyDeleteCurrent ignore
setting config.shallow-update receive.shallowUpdate true
git -C "$S" config --add transfer.hideRefs '!refs/stagegate/kept'
finds error config.hide-negated 'a part that is shown again is found'
git -C "$S" config --unset transfer.hideRefs
git -C "$S" config receive.procReceiveRefs refs/for
finds error config.proc-receive 'receive.procReceiveRefs is found'
git -C "$S" config --unset receive.procReceiveRefs
git -C "$S" config core.alternateRefsCommand /bin/true
finds warning config.command 'a program that git runs is found'
git -C "$S" config --unset core.alternateRefsCommand
git -C "$S" config core.fsync none
finds warning config.fsync 'core.fsync is found'
git -C "$S" config --unset core.fsync
git -C "$S" config uploadpack.allowAnySHA1InWant true
notes config.sha1-in-want 'hidden objects that can be fetched are told of'
git -C "$S" config --unset uploadpack.allowAnySHA1InWant

# --- policy -----------------------------------------------------------------

cp "$tmp/server.yml" "$tmp/good.yml"
printf 'nonsense: 1\n' >>"$tmp/server.yml"
finds error policy.invalid 'a policy that is wrong is found'
cp "$tmp/good.yml" "$tmp/server.yml"
printf '# another text\n' >>"$tmp/server.yml"
finds error policy.succession 'one that was changed without a version is found'
push alice "$c:refs/heads/feature/x"
refused policy.invalid 'as the hooks have it'
cp "$tmp/good.yml" "$tmp/server.yml"
git -C "$S" config stagegate.host gitea
finds warning identity.host 'an identity that does not fit the host is found'
git -C "$S" config stagegate.host gitolite
doctor "$S"
says 'hooks.vref' 'gitolite without our rule is found'
git -C "$S" config --unset stagegate.host

# --- objects, refs, what is left ---------------------------------------------

printf '%s\n' "$tmp/gone" >"$S/objects/info/alternates"
finds error objects.alternate-missing 'objects that are elsewhere, and gone, are found'
rm "$S/objects/info/alternates"
mkdir -p "$S/info"
printf '%s\n' "$c" >"$S/info/grafts"
finds error objects.grafts 'grafts are found'
rm "$S/info/grafts"
printf '%s\n' "$c" >"$S/shallow"
finds error objects.shallow 'a shallow file is found'
rm "$S/shallow"
git -C "$S" update-ref "refs/replace/$c" "$c"
finds warning objects.replace 'replace refs are found'
git -C "$S" update-ref -d "refs/replace/$c"
mkdir "$S/objects/tmp_objdir-incoming-abc"
touch "$S/objects/tmp_objdir-incoming-abc/x"
healthy 'a quarantine of today is somebody else at work'
touch -d '2 days ago' "$S/objects/tmp_objdir-incoming-abc"
finds warning objects.quarantine 'one of the day before yesterday is found'
mends objects.quarantine 'it is removed'

git -C "$S" symbolic-ref refs/heads/alias refs/heads/main
finds error refs.symbolic 'a ref that leads to a stage is found'
git -C "$S" symbolic-ref --delete refs/heads/alias
evil=$(git -C "$S" commit-tree -m evil "$c^{tree}" -p "$c")
git -C "$S" update-ref refs/heads/main "$evil"
finds error refs.unobserved 'a ref that was moved behind the hooks is found'
doctor --fix "$S"
ref_is refs/heads/main "$evil" 'and is not moved back'
git -C "$S" update-ref refs/heads/main "$c"
healthy 'once it is, all is well'

touch "$S/refs/heads/main.lock"
healthy 'a lock of now is somebody at work'
touch -d '1 hour ago' "$S/refs/heads/main.lock"
finds error locks.stale 'one that was left is found'
(cd "$S" && exec sleep 60) &
sleeper=$!
for _ in 1 2 3 4 5 6 7 8 9 10 20 30; do
	[ "$(readlink "/proc/$sleeper/cwd")" = "$S" ] && break
	sleep 0.1
done
doctor --fix -v "$S"
like "$out" '^note: locks.held:' 'while somebody is at work there, it is not'
ok "$([ -e "$S/refs/heads/main.lock" ]; echo $?)" 'and it stays'
kill "$sleeper"
wait "$sleeper" 2>/dev/null
mends locks.stale 'it is removed when nobody is'
touch -d '2 days ago' "$S/stagegate/plans/x.tmp"
finds warning state.leftover 'a file that is half written is found'
mends state.leftover 'it is removed too'
printf 'nonsense\n' >"$S/stagegate/plans/0123456789abcdef0123456789abcdef.yml"
finds error plans.damaged 'a damaged plan is found'
rm "$S/stagegate/plans/0123456789abcdef0123456789abcdef.yml"
cp "$S/stagegate/id" "$tmp/id"
printf '0123456789abcdef0123456789abcdef\n' >"$S/stagegate/id"
finds error state.id "an id that is not the ledger's is found"
cp "$tmp/id" "$S/stagegate/id"

# --- sshd --------------------------------------------------------------------

mkdir "$tmp/sshd.d"
cp "$tmp/sshd_config" "$tmp/sshd_config.good"
printf 'Include %s/*.conf\n' "$tmp/sshd.d" >>"$tmp/sshd_config"
printf 'AcceptEnv GIT_*\n' >"$tmp/sshd.d/a.conf"
finds error sshd.accept-env 'sshd that lets clients set GIT_* is found'
printf 'Match User git\n  AcceptEnv=REMOTE_USER\n' >"$tmp/sshd.d/a.conf"
finds error sshd.identity 'sshd that lets clients say who they are is found'
printf 'PermitUserEnvironment yes\n' >"$tmp/sshd.d/a.conf"
finds warning sshd.user-environment 'PermitUserEnvironment is found'
cp "$tmp/sshd_config.good" "$tmp/sshd_config"
doctor --sshd-config "$tmp/nowhere" "$S"
is "$rc" 100 'an option is given once'
out=$("$stagegate" doctor --programs "$programs" --sshd-config "$tmp/nowhere" "$S")
is "$?:$(printf '%s\n' "$out" | grep -c '^unseen: sshd.unreadable: ')" 3:1 \
	'what could not be looked at is another exit code'

# --- several ------------------------------------------------------------------

mkdir "$tmp/all"
cp -a "$S" "$tmp/all/a.git"
cp -a "$S" "$tmp/all/b.git"
chmod -x "$tmp/all/b.git/hooks/update"
doctor --all "$tmp/all"
is "$rc" 1 '--all exits 1 when one is wrong'
says "^$tmp/all/a.git: ok$" 'a line for each'
says "^$tmp/all/b.git: 2 errors, 0 warnings$" 'with what is wrong with it'
says 'state.id-twice' 'two with one id are found'
says 'hooks.not-executable' 'and the rest of it'
says '^doctor: 1 of 2 repositories are in order; 2 errors, 0 warnings' 'the sum counts all'
doctor --json --all "$tmp/all"
is "$(printf '%s' "$out" | jq -r '.v, .errors, (.repositories | length), ([.repositories[].findings[] | select(.code == "hooks.not-executable")][0] | .level, .fixable)' | tr '\n' ' ')" \
	'1 2 2 error true ' '--json has the same'
doctor "$tmp/nowhere"
is "$rc" 3 'no repository, nothing to look at'
doctor --help
says 'stable code' 'it has a help text'

# --- as the account that runs the hooks ----------------------------------------

if [ "$(id -u)" = 0 ]; then
	chmod 755 "$tmp"
	chown -R 65534:65534 "$tmp/all/a.git"
	rm -rf "$tmp/all/b.git"
	doctor -v --all "$tmp/all"
	is "$rc" 0 "root looks at another account's repository"
	says 'note: modes.own: ' 'whose hooks that account could replace'
	is "$(find "$tmp/all/a.git" ! -uid 65534 | head -n 1)" '' "and leaves no file of root's"
	mkdir "$tmp/all/closed"
	chmod 700 "$tmp/all/closed"
	mv "$tmp/all/a.git/hooks" "$tmp/all/closed/hooks"
	git config --file "$tmp/all/a.git/config" core.hooksPath "$tmp/all/closed/hooks"
	chown 65534:65534 "$tmp/all/a.git/config"
	doctor --all "$tmp/all"
	like "$rc $out" 'hooks.unreachable' 'hooks that the account cannot reach are found'
	git config --file "$tmp/all/a.git/config" --unset core.hooksPath
	mv "$tmp/all/closed/hooks" "$tmp/all/a.git/hooks"
	rm "$tmp/all/a.git/hooks/update"
	git config --file "$tmp/all/a.git/config" receive.fsckObjects false
	chown 65534:65534 "$tmp/all/a.git/config"
	doctor --fix --all "$tmp/all"
	is "$rc:$(find "$tmp/all/a.git" ! -uid 65534 | head -n 1)" '0:' \
		"--fix leaves files that are that account's"
fi
put_copies
b=$(commit b b)
push alice "$b:refs/heads/feature/x"
accepted 'pushes go on'
finish
