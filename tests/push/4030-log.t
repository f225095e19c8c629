#!/bin/sh
# The ledger told: who moved what, when, how, and under which policy.
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

ask -C "$S" log
is "$rc:$out" '0:hint: nothing is recorded yet' 'nothing yet'
ask -C "$S" log --json
is "$rc:$(json 'scalar @{$d->{records}}')" 0:0 'as JSON'
base=$(commit a.txt one)
short=$(git rev-parse --short=8 "$base")
started=$(date -u +%Y-%m-%dT%H:%M:%SZ)
walk "$base" deployment
c=$(commit b.txt two)
push alice "$c:refs/heads/feature/c"
push alice --force "$base:refs/heads/feature/c"
push alice :refs/heads/feature/c
accepted 'made, rewound and deleted'
version=1.1.0 standard_policy
d=$(commit d.txt three)
push bob "$d:refs/heads/feature/d" "$d:refs/heads/feature/e"
accepted 'two refs under a new policy'
push mallory "$d:refs/heads/feature/f"
refused push.role 'what is refused is not recorded'

ask -C "$S" log
is "$rc" 0 'log'
like "$out" '^20[0-9-]+ [0-9:]+ UTC  dana  \(test-flow 1\.0\.0\)$' 'when, who and under which policy'
like "$out" "^  refs/heads/main \(deployment\) create $short, accepted" 'what'
like "$out" '^    with tests passed \(ci-bot\), peer-review passed \(bob\)$' 'with what evidence'
like "$out" "^  tests pass for $short, by ci-bot" 'statements'
unlike "$out" 'mallory|feature/f' 'and nothing that was refused'
is "$(printf '%s\n' "$out" | sed -n 1p | sed 's/.*UTC  \([a-z]*\) .*/\1/')" bob 'newest first'
is "$(printf '%s\n' "$out" | grep -c ' UTC  ')" \
    "$(git -C "$S" rev-list --count refs/notes/stagegate)" 'every record once'

ask -C "$S" log refs/heads/feature/c
is "$rc:$(printf '%s\n' "$out" | grep -c 'refs/heads/feature/c')" 0:3 'what happened to one ref'
like "$out" 'feature/c .*rewind' 'the rewind'
like "$out" 'feature/c .*delete' 'the deletion'
unlike "$out" 'feature/[de]|refs/heads/main|peer-review' 'and to no other'
ask -C "$S" log main
like "$rc:$out" 'refs/heads/main' 'a short name'
ask -C "$S" log refs/heads/never
is "$rc" 0 'a ref that never was'
unlike "$out" 'accepted' 'nothing happened to it'

ask -C "$S" log --json
is "$(json 'join " ", @{$d->{records}[0]}{"pusher"}, @{$d->{records}[0]{policy}}{"flow", "version"}')" \
    'bob test-flow 1.1.0' 'the pusher and the policy'
is "$(json 'join " ", map { $_->{ref} } sort { $a->{ref} cmp $b->{ref} } @{$d->{records}[0]{updates}}')" \
    'refs/heads/feature/d refs/heads/feature/e' 'both refs in one record'
is "$(json '"$d->{records}[-1]{policy}{version} $d->{records}[-1]{updates}[0]{new}"')" \
    "1.0.0 $base" 'the first, under the policy of then'
is "$(json '"" . (grep { $_->{at} lt "'"$started"'" || $_->{at} !~ /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ } @{$d->{records}}) ? "no" : "yes"')" \
    yes 'times are of now, in UTC'
is "$(json '"" . (grep { !defined } map { $_->{policy}{digest} } @{$d->{records}}) ? "no" : "yes"')" yes 'each names the text of its policy'
for digest in $(json 'join " ", map { $_->{policy}{digest} } @{$d->{records}}' | tr ' ' '\n' | sort -u); do
	git -C "$S" cat-file -e "refs/notes/stagegate:policy/$digest"
	is "$?" 0 "which the ledger holds: $(printf '%.8s' "$digest")"
done
is "$(json '$d->{records}[-2]{evidence}[0]{gate} . "/" . $d->{records}[-2]{evidence}[0]{commit}')" \
    "tests/$base" 'statements too'
is "$(json 'join " ", map { my $u = $_; map { "$_->{name}=$_->{state}:@{$_->{by}}" } @{$u->{gates}} } grep { $_->{stage} eq "integration" } map { @{$_->{updates}} } grep { @{$_->{updates}} } @{$d->{records}}')" \
    'tests=passed:ci-bot peer-review=passed:bob' 'and what a promotion rested on'
ask -C "$S" log -n 2 --json
is "$(json 'scalar @{$d->{records}}')" 2 'the newest two'
ask -C "$S" log --last 1 refs/heads/feature/c --json
is "$(json 'scalar(@{$d->{records}}) . $d->{records}[0]{updates}[0]{kind}')" 1delete 'the newest of a ref'
is "$(json 'defined $d->{records}[0]{updates}[0]{new} ? "some" : "none"')" none 'which is gone'
for n in 0 -1 x ''; do
	ask -C "$S" log -n "$n"
	is "$rc" 100 "-n '$n' is no number"
done

ask -C "$S" log nowhere
like "$out" 'nothing is recorded of refs/heads/nowhere' 'a ref that nobody pushed to'

ask log
like "$rc:$out" 'refs/notes/stagegate|^0:$' 'in a clone that has no ledger'
git fetch -q origin refs/notes/stagegate:refs/notes/stagegate
ask log --json
is "$rc:$(json 'scalar @{$d->{records}}')" "0:$(git rev-list --count refs/notes/stagegate)" 'in one that has it'

# Incidents, opened and closed, and tips that were let go.
version=1.2.0 standard_policy 'rollback: {by: [release], window: 1s, then: [root-cause]}
bypass: {by: [release], stages: [deployment], gates: [soak], approvals: 0, then: [root-cause]}'
sed -e 's,^  peer-review: .*,&\n  root-cause: {kind: evidence\, by: [reviewers]},' -e 's,^    tags: .*,&\n    soak: 1h,' \
    -e 's,^    refs: \[refs/heads/staging\],&\n    rewind: true,' "$tmp/server.yml" >"$tmp/new.yml"
policy <"$tmp/new.yml"
git checkout -q --detach "$base"
f=$(commit f.txt four)
walk "$f" testing
push dana -o 'bypass=INC-1 in haste' "$f:refs/heads/main"
accepted 'a bypass'
ask -C "$S" log -n 1
like "$out" '^  incident 1 opened, bypass of refs/heads/main \(deployment\): INC-1 in( |$)' 'opened an incident'
like "$out" '^    gone around: soak$' 'with what was gone around'
evidence bob root-cause "$f" pass
ask -C "$S" log -n 1
like "$out" ' UTC  the server ' 'the server speaks'
like "$out" '^  incident 1 closed, bypass of refs/heads/main' 'when it closes'
unlike "$out" 'gone around' 'and says no more than that'
revert=$(git commit-tree -p "$f" -m 'Back to the first' "$base^{tree}")
push dana -o 'rollback=INC-2 latency' -o 'timeline=fixed by Friday' "$revert:refs/heads/main"
accepted 'a rollback'
ask -C "$S" log -n 1
like "$out" '^  incident 2 opened, rollback of refs/heads/main \(deployment\): INC-2' 'opened another'
like "$out" '^    timeline: fixed by Friday$' 'with its timeline'
unlike "$out" 'gone around' 'which went around nothing'
git checkout -q --detach "$f"
h=$(commit h.txt five)
walk "$h" testing
push dana "+$f:refs/heads/staging"
accepted 'staging is rewound'
sleep 2
ask -C "$S" kept --expire 0s
is "$rc" 0 'and what it left let go'
ask -C "$S" log -n 1
like "$out" "^  expired $(printf '%.8s' "$h"), kept for refs/heads/staging$" 'which is told'
ask -C "$S" log refs/heads/main
is "$(printf '%s\n' "$out" | grep -o '^  incident [0-9] [a-z]*' | tr '\n' ' ')" \
    '  incident 2 opened   incident 1 closed   incident 1 opened ' 'all of them with the ref'
unlike "$out" 'expired' 'which let nothing go'
ask -C "$S" log staging
unlike "$out" 'incident' 'and with no other'
like "$out" '^  expired ' 'which did'
ask -C "$S" log --json
is "$(json 'join ";", map { "$_->{number} $_->{state} $_->{ref} $_->{kind} $_->{reason} " . ($_->{timeline} // "-") . " @{$_->{overridden}}" } map { @{$_->{incidents}} } @{$d->{records}}')" \
    '2 opened refs/heads/main rollback INC-2 latency fixed by Friday ;1 closed refs/heads/main bypass INC-1 in haste - soak;1 opened refs/heads/main bypass INC-1 in haste - soak' \
    'as JSON'
is "$(json 'join ";", map { "$_->{ref} $_->{oid}" } map { @{$_->{expired}} } @{$d->{records}}')" "refs/heads/staging $h" \
    'with what was let go'
is "$(json 'scalar grep { !$_->{incidents} || !$_->{expired} } @{$d->{records}}')" 0 'every record has both lists'
finish
