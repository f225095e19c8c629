#!/bin/sh
# freeze windows, and settled_by: what the present tip must have first.
. "${0%/*}/lib.sh"
server
flow() { # flow VERSION LINES-OF-THE-STAGE
	policy <<Y
flow: settle-flow
version: $1
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
gates:
  health: {kind: evidence, by: [all]}
stages:
  - {name: development, refs: [refs/heads/dev], push: [all], rewind: true}
  - name: deployment
    refs: [refs/heads/main]
    push: [all]
    delete: true
    $2
Y
}
flow 1.0.0 'settled_by: [health]'
clone
a=$(commit a.txt one)
push alice "$a:refs/heads/dev"
push alice "$a:refs/heads/main"
accepted 'nothing was there that could be unsettled'
b=$(commit b.txt two)
push alice "$b:refs/heads/dev"
push alice "$b:refs/heads/main"
refused stage.settled 'the present tip lacks health'
says 'health' 'the gate is named'
says "attest health --pass $(echo "$a" | cut -c1-8)" 'and how the present tip gets it'
evidence alice health "$a" pass
push alice "$b:refs/heads/main"
accepted 'once it is settled the next may enter'

tomorrow=$(date -u -d '+1 day' +%Y-%m-%d)
later=$(date -u -d '+2 days' +%Y-%m-%d)
today=$(date -u +%Y-%m-%d)
flow 1.1.0 "freeze: [{from: $today, to: $later}]"
c=$(commit c.txt three)
push alice "$c:refs/heads/dev"
push alice "$c:refs/heads/main"
refused stage.frozen 'frozen'
says "$later 00:00 UTC" 'and when it lifts'
push alice :refs/heads/main
refused stage.frozen 'deleting is an entry too'
day() { date -u -d "$1" +%a; }
flow 1.2.0 "freeze: [{from: \"$(day '-1 day') 00:00\", to: \"$(day '+1 day') 00:00\"}]"
push alice "$c:refs/heads/main"
refused stage.frozen 'a weekly window'
flow 1.3.0 "freeze: [{from: $tomorrow, to: $later}]"
push alice "$c:refs/heads/main"
accepted 'before the window it may enter'
unlike "$out" 'freeze' 'of which nothing is said'

# Windows that lead into one another, and those that never end.
third=$(date -u -d '+3 days' +%Y-%m-%d)
flow 1.5.0 "freeze: [{from: $later, to: $third}, {from: $tomorrow, to: $later}, {from: $today, to: $tomorrow}]"
e=$(commit e.txt five)
push alice "$e:refs/heads/dev"
push alice "$e:refs/heads/main"
refused stage.frozen 'three windows that meet'
says "hint: freeze: may enter after $third 00:00 UTC" 'it lifts when the last one does'
push alice :refs/heads/main
refused stage.frozen 'which holds a deletion too'
says "hint: freeze: may be deleted after $third 00:00 UTC" 'and says so'
flow 1.6.0 'freeze: [{from: "Mon 00:00", to: "Thu 00:00"}, {from: "Thu 00:00", to: "Mon 00:00"}]'
push alice "$e:refs/heads/main"
refused stage.frozen 'all of a week'
says 'without end' 'it is said that it never lifts'
flow 1.7.0 ''
push alice "$e:refs/heads/main"
accepted 'without windows'

# Each gate that the present tip lacks, and what there is to do about it.
policy <<'Y'
flow: settle-flow
version: 2.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"], ops: [olga], qa: [quinn, dana]}
gates:
  health: {kind: evidence, by: [ops, qa], help: the runbook has the checks}
  review: {kind: review, by: [qa]}
  clean: {kind: content, deny: [{match: FORBIDDEN, say: not this word}]}
stages:
  - {name: development, refs: ["refs/heads/dev", "refs/heads/topic/*"], push: [all], rewind: true}
  - {name: deployment, refs: [refs/heads/main], push: [all], settled_by: [health, review, clean], rewind: true, delete: true}
Y
base=$e
f=$(commit f.txt FORBIDDEN)
evidence olga health "$base" pass
evidence quinn review "$base" pass
push alice "$f:refs/heads/dev"
push alice "$f:refs/heads/main"
accepted 'the tip before was settled'
git checkout -q --detach "$base"
g=$(commit g.txt seven)
push alice "$g:refs/heads/topic/g"
m=$(merge "$f" "$g")
push alice "$m:refs/heads/main"
refused stage.settled 'the present tip lacks three things'
short=$(echo "$f" | cut -c1-8)
says "MISSING +settled +health missing on $short: 0 of 1 from @ops," 'health is missing, and who gives it'
says "^remote: hint: settled: stagegate attest health --pass $short( *)$" 'and how'
says 'hint: settled: health: the runbook has the checks' 'and what the policy says to it'
says "^remote: hint: settled: stagegate attest review --pass $short( *)$" 'review too'
says "FAILED +settled +clean failed on $short" 'what is computed fails'
says 'f.txt:1.* not this word' 'and says where'
is "$(printf '%s\n' "$out" | sed -n 's/^remote: //p' | sed 's/ *$//' | grep -v '^hint: settled: stagegate' | awk 'length > 72' | head -n 1)" '' \
    'no line is too long'

# The very command, as the one who can give it pastes it.
command=$(printf '%s\n' "$out" | sed -n 's/^remote: hint: settled: \(stagegate attest health [^ ]* [^ ]*\).*/\1/p')
(PATH=$STAGEGATE_BUILD:$PATH && REMOTE_USER=olga && export REMOTE_USER && eval "$command") >"$tmp/attest" 2>&1
ok $? 'the command works when it is pasted'
note "$(cat "$tmp/attest")"
push alice "$m:refs/heads/main"
refused stage.settled 'two are left'
says "passed +settled +health passed on $short: olga" 'health has passed'

# The tip before was settled: going back to it, and on with another.
push alice "+$base:refs/heads/main"
accepted 'back to the tip before'
push alice "$g:refs/heads/main"
accepted 'which is as settled as it was'
evidence olga health "$g" pass
evidence quinn review "$g" pass
git checkout -q --detach "$base"
h=$(commit h.txt eight)
push alice "$h:refs/heads/topic/h"
m=$(merge "$g" "$h")
push alice "$m:refs/heads/main"
accepted 'a merge'
git checkout -q --detach "$base"
i=$(commit i.txt nine)
push alice "$i:refs/heads/topic/i"
n=$(merge "$m" "$i")
evidence olga health "$h" pass
evidence quinn review "$h" pass
push alice "$n:refs/heads/main"
refused stage.settled 'what the candidate has passed is not said of the merge'
says "stagegate attest health --pass $(echo "$m" | cut -c1-8)" 'which is what is deployed'
evidence olga health "$m" pass
evidence quinn review "$m" pass
push alice "$n:refs/heads/main"
accepted 'once the merge is settled'
push alice :refs/heads/main
accepted 'deleting brings nothing new'
push alice "$i:refs/heads/main"
accepted 'a new ref has nothing that could be unsettled'
finish
