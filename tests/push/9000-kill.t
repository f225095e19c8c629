#!/bin/sh
# Whatever is killed, whenever: what was accepted is recorded, what was refused
# never is, and the next push works.
# shellcheck disable=SC2016 # what the hooks of this script expand
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: kill-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: integration, refs: [refs/heads/integration], push: [all]}
  - {name: testing, refs: [refs/heads/staging], push: [all]}
  - {name: deployment, refs: [refs/heads/main], push: [all]}
Y
clone
base=$(commit a.txt one)
for ref in feature/base integration staging main; do
	push alice "$base:refs/heads/$ref"
done
accepted 'a commit on main'
good=$base
skip=$(git commit-tree -p "$base" -m skipped "$base^{tree}")
Z=0000000000000000000000000000000000000000

wrap() { # wrap HOOK BEFORE AFTER: shell text around the real hook
	mv "$S/hooks/$1" "$S/hooks/real-$1"
	cat >"$S/hooks/$1" <<Y
#!/bin/sh
printf '%s %s\n' \$\$ \$PPID >>"$tmp/pids"
$2
"$S/hooks/real-$1" "\$@"
status=\$?
$3
exit \$status
Y
	chmod +x "$S/hooks/$1"
}
unwrap() { mv "$S/hooks/real-$1" "$S/hooks/$1"; }

alive() { # not merely a zombie
	case $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) in
	'' | Z* | X*) return 1 ;;
	esac
}

# Waits until no process that the wrappers saw is left.
settle() {
	for pid in $(cat "$tmp/pids" 2>/dev/null) ${pusher:-}; do
		turns=0
		while alive "$pid" && [ "$turns" -lt 200 ]; do
			sleep 0.02
			turns=$((turns + 1))
		done
	done
	rm -f "$tmp/pids"
}

# killed_push USER SPEC..: a push whose own process a hook may kill
killed_push() {
	user=$1
	shift
	rm -f "$tmp/pusher"
	REMOTE_USER=$user git push origin "$@" >"$tmp/out" 2>&1 &
	pusher=$!
	echo "$pusher" >"$tmp/pusher.new"
	mv "$tmp/pusher.new" "$tmp/pusher"
	wait "$pusher" 2>/dev/null
	rc=$?
	settle
	out=$(cat "$tmp/out")
}

# Every ref's tip is what was recorded last for it, and the other way round.
consistent() {
	ledger | awk '/^Update: / && !($4 in seen) { seen[$4] = 1; if ($3 != "'$Z'") print $3, $4 }' |
	    sort >"$tmp/recorded"
	refs | grep ' refs/heads/' | sort >"$tmp/actual"
	is "$(cat "$tmp/recorded")" "$(cat "$tmp/actual")" "$1: every tip is what was recorded last"
	ref_is refs/heads/main "$base" "$1: main did not move"
	wrong=$(ledger | grep -c -e unobserved -e "$skip refs/heads/main")
	is "$wrong" 0 "$1: nothing refused or unobserved is recorded"
	is "$(ledger | grep '^Push: ' | sort | uniq -d)" '' "$1: no push twice"
}

round=0
try() { # try TEXT HOOK BEFORE AFTER
	round=$((round + 1))
	git checkout -q --detach "$good"
	c=$(commit "f-$round" "$1")
	push alice "$c:refs/heads/feature/round-$round"
	wrap "$2" "$3" "$4"
	[ "$2" != pre-receive ] || killed_push alice "$skip:refs/heads/main"
	killed_push alice "$c:refs/heads/integration" "$c:refs/heads/feature/beside-$round"
	unwrap "$2"
	# what git leaves of a receive-pack that was killed
	rm -rf "$S"/objects/tmp_objdir-* "$S"/objects/incoming-*
	find "$S/refs" -name '*.lock' -exec rm -f {} +
	push bob "$base:refs/heads/feature/next-$round"
	accepted "$1: the next push"
	consistent "$1"
	# what did not make it does so now
	push alice "$c:refs/heads/integration"
	accepted "$1: the promotion, at the latest now"
	ref_is refs/heads/integration "$c" "$1: integration is there"
	is "$(ledger | grep -c "^Update: [0-9a-f]* $c refs/heads/integration ")" 1 "$1: recorded once"
	good=$c
}

kill_push='while [ ! -e "'$tmp'/pusher" ]; do sleep 0.01; done; kill -9 "$(cat "'$tmp'/pusher")"'
for hook in pre-receive update post-receive; do
	try "$hook kills itself first" $hook 'kill -9 $$' ''
	try "$hook kills itself last" $hook '' 'kill -9 $$'
	try "$hook kills receive-pack first" $hook 'kill -9 $PPID' ''
	try "$hook kills receive-pack last" $hook '' 'kill -9 $PPID'
	try "$hook kills receive-pack and itself" $hook '' 'kill -9 $PPID $$'
	try "git push killed before $hook" $hook "$kill_push" ''
	try "git push killed after $hook" $hook '' "$kill_push"
done
# the real hook, in the middle of its work
for hook in pre-receive post-receive; do
	for pause in 0 0.006 0.02; do
		try "$hook killed after ${pause} s" $hook \
		    'exec 3<&0; "'"$S/hooks/real-$hook"'" "$@" <&3 & sleep '$pause'; kill -9 $!; exit 1' ''
	done
done

# A hook that ran on after its receive-pack was gone leaves a lease, one that
# was killed while writing a temporary file: both go when their time is over.
for plan in "$S"/stagegate/plans/*.yml; do
	[ -e "$plan" ] || continue
	unlike "$(cat "$plan")" '^pid:' 'only a plan without an owner is still there'
	sed 's/^\(at\|lease_until\): .*/\1: 2020-01-01T00:00:00Z/' "$plan" >"$tmp/plan"
	cat "$tmp/plan" >"$plan"
done
: >"$S/stagegate/plans/00000000000000000000000000000000.yml.0000000000000000.tmp"
touch -t 202001010000 "$S"/stagegate/plans/*.tmp
push bob "$base:refs/heads/feature/last"
accepted 'the last push'
push bob "$good:refs/heads/staging"
accepted 'a promotion'
consistent 'at the end'
finish
