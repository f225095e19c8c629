#!/bin/sh
# An empty repository: the first ref of each stage is made by promoting into
# it, one stage after the other.
. "${0%/*}/lib.sh"
server
standard_policy
clone
c=$(commit a.txt one)

push dana "$c:refs/heads/main"
refused stage.skip 'main cannot be the first ref'
push alice "$c:refs/heads/feature/one"
accepted 'a feature branch takes any commit'
push alice "$c:refs/heads/integration"
refused stage.gates 'integration asks for its gates'
says 'MISSING +tests' 'the missing gate is named'
says 'MISSING +peer-review' 'both missing gates are named at once'
says '^remote: hint: tests: stagegate attest tests --pass' 'and how to hand it in'
evidence ci-bot tests "$c" pass
accepted 'ci hands in its statement'
push alice "$c:refs/heads/integration"
refused stage.gates 'one of two gates is not enough'
says 'passed +tests +ci-bot' 'the gate that passed is shown with its person'
evidence bob peer-review "$c" pass
accepted 'a reviewer hands in hers'
push dana "$c:refs/heads/staging"
refused stage.skip 'staging cannot come before integration'
push alice "$c:refs/heads/integration"
accepted 'integration takes it'
push dana "$c:refs/heads/main"
refused stage.skip 'main cannot come before staging'
push alice "$c:refs/heads/staging"
refused push.role 'a developer does not move staging'
push dana "$c:refs/heads/staging"
accepted 'staging takes it'
push dana "$c:refs/heads/main"
accepted 'main takes it'

ref_is refs/heads/main "$c" 'main is at the commit'
is "$(refs | grep -c evidence)" 0 'recorded statements have left the inbox'
ledger_has "^Update: 0{40} $c refs/heads/main deployment create accepted" \
    'the ledger has the transition'
ledger_has "^Evidence: [0-9a-f]{40} tests $c ci-bot pass" \
    'and the statement'
ledger_has '^Pusher: dana' 'and who it was'
ledger_has '^Policy: [0-9a-f]{40,64} test-flow 1\.0\.0' 'and under which policy'
like "$(git -C "$S" log -1 --notes=stagegate "$c")" 'stage: "?deployment' \
    'git log --notes=stagegate shows the record'
is "$(git -C "$S" rev-list --count refs/notes/stagegate)" 6 \
    'one ledger commit for each accepted push'
finish
