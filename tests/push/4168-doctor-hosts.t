#!/bin/sh
# stagegate doctor: where hosts have the hooks, policies that extend others, the
# server itself; and each of its codes is shown by a test.
. "${0%/*}/lib.sh"
. "${0%/*}/doctor.sh"

S=$tmp/server.git
standard_policy
repo() { # repo NAME [OPTION..]: an empty bare one, R
	R=$tmp/$1.git
	shift
	git init -q --bare "$@" "$R"
}
# policy_with VARIABLE: that names the pusher
policy_with() {
	standard_policy 'host_refs: ["refs/pull/*/head"]'
	sed "s/REMOTE_USER/$1/" "$tmp/server.yml" >"$tmp/$1.yml"
	standard_policy
}
policy_with GITEA_PUSHER_NAME
policy_with GL_USERNAME
policy_with GL_USER

# --- Gitea ------------------------------------------------------------------------

repo gitea
for hook in pre-receive update post-receive; do
	mkdir "$R/hooks/$hook.d"
	printf '#!/bin/sh\n# runs %s.d/*\n' "$hook" >"$R/hooks/$hook"
	chmod +x "$R/hooks/$hook"
done
init --host gitea --policy "$tmp/GITEA_PUSHER_NAME.yml" "$R"
healthy "Gitea's own hooks run ours"
cp "$R/hooks/update" "$tmp/host-update"
rm "$R/hooks/update"
finds error hooks.host "one of Gitea's own that is gone is found"
stays hooks.host 'and is for Gitea to make again'
ok "$([ ! -e "$R/hooks/update" ]; echo $?)" 'ours is not put in its place'
cp "$tmp/host-update" "$R/hooks/update"
chmod -x "$R/hooks/update.d/stagegate"
finds error hooks.not-executable 'ours beside it that does not run is found'
mends hooks.not-executable 'it is put again'
rm "$R/hooks/update.d/stagegate"
finds error hooks.missing 'ours that is gone is found'
mends hooks.missing 'and put again'
rm -rf "$R/hooks/update.d"
finds error hooks.missing 'so is ours with its directory'
mends hooks.missing 'and both are made again'
chmod o+w "$R/hooks/update.d/stagegate"
finds error modes.hooks 'ours that everybody may write is found there'
mends modes.hooks 'that is taken from them'

# --- GitLab ------------------------------------------------------------------------

repo gitlab
init --host gitlab --policy "$tmp/GL_USERNAME.yml" "$R"
healthy "GitLab's daemon runs ours"
head -c 100 /dev/zero >"$R/custom_hooks/pre-receive.d/stagegate"
finds error hooks.nul 'ours that a crash emptied is found'
mends hooks.nul 'and put again'
chmod o+w "$R/custom_hooks"
finds error modes.hooks 'custom_hooks that everybody may write are found'
mends modes.hooks 'that is taken from them'
rm -rf "$R/custom_hooks"
notes hooks.server-wide 'hooks for all repositories are told of'

# --- gitolite -----------------------------------------------------------------------

repo gitolite
code=$tmp/local-code
init --gitolite "$code"
for hook in pre-receive post-receive; do
	ln -sf "$code/hooks/common/$hook" "$R/hooks/$hook"
done
printf '#!/bin/sh\n# gitolite itself\n' >"$R/hooks/update"
chmod +x "$R/hooks/update"
init --host gitolite --policy "$tmp/GL_USER.yml" "$R"
git -C "$R" config stagegate.host gitolite
finds error hooks.vref 'a configuration without our rule is found'
printf "%%one_repo = ('gitolite' => {'@all' => [[3, '-', 'VREF/stagegate-not']]});\n" >"$R/gl-conf"
finds error hooks.vref 'a VREF of a longer name is another'
printf "%%one_repo = ('gitolite' => {'@all' => [[3, '-', 'VREF/stagegate']]});\n" >"$R/gl-conf"
healthy 'with the rule all is well, links and all'
chmod -x "$code/VREF/stagegate"
finds error hooks.not-executable 'a VREF that does not run is found'
stays hooks.not-executable 'it is not in the repository'
chmod +x "$code/VREF/stagegate"
chmod o+w "$code/VREF"
finds error modes.hooks 'one that everybody may replace is found'
chmod o-w "$code/VREF"
printf 'x' >>"$code/VREF/stagegate"
finds error hooks.altered 'one that was altered is found'
rm "$code/VREF/stagegate"
finds error hooks.missing 'one that is missing is found'
cp "$programs/update" "$code/VREF/stagegate"
ln -sf "$tmp/nowhere/hooks/common/pre-receive" "$R/hooks/pre-receive"
finds error hooks.dangling 'a link into a LOCAL_CODE that is gone is found'
rm "$R/hooks/pre-receive"
cp "$programs/pre-receive" "$R/hooks/pre-receive"
notes hooks.vref-unseen 'where there is no link, LOCAL_CODE is not known'
rm "$R/gl-conf"
mkfifo "$R/gl-conf"
unseen hooks.unreadable 'a FIFO for gl-conf keeps nobody waiting'

# --- a policy that extends another -----------------------------------------------------

git init -q "$tmp/process"
cd "$tmp/process" || exit 1
base() { # base VERSION SOAK
	cat <<Y
flow: company
version: $1
status: active
identity: {from: [REMOTE_USER]}
roles: {developers: ["*"], release: [dana], ci: [ci-bot]}
gates: {tests: {kind: evidence, by: [ci]}}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [developers]}
  - {name: deployment, refs: [refs/heads/main], push: [release], gates: [tests], soak: $2}
Y
}
base 1.0.0 0s >policy.yml
git add policy.yml
git commit -q -m 'the process'
git tag v1
cat >"$tmp/product.yml" <<Y
flow: product
version: 1.0.0
extends: $tmp/process/.git:refs/tags/v1:policy.yml
Y
chmod 644 "$tmp/product.yml"
repo product
init --policy "$tmp/product.yml" "$R"
S=$R
clone product-clone
c=$(commit a a)
push alice "$c:refs/heads/feature/a"
accepted 'a push under a policy that extends another'
healthy 'all is well with it'
cd "$tmp/process" || exit 1
base 1.0.0 1d >policy.yml
git commit -q -a -m 'changed without a version'
git tag -f v1 >/dev/null
finds error policy.succession 'a base that moved without a version is found'
cd "$tmp/product-clone" || exit 1
push alice "$c:refs/heads/feature/b"
ok "$([ "$rc" != 0 ]; echo $?)" 'and pushes are refused'
cd "$tmp/process" || exit 1
base 1.1.0 1d >policy.yml
git commit -q -a -m 'changed'
git tag -f v1 >/dev/null
doctor "$R"
first=$rc
cd "$tmp/product-clone" || exit 1
push alice "$c:refs/heads/feature/b"
is "$first:$rc" '0:0' 'one that has a new version is not, as the hooks have it'
git -C "$tmp/process" tag -d v1 >/dev/null
finds error policy.invalid 'a base that is missing is found'
git -C "$tmp/process" tag v1
chmod o+w "$tmp/process/.git"
finds error policy.invalid 'its repository that everybody may write is found'
says 'can be written by' 'and why'
chmod o-w "$tmp/process/.git"
healthy 'then all is well'

# --- what the policy has in it ----------------------------------------------------------

key server >/dev/null
version=1.1.0
standard_policy "ledger: {sign_key: $tmp/keys/server}"
R=$tmp/plain.git
git init -q --bare "$R"
init --policy "$tmp/server.yml" "$R"
healthy 'a policy with a key of the server'
chmod o+w "$tmp/keys"
finds error modes.sign-key 'a key that everybody may replace is found'
chmod o-w "$tmp/keys"
version=1.2.0
standard_policy
sed -i 's/tests: {kind: evidence, by: \[ci\]}/tests: {kind: evidence, by: [ci], signed: true}/' "$tmp/server.yml"
notes policy.warnings 'warnings of the policy are told'
version=1.3.0
standard_policy

# --- hooks and objects --------------------------------------------------------------------

LC_ALL=C sed 's/update 0\.[0-9]*\.[0-9]*, ledger/update 0.0.0, ledger/' \
	"$programs/update" >"$R/hooks/update.new"
chmod 755 "$R/hooks/update.new"
mv "$R/hooks/update.new" "$R/hooks/update"
finds warning hooks.other-build 'a hook of another version is found'
mends hooks.other-build 'and brought up to date'
printf 'https://example.com/objects\n' >"$R/objects/info/http-alternates"
finds warning objects.http-alternates 'objects from elsewhere are found'
rm "$R/objects/info/http-alternates"
git init -q --bare "$tmp/other.git"
printf '%s\n' "$tmp/other.git/objects" >"$R/objects/info/alternates"
notes objects.alternate 'objects of another repository are told of'
rm "$R/objects/info/alternates"
R=$tmp/tree
git init -q "$R"
init --policy "$tmp/server.yml" "$R"
notes config.not-bare 'a work tree is told of'

# --- what can't be looked at -----------------------------------------------------------------

R=$tmp/nowhere.git
unseen repository.unreadable 'a repository that is not there is told of'
R=$tmp/sha256.git
git init -q --bare --object-format=sha256 "$R"
for hook in pre-receive update post-receive; do
	cp "$programs/$hook" "$R/hooks/$hook"
done
finds error repository.unservable 'one that hooks refuse to serve is found'
R=$tmp/plain.git
printf '[nonsense\n' >>"$R/config"
doctor "$R"
ok "$([ "$rc" = 0 ]; echo $((1 - $?)))" 'configuration that does not read is no good news'
sed -i '$d' "$R/config"
healthy 'then all is well again'
whole=$programs
programs=$tmp/none
unseen install.programs 'without programs there is nothing to compare with'
programs=$whole
printf 'Match User git\n  AcceptEnv LANG\n' >>"$tmp/sshd_config"
notes sshd.match 'Match blocks of sshd are told of'
notes sshd.keys 'and what nobody can see'
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	chmod 755 "$tmp"
	repo open
	out=$(setpriv --reuid 65534 --regid 65534 --clear-groups "$stagegate" \
		doctor --programs "$programs" --sshd-config "$tmp/sshd_config" "$R" 2>&1)
	rc=$?
	like "$out" '^unseen: repository.account: ' \
		'another account than that of the hooks says that it saw little'
else
	ok 0 'as another account # SKIP only root can become one'
fi

# --- each code --------------------------------------------------------------------------------

codes=$(sed -n 's/^	{ "\([a-z0-9.-]*\)", *AILMENT.*/\1/p' "$here/../../lib/doctor/codes.c")
is "$(printf '%s\n' "$codes" | LC_ALL=C sort -c 2>&1)" '' 'the codes are sorted'
ok "$([ "$(printf '%s\n' "$codes" | wc -l)" -gt 70 ]; echo $?)" 'the codes are found'
bare=
for one in $codes; do
	grep -Eqs "^[^#]*[ '(]$one([ ',:]|\$)" "$here"/416[0-9]-doctor*.t || bare="$bare $one"
done
is "$bare" '' 'each code is shown by a test of doctor'
S=
finish
