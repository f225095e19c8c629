#!/bin/sh
# The spool: at least once, in order for each destination, none invented, whatever
# is lost, damaged or killed; what can't be delivered is given up in the open.
. "${0%/*}/lib.sh"
server
got=$tmp/got
flow() { # flow VERSION RULES
	policy <<Y
flow: spool-flow
version: $1
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/f/*"], push: [all]}
notify:
$2
Y
}
record='sh, -c, "cat >>'$got'; echo >>'$got'"'
flow 1.0.0 "  - {on: [entered, delivery-failed], exec: [$record]}"
clone
c=$(commit a.txt one)
n=0
pushed() {
	n=$((n + 1))
	push alice "$c:refs/heads/f/$n"
}
came() { # refs in the order in which they came
	quiet
	jq -rs 'map(.ref) | join(" ")' <"$1" | sed 's,refs/heads/f/,,g'
}
outbox() {
	"$stagegate" -C "$S" outbox 2>&1 | tr '\n' ' ' | tr -s ' '
}
due() {
	sed -i 's/"next":[0-9]*/"next":0/' "$S"/stagegate/outbox/to/*
}
spool=$S/stagegate/outbox

# A post-receive that never ran, or was killed before it had told anybody.
pushed
is "$(came "$got")" 1 'the first push is told'
mv "$S/hooks/post-receive" "$tmp/post-receive"
pushed
mv "$tmp/post-receive" "$S/hooks/post-receive"
is "$(came "$got")" 1 'a post-receive that did not run'
pushed
is "$(came "$got")" '1 2 3' 'the next hook makes up for it'
mv "$S/hooks/post-receive" "$tmp/post-receive"
pushed
mv "$tmp/post-receive" "$S/hooks/post-receive"
push alice "$c:refs/heads/nowhere"
refused ref.denied 'one that is refused'
is "$(came "$got")" '1 2 3 4' 'does so too'

# The spool is lost, or half of it.
rm -rf "$spool"
pushed
is "$(came "$got")" '1 2 3 4 5' 'a spool that is lost when all was told'
printf '#!/bin/sh\nexit 1\n' >"$tmp/never"
chmod 755 "$tmp/never"
cp "$tmp/never" "$tmp/late"
flow 1.1.0 "  - {on: [entered], exec: [$record]}
  - {on: [entered], exec: [$tmp/late]}"
pushed
pushed
quiet
rm -rf "$S/stagegate"/outbox
printf '#!/bin/sh\ncat >>%s; echo >>%s\n' "$tmp/late.got" "$tmp/late.got" >"$tmp/late"
pushed
is "$(came "$tmp/late.got")" '6 7 8' 'lost with something in it: made up from the ledger'
is "$(came "$got" | tr ' ' '\n' | sort -nu | tr '\n' ' ')" '1 2 3 4 5 6 7 8 ' 'others may hear of it twice'
is "$(jq -r '.id + .ref' <"$got" | sort -u | wc -l)" 8 'with the id that it had'
: >"$got"
: >"$tmp/late.got"
rm "$spool/cursor"
pushed
is "$(came "$got") $(came "$tmp/late.got")" "$n $n" 'a lost cursor'
rm "$spool"/to/*
pushed
is "$(came "$got")" "$((n - 1)) $n" 'lost places of destinations'
printf 'damaged' >"$spool/cursor"
pushed
is "$(came "$got")" "$((n - 2)) $((n - 1)) $n" 'a damaged cursor'
printf '{"v":1}\n' >"$spool/events/0000000000000001"
pushed
accepted 'a damaged batch is in nobody'"'"'s way'
like "$(outbox)" "events/0000000000000001 can't be read" 'and is named'
is "$(came "$got" | awk '{ print $NF }')" "$n" 'others are told all the same'
rm "$spool/events/0000000000000001"

# A full disk, or a folder that can't be written.
rm -rf "$spool"
: >"$spool"
pushed
accepted 'a spool that can'"'"'t be made is no reason to refuse'
says 'nobody could be told of it yet' 'but is said'
rm "$spool"
pushed
is "$(came "$got" | tr ' ' '\n' | tail -n 2 | tr '\n' ' ')" "$((n - 1)) $n " 'and made up for'

# A repository that several accounts share.
git -C "$S" config core.sharedRepository group
rm -rf "$spool"
pushed
quiet
is "$(find "$spool" -type f ! -perm 660)$(find "$spool" -type d ! -perm 2770)" '' 'the group may do what the owner may'
git -C "$S" config --unset core.sharedRepository
rm -rf "$spool"
pushed
quiet
is "$(find "$spool" -type f ! -perm 600)$(find "$spool" -type d ! -perm 700)" '' 'else nobody may'

# Lost before the very first event was delivered.
(
	server first
	cp "$tmp/never" "$tmp/begin"
	cat >"$tmp/first.yml" <<Y
flow: first
version: 1.0.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"]}
stages:
  - {name: development, refs: ["refs/heads/f/*"], push: [all]}
notify:
  - {on: [entered], exec: [$tmp/begin]}
Y
	REMOTE_USER=alice git push -q "$S" "$c:refs/heads/f/one" 2>/dev/null
	quiet
	rm -rf "$S/stagegate/outbox"
	printf '#!/bin/sh\ncat >>%s; echo >>%s\n' "$tmp/first.got" "$tmp/first.got" >"$tmp/begin"
	REMOTE_USER=alice git push -q "$S" "$c:refs/heads/f/two" 2>/dev/null
	quiet
)
is "$(jq -rs 'map(.ref) | join(" ")' <"$tmp/first.got")" 'refs/heads/f/one refs/heads/f/two' \
    'a spool that is lost before anything was delivered'

# Given up after twelve times.
cp "$tmp/never" "$tmp/late"
flow 1.2.0 "  - {on: [entered], exec: [$tmp/late]}
  - {on: [delivery-failed], exec: [$record]}"
: >"$got"
: >"$tmp/late.got"
pushed
first=$n
pushed
quiet
is "$(jq -r '.data.customData | [.event, .destination, .attempts, .given_up, .why] | join("|")' <"$got")" \
    "delivery-failed|exec $tmp/late|1|false|'$tmp/late' exited 1" 'the first failure is an event'
is "$(jq -r '.data.customData.failed.event + " " + .ref' <"$got")" "entered refs/heads/f/$first" 'which says of what'
for _ in 2 3 4 5 6 7 8 9 10 11; do
	"$stagegate" -C "$S" deliver --once >/dev/null 2>&1
done
like "$(outbox)" "exec $tmp/late: 2 waiting, failed 11 times" 'eleven times'
like "$("$stagegate" -C "$S" status)" "'$tmp/late' exited 1" 'status tells'
out=$("$stagegate" -C "$S" deliver --once 2>&1)
like "$out" '^0 delivered, 1 given up, [12] still waiting, 1 dead' 'the twelfth is the last'
quiet
is "$(jq -rs 'map(.data.customData.given_up | tostring) | join(" ")' <"$got")" 'false true' 'which is an event too'
like "$(outbox)" "given up: exec $tmp/late: entered refs/heads/f/$first .* tried 12 times: '$tmp/late' exited 1" 'it is among the dead'
is "$("$stagegate" -C "$S" --json outbox | jq -c '[.dead[0].ref, .dead[0].attempts, (.waiting[0].events | length)]')" \
    "[\"refs/heads/f/$first\",12,1]" 'in JSON'
printf '#!/bin/sh\ncat >>%s; echo >>%s\n' "$tmp/late.got" "$tmp/late.got" >"$tmp/late"
due
pushed
is "$(came "$tmp/late.got")" "$((n - 1)) $n" 'what came after it goes on'
"$stagegate" -C "$S" deliver >/dev/null 2>&1
is "$(came "$tmp/late.got")" "$((n - 1)) $n" 'deliver alone leaves the dead alone'
out=$("$stagegate" -C "$S" deliver --retry-dead 2>&1)
is "$?:$out" '0:1 delivered, 0 given up, 0 still waiting, 0 dead' '--retry-dead'
is "$(came "$tmp/late.got")" "$((n - 1)) $n $first" 'is how it gets there'
cp "$tmp/never" "$tmp/late"
pushed
pushed
quiet
: >"$tmp/late.got"
flow 1.3.0 "  - {on: [entered], exec: [$record]}"
pushed
quiet
like "$(outbox)" "given up: .*late: entered .* policy.yml names this destination no more" \
    'what the policy names no more is run no more'
is "$("$stagegate" -C "$S" --json outbox | jq '.dead | length')" 2 'all of it is given up'
flow 1.4.0 "  - {on: [entered], exec: [$tmp/late]}
  - {on: [delivery-failed], exec: [$record]}"
cp "$tmp/never" "$tmp/late"
never=$((n - 2))
pushed
quiet
cat >"$tmp/late" <<X
#!/bin/sh
read -r event
case \$event in *'"refs/heads/f/$never"'*) exit 1 ;; esac
printf '%s\n' "\$event" >>'$tmp/late.got'
X
out=$("$stagegate" -C "$S" deliver --retry-dead 2>&1)
like "$?:$out" '^1:2 delivered, 0 given up, 0 still waiting, 1 dead' 'one that fails again holds up none behind it'
is "$(came "$tmp/late.got")" "$((never + 1)) $n" 'dead or waiting'
: >"$tmp/late.got"
printf '#!/bin/sh\ncat >>%s; echo >>%s\n' "$tmp/late.got" "$tmp/late.got" >"$tmp/late"
"$stagegate" -C "$S" deliver --retry-dead >/dev/null 2>&1
is "$(came "$tmp/late.got")" "$never" 'until it does again'

# A program out of bounds is ended, and so is what it has left behind.
: >"$got"
flow 1.5.0 "  - {on: [entered], exec: [sh, -c, \"sleep 60 & sleep 60\"], timeout: 1s}
  - {on: [entered], exec: [sh, -c, \"dd if=/dev/zero of=/dev/null bs=200M count=1\"], memory: 64MiB}
  - {on: [entered], exec: [sh, -c, \"yes | head -c 10000000; exit 3\"], output: 1KiB}
  - {on: [entered], exec: [/nowhere/at/all]}
  - {on: [entered], exec: [sh, -c, \"kill -9 \$\$\"]}
  - {on: [delivery-failed], exec: [$record]}"
pushed
quiet
is "$(jq -r '.data.customData.why' <"$got" | sort | sed 's/exited 3: .*/exited 3: ../' | cut -c1-58)" \
    "'sh' exited 1: dd: memory exhausted by input buffer of siz
'sh' exited 3: ..
'sh' took too long
'sh' was ended by signal 9
the server has no program '/nowhere/at/all': its administr" 'what became of each'
is "$(pgrep -f '^sleep 60$' | while read -r pid; do readlink "/proc/$pid/cwd"; done | grep -c "^$S")" 0 'nothing is left running'

# One that is slow holds up nobody else.
: >"$got"
flow 1.6.0 "  - {on: [entered], exec: [sh, -c, \"cat >/dev/null; while [ ! -e $tmp/go ]; do sleep 0.1; done\"]}
  - {on: [entered], exec: [$record]}"
"$stagegate" -C "$S" deliver >/dev/null 2>&1
pushed
pushed
for _ in 1 2 3 4 5 6 7 8 9 10 20 30 40; do
	[ "$(jq -rs length <"$got")" = 2 ] && break
	sleep 0.2
done
is "$(jq -rs 'map(.ref) | join(" ")' <"$got" | sed 's,refs/heads/f/,,g')" "$((n - 1)) $n" \
    'the second push is told while a program still works on the first'
: >"$tmp/go"
quiet

# Pushes at once, and whoever delivers is killed all the time.
flow 1.7.0 "  - {on: [entered], exec: [$record]}"
: >"$got"
quiet
sender() { # processes that hold the lock of the sender
	for fd in /proc/[0-9]*/fd/*; do
		[ "$(readlink "$fd" 2>/dev/null)" = "$spool/sending" ] || continue
		fd=${fd#/proc/}
		printf '%s\n' "${fd%%/*}"
	done
}
: >"$tmp/killing"
while [ -e "$tmp/killing" ]; do
	sender | sort -u | xargs -r kill -9 2>/dev/null
done &
for who in a b c; do
	(
		i=0
		while [ "$i" -lt 12 ]; do
			i=$((i + 1))
			REMOTE_USER=$who git push -q origin "$c:refs/heads/f/$who$i" 2>/dev/null
		done
	) &
	pids="${pids:-} $!"
done
# shellcheck disable=SC2086 # several
wait $pids
rm "$tmp/killing"
wait
"$stagegate" -C "$S" deliver >/dev/null 2>&1
"$stagegate" -C "$S" deliver >/dev/null 2>&1
# A line that is half written was written by a program that was killed too.
grep -a '^{.*}$' "$got" | jq -c . 2>/dev/null >"$tmp/whole"
is "$(jq -r .ref <"$tmp/whole" | sort -u | wc -l)" 36 'every push is told'
is "$(jq -r '.ref + .id' <"$tmp/whole" | sort -u | wc -l)" 36 'none is invented'
git -C "$S" log --reverse --format=%B refs/notes/stagegate | sed -n 's/^Update: [^ ]* [^ ]* \([^ ]*\) .*/\1/p' |
    grep '^refs/heads/f/[abc]' >"$tmp/ledger"
jq -r .ref <"$tmp/whole" | awk '!seen[$0]++' >"$tmp/told"
is "$(diff "$tmp/ledger" "$tmp/told" | head -n 5)" '' 'in the order of the ledger'
is "$("$stagegate" -C "$S" --json outbox | jq '.waiting | length')" 0 'and nothing is left'
is "$(git -C "$S" rev-parse refs/stagegate/told)" "$(git -C "$S" rev-parse refs/notes/stagegate)" \
    'the ref says up to where'
finish
