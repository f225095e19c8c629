#!/bin/sh
# What a stage was rewound from stays, whatever git cleans up.
. "${0%/*}/lib.sh"
server
standard_policy
sed -e 's,^    refs: \[refs/heads/\(staging\|integration\)\]$,&\n    rewind: true,' "$tmp/server.yml" >"$tmp/new.yml"
policy <"$tmp/new.yml"
clone
base=$(commit a.txt one)
walk "$base" deployment
c=$(commit b.txt two)
walk "$c" testing
accepted 'a second commit up to staging'
K=refs/stagegate/kept/refs/heads

push dana "$c~1:refs/heads/staging"
[ "$rc" != 0 ]
ok $? 'git itself asks for force'
push dana "+$base:refs/heads/staging"
accepted 'staging is rewound'
ref_is "$K/staging/$c" "$c" 'what it was rewound from is kept'
push alice "+$base:refs/heads/integration"
accepted 'integration is rewound'
ref_is "$K/integration/$c" "$c" 'kept as well'
push alice ":refs/heads/feature/walk-$(git rev-parse --short "$c")"
accepted 'the feature is deleted'
d=$(commit c.txt three)
push alice "$d:refs/heads/feature/three"
push alice :refs/heads/feature/three
accepted 'another feature, and gone again'
git -C "$S" gc -q --prune=now
git -C "$S" cat-file -e "$c" 2>/dev/null
ok $? 'the commit survives git gc --prune=now'
! git -C "$S" cat-file -e "$d" 2>/dev/null
ok $? 'the one of the entry stage does not'
ref_is "$K/staging/$c" "$c" 'the kept ref is there'
unlike "$(git ls-remote "$S")" "^$d" 'nothing shows the commit that is gone'

# by a push
for spec in "$base:$K/staging/$c" "+$base:$K/staging/$c" ":$K/staging/$c" "$base:$K/staging/$base" \
    "$base:$K/main/$base"; do
	push dana "$spec"
	[ "$rc" != 0 ]
	ok $? "no push to a kept ref: ${spec%%refs/*}"
done
git -C "$S" config --unset-all receive.hideRefs
push dana "+$base:$K/staging/$c"
refused ref.reserved 'not hidden either'
push dana ":$K/staging/$c"
refused ref.reserved 'nor to be deleted'
push dana "$base:$K/main/$base"
refused ref.reserved 'nor to be made'
ref_is "$K/staging/$c" "$c" 'it is as it was'

# and the flow goes on
git checkout -q --detach "$base"
e=$(commit e.txt five)
walk "$e" deployment
accepted 'another commit goes through everything'
finish
