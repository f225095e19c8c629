#!/bin/sh
# How long and on how many: soak and quorum.
. "${0%/*}/lib.sh"
server
rings() { # rings VERSION SOAK QUORUM
	policy <<Y
flow: ring-flow
version: $1
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
clients:
  one: {contact: [a@example.com]}
  two: {contact: [b@example.com]}
  three: {contact: [c@example.com]}
stages:
  - {name: development, refs: [refs/heads/dev], push: [all]}
  - {name: ring, clients: [one, two], push: [all]}
  - {name: general, clients: [three], push: [all], soak: $2, quorum: $3}
Y
}
rings 1.0.0 24h all
clone
c=$(commit a.txt one)
push alice "$c:refs/heads/dev"
push alice "$c:refs/heads/clients/one"
accepted 'the first client'
push alice "$c:refs/heads/clients/three"
refused stage.quorum 'all clients of the ring before must have it'
says 'FAILED +quorum' 'the row says quorum'
push alice "$c:refs/heads/clients/two"
accepted 'the second'
push alice "$c:refs/heads/clients/three"
refused stage.soak 'now only time is missing'
says 'FAILED +soak' 'the row says soak'
says 'hint: soak: may enter after 20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC' 'and when'
rings 1.1.0 1s 50%
sleep 2
push alice "$c:refs/heads/clients/three"
accepted 'half of the ring for a second'
finish
