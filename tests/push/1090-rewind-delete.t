#!/bin/sh
# Going back and deleting: only where the policy says so, and what was a tip
# stays reachable.
. "${0%/*}/lib.sh"
server
standard_policy
clone
base=$(commit a.txt one)
walk "$base" deployment
c=$(commit b.txt two)
walk "$c" deployment
push dana --force "$base:refs/heads/main"
refused stage.rewind 'main does not go back'
push dana :refs/heads/main
refused stage.delete 'and is not deleted'
push alice "$c:refs/heads/feature/f"
git checkout -q --detach "$base"
d=$(commit d.txt other)
push alice --force "$d:refs/heads/feature/f"
accepted 'a feature branch may be rewritten'
ledger_has "^Update: $c $d refs/heads/feature/f development rewind accepted" 'recorded as a rewind'
push alice :refs/heads/feature/f
accepted 'and deleted'
ledger_has "^Update: $d 0{40} refs/heads/feature/f development delete accepted" 'recorded as a deletion'
push alice :refs/heads/feature/f
refused ref.moved 'what is not there is not deleted'

sed -i -e 's/up_to_date: true/rewind: true\n    delete: true/' -e 's/version: .*/version: 1.1.0/' "$tmp/server.yml"
e=$(commit e.txt never)
push dana --force "$e:refs/heads/staging"
refused stage.rewind 'rewind: true goes back to an earlier tip only'
push dana --force "$base:refs/heads/staging"
accepted 'to an earlier recorded tip'
is "$(git -C "$S" rev-parse -q --verify "refs/stagegate/kept/refs/heads/staging/$c")" "$c" 'the old tip is kept'
push dana "$c:refs/heads/main"
says 'up-to-date' 'main has it already'
push dana :refs/heads/staging
accepted 'deleted where the policy says so'
is "$(git -C "$S" rev-parse -q --verify "refs/stagegate/kept/refs/heads/staging/$base")" "$base" 'that tip is kept too'
push dana "$base:refs/heads/staging"
accepted 'and made again by a commit that has been through the stage before'
finish
