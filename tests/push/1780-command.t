#!/bin/sh
# command: programs that judge what is pushed, shut in.
. "${0%/*}/lib.sh"
examples=$(cd "${0%/*}/../../policy/examples" && pwd)
server
mkdir "$tmp/checks"
cat >"$tmp/checks/story" <<'P'
#!/bin/sh
# Does what the file `story` of the tree says.
. ./story
P
chmod 755 "$tmp" "$tmp/checks" "$tmp/checks/story"
minor=0
story_policy() { # story_policy [KEYS [LINES]]: of the gate, at the top level
	minor=$((minor + 1))
	policy <<Y
flow: command-flow
version: 1.$minor.0
identity: {from: [REMOTE_USER]}
roles: {all: ["*"], some: [alice]}
gates:
  check: {kind: command, run: [$tmp/checks/story, one, "two  words", "\$(id)"]${1:+, $1}}
stages:
  - name: development
    refs: ["refs/heads/feature/*"]
    push: [some]
    rewind: true
    delete: true
    gates: [check]
${2:-}
Y
}
story_policy
clone
n=0
try() { # try <story: pushes a commit with that story
	n=$((n + 1))
	cat >story
	git add -A
	git commit -q -m "story $n"
	push alice "HEAD:refs/heads/feature/story-$n"
}
shown() { # what the program said: lines that were wrapped are whole again
	printf '%s\n' "$out" | sed -e '0,/^remote: error/d' -e '/^remote: hint/,$d' -e 's/ *$//' |
	    awk '/^remote:       / { sub(/^remote: */, ""); line = line " " $0; next }
		/^remote:     / { if (line != "") print line; sub(/^remote:     /, ""); line = $0 }
		END { if (line != "") print line }'
}
clean() { # clean TEXT: no folder and no process of a program is left
	is "$(ls "$S/stagegate/tmp" 2>/dev/null)" '' "$1: its folder is gone"
}

if ! unshare -Urnmpi --fork sh -c 'mount -t tmpfs none /mnt' 2>/dev/null; then
	try <<'P'
exit 0
P
	refused stage.gates 'where programs cannot be shut in none is run'
	says 'ERROR +check' 'and that is an error'
	says 'user namespaces' 'which says what to do'
	finish
fi

# --- passing and failing ----------------------------------------------------

try <<'P'
echo all is well
P
accepted 'a program that exits 0'
unlike "$out" 'all is well' 'says nothing to the pusher'
clean 'passed'
try <<'P'
echo "out: $#: $1, $2, $3"
printf 'err: \033[31mred\033[0m \001\377 \342\200\256\n' >&2
printf '\ttab\r\n'
exit 7
P
refused stage.gates 'one that exits 7'
says 'FAILED +check +exits 7' 'it is said how'
says 'out: 3: one, two  words, \$\(id\)' 'arguments come as they are, no shell'
says 'err: \\x1b\[31mred\\x1b\[0m \\x01\\xff' 'control bytes are shown, not sent'
unlike "$(printf '%s' "$out" | tr -d '\n' | cat -v)" '\^\[|\^A' 'none comes through'
clean 'failed'
ref_is refs/heads/feature/story-2 '' 'nothing is there'
is "$(git -C "$S" rev-list --all --count)" 2 'no object of the refused push is left'
try <<'P'
kill -SEGV $$
P
refused stage.gates 'one that crashes'
says 'crashed' 'and it is said'

# --- what it is given -------------------------------------------------------

git rm -q story
mkdir -p deep/er 'with blank'
printf 'x\n' >deep/er/file
printf '* text eol=crlf\n*.up filter=up\n' >.gitattributes
printf 'low\n' >deep/a.up
printf '#!/bin/sh\n' >deep/run
chmod 755 deep/run
ln -s file deep/er/good
ln -s ../../.gitattributes deep/er/up
: >"with blank/a  b"
git config core.safecrlf false
git config filter.up.smudge 'tr a-z A-Z'
try <<'P'
test "$(cat deep/a.up)" = low || echo filtered
test "$(wc -c <deep/er/file)" = 2 || echo converted
test "$(wc -c <deep/er/good)" = 2 || echo link
test -s deep/er/up || echo up
test -x deep/run && ! test -x deep/a.up || echo modes
stat -c '%a %F' deep deep/run deep/a.up deep/er/good
test -f "with blank/a  b" || echo names
find . -name .git
echo checked
false
P
refused stage.gates 'the tree'
is "$(shown | tr '\n' '|')" '755 directory|755 regular file|644 regular file|777 symbolic link|checked|' \
    'files are as they were committed'
git rm -q -r --cached 'with blank' && rm -rf 'with blank'
try <<'P'
env | sort
tr '\0' ' ' <"$STAGEGATE_CHANGED"; echo
tr '\0' ' ' <../changed; echo
pwd
cat
umask
ls /proc/self/fd | tr '\n' ' '; echo
exit 1
P
refused stage.gates 'its environment'
is "$(shown | grep -v -e '^PWD=' -e '^_=' -e '^OLDPWD=' -e '^SHLVL=' | tr '\n' '|')" \
    "HOME=/stagegate/home|LC_ALL=C.UTF-8|PATH=/usr/local/bin:/usr/bin:/bin|STAGEGATE_CANDIDATE=$(git rev-parse --short=8 HEAD)|STAGEGATE_CHANGED=/stagegate/changed|STAGEGATE_NEW=$(git rev-parse --short=8 HEAD)|STAGEGATE_OLD=00000000|STAGEGATE_REF=refs/heads/feature/story-$n|STAGEGATE_STAGE=development|TMPDIR=/stagegate/tmp|.gitattributes deep/a.up deep/er/file deep/er/good deep/er/up deep/run story|.gitattributes deep/a.up deep/er/file deep/er/good deep/er/up deep/run story|/stagegate/tree|0022|0 1 2 3|" \
    'is what is promised, and nothing else'

# --- links ------------------------------------------------------------------

git rm -q -r deep
mkdir -p in/side
ln -s /etc/passwd absolute
ln -s ../../home above
ln -s in/side/../../.. lexical
ln -s .. in/top
ln -s in/top/../changed chained
ln -s nothing/.. later-a
ln -s later-a/../changed later-b
ln -s loop-b loop-a
ln -s loop-a loop-b
ln -s in/side fine
: >in/side/file
git add -A
try <<'P'
ls | tr '\n' ' '; echo
test -f fine/file && test -e in/top/story && echo inside
exit 1
P
refused stage.gates 'links'
is "$(shown | head -n 2 | tr '\n' '|')" 'fine in later-a story|inside|' 'those that stay inside are there, no others'
says 'symbolic links lead out of the tree and are not there: above' 'which is said'
git rm -q -r . && git clean -qfd

# --- what it may not --------------------------------------------------------

try <<P
cat '$S/config' '$tmp/gitconfig' '$tmp/server.yml' 2>&1 | sed 's/.*: //'
ls '$S' 2>/dev/null | wc -l
for f in /etc/x /usr/x /x /proc/sys/kernel/x '$tmp/checks/x'; do echo x >\$f && echo "wrote \$f"; done 2>/dev/null
ls /home /root /var /srv /run /sys 2>/dev/null
echo \$(ls /dev)
grep -c : /proc/net/dev
kill -9 1; kill -TERM 1
cat /proc/1/environ /proc/1/mem >/dev/null 2>&1 && echo read init
ls /proc/1/fd >/dev/null 2>&1 && echo saw init
unshare -Ur true 2>/dev/null && echo nested
mount -t tmpfs x /stagegate/tmp 2>/dev/null && echo mounted
chown 0 story 2>/dev/null && echo chowned
echo end
exit 1
P
refused stage.gates 'what it may not do'
is "$(shown | tr '\n' '|')" 'No such file or directory|No such file or directory|No such file or directory|0|fd full null random shm stderr stdin stdout urandom zero|1|end|' \
    'no file of the server, no writing outside, no network, no first process'
try <<'P'
perl -MIO::Socket::INET -e 'for (qw(127.0.0.1:22 1.1.1.1:53)) {
	my $s = IO::Socket::INET->new(PeerAddr => $_, Timeout => 5); print $s ? "reached\n" : "$!\n" }'
exit 1
P
refused stage.gates 'a network attempt'
is "$(shown | sort -u)" 'Network is unreachable' 'reaches nobody'
try <<'P'
id -u; grep -e CapEff -e NoNewPrivs /proc/self/status | tr '\t' ' '
exit 1
P
if [ "$(id -u)" = 0 ]; then
	is "$(shown | head -n 1)" 65534 'what root runs is nobody'
else
	is "$(shown | head -n 1)" "$(id -u)" 'it is the account itself'
fi
is "$(shown | tail -n 2 | tr '\n' '|')" 'CapEff: 0000000000000000|NoNewPrivs: 1|' 'without privileges'

# --- how much ---------------------------------------------------------------

story_policy 'timeout: 3s'
try <<'P'
echo begun
sleep 600 & sleep 600
P
refused stage.gates 'one that never ends'
says 'took longer than 3 s' 'is ended in time'
is "$(shown)" begun 'what it said before is shown'
clean 'timeout'
story_policy 'memory: 100MiB'
try <<'P'
perl -e '$x = "x" x 200000000; print "had it\n"' 2>&1 | head -c 300
perl -e '$x = "x" x 20000000; print "little\n"'
exec perl -e '$x = "x" x 200000000'
P
refused stage.gates 'too much memory'
says 'Out of memory' 'is refused to it'
says 'little' 'what is below the limit is not'
unlike "$out" 'had it' 'and nothing more'
try <<'P'
for i in 1 2 3 4; do perl -e '$x = "x" x 30000000; sleep 600' & done
echo begun
sleep 600
P
refused stage.gates 'too much memory of several'
says 'took more than 100MiB of memory' 'is counted together'
story_policy 'output: 1KiB'
try <<'P'
head -c 3000000 /dev/zero | tr '\0' 'x' | fold -w 60
echo finished >&2
exit 4
P
refused stage.gates 'very much output'
says 'exits 4' 'is read to its end'
says 'its output was cut there' 'cut'
unlike "$out" 'finished' 'at the limit'
story_policy
try <<'P'
perl -e 'my $n = 0; while ($n < 100000) { my $p = fork; last unless defined $p; if (!$p) { sleep 600; exit } $n++ }
	print $n < 256 ? "stopped\n" : "$n\n"; exit 9'
P
refused stage.gates 'a fork bomb'
is "$(shown)" stopped 'may have so many processes'
try <<'P'
dd if=/dev/zero of=/stagegate/tmp/big bs=1M seek=1100 count=1 2>/dev/null || echo limited
exit 1
P
is "$(shown | grep -v -i 'file size')" limited 'a large file'

# --- what it leaves behind --------------------------------------------------

try <<P
(setsid setsid sh -c 'trap "" TERM HUP; sleep 3002' >/dev/null 2>&1 &) &
setsid sleep 3002 &
exit 0
P
accepted 'one that leaves daemons is not waited for'
is "$(pgrep -f 'sleep 300[2]' || :)" '' 'and they are ended'
try <<'P'
perl -e 'mkdir "a"; chdir "a"; my $d = "d" x 200;
	for (1 .. 60) { mkdir $d or die; chdir $d or die }
	open my $f, ">", "file"; chmod 0, "."; chmod 0500, "/stagegate/tree/a"; chmod 0, "/stagegate/home";
	print "deep\n"'
exit 1
P
is "$(shown)" deep 'folders that are deep and forbidden'
clean 'they'

# --- kill -9 ----------------------------------------------------------------

cat >story <<'P'
sleep 3003 & sleep 3003
P
git add -A && git commit -q -m 'for ever'
REMOTE_USER=alice git push -q origin HEAD:refs/heads/feature/killed >/dev/null 2>&1 &
pusher=$!
tries=0
until [ -n "$(pgrep -f 'sleep 300[3]' || :)" ] || [ $tries = 600 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
hook=$(pgrep -f "^hooks/pre-receive" | while read -r p; do
	[ "$(readlink "/proc/$p/cwd")" = "$S" ] && echo "$p"
done | head -n 1)
like "$(ls "$S/stagegate/tmp")" '^held-' 'a folder is there while it runs'
kill -9 "$hook"
wait "$pusher"
tries=0
while [ -n "$(pgrep -f 'sleep 300[3]' || :)" ] && [ $tries -lt 100 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
is "$(pgrep -f 'sleep 300[3]' || :)" '' 'the program dies with its hook'
try <<'P'
exit 0
P
accepted 'the next push'
clean 'the next push clears what was left'

# --- only what changed ------------------------------------------------------

story_policy 'input: changed'
printf 'old\n' >old
printf 'gone\n' >gone
try <<'P'
exit 0
P
accepted 'with two more files'
before=$(git rev-parse HEAD)
push alice "$before:refs/heads/feature/more"
git rm -q gone
printf 'new\n' >new
cat >story <<'P'
echo $(ls) / $(tr '\0' ' ' <../changed)
exit 1
P
git add -A && git commit -q -m 'change'
push alice HEAD:refs/heads/feature/more
refused stage.gates 'input: changed'
is "$(shown)" 'new story / new story' 'gets what is added and changed'
git reset -q --hard "$before"
git rm -q gone
git commit -q -m 'only taken away'
push alice HEAD:refs/heads/feature/more
accepted 'nothing is added or changed'

# --- who and where ----------------------------------------------------------

cat >story <<P
echo run >&2; exit 1
P
git add -A && git commit -q -m 'seen'
push bob HEAD:refs/heads/feature/bob
refused push.role 'somebody who may not push'
says 'not run for somebody' 'makes no program run'
out=$("$stagegate" -C "$S" try feature/more "$(git rev-parse HEAD~1)" --as alice 2>&1)
rc=$?
is "$rc" 0 'try runs it'
push alice ":refs/heads/feature/more"
accepted 'deleting runs nothing'
minor=$((minor + 1))
policy <<Y
flow: command-flow
version: 1.$minor.0
identity: {from: [REMOTE_USER]}
roles: {some: [alice]}
gates:
  gone: {kind: command, run: $tmp/checks/none}
  name: {kind: command, run: story}
  data: {kind: command, run: $tmp/server.yml}
  bad: {kind: command, run: $tmp/checks/bad}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [some], gates: [gone, name, data, bad]}
Y
printf '#!/nowhere/at/all\n' >"$tmp/checks/bad"
chmod 755 "$tmp/checks/bad" story
git add -A && git commit -q -m 'another mode'
push alice HEAD:refs/heads/feature/missing
refused stage.gates 'programs that are not there'
says 'ERROR +gone +could not be judged: the server has no program' 'are errors'
says 'ERROR +name ' 'a name never means a file of the tree'
says 'ERROR +data ' 'what is no program is none'
says 'ERROR +bad +could not be judged: cannot start' 'nor what can not be started'
clean 'missing'

# --- side by side, and long -------------------------------------------------

cat >"$tmp/checks/meet" <<'P'
#!/usr/bin/perl
# Passes only while another one runs: the first waits for the second.
use strict;
use IO::Socket::UNIX;
my $name = "\0stagegate-meet-$ARGV[0]";
alarm 60;
my $server = IO::Socket::UNIX->new(Local => $name, Listen => 1);
exit 0 if $server ? $server->accept : IO::Socket::UNIX->new(Peer => $name);
exit 1;
P
chmod 755 "$tmp/checks/meet"
minor=$((minor + 1))
policy <<Y
flow: command-flow
version: 1.$minor.0
identity: {from: [REMOTE_USER]}
roles: {some: [alice]}
gates:
  one: {kind: command, run: [$tmp/checks/meet, "$$"], network: true}
  two: {kind: command, run: [$tmp/checks/meet, "$$", again], network: true}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [some], gates: [one, two]}
Y
if [ "$(nproc)" -gt 1 ]; then
	push alice HEAD:refs/heads/feature/meet
	accepted 'two programs run side by side'
fi
minor=$((minor + 1))
policy <<Y
flow: command-flow
version: 1.$minor.0
identity: {from: [REMOTE_USER]}
roles: {some: [alice]}
limits: {time: 3s}
gates:
  slow: {kind: command, run: [sleep, "3004"], timeout: 1h}
  slow2: {kind: command, run: [sleep, "3004.0"], timeout: 1h}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [some], gates: [slow, slow2]}
Y
push alice HEAD:refs/heads/feature/late
refused limit.time 'longer than a push may take'
says 'slow +was not done when the push had taken 3 s' 'is said so'
is "$(pgrep -f 'sleep 300[4]' || :)" '' 'both are ended'
clean 'late'

# --- update runs nothing again ----------------------------------------------

# Between pre-receive and update the ledger moves, and the program changes.
printf '#!/bin/sh\nexit 0\n' >"$tmp/checks/turn"
chmod 755 "$tmp/checks/turn"
minor=$((minor + 1))
turn_policy() { # turn_policy ARGUMENT
	policy <<Y
flow: command-flow
version: 1.$minor.0
identity: {from: [REMOTE_USER]}
roles: {some: [alice]}
gates:
  turn: {kind: command, run: [$tmp/checks/turn, $1]}
stages:
  - {name: development, refs: ["refs/heads/feature/*"], push: [some], gates: [turn]}
Y
}
turn_policy first
cp -R "$C" "$tmp/other"
cat >"$S/hooks/pre-receive.chained" <<P
#!/bin/sh
[ -f "$tmp/turn-now" ] || exit 0
rm "$tmp/turn-now"
for v in \$(env | sed -n 's/^\\(GIT_[A-Z_]*\\)=.*/\\1/p'); do unset "\$v"; done
cd "$tmp/other" && REMOTE_USER=alice git push -q origin HEAD~1:refs/heads/feature/between
printf '#!/bin/sh\nexit 1\n' >"$tmp/checks/turn"
sh "$tmp/turn-more"
P
chmod 755 "$S/hooks/pre-receive.chained"
: >"$tmp/turn-now"
: >"$tmp/turn-more"
push alice HEAD:refs/heads/feature/turn
accepted 'update does not run it again when the ledger has moved'
ref_is refs/heads/feature/between "$(git rev-parse HEAD~1)" 'which it has'
printf '#!/bin/sh\nexit 0\n' >"$tmp/checks/turn"
minor=$((minor + 1))
sed -e "s/^version:.*/version: 1.$minor.0/" -e 's/, first/, second/' "$tmp/server.yml" >"$tmp/second.yml"
chmod 644 "$tmp/second.yml"
printf 'mv "%s" "%s"\n' "$tmp/second.yml" "$tmp/server.yml" >"$tmp/turn-more"
: >"$tmp/turn-now"
echo >further
git add -A && git commit -q -m more
push alice HEAD:refs/heads/feature/turned
refused stage.gates 'but what another policy asks for is run'
says 'turn +exits 1' 'and says what it says now'
rm "$S/hooks/pre-receive.chained"
like "$("$stagegate" -C "$S" verify 2>&1)" "can't show: .*gate turn passed for refs/heads/feature/turn: its program is not run again" \
    'verify says that it runs none'

# --- gone around ------------------------------------------------------------

story_policy '' 'bypass: {by: [some], stages: [development], gates: [check], approvals: 0}'
try <<'P'
exit 1
P
refused stage.gates 'a program that refuses'
push alice -o bypass='INC-7 urgent' HEAD:refs/heads/feature/around
accepted 'can be gone around where the policy says so'
like "$(git -C "$S" notes --ref=stagegate show "$(git rev-parse HEAD)")" '^ +check: overridden' 'that is recorded'
out=$("$stagegate" -C "$S" verify 2>&1)
is "$?" 0 'verify takes the program to have ended as it did'
says ', 0 findings' 'and finds nothing'

# --- where nothing can be shut in -------------------------------------------

open_jail() { # open_jail USER ARGS..: a push where no namespace can be made
	who=$1
	shift
	out=$(REMOTE_USER=$who unshare -U --map-user=1000 --map-group=1000 --keep-caps sh -c \
	    'echo 0 >/proc/sys/user/max_user_namespaces && exec git push origin "$@"' push "$@" 2>&1)
	rc=$?
}
if unshare -U --map-user=1000 --map-group=1000 --keep-caps sh -c 'echo 0 >/proc/sys/user/max_user_namespaces' 2>/dev/null; then
	story_policy
	cat >story <<'P'
exit 0
P
	git add -A && git commit -q -m 'story'
	open_jail alice HEAD:refs/heads/feature/open
	refused stage.gates 'without namespaces no program runs'
	says 'ERROR +check' 'that is an error'
	says 'allow user namespaces' 'which says what to do'
	clean 'refused'
	story_policy 'network: true, timeout: 20s'
	cat >story <<'P'
(setsid setsid sh -c 'trap "" TERM HUP; sleep 3005' >/dev/null 2>&1 &) &
setsid sleep 3005 &
echo "$STAGEGATE_STAGE $(cat "$STAGEGATE_CHANGED" | tr '\0' ' ') $(basename "$(pwd)") $(grep NoNewPrivs /proc/self/status | tr '\t' ' ')"
: >$HOME/x && : >$TMPDIR/y && echo own
exit 3
P
	git add -A && git commit -q -m 'open'
	open_jail alice HEAD:refs/heads/feature/open
	refused stage.gates 'network: true runs it all the same'
	is "$(shown | tr '\n' '|')" 'development further old story  tree NoNewPrivs: 1|own|' 'with what it is promised'
	is "$(pgrep -f 'sleep 300[5]' || :)" '' 'what it leaves behind is hunted down'
	clean 'open'
	story_policy 'network: true, timeout: 1s'
	cat >story <<'P'
setsid sleep 3006 &
sleep 3006
P
	git add -A && git commit -q -m 'open and late'
	open_jail alice HEAD:refs/heads/feature/open
	says 'took longer than 1 s' 'it is ended in time'
	is "$(pgrep -f 'sleep 300[6]' || :)" '' 'with all that it has started'
	if [ "$(id -u)" = 0 ]; then
		git commit -q --allow-empty -m 'as root'
		out=$(REMOTE_USER=alice unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec git push origin HEAD:refs/heads/feature/root' 2>&1)
		refused stage.gates 'root runs none that is not shut in'
		says 'no program is run as root' 'and says so'
	fi
fi

# --- in a clone -------------------------------------------------------------

story_policy
cat >story <<'P'
echo ran here
exit 6
P
git add -A && git commit -q -m 'for try'
push alice HEAD:refs/heads/feature/try
refused stage.gates 'what the server says'
git -C "$S" config --unset-all receive.hideRefs
git -C "$S" config --unset-all uploadpack.hideRefs
cat >story <<'P'
exit 0
P
git add -A && git commit -q -m 'puts the policy into the ledger'
push alice HEAD:refs/heads/feature/try
git reset -q --hard HEAD~1
git fetch -q origin '+refs/notes/stagegate:refs/notes/stagegate' '+refs/heads/*:refs/remotes/origin/*'
out=$("$stagegate" try feature/clone HEAD --as alice 2>&1)
says 'MISSING +check +its program runs on the server' 'in a clone try runs no program of a server'
unlike "$out" 'ran here' 'none at all'
out=$("$stagegate" try feature/clone HEAD --as alice --run 2>&1)
says 'FAILED +check +exits 6' 'unless it is told to'
is "$(ls .git/stagegate 2>/dev/null)" '' 'and leaves nothing in the clone'

# --- the examples -----------------------------------------------------------

server examples
cp "$examples/commands.yml" "$tmp/examples.yml"
chmod 644 "$tmp/examples.yml"
clone examples
printf 'BasedOnStyle: LLVM\n' >.clang-format
printf 'int main(void) { return 0; }\n' >main.c
printf 'all:\n\tcc main.c\n' >Makefile
mkdir -p bin
cat >bin/run.sh <<'P'
#!/bin/sh
echo "$1"
P
git add -A && git commit -q -m 'all well'
change() { # change NAME: pushes it, from what is well
	git add -A && git commit -q -m "$1"
	push alice "HEAD:refs/heads/change/$1"
	git checkout -q --detach "$well"
}
well=$(git rev-parse HEAD)
missing=
for tool in clang-format shellcheck make; do
	[ -x "/usr/bin/$tool" ] || missing="$missing $tool"
done
if [ -n "$missing" ]; then
	note "not here:$missing"
	finish
fi
push alice HEAD:refs/heads/change/well
accepted 'the examples pass what is well'
push alice HEAD:refs/heads/main
accepted 'in the next stage too'
printf 'int   main( void ){return 0;}\n' >'-i other.c'
change format
refused stage.gates 'clang-format'
says 'FAILED +formatted' 'refuses'
says 'code should be clang-formatted' 'and says what'
cat >'bin/--version.sh' <<'P'
#!/bin/sh
echo $1
P
printf 'disable=all\n' >.shellcheckrc
change shell
says 'FAILED +shell-scripts' 'shellcheck refuses'
says 'SC2086' 'and says what'
printf 'all: nothing-like-it\n' >Makefile
change make
says 'FAILED +makefile +exits 2' 'make -n refuses'
says 'No rule to make target' 'and says what'
cat >Makefile <<'P'
all: ; $(shell cat /etc/shadow; touch /usr/x; id -un >id)$(error $(shell cat id; ls -A))
P
change evil
says 'FAILED +makefile' 'a makefile that runs programs'
unlike "$out" 'root:' 'reads no secret'
finish
