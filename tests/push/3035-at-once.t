#!/bin/sh
# Eight at once take changes through three stages: features, statements by
# several people about one commit, promotions to one ref, and on to the next.
# ROUNDS is how many changes each of them makes.
. "${0%/*}/lib.sh"
: "${ROUNDS:=1}"
server
policy <<'Y'
flow: at-once
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
gates:
  tests: {kind: evidence, by: [all], count: 2}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: integration, refs: [refs/heads/integration], push: [all], gates: [tests]}
  - {name: testing, refs: [refs/heads/staging], push: [all]}
Y
clone
many='1 2 3 4 5 6 7 8'

# told WHO SPEC: a push, written down for the one who asks afterwards
told() {
	REMOTE_USER=$1 git push --porcelain origin "$2" >"$tmp/told.$1.$$" 2>&1
	told_rc=$?
	cat "$tmp/told.$1.$$" >>"$tmp/log-$1-$$"
	return $told_rc
}

hand_in() { # hand_in WHO COMMIT
	printf 'evidence: 1\ngate: tests\nresult: pass\n' >"$tmp/statement-$1"
	statement=$(printf 'object %s\ntype commit\ntag evidence/tests/%s\ntagger %s <x@example.com> 1700000000 +0000\n\n%s\n' \
		"$2" "$2" "$1" "$(cat "$tmp/statement-$1")" |
		git hash-object -t tag -w --stdin)
	told "$1" "$statement:refs/evidence/tests/$2/$1"
}

# Merges where somebody was faster, as often as it takes: one of eight wins, and
# luck may be against one of them for long.
promote() { # promote WHO COMMIT
	tries=0
	while [ "$tries" -lt 200 ]; do
		git fetch -q origin refs/heads/integration
		tip=$(git rev-parse FETCH_HEAD)
		if git merge-base --is-ancestor "$tip" "$2"; then
			candidate=$2
		else
			candidate=$(merge "$tip" "$2")
		fi
		told "$1" "$candidate:refs/heads/integration" && return
		tries=$((tries + 1))
	done
	return 1
}

pusher() { # pusher NUMBER
	cd "$tmp/client-$1" || exit 1
	round=0
	while [ "$round" -lt "$ROUNDS" ]; do
		round=$((round + 1))
		git fetch -q origin refs/heads/integration
		git checkout -q --detach FETCH_HEAD
		change=$(commit "file-$1" "$round")
		told "p$1" "$change:refs/heads/feature/p$1-$round"
		hand_in "x$1" "$change" &
		hand_in "y$1" "$change" &
		hand_in "z$1" "$change"
		wait
		promote "p$1" "$change" || echo "$change" >>"$tmp/never"
		git fetch -q origin refs/heads/integration
		told "p$1" "FETCH_HEAD:refs/heads/staging"
	done
}

base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
hand_in u "$base"
hand_in v "$base"
push alice "$base:refs/heads/integration"
accepted 'a commit on integration'
for i in $many; do
	git clone -q "$S" "$tmp/client-$i" -b integration 2>/dev/null
done
for i in $many; do
	pusher "$i" &
done
wait
push alice "$base:refs/heads/feature/last"
accepted 'a push afterwards'
is "$(cat "$tmp/never" 2>/dev/null)" '' 'every change is on integration'

git -C "$S" log --reverse --format=%B refs/notes/stagegate >"$tmp/ledger"
git -C "$S" rev-list --parents refs/heads/integration >"$tmp/parents"
refs >"$tmp/refs"
cat "$tmp"/log-* >"$tmp/log"
cat >"$tmp/at-once.awk" <<'A'
function complain(text) { print text }

what == "parents" { parents[$1] = NF - 1; second[$1] = $3 }

# What the pushers were told: "*\t<from>:<to>\t<summary>".
what == "log" && /^[-!*+ ]\t/ {
	split($0, part, "\t")
	name = part[2]
	sub(/:/, " ", name)
	split(name, word, " ")
	if (word[1] == "FETCH_HEAD") # moves of staging are counted otherwise
		next
	if (substr($0, 1, 1) != "!")
		accepted[name]++
	else if (word[2] !~ /integration$/)
		complain(name ": refused")
	else
		refused[name]++
}

function is_tested(commit) {
	return statements[commit] >= 2
}

what == "ledger" && $1 == "Evidence:" {
	if (by[$4 " " $5]++)
		complain($4 ": " $5 " is recorded twice")
	statements[$4]++
	all++
}

what == "ledger" && $1 == "Update:" {
	if ($2 != (($4 in tip) ? tip[$4] : zero))
		complain($4 ": not recorded from where it was")
	tip[$4] = $3
	recorded[$3 " " $4]++
	candidate = $3
	if ($4 ~ /integration$/ && parents[$3] == 2)
		candidate = second[$3]
	if ($4 ~ /integration$/ && !(candidate in feature))
		complain(candidate ": on integration before it was a feature")
	if ($4 ~ /integration$/ && !is_tested(candidate))
		complain(candidate ": on integration before it was tested")
	if ($4 ~ /staging$/ && !($3 in integrated))
		complain($3 ": on staging before it was on integration")
	if ($4 ~ /feature/)
		feature[$3]
	else if ($4 ~ /integration$/)
		integrated[$3]
	if ($7 != "accepted")
		complain($4 ": " $7)
}

what == "refs" {
	if ($2 ~ /^refs\/evidence\//)
		complain($2 ": still in the inbox")
	else if (tip[$2] != $1)
		complain($2 ": is not where it was recorded")
}

END {
	for (name in accepted) {
		if (name ~ /refs\/evidence\//)
			handed_in++
		else if (recorded[name] != accepted[name])
			complain(name ": accepted " accepted[name] \
			    " times, recorded " recorded[name] + 0)
	}
	for (name in refused)
		if (recorded[name] > accepted[name] + 0)
			complain(name ": refused, and recorded")
	if (handed_in != all)
		complain(handed_in " statements, " all " are recorded")
	if (all != 2 + 24 * rounds)
		complain(all " statements in the end")
}
A
is "$(awk -f "$tmp/at-once.awk" zero=0000000000000000000000000000000000000000 \
	rounds="$ROUNDS" what=parents "$tmp/parents" what=log "$tmp/log" \
	what=ledger "$tmp/ledger" what=refs "$tmp/refs")" '' \
	'refs, ledger and what the pushers were told agree'
note "$(grep -c '^Update: .*refs/heads/integration' "$tmp/ledger") promotions," \
	"$(grep -c '^!.*integration' "$tmp/log") refused on the way"
finish
