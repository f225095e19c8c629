#!/bin/sh
# Tags of a stage name only what has been through it, never move, never go.
. "${0%/*}/lib.sh"
server
standard_policy
policy <<Y
$(sed 's|    tags: .*|    tags: ["refs/tags/v*"]\n    annotated_tags: true|' "$tmp/server.yml")
Y
clone
base=$(commit a.txt one)
walk "$base" deployment
accepted 'main has the base'
c=$(commit b.txt two)
walk "$c" testing
git tag -a -m v1 v1 "$base"
git tag -a -m v2 v2 "$c"
git tag v0 "$base"
push dana refs/tags/v2
refused tag.stage 'a commit that main never had'
push dana refs/tags/v0
refused tag.unsigned 'a lightweight tag where annotated ones are asked for'
push alice refs/tags/v1
refused tag.role 'made by somebody who does not push the stage'
push dana refs/tags/v2 "$c:refs/heads/main"
refused tag.stage 'a tip of the same push does not count'
says 'push .*branch first|first' 'and says to push the branch first'
push dana refs/tags/v1
accepted 'what has been through main is tagged'
git tag -f -a -m again v1 "$base" >/dev/null 2>&1
push dana --force refs/tags/v1
refused tag.moved 'it never moves'
push dana :refs/tags/v1
refused tag.deleted 'and never goes'
git tag -a -m deep deep-1 "$base"
git tag -a -m deep v3 deep-1 2>/dev/null
push dana refs/tags/v3
accepted 'a tag of a tag peels to its commit'
git tag -a -m blob v4 "$(git rev-parse "$base:a.txt")"
push dana refs/tags/v4
refused object.kind 'a tag of a blob does not'
push alice refs/tags/deep-1
refused ref.denied 'tags of no stage are other refs'
finish
