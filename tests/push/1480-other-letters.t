#!/bin/sh
# Names beyond ASCII: on entry stages and other refs only, once whatever their
# case, and printed so that nothing reaches the terminal.
. "${0%/*}/lib.sh"
server
standard_policy 'host_refs: ["refs/pull/*/head"]'
sed -i 's|refs: \[refs/heads/staging\]|refs: ["refs/heads/staging/*"]|; s|rewind: true|keep: true|' "$tmp/server.yml"
clone
c=$(commit a.txt one)
u=$(printf '\303\274')
push alice "$c:refs/heads/feature/gr${u}n"
accepted 'a branch of an entry stage'
ref_is "refs/heads/feature/gr${u}n" "$c" 'has that name'
ledger_has "refs/heads/feature/gr${u}n development" 'and is recorded with it'
attested "$c"
push alice "$c:refs/heads/integration"
push dana "$c:refs/heads/staging/gr${u}n"
refused ref.denied 'a ref of another stage'
says 'only names of ASCII characters' 'it says so'
push dana "$c:refs/heads/staging/green"
accepted 'in ASCII it is taken'
push dana "$c:refs/heads/main"
push dana "$c:refs/tags/v$u"
refused ref.denied 'a tag of a stage'
push dana "$c:refs/pull/$u/head"
refused ref.denied 'a ref that the host makes'

push alice "$c:refs/heads/feature/Case" "$c:refs/heads/feature/case"
refused ref.duplicate 'two names that differ in case alone'
says 'names it twice, also as refs/heads/feature/' 'each names the other'
push alice "$c:refs/heads/feature/${u}" "$c:refs/heads/feature/u$(printf '\314\210')"
refused ref.duplicate 'one letter written in two ways'
push alice "$c:refs/heads/feature/$(printf 'a\320\260')"
accepted 'a look-alike among branches harms nobody'
push alice "$c:refs/heads/$(printf 'integr\320\260tion')"
refused ref.reserved 'one of a stage does'
says 'could be taken for refs/heads/integration' 'it says of which'
push alice "$c:refs/heads/feature/$(printf 'x\303\050')"
refused ref.denied 'what is no UTF-8'
says 'not UTF-8' 'it says so'
says 'feature/x[^ ]*' 'and shows the name in letters'
push alice "$c:refs/heads/feature/$(printf 'x\302\240y')"
refused ref.denied 'a blank that is none'
push alice "$c:refs/heads/feature/$(printf 'x\342\200\213y')"
refused ref.denied 'nothing at all'
raw() { # the bytes beyond ASCII in what our hooks said
	printf '%s\n' "$out" | LC_ALL=C grep -a '^remote:' | LC_ALL=C tr -d '\n\t -~' | wc -c
}
is "$(raw)" 0 'which is not sent back as it was'
push alice "$c:refs/heads/feature/$(printf 'x\302\205y')"
refused ref.denied 'a control character beyond ASCII'
is "$(raw)" 0 'nor this'
finish
