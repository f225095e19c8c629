#!/bin/sh
# Four at once push what chance says (loop.pl): features, promotions, rewinds,
# deletions, statements, tags, some as it should be done and some not.
# Afterwards nothing is lost, and refs, ledger and what the pushers were told
# agree.  STAGEGATE_LOOP=2000 is how many pushes they make together (`make loop`
# does that), SEED=N lets chance say other things.
. "${0%/*}/lib.sh"
: "${STAGEGATE_LOOP:=160}" "${SEED:=$(date +%s)}"
note "SEED=$SEED STAGEGATE_LOOP=$STAGEGATE_LOOP"
server
policy <<'Y'
flow: loop
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: [p1, p2, p3, p4]}
clients:
  acme: {contact: [ops@acme.example]}
  globex: {contact: [it@globex.example]}
gates:
  tests: {kind: evidence, by: [all]}
  slow: {kind: evidence, by: [all]}
stages:
  - {name: scratch, refs: ["refs/heads/wip/*"], from: [], push: [all], rewind: true, delete: true}
  - {name: development, refs: ["refs/heads/feature/*"], from: [], push: [all], rewind: true, delete: true, keep: true}
  - name: integration
    refs: [refs/heads/integration]
    push: [all]
    accept: [fast-forward, merge, squash]
    gates: [tests]
    rewind: true
  - name: release
    refs: ["refs/heads/release/*"]
    from: [integration]
    push: [all]
    rewind: true
    delete: true
  - name: deployment
    refs: [refs/heads/main]
    from: [integration]
    push: [all]
    gates: [slow]
    rewind: true
    tags: ["refs/tags/v*"]
  - name: customers
    clients: [acme, globex]
    push: [all]
    delete: true
other_refs: allow
Y
clone
base=$(commit everybody nothing)
push p1 "$base:refs/heads/feature/first"
evidence p1 tests "$base" pass
evidence p1 slow "$base" pass
push p1 "$base:refs/heads/integration"
push p1 "$base:refs/heads/main"
accepted 'a commit on main'

mkdir "$tmp/told" "$tmp/told/done"
git -C "$S" rev-parse refs/notes/stagegate >"$tmp/told/begin"
share=$((STAGEGATE_LOOP / 4))
for i in 1 2 3 4; do
	git init -q --bare "$tmp/p$i.git"
	echo "$S/objects" >"$tmp/p$i.git/objects/info/alternates"
	(
		cd "$tmp/p$i.git" &&
		    perl "$here/loop.pl" push "$tmp/told" "$S" "p$i" "$share" "$SEED"
	) >"$tmp/told/out-$i" 2>&1 &
done
wait
is "$(cat "$tmp"/told/out-* | head -n 20)" '' 'nothing went wrong with the pushers themselves'
perl "$here/loop.pl" judge "$tmp/told" "$S" "$stagegate" >"$tmp/judged" 2>&1 ||
	echo 'not ok - the end is judged' >>"$tmp/judged"
while IFS= read -r line; do
	case $line in
	'ok - '*) ok 0 "${line#ok - }" ;;
	'not ok - '*) ok 1 "${line#not ok - }" ;;
	'#'*) printf '%s\n' "$line" ;;
	*) note "$line" ;;
	esac
done <"$tmp/judged"
is "$(find "$S/stagegate" -name '*.lock' -o -path '*/plans/*' | head -n 3)" '' 'no plan and no lock is left'
finish
