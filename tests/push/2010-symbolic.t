#!/bin/sh
# A symbolic ref on the server is another name for a ref: nothing goes through.
. "${0%/*}/lib.sh"
server
standard_policy
clone
base=$(commit a.txt one)
walk "$base" deployment
c=$(commit b.txt two)
git -C "$S" symbolic-ref refs/heads/feature/alias refs/heads/main
push alice "$c:refs/heads/feature/alias"
refused ref.symbolic 'a push through an alias'
push alice :refs/heads/feature/alias
refused ref.symbolic 'a deletion through it'
ref_is refs/heads/main "$base" 'main is where it was'
git -C "$S" symbolic-ref refs/heads/feature/unborn refs/heads/nothing
push alice "$c:refs/heads/feature/unborn"
refused ref.symbolic 'an alias of nothing'
git -C "$S" symbolic-ref -d refs/heads/feature/alias
git -C "$S" symbolic-ref -d refs/heads/feature/unborn
push alice "$c:refs/heads/feature/alias"
accepted 'once the alias is gone'
finish
