#!/bin/sh
# Statements of several people that are the same to the last byte, as with
# fixed dates in CI: each person's counts.
. "${0%/*}/lib.sh"
export GIT_COMMITTER_DATE='1700000000 +0000' GIT_AUTHOR_DATE='1700000000 +0000'
server
standard_policy
clone
c=$(commit a.txt one)
push alice "$c:refs/heads/feature/a"
evidence alice peer-review "$c" pass
accepted 'the author'
evidence bob peer-review "$c" pass
accepted 'a reviewer'
evidence carol peer-review "$c" pass
accepted 'another one'
evidence ci-bot tests "$c" pass
push alice "$c:refs/heads/integration"
accepted 'the reviews count'
push alice "$c:refs/heads/feature/b"
accepted 'and the commit goes on'
finish
