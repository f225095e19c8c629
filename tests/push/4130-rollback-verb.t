#!/bin/sh
# `rollback` prepares a rollback and pushes it; promoting afterwards works.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: rollback-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
roles:
  developers: [alice]
  release: [dana]
clients:
  acme: {}
  globex: {}
  initech: {}
gates:
  root-cause: {kind: evidence, by: [developers]}
rollback: {by: [release], rewind: true, then: [root-cause]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [developers]}
  - {name: testing, refs: [refs/heads/staging], push: [developers], accept: [fast-forward, merge]}
  - {name: deployment, refs: [refs/heads/main], push: [release]}
  - {name: general, clients: [acme, globex, initech], push: [release]}
Y
clone
short() {
	git rev-parse --short=8 "$1"
}
flat() { # what was said, in one line
	out=$(printf '%s\n' "$out" | tr -s ' \n' '  ')
}
run() { # run USER VERB ARGS..: $out (both streams), $rc
	user=$1
	shift
	out=$(REMOTE_USER=$user "$stagegate" "$@" 2>&1)
	rc=$?
}
rollback() {
	user=$1
	shift
	run "$user" rollback "$@"
}
promote() {
	user=$1
	shift
	run "$user" promote "$@"
}
on_server() {
	git -C "$S" rev-parse -q --verify "$1"
}
cause() { # what an incident about COMMIT asks for
	evidence alice root-cause "$1" pass "run: \"$(date +%N)\""
}
enter() { # enter COMMIT NAME: through all stages but the clients'
	push alice "$1:refs/heads/feature/$2"
	promote alice staging "$1" --push origin
	promote dana main staging --push origin
}

a=$(commit a.txt one 'the first')
enter "$a" a
b=$(commit b.txt two 'the second')
enter "$b" b
promote dana clients/acme "$a" --push origin
promote dana clients/globex main --push origin
rollback dana clients/acme --reason why --push origin
is "$rc" 1 'a ref that has one tip'
says 'never been elsewhere' 'has no other'
c=$(commit c.txt three 'the third, which is bad')
enter "$c" c
ref_is refs/heads/main "$c" 'three tips of main, one after the other'

# --- asked in words that do not do ---
rollback dana main
is "$rc" 100 'no reason'
says '^usage: stagegate rollback' 'is a mistake'
rollback dana main --reason '  '
is "$rc" 100 'an empty one'
rollback dana main --reason "$(printf 'two\nlines')"
is "$rc" 100 'one of two lines'
rollback dana main --reason "$(printf 'a\033[1mb')"
is "$rc" 100 'one with control bytes'
rollback dana main --reason "$(printf '%010000d' 0)"
is "$rc" 100 'one with 10,000 characters'
rollback dana main --reason why --timeline ''
is "$rc" 100 'an empty timeline'
rollback dana main --reason why --style forward
is "$rc" 100 'another style'
rollback dana main --reason why --to "$a" --steps 2
is "$rc" 100 'where to, twice'
rollback dana main --reason why --no-push-options --timeline soon
is "$rc" 100 'a timeline that nothing tells'
rollback dana nosuch --reason why
is "$rc" 1 'a ref of no stage'
rollback dana feature/a --reason why
is "$rc" 1 'a stage where changes begin'
rollback dana clients/initech --reason why
is "$rc" 1 'a ref that is not there'
rollback dana main --reason why --to nosuch --dry-run
is "$rc" 3 'a commit that is none'
git checkout -q -B side "$b"
side=$(commit side.txt x)
rollback dana main --reason why --to "$side" --push origin
is "$rc" 1 'a commit that was never a tip'
says "$(short "$side") was never an accepted tip of refs/heads/main" 'is named'
says "hint: $(short "$b") the second \([0-9-]{10} [0-9:]{5} UTC to" 'and what was one'
says "hint: $(short "$a") the first" 'all of it'
rollback dana main --reason why --to main --dry-run
is "$rc" 1 'the present tip'
rollback dana main --reason why --steps 3 --push origin
is "$rc" 1 'further back than it goes'
says 'by 2 steps, not by 3' 'how far it goes'
rollback alice main --reason why --push origin
is "$rc" 1 'somebody who may not'
says '\[rollback\.role\]' 'which is what the server says'
says '--as USER' 'and how to ask for another'
ref_is refs/heads/main "$c" 'nothing of this moved main'

# --- what would happen ---
git fetch -q origin
git checkout -q -B work "$c"
git status --porcelain >"$tmp/status"
mine=$(git for-each-ref)
records=$(git -C "$S" rev-list --count refs/notes/stagegate)
rollback dana main --reason 'INC-42 latency' --timeline "it's fixed by Friday" --dry-run
is "$rc" 0 '--dry-run'
says '^refs/heads/main \(deployment\): a rollback, by a revert commit' 'what it is'
says "^  from +$(short "$c") the third, which is bad, entered [0-9-]{10} [0-9:]{5} UTC by dana" 'from where'
says "^  to +$(short "$b") the second, entered .* by dana" 'to where'
says '^  files +c.txt$' 'which files change'
says "^  then +root-cause must pass for $(short "$c") before anything new enters" 'what is asked afterwards'
says "^  client +acme runs $(short "$a") \(refs/heads/clients/acme\)\$" 'a client without it'
says '^  client +initech runs nothing yet' 'one that runs nothing'
says 'would accept this from dana' 'and what the hooks answer'
command=$(printf '%s\n' "$out" | grep '^git push ')
like "$command" "^git push -o 'rollback=INC-42 latency' -o 'timeline=it'\\\\''s fixed by Friday' origin [0-9a-f]{40}:refs/heads/main\$" 'the command that pushes it'
is "$(git for-each-ref | grep -v refs/notes)" "$(printf '%s\n' "$mine" | grep -v refs/notes)" 'no branch of the clone has moved'
is "$(git status --porcelain)" "$(cat "$tmp/status")" 'nor its work tree'
is "$(git -C "$S" rev-list --count refs/notes/stagegate)" "$records" 'and the server knows nothing of it'

# --- the command does it ---
out=$(REMOTE_USER=dana sh -c "$command" 2>&1)
rc=$?
accepted 'pasted'
v=$(on_server refs/heads/main)
is "$(git rev-parse "$v^@" "$v^{tree}")" "$(git rev-parse "$c" "$b^{tree}")" 'a commit on the tip with the files of the one before'
is "$(git log -1 --format=%B "$v")" "Roll back main to $(short "$b")

INC-42 latency

Rollback: INC-42 latency" 'whose message says why'
ledger_has "^Update: $c $v refs/heads/main deployment rollback accepted" 'it is recorded as a rollback'
ledger_has '^Incident: 1 opened refs/heads/main' 'which opened an incident'

# --- again: to what was before that, not to what was taken back ---
rollback dana main --reason 'still slow' --push origin
is "$rc" 0 'a second one'
is "$(git rev-parse "$(on_server refs/heads/main)^{tree}")" "$(git rev-parse "$a^{tree}")" 'goes further back'
rollback dana main --reason 'that was too far' --to "$(short "$b")" --push origin
is "$rc" 0 'a tip by its first digits'
is "$(git rev-parse "$(on_server refs/heads/main)^{tree}")" "$(git rev-parse "$b^{tree}")" 'and forth'
v=$(on_server refs/heads/main)

# --- promoting after that ---
git checkout -q -B fix "$c"
d=$(commit fix.txt right 'the third, mended')
push alice "$d:refs/heads/feature/d"
promote alice staging "$d" --push origin
is "$rc" 0 'a fix goes on'
promote dana main staging --push origin
is "$rc" 1 'but not into main'
says '\[stage\.locked\]' 'before it is known what happened'
for subject in $(git -C "$S" log --format=%B refs/notes/stagegate | sed -n 's/^Update: \([0-9a-f]*\) .* rollback accepted$/\1/p'); do
	cause "$subject"
done
is "$(git ls-tree --name-only "$(git merge-tree --write-tree "$v" "$d")" | tr '\n' ' ')" 'a.txt b.txt fix.txt ' \
	"git's own merge would leave out what was taken back"
git fetch -q origin refs/notes/stagegate:refs/notes/stagegate
run dana status "$d"
says 'next: refs/heads/main \(deployment\): by merge, may enter now' 'then it may, says status'
promote dana main staging --push origin
is "$rc" 0 'and does'
says 'main \(deployment\): a merge' 'by a merge'
says "^  with +the tree of $(short "$b"), which that rolled back to" 'that minds the rollback'
n=$(on_server refs/heads/main)
is "$(git rev-parse "$n^1" "$n^2" "$n^{tree}")" "$(git rev-parse "$v" "$d" "$d^{tree}")" 'with all that the fix has'

# --- a hot-fix on top of the revert, and the candidate that was taken out ---
rollback dana main --reason 'INC-43' --push origin
is "$rc" 0 'back again'
cause "$n"
git checkout -q -B hot "$b"
h=$(commit hot.txt h 'a hot-fix')
push alice "$h:refs/heads/feature/h"
promote alice staging "$h" --push origin
is "$rc" 0 'a hot-fix'
promote dana main "$h" --push origin
is "$rc" 1 'that was merged into staging goes on from there'
says '\[stage\.skip\]' 'and not by itself'
promote dana main staging --push origin
is "$rc" 0 'with what staging has'
is "$(git ls-tree --name-only "$(on_server refs/heads/main)" | tr '\n' ' ')" 'a.txt b.txt c.txt fix.txt hot.txt ' 'which brings the fix back'

# --- rewinding ---
before=$(on_server refs/heads/main)
rollback dana main --reason 'INC-44' --style rewind --steps 2 --push origin
is "$rc" 0 'the earlier tip itself'
says 'to the earlier tip itself' 'is said'
ref_is refs/heads/main "$a" 'two steps are to other files each'
ledger_has "^Update: $before .* refs/heads/main deployment rollback accepted" 'and recorded'
rollback dana main --reason 'INC-45' --dry-run
is "$rc" 1 'the first tip of all'
says 'by 0 steps, not by 1' 'has nothing before'

# --- in a clone that never had what was taken back ---
git clone -q --no-local "$S" "$tmp/fresh" 2>/dev/null
cd "$tmp/fresh" || exit 1
is "$(git cat-file -e "$before" 2>/dev/null; echo $?)" 1 'a fresh clone lacks the tip that a rewind left'
rollback dana main --reason 'back to it' --to "$(printf '%.10s' "$before")" --style rewind --push origin
is "$rc" 0 'which is fetched from where the server keeps it'
ref_is refs/heads/main "$before" 'and main is there again'
cd "$C" || exit 1

# --- clients ---
promote dana clients/initech main --push origin
promote dana clients/acme main --push origin
rollback dana main --reason 'INC-45' --dry-run
flat
says "client +acme runs $(short "$(on_server refs/heads/clients/acme)") \(refs/heads/clients/acme\), which has $(short "$(on_server refs/heads/main)")" 'a client that has it'
rollback dana clients/acme --reason 'only here' --push origin
is "$rc" 0 'a rollback of one client'
flat
says 'client +acme runs .*, which goes back' 'concerns that one'

# --- a server that takes no push options ---
git -C "$S" config receive.advertisePushOptions false
rollback dana clients/globex --reason 'no options' --push origin
is "$([ "$rc" = 0 ]; echo $?)" 1 'git does not push options to it'
promote dana clients/globex main --push origin
rollback dana clients/globex --reason 'no options' --no-push-options --push origin
is "$rc" 0 'the trailer says it'
git -C "$S" config receive.advertisePushOptions true
is "$(git -C "$S" log -1 --format='%(trailers:key=Rollback)' refs/heads/clients/globex)" 'Rollback: no options' 'in the commit'
ledger_has 'Update: .* refs/heads/clients/globex general rollback accepted' 'which is a rollback'

# --- on the server itself ---
out=$(REMOTE_USER=dana "$stagegate" -C "$S" rollback main --reason 'on the server' --push . 2>&1)
is "$?" 0 'an administrator, in the bare repository'
is "$(git -C "$S" log -1 --format=%s refs/heads/main)" "Roll back main to $(short "$a")" 'through the hooks'

# --- too long ago, or not at all ---
sed -i -e 's/^version: .*/version: 1.1.0/' -e 's/^rollback: .*/rollback: {by: [release], window: 1s, then: [root-cause]}/' "$tmp/server.yml"
git fetch -q origin
push alice HEAD:refs/heads/feature/policy
sleep 2
rollback dana main --reason 'INC-46' --to "$a" --push origin
is "$rc" 1 'too long ago'
says '\[rollback\.window\]' 'says the judge'
rollback dana main --reason 'INC-46' --to "$before" --style rewind --push origin
is "$rc" 1 'rewinding where the policy does not take it'
says '\[rollback\.target\]' 'says it too'
sed -i -e 's/^version: .*/version: 1.2.0/' -e '/^rollback: /d' -e '/root-cause/d' -e 's/^gates:.*/gates: {}/' "$tmp/server.yml"
push alice HEAD:refs/heads/feature/policy2
rollback dana main --reason 'INC-46' --to "$before" --push origin
is "$rc" 1 'a policy without rollbacks'
says '\[rollback\.role\]' 'takes none'

# --- what a rollback took out, and a hot-fix on top of that ---
sound
server second
policy second <<'Y'
flow: rollback-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
rollback: {by: [all]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: deployment, refs: [refs/heads/main], push: [all]}
Y
clone second
a=$(commit a.txt one)
push alice "$a:refs/heads/feature/a" && promote alice main "$a" --push origin
b=$(commit b.txt two)
push alice "$b:refs/heads/feature/b" && promote alice main "$b" --push origin
rollback alice main --reason 'INC-1' --push origin
is "$rc" 0 'taken out'
v=$(on_server refs/heads/main)
promote alice main "$b" --dry-run
is "$rc" 0 'it may come back as it was'
is "$(git rev-parse "$(printf '%s\n' "$out" | sed -n 's/^git push origin \([0-9a-f]*\):.*/\1/p')^{tree}")" \
	"$(git rev-parse "$b^{tree}")" 'by a merge that has all of it'
git checkout -q -B hot "$v"
h=$(commit hot.txt h)
push alice "$h:refs/heads/feature/h"
promote alice main "$h" --push origin
is "$rc" 0 'a hot-fix on top'
promote alice main "$b" --push origin
is "$rc" 1 'now it is contained, and yet not there'
flat
says "holds $(short "$b"), but the rollback $(short "$v") took it out again" 'which is said'
says "git merge $(short "$h") on a branch .* git revert $(short "$v")" 'and what to do'
git checkout -q -B back "$b"
git merge -q -m 'merge main' "$h"
git revert --no-edit "$v" >/dev/null
r=$(git rev-parse HEAD)
push alice "$r:refs/heads/feature/back"
promote alice main "$r" --push origin
is "$rc" 0 'that does it'
is "$(git ls-tree --name-only "$(on_server refs/heads/main)" | tr '\n' ' ')" 'a.txt b.txt hot.txt ' 'it is back'
finish
