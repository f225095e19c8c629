#!/bin/sh
# Going back in one push, in both styles; what it opens, locks and closes; and
# everything that is no rollback.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: back-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {dev: [alice, bob], release: [dana]}
clients: {acme: {contact: [ops@acme.example]}, globex: {contact: [it@globex.example]}}
gates:
  root-cause: {kind: evidence, by: [dev]}
  prevention: {kind: evidence, by: [dev], count: 2}
  never: {kind: evidence, by: [release]}
rollback: {by: [release], window: 30d, rewind: true, then: [root-cause, prevention]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [dev], rewind: true, delete: true}
  - {name: deployment, refs: [refs/heads/main, refs/heads/lts], push: [dev], freeze: [{from: 2020-01-01, to: 2020-01-02}]}
  - {name: general, clients: [acme, globex], push: [dev]}
  - {name: archive, refs: [refs/heads/archive], push: [dev], gates: [never]}
Y
clone
enter() { # enter COMMIT: through development into main
	push alice "$1:refs/heads/feature/x"
	push alice "$1:refs/heads/main"
}
a=$(commit f.txt one)
enter "$a"
b=$(commit f.txt two)
enter "$b"
c=$(commit f.txt three)
enter "$c"
accepted 'three tips'
push alice "$c:refs/heads/clients/acme" "$b:refs/heads/clients/globex"
accepted 'two clients'
short() { printf '%.8s' "$1"; }
revert() { # revert ON TO [MESSAGE..]
	git commit-tree -p "$1" -m "${3:-Roll back}" "$2^{tree}"
}

# what is no rollback
v=$(revert "$c" "$b")
push dana "$v:refs/heads/main"
refused push.role 'a revert commit without a reason is a commit like any other'
for bad in '' ' ' "$(printf 'INC\007')" "$(printf 'a\tb')" "$(printf '\302\205')"; do
	push dana -o rollback="$bad" "$v:refs/heads/main"
	refused rollback.reason 'no reason, or one that nobody can read'
done
push dana -o rollback="$(awk 'BEGIN { while (n++ < 10000) printf "x" }')" "$v:refs/heads/main"
refused rollback.reason '10,000 characters'
says 'longer than 500 characters' 'are too many'
push alice -o rollback=INC-1 "$v:refs/heads/main"
refused rollback.role 'by somebody else'
w=$(printf 'two \n' >f.txt && git commit -q -a -m almost && git commit-tree -p "$c" -m x "HEAD^{tree}")
push dana -o rollback=INC-1 "$w:refs/heads/main"
refused rollback.tree 'a tree that is one byte off'
says "^remote: .*it differs from $(short "$b") in" 'is compared'
says 'f\.txt' 'and the file named'
push dana -o rollback=INC-1 "+$(revert "$b" "$a"):refs/heads/main"
refused rollback.target 'not on the present tip'
push dana -o rollback=INC-1 +"$w:refs/heads/lts"
refused rollback.target 'a ref that is not there'
push dana -o rollback=INC-1 "$v:refs/heads/feature/x"
refused rollback.target 'a stage where changes begin'
push dana -o rollback=INC-1 -o bypass=INC-1 "$v:refs/heads/main"
refused rollback.options 'with a bypass'
push dana -o timeline=Friday "$v:refs/heads/main"
refused rollback.options 'a timeline alone'
push dana -o rollback=1 -o rollback=2 "$v:refs/heads/main"
refused rollback.options 'two reasons'
for how in --no-atomic --atomic; do
	push dana "$how" -o rollback=INC-1 "$v:refs/heads/main" "+$a:refs/heads/clients/acme"
	refused rollback.options "two refs at once ($how)"
done
push dana -o rollback=INC-1 :refs/heads/main
refused rollback.target 'deleting'
ref_is refs/heads/main "$c" 'nothing has moved'
is "$(git -C "$S" for-each-ref refs/stagegate/kept | wc -l)" 0 'and nothing was kept'

# a revert commit
push dana -o rollback='INC-42 latency' -o timeline='fixed by Friday' "$v:refs/heads/main"
accepted 'back in one push'
ref_is refs/heads/main "$v" 'it is there'
ref_is "refs/stagegate/kept/refs/heads/main/$c" "$c" 'what it left is kept'
says "incident 1: refs/heads/main was rolled back from $(short "$c") to" 'the incident is told'
says "clients that have $(short "$c"): acme *$" 'and who has what was rolled back'
says "stagegate attest root-cause --pass $(short "$c")" 'and what has to follow'
says "stagegate attest prevention --pass $(short "$c")" 'all of it'
ledger_has "^Update: $c $v refs/heads/main deployment rollback accepted" 'recorded'
ledger_has '^Incident: 1 opened refs/heads/main' 'with its incident'
incident=$(git -C "$S" show refs/notes/stagegate:incidents/1)
like "$incident" 'reason: "?INC-42 latency' 'its reason'
like "$incident" 'timeline: "?fixed by Friday' 'its timeline'
like "$incident" "^restored: $b" 'what it restored'

# the lock
d=$(git checkout -q --detach "$c" && commit f.txt four)
push alice "$d:refs/heads/feature/y"
accepted 'work goes on'
m=$(git commit-tree -p "$v" -p "$d" -m fix "$d^{tree}")
push alice "$m:refs/heads/main"
refused stage.locked 'a new candidate waits'
says 'incident 1 \(rollback by dana' 'for the incident'
says "attest root-cause --pass $(short "$c")" 'and is told how it ends'
push alice "$a:refs/heads/lts"
accepted 'another ref of the stage is free'
evidence alice root-cause "$d" pass
accepted 'a statement about another commit'
evidence alice root-cause "$c" pass
accepted 'the cause'
evidence alice prevention "$c" pass
push alice "$m:refs/heads/main"
refused stage.locked 'one of two'
says 'passed root-cause' 'what is done is shown'
says '1 of 2' 'and what is not'
evidence bob prevention "$c" pass
accepted 'the last statement'
says 'incident 1 is closed' 'closes it'
ledger_has '^Incident: 1 closed refs/heads/main' 'recorded'
push alice "$m:refs/heads/main"
accepted 'and the fixed candidate enters'

# the tip itself
push dana -o rollback='INC-43' "+$b:refs/heads/main"
accepted 'moved back to an earlier tip'
ref_is refs/heads/main "$b" 'it is there'
ref_is "refs/stagegate/kept/refs/heads/main/$m" "$m" 'what it left is kept'
says 'incident 2' 'a second incident'
push dana -o rollback='INC-44' "+$a:refs/heads/main"
accepted 'a second rollback is always possible'
push alice "$d:refs/heads/main"
refused stage.locked 'both lock'
says 'incident 2 ' 'the one'
says 'incident 3 ' 'and the other'
for who in alice bob; do
	evidence "$who" root-cause "$m" pass
	evidence "$who" prevention "$m" pass
done
push alice "$d:refs/heads/main"
refused stage.locked 'one of them closed'
unlike "$out" 'incident 2 ' 'is not told of any more'
for who in alice bob; do
	evidence "$who" root-cause "$b" pass
	evidence "$who" prevention "$b" pass
done
push alice "$d:refs/heads/main"
accepted 'after a rewind a fixed candidate enters without tricks'

# the trailer
t=$(git commit-tree -p "$d" -m 'Back again' -m 'Rollback: INC-45 by trailer' "$a^{tree}")
push alice "$t:refs/heads/main"
refused rollback.role 'a trailer, by somebody else'
push dana "$t:refs/heads/main"
accepted 'a trailer does the same'
like "$(git -C "$S" show refs/notes/stagegate:incidents/4)" 'INC-45 by trailer' 'with its reason'

# a client's own ref
push dana -o rollback='INC-46' "+$b:refs/heads/clients/acme"
refused rollback.target 'never a tip there'
push alice "$t:refs/heads/clients/globex"
accepted 'globex gets the newest'
push dana -o rollback='INC-46' "+$b:refs/heads/clients/globex"
accepted 'globex alone goes back'
says 'clients that have .*: globex *$' 'and is alone concerned'
is "$(git -C "$S" for-each-ref --format='%(refname)' refs/stagegate/kept | wc -l)" 5 'each old tip is kept'
git -C "$S" gc -q --prune=now
for old in "$c" "$m" "$b" "$d"; do
	is "$(git -C "$S" cat-file -t "$old")" commit 'nothing is lost, even by gc'
done
finish
