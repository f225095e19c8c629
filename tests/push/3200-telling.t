#!/bin/sh
# Events, as a program gets them: what is told of, to whom, in which order, once.
. "${0%/*}/lib.sh"
server
got=$tmp/got
told() { # told VERSION RULES..: the flow, with these rules
	policy <<Y
flow: tell-flow
version: $1
identity: {from: [REMOTE_USER]}
roles: {all: ["*"], release: [dana, erin], ci: [ci-bot]}
clients:
  acme: {contact: [ops@acme.example]}
  globex: {contact: [it@globex.example], hold: "freeze"}
gates:
  tests: {kind: evidence, by: [ci]}
  slow: {kind: evidence, by: [ci]}
  cause: {kind: evidence, by: [all]}
stages:
  - {name: development, refs: ["refs/heads/f/*"], push: [all], rewind: true, delete: true}
  - {name: main, refs: [refs/heads/main], push: [release], gates: [tests, slow], tags: ["refs/tags/v*"]}
  - {name: ring, clients: [acme, globex], push: [release]}
rollback: {by: [release], rewind: true, then: [cause]}
bypass: {by: [release], stages: [main], gates: [slow], approvals: 0, then: []}
notify:
$2
Y
}
all='entered, rolled-back, bypassed, refused, held, evidence, incident-closed, unobserved, delivery-failed'
record='sh, -c, "cat >>'$got'; echo >>'$got'; env >>'$tmp/env'"'
told 1.0.0 "  - {on: [$all], exec: [$record]}"
clone
events() { # events PATH: of all that came
	quiet
	member "$1" <"$got" | tr '\n' ' ' | sed 's/ $//'
}
of() { # of KIND PATH: of the newest of that kind
	jq -r "select(.event == \"$1\") | .$2" <"$got" | tail -n 1
}

c=$(commit a.txt one 'first change')
push alice "$c:refs/heads/f/a"
is "$(events event)" entered 'a branch of developers'
is "$(of entered type)" dev.cdevents.branch.created.0.3.0 'its type'
d=$(commit b.txt two 'second change')
push alice "$d:refs/heads/f/a"
is "$(of entered type)" dev.cdevents.change.updated.0.3.0 'moved on'
is "$(of entered 'data.customData | [.old, .new] | join(" ")')" "$c $d" 'whole ids, old and new'
push alice --force "$c:refs/heads/f/a"
is "$(events transition)" 'create entry rewind' 'moved back as the stage allows'
push alice :refs/heads/f/a
is "$(events event)" 'entered entered entered' 'a deletion tells nothing'
: >"$got"
push alice "$d:refs/heads/f/b"
evidence ci-bot tests "$d" pass
evidence ci-bot slow "$d" fail
is "$(events event)" 'entered evidence evidence' 'statements'
is "$(of evidence 'data.customData | [.gate, .person, .result, .commit] | join(" ")')" \
    "slow ci-bot fail $d" 'what a statement says'
push dana "$d:refs/heads/main"
refused stage.gates 'not without the gate'
is "$(of refused 'data.customData | [.code, .by, .ref, .stage, .new] | join(" ")')" \
    "stage.gates dana refs/heads/main main $d" 'a refusal'
like "$(of refused 'data.customData.texts[]')" 'slow' 'and why'
: >"$tmp/env"
push dana -o bypass="INC-1 in a hurry" "$d:refs/heads/main"
accepted 'around it'
is "$(of bypassed 'data.customData | [.reason, .by, .overridden[0], .incident] | join("|")')" \
    'INC-1 in a hurry|dana|slow|1' 'a bypass'
is "$(of bypassed 'data.customData.gates | map(.name + "=" + .state) | join(" ")')" \
    'tests=passed slow=overridden' 'its gates'
is "$(of bypassed 'data.customData.changes | map(.subject) | join(", ")')" \
    'second change, first change' 'the list of changes, newest first'
like "$(cat "$tmp/env")" '^STAGEGATE_EVENT=bypassed$' 'the environment: event'
like "$(cat "$tmp/env")" '^STAGEGATE_REF=refs/heads/main$' 'ref'
like "$(cat "$tmp/env")" "^STAGEGATE_NEW=$d\$" 'commit'
like "$(cat "$tmp/env")" "^STAGEGATE_REPOSITORY=$S\$" 'repository'
like "$(cat "$tmp/env")" '^PWD='"$S"'$' 'where it runs'
unlike "$(cat "$tmp/env")" '^(GIT_|REMOTE_USER)' 'nothing of the push'
push dana "$d:refs/heads/clients/acme" "$d:refs/heads/clients/globex"
refused stage.held 'a client that is held'
is "$(of held 'data.customData | [.client, .code, .texts[0]] | join("|")')" \
    'globex|stage.held|client globex is held: freeze' 'is an event of its own'
is "$(jq -r 'select(.event == "refused") | .ref' <"$got" | tail -n 1)" refs/heads/main \
    'what would have been fine tells nothing'
push dana "$d:refs/heads/clients/acme"
is "$(of entered type)" dev.cdevents.service.deployed.0.3.0 'a client is deployed to'
is "$(of entered 'data.subject.content | [.environment.id, .artifactId] | join(" ")')" \
    "acme pkg:generic/server@$d" 'what and where'
e=$(commit c.txt three 'third change')
push alice "$e:refs/heads/f/b"
evidence ci-bot tests "$e" pass
evidence ci-bot slow "$e" pass
push dana "$e:refs/heads/main"
is "$(of entered type)" dev.cdevents.change.merged.0.3.0 'a change is merged'
: >"$got"
push dana --force -o rollback='INC-2 it burns' -o timeline='by Friday' "$d:refs/heads/main"
accepted 'a rollback'
is "$(events event)" rolled-back 'is told'
is "$(of rolled-back type)" dev.cdevents.service.rolledback.0.3.0 'as what it is'
is "$(of rolled-back 'data.customData | [.reason, .timeline, .restored, .commit, .then[0]] | join("|")')" \
    "INC-2 it burns|by Friday|$d|$e|cause" 'reason, timeline, and what is asked'
is "$(of rolled-back 'data.customData.changes | map(.subject) | join(", ")')" 'third change' \
    'what is taken back'
evidence alice cause "$e" pass
is "$(events event)" 'rolled-back evidence incident-closed' 'the incident closes'
is "$(of incident-closed 'data.customData | [.incident, .ref, .reason] | join("|")')" \
    '2|refs/heads/main|INC-2 it burns' 'which one'
: >"$got"
git -C "$S" update-ref refs/heads/main "$e"
push alice "$e:refs/heads/f/c"
push dana "$e:refs/heads/main"
is "$(events event)" 'unobserved entered' 'a ref that was moved behind the hooks'
is "$(of unobserved ref)" refs/heads/main 'which'
"$stagegate" -C "$S" adopt main >/dev/null 2>&1
: >"$got"
push alice "$e:refs/heads/f/d"
is "$(events ref)" refs/heads/f/d 'what is adopted has not entered'

# Rules: of stages; a destination once.
told 1.1.0 "  - {on: [entered, refused, evidence], stages: [main], exec: [$record]}
  - {on: [entered], stages: [development, main], exec: [$record]}"
: >"$got"
push alice "$e:refs/heads/f/e"
is "$(events ref)" refs/heads/f/e 'of the second rule'
push alice "$e:refs/heads/other"
refused ref.denied 'of no stage'
push dana "$e:refs/heads/clients/acme"
evidence alice cause "$e" pass
is "$(events ref)" refs/heads/f/e 'other stages, and refs and gates of none, are not told'
f=$(commit d.txt four)
push alice "$f:refs/heads/f/e"
evidence ci-bot tests "$f" pass
push dana "$f:refs/heads/main"
evidence ci-bot slow "$f" pass
push dana "$f:refs/heads/main"
is "$(events event)" 'entered entered evidence refused evidence entered' 'once each, in order'
is "$(jq -r .id <"$got" | sort | uniq -d)" '' 'no id comes twice'
is "$(jq -r .source <"$got" | sort -u)" "urn:stagegate:$("$stagegate" -C "$S" id)" 'from this ledger'

# No rules, and rules again: nobody is told of what was in between.
told 1.2.0 '  []'
g=$(commit e.txt five)
push alice "$g:refs/heads/f/e"
is "$(ls "$S/stagegate/outbox/events"):$(git -C "$S" for-each-ref refs/stagegate/told)" : \
    'without rules there is nothing left of the spool'
told 1.3.0 "  - {on: [entered], exec: [$record]}"
: >"$got"
push alice "$g:refs/heads/f/g"
is "$(events ref)" refs/heads/f/g 'what comes next is told'
finish
