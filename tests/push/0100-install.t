#!/bin/sh
# install.sh on real repositories: repeatable, foreign hooks kept, taken out
# again.
. "${0%/*}/lib.sh"
top=$here/../..
p=$tmp/prefix
put_programs "$p/libexec/stagegate"
mkdir -p "$p/bin"
cp "$stagegate" "$p/bin/"
server
rm -rf "$S/hooks" "$S/stagegate"
git -C "$S" config --remove-section receive
git -C "$S" config --remove-section uploadpack
git -C "$S" config --remove-section stagegate
standard_policy
install_in() { # install_in ARGS..
	out=$(sh "$top/install.sh" --no-build --prefix "$p" --policy "$tmp/server.yml" "$@" 2>&1)
	rc=$?
}
install_in --dry-run "$S"
accepted 'a dry run'
is "$(ls "$S/hooks" 2>/dev/null)" '' 'changes nothing'
install_in "$S"
accepted 'installed'
for hook in pre-receive update post-receive; do
	cmp -s "$S/hooks/$hook" "$p/libexec/stagegate/$hook" && [ ! -L "$S/hooks/$hook" ] && [ -x "$S/hooks/$hook" ]
	ok $? "$hook is a real file, ours"
done
before=$(cat "$S/config")
install_in "$S"
accepted 'again'
is "$(cat "$S/config")" "$before" 'the settings are there once'
is "$(git -C "$S" config --get-all receive.hideRefs | tr '\n' ' ')" 'refs/notes/stagegate refs/stagegate ' 'ledger and kept refs are hidden'
is "$(git -C "$S" config uploadpack.hideRefs)" refs/evidence 'and the inbox'
is "$(git -C "$S" config receive.fsckObjects)" true 'objects are checked'
is "$(git -C "$S" config receive.advertisePushOptions)" true 'push options are on'
seed=$(git -C "$S" config --includes receive.certNonceSeed)
like "$seed" '^[0-9a-f]{64}$' 'signed pushes get a nonce, from a random seed'
unlike "$(cat "$S/config")" "$seed" 'which does not stand in the configuration itself'
is "$(find "$S/stagegate" -name push-cert.config -perm 600 | wc -l)" 1 'but in a file for the account alone'
is "$(git -C "$S" config receive.certNonceSlop)" 60 'good for a minute over http'
clone
c=$(commit a.txt one)
push dana "$c:refs/heads/main"
refused stage.skip 'and it guards'
push alice "$c:refs/heads/feature/a"
accepted 'and lets in'

# who pushes is who signed
sed -i -e 's/REMOTE_USER/push-cert/' -e 's/^version: .*/version: 2.0.0/' \
    -e "s|alice: {emails|alice: {keys: ['$(key alice)'], emails|" "$tmp/server.yml"
d=$(commit s.txt signed)
out=$(with_key alice push --signed origin "$d:refs/heads/feature/s" 2>&1)
rc=$?
accepted 'a signed push, with the nonce of the installer'
push alice "$c:refs/heads/feature/s2"
refused push.identity 'and an unsigned one'
version=3.0.0
standard_policy

# a hook that was there
T=$tmp/other.git
git init -q --bare "$T"
mkdir -p "$T/hooks"
cat >"$T/hooks/pre-receive" <<'X'
#!/bin/sh
cat >/dev/null
echo mine >&2
exit ${MINE:-0}
X
chmod +x "$T/hooks/pre-receive"
install_in "$T"
is "$rc" 1 'a foreign hook is not overwritten'
says '--chain' 'and the way is said'
grep -q mine "$T/hooks/pre-receive"
ok $? 'it is as it was'
[ ! -e "$T/hooks/update" ]
ok $? 'nothing else was put there either'
install_in --chain "$T"
accepted 'with --chain'
git remote add other "$T"
out=$(REMOTE_USER=alice git push other "$c:refs/heads/feature/a" 2>&1)
rc=$?
accepted 'both allow'
says 'remote: mine' 'the chained hook was run'
d=$(commit b.txt two)
out=$(MINE=1 REMOTE_USER=alice git push other "$d:refs/heads/feature/a" 2>&1)
rc=$?
is "$rc" 1 'its refusal counts'
is "$(git -C "$T" rev-parse refs/heads/feature/a)" "$c" 'the ref did not move'
mv "$T/hooks/pre-receive.chained" "$tmp/chained"
ln -s /nonexistent "$T/hooks/pre-receive.chained"
out=$(REMOTE_USER=alice git push other "$d:refs/heads/feature/a" 2>&1)
refused internal 'a link that leads nowhere is not taken for no hook'
says "the chained hook can't be run" 'it says so'
mv -f "$tmp/chained" "$T/hooks/pre-receive.chained"
install_in --uninstall "$T"
accepted 'taken out'
grep -q mine "$T/hooks/pre-receive" && [ ! -e "$T/hooks/update" ]
ok $? 'the old hook is back, ours are gone'
ln -s /nonexistent "$T/hooks/update"
install_in "$T"
is "$rc" 1 'a dangling link is a foreign hook'

git init -q --bare --object-format=sha256 "$tmp/sha256.git"
install_in "$tmp/sha256.git"
says 'sha256 object ids' 'a SHA-256 repository is refused'
mkdir "$tmp/a:b"
git init -q --bare "$tmp/a:b/x.git"
install_in "$tmp/a:b/x.git"
says "holds a ':'" 'a path with a colon'
mkdir "$tmp/none"
install_in "$tmp/none"
says "is no( |$)" 'a directory that is none'
rm "$T/hooks/update"
mkdir -p "$tmp/all/deep/er"
git init -q --bare "$tmp/all/one.git"
git init -q --bare "$tmp/all/deep/er/two.git"
ln -s "$T" "$tmp/all/link.git"
install_in --yes --all "$tmp/all"
accepted 'a whole directory'
[ -x "$tmp/all/one.git/hooks/update" ] && [ -x "$tmp/all/deep/er/two.git/hooks/update" ]
ok $? 'with all repositories below it'
[ ! -e "$T/hooks/update" ]
ok $? 'links are not followed'
git init -q --bare --object-format=sha256 "$tmp/all/aaa.git"
git init -q --bare "$tmp/all/zzz.git"
install_in --yes --all "$tmp/all"
is "$rc" 1 'one that cannot be served'
says 'not done.*' 'is told at the end'
says "^ *$tmp/all/aaa.git$" 'by name'
[ -x "$tmp/all/zzz.git/hooks/pre-receive" ]
ok $? 'and the others are installed all the same'
install_in --dry-run "$tmp/all/zzz.git"
says 'is as it would be' 'a dry run where all is done'
git init -q --bare "$tmp/fresh.git"
install_in --dry-run "$tmp/fresh.git"
says 'would be installed' 'a dry run says what it would do'
out=$(DESTDIR=$tmp/package sh "$top/install.sh" --no-build --prefix "$p" --sysconfdir "$tmp/etc" "$tmp/all/zzz.git" 2>&1)
is "$?" 1 'DESTDIR and a repository do not go together'
finish
