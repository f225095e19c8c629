#!/bin/sh
# Rings of clients: quorum and soak by real pushes, holds, versions that are
# skipped, what never was in the ring before, and a hot-fix lane beside.
. "${0%/*}/lib.sh"
server
rings() { # rings VERSION QUORUM SOAK
	policy <<Y
flow: rings
version: $1
identity: {from: [REMOTE_USER]}
people: {alice: {emails: [alice@example.com]}}
roles: {developers: [alice], release: [dana]}
clients:
  a1: {}
  a2: {}
  a3: {}
  a4: {hold: "inventory"}
  b1: {}
  b2: {hold: "contract freeze"}
  c1: {}
gates:
  urgent: {kind: evidence, by: [developers], when: {stages_from: [hotfix]}}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [developers]}
  - {name: product, refs: [refs/heads/main], push: [developers], tags: ["refs/tags/v*"]}
  - {name: hotfix, refs: [refs/heads/hotfix], from: [development], push: [developers]}
  - {name: canary, clients: [a1, a2, a3, a4], from: [product], push: [release]}
  - {name: early, clients: [b1, b2], from: [canary, hotfix], push: [release], quorum: $2, soak: $3, gates: [urgent]}
  - {name: general, clients: [c1], from: [early], push: [release], quorum: all}
Y
}
change() { # change FILE: a commit that is on a branch of development
	c=$(commit "$1" "$1" "change $1")
	push alice "$c:refs/heads/feature/$1"
	echo "$c"
}
product() { # product FILE: one that is in main
	c=$(change "$1")
	push alice "$c:refs/heads/main"
	echo "$c"
}
to() { # to COMMIT CLIENT..: one push
	of=$1
	shift
	specs=
	for name; do
		specs="$specs $of:refs/heads/clients/$name"
	done
	# shellcheck disable=SC2086 # several words
	push dana --atomic $specs
}

# --- one of a ring ---
rings 1.0.0 1 0s
clone
one=$(product one.txt)
to "$one" b1
refused stage.skip 'a later ring waits for the one before it'
to "$one" a1 a4
refused stage.held 'a client that is held'
says 'client a4 is held: inventory' 'is told why'
ref_is refs/heads/clients/a1 '' 'and holds back the push that it is in'
to "$one" a1
accepted 'the first of the ring'
to "$one" b1
accepted 'one is enough'
to "$one" b2
refused stage.held 'but not for who is held'
says 'client b2 is held: contract freeze' 'who is told why'
to "$one" c1
accepted 'of two, one held: that is all of the ring'

# --- half of three: the fourth is held; shares round up; soak ---
rings 1.1.0 50% 5s
two=$(product two.txt)
to "$two" a1
accepted 'the next version on one of three'
to "$two" b1
refused stage.quorum 'half of three is two'
says 'on 1 of 3 in canary, 2 needed' 'the held one is not counted'
says 'not on refs/heads/clients/a2' 'who lacks it'
unlike "$out" 'clients/a4' 'not the held one'
to "$two" a2
accepted 'on two of three'
to "$two" b1
refused stage.soak 'for too short a time'
says 'hint: soak: may enter after 20' 'and until when'
sleep 5
to "$two" b1
accepted 'after that time'

# --- all of them, by a client that skips a version ---
rings 1.2.0 all 0s
three=$(product three.txt)
to "$three" a1 a2
accepted 'a third version'
to "$three" b1
refused stage.quorum 'all are three'
to "$three" a3
accepted 'a client that never had the first two takes the third'
to "$three" b1
accepted 'all have it'
is "$(git rev-list --count "$three" "^$one")" 2 'who skipped versions'
four=$(product four.txt)
five=$(product five.txt)
to "$five" a1 a2 a3
accepted 'the ring skips a version'
to "$four" b1
refused stage.skip 'what was never in the ring before'
says 'has not been through canary' 'is told'
to "$five" b1
accepted 'what contains it is'

# --- ways around the ring ---
six=$(product six.txt)
to "$six" b1
refused stage.skip 'pushed straight'
m=$(merge "$five" "$six")
to "$m" b1
refused stage.skip 'as a merge of it'
m=$(merge "$six" "$five" 2>/dev/null)
to "${m:-$six}" b1
refused stage.skip 'as a merge the other way'
m=$(git commit-tree -p "$five" -p "$six" -m ours "$five^{tree}" </dev/null)
to "$m" b1
refused stage.skip 'as a merge that hides it'
to "$six" a1
accepted 'one canary has it'
to "$six" b1
refused stage.quorum 'one is not all'
push dana "$six:refs/heads/clients/a1" "$six:refs/heads/clients/a2" "$six:refs/heads/clients/a3" "$six:refs/heads/clients/b1"
refused stage.quorum 'nor does the same push count'
ref_is refs/heads/clients/a2 "$five" 'of which nothing is taken'
to "$five" c1
accepted 'the last ring takes what the one before it has'
to "$six" c1
refused stage.skip 'but not the tip of a ring further up'
push alice "$six:refs/tags/v6"
accepted 'a tag of the product'
git tag -a -m v6 annotated "$six"
push dana annotated:refs/heads/clients/b1
is "$rc" 1 'is no way into a ring'
ref_is refs/heads/clients/b1 "$five" 'it is where it was'
push dana "v6^{commit}:refs/heads/clients/b1" 2>/dev/null
ref_is refs/heads/clients/b1 "$five" 'by its name either'
push dana --force "$three:refs/heads/clients/b1"
refused stage.rewind 'an older tip'
push dana :refs/heads/clients/b1
refused stage.delete 'nor to leave and come again'

# --- the hot-fix lane ---
rings 1.3.0 1 0s
git checkout -q --detach "$five"
fix=$(change fix.txt)
to "$fix" b1
refused stage.skip 'a hot fix that is on a branch alone'
sleep 1
push alice "$fix:refs/heads/hotfix"
accepted 'in its lane'
out=$("$stagegate" -C "$S" rollout --as dana 2>&1)
says "^roll-out of $(git rev-parse --short=8 "$fix")" 'what came last to where the rings begin is rolled out'
says '^  from  hotfix \(hotfix\), ' 'which is said'
says '^  not   main \(product\), .*: stagegate rollout main asks' 'and what stands beside it'
says '^a2 +canary .*has not been through product$' 'the canaries wait for main'
says '^b1 +early .*MISSING urgent$' 'the ring that takes from there lacks one word'
to "$fix" a2
refused stage.skip 'the canaries do not take from there'
to "$fix" b1
refused stage.gates 'the ring after them does, but it must be urgent'
says 'MISSING +urgent' 'which nobody has said'
evidence alice urgent "$fix" pass
to "$fix" b1
accepted 'now it goes past the canaries'
ledger_has "^Update: $five $fix refs/heads/clients/b1 early fast-forward accepted" 'which the ledger has'
to "$six" a2 a3
accepted 'the main lane goes on beside it'
git checkout -q --detach "$six"
m=$(merge "$fix" "$six")
git fetch -q origin '+refs/heads/*:refs/remotes/origin/*' '+refs/notes/stagegate:refs/notes/stagegate'
out=$("$stagegate" try refs/heads/clients/b1 "$m" --as dana 2>&1)
is "$?" 0 'and is merged into what has the fix'
says 'not-applicable +urgent' 'where the gate of the other lane is not asked'
to "$m" b1
accepted 'nor by the hooks'
is "$(git -C "$S" log -1 --format=%B refs/notes/stagegate | grep -c 'early merge accepted')" 1 'by a merge'
git checkout -q --detach "$fix"
second=$(change second.txt)
push alice "$second:refs/heads/hotfix"
evidence alice urgent "$second" fail
m=$(merge "$m" "$second")
to "$m" b1
refused stage.gates 'a second fix of which somebody says no'
evidence alice urgent "$second" pass
to "$m" b1
accepted 'and then yes'
ref_is refs/heads/clients/b1 "$m" 'is merged too'
finish
