#!/bin/sh
# A tip that a rewind went behind has not been through that ref until it
# entered again, and again it enters only from the stage before.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: withdraw-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: integration, refs: [refs/heads/integration], push: [all]}
  - {name: testing, refs: ["refs/heads/staging/*"], push: [all], rewind: true, delete: true}
  - {name: hotfix, refs: ["refs/heads/hotfix/*"], from: [], push: [all]}
  - {name: deployment, refs: [refs/heads/main], from: [testing, hotfix], push: [all]}
Y
clone
short() { git rev-parse --short=8 "$1"; }
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
push alice "$base:refs/heads/integration"
push alice "$base:refs/heads/staging/one" "$base:refs/heads/staging/two"
push alice "$base:refs/heads/main"
accepted 'the flow has begun'
c=$(commit c.txt one)
push alice "$c:refs/heads/feature/c"
push alice "$c:refs/heads/integration"
push alice "$c:refs/heads/staging/one"
accepted 'a commit in testing'

push alice --force "$base:refs/heads/staging/one"
accepted 'is taken back'
ledger_has "^Update: $c $base refs/heads/staging/one testing rewind accepted" 'recorded as a rewind'
push alice "$c:refs/heads/main"
refused stage.skip 'and can not go to main any more'
says "$(short "$c") has not been through testing" 'because it is not in testing'
is "$(git -C "$S" rev-parse -q --verify "refs/stagegate/kept/refs/heads/staging/one/$c")" "$c" 'it is kept'
push alice "$c:refs/heads/staging/one"
accepted 'it enters again from integration'
push alice --force "$base:refs/heads/staging/one"
push alice "$c:refs/heads/staging/two"
push alice "$c:refs/heads/main"
accepted 'taken back on one ref, but on another one it stands'

# Deleting a ref withdraws nothing.
d=$(commit d.txt one)
push alice "$d:refs/heads/feature/d"
push alice "$d:refs/heads/integration"
push alice "$d:refs/heads/staging/two"
push alice :refs/heads/staging/two
accepted 'a ref of testing is deleted'
push alice "$d:refs/heads/main"
accepted 'what it held has been through testing all the same'

# A merge back, taken back, does not come in by the same door.
h=$(commit h.txt fix)
push alice "$h:refs/heads/hotfix/h"
push alice "$h:refs/heads/main"
push alice "$h:refs/heads/staging/one"
accepted 'a hot-fix is merged back into testing'
push alice --force "$base:refs/heads/staging/one"
accepted 'and taken back there'
push alice "$h:refs/heads/staging/one"
refused stage.skip 'main still has it, but it was taken back here'
says 'was taken back here, and enters again only from integration' 'which it says'
push alice "$h:refs/heads/integration"
accepted 'it goes to integration'
push alice "$h:refs/heads/staging/one"
accepted 'and enters testing from there'
ref_is refs/heads/staging/one "$h" 'testing has it again'
finish
