# What is broken off, and what must hold afterwards.  Sourced by tests/faults/*.t
# and by tests/push/9010-broken-off.t:
#
#	faulty_server			one with every story's beginning in it
#	sweep STORY HOOK ACTION CLASS [RUNS]
#	sweep_all ACTION CLASS [RUNS]	all stories, all hooks
#	finish_sweeps
#
# A story is one push.  A sweep makes it again and again, each time from the
# same beginning, and each time another call of one hook goes wrong (shim.c has
# the words; with ACTION+ all that follow do, too).  About RUNS of the calls are
# taken, evenly spread; FAULTS_STRIDE=1 takes each, n every n-th.
#
# After each there is a healthy push by somebody else, and what did not make it
# is pushed again; then oracle.awk looks at refs and ledger.
# shellcheck shell=sh disable=SC2034 # what scripts use
: "${FAULTS_STRIDE:=}"
if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ]; then
	TMPDIR=/dev/shm # no disk is waited for; nothing is executed there
	export TMPDIR
fi
# shellcheck source=../push/lib.sh
. "${0%/*}/../push/lib.sh"
faults=$here/../faults
state=$tmp/state
Z=0000000000000000000000000000000000000000
server_name=server
stories='entry hand-in promote merge mixed rewind delete back tag two beside
skip gateless stray'

# --- the beginning ----------------------------------------------------------

fault_policy() {
	policy "$server_name" <<Y
flow: fault-flow
version: 1.0.0
status: active
identity: {from: [REMOTE_USER]}
roles: {all: ["*"], ci: [ci-bot]}
gates:
  tests: {kind: evidence, by: [ci]}
stages:
  - name: development
    refs: ["refs/heads/feature/*"]
    push: [all]
    rewind: true
    delete: true
    keep: true
  - name: integration
    refs: [refs/heads/integration]
    push: [all]
    gates: [tests]
  - name: testing
    refs: [refs/heads/staging]
    push: [all]
    up_to_date: true
    rewind: true
  - {name: deployment, refs: [refs/heads/main], push: [all], up_to_date: true, tags: ["refs/tags/v*"]}
notify:
  - {on: [entered, evidence, unobserved], exec: [sh, -c, "cat >>$tmp/told; echo >>$tmp/told"]}
Y
}

# branch PARENT FILE: a commit on PARENT, pushed as a feature
branch() {
	git checkout -q --detach "$1"
	made=$(commit "$2" "$2")
	push alice "$made:refs/heads/feature/${2##*/}"
	echo "$made"
}

# story NAME USER VERDICT SPEC..: VERDICT is accept or refuse; a SPEC is what
# git push is given, and one that gives up a tip begins with a +
story() {
	name=$1
	printf '%s\n' "$2" >"$tmp/story-$name.user"
	verdict=$3
	shift 3
	printf '%s\n' "$@" >"$tmp/story-$name.specs"
	for spec; do
		ref=${spec##*:}
		new=${spec%%:*}
		keep=-
		case $new in
		+*) keep=keep ;;
		'') keep=keep ;;
		esac
		old=$(git -C "$S" rev-parse -q --verify "$ref" || echo $Z)
		new=$(git rev-parse -q --verify "${new#+}" || echo $Z)
		subject=-
		case $ref in
		refs/evidence/*) subject=$(git rev-parse "$new^{commit}") ;;
		esac
		echo "$ref $old $new $verdict $keep $subject"
	done >"$tmp/story-$name"
}

# statement COMMIT: a tag object that says that its tests pass
statement() {
	printf 'evidence: 1\ngate: tests\nresult: pass\nrun: "%s"\n' "$1" >"$tmp/statement"
	git tag -f -a -F "$tmp/statement" "evidence/tests/$1" "$1" >/dev/null
	git rev-parse "refs/tags/evidence/tests/$1"
	git tag -d "evidence/tests/$1" >/dev/null
}

tested() {
	push ci-bot "$(statement "$1"):refs/evidence/tests/$1/0"
}

faulty_server() {
	server "$server_name"
	git -C "$S" config core.hooksPath "$STAGEGATE_BUILD/faults"
	rm -rf "$S/hooks"
	fault_policy
	clone clone
	mkdir lib
	for file in alpha beta gamma; do
		seq 20 >"lib/$file"
	done
	first=$(commit a.txt one)
	second=$(commit b.txt two)
	for c in $first $second; do
		push alice "$c:refs/heads/feature/base"
		tested "$c"
		push alice "$c:refs/heads/integration"
		push alice "$c:refs/heads/staging"
	done
	push alice "$second:refs/heads/main"
	ledger_has "$second refs/heads/main deployment .* accepted\$" \
		'a commit in every stage'
	# One side moves a folder, the other changes a file in it: git is asked.
	git checkout -q --detach "$second"
	git mv lib moved
	moved=$(branch HEAD moved.txt)
	tested "$moved"
	push alice "$moved:refs/heads/integration"
	changed=$(branch "$second" lib/alpha)
	tested "$changed"
	merged=$(merge "$moved" "$changed")
	ready=$(branch "$moved" ready)
	tested "$ready"
	untested=$(branch "$moved" untested)
	old=$(branch "$first" old)
	gone=$(branch "$first" gone)
	git checkout -q --detach "$second"
	fresh=$(commit fresh x)
	begin_stories
	quiet
	begun=$(git -C "$S" rev-parse refs/notes/stagegate)
	mv "$S" "$tmp/begin.git"
}

begin_stories() {
	story entry alice accept "$fresh:refs/heads/feature/fresh"
	story hand-in ci-bot accept \
		"$(statement "$untested"):refs/evidence/tests/$untested/1"
	story promote alice accept "$ready:refs/heads/integration"
	story merge alice accept "$merged:refs/heads/integration"
	story mixed ci-bot accept "$fresh:refs/heads/feature/beside" \
		"$(statement "$untested"):refs/evidence/tests/$untested/1" \
		"$untested:refs/heads/integration"
	story rewind alice accept "+$fresh:refs/heads/feature/old"
	story delete alice accept ":refs/heads/feature/gone"
	story back alice accept "+$first:refs/heads/staging"
	story tag alice accept "$second:refs/tags/v1"
	story two alice accept "$ready:refs/heads/integration" \
		"+$fresh:refs/heads/feature/old"
	# While the second push has its verdict and git has not moved the ref.
	story beside alice accept "$fresh:refs/heads/feature/fresh" \
		"$ready:refs/heads/integration"
	story skip alice refuse "$ready:refs/heads/main" \
		"$fresh:refs/heads/feature/fresh"
	story gateless alice refuse "$untested:refs/heads/integration"
	# An administrator moves staging.  Nobody having noticed, what comes
	# after would be in order.
	git -C "$S" update-ref refs/heads/staging "$first"
	story stray alice refuse "$moved:refs/heads/staging"
	git -C "$S" update-ref refs/heads/staging "$second"
}

# --- who was told -----------------------------------------------------------

# Everything that the ledger has since, in its order, and nothing else.
told_all() {
	"$stagegate" -C "$S" deliver >"$tmp/delivered" 2>&1 ||
		cat "$tmp/delivered"
	git -C "$S" log --reverse --format=%B "$begun..refs/notes/stagegate" |
		awk '/^Update: / && $5 != "-" && $7 != "adopted" &&
			($7 == "unobserved" || $6 !~ /^(delete|other)$/) {
			print $4, $3 ~ /^0*$/ ? "-" : $3
		}
		/^Evidence: / { print $3, $4 }' >"$tmp/to-tell"
	jq -r '.data.customData | if .gate then .gate + " " + .commit
		else .ref + " " + (.new // "-") end' <"$tmp/told" |
		awk '!seen[$0]++' >"$tmp/was-told"
	diff "$tmp/to-tell" "$tmp/was-told" | sed -n 's/^</not told:/p; s/^>/invented:/p'
}

# --- one run ----------------------------------------------------------------

all_refs() {
	git -C "$S" for-each-ref --format='%(refname) %(objectname)'
}

records() {
	git -C "$S" log --format='Commit: %ct %P%n%B' refs/notes/stagegate
}

# What git leaves when its receive-pack is killed is not ours.
clear_gits() {
	case $action in
	orphan | both)
		rm -rf "$S"/objects/tmp_objdir-* "$S"/objects/incoming-*
		find "$S/refs" "$S/packed-refs.lock" -name '*.lock' \
			-exec rm -f {} + 2>/dev/null
		;;
	esac
}

# A hook that lost its receive-pack before it looked for it makes its plan a
# lease, which has its time.  That time is over now.
age_leases() {
	aged=1
	for plan in "$S"/stagegate/plans/*.yml; do
		if [ -e "$plan" ] && ! grep -q '^pid:' "$plan"; then
			sed -i 's/^\(at\|lease_until\): .*/\1: 2020-01-01T00:00:00Z/' "$plan"
			aged=0
		fi
	done
	return $aged
}

complain() {
	complaints="$complaints$1
"
}

next_push() { # next_push NAME
	push bob "$second:refs/heads/feature/$1"
	[ "$rc" = 0 ] || complain "the push afterwards was refused: $out"
}

# A push that waits between its verdict and its ref; $company is its process.
company_comes() {
	rm -f "$tmp/hold.held"
	: >"$tmp/hold"
	STAGEGATE_HOLD=$tmp/hold REMOTE_USER=alice git push origin "$1" \
		>"$tmp/company" 2>&1 &
	company=$!
	turns=0
	while [ ! -e "$tmp/hold.held" ] && [ "$turns" -lt 1000 ]; do
		sleep 0.01
		turns=$((turns + 1))
	done
}

company_goes() {
	rm -f "$tmp/hold"
	wait "$company" || complain "the push beside it failed: $(cat "$tmp/company")"
}

# What of the story is not there yet is pushed again, and must be accepted.
push_again() {
	records >"$tmp/records"
	told=$1
	set --
	while read -r ref old new verdict keep subject && read -r spec <&3; do
		at=$(git -C "$S" rev-parse -q --verify "$ref" || echo $Z)
		[ "$verdict" = accept ] || continue
		if [ "$subject" != - ]; then
			grep -q "^Evidence: .* tests $subject " "$tmp/records" ||
				set -- "$@" "$spec"
		elif [ "$at" != "$new" ]; then
			set -- "$@" "$spec"
		fi
	done <"$tmp/story-$told" 3<"$tmp/story-$told.specs"
	[ $# -gt 0 ] || return 0
	push "$user" "$@"
	[ "$rc" = 0 ] || complain "what was refused before is so again: $out"
}

# The one that could not be unlinked is still there: git says so to whoever
# wants that ref, and doctor finds it.
locks_left() {
	[ "$struck" = unlink ] || find "$S" -name '*.lock'
}

# What a script may put around the push itself.
before_push() { :; }
after_push() { :; }

# attempt STORY HOOK ACTION CLASS N: complaints in $complaints, the number of
# calls in $calls, the one that failed in $struck
attempt() {
	action=$3
	complaints=
	struck=
	rm -rf "$S"
	cp -a "$tmp/begin.git" "$S"
	: >"$tmp/told"
	pushed=$(cat "$tmp/story-$1.specs")
	case $1 in
	stray) git -C "$S" update-ref refs/heads/staging "$first" ;;
	beside)
		company_comes "${pushed#*
}"
		pushed=${pushed%%
*}
		;;
	esac
	printf '%-63s\n' 0 >"$state"
	before_push "$5"
	read -r user <"$tmp/story-$1.user"
	# shellcheck disable=SC2086 # a list
	out=$(STAGEGATE_FAULT="$2 $3 $4 $5" STAGEGATE_FAULT_STATE=$state \
		REMOTE_USER=$user git push --porcelain origin $pushed 2>&1)
	rc=$?
	[ "$1" != beside ] || company_goes
	flock "$state" true # all of the hooks have ended
	after_push
	read -r calls struck <"$state"
	printf 'rc %s\n%s\n' "$rc" "$out" >"$tmp/said"
	all_refs >"$tmp/refs-between"
	clear_gits
	next_push next
	push_again "$1"
	if age_leases; then next_push later; fi
	all_refs >"$tmp/refs"
	records >"$tmp/records"
	complain "$(told_all)"
	complain "$(git -C "$S" fsck --full --strict --no-dangling 2>&1 |
		grep -v '^notice:')"
	complain "$(find "$S/stagegate/plans" -name '*.yml' 2>/dev/null)"
	complain "$(locks_left)"
	complain "$(awk -f "$faults/oracle.awk" action="$action" \
		what=story "$tmp/story-$1" what=said "$tmp/said" \
		what=between "$tmp/refs-between" what=refs "$tmp/refs" \
		what=records "$tmp/records")"
	complaints=$(printf '%s' "$complaints" | grep .)
}

# --- many of them -----------------------------------------------------------

# count_calls STORY HOOK CLASS: how many there are, when nothing goes wrong
count_calls() {
	if [ ! -e "$tmp/calls-$1-$2-$3" ]; then
		attempt "$1" "$2" EIO "$3" 0
		echo "$calls" >"$tmp/calls-$1-$2-$3"
		[ -z "$complaints" ] || tell "$1: nothing is broken"
	fi
	read -r total <"$tmp/calls-$1-$2-$3"
}

tell() { # tell WHAT: and what it came to
	bad=$((bad + 1))
	note "$1:" "$complaints"
	sed 's/^/#   /' "$tmp/said"
}

sweep() {
	bad=0
	count_calls "$1" "$2" "$4"
	step=$(((total + ${5:-6} - 1) / ${5:-6}))
	step=${FAULTS_STRIDE:-$step}
	[ "$step" -gt 0 ] || step=1
	# Not everywhere the same ones.
	n=$((count % step + 1))
	runs=0
	case $3 in
	*+) onwards=+ ;;
	*) onwards= ;;
	esac
	while [ "$n" -le "$total" ]; do
		attempt "$1" "$2" "${3%+}" "$4" "$n$onwards"
		runs=$((runs + 1))
		[ -z "$complaints" ] ||
			tell "$1, $3 at call $n ($struck) of $2"
		n=$((n + step))
	done
	ok "$((bad > 0))" "$1: $2: $3, $runs of $total calls ($4)"
}

# Where a story is refused no other hook is run, and only git's merge forks.
sweep_all() {
	for story in $stories; do
		for hook in pre-receive update post-receive; do
			case $2-$story-$hook in
			fork-merge-pre-receive) ;;
			fork-* | *-skip-[!p]* | *-skip-post* | *-gateless-[!p]* | \
				*-gateless-post* | *-stray-[!p]* | *-stray-post*) continue ;;
			esac
			sweep "$story" "$hook" "$@"
		done
	done
}

finish_sweeps() {
	printf '1..%d\n' "$count"
	[ "$failed" = 0 ]
	exit
}
