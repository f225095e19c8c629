#!/bin/sh
# always: gates that run on every pushed ref; host_refs, which a host makes
# itself: forced and deleted as it likes, but judged.
. "${0%/*}/lib.sh"
server
policy <<'Y'
flow: always-flow
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
always: [small, no-binaries]
gates:
  small: {kind: size, file: 1KiB, help: "Large files live elsewhere."}
  no-binaries: {kind: paths, deny: ["**/*.exe"]}
stages:
  - name: development
    refs: ["refs/heads/feature/*"]
    push: [all]
  - name: integration
    refs: [refs/heads/integration]
    push: [all]
    tags: ["refs/tags/v*"]
other_refs: allow
host_refs: ["refs/pull/*/head"]
Y
clone
base=$(commit a.txt one)
push alice "$base:refs/heads/feature/base"
push alice "$base:refs/heads/integration"
accepted 'what is small passes'

head -c 2000 /dev/zero | tr '\0' x >big.txt
big=$(commit b.txt two 'with a big file')
push alice "$big:refs/heads/feature/big"
refused stage.gates 'a stage ref'
says 'FAILED +small' 'the row'
for ref in refs/heads/other refs/tags/other refs/notes/other refs/pull/1/head; do
	push alice "$big:$ref"
	refused ref.gates "$ref"
	says "error: $ref: refused \\[ref\\.gates\\]" 'it is the heading'
	says 'FAILED +small +.*big\.txt|big\.txt' 'the file is named'
	says 'hint: small: Large files live elsewhere\.' 'the help of the policy is shown'
done
git tag -a -m annotated annotated "$big"
push alice refs/tags/annotated
refused ref.gates 'an annotated tag of it'
git rm -q big.txt
git commit -q -m 'removed again'
push alice HEAD:refs/heads/other
refused ref.gates 'removed again it is still in the history'
git checkout -q --detach "$base"
exe=$(commit bin/x.exe one)
push alice "$exe:refs/pull/1/head"
refused ref.gates 'a path gate too'
says 'bin/x\.exe' 'the path is named'
is "$(refs | grep -cv -e feature -e integration)" 0 'none of these refs was made'

git checkout -q --detach "$base"
good=$(commit c.txt three)
push alice "$good:refs/heads/other" "$good:refs/tags/other" "$good:refs/pull/1/head"
accepted 'small ones pass'
ledger_has "^Update: 0{40} $good refs/pull/1/head - other accepted" 'and are recorded as no stage'
push alice "$good:refs/heads/integration"
refused stage.skip 'a host ref is no stage to come from'
git checkout -q --detach "$base"
again=$(commit d.txt four)
push alice --force "$again:refs/pull/1/head"
accepted 'a host ref is forced'
push alice :refs/pull/1/head
accepted 'and deleted'
push alice :refs/heads/other
accepted 'other refs too'
push alice "$big:refs/pull/head"
refused ref.denied 'a name that host_refs does not have'
finish
