#!/bin/sh
# Where things stand, and what a commit still needs.
# shellcheck disable=SC2016 # Perl
. "${0%/*}/lib.sh"
server
standard_policy
clone
ask() {
	out=$("$stagegate" "$@" 2>&1)
	rc=$?
}
json() { # json EXPRESSION, with $out in $d
	printf '%s' "$out" | perl -MJSON::PP -e \
	    'local $/; my $d = decode_json(<STDIN>); print '"$1"
}

ask -C "$S" status
is "$rc" 0 'in an empty repository'
base=$(commit a.txt one)
walk "$base" deployment
c=$(commit b.txt two)
push alice "$c:refs/heads/feature/c"
accepted 'a new one is on a branch'
before=$(git -C "$S" for-each-ref)
short=$(git rev-parse --short=8 "$c")

ask -C "$S" status
is "$rc" 0 'without an argument'
like "$out" "^development +feature/c +$short .*accepted" 'the new branch'
like "$out" "^deployment +main +$(git rev-parse --short=8 "$base") .*accepted" 'the last stage'
ask -C "$S" status refs/heads/main
is "$rc" 0 'a ref'
for stage in development integration testing deployment; do
	like "$out" "\($stage\), *$|\($stage\), accepted" "it has been through $stage"
done
like "$out" 'by ci-bot: tests pass' 'what was stated about it'
ask -C "$S" status "$c"
is "$rc" 0 'a commit'
like "$out" 'next: refs/heads/integration \(integration\)' 'where it may go next'
like "$out" '^  MISSING  tests ' 'the gate that is missing'
like "$out" '^  MISSING  peer-review ' 'and the other'
like "$out" "^hint: tests: stagegate attest tests --pass $short" 'and how to pass it'
ask -C "$S" status --json "$c"
is "$rc:$(json '$d->{commit}')" "0:$c" 'as JSON'
is "$(json 'join " ", $d->{next}[0]{stage}, $d->{next}[0]{code}, map { "$_->{name}=$_->{state}" } @{$d->{next}[0]{gates}}')" \
    'integration stage.gates tests=missing peer-review=missing' 'with what is missing'
evidence ci-bot tests "$c" pass
ask -C "$S" status "$c"
unlike "$out" 'MISSING  tests' 'one is passed'
like "$out" 'MISSING  peer-review' 'the other not yet'
evidence bob peer-review "$c" fail
ask -C "$S" status --json "$c"
is "$(json 'join " ", map { "$_->{name}=$_->{state}" } @{$d->{next}[0]{gates}}')" \
    'tests=passed peer-review=failed' 'one failed'
evidence bob peer-review "$c" pass
ask -C "$S" status --json "$c"
is "$(json '$d->{next}[0]{may_enter} ? "yes" : "no"')" yes 'nothing is missing any more'
push alice "$c:refs/heads/integration"
accepted 'which is so'
ask -C "$S" status --json
is "$rc:$(json 'join " ", map { $_->{tip} eq "'"$c"'" ? $_->{ref} : () } @{$d->{refs}}')" \
    '0:refs/heads/feature/c refs/heads/integration' 'every ref as JSON'
ask -C "$S" status "$c"
like "$out" 'next: refs/heads/staging \(testing\)' 'the next stage is another'
unlike "$out" 'MISSING' 'which asks for nothing'

ask -C "$S" status nosuch
is "$rc" 3 'a name that is none'
ask -C "$S" status a b
is "$rc" 100 'two arguments'
ask -C "$S" status "$c" --policy "$tmp/nowhere.yml"
is "$rc" 2 'a draft that is not there'
ask status "$c"
is "$rc" 3 'in a clone without the ledger'
like "$out" 'refs/notes/stagegate' 'which to fetch'
git fetch -q origin '+refs/heads/*:refs/remotes/origin/*' refs/notes/stagegate:refs/notes/stagegate
ask status "$c"
is "$rc" 0 'in a clone with it'
like "$out" 'next: refs/heads/staging \(testing\)' 'the same'
ask status --json
is "$rc:$(json 'scalar @{$d->{refs}}')" 0:5 'every ref, in a clone'
is "$(git -C "$S" for-each-ref | grep -v notes/stagegate | grep -vc refs/heads/)" 0 'asking left no ref behind'
is "$(printf '%s\n' "$before" | grep -c feature/c)" 1 'nor moved one'
finish
