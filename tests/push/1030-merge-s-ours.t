#!/bin/sh
# `git merge -s ours` makes anything an ancestor; being one is not passage.
. "${0%/*}/lib.sh"
server
standard_policy
clone
base=$(commit a.txt one)
walk "$base" deployment
git checkout -q --detach "$base"
evil=$(commit evil.txt evil)
git checkout -q --detach "$base"
good=$(commit good.txt good)
walk "$good" integration
push alice "$evil:refs/heads/feature/evil"
accepted 'the unwanted commit is on a feature branch'

git checkout -q --detach "$good"
git merge -q -s ours -m 'swallow it' "$evil"
m=$(git rev-parse HEAD)
push dana "$m:refs/heads/staging"
refused stage.skip 'a merge -s ours does not enter staging'
attested "$evil"
push alice "$m:refs/heads/integration"
refused stage.merge 'nor integration: its tree is not what git merges'
says 'evil\.txt' 'the path that differs is named'
push alice "$m:refs/heads/feature/mine"
accepted 'on a feature branch it may be'
attested "$m"
push alice "$m:refs/heads/integration"
accepted 'judged as a commit of its own it enters integration'
push dana "$m:refs/heads/staging"
accepted 'and staging'
push dana "$evil:refs/heads/main"
refused stage.skip 'the merged-away tip is an ancestor of staging, and no tip of it'
ref_is refs/heads/main "$base" 'main did not move'
finish
