#!/bin/sh
# Names that no policy can allow, and those that this one does not.
. "${0%/*}/lib.sh"
server
standard_policy 'other_refs: allow'
clone
base=$(commit a.txt one)
walk "$base" deployment
try() { # try REF CODE
	push alice "$base:$1"
	refused "$2" "$1"
}
try "refs/replace/$base" ref.reserved
try refs/notes/stagegate ref.reserved
try refs/stagegate/kept/x ref.reserved
try refs/namespaces/n/refs/heads/main ref.reserved
try refs/pull/1/head ref.denied
try refs/bisect/bad ref.denied
try refs/heads/HEAD ref.reserved
try "refs/heads/$base" ref.reserved
try refs/heads/Main ref.reserved
try refs/heads/STAGING ref.reserved
try "refs/heads/ma$(printf '\304\261')n" ref.reserved
try "refs/heads/m$(printf '\320\260')in" ref.reserved
try "refs/heads/fine$(printf '\342\200\213')" ref.denied
try "refs/heads/bidi$(printf '\342\200\256')x" ref.denied
try "refs/heads/$(printf '\377\233')31m" ref.denied
try refs/heads/main/x ref.reserved
try refs/tags/evidence/x ref.reserved
says 'refs/evidence/' 'a tag left behind by evidence has a hint of its own'
push alice "$base:refs/heads/wild"
accepted 'other_refs: allow lets other branches be'
push alice "$base:refs/heads/gr$(printf '\303\274')n"
accepted 'also with a letter beyond ASCII'
version=1.1.0
standard_policy
push alice "$base:refs/heads/wild2"
refused ref.denied 'by default refs of no stage are denied'
is "$(git -C "$S" for-each-ref | grep -c replace)" 0 'no replace ref was made'
finish
