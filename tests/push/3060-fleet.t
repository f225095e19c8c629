#!/bin/sh
# 200 clients in three rings, phase by phase, with holds and a rollback half way;
# each of them hears of what it gets and of nobody else.
. "${0%/*}/lib.sh"
server
FIRST=20 SECOND=100 THIRD=80
names() { # names RING COUNT
	seq -f "$1%03g" -s, "$2"
}
fleet() { # fleet VERSION HELD.. : these clients are held
	version=$1
	shift
	{
		cat <<Y
flow: fleet
version: $version
identity: {from: [REMOTE_USER]}
people: {alice: {emails: [alice@example.com]}}
roles: {developers: [alice], release: [dana]}
gates:
  feedback: {kind: evidence, by: [developers]}
  root-cause: {kind: evidence, by: [developers]}
stages:
  - {name: product, refs: [refs/heads/main], push: [developers]}
  - {name: canary, clients: [$(names a $FIRST)], push: [release]}
  - {name: early, clients: [$(names b $SECOND)], push: [release], quorum: 50%, soak: 1s, gates: [feedback]}
  - {name: general, clients: [$(names c $THIRD)], push: [release], quorum: all}
rollback: {by: [release], then: [root-cause]}
notify:
  - {on: [entered, rolled-back], stages: [canary, early, general], mail: ["@clients"]}
clients:
Y
		for name in $(seq -f 'a%03g' $FIRST) $(seq -f 'b%03g' $SECOND) $(seq -f 'c%03g' $THIRD); do
			case " $* " in
			*" $name "*) echo "  $name: {contact: it@$name.example, hold: \"$name is closed\"}" ;;
			*) echo "  $name: {contact: it@$name.example}" ;;
			esac
		done
	} | policy
}
# phase REF-PREFIX COUNT COMMIT WHAT: the next phase is pushed at once
phase() {
	before=$(ledger_length)
	start=$(date +%s%N)
	out=$(REMOTE_USER=dana "$stagegate" rollout --next --push origin 2>&1)
	rc=$?
	ms=$((($(date +%s%N) - start) / 1000000))
	accepted "$4"
	note "$2 clients in $ms ms"
	is "$(on "$1" "$3")" "$2" "$4: all of them"
	is $(($(ledger_length) - before)) 1 "$4: in one push"
}
ledger_length() {
	git -C "$S" rev-list --count refs/notes/stagegate
}
on() { # on PREFIX COMMIT: how many such clients run it
	git -C "$S" for-each-ref --format='%(objectname)' "refs/heads/clients/$1*" | grep -c "$2"
}
nobody() { # nobody PATTERN WHAT
	out=$(REMOTE_USER=dana "$stagegate" rollout --next --push origin 2>&1)
	rc=$?
	is "$rc" 1 "$2"
	says "$1" "$2: why"
}

mkdir "$tmp/mails"
cat >"$tmp/sendmail" <<X
#!/bin/sh
cat >"\$(mktemp "$tmp/mails/XXXXXXXX")"
X
chmod 755 "$tmp/sendmail"
git -C "$S" config stagegate.sendmail "$tmp/sendmail"
fleet 1.0.0 b007 c080
clone
one=$(commit a.txt one)
push alice "$one:refs/heads/main"
phase a 20 "$one" 'the first ring'
nobody '^b001 .*MISSING feedback' 'the second wants feedback'
evidence alice feedback "$one" pass
sleep 1
phase b 99 "$one" 'the second ring, but for one that is held'
ref_is refs/heads/clients/b007 '' 'which has got nothing'
phase c 79 "$one" 'the third: who is held does not count'
nobody '^b007 .*held: b007 is closed' 'who is held is left'

# --- the second version, and one client of the second ring goes back ---
two=$(commit b.txt two)
push alice "$two:refs/heads/main"
fleet 1.1.0 c080
evidence alice feedback "$two" pass
phase a 20 "$two" 'the second version'
sleep 1
phase b 100 "$two" 'nobody is held in the second ring: one skips a version'
out=$(REMOTE_USER=dana "$stagegate" rollback clients/b050 --reason 'INC-7 slow' --push origin 2>&1)
rc=$?
accepted 'one of them goes back'
nobody '^c001 .*quorum: on 99 of 100 in early, 100' 'the third ring waits for it'
says '^b050 .*locked by incident 1' 'it is locked itself'
push dana "$two:refs/heads/clients/c001"
refused stage.quorum 'a push by hand is refused as well'
evidence alice root-cause "$two" pass
out=$(REMOTE_USER=dana "$stagegate" rollout --next --push origin 2>&1)
rc=$?
accepted 'understood, it takes the same once more'
is "$(git -C "$S" rev-parse 'refs/heads/clients/b050^2')" "$two" 'by a merge'
phase c 79 "$two" 'then the third goes on'
out=$(REMOTE_USER=dana "$stagegate" -C "$S" rollout --json | python3 -c '
import json, sys
clients = json.load(sys.stdin)["clients"]
print(len(clients), *[c["name"] for c in clients if c["why_not"]])')
is "$out" '200 c080' 'all but the one that is held'
is "$(on b007 "$two")" 1 'the one that was held has the newest alone'

# --- the mails: one for each time that a ref moved ---
quiet
git -C "$S" log --format=%B refs/notes/stagegate |
	sed -n 's,^Update: [^ ]* [^ ]* refs/heads/clients/\([^ ]*\) .*,\1,p' | sort >"$tmp/moved"
cat "$tmp/mails"/* | sed -n 's/^To: it@\(.*\)\.example$/\1/p' | sort >"$tmp/told"
is "$(wc -l <"$tmp/moved")" 399 'clients were updated 399 times'
is "$(diff "$tmp/moved" "$tmp/told" | head -n 5)" '' 'each was told each time'
for mail in "$tmp/mails"/*; do
	grep -Eo '\b[abc][0-9]{3}\b' "$mail" | sort -u | grep -Ev "^$(sed -n 's/^To: it@\(.*\)\.example$/\1/p' "$mail")\$"
done >"$tmp/others"
is "$(grep -c . "$tmp/others")" 0 'and no mail names another'
is "$(grep -l '^X-Stagegate-Event: rolled-back' "$tmp/mails"/* | xargs grep -h '^To: it')" 'To: it@b050.example' \
    'the one that went back hears why'
finish
