#!/bin/sh
# when: a gate whose conditions do not all hold is not applicable, which lets
# pass and is shown.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: when-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
  newcomer: {emails: [new@example.com]}
roles: {all: ["*"], newcomers: [newcomer]}
gates:
  g-paths: {kind: evidence, by: [all], when: {paths: ["src/**"]}}
  g-not-paths: {kind: evidence, by: [all], when: {not_paths: ["docs/**", "*.md"]}}
  g-from: {kind: evidence, by: [all], when: {stages_from: [hotfix]}}
  g-authors: {kind: evidence, by: [all], when: {authors: [newcomers]}}
  g-trailer: {kind: evidence, by: [all], when: {trailer: "Risk: high"}}
  g-lines: {kind: evidence, by: [all], when: {lines_over: 5}}
  g-both: {kind: evidence, by: [all], when: {paths: ["src/**"], trailer: "Risk: high"}}
  g-title: {kind: message, subject: {max: 20}, when: {paths: ["src/**"]}}
  stop: {kind: evidence, by: [all]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - {name: hotfix, refs: ["refs/heads/hotfix/*"], from: [], push: [all]}
  - name: integration
    refs: [refs/heads/integration]
    from: [development, hotfix]
    push: [all]
    gates: [g-paths, g-not-paths, g-from, g-authors, g-trailer, g-lines, g-both, g-title, stop]
Y
clone
base=$(commit README.md one)
push alice "$base:refs/heads/feature/base"
push alice "$base:refs/heads/integration"
refused stage.gates 'only what applies is asked'
says 'not-applicable +g-paths' 'a readme is no source'
says 'MISSING +stop' 'stop always is asked'
evidence ci stop "$base" pass
push alice "$base:refs/heads/integration"
accepted 'what is not applicable lets pass'
ledger_has "^Update: 0{40} $base refs/heads/integration integration create accepted" 'it is recorded'

n=0
# asked GATES: of the commit that HEAD is, pushed from SOURCE (or feature)
asked() {
	n=$((n + 1))
	push alice "HEAD:refs/heads/${SOURCE:-feature}/c-$n"
	push alice HEAD:refs/heads/integration
	got=$(printf '%s\n' "$out" | sed -n 's/^remote:   \(MISSING\|FAILED\) *\(g-[a-z-]*\).*/\2/p' | tr '\n' ' ')
	is "$got" "$1" "$2"
	is "$(printf '%s\n' "$out" | grep -cE '^remote:   [A-Za-z-]+ +(g-|stop)')" 9 'all rows are shown'
	git checkout -q --detach "$base"
}
commit docs/a.txt one >/dev/null
asked '' 'only docs'
commit other.txt one >/dev/null
asked 'g-not-paths ' 'something that is not left out'
commit docs/a.txt one >/dev/null
commit other.txt one >/dev/null
asked 'g-not-paths ' 'beside something that is'
commit src/x.c one >/dev/null
asked 'g-paths g-not-paths ' 'source'
commit src/x.c one 'a subject of more than twenty characters' >/dev/null
asked 'g-paths g-not-paths g-title ' 'a commit gate too has conditions'
commit docs/x one 'a subject of more than twenty characters' >/dev/null
asked '' 'that leave it out'
SOURCE=hotfix
commit docs/x one >/dev/null
asked 'g-from ' 'from the other stage'
SOURCE=feature
GIT_AUTHOR_EMAIL=NEW@example.com commit docs/x one >/dev/null
commit docs/x two >/dev/null
asked 'g-authors ' 'one commit of an author who is new'
commit docs/x one 'docs

risk: high' >/dev/null
commit docs/x two >/dev/null
asked 'g-trailer ' 'a trailer, its key in any case'
commit docs/x one 'docs

Risk: higher' >/dev/null
asked '' 'another value'
commit src/x.c one 'both

Risk: high' >/dev/null
asked 'g-paths g-not-paths g-trailer g-both ' 'both conditions'
commit docs/x "$(seq 5)" >/dev/null
asked '' 'five lines are not over five'
commit docs/x "$(seq 6)" >/dev/null
asked 'g-lines ' 'six are'
commit docs/x "$(seq 40)" >/dev/null
git rm -q docs/x
git commit -q -m 'removed again'
commit docs/y one >/dev/null
asked '' 'what came and went is no change'

c=$(commit src/x.c one)
push alice "$c:refs/heads/feature/good"
for gate in g-paths g-not-paths stop; do
	evidence ci $gate "$c" pass
done
push alice "$c:refs/heads/integration"
accepted 'with all that applies it enters'
like "$(git -C "$S" log -1 --notes=stagegate "$c")" 'g-lines: "?not-applicable' 'the record says what did not apply'
finish
