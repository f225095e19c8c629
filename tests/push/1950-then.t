#!/bin/sh
# What is asked after a rollback: of all that was taken out, not of the last
# commit alone; nothing, where the policy asks for nothing; and people who do
# not agree, at once.
. "${0%/*}/lib.sh"
server
flow() { # flow VERSION THEN
	policy <<Y
flow: then-flow
version: $1
identity: {from: [REMOTE_USER]}
people: {alice: {emails: [alice@example.com]}}
roles: {dev: [alice, bob, carol], release: [dana]}
gates: {reviewed: {kind: review, by: [dev]}}
rollback: {by: [release], rewind: true, then: $2}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [dev]}
  - {name: deployment, refs: [refs/heads/main], push: [dev]}
Y
}
flow 1.0.0 '[reviewed]'
clone
enter() { # enter COMMIT: through development into main
	push alice "$1:refs/heads/feature/x"
	push alice "$1:refs/heads/main"
}
a=$(commit f.txt one)
enter "$a"
b=$(commit f.txt bad)
enter "$b"
git commit -q --allow-empty -m 'nothing at all'
empty=$(git rev-parse HEAD)
enter "$empty"
accepted 'an empty commit on top of what was bad'
c=$(commit f.txt three)
push alice "$c:refs/heads/feature/x"
push dana -o rollback=INC-1 "+$a:refs/heads/main"
accepted 'both are rolled back'
push alice "$c:refs/heads/main"
refused stage.locked 'the empty commit does not do away with the review'
says 'MISSING reviewed' 'which is missing'
evidence bob reviewed "$empty" pass
says 'incident 1 is closed' 'and closes it'
push alice "$c:refs/heads/main"
accepted 'the next candidate'

# one agrees and one does not, at the same moment
say() { # say USER RESULT: in the background
	tag=evidence/reviewed/$c
	printf 'evidence: 1\ngate: reviewed\nresult: %s\nsummary: %s\n' "$2" "$n-$1" |
	    git tag -f -a -F - "$tag" "$c" >/dev/null
	git update-ref "refs/said/$n-$1" "$(git rev-parse "refs/tags/$tag")"
	git tag -d "$tag" >/dev/null
	REMOTE_USER=$1 git push -q origin "refs/said/$n-$1:refs/$tag/$n-$1" 2>/dev/null &
}
for n in 1 2 3 4 5 6; do
	push dana -o rollback="INC-$n" "+$a:refs/heads/main"
	push dana -o rollback='again' "+$c:refs/heads/main"
	push dana -o rollback="INC-$n" "+$a:refs/heads/main"
	say bob pass
	say carol fail
	wait
done
is "$(ledger | grep -c "^Evidence: .* reviewed $c ")" 12 'all is recorded; verify, below, looks at what was closed'

# nothing is asked
flow 1.1.0 '[]'
push dana -o rollback='no questions' "+$c:refs/heads/main"
accepted 'a rollback after which nothing is asked'
says 'incident [0-9]+: refs/heads/main was rolled back' 'is an incident all the same'
unlike "$out" 'takes no new candidates' 'which holds nothing back'
finish
