#!/bin/sh
# A feature branch straight to main, and other ways to leave a stage out.
. "${0%/*}/lib.sh"
server
standard_policy
clone
base=$(commit a.txt one)
walk "$base" deployment
accepted 'the base has been through everything'

c=$(commit b.txt two)
push alice "$c:refs/heads/feature/two"
accepted 'a feature on top of it'
push dana "$c:refs/heads/main"
refused stage.skip 'feature straight to main'
says "$(echo "$c" | cut -c1-8)" 'the commit that skips is named'
says 'git push origin [0-9a-f]{8}:refs/heads/integration' 'and where it has to go first'
push dana "$c:refs/heads/staging"
refused stage.skip 'feature straight to staging'

m=$(merge "$base" "$c")
push dana "$m:refs/heads/main"
refused stage.skip 'wrapped into a merge it still skips'
push dana "$c:refs/heads/staging" "$c:refs/heads/main"
refused stage.skip 'staging and main together'
push dana "$c:refs/heads/main" "$c:refs/heads/staging"
refused stage.skip 'in the other order too'
push dana --atomic "$c:refs/heads/staging" "$c:refs/heads/main"
refused stage.skip 'and atomically'
ref_is refs/heads/main "$base" 'main did not move'
ref_is refs/heads/staging "$base" 'staging did not move'
finish
