#!/bin/sh
# docs: code comes with documentation, or with a word that it needs none.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: docs-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
  bob: {emails: [bob@example.com]}
roles: {all: ["*"], leads: [bob]}
gates:
  documented:
    kind: docs
    code: [src/**]
    docs: [docs/**, README.md]
    or: [no-docs]
  no-docs: {kind: evidence, by: [leads]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all]}
  - name: deployment
    refs: [refs/heads/main]
    push: [all]
    gates: [documented]
Y
clone

# recorded COMMIT PATTERN TEXT: in the ledger's note of it
recorded() {
	like "$(git -C "$S" notes --ref=stagegate show "$(git rev-parse "$1")")" "$2" "$3"
}

mkdir docs
echo 'how it began' >docs/begin.md
echo 'how it is used' >docs/use.md
first=$(commit src/a.c one)
push alice "$first:refs/heads/feature/x"
push alice "$first:refs/heads/main"
accepted 'code and documentation at once'
recorded "$first" 'documented: passed' 'and the gate has passed'

# promote NAME: what is checked out, first on a branch of its own
promote() {
	c=$(git rev-parse HEAD)
	push alice "$c:refs/heads/feature/$1"
	push alice "$c:refs/heads/main"
}

undocumented() { # undocumented NAME TEXT
	promote "$1"
	refused stage.gates "$2"
	says 'FAILED +documented' "$1: it is this gate"
	ref_is refs/heads/main "$first" "$1: main has not moved"
	git checkout -q --detach "$first"
}

commit src/a.c two >/dev/null
undocumented code-alone 'code alone'
says 'src/a\.c' 'the code is named'
says 'stagegate attest no-docs --pass' 'and what would help'
commit src/a.c two >/dev/null
git rm -q docs/begin.md
git commit -q -m 'drop it'
undocumented removed 'documentation that is removed'
says 'docs/begin\.md is removed' 'it is said why that is none'
commit src/a.c two >/dev/null
git mv docs/begin.md docs/end.md
git commit -q -m 'move it'
undocumented moved 'documentation that is moved'
commit src/a.c two >/dev/null
: >docs/begin.md
git commit -q -a -m 'empty it'
undocumented emptied 'documentation that is emptied'
commit src/a.c two >/dev/null
echo >>docs/begin.md
git commit -q -a -m 'one more line'
undocumented blank 'a blank line in the documentation'
commit src/a.c two >/dev/null
chmod +x docs/begin.md
git commit -q -a -m 'make it a program'
undocumented mode 'documentation whose mode changes'
commit src/a.c two >/dev/null
ln -s begin.md docs/link.md
git add -A
git commit -q -m 'link it'
undocumented link 'a symbolic link to documentation'
commit src/a.c two >/dev/null
commit README.md words >/dev/null
git rm -q README.md
git commit -q -m 'drop it again'
undocumented back 'documentation that comes and goes'
git mv src/a.c a.c
git commit -q -m 'move the code away'
undocumented away 'code that is moved away'

# Words that main has already are nobody's new ones.
commit docs/more.md 'more of it' >/dev/null
promote words
accepted 'documentation alone'
recorded HEAD 'documented: not-applicable' 'is no business of the gate'
words=$(git rev-parse HEAD)
git checkout -q --detach "$first"
side=$(commit src/a.c two)
merged=$(merge "$side" "$words")
push alice "$merged:refs/heads/feature/side"
push alice "$merged:refs/heads/main"
refused stage.gates 'documentation that a merge of main brought'

evidence alice no-docs "$merged" pass
refused evidence.not-allowed 'not everybody may say that none is needed'
evidence bob no-docs "$side" pass
push alice "$merged:refs/heads/main"
refused stage.gates 'nor of another commit'
evidence bob no-docs "$merged" pass
push alice "$merged:refs/heads/main"
accepted 'a lead says that none is needed'
recorded "$merged" 'documented: passed' 'and that is enough'
ledger_has "^Update: $words $merged refs/heads/main" 'it is recorded'
c=$(commit src/b.c three)
git checkout -q --detach "$c"
c=$(commit docs/b.md 'about b')
push alice "$c:refs/heads/feature/y"
push alice "$c:refs/heads/main"
accepted 'code and its documentation'
finish
