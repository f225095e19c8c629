#!/bin/sh
# `rollout`: who runs what since when, who may go next and why not, and the next
# phase as one push.
. "${0%/*}/lib.sh"
server
flow() { # flow VERSION KEYS-OF-HOOLI [KEYS-OF-GLOBEX]
	policy <<Y
flow: fleet-flow
version: $1
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
roles:
  developers: [alice]
  release: [dana]
clients:
  acme: {}
  globex: {${3:-}}
  initech: {}
  umbrella: {ref: refs/heads/sites/umbrella}
  hooli: {$2}
gates:
  feedback: {kind: evidence, by: [developers]}
  root-cause: {kind: evidence, by: [developers]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [developers]}
  - {name: product, refs: [refs/heads/main], push: [developers]}
  - {name: canary, clients: [acme, globex], push: [release]}
  - {name: early, clients: [initech, umbrella], push: [release], quorum: all}
  - {name: general, clients: [hooli], push: [release], soak: $soak, gates: [feedback]}
rollback: {by: [release], rewind: true, then: [root-cause]}
Y
}
soak=1h # longer than this takes
flow 1.0.0 'hold: "contract freeze"'
clone
short() {
	git rev-parse --short=8 "$1"
}
# rollout USER ARGS..: standard output in $out, the other in $err, $rc
rollout() {
	user=$1
	shift
	out=$(REMOTE_USER=$user "$stagegate" rollout "$@" 2>"$tmp/err")
	rc=$?
	err=$(cat "$tmp/err")
}
# of JSON-PATH: what is there in $out, with a client's name for its object
of() {
	printf '%s\n' "$out" | python3 -c '
import json, sys
data = json.load(sys.stdin)
for key in sys.argv[1].split("."):
    if key in ("acme", "globex", "initech", "umbrella", "hooli"):
        data = [c for c in data["clients"] if c["name"] == key][0]
    else:
        data = data[key]
print(json.dumps(data) if not isinstance(data, str) else data)' "$1"
}
fetch() {
	git fetch -q origin '+refs/heads/*:refs/remotes/origin/*' '+refs/notes/stagegate:refs/notes/stagegate'
}
release() { # release FILE: a change that is in main
	c=$(commit "$1" "$1" "change $1")
	push alice "$c:refs/heads/feature/$1"
	push alice "$c:refs/heads/main"
	echo "$c"
}

git commit -q --allow-empty -m start
rollout dana
is "$rc" 3 'a clone without the ledger'
like "$err" 'git fetch origin refs/notes/stagegate:refs/notes/stagegate' 'is told what to fetch'

# --- nothing yet ---
push alice HEAD:refs/heads/feature/start
out=$(REMOTE_USER=dana "$stagegate" -C "$S" rollout 2>&1)
is "$?" 0 'before anything came to main'
says 'nothing has come to where' 'which is said'
says '^acme +canary +- +- +-$' 'who is there all the same'
says '^hooli +general +- +- +held: contract freeze$' 'and who is held'
out=$(REMOTE_USER=dana "$stagegate" -C "$S" rollout --next 2>&1)
is "$?" 1 'there is no next phase'
says '^error: there is nothing to roll out' 'and why'

# --- the table ---
a=$(release a.txt)
fetch
rollout dana
is "$rc" 0 'the table'
is "$err" '' 'is no error'
table=$out
says "^roll-out of $(short "$a") change a.txt" 'what is rolled out'
says '^  from  main \(product\), now' 'from where'
says '^acme +canary +- +- +may go$' 'a client never updated'
says "^initech +early +- +- +has not been through canary$" 'a ring that has to wait'
says '^hooli +general +- +- +held: contract freeze;' 'one that is held'
says '^0 of 5 clients up to date; next: 2 clients of canary' 'how far it is'
is "$(printf '%s\n' "$out" | awk 'length > 80')" '' 'in 80 columns'
out=$(REMOTE_USER=dana "$stagegate" -C "$S" rollout 2>&1)
is "$out" "$table" 'the server says the same'

# --- the same as data ---
rollout dana --json
is "$rc" 0 'as JSON'
is "$(of v)" 1 'version 1'
is "$(of commit)" "$a" 'the commit'
is "$(of phase)" canary 'the next ring'
is "$(printf '%s\n' "$out" | python3 -c 'import json, sys
print(*[c["name"] for c in json.load(sys.stdin)["clients"]])')" 'acme globex initech umbrella hooli' 'every client, in the order of the policy'
is "$(of acme)" "{\"name\": \"acme\", \"stage\": \"canary\", \"ref\": \"refs/heads/clients/acme\", \"commit\": null, \"since\": null, \"hold\": null, \"next\": \"$a\", \"why_not\": null}" 'one that may'
is "$(of umbrella.ref)" refs/heads/sites/umbrella 'a ref of its own'
is "$(of umbrella.next)" null 'one that may not'
is "$(of umbrella.why_not)" 'has not been through canary' 'and why'
is "$(of hooli.hold)" 'contract freeze' 'a hold'
like "$(of hooli.why_not)" '^held: contract freeze; .*MISSING feedback' 'is one of its reasons'

# --- who may not push ---
rollout alice
says '^acme .* alice may not push' 'somebody who may not'
rollout alice --next
is "$rc" 1 'has no next phase'
like "$err" "^error: no client may take $(short "$a") now" 'which is said'
rollout alice --as dana --next
is "$rc" 0 'asked for another'

# --- the next phase ---
rollout dana --next
is "$rc" 0 'the next phase'
says '^acme +canary .*may go$' 'who is in it'
unlike "$out" '^(initech|umbrella|hooli) ' 'and nobody else'
says 'fleet-flow 1.0.0 would accept this from dana' 'what the hooks answer'
command=$(printf '%s\n' "$out" | grep '^git ')
is "$command" "git push --atomic origin $a:refs/heads/clients/acme $a:refs/heads/clients/globex" 'the command'
ref_is refs/heads/clients/acme '' 'nothing was pushed'
rollout dana --next --json
is "$(of command)" "$command" 'the command as data'
is "$(of pushed)" false 'not pushed'
is "$(of clients | grep -o '"name"' | wc -l)" 2 'the clients of the phase alone'
rollout dana --push origin --dry-run
is "$rc" 0 'a dry run'
says '^git push --atomic origin' 'has the command too'
ref_is refs/heads/clients/acme '' 'and pushes nothing'
n=$(ledger | grep -c '^Push:')
rollout dana --next --push origin
is "$rc" 0 'pushed'
ref_is refs/heads/clients/acme "$a" 'the one'
ref_is refs/heads/clients/globex "$a" 'and the other'
is "$(ledger | grep -c '^Push:')" $((n + 1)) 'as one push'

# --- the ring after it ---
rollout dana --dry-run
says "^acme +canary +$(short "$a") +now +up to date$" 'who has it'
says '^2 of 5 clients up to date; next: 2 clients of early$' 'who is next'
rollout dana --next --push origin --json
is "$rc" 0 'the next ring'
is "$(of pushed)" true 'was pushed'
is "$(of phase)" early 'which it was'
ref_is refs/heads/sites/umbrella "$a" 'into a ref of its own'
fetch
rollout dana --json
is "$(of umbrella.commit)" "$a" 'what it runs'
like "$(of umbrella.since)" '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$' 'since when'
is "$(of umbrella.next):$(of umbrella.why_not)" 'null:null' 'nothing is next'
rollout dana --next --push origin
is "$rc" 1 'the last is held'
like "$err" 'no client may take' 'so nobody is next'
says '^hooli +general +- +- +held: contract freeze; MISSING$' 'and why'
says '^ +feedback; soak: may enter after$' 'all of it'
says '^ +20[0-9-]+ [0-9:]+ UTC$' 'wrapped'
unlike "$out" '^acme' 'who has it is left out'

# --- without the hold, soak and gate are left ---
soak=1s
flow 1.1.0 ''
evidence alice feedback "$a" pass
sleep 1
rollout dana --next --push origin
is "$rc" 0 'the hold is over, it has soaked, there was feedback'
ref_is refs/heads/clients/hooli "$a" 'there it is'
rollout dana --next --push origin
is "$rc" 1 'nothing to do'
like "$err" "every client has $(short "$a"): there is nothing to roll out" 'which is said'
rollout dana --next --json
is "$rc:$(of clients)" '1:[]' 'as data too'

# --- another commit: by any name, an older one ---
git checkout -q "$a"
b=$(release b.txt)
git tag -a -m v2 v2 "$b"
fetch
rollout dana v2
says "^roll-out of $(short "$b") change b.txt" 'a tag'
unlike "$out" 'from  main' 'which was named'
rollout dana main --json
is "$(of commit)" "$b" 'a branch of the server'
rollout dana "$b" --next --push origin
is "$rc" 0 'an id'
fetch
rollout dana "$a"
says '^acme +canary .*has a later one$' 'an older one'
says '^initech +early .*up to date$' 'is what others have'
rollout dana nosuch
is "$rc" 3 'what is no commit'
like "$err" "'nosuch' names nothing" 'is named'
rollout dana "$(printf 'a\033[31mb')"
unlike "$err" "$(printf '\033')" 'neutralised'

# --- a rollback half way: a revert commit on one of the canaries ---
fetch
out=$(REMOTE_USER=dana "$stagegate" rollback clients/globex --reason 'INC-1 slow' --push origin 2>&1)
is "$?" 0 'one client goes back'
r=$(git -C "$S" rev-parse refs/heads/clients/globex)
fetch
rollout dana
says "^globex +canary +$(short "$r") +now +locked by incident 1" 'its ref is locked'
says '^initech +early .*quorum: on 1 of 2 in canary, 2' 'the ring after it waits'
rollout dana --next --push origin
is "$rc" 1 'nobody goes on'
evidence alice root-cause "$b" pass
fetch
rollout dana --json
unlike "$out" 'locked by' 'closed: it is not locked'
is "$(of globex.next)" "$b" 'it may have the same again'

# --- the next version goes on from there, by a merge ---
git checkout -q "$b"
c=$(release c.txt)
fetch
rollout dana --json
is "$(of acme.next):$(of globex.next)" "$c:$c" 'may go to both'
objects=$(git count-objects)
rollout dana
says '^acme +canary .*may go$' 'to the one as it is'
says '^globex +canary .*may go, by a merge$' 'to the other by a merge'
is "$(git count-objects)" "$objects" 'to look makes nothing'
rollout dana --next --push origin -m 'INC-1 is understood'
is "$rc" 0 'pushed'
ref_is refs/heads/clients/acme "$c" 'one has the commit'
m=$(git -C "$S" rev-parse refs/heads/clients/globex)
is "$(git rev-parse "$m^1" "$m^2" "$m^{tree}")" "$r
$c
$(git rev-parse "$c^{tree}")" 'the other a merge with its files'
like "$(git log -1 --format=%B "$m")" '^INC-1 is understood$' 'and what was said'
is "$(git -C "$S" log -1 --format=%B refs/notes/stagegate | grep -c '^Update: ')" 2 'in one push'
fetch
rollout dana
says "^globex +canary +$(short "$m") +now +up to date$" 'which counts as the commit'
says '^initech +early .*may go$' 'and for the ring after it'
rollout dana --next --push origin
is "$rc" 0 'which takes it too'
ref_is refs/heads/clients/initech "$c" 'and skips a version'

# --- back to the earlier tip itself ---
fetch
out=$(REMOTE_USER=dana "$stagegate" rollback clients/acme --style rewind --reason INC-2 --push origin 2>&1)
is "$?" 0 'a rewind'
fetch
rollout dana
says "^acme +canary +$(short "$b") +now +locked by incident 2" 'locks too'
says '^1? ?.*next: nobody$' 'nobody is next'
evidence alice root-cause "$c" pass
fetch
rollout dana "$c" --next --push origin
is "$rc" 0 'afterwards it takes the same again'
ref_is refs/heads/clients/acme "$c" 'as it was'

# --- refused although it looked well: the server knows more ---
git checkout -q "$c"
d=$(release d.txt)
fetch
flow 1.2.0 '' 'hold: "says no"'
rollout dana --offline --next --push origin
is "$rc" 1 'the push is refused'
like "$err" 'refs/heads/clients/globex \(canary\): refused \[stage\.held\]' 'by the hooks'
ref_is refs/heads/clients/acme "$c" 'none of the phase has moved'
rollout dana --offline --next --push origin --json
is "$rc:$(of pushed):$(of command)" '1:false:null' 'which the data say'
flow 1.3.0 '' ''
rollout dana --next --push origin
is "$rc" 0 'without the hold'
ref_is refs/heads/clients/acme "$d" 'they go on'

# --- a tip that was moved behind the hooks'"'"' back ---
fetch
git -C "$S" update-ref refs/heads/clients/hooli "$c"
push alice "$d:refs/heads/feature/d2"
fetch
rollout dana
says "^hooli +general +$(short "$c") +now +its tip .* was never recorded" 'a tip that nobody recorded'
out=$("$stagegate" -C "$S" adopt refs/heads/clients/hooli 2>&1)
is "$?" 0 'is adopted'

# --- what is not meant ---
rollout dana no-such --next
is "$rc" 3 'no commit'
rollout dana "$d" extra
is "$rc" 100 'two commits'
rollout dana --next --push nosuch
is "$rc" 3 'a remote that is none'

# --- on the server itself ---
out=$(REMOTE_USER=dana "$stagegate" -C "$S" rollout --next --push . 2>&1)
is "$?" 0 'an administrator, in the bare repository'
ref_is refs/heads/clients/initech "$d" 'through the hooks'
finish
