#!/bin/sh
# Incidents as stagegate incidents and status tell of them.
# shellcheck disable=SC2016 # Perl
. "${0%/*}/lib.sh"
ask() {
	out=$("$stagegate" "$@" 2>&1)
	rc=$?
}
json() { # json EXPRESSION, with $out in $d
	printf '%s' "$out" | perl -MJSON::PP -e \
	    'local $/; my $d = decode_json(<STDIN>); print '"$1"
}
short() {
	printf '%.8s' "$1"
}
server
standard_policy 'rollback: {by: [release], rewind: true, then: [root-cause, prevention]}
bypass: {by: [release], stages: [deployment], gates: [soak], approvals: 0, then: [root-cause]}
clients:
  acme: {contact: [ops@acme.example]}
  globex: {contact: [it@globex.example]}
  third: {contact: [it@third.example]}'
sed -e 's,^  peer-review: .*,&\n  root-cause: {kind: evidence\, by: [reviewers]}\n  prevention: {kind: evidence\, by: [reviewers]},' \
    -e 's,^    tags: .*,&\n    soak: 1h,' -e 's,^rollback:,  - {name: roll-out\, clients: [acme\, globex\, third]\, push: [release]}\n&,' \
    "$tmp/server.yml" >"$tmp/new.yml"
policy <"$tmp/new.yml"
clone
ask -C "$S" incidents
like "$rc:$out" '^0:0 open, 0 closed$' 'there are none'
ask -C "$S" incidents --json
is "$rc:$(json 'scalar @{$d->{incidents}}, $d->{open}, $d->{closed}')" '0:000' 'as JSON'
for words in '--open --all' 'main staging' '--closed'; do
	# shellcheck disable=SC2086 # words
	ask -C "$S" incidents $words
	is "$rc" 100 "wrong usage: $words"
done

# Two tips of main, the second on its way round the soak; clients follow.
base=$(commit a.txt one)
walk "$base" testing
push dana -o 'bypass=INC-1 first of all' "$base:refs/heads/main"
accepted 'a bypass'
ask -C "$S" incidents
is "$rc" 0 'it is an incident'
like "$out" '^incident 1, open, bypass of refs/heads/main \(deployment\)$' 'with number, kind and ref'
like "$out" '^  20.* UTC, by dana: INC-1 first of all$' 'when, who and why'
like "$out" "^  $(short "$base") entered$" 'which commit'
like "$out" '^  gone around: soak$' 'what was gone around'
like "$out" '^  MISSING  root-cause ' 'what is missing'
unlike "$out" 'prevention' 'and nothing else'
like "$out" '^1 open, 0 closed$' 'counted'
ask -C "$S" status
like "$out" '^incident 1, bypass of refs/heads/main \(deployment\), now: INC-1' 'status begins with it'
like "$out" "^deployment +main .*accepted, locked$" 'and has a word for the ref'
unlike "$out" '^testing .*locked' 'and for no other'
evidence bob root-cause "$base" pass
accepted 'the root cause is told'
ask -C "$S" incidents
like "$out" '^0 open, 1 closed \(--all' 'which closes it'
unlike "$out" '^incident' 'it is not shown'
ask -C "$S" incidents --all
like "$out" '^incident 1, closed, bypass' 'but with --all'
like "$out" '^  closed 20.* UTC$' 'since when'
ask -C "$S" status
unlike "$out" 'incident|locked' 'status says no more'

push dana "$base:refs/heads/clients/acme"
accepted 'a client gets it'
c=$(commit b.txt two)
walk "$c" testing
push dana -o 'bypass=INC-2 in haste' "$c:refs/heads/main"
evidence bob root-cause "$c" pass
push dana "$c:refs/heads/clients/acme" "$c:refs/heads/clients/globex" "$base:refs/heads/clients/third"
accepted 'clients go on'

# Rolled back by a revert commit.
revert=$(git commit-tree -p "$c" -m 'Back to the first' "$base^{tree}")
push dana -o 'rollback=INC-3 latency' -o 'timeline=fixed by Friday' "$revert:refs/heads/main"
accepted 'a rollback'
ask -C "$S" incidents main
is "$rc" 0 'of one ref'
like "$out" '^incident 3, open, rollback of refs/heads/main \(deployment\)$' 'with number, kind and ref'
like "$out" '^  20.* UTC, by dana: INC-3 latency$' 'when, who and why'
like "$out" '^  timeline: fixed by Friday$' 'until when'
like "$out" "^  $(short "$c") -> $(short "$base"), by the revert commit $(short "$revert")$" 'from where to where'
like "$out" '^  clients that had it: acme and globex$' 'which clients had it'
like "$out" '^  clients that still run it: acme and globex$' 'and have it'
like "$out" '^  MISSING  root-cause ' 'what is missing'
like "$out" '^  MISSING  prevention ' 'and the other'
like "$out" "^hint: prevention: stagegate attest prevention --pass $(short "$c")" 'and how to pass it'
like "$out" '^1 open, 2 closed' 'counted'
ask -C "$S" incidents staging
like "$rc:$out" '^0:0 open, 0 closed$' 'of a ref without any'
ask -C "$S" incidents --json
is "$(json 'join " ", map { "$_->{number} $_->{kind} $_->{style} $_->{ref} $_->{stage} $_->{by} $_->{state}" } @{$d->{incidents}}')" \
    '3 rollback revert refs/heads/main deployment dana open' 'as JSON'
is "$(json 'join " ", map { ($_->{from}, $_->{restored}, $_->{commit}, $_->{subject}) } $d->{incidents}[0]')" \
    "$c $base $revert $c" 'with commits'
is "$(json 'join " ", map { ($_->{reason}, $_->{timeline}, "@{$_->{then}}", "@{$_->{clients}}", "@{$_->{running}}") } $d->{incidents}[0]')" \
    'INC-3 latency fixed by Friday root-cause prevention acme globex acme globex' 'with reason and clients'
is "$(json 'join " ", map { "$_->{name}=$_->{state}" } @{$d->{incidents}[0]{gates}}')" \
    'root-cause=missing prevention=missing' 'with gates'
is "$(json 'defined $d->{incidents}[0]{closed} ? 1 : 0')" 0 'and not closed'
ask -C "$S" incidents --all --json
is "$(json 'join " ", map { "$_->{number}=$_->{state}" } @{$d->{incidents}}')" '1=closed 2=closed 3=open' 'all of them as JSON'
is "$(json '"@{$d->{incidents}[0]{overridden}}"')" 'soak' 'with what was gone around'
ask -C "$S" status
like "$out" '^incident 3, rollback of refs/heads/main' 'status has it'
like "$out" '^  missing for .*: root-cause and prevention$' 'with what is missing'
like "$out" '^  clients that still run it: acme and globex$' 'with clients'
ask -C "$S" status --json
is "$(json 'join " ", map { "$_->{number} @{$_->{running}}" } @{$d->{incidents}}')" '3 acme globex' 'as JSON'
is "$(json 'join " ", map { $_->{ref} } grep { $_->{locked} } @{$d->{refs}}')" refs/heads/main 'the ref is locked'
ask -C "$S" status "$c"
like "$out" 'by dana: incident 3, open, rollback of refs/heads/main' 'status of the commit too'
like "$out" 'by dana: incident 2, closed, bypass of refs/heads/main' 'with the one before'
ask -C "$S" status "$base"
unlike "$out" 'incident 3' 'but not of the one that came back'
ask -C "$S" status "$c" --json
is "$(json 'join " ", map { "$_->{number}=$_->{state}" } @{$d->{incidents}}')" '2=closed 3=open' 'as JSON'

# A client goes back too: its own incident is its own.
push dana -o 'rollback=INC-4 acme' "+$base:refs/heads/clients/acme"
accepted 'a client is rolled back'
ask -C "$S" incidents refs/heads/clients/acme
like "$out" '^incident 4, open, rollback of refs/heads/clients/acme' 'an incident of its ref'
like "$out" "^  $(short "$c") -> $(short "$base"), by a rewind$" 'by a rewind'
unlike "$out" 'globex|third' 'which concerns no other client'
unlike "$out" 'still run it' 'and it runs it no more'
ask -C "$S" incidents main
like "$out" '^  clients that still run it: globex$' 'one client runs it still'
like "$out" '^  clients that had it: acme and globex$' 'two had it'
evidence bob root-cause "$c" pass 'run: "again"'
ask -C "$S" incidents
like "$out" '^  passed   root-cause ' 'one gate is passed'
like "$out" '^  MISSING  prevention ' 'one is not'
ask -C "$S" status
like "$out" '^  missing for .*: prevention$' 'status says so'

# What incidents name is kept, whatever its age.
ask -C "$S" kept --expire 0s
like "$out" "^held refs/heads/main.*incident|^held refs/heads/clients/acme.*incident" 'what they name is held'
ask -C "$S" kept
like "$out" "^  $(short "$c") left 20.* UTC, rollback by dana" 'the list says how it was left'

# In a clone.
mkdir "$tmp/other" && git clone -q "$S" "$tmp/other/c" 2>/dev/null
ask -C "$tmp/other/c" incidents
like "$rc:$out" '^3:' 'a clone without the ledger has none to tell'
git -C "$tmp/other/c" fetch -q origin refs/notes/stagegate:refs/notes/stagegate
ask -C "$S" incidents --all --json
server_says=$out
ask -C "$tmp/other/c" incidents --all --json
is "$rc:$out" "0:$server_says" 'a clone with it says what the server says'

git clone -q --single-branch -b clients/third "file://$S" "$tmp/other/d" 2>/dev/null
git -C "$tmp/other/d" fetch -q origin refs/notes/stagegate:refs/notes/stagegate
ask -C "$tmp/other/d" incidents main
like "$rc:$(echo "$out" | tr '\n' ' ')" "^0:.*waits for root-cause and prevention; .*commit +$(short "$c") is not" \
    'one that lacks the commit does not say what is missing'
ask -C "$tmp/other/d" incidents main --json
is "$rc:$(json 'defined $d->{incidents}[0]{gates} ? 1 : 0')" '0:0' 'nor as JSON'

evidence carol prevention "$c" pass
accepted 'the last statement'
ask -C "$S" incidents
like "$out" '^0 open, 4 closed' 'closes both'
ask -C "$S" status
unlike "$out" 'incident|locked' 'status says no more'
finish
