#!/bin/sh
# A tip of the same push is no passage: the order of commands is the client's.
. "${0%/*}/lib.sh"
server
standard_policy
clone
base=$(commit a.txt one)
walk "$base" deployment
c=$(commit b.txt two)
walk "$c" integration
ref_is refs/heads/integration "$c" 'integration has it'

for atomic in '' --atomic; do
	push dana $atomic "$c:refs/heads/staging" "$c:refs/heads/main"
	refused stage.skip "staging then main${atomic:+, atomic}"
	ref_is refs/heads/staging "$base" 'neither moved'
	push dana $atomic "$c:refs/heads/main" "$c:refs/heads/staging"
	refused stage.skip "main then staging${atomic:+, atomic}"
	ref_is refs/heads/staging "$base" 'neither moved'
done
says 'refs/heads/main' 'the ref that is refused is named'
push dana "$c:refs/heads/staging"
accepted 'one after the other: staging'
push dana "$c:refs/heads/main"
accepted 'then main'
finish
