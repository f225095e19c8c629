#!/bin/sh
# Client refs: a stage of clients, names of their own, and clients that hold.
. "${0%/*}/lib.sh"
server
flow() { # flow VERSION KEYS-OF-GLOBEX
	policy <<Y
flow: client-flow
version: $1
identity: {from: [REMOTE_USER]}
roles: {all: ["*"], release: [dana]}
clients:
  acme: {contact: [ops@acme.example]}
  globex: {contact: [it@globex.example]$2}
  initech: {contact: [it@initech.example], ref: refs/heads/sites/initech}
stages:
  - {name: development, refs: [refs/heads/dev], push: [all]}
  - {name: early, clients: [acme, globex], push: [release], rewind: true, delete: true}
  - {name: general, clients: [initech], push: [release], quorum: all}
Y
}
flow 1.0.0 ', hold: "contract freeze until March"'
clone
c=$(commit a.txt one)
push dana "$c:refs/heads/clients/acme"
refused stage.skip 'clients get what has been through the stage before'
push alice "$c:refs/heads/dev"
push alice "$c:refs/heads/clients/acme"
refused push.role 'from who may give it'
push dana "$c:refs/heads/clients/acme"
accepted 'one client'
push dana "$c:refs/heads/clients/globex"
refused stage.held 'a client that holds takes nothing'
says 'client globex is held: contract freeze until March' 'and says why'
push dana "$c:refs/heads/clients/acme" "$c:refs/heads/clients/globex"
refused stage.held 'nor beside another'
push dana "$c:refs/heads/clients/nobody"
refused ref.denied 'a client that the policy does not know'
push dana "$c:refs/heads/clients/initech"
refused ref.denied 'one that has another ref'
push dana "$c:refs/heads/sites/initech"
accepted 'the quorum leaves out who holds'
ledger_has "^Update: 0{40} $c refs/heads/sites/initech general create accepted" 'its own ref is of its stage'

d=$(commit b.txt two)
push alice "$d:refs/heads/dev"
push dana "$d:refs/heads/clients/acme"
flow 1.1.0 ''
push dana "$d:refs/heads/sites/initech"
refused stage.quorum 'who does not hold any more counts again'
says 'FAILED +quorum' 'the row'
push dana "$d:refs/heads/clients/globex"
accepted 'and takes again'
push dana "$d:refs/heads/sites/initech"
accepted 'then all have it'
push dana --force "$c:refs/heads/clients/acme"
accepted 'a client goes back'
push dana :refs/heads/clients/acme
accepted 'a client leaves'
is "$(git -C "$S" for-each-ref refs/stagegate/kept/refs/heads/clients/acme | wc -l)" 2 'what it had is kept'
flow 1.2.0 ', hold: "again"'
push dana --force "$c:refs/heads/clients/globex"
refused stage.held 'who holds is not moved back either'
ref_is refs/heads/clients/globex "$d" 'it is where it was'
finish
