# Real pushes, in TAP for prove(1).  Sourced by every tests/push/*.t:
#
#	. "${0%/*}/lib.sh"
#	server				a bare repository with our hooks: $S
#	policy <<'Y' .. Y		its policy.yml
#	clone				a work tree that pushes there: $C, we are in it
#	c=$(commit file text)		one more commit on what is checked out
#	push alice HEAD:refs/heads/x	as alice; output in $out, exit code in $rc
#	accepted 'what it shows'	.. or: refused stage.skip 'what it shows'
#	ref_is refs/heads/x "$c" 'what it shows'
#	finish				fsck, leftovers, the plan
#
# Every script ends with `finish`, so that refs, objects and ledger are looked
# at and not only an exit code.
# shellcheck disable=SC2034 # what scripts use
set -u

here=$(cd "$(dirname "$0")" && pwd)
: "${STAGEGATE_BUILD:=$here/../../build}"
export STAGEGATE_BUILD
stagegate=$STAGEGATE_BUILD/stagegate
tools=$STAGEGATE_BUILD/tools
[ -x "$STAGEGATE_BUILD/pre-receive" ] || {
	echo "Bail out! nothing is built in $STAGEGATE_BUILD"
	exit 1
}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/stagegate-test.XXXXXX") || exit 1
sinks=
# shellcheck disable=SC2086 # several
trap 'cd /; [ -z "$sinks" ] || kill $sinks 2>/dev/null; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# Nothing of the account that runs the tests may matter.
for name in $(env | sed -n 's/^\(GIT_[A-Z_0-9]*\|GL_[A-Z_]*\|GITEA_[A-Z_]*\|REMOTE_USER\)=.*/\1/p'); do
	unset "$name"
done
HOME=$tmp
GIT_CONFIG_NOSYSTEM=1
GIT_CONFIG_GLOBAL=$tmp/gitconfig
GIT_AUTHOR_NAME=Alice
GIT_AUTHOR_EMAIL=alice@example.com
GIT_COMMITTER_NAME=Alice
GIT_COMMITTER_EMAIL=alice@example.com
LC_ALL=C
TZ=UTC
export HOME GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL GIT_AUTHOR_NAME \
	GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL LC_ALL TZ
cat >"$tmp/gitconfig" <<'X'
[init]
	defaultBranch = work
[advice]
	detachedHead = false
[gc]
	auto = 0
[receive]
	autogc = false
X

count=0
failed=0
verified=yes
S=
C=
out=
rc=

# --- TAP --------------------------------------------------------------------

ok() { # ok STATUS TEXT
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		printf 'ok %d - %s\n' "$count" "$2"
	else
		failed=$((failed + 1))
		printf 'not ok %d - %s\n' "$count" "$2"
	fi
}

note() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

is() { # is GOT WANT TEXT
	if [ "$1" = "$2" ]; then
		ok 0 "$3"
	else
		ok 1 "$3"
		note "got:  $1"
		note "want: $2"
	fi
}

like() { # like TEXT PATTERN WHAT: grep -E somewhere in it
	if printf '%s\n' "$1" | grep -Eq -e "$2"; then
		ok 0 "$3"
	else
		ok 1 "$3"
		note "no match for: $2"
		note "$1"
	fi
}

unlike() {
	if printf '%s\n' "$1" | grep -Eq -e "$2"; then
		ok 1 "$3"
		note "matches, and should not: $2"
		note "$1"
	else
		ok 0 "$3"
	fi
}

skip_all() {
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}

# --- a server and its clients -----------------------------------------------

put_programs() { # put_programs DIR: the hooks as installed, to be spoilt
	mkdir -p "$1"
	cp "$STAGEGATE_BUILD/pre-receive" "$STAGEGATE_BUILD/update" \
	    "$STAGEGATE_BUILD/post-receive" "$1"
}

put_hooks() { # put_hooks REPO
	mkdir -p "$1/hooks"
	for hook in pre-receive update post-receive; do
		ln -f "$STAGEGATE_BUILD/$hook" "$1/hooks/$hook" 2>/dev/null ||
		    cp "$STAGEGATE_BUILD/$hook" "$1/hooks/$hook"
	done
}

server() { # server [NAME]
	S=$tmp/${1:-server}.git
	git init -q --bare "$S"
	rm -rf "$S/hooks"
	put_hooks "$S"
	git -C "$S" config receive.advertisePushOptions true
	git -C "$S" config receive.fsckObjects true
	git -C "$S" config receive.denyDeleteCurrent ignore
	git -C "$S" config --add receive.hideRefs refs/notes/stagegate
	git -C "$S" config --add receive.hideRefs refs/stagegate
	git -C "$S" config uploadpack.hideRefs refs/evidence
	git -C "$S" config stagegate.policy "$tmp/${1:-server}.yml"
}

policy() { # policy [NAME] <text
	cat >"$tmp/${1:-server}.yml.new"
	chmod 644 "$tmp/${1:-server}.yml.new"
	mv "$tmp/${1:-server}.yml.new" "$tmp/${1:-server}.yml"
}

clone() { # clone [NAME]: an empty one, we stand in it afterwards
	C=$tmp/${1:-clone}
	git init -q "$C"
	cd "$C" || exit 1
	git remote add origin "$S"
}

commit() { # commit FILE TEXT [MESSAGE]: its id
	mkdir -p "$(dirname "$1")"
	printf '%s\n' "$2" >"$1"
	git add -A
	git commit -q -m "${3:-change $1}"
	git rev-parse HEAD
}

# merge INTO OTHER: the merge that git makes, on a detached HEAD; its id
merge() {
	git checkout -q --detach "$1" && git merge -q --no-ff -m "${3:-merge}" "$2" >/dev/null &&
	    git rev-parse HEAD
}

push() { # push USER ARGS..
	who=$1
	shift
	out=$(REMOTE_USER=$who git push origin "$@" 2>&1)
	rc=$?
}

accepted() {
	if [ "$rc" = 0 ]; then
		ok 0 "$1"
	else
		ok 1 "$1"
		note "$out"
	fi
}

refused() { # refused CODE TEXT
	if [ "$rc" != 0 ] && printf '%s\n' "$out" | grep -Fq "[$1]"; then
		ok 0 "$2"
	else
		ok 1 "$2"
		note "exit $rc, wanted a refusal with [$1]"
		note "$out"
	fi
}

says() { # says PATTERN TEXT: in what the pusher read
	like "$out" "$1" "$2"
}

ref_is() { # ref_is REF OID|'' TEXT
	is "$(git -C "$S" rev-parse -q --verify "$1" || :)" "$2" "$3"
}

# Hands in an unsigned statement, with nothing but git.
# evidence USER GATE COMMIT RESULT [EXTRA LINES]
evidence() {
	commit_id=$(git rev-parse "$3")
	tag=evidence/$2/$commit_id
	printf 'evidence: 1\ngate: %s\nresult: %s\n%s' "$2" "$4" "${5:+$5
}" >"$tmp/statement"
	git tag -f -a -F "$tmp/statement" "$tag" "$commit_id" >/dev/null
	nonce=$((${nonce:-0} + 1))
	push "$1" "refs/tags/$tag:refs/$tag/$nonce-$$"
	git tag -d "$tag" >/dev/null
}

# key NAME [TYPE]: makes a key pair, $tmp/keys/NAME; its public line
key() {
	mkdir -p "$tmp/keys"
	[ -f "$tmp/keys/$1" ] ||
		ssh-keygen -q -t "${2:-ed25519}" -N '' -C "$1" -f "$tmp/keys/$1"
	cut -d' ' -f1,2 "$tmp/keys/$1.pub"
}

# with_key NAME COMMAND..: git that signs with that key
with_key() {
	name=$1
	shift
	git -c gpg.format=ssh -c user.signingKey="$tmp/keys/$name" "$@"
}

# The same as evidence, signed with KEY; names the repository unless EXTRA does.
# signed_evidence USER KEY GATE COMMIT RESULT [EXTRA LINES]
signed_evidence() {
	commit_id=$(git rev-parse "$4")
	tag=evidence/$3/$commit_id
	case ${6:-} in
	*repository:*) repository= ;;
	*) repository="repository: $("$stagegate" -C "$S" id)
" ;;
	esac
	printf 'evidence: 1\ngate: %s\nresult: %s\n%s%s' "$3" "$5" \
		"$repository" "${6:+$6
}" >"$tmp/statement"
	with_key "$2" tag -f -s -F "$tmp/statement" "$tag" "$commit_id" >/dev/null
	push_tag "$1" "$tag"
}

# push_tag USER TAG: hands in what refs/tags/TAG holds, and drops it here
push_tag() {
	nonce=$((${nonce:-0} + 1))
	push "$1" "refs/tags/$2:refs/$2/$nonce-$$"
	git tag -d "$2" >/dev/null
}

ledger() { # the messages of the ledger, newest first
	git -C "$S" log --format=%B refs/notes/stagegate 2>/dev/null
}

ledger_has() { # ledger_has PATTERN TEXT
	like "$(ledger)" "$1" "$2"
}

ledger_lacks() {
	unlike "$(ledger)" "$1" "$2"
}

refs() { # every ref of the server but the ledger
	git -C "$S" for-each-ref --format='%(objectname) %(refname)' |
	    grep -v ' refs/notes/stagegate$'
}

# What must hold after any story: whole objects, a ledger with one parent a
# commit and times that never decrease, which verify finds nothing in (unless
# the story itself alters it: verified=), nothing left lying about.
sound() {
	[ ! -e "$S/stagegate/outbox" ] || quiet
	fsck=$(git -C "$S" fsck --full --strict --no-dangling 2>&1)
	is "$?:$(printf '%s' "$fsck" | grep -v '^notice:' | head -n 3)" '0:' \
	    'git fsck --full --strict finds nothing'
	bad=$(git -C "$S" log --format='%P %ct' refs/notes/stagegate 2>/dev/null |
	    awk 'NF > 2 { print "parents" } { if (t != "" && $NF > t) print "time"; t = $NF }')
	is "$bad" '' 'the ledger is one line and its times never decrease'
	[ -z "$verified" ] || ! git -C "$S" rev-parse -q --verify refs/notes/stagegate >/dev/null ||
		is "$("$stagegate" -C "$S" verify 2>&1 | tr '\r' '\n' | grep -v -e '^Checking records: ' -e "^can't show: " -e '^ *$' -e '^verify: [0-9]* records*, 0 findings$' -e '^verify: [0-9]* signed by')" '' \
		    'stagegate verify finds nothing'
	is "$(ls "$S/stagegate/plans" 2>/dev/null)" '' 'no plan is left over'
	is "$(find "$S" -name '*.lock' -size +0 -o -name 'tmp_objdir*' -o -name '*.tmp' | head -n 3)" '' \
	    'nothing is left lying about'
}

finish() {
	[ -z "$S" ] || sound
	printf '1..%d\n' "$count"
	[ "$failed" = 0 ]
	exit
}

# --- telling ----------------------------------------------------------------

# Starts sink.pl; what comes lies in $tmp/KIND, and port is where it listens.
sink() { # sink KIND
	mkdir -p "$tmp/$1"
	# Nothing of ours may keep prove(1) waiting.
	perl "$here/sink.pl" "$1" "$tmp/$1" </dev/null >/dev/null 2>&1 &
	sinks="$sinks $!"
	for _ in 1 2 3 4 5 6 7 8 9 10 20 30 40 50 60 70 80 90; do
		[ -s "$tmp/$1/port" ] && break
		sleep 0.1
	done
	port=$(cat "$tmp/$1/port")
}

# What a sink answers from now on; without one it takes everything.
answer() { # answer KIND [WHAT]
	printf '%s\n' "${2:-200}" >"$tmp/$1/answer"
}

# Until nobody delivers any more.
quiet() {
	"$stagegate" -C "$S" deliver --due >/dev/null 2>&1
}

# member PATH <JSON..: what an event of each line says, one line each.
member() {
	jq -r ".data.customData.$1 // \"-\""
}

# --- the flow that most scripts use -----------------------------------------

# standard_policy [LINES]: four stages; LINES are added at the top level. Another
# text needs a higher version=..
standard_policy() {
	policy <<X
flow: test-flow
version: ${version:-1.0.0}
status: active
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
  bob: {emails: [bob@example.com]}
  carol: {emails: [carol@example.com]}
  dana: {emails: [dana@example.com]}
  ci-bot: {robot: true}
roles:
  developers: [alice, bob]
  reviewers: [alice, bob, carol]
  ci: [ci-bot]
  release: [dana]
gates:
  tests: {kind: evidence, by: [ci]}
  peer-review: {kind: review, by: [reviewers]}
stages:
  - name: development
    refs: ["refs/heads/feature/*"]
    push: [developers]
    rewind: true
    delete: true
  - name: integration
    refs: [refs/heads/integration]
    push: [developers]
    gates: [tests, peer-review]
  - name: testing
    refs: [refs/heads/staging]
    push: [release]
    up_to_date: true
  - name: deployment
    refs: [refs/heads/main]
    push: [release]
    up_to_date: true
    tags: ["refs/tags/v*"]
${1:-}
X
}

# Everything that integration asks for, about COMMIT.
attested() {
	evidence ci-bot tests "$1" pass
	evidence bob peer-review "$1" pass
}

# walk COMMIT STAGE: pushes COMMIT through every stage up to STAGE.
walk() {
	push alice "$1:refs/heads/feature/walk-$(git rev-parse --short "$1")"
	[ "$2" = development ] && return
	attested "$1"
	push alice "$1:refs/heads/integration"
	[ "$2" = integration ] && return
	push dana "$1:refs/heads/staging"
	[ "$2" = testing ] && return
	push dana "$1:refs/heads/main"
}
