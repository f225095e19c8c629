#!/bin/sh
# stagegate doctor: ledger, refs, pushes under way and broken off, events that
# wait, who may write, who is who.  Each state is made by real pushes, or by
# breaking one file of a repository that had some.
# shellcheck disable=SC2016 # what a hook expands
. "${0%/*}/lib.sh"
. "${0%/*}/doctor.sh"

guarded

# --- the ledger ------------------------------------------------------------------

again
tip=$(git -C "$R" rev-parse refs/notes/stagegate)
late=$(GIT_COMMITTER_DATE='2040-01-01T00:00:00Z' git -C "$R" commit-tree \
	-m "$(git -C "$R" log -1 --format=%B "$tip")" -p "$tip" "$tip^{tree}")
git -C "$R" update-ref refs/notes/stagegate "$late"
finds error clock.behind 'a clock behind the ledger is found'
stays clock.behind 'and left to the administrator'
again
git -C "$R" update-ref -d refs/notes/stagegate
finds warning ledger.none 'stage refs without a ledger are found'
"$stagegate" -C "$R" adopt >/dev/null 2>&1
healthy 'adopt is what helps'
again
git -C "$R" update-ref refs/notes/stagegate "$c"
finds error ledger.unreadable 'a ledger that is none is found'
stays ledger.unreadable 'and left alone'

# --- refs --------------------------------------------------------------------------

again
git -C "$R" update-ref refs/evidence/tests/left "$c"
finds warning refs.inbox 'a statement that nobody took in is found'
stays refs.inbox 'and left alone'
again
printf 'no commit\n' >"$R/refs/heads/feature/broken"
finds error refs.unreadable 'a ref that does not read is found'
stays refs.unreadable 'and left alone'

# --- pushes under way, and broken off --------------------------------------------------

# The transaction waits: pre-receive has let the push in, nothing is recorded.
printf '#!/bin/sh\n[ "$1" = prepared ] || exit 0\ntouch "%s"\nwhile [ ! -e "%s" ]; do sleep 0.1; done\n' \
	"$tmp/waiting" "$tmp/go" >"$S/hooks/reference-transaction"
chmod +x "$S/hooks/reference-transaction"
wait_for() { # wait_for FILE
	for _ in $(seq 300); do
		[ -e "$1" ] && return
		sleep 0.1
	done
	note "$1 did not come"
}
d=$(commit b b)
(push alice "$d:refs/heads/feature/slow") &
wait_for "$tmp/waiting"
R=
notes plans.live 'a push under way is told of'
doctor --fix "$S"
is "$rc:$(found)" '0:' 'and nothing is wrong with that'
: >"$tmp/go"
wait
ref_is refs/heads/feature/slow "$d" 'it arrives'
healthy 'then all is well'
rm "$tmp/go" "$tmp/waiting"
# git's own processes are ended, as by a power cut; by their working directory,
# which is this repository.
d=$(commit b c)
(push alice "$d:refs/heads/feature/slow") &
wait_for "$tmp/waiting"
for pid in /proc/[0-9]*; do
	case $(readlink "$pid/cwd" 2>/dev/null) in
	"$S"*) kill -9 "${pid#/proc/}" 2>/dev/null ;;
	esac
done
wait
rm "$S/hooks/reference-transaction"
finds warning plans.unfinished 'a push that was broken off is found'
stays plans.unfinished 'and left to the next push'
rm -f "$S/refs/heads/feature/slow.lock"
push alice "$d:refs/heads/feature/next"
accepted 'which settles it'
healthy 'then all is well again'

# --- events ------------------------------------------------------------------------------

version=1.1.0
standard_policy "notify: [{on: [entered], exec: [$tmp/receiver]}]"
printf '#!/bin/sh\ncat >/dev/null\nexit 1\n' >"$tmp/receiver"
chmod +x "$tmp/receiver"
push alice "$d:refs/heads/feature/told"
quiet
finds warning spool.failing 'a destination that fails is found'
says "'$tmp/receiver' exited 1" 'with its reason'
again
sed -i 's/"time":"20[0-9][0-9]/"time":"2020/; s/"timestamp":"20[0-9][0-9]/"timestamp":"2020/' \
	"$R"/stagegate/outbox/events/*
finds warning spool.waiting 'an event that waits for hours is found'
again
for _ in $(seq 12); do
	sed -i 's/"next":[0-9]*/"next":0/' "$S"/stagegate/outbox/to/*
	quiet
done
R=
finds warning spool.dead 'one that was given up is found'
printf '#!/bin/sh\ncat >/dev/null\n' >"$tmp/receiver"
"$stagegate" -C "$S" deliver --retry-dead >/dev/null 2>&1
healthy 'deliver --retry-dead is what helps'
again
printf 'nonsense\n' >"$R/stagegate/outbox/events/0000000000000099"
finds warning spool.damaged 'a batch that does not read is found'
rm "$R/stagegate/outbox/events/0000000000000099"
healthy 'removing it is what helps'
rm -rf "$R/stagegate/outbox"
: >"$R/stagegate/outbox"
finds error spool.unreadable 'an outbox that is no folder is found'
rm "$R/stagegate/outbox"
healthy 'one that is not there is nothing wrong'

# --- who may write -----------------------------------------------------------------------

again
chmod o+w "$R/refs"
finds error modes.repository 'refs that everybody may write are found'
mends modes.repository 'that is taken from them'
R=
chmod o+w "$tmp/sshd_config"
finds error modes.sshd 'so is a configuration of sshd'
chmod o-w "$tmp/sshd_config"
chmod o+w "$programs"
finds error modes.programs 'so are programs'
chmod o-w "$programs"
if [ "$(id -u)" = 0 ]; then
	again
	chown 65534 "$R/stagegate"
	finds error state.owner "state of another account's is found"
	stays state.owner 'and left alone'
	again
	git -C "$R" config core.sharedRepository group
	chgrp -R 1 "$R"
	chmod -R g+w "$R"
	finds error modes.hooks 'a group that shares a repository can put other hooks there'
	doctor --fix "$R"
	is "$(stat -c %A "$R" | cut -c6)" w 'and keeps the top directory, which it needs'
fi
if ! command -v setfacl >/dev/null; then
	ok 0 'access lists # SKIP there is no setfacl'
elif again && ! setfacl -m u:1:rwx "$R/hooks" 2>/dev/null; then
	ok 0 'access lists # SKIP the file system has none'
else
	finds error modes.hooks 'an account that an access list names is found'
	says 'lets account 1 write it' 'by what it says'
	stays modes.hooks 'modes would not take that away'
	setfacl -b "$R/hooks"
	healthy 'setfacl -b is what helps'
	setfacl -m u:1:rwx,m::rx "$R/hooks"
	healthy 'a mask that forbids it counts'
fi

# --- who is who --------------------------------------------------------------------------

R=
version=1.2.0
standard_policy
sed -i 's/from: \[REMOTE_USER\]/from: [push-cert, REMOTE_USER]/; s|^  alice: {|  alice: {keys: ["'"$(key alice)"'"], |' "$tmp/server.yml"
git -C "$S" config --unset-all receive.certNonceSlop
finds error config.cert-nonce 'signed pushes without a seed are found'
says 'warning: config.cert-slop: ' 'and without slop'
git -C "$S" config receive.certNonceSeed 0123456789
mends config.cert-slop 'slop is set'
version=1.3.0
standard_policy
sed -i 's/from: \[REMOTE_USER\]/from: [REMOTE_USER, os-user]/; s/developers: \[alice, bob\]/developers: ["*"]/' "$tmp/server.yml"
finds warning identity.os-user 'os-user beside a role for everybody is found'
version=1.4.0
standard_policy
git -C "$S" config stagegate.host nowhere
finds warning identity.host-unknown 'a host of no known name is found'
git -C "$S" config --unset stagegate.host
push alice "$d:refs/heads/feature/last"
accepted 'pushes go on'
healthy 'and all is well'

# --- a policy that only warned -----------------------------------------------------------

S=$tmp/draft.git
git init -q --bare "$S"
standard_policy
sed 's/status: active/status: draft/' "$tmp/server.yml" >"$tmp/draft.yml"
init --policy "$tmp/draft.yml" "$S"
git remote set-url origin "$S"
push dana "$c:refs/heads/main"
finds warning refs.warned 'a ref that entered against the order is found'
stays refs.warned 'and left alone'
"$stagegate" -C "$S" adopt refs/heads/main >/dev/null 2>&1
healthy 'adopt is what helps'
finish
