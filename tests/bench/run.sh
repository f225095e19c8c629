#!/bin/sh
# run.sh [REPOSITORY]	what a push costs; `make bench` calls it
#
# Each row is one run in which ours and what it is compared with take turns:
# the ratio of the two medians counts, never a time alone.  With a REPOSITORY
# the newest commits of its history are pushed too; nothing is written there.
# BENCH_ONLY=WORD.. runs some of: push, commits, secrets, refs, ancestor, ledger,
# sshsig, extends, children.
# BENCH_MILLION=1: a ledger of a million records too; it takes half an hour and
# three gigabytes to make.
# Exit code 1 when a ratio is over its bound.
#
# shellcheck source=../push/lib.sh
. "${0%/*}/../push/lib.sh"

bench=$STAGEGATE_BUILD/bench
errors=$tmp/errors
status=0

wanted() {
	case " ${BENCH_ONLY:-$1} " in
	*" $1 "*) return 0 ;;
	esac
	return 1
}

# --- the table --------------------------------------------------------------

heading() {
	printf '%-46s %9s %9s %6s %6s %6s\n' \
		'row (medians in ms)' ours theirs ratio best bound
}

# judge TEXT OURS THEIRS BOUND [BEST]: the ratio of two numbers; BEST, that of
# the fastest runs, is only shown: far from the first, the machine was busy
judge() {
	echo "$2 $3 $4 ${5:--}" | awk -v row="$1" '{
		ratio = $1 / $2
		over = ratio > $3
		printf "%-46s %9.2f %9.2f %6.2f %6s %6.2f %s\n", row, $1, $2,
		    ratio, $4, $3, over ? "OVER" : "ok"
		exit over
	}' || status=1
}

give_up() {
	echo "bench: $1" >&2
	[ ! -f "$errors" ] || tail -n 20 "$errors" >&2
	exit 2
}

# measure ROUNDS @OURS .. @THEIRS ..: medians in $ours and $theirs, the ratio
# of the minima in $best
measure() {
	rounds=$1
	shift
	: >"$errors"
	measured=$("$bench/interleave" -r "$rounds" -e "$errors" "$@") ||
		give_up "a run failed"
	ours=$(printf '%s\n' "$measured" | awk '$1 == "ours" { print $2 }')
	theirs=$(printf '%s\n' "$measured" | awk '$1 == "theirs" { print $2 }')
	best=$(printf '%s\n' "$measured" | awk '
		{ least[$1] = $3 }
		END { printf "%.2f", least["ours"] / least["theirs"] }')
}

# How lists of options, one a line, become words.
split_at_lines() {
	old_ifs=$IFS
	IFS='
'
	set -f
}

split_at_blanks() {
	IFS=$old_ifs
	set +f
}

# --- histories --------------------------------------------------------------

# A thousand files, then $1 commits of three small files each; tags base and
# plus-N.  The random numbers are the same each time.
synthetic() {
	awk -v n="$1" 'BEGIN {
		srand(7)
		for (i = 0; i < 1000; i++)
			name[i] = sprintf("dir%d/sub%d/file%d.txt", i % 20, i % 7, i)
		for (i = 0; i <= n; i++) {
			begin(i)
			for (k = 0; k < (i ? 3 : 1000); k++)
				file(i ? name[int(rand() * 1000)] : name[k])
			if (i == 0)
				print "reset refs/tags/base\nfrom refs/heads/main\n"
			else if (i == 1 || i == 1000 || i == 9999 || i == n)
				print "reset refs/tags/plus-" i "\nfrom refs/heads/main\n"
		}
	}
	function begin(i, who, text) {
		who = sprintf("Alice <alice@example.com> %d +0000", 1700000000 + i * 60)
		text = "area" i % 9 ": change number " i " in a few files\n\nThis is why.\n"
		print "commit refs/heads/main\nauthor " who "\ncommitter " who
		print "data " length(text) "\n" text
	}
	function file(path, text, l) {
		text = ""
		for (l = 0; l < 20; l++)
			text = text sprintf("line %d %07x%07x some text here\n", l,
			    rand() * 268435456, rand() * 268435456)
		print "M 100644 inline " path "\ndata " length(text) "\n" text
	}'
}

# bare DIR FROM COMMIT REF: a repository with that commit's history, in one
# pack, and with our hooks
bare() {
	S=$tmp/$1
	server "${1%.git}"
	printf '%s\n' "$3" |
		git -C "$2" pack-objects -q --revs "$S/objects/pack/pack" >/dev/null
	git -C "$S" update-ref "$4" "$3" || give_up "no history in $1"
	git -C "$S" symbolic-ref HEAD "$4"
	git -C "$S" pack-refs --all
}

# capture DIR FROM COMMIT REF: what pre-receive of DIR is given when that is
# pushed: quarantine and command list, in $tmp/DIR.quarantine and .list
capture() {
	mv "$tmp/$1/hooks/pre-receive" "$tmp/kept-hook"
	cat >"$tmp/$1/hooks/pre-receive" <<-X
		#!/bin/sh
		cp -a "\$GIT_QUARANTINE_PATH" '$tmp/$1.quarantine'
		cat >'$tmp/$1.list'
		exit 1
	X
	chmod 755 "$tmp/$1/hooks/pre-receive"
	git -C "$2" push -q --no-verify "$tmp/$1" "$3:$4" >/dev/null 2>&1
	mv "$tmp/kept-hook" "$tmp/$1/hooks/pre-receive"
	[ -s "$tmp/$1.list" ] || give_up "no push to capture"
}

# no_plans DIR: takes away what the turn before has decided; see turns
no_plans() {
	printf '%s' "for plan in '$tmp/$1/stagegate/plans'/*.yml; do " \
		"[ ! -f \$plan ] || mv \$plan '$tmp'; done"
}

# replayed DIR: the options of interleave by which a program sees that push
replayed() {
	printf '%s\n' "dir=$tmp/$1" "in=$tmp/$1.list" env=GIT_DIR=. \
		"env=GIT_OBJECT_DIRECTORY=$tmp/$1.quarantine" \
		"env=GIT_ALTERNATE_OBJECT_DIRECTORIES=$tmp/$1/objects" \
		"env=GIT_QUARANTINE_PATH=$tmp/$1.quarantine" \
		env=GL_USER=alice env=REMOTE_USER=alice \
		"before=$(no_plans "$1")"
}

# --- a push of one commit ---------------------------------------------------

shipped_policy() { # shipped_policy NAME: the one that is installed, whole
	policy "$1" <"$here/../../policy/policy.yml"
}

adopt() {
	"$stagegate" -C "$S" adopt "$@" >/dev/null 2>>"$errors" ||
		give_up "history is not adopted"
}

# The first push of a repository makes folders and a copy of the policy.
begin_ledger() {
	adopt
	GL_USER=alice git -C "$source" push -q "$S" \
		"$(git -C "$S" rev-parse main):refs/heads/feature/first" 2>>"$errors" ||
		give_up "the first push failed"
}

# turns DIR: puts DIR.now back to what DIR is.  Nothing is deleted: for a minute
# after that ext4 takes its time to make new files (it looks for inodes that
# were not in use lately).
turns() {
	now="'$tmp/$1.now'"
	printf '%s' "[ ! -d $now ] || mv $now \$(mktemp -d '$tmp/old.XXXXXX'); " \
		"cp -a '$tmp/$1' $now"
}

bench_push() {
	bare full.git "$source" "$base" refs/heads/main
	shipped_policy full
	git -C "$S" update-ref refs/heads/feature/x "$base"
	begin_ledger
	cp -a "$tmp/full.git" "$tmp/empty.git"
	for hook in pre-receive update post-receive; do
		cp -f "$bench/empty" "$tmp/empty.git/hooks/$hook"
	done
	measure 41 \
		@ours "before=$(turns full.git)" env=GL_USER=alice run \
		git -C "$source" push -q "$tmp/full.git.now" \
		plus-1^0:refs/heads/feature/x \
		@theirs "before=$(turns empty.git)" env=GL_USER=alice run \
		git -C "$source" push -q "$tmp/empty.git.now" \
		plus-1^0:refs/heads/feature/x
	judge 'push of 1 commit : three empty hooks' "$ours" "$theirs" 1.4 "$best"
}

# --- many commits -----------------------------------------------------------

# enforce: history of others breaks rules, and is to be judged to the end
commit_policy() { # commit_policy NAME ENFORCE
	policy "$1" <<-X
		flow: bench
		version: 1.0.0
		identity: {from: [REMOTE_USER]}
		people: {alice: {emails: [alice@example.com]}}
		roles: {developers: [alice]}
		always: [sizes, names]
		gates:
		  words: {kind: message, subject: {min: 8, max: 72}, enforce: $2}
		  sizes: {kind: size, file: 10MiB, enforce: $2}
		  names:
		    kind: paths
		    deny: ["**/*.{pem,key}", "**/id_rsa"]
		    max_length: 200
		    enforce: $2
		stages:
		  - name: development
		    refs: ["refs/heads/feature/**"]
		    push: [developers]
		    gates: [words]
	X
}

# commits DIR FROM OLD NEW ROUNDS TEXT ENFORCE
commits() {
	bare "$1" "$2" "$3" refs/heads/feature/x
	commit_policy "${1%.git}" "$7"
	adopt --no-objects
	capture "$1" "$2" "$4" refs/heads/feature/x
	options=$(replayed "$1")
	split_at_lines
	# shellcheck disable=SC2086 # a list, one a line
	measure "$5" \
		@ours $options any=1 run "$S/hooks/pre-receive" \
		@theirs $options run git rev-list "$3..$4" '|' \
		git diff-tree -r --stdin
	# shellcheck disable=SC2086
	[ "${7}" = warn ] || peak=$("$bench/interleave" -p -r 1 -e "$errors" \
		@ours $options run "$S/hooks/pre-receive") ||
		give_up "a run failed"
	split_at_blanks
	judge "$6 : rev-list | diff-tree" "$ours" "$theirs" 1.5 "$best"
}

bench_commits() {
	commits c1000.git "$source" "$base" "$(id plus-1000)" 21 \
		'pre-receive, 1,000 commits' block
	few=$ours
	commits c10000.git "$source" "$base" "$(id plus-10000)" 7 \
		'pre-receive, 10,000 commits' block
	judge 'pre-receive, 10,000 : 1,000 commits' "$ours" "$few" 13
	judge 'its anonymous memory in KiB : 128 MiB' "${peak#* }" 131072 1
}

# The commit on the first-parent line of $1's HEAD from which about $2 commits
# lead up to it.
start_of() {
	git -C "$1" rev-list --first-parent HEAD >"$tmp/line"
	low=1
	high=$(wc -l <"$tmp/line")
	while [ "$low" -lt "$high" ]; do
		middle=$(((low + high) / 2))
		commit=$(sed -n "${middle}p" "$tmp/line")
		if [ "$(git -C "$1" rev-list --count "$commit..HEAD")" -lt "$2" ]; then
			low=$((middle + 1))
		else
			high=$middle
		fi
	done
	sed -n "${low}p" "$tmp/line"
}

bench_real() {
	tip=$(git -C "$1" rev-parse HEAD)
	for n in 1000 10000; do
		old=$(start_of "$1" "$n")
		count=$(git -C "$1" rev-list --count "$old..$tip")
		commits "real$n.git" "$1" "$old" "$tip" \
			$((n == 1000 ? 15 : 7)) "pre-receive, $count real commits" \
			warn
	done
}

# --- secrets ----------------------------------------------------------------

secrets_policy() {
	policy "$1" <<-X
		flow: bench
		version: 1.0.0
		identity: {from: [REMOTE_USER]}
		people: {alice: {emails: [alice@example.com]}}
		roles: {developers: [alice]}
		gates: {no-secrets: {kind: secrets, enforce: warn}}
		stages:
		  - name: development
		    refs: ["refs/heads/feature/**"]
		    push: [developers]
		    gates: [no-secrets]
	X
}

# searched DIR FROM OLD NEW ROUNDS TEXT: all of pre-receive, and the making of
# a patch that somebody could search
searched() {
	bare "$1" "$2" "$3" refs/heads/feature/x
	secrets_policy "${1%.git}"
	adopt --no-objects
	capture "$1" "$2" "$4" refs/heads/feature/x
	options=$(replayed "$1")
	split_at_lines
	# shellcheck disable=SC2086 # a list, one a line
	measure "$5" \
		@ours $options run "$S/hooks/pre-receive" \
		@theirs $options run git rev-list "$3..$4" '|' \
		git diff-tree -p --stdin
	# shellcheck disable=SC2086
	peak=$("$bench/interleave" -p -r 1 -e "$errors" \
		@ours $options run "$S/hooks/pre-receive") ||
		give_up "a run failed"
	split_at_blanks
	judge "$6 : diff-tree -p" "$ours" "$theirs" 1 "$best"
	judge 'its anonymous memory in KiB : 256 MiB' "${peak#* }" 262144 1
}

bench_secrets() {
	searched s10000.git "$source" "$base" "$(id plus-10000)" 5 \
		'secrets, 10,000 commits'
	[ -n "$real" ] || return 0
	tip=$(git -C "$real" rev-parse HEAD)
	for n in 1000 10000; do
		old=$(start_of "$real" "$n")
		count=$(git -C "$real" rev-list --count "$old..$tip")
		searched "sreal$n.git" "$real" "$old" "$tip" 3 \
			"secrets, $count real commits"
	done
}

# --- many refs --------------------------------------------------------------

hooks_alone() { # hooks_alone DIR: they are run by a hook that takes the time
	for hook in pre-receive update post-receive; do
		mkdir -p "$tmp/$1.real"
		mv "$tmp/$1/hooks/$hook" "$tmp/$1.real/$hook"
		cp "$bench/stopwatch" "$tmp/$1/hooks/$hook"
	done
}

# alone DIR COMMIT REF: the options of interleave that push it and count what
# the hooks took
alone() {
	printf '%s\n' "before=$(turns "$1")" "log=$tmp/$1.log" \
		"env=STOPWATCH_LOG=$tmp/$1.log" "env=STOPWATCH_HOOKS=$tmp/$1.real" \
		env=GL_USER=alice env=REMOTE_USER=alice run \
		git -C "$source" push -q "$tmp/$1.now" "$2:$3"
}

# compare ROUNDS OURS THEIRS COMMIT REF
compare() {
	hooks_alone "$2"
	hooks_alone "$3"
	mine=$(alone "$2" "$4" "$5")
	other=$(alone "$3" "$4" "$5")
	split_at_lines
	# shellcheck disable=SC2086 # lists, one a line
	measure "$1" @ours $mine @theirs $other
	split_at_blanks
}

bench_refs() {
	bare one.git "$source" "$(id plus-9999)" refs/heads/main
	shipped_policy one
	begin_ledger
	cp -a "$tmp/one.git" "$tmp/many.git"
	git -C "$source" rev-list plus-9999 | awk -v q="'" '
		{ id[n++] = $1 }
		END { for (i = 0; i < 100000; i++)
			printf "create refs/heads/feature/%06d %s\n", i, id[i % n] }' |
		git -C "$tmp/many.git" update-ref --stdin
	git -C "$tmp/many.git" pack-refs --all
	compare 15 many.git one.git plus-10000^0 refs/heads/fix/y
	judge 'the hooks alone, 100,000 refs : 1 ref' "$ours" "$theirs" 1.3 "$best"
}

# --- an ancestor far back ---------------------------------------------------

# A statement about a commit that was never a tip: is it an ancestor of one?
bench_ancestor() {
	bare deep.git "$source" "$(id plus-10000)" refs/heads/main
	shipped_policy deep
	begin_ledger
	printf 'evidence: 1\ngate: health\nresult: pass\n' >"$tmp/statement"
	git -C "$source" tag -f -a -F "$tmp/statement" "evidence/health/$base" \
		"$base" >/dev/null
	capture deep.git "$source" "refs/tags/evidence/health/$base" \
		"refs/evidence/health/$base/1"
	sed 's/=alice/=dana/' >"$tmp/options" <<-X
		$(replayed deep.git)
	X
	options=$(cat "$tmp/options")
	ancestor 'ancestor 10,000 back : merge-base'
	git -C "$S" -c commitGraph.generationVersion=2 commit-graph write \
		--reachable 2>/dev/null
	ancestor 'the same, both with a commit-graph'
}

ancestor() {
	split_at_lines
	# shellcheck disable=SC2086 # a list, one a line
	measure 31 \
		@ours $options run "$S/hooks/pre-receive" \
		@theirs "dir=$S" run \
		git merge-base --is-ancestor "$base" refs/heads/main
	split_at_blanks
	judge "$1" "$ours" "$theirs" 1.5 "$best"
}

# --- a long ledger ----------------------------------------------------------

ledger_policy() {
	policy "$1" <<-X
		flow: bench
		version: 1.0.0
		identity: {from: [REMOTE_USER]}
		people: {alice: {emails: [alice@example.com]}}
		roles: {developers: [alice], ci: [ci-bot]}
		gates: {tests: {kind: evidence, by: [ci]}}
		stages:
		  - name: development
		    refs: ["refs/heads/feature/**"]
		    push: [developers]
		  - name: integration
		    refs: [refs/heads/integration]
		    push: [developers]
		    gates: [tests]
	X
}

hand_in() { # hand_in COMMIT
	printf 'evidence: 1\ngate: tests\nresult: pass\n' >"$tmp/statement"
	git -C "$source" tag -f -a -F "$tmp/statement" "evidence/tests/$1" "$1" \
		>/dev/null
	REMOTE_USER=ci-bot git -C "$source" push -q "$S" \
		"refs/tags/evidence/tests/$1:refs/evidence/tests/$1/1" \
		2>>"$errors" || give_up "a statement was refused"
}

# records DIR N: a ledger of N records; the newest commit has been in
# development and was tested.  Copies share what is packed, which may be much.
records() {
	bare "$1" "$source" "$(id plus-9999)" refs/heads/integration
	ledger_policy "${1%.git}"
	git -C "$source" rev-list -n 9 --reverse plus-9999 >"$tmp/ids"
	"$bench/ledger" "$S" development=refs/heads/feature/x \
		integration=refs/heads/integration <"$tmp/ids" 2>>"$errors" ||
		give_up "no ledger"
	there=10
	while [ "$there" -lt "$2" ]; do
		more=$(($2 - there < 50000 ? $2 - there : 50000))
		"$bench/longledger" "$S" "$there" "$more" 2>>"$errors" |
			git -C "$S" fast-import --quiet 2>>"$errors" ||
			give_up "no long ledger"
		there=$((there + more))
	done
	# the stage that it comes from, by a real push
	git -C "$S" update-ref refs/heads/feature/x "$(id plus-9999)"
	REMOTE_USER=alice git -C "$source" push -q "$S" \
		plus-10000^0:refs/heads/feature/x 2>>"$errors" || give_up "a push failed"
	hand_in "$(id plus-10000)"
	# One pack, as git gc leaves it: how many there are is none of the
	# ledger's business.
	git -C "$S" repack -adq
	git -C "$S" pack-refs --all
	mv "$S/objects/pack" "$tmp/$1.packs"
	ln -s "$tmp/$1.packs" "$S/objects/pack"
	capture "$1" "$source" "$(id plus-10000)" refs/heads/integration
}

# A promotion is judged by a statement (a look-up), and recorded (an append).
against_short() { # against_short DIR TEXT
	mine=$(replayed "$1")
	other=$(replayed short.git)
	split_at_lines
	# shellcheck disable=SC2086 # lists, one a line
	measure 25 @ours $mine run "$tmp/$1/hooks/pre-receive" \
		@theirs $other run "$tmp/short.git/hooks/pre-receive"
	split_at_blanks
	judge "a verdict by evidence, $2 records : 10" "$ours" "$theirs" 1.3 "$best"
	cp -a "$tmp/short.git" "$tmp/$1.short"
	compare 25 "$1" "$1.short" plus-10000^0 refs/heads/integration
	judge "all three hooks, $2 records : 10" "$ours" "$theirs" 1.3 "$best"
}

bench_ledger() {
	records short.git 10
	records long.git 10000
	against_short long.git 10,000
	if [ -n "${BENCH_MILLION:-}" ]; then
		records million.git 1000000
		against_short million.git 1,000,000
	fi
}

# --- signatures -------------------------------------------------------------

# Fifty in one process at most as long as one by ssh-keygen.  git itself runs
# ssh-keygen twice for each.
bench_sshsig() {
	ssh_keygen=$(command -v ssh-keygen) || give_up "no ssh-keygen"
	ssh-keygen -q -t ed25519 -N '' -C '' -f "$tmp/key" || give_up "no key"
	git -C "$source" cat-file commit plus-1 >"$tmp/signed"
	ssh-keygen -q -Y sign -n git -f "$tmp/key" "$tmp/signed" 2>>"$errors" ||
		give_up "no signature"
	printf 'signer namespaces="git" %s\n' "$(cat "$tmp/key.pub")" \
		>"$tmp/signers"
	measure 41 \
		@ours "in=$tmp/signed" run \
		"$bench/sshsig" 50 "$tmp/key.pub" "$tmp/signed.sig" \
		@theirs "in=$tmp/signed" run "$ssh_keygen" -q -Y verify -n git \
		-I signer -f "$tmp/signers" -s "$tmp/signed.sig"
	judge '50 SSH signatures : ssh-keygen, one' "$ours" "$theirs" 1 "$best"
}

# ----------------------------------------------------------------------------

# shellcheck source=tests/bench/repositories.sh
. "$here/../bench/repositories.sh"

id() {
	git -C "$source" rev-parse "$1^{commit}"
}

real=
if [ $# -gt 0 ]; then
	real=$(cd "$1" && git rev-parse --absolute-git-dir) || exit 2
	git config --global --add safe.directory "$real"
fi
source=$tmp/source.git
git init -q --bare "$source"
synthetic 10000 | git -C "$source" fast-import --quiet
base=$(id base)

heading
if wanted push; then bench_push; fi
if wanted commits; then
	bench_commits
	if [ -n "$real" ]; then bench_real "$real"; fi
fi
if wanted secrets; then bench_secrets; fi
if wanted refs; then bench_refs; fi
if wanted ancestor; then bench_ancestor; fi
if wanted ledger; then bench_ledger; fi
if wanted sshsig; then bench_sshsig; fi
if wanted extends; then bench_extends; fi
if wanted children; then bench_children; fi
exit $status
