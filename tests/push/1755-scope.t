#!/bin/sh
# scope: a module's branch changes that module's paths and shared ones.
. "${0%/*}/lib.sh"
server
cat >"$tmp/modules.yml" <<'Y'
modules:
  billing: [src/billing/**]
Y
chmod 644 "$tmp/modules.yml"
policy <<'Y'
flow: scope-flow
version: 1.0.0
include: [modules.yml]
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
modules:
  web: [src/web/**]
gates:
  in-scope: {kind: scope, shared: [README.md], help: see docs/modules.md}
stages:
  - name: development
    refs: ["refs/heads/feature/{module}/*", "refs/heads/misc/*"]
    push: [all]
    rewind: true
    gates: [in-scope]
  - {name: deployment, refs: [refs/heads/main], push: [all], gates: [in-scope]}
Y
clone
mkdir -p src/web src/billing
echo one >src/web/a.c
echo one >src/billing/a.c
first=$(commit Makefile all:)
push alice "$first:refs/heads/misc/first"
accepted 'a ref without a module may change anything'
push alice "$first:refs/heads/main"
accepted 'a stage without modules too'

within=$(commit src/web/b.c two)
within=$(commit README.md 'about b')
push alice "$within:refs/heads/feature/web/b"
accepted 'within the module, and what is shared'
like "$(git -C "$S" notes --ref=stagegate show "$within")" 'in-scope: passed' \
    'and the gate has passed'

outside() { # outside REF TEXT: what is checked out
	push alice "+HEAD:$1"
	refused stage.gates "$2"
	says 'FAILED +in-scope' 'it is this gate'
	git checkout -q --detach "$first"
}

git checkout -q --detach "$first"
commit src/billing/a.c two >/dev/null
outside refs/heads/feature/web/x 'a path of another module'
says "src/billing/a\.c is of module 'billing'" 'it is named, and whose it is'
says 'see docs/modules\.md' 'and where to read on'
ref_is refs/heads/feature/web/x '' 'the ref was not made'
git rm -q Makefile
git commit -q -m 'drop it'
outside refs/heads/feature/web/x 'a path that is removed'
git mv src/billing/a.c src/web/c.c
git commit -q -m 'take it over'
outside refs/heads/feature/web/x 'a path that is renamed into the module'
git mv src/web/a.c a.c
git commit -q -m 'give it away'
outside refs/heads/feature/web/x 'a path that is renamed out of it'
chmod +x Makefile
git commit -q -a -m 'make it a program'
outside refs/heads/feature/web/x 'a mode'
git checkout -q --detach "$within"
commit src/billing/a.c two >/dev/null
outside refs/heads/feature/web/b 'one more commit on a branch that was fine'
ref_is refs/heads/feature/web/b "$within" 'which has not moved'
commit src/billing/a.c two >/dev/null
commit src/web/a.c two >/dev/null
outside refs/heads/feature/web/b 'a forced push, under a good commit'
side=$(commit src/web/d.c side)
merged=$(merge "$within" "$side")
git checkout -q --detach "$merged"
echo evil >src/billing/a.c
git commit -q -a --amend --no-edit
outside refs/heads/feature/web/m 'a merge that brings what neither side has'

commit src/billing/a.c two >/dev/null
billing=$(git rev-parse HEAD)
push alice "$billing:refs/heads/feature/billing/x"
accepted 'a module of an included file'
push alice "$billing:refs/heads/feature/bilking/x"
refused ref.denied 'a word that is no module is no ref of the stage'
push alice "$billing:refs/heads/feature/Billing/x"
refused ref.reserved 'nor is one in other letters'
push alice "$billing:refs/heads/main"
accepted 'what is promoted'
merged=$(merge "$within" "$billing")
push alice "$merged:refs/heads/feature/web/b"
accepted "what main holds is not the branch's own"
finish
