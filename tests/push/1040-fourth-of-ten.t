#!/bin/sh
# Ten commits pushed to staging at once: only the last one was looked at.
. "${0%/*}/lib.sh"
server
standard_policy
clone
base=$(commit a.txt one)
walk "$base" deployment
for i in 1 2 3 4 5 6 7 8 9 10; do
	c=$(commit "f$i.txt" "$i")
	[ "$i" != 4 ] || fourth=$c
done
walk "$c" testing
ref_is refs/heads/staging "$c" 'staging has the tenth'
push dana "$fourth:refs/heads/main"
refused stage.skip 'the fourth was never a tip'
push dana "$c:refs/heads/main"
accepted 'the tenth was'
finish
