#!/bin/sh
# Push options: near misses are told, others are other software's; report=json is
# one line for machines.
# shellcheck disable=SC2016 # perl's variables
. "${0%/*}/lib.sh"
server
standard_policy
clone
c=$(commit a.txt one)
push alice -o repotr=json "$c:refs/heads/feature/a"
accepted 'a near miss'
says "warning: the push option 'repotr' is not known" 'is told'
says "did you mean 'report'\\?" 'with what was meant'
push alice -o rolback "$(commit a.txt two):refs/heads/feature/a"
accepted 'another'
says "'rollback'\\?" 'is told too'
push alice -o ci.skip -o 'anything;$(id)=*' "$(commit a.txt three):refs/heads/feature/a"
accepted 'options of other software'
unlike "$out" '^remote:' 'are none of our business'
push alice -o report=yaml "$(commit a.txt four):refs/heads/feature/a"
accepted 'a report that there is not'
says "'report=yaml' is not understood" 'is told'
push alice -o "$(printf 'rep\033[31mort=json')" "$(commit a.txt five):refs/heads/feature/a"
accepted 'an option with a control byte'
is "$(printf '%s' "$out" | LC_ALL=C tr -d '\n\t\040-\176' | wc -c)" 0 'is not sent back as it was'

d=$(commit b.txt two)
push alice -o rollback='INC-42 latency' "$d:refs/heads/feature/b"
refused rollback.role 'a rollback where the policy has none'
push alice -o timeline=Friday "$d:refs/heads/feature/b"
refused rollback.options 'a timeline without a rollback'
ref_is refs/heads/feature/b '' 'none of them made the branch'

# json: the line of the report, checked by something that reads JSON
json() {
	printf '%s\n' "$out" | sed -n 's/^remote: \({.*\)$/\1/p' >"$tmp/json"
	is "$(wc -l <"$tmp/json")" 1 'one line'
}
# field EXPRESSION: of $j, in perl
field() {
	perl -MJSON::PP -e 'local $/; my $j = decode_json(<STDIN>); print '"$1" <"$tmp/json"
}
keys() { # keys EXPRESSION OPTIONAL..: the keys of an object but these
	field "join ' ', grep { ! /^(?:${2:-none})\$/ } sort keys %{$1}"
}
push alice -o report=json "$d:refs/heads/integration" "$d:refs/heads/feature/d"
is "$rc" 1 'a refused push'
json
is "$(keys '$j' 'codes|messages')" 'flow refs v verdict version' 'the keys of the report'
is "$(keys '$j->{refs}[0]' messages)" 'code codes gates new old ref stage' 'of a ref'
is "$(keys '$j->{refs}[0]{gates}[0]')" 'by have hint kind line name state want' 'of a gate'
is "$(field '"$j->{v} $j->{flow} $j->{version} $j->{verdict}"')" '1 test-flow 1.0.0 refused' 'what they hold'
is "$(field 'join " ", map { $_->{ref} } @{$j->{refs}}')" 'refs/heads/integration refs/heads/feature/d' 'both refs are there'
is "$(field '"$j->{refs}[0]{stage} $j->{refs}[0]{old} $j->{refs}[0]{new}"')" \
    "integration 0000000000000000000000000000000000000000 $d" 'ids in full'
is "$(field '"$j->{refs}[0]{code} @{$j->{refs}[0]{codes}}"')" 'stage.skip stage.skip stage.gates' 'the code and all codes'
is "$(field 'defined $j->{refs}[1]{code} ? 1 : 0')" 0 'none for the ref that is fine'
is "$(field 'join " ", map { "$_->{name}:$_->{kind}:$_->{state}" } @{$j->{refs}[0]{gates}}')" \
    'tests:evidence:missing peer-review:review:missing' 'the gates, states in lower case'
is "$(field '"$j->{refs}[0]{gates}[0]{have} $j->{refs}[0]{gates}[0]{want} $j->{refs}[0]{gates}[0]{line}"')" \
    "0 1 $(grep -n 'gates: \[tests' "$tmp/server.yml" | cut -d: -f1)" 'what there is, what it takes, the line of the policy'
is "$(field '$j->{refs}[0]{gates}[0]{hint}')" "stagegate attest tests --pass $(printf '%.8s' "$d")" 'the hint'
like "$(cat "$tmp/json")" '"line":[0-9]+,' 'the line is a number'
unlike "$out" '^remote: (error|hint|stagegate):' 'and nothing is said twice'
evidence ci-bot tests "$(git rev-parse "$c")" pass
push alice -o report=json "$d:refs/heads/feature/d"
accepted 'an accepted push'
json
is "$(field '$j->{verdict}')" accepted 'it says so'
is "$(field 'scalar @{$j->{refs}}')" 1 'with its ref'
finish
