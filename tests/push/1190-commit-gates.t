#!/bin/sh
# message, author, paths and size on real pushes.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: gates-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
people:
  alice: {emails: [alice@example.com]}
roles: {all: ["*"], admins: [root-admin]}
gates:
  title:
    kind: message
    subject: {min: 5, max: 50, deny: "^(fixup|squash)!"}
    trailers: [Ticket]
  who: {kind: author, known: true, pusher: author}
  tidy:
    kind: paths
    deny: ["**/*.o", secret/**]
    only: {"deploy/**": [admins]}
    portable: true
    symlinks: deny
  small: {kind: size, file: 10KiB, files: 20}
always: [small]
stages:
  - name: development
    refs: ["refs/heads/feature/*"]
    push: [all]
    rewind: true
    gates: [title, who, tidy]
Y
clone
ticket='

Ticket: T-1'
c=$(commit a.txt one "change a$ticket")
push alice "$c:refs/heads/feature/good"
accepted 'a commit that fits'
n=0
try() { # try ROW TEXT: what was just committed
	n=$((n + 1))
	push alice "HEAD:refs/heads/feature/bad-$n"
	refused stage.gates "$2"
	says "FAILED +$1" "$1 says so"
	git checkout -q --detach "$c"
}
commit b.txt two 'no ticket' >/dev/null
try title 'a trailer is missing'
commit b.txt two "fixup! change a$ticket" >/dev/null
try title 'a subject that is denied'
commit b.txt two "abc$ticket" >/dev/null
try title 'too short'
commit b.txt two "$(printf 'x%.0s' $(seq 60))$ticket" >/dev/null
try title 'too long'
says '60' 'with its length'
GIT_AUTHOR_EMAIL=nobody@example.org commit b.txt two "change b$ticket" >/dev/null
try who 'an author nobody knows'
commit lib/x.o object "change x$ticket" >/dev/null
try tidy 'a path that is denied'
says 'lib/x\.o' 'it is named'
commit deploy/run.sh run "change deploy$ticket" >/dev/null
try tidy 'a path for admins'
commit README one "change r$ticket" >/dev/null
commit readme two "change r$ticket" >/dev/null
try tidy 'twins by case'
commit aux.c one "change aux$ticket" >/dev/null
try tidy 'a name that Windows reserves'
ln -s /etc/passwd link
git add link
git commit -q -m "change link$ticket"
try tidy 'a symbolic link'
head -c 20000 /dev/zero | tr '\0' x >big.txt
git add big.txt
git commit -q -m "change big$ticket"
try small 'a file that is too big'
git checkout -q --detach "$c"
commit b.txt bad 'bad' >/dev/null
git commit -q --amend -m 'bad'
commit b.txt good "good one$ticket" >/dev/null
push alice HEAD:refs/heads/feature/hidden
refused stage.gates 'a bad commit under a good one'
says "$(git rev-parse --short=8 HEAD^)" 'is named'
git checkout -q --detach "$c"
commit secret/x one "add it$ticket" >/dev/null
git rm -q secret/x
git commit -q -m "remove it$ticket"
push alice HEAD:refs/heads/feature/net
accepted 'deny looks at the net change'
finish
