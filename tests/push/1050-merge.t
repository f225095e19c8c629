#!/bin/sh
# Two features meet on integration: git's own merge is in order, any other
# tree is not.
. "${0%/*}/lib.sh"
server
standard_policy
clone
base=$(commit a.txt one)
walk "$base" deployment
one=$(commit one.txt one)
walk "$one" integration
git checkout -q --detach "$base"
two=$(commit two.txt two)
push alice "$two:refs/heads/feature/two"
attested "$two"
push alice --force "$two:refs/heads/integration"
refused stage.rewind 'a candidate that lacks the tip is no fast-forward'

m=$(merge "$one" "$two")
echo extra >extra.txt
git add extra.txt
git commit -q --amend -m 'merge with something extra'
push alice "$(git rev-parse HEAD):refs/heads/integration"
refused stage.merge 'a merge that brings its own content'
says 'extra\.txt' 'the path is named'
s=$(merge "$two" "$one")
push alice "$s:refs/heads/integration"
refused stage.merge 'parents swapped'
says 'git merge|first parent' 'the fix is said'
push alice "$m:refs/heads/integration"
accepted 'the merge as git makes it'
ledger_has "^Update: $one $m refs/heads/integration integration merge accepted" 'recorded as a merge'
push dana "$m:refs/heads/staging"
accepted 'the merge commit goes on as the candidate'
push dana --force "$two:refs/heads/staging"
refused stage.rewind 'its second parent does not'
finish
