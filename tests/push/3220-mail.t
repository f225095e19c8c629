#!/bin/sh
# Mail: by sendmail's stand-in, which keeps what it is given, and by a real one to
# a real SMTP server that fails, hangs and comes back.
. "${0%/*}/lib.sh"
server
mails=$tmp/mails
mkdir "$mails"
cat >"$tmp/sendmail" <<X
#!/bin/sh
mail=\$(mktemp "$mails/\$(date +%s%N).XXXXXX")
cat >"\$mail"
printf '%s\n' "\$*" >>"$tmp/args"
X
chmod 755 "$tmp/sendmail"
git -C "$S" config stagegate.sendmail "$tmp/sendmail"
flow() { # flow VERSION RULES
	policy <<Y
flow: mail-flow
version: $1
identity: {from: [REMOTE_USER]}
roles: {all: ["*"], release: [dana]}
clients:
  acme: {contact: [ops@acme.example, boss@acme.example]}
  globex: {contact: [it@globex.example]}
  initech: {contact: [it@initech.example]}
gates:
  globex-check: {kind: evidence, by: [all]}
stages:
  - {name: development, refs: ["refs/heads/f/**"], push: [all]}
  - {name: main, refs: [refs/heads/main], push: [release], gates: [globex-check]}
  - {name: ring, clients: [acme, globex, initech], push: [release], up_to_date: true}
rollback: {by: [release], rewind: true, then: [globex-check]}
notify:
$2
Y
}
flow 1.0.0 '  - {on: [entered, rolled-back, refused, incident-closed], stages: [main, ring], mail: [team@example.com, "@clients"]}'
clone
to() { # to ADDRESS: the newest mail to it
	quiet
	grep -l "^To: $1\$" "$mails"/* 2>/dev/null | tail -n 1 | xargs -r cat
}
headers() { # names, of a mail
	sed '/^$/q' | grep -v '^[ 	]' | sed -n 's/^\([A-Za-z-]*\):.*/\1/p' | tr '\n' ' '
}
usual='From To Subject Date Message-ID In-Reply-To References MIME-Version Content-Type Content-Transfer-Encoding Auto-Submitted X-Stagegate-Event '

c=$(commit a.txt one 'Rechnungen für globex, größer')
push alice "$c:refs/heads/f/a"
quiet
is "$(ls "$mails")" '' 'other stages tell nothing'
push alice "$c:refs/heads/main"
refused push.role 'not alice'
like "$(to team@example.com)" '^Subject: \[server\] refused: refs/heads/main \(main\) \[push\.role\]' 'a refusal'
is "$(cat "$tmp/args")" '-t' 'sendmail is run with -t and nothing else'
evidence bob globex-check "$c" pass
push dana "$c:refs/heads/main"
m=$(to team@example.com)
like "$m" 'Rechnungen für globex, größer' 'the list of changes, as it was written'
like "$m" '^  globex-check: passed' 'gates passed'
like "$m" '^Content-Transfer-Encoding: 8bit' 'in 8 bits'
is "$(printf '%s\n' "$m" | headers)" "$usual" 'the header'
is "$(find "$mails" -type f | wc -l)" 2 'clients are not told of a stage that is not theirs'
push dana "$c:refs/heads/clients/acme" "$c:refs/heads/clients/globex"
m=$(to ops@acme.example)
like "$m" '^Subject: \[server\] acme now runs '"$(printf %.8s "$c")" 'a client is told what it runs now'
like "$m" 'Rechnungen für \(another client\), größer' 'and not of another'
is "$(grep -l '^To: boss@acme.example' "$mails"/* | wc -l)" 1 'each contact gets a mail'
is "$(grep -h '^To:' "$mails"/* | grep -c ,)" 0 'of its own'
is "$(grep -l '^To: .*@acme.example' "$mails"/* | xargs cat | grep -ic -e globex -e initech)" 0 \
    'another client is named in none of them'
is "$(to it@initech.example)" '' 'who was not updated hears nothing'
id=$(printf '%s\n' "$m" | sed -n 's/^Message-ID: //p')
like "$id" '^<[0-9a-f]{40}\.' 'its id'

# A rollback of main: whoever runs it is told, reason and timeline.
d=$(commit b.txt two 'more')
push alice "$d:refs/heads/f/a"
evidence bob globex-check "$d" pass
push dana "$d:refs/heads/main"
push dana "$d:refs/heads/clients/acme"
quiet
rm "$mails"/*
push dana --force -o rollback='INC-7 globex says it is slow' -o timeline='fixed by Friday' "$c:refs/heads/main"
m=$(to ops@acme.example)
like "$m" '^Reason: +INC-7 \(another client\) says it is slow' 'the reason'
like "$m" '^Timeline: +fixed by Friday' 'the timeline'
is "$(to it@globex.example)" '' 'only those that run it'
like "$(to team@example.com)" '^  acme$' 'the team is told who does'
like "$(to team@example.com)" 'INC-7 globex says' 'in full'
push dana --force -o rollback='INC-8 globex again' "$c:refs/heads/clients/acme"
like "$(to ops@acme.example)" '^Reason: +INC-8 \(another client\) again' 'a rollback of a client'
is "$(to it@globex.example)$(to it@initech.example)" '' 'is nobody else'"'"'s'
evidence bob globex-check "$d" pass 'x-again: 1'
like "$(to ops@acme.example)" 'incident 2 is closed' 'and hears when it is over'

# Nothing that is pushed gets into a header.
quiet
rm "$mails"/*
printf 'subject\rBcc: evil@example.com\n\nbody\n' >"$tmp/message"
git checkout -q --detach "$d"
e=$(git commit-tree -p "$d" -F "$tmp/message" "$d^{tree}")
f=$(GIT_AUTHOR_NAME='=?utf-8?q?x=0ABcc:_evil?=' git commit-tree -p "$e" -m '=?utf-8?B?Cgpib2R5?=' "$d^{tree}")
strange='f/=0ABcc=evil@example.com,;<x>"(y)'
push alice "$f:refs/heads/$strange"
long=$(printf '%0100d' 0 | sed 's/0/ä/g')
push alice "$f:refs/heads/main"
refused push.role 'a commit that looks like headers'
flow 1.1.0 '  - {on: [entered, refused, rolled-back], mail: [team@example.com]}'
push "$(printf 'eve\rBcc: x@example.com')" "$f:refs/heads/f/b"
push alice "$f:refs/heads/$strange.too"
push alice "$f:refs/heads/f/$long/$long/$long"
accepted 'a long name'
push alice "$f:refs/heads/elsewhere/$strange"
git checkout -q --detach "$c"
h=$(commit h.txt more)
push alice "$h:refs/heads/f/h"
evidence bob globex-check "$h" pass
push dana "$h:refs/heads/main"
push dana "$h:refs/heads/clients/globex"
push dana --force -o rollback="INC-9 $long$long" "$c:refs/heads/clients/globex"
accepted 'a long reason'
quiet
bad=
for mail in "$mails"/*; do
	[ "$(headers <"$mail")" = "$usual" ] || bad="$bad $mail"
	awk 'length > 998 || /^\.$/ || /\r/ { bad = 1 } END { exit bad }' "$mail" || bad="$bad $mail"
done
is "$bad" '' 'every header is one of ours, no line is too long or ends a mail'
ok "$([ "$(find "$mails" -type f | wc -l)" -ge 7 ]; echo $?)" 'of several mails'
is "$(sed '/^$/q' "$mails"/* | grep -ic '^bcc')" 0 'there is no Bcc'

# From.
git -C "$S" config stagegate.mailFrom 'Evil <x@example.com>'
push alice "$f:refs/heads/f/c"
quiet
like "$("$stagegate" -C "$S" outbox 2>&1)" 'mailFrom is no plain mail address' 'a sender that is no address'
git -C "$S" config stagegate.mailFrom gate@example.com
"$stagegate" -C "$S" deliver >/dev/null 2>&1
like "$(to team@example.com)" '^From: stagegate <gate@example.com>' 'one that is'

# It fails, with words; then the real one.
printf '#!/bin/sh\ncat >/dev/null\necho "cannot connect: no route" >&2\nexit 75\n' >"$tmp/sendmail"
push alice "$f:refs/heads/f/d"
quiet
like "$("$stagegate" -C "$S" outbox 2>&1 | tr -d '\n')" 'exited 75: +cannot connect: no route' 'what sendmail says'
sink smtp
smtp=$tmp/smtp
cat >"$tmp/msmtprc" <<X
account default
host 127.0.0.1
port $port
timeout 5
from gate@example.com
X
printf '#!/bin/sh\nexec /usr/bin/msmtp -C %s "$@"\n' "$tmp/msmtprc" >"$tmp/sendmail"
answer smtp 451
"$stagegate" -C "$S" deliver >/dev/null 2>&1
answer smtp close
push alice "$f:refs/heads/f/e"
"$stagegate" -C "$S" deliver >/dev/null 2>&1
answer smtp hang
"$stagegate" -C "$S" deliver >/dev/null 2>&1
is "$(ls "$smtp"/*.body 2>/dev/null)" '' 'an SMTP server that refuses, breaks off, hangs'
answer smtp 250
out=$("$stagegate" -C "$S" deliver 2>&1)
is "$?:$out" '0:2 delivered, 0 given up, 0 still waiting, 0 dead' 'and comes back'
is "$(cat "$smtp"/*.rcpt)" 'team@example.com
team@example.com' 'the envelope'
is "$(grep -h '^Ref:' "$smtp"/*.body | awk '{ print $2 }' | tr '\n' ' ')" 'refs/heads/f/d refs/heads/f/e ' 'in order'
is "$(grep -c '^Message-ID' "$smtp"/*.body.refused 2>/dev/null | tail -n 1):$(cat "$smtp"/0*.body* | grep '^Message-ID' | sort | uniq -c | awk '{ print $1 }' | sort -rn | head -n 1)" \
    '1:2' 'what was tried before has the same Message-ID'
finish
