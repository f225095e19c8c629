#!/bin/sh
# A hot-fix on main is merged back: into the stages before, through their gates.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: hotfix-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"], release: [dana]}
gates:
  tests: {kind: evidence, by: [all]}
  checked: {kind: evidence, by: [release]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: integration, refs: [refs/heads/integration], push: [all], gates: [tests]}
  - {name: testing, refs: [refs/heads/staging], push: [all], gates: [checked], up_to_date: true}
  - {name: hotfix, refs: ["refs/heads/hotfix/*"], from: [], push: [release]}
  - name: deployment
    refs: [refs/heads/main]
    from: [testing, hotfix]
    push: [release]
    up_to_date: true
Y
clone
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
evidence ci tests "$base" pass
evidence dana checked "$base" pass
push alice "$base:refs/heads/integration"
push alice "$base:refs/heads/staging"
push dana "$base:refs/heads/main"
accepted 'the flow has begun'
x=$(commit x.txt feature)
push alice "$x:refs/heads/feature/x"
evidence ci tests "$x" pass
push alice "$x:refs/heads/integration"
accepted 'integration has gone on'

git checkout -q --detach "$base"
h=$(commit h.txt hotfix)
push alice "$h:refs/heads/hotfix/h"
refused push.role 'hot-fixes are for release'
push dana "$h:refs/heads/hotfix/h"
push dana "$h:refs/heads/main"
accepted 'the hot-fix is on main'

m=$(merge "$x" "$h" 'merge the hot-fix back')
push alice "$m:refs/heads/integration"
refused stage.gates 'back to integration: its gates are asked'
says "attest tests --pass $(git rev-parse --short=8 "$h")" 'about the hot-fix'
evidence ci tests "$h" pass
push alice "$m:refs/heads/integration"
accepted 'then it is merged back'
ledger_has "^Update: $x $m refs/heads/integration integration merge accepted" 'as a merge'
push alice "$h:refs/heads/staging"
refused stage.gates 'staging could take it as it is, with its gates'
says 'MISSING +checked' 'which is missing'
evidence dana checked "$m" pass
push alice "$m:refs/heads/staging"
accepted 'it goes to staging with the rest'
push dana "$m:refs/heads/main"
accepted 'and to main'

# Nothing in between: the same commit, fast-forward.
g=$(commit g.txt 'second hot-fix')
push dana "$g:refs/heads/hotfix/g"
push alice "$g:refs/heads/integration"
refused stage.skip 'a hot-fix that main does not have is no merge back'
push dana "$g:refs/heads/main"
evidence dana checked "$g" pass
push alice "$g:refs/heads/staging"
accepted 'back to staging as it is'
evidence ci tests "$g" pass
push alice "$g:refs/heads/integration"
accepted 'back to integration as it is'
ref_is refs/heads/integration "$g" 'integration is at the hot-fix'
ref_is refs/heads/main "$g" 'so is main'
finish
