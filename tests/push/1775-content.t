#!/bin/sh
# content on real pushes: lines that the change adds, and only those.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: content-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
roles: {all: ["*"]}
gates:
  clean:
    kind: content
    deny:
      - {match: '\bstrcpy\(', paths: ["**/*.[ch]"], say: "uses strcpy, which knows no bounds"}
      - {match: '(?i)do not merge'}
    conflict_markers: true
    trailing_space: true
    eol: lf
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all], rewind: true}
  - {name: integration, refs: [refs/heads/integration], push: [all], gates: [clean]}
Y
clone
base=$(commit src/a.c 'int a;')
push alice "$base:refs/heads/feature/base"
push alice "$base:refs/heads/integration"
accepted 'clean lines'
n=0
try() { # try: what is checked out, by way of a branch
	n=$((n + 1))
	push alice "HEAD:refs/heads/feature/$n"
	push alice HEAD:refs/heads/integration
}
bad() { # bad FINDING TEXT
	try
	refused stage.gates "$2"
	says "$1" '.. which is told'
	git checkout -q --detach "$base"
}
good() {
	try
	accepted "$1"
	base=$(git rev-parse HEAD)
}
commit src/a.c 'int a;
strcpy(a, b);' >/dev/null
bad 'src/a.c:2 uses strcpy, which knows no bounds' 'a line that is denied'
printf '\0\nstrcpy(a, b);\n' >src/b.c
git add -A
git commit -q -m zero
bad 'src/b.c:2 uses strcpy' 'a zero byte hides nothing'
printf 'strcpy(a, b);\r\n' >src/b.c
git add -A
git commit -q -m crlf
bad 'src/b.c:1 uses strcpy' 'nor does a CR LF'
says 'src/b.c:1 ends in CR LF, not in LF' 'which is told too'
printf '*.c -text -diff binary\n' >.gitattributes
commit src/b.c 'strcpy(a, b);' >/dev/null
bad 'src/b.c:1 uses strcpy' 'nor do attributes'
commit notes.txt 'Do NOT merge' >/dev/null
bad 'notes.txt:1 must not match .\(\?i\)do not merge.' 'a rule without words'
printf 'a\nb \n' >notes.txt
git add -A
git commit -q -m blank
bad 'notes.txt:2 ends in blanks' 'blanks at the end of a line'

# a conflict that git made, committed as it is
left=$(commit both.txt 'left')
git checkout -q --detach "$base"
commit both.txt 'right' >/dev/null
git -c merge.conflictStyle=diff3 merge -q "$left" >/dev/null 2>&1
git add -A
git commit -q -m 'merge'
try
refused stage.gates "a conflict's markers"
for line in 1 3 4 6; do
	says "both.txt:$line is a conflict marker" "in line $line"
done
git checkout -q --detach "$base"

commit README.rst 'Heading
=======' >/dev/null
good 'a heading is no conflict'
commit src/c.py 'strcpy(a, b)' >/dev/null
good 'a path that the rule is not about'
printf 'strcpy \0 \r\n<<<<<<< x\n' >image.bin
git add -A
git commit -q -m binary
good 'a binary file has no lines'
commit gone.txt 'do not merge' >/dev/null
git rm -q gone.txt
git commit -q -m 'take it away'
commit a.txt a >/dev/null
good 'what the next commit takes away is not in the change'

# what is there already is nobody's new line
policy <<'Y'
flow: content-flow
version: 1.1.0
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
roles: {all: ["*"]}
gates:
  clean: {kind: content, deny: {match: '^int|Heading'}}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [all], rewind: true}
  - {name: integration, refs: [refs/heads/integration], push: [all], gates: [clean]}
Y
commit src/a.c 'first
int a;' >/dev/null
good 'a line that was there'
git mv src/a.c src/z.c
git commit -q -m 'rename it'
good 'a file that is renamed'
cp src/z.c src/copy.c
git add -A
git commit -q -m 'copy it'
bad 'src/copy.c:2 must not match' 'a copy is new'
finish
