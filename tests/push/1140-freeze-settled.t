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
finish
