#!/bin/sh
# A parent gets into a stage only with submodules that have been there.
. "${0%/*}/lib.sh"

flow() { # flow [LINES]
	cat <<X
flow: test-flow
version: ${version:-1.0.0}
identity: {from: [REMOTE_USER]}
roles: {dev: [alice]}
$1
stages:
  - {name: development, refs: ["refs/heads/f/*"], push: dev, rewind: true}
  - name: integration
    refs: [refs/heads/integration]
    push: dev
    up_to_date: true
    gates: [${2:-}]
  - name: testing
    refs: [refs/heads/staging]
    push: dev
    up_to_date: true
    gates: [${2:-}]
rollback: {by: [dev], rewind: true}
X
}

# tells PATTERN TEXT: as says, whatever is broken into lines
tells() {
	like "$(printf '%s\n' "$out" | sed 's/^remote: *//; s/ [a-z]*\.yml:[0-9]*//' |
	    tr -s ' \n' '  ')" "$1" "$2"
}

child() { # child NAME: its repository, guarded; its first commit is in $one
	server "$1"
	flow '' | policy "$1"
	clone "work-$1"
	one=$(commit file "$1")
	push alice "$one:refs/heads/f/one"
}

in_child() { # in_child NAME
	S=$tmp/$1.git
	cd "$tmp/work-$1" || exit 1
}

in_parent() {
	S=$tmp/parent.git
	cd "$tmp/work-parent" || exit 1
}

# through STAGES..: pushes $one there, in the child that we are in
through() {
	for ref; do
		push alice "$one:refs/heads/$ref"
	done
}

gitlink() { # gitlink PATH COMMIT: a commit that records it; its id
	git update-index --add --cacheinfo "160000,$2,$1"
	git commit -q -m "record $1"
	git rev-parse HEAD
}

child billing
billing=$one
child web
web=$one
child money
money=$one
server parent
flow "children:
  libs/billing: $tmp/billing.git
  libs/web: $tmp/web.git
  libs/web/vendor/money: $tmp/money.git
gates: {submodules: {kind: children}}" submodules | policy parent
clone work-parent
base=$(commit a 1)
push alice "$base:refs/heads/f/base"
push alice "$base:refs/heads/integration"
accepted 'without submodules there is nothing to ask'

# --- a parent after its two children ------------------------------------------

gitlink libs/billing "$billing" >/dev/null
both=$(gitlink libs/web "$web")
push alice "$both:refs/heads/f/both"
accepted 'an entry stage takes any'
push alice "$both:refs/heads/integration"
refused stage.gates 'a parent before its children'
tells "libs/billing $(echo "$billing" | cut -c1-8) is in development, not in" 'it says which child, which commit, where it is'
tells "libs/web $(echo "$web" | cut -c1-8) is in development, not in" 'and the other one'
says 'in billing\.git first' 'and what to do'
out=$("$stagegate" status "$both" -C "$S" 2>&1)
says 'FAILED +submodules' 'status tells it too'

in_child billing
one=$billing
through integration
in_parent
push alice "$both:refs/heads/integration"
refused stage.gates 'after one of the two'
unlike "$out" 'libs/billing' 'the one that has been there is not named'
in_child web
one=$web
through integration
in_parent
push alice "$both:refs/heads/integration"
accepted 'a parent after both'
ref_is refs/heads/integration "$both" 'it is in'

# --- a stage further ------------------------------------------------------------

push alice "$both:refs/heads/staging"
refused stage.gates 'the next stage asks for the next stage'
tells 'is in integration, development, not in testing' 'stages, newest first'
in_child billing
one=$billing
through staging
next=$(commit file 2)
push alice "$next:refs/heads/f/one"
last=$(commit file 3)
for ref in f/one integration staging; do
	push alice "$last:refs/heads/$ref"
done
in_child web
one=$web
through staging
in_parent
push alice "$both:refs/heads/staging"
accepted 'and both have been there'

# --- what is only contained ------------------------------------------------------

contained=$(gitlink libs/billing "$next")
push alice "$contained:refs/heads/f/both"
push alice "$contained:refs/heads/integration"
refused stage.gates 'a commit that is contained in the stage of a child, and was no tip'
says 'only contained' 'it says so'

# --- .gitmodules says what it likes ------------------------------------------------

git checkout -q -B trick "$both"
git clone -q --bare "$tmp/billing.git" "$tmp/evil.git" 2>/dev/null
cat >.gitmodules <<'X'
[submodule "libs/billing"]
	path = libs/billing
	url = ../evil.git
X
git add .gitmodules
git commit -q -m 'another url'
trick=$(gitlink libs/billing "$next")
push alice "$trick:refs/heads/f/trick"
push alice "$trick:refs/heads/integration"
refused stage.gates 'a relative url leads nowhere'

git checkout -q -B elsewhere "$both"
elsewhere=$(gitlink other/billing "$billing")
push alice "$elsewhere:refs/heads/f/elsewhere"
push alice "$elsewhere:refs/heads/integration"
refused stage.gates 'a submodule at a path that is not listed'
tells 'other/billing is a submodule that the policy does not list' 'it says so'

git checkout -q -B unknown "$both"
unknown=$(gitlink libs/billing 1234567890123456789012345678901234567890)
push alice "$unknown:refs/heads/f/unknown"
push alice "$unknown:refs/heads/integration"
refused stage.gates 'a commit that the child does not have'
says 'libs/billing 12345678 is not in billing\.git' 'it says so'

# --- nested ones --------------------------------------------------------------------

in_child web
git checkout -q --detach "$web"
nested=$(gitlink vendor/money "$money")
one=$nested
through f/nested integration
in_parent
git checkout -q -B nested "$both"
deep=$(gitlink libs/web "$nested")
push alice "$deep:refs/heads/f/nested"
push alice "$deep:refs/heads/integration"
refused stage.gates 'a submodule of a submodule lags'
tells 'libs/web/vendor/money .* is in development, not in' 'it has its full path'
in_child money
one=$money
through integration
in_parent
push alice "$deep:refs/heads/integration"
accepted 'and has been there'

# --- a child that was rolled back ------------------------------------------------------

git checkout -q -B after "$deep"
after=$(gitlink libs/billing "$last")
push alice "$after:refs/heads/f/after"
in_child billing
push alice -o rollback='INC-1 broken' -f "$billing:refs/heads/integration"
accepted 'the child is rolled back'
in_parent
push alice "$after:refs/heads/integration"
refused stage.gates 'what was rolled back in the child'
tells 'a rollback there has taken it out again' 'it says so'

# Between pre-receive and update, which judges again then.
in_child billing
push alice "$last:refs/heads/integration"
accepted 'it is back in the child'
in_parent
mv "$S/hooks/update" "$S/hooks/update.stagegate"
cat >"$S/hooks/update" <<X
#!/bin/sh
(cd "$tmp/work-billing" && unset \$(git rev-parse --local-env-vars) &&
    unset GIT_QUARANTINE_PATH &&
    REMOTE_USER=alice git push -q -o rollback='INC-2 again' -f origin \
    "$billing:refs/heads/integration") >/dev/null 2>&1
exec "\$0.stagegate" "\$@"
X
chmod 755 "$S/hooks/update"
push alice "$after:refs/heads/integration"
refused stage.gates 'rolled back between pre-receive and update'
tells 'a rollback there has taken it out again' 'by the update hook'
mv "$S/hooks/update.stagegate" "$S/hooks/update"
ref_is refs/heads/integration "$deep" 'the parent stays where it was'

# --- what is elsewhere -------------------------------------------------------------------

git fetch -q origin '+refs/heads/*:refs/remotes/origin/*'
git -c protocol.file.allow=always fetch -q --upload-pack \
    'git -c transfer.hideRefs= -c uploadpack.hideRefs= upload-pack' \
    "$S" +refs/notes/stagegate:refs/notes/stagegate
out=$("$stagegate" try --as alice integration "$after" 2>&1)
rc=$?
refused stage.gates 'a clone does not say that it would pass'
says 'MISSING +submodules +the repositories of submodules are on' 'it says that it cannot tell'
out=$("$stagegate" verify 2>&1)
is "$?" 0 'verify in a clone finds nothing wrong'
says 'of submodules are not asked again' 'and says what it cannot show'

# --- children that can't be asked ------------------------------------------------------

# again WHAT PATH: the policy names that one for billing, and is asked
version=1.0.0
again() {
	version=1.0.$((${version##*.} + 1))
	flow "children:
  libs/billing: $1
  libs/web: $tmp/web.git
  libs/web/vendor/money: $tmp/money.git
gates: {submodules: {kind: children}}" submodules | policy parent
	push alice "$after:refs/heads/integration"
}

again "$tmp/gone.git"
refused stage.gates 'a child that is not there'
says 'libs/billing: its repository is not there' 'it says so'
says 'administrator' 'and who is to put it right'
mkdir "$tmp/empty"
again "$tmp/empty"
says 'its repository is not there' 'a folder that is no repository'
again "$tmp/work-billing/sub"
says 'its repository is not there' 'nothing is searched upwards'
again "$tmp/evil.git"
refused stage.gates 'a repository without hooks'
says 'its repository has no ledger' 'it says so'
git -C "$tmp/billing.git" push -q "$tmp/evil.git" refs/notes/stagegate
again "$tmp/evil.git"
refused stage.gates 'a ledger that was pushed into it'
says 'its repository has no ledger' 'says nothing'
mkdir "$tmp/evil.git/stagegate"
"$stagegate" -C "$tmp/web.git" id >"$tmp/evil.git/stagegate/id"
again "$tmp/evil.git"
says "its ledger is that of another repository" 'nor does a copied one'
ln -s "$tmp/billing.git" "$tmp/link.git"
in_child billing
push alice "$last:refs/heads/integration"
in_parent
if [ "$(id -u)" = 0 ]; then
	chown -h 65534 "$tmp/link.git"
	chown 65534 "$tmp/billing.git"
	again "$tmp/link.git"
	refused stage.gates 'a child that belongs to somebody else, behind a link'
	tells 'belongs to another account' 'it says so'
	chown 0 "$tmp/billing.git"
fi
cp "$tmp/billing.git/refs/notes/stagegate" "$tmp/tip"
echo 1234567890123456789012345678901234567890 >"$tmp/billing.git/refs/notes/stagegate"
again "$tmp/link.git"
refused stage.gates 'a ledger that does not read'
says "its repository can't be looked at" 'it says so'
cp "$tmp/tip" "$tmp/billing.git/refs/notes/stagegate"
again "$tmp/link.git"
accepted 'a link to a child that is as it should be'
ledger_has "Update: $deep $after refs/heads/integration integration" 'it is recorded'

# --- how it is explained, and gone around --------------------------------------------------

out=$("$stagegate" -C "$S" explain 2>&1)
says 'submodules have been through their own flow' 'explain has words for it'
unlike "$out" 'stage same' 'and none for what goes without saying'
says "Submodule libs/billing is that of $tmp/link.git\." 'and says whose each is'
is "$("$stagegate" -C "$S" explain --json | jq -r '.children["libs/billing"]')" \
    "$tmp/link.git" 'as JSON too'

git checkout -q -B around "$after"
around=$(gitlink libs/billing "$next")
push alice "$around:refs/heads/f/around"
flow "children: {libs/billing: $tmp/billing.git}
gates: {submodules: {kind: children}}
bypass: {by: [dev], stages: [integration], gates: [submodules], approvals: 0}" \
    submodules | sed 's/^version: .*/version: 1.1.0/' | policy parent
push alice -o bypass='INC-3 urgent' "$around:refs/heads/integration"
accepted 'a bypass goes around it where the policy says so'
ledger_has 'integration fast-forward accepted' 'it is recorded'

# --- its files instead of the child ------------------------------------------------------

flow "children: {libs/billing: $tmp/billing.git}
gates: {submodules: {kind: children}, by-name: {kind: paths, deny: [\"libs/billing/**\"]}}
always: [by-name]" submodules | sed 's/^version: .*/version: 1.2.0/' | policy parent
still=$(gitlink libs/billing "$billing")
push alice "$still:refs/heads/f/still"
accepted 'a path that is kept for a submodule may hold one'
git rm -q --cached libs/billing
mkdir -p libs/billing
copied=$(commit libs/billing/file 'never through its own flow')
push alice "$copied:refs/heads/f/copied"
refused stage.gates "but not a copy of the child's files"
says 'FAILED +by-name' 'which a gate of kind paths refuses'

finish
