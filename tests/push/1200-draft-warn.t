#!/bin/sh
# status: draft and enforce: warn let pass and say what they would refuse.
. "${0%/*}/lib.sh"
server
standard_policy
sed -i 's/status: active/status: draft/' "$tmp/server.yml"
clone
c=$(commit a.txt one)
push dana "$c:refs/heads/main"
accepted 'a draft only warns'
says 'warning:' 'and says so'
says 'stage\.skip' 'with the code that it would refuse with'
ledger_has "^Update: 0{40} $c refs/heads/main deployment create warned" 'recorded as warned'
push alice "$c:refs/replace/$c"
refused ref.reserved 'what is never allowed is not allowed in a draft'
standard_policy
sed -i 's/version: .*/version: 1.0.1/; s/tests: {kind: evidence, by: \[ci\]}/tests: {kind: evidence, by: [ci], enforce: warn}/' "$tmp/server.yml"
push alice "$c:refs/heads/feature/a"
push dana "$c:refs/heads/main"
evidence bob peer-review "$c" pass
push alice "$c:refs/heads/integration"
accepted 'a gate that only warns'
says 'warned +tests' 'is shown'
d=$(commit b.txt two)
push alice "$d:refs/heads/feature/b"
evidence bob peer-review "$d" pass
push alice "$d:refs/heads/integration"
push dana "$d:refs/heads/staging"
accepted 'staging begins'
push dana "$d:refs/heads/main"
accepted 'main goes on from the tip that a draft let in'
ledger_has "^Update: $c $d refs/heads/main deployment fast-forward accepted" 'and that one counts'
finish
