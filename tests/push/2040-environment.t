#!/bin/sh
# What the environment of receive-pack says is not believed, and can't stop
# the hooks from deciding.
. "${0%/*}/lib.sh"
server
standard_policy
clone
c=$(commit a.txt one)
skip() { # skip TEXT COMMAND..: a push that skips, in a strange environment
	what=$1
	shift
	out=$(REMOTE_USER=dana timeout 30 "$@" git push origin "$c:refs/heads/main" 2>&1)
	rc=$?
	refused stage.skip "$what"
}
skip 'TMPDIR of nowhere' env TMPDIR=/nonexistent
skip 'a preloaded library' env LD_PRELOAD=/nonexistent.so
skip 'a false quarantine' env GIT_QUARANTINE_PATH=/tmp
skip 'stale push options' env GIT_PUSH_OPTION_COUNT=7 GIT_PUSH_OPTION_0=report=json
skip 'another PATH' env PATH="/nonexistent:$PATH" LC_ALL=xx_XX LANGUAGE=de
skip 'few descriptors' sh -c 'ulimit -n 20; exec "$@"' sh
skip 'ignored signals' sh -c 'trap "" PIPE ALRM TERM XFSZ; exec "$@"' sh
skip 'an open umask' sh -c 'umask 0; exec "$@"' sh
out=$(REMOTE_USER=alice sh -c 'umask 0; exec git push origin "$1:refs/heads/feature/a"' sh "$c" 2>&1)
rc=$?
accepted 'a push under an open umask'
is "$(find "$S/stagegate" -perm /077 | head -n 3)" '' 'leaves nothing of ours open to others'

# a client that goes away while much is said
for i in $(seq 300); do
	echo "refs/heads/no/$i"
done | sed "s|^|$c:|" >"$tmp/refspecs"
start=$(date +%s)
(
	# shellcheck disable=SC2046
	REMOTE_USER=alice timeout 60 git push origin $(cat "$tmp/refspecs") 2>&1 | head -c 100 >/dev/null
) 2>/dev/null
[ $(($(date +%s) - start)) -lt 30 ]
ok $? 'a reader that goes away does not hang the hook'
# shellcheck disable=SC2046
push alice $(cat "$tmp/refspecs")
refused ref.denied 'three hundred refs'
[ "$(printf '%s\n' "$out" | sed -n 's/^remote: //p' | sed 's/ *$//' | wc -c)" -le 32768 ]
ok $? 'are told within bounds'
is "$(printf '%s\n' "$out" | grep '^remote:' | tail -n 1 | sed 's/ *$//')" \
    'remote: stagegate: test-flow 1.0.0 refused 300 of 300 refs' 'and the verdict comes last'
finish
