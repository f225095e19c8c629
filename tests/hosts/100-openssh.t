#!/bin/sh
# OpenSSH: one account, each key with a command of its own that says whose it is,
# as README.md has it; and what people try who have such a key.
# shellcheck disable=SC2016,SC2119 # what the server's shell expands; defaults
. "${0%/*}/lib.sh"
server
standard_policy
sed -i 's/REMOTE_USER/GL_USER, &/' "$tmp/server.yml"
git -C "$S" config stagegate.host ssh
sshd_start
line=$(sed -n 's/^\(restrict,command=".*"\) ssh-ed25519 .*$/\1/p' "$here/../../README.md")
like "$line" '^restrict,command="exec env -i .* REMOTE_USER=alice ' 'README.md has a line for authorized_keys'
for name in alice bob dana ci-bot; do
	ssh_key "$name" "$(printf '%s\n' "$line" | sed "s/REMOTE_USER=alice/REMOTE_USER=$name/")"
done
# without env -i, which leaves what an AcceptEnv lets in
ssh_key carol 'restrict,command="REMOTE_USER=carol exec git-shell -c \"$SSH_ORIGINAL_COMMAND\""'
clone

push() { # push USER ARGS..: with that person's key
	who=$1
	shift
	out=$(timeout 60 git push "ssh://$who$S" "$@" 2>&1)
	rc=$?
}
failed() { # failed TEXT
	[ "$rc" != 0 ]
	ok $? "$1"
	[ "$rc" != 0 ] || note "$out"
}

base=$(commit a.txt one)
walk "$base" deployment
ref_is refs/heads/main "$base" 'a change walks through every stage'
ledger_has '^Pusher: dana$' 'recorded with the name of the key'
ledger_has '^Pusher: ci-bot$' 'and the robot with its own'
c=$(commit b.txt two)
push dana "$c:refs/heads/main"
refused stage.skip 'a push that leaves stages out is refused'
says '^remote: hint: push ' 'and says what to do'
push alice "$base:refs/heads/main"
push alice "$c:refs/heads/main"
refused push.role 'a key that may not push there is refused'
push dana -o report=json "$c:refs/heads/main"
says '^remote: \{"v":1,' 'push options arrive'

# getting at something else than git receive-pack
try() { # try TEXT COMMAND..: as dana, who may push to main
	what=$1
	shift
	out=$(timeout 60 ssh -F "$tmp/ssh_config" -n dana "$@" 2>&1)
	rc=$?
	failed "$what"
	ref_is refs/heads/main "$base" "$what: nothing moved"
}
try 'a shell'
try 'a command' "git -C '$S' update-ref refs/heads/main $c"
try 'another git' "git -c core.hooksPath=/nonexistent receive-pack '$S'"
try 'a second command' "git-receive-pack '$S'; git -C '$S' update-ref refs/heads/main $c"
try 'a command inside' "git-receive-pack '$S'\$(git -C '$S' update-ref refs/heads/main $c)"
try 'an option in place of a path' "git-receive-pack '--help'"
try 'a line break' "git-receive-pack '$S'
git -C '$S' update-ref refs/heads/main $c"
for program in 'git -c core.hooksPath=/nonexistent receive-pack' \
    'env GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.hooksPath GIT_CONFIG_VALUE_0=/nonexistent git-receive-pack' \
    "REMOTE_USER=dana git-receive-pack"; do
	push dana --receive-pack="$program" "$c:refs/heads/main"
	failed "--receive-pack='$program'"
	ref_is refs/heads/main "$base" 'nothing moved'
done

# variables of the client
cat >>"$tmp/ssh_config" <<'X'
Host *
	SendEnv GIT_* GL_* REMOTE_USER
X
# git itself would not hand its configuration on to ssh
with_config() { # with_config KEY VALUE COMMAND..
	with="env GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=$1 GIT_CONFIG_VALUE_0=$2"
	shift 2
	GIT_SSH_COMMAND="$with $GIT_SSH_COMMAND" timeout 60 "$@"
}
from() { # from WAY REF: a push with variables that name dana, and no hooks
	out=$(GL_USER=dana REMOTE_USER=dana with_config core.hooksPath /nonexistent \
	    git push "ssh://$1$S" "$c:$2" 2>&1)
	rc=$?
}
for way in alice lax-alice; do
	from "$way" refs/heads/main
	refused push.role "$way: no variable of a client gets around hooks or name"
	from "$way" "refs/heads/feature/$way"
	accepted "$way: who may push still may"
	is "$(ledger | sed -n 's/^Pusher: //p' | head -n 1)" alice "$way: and is called by the key's name"
done
out=$(GL_USER=dana timeout 60 git push "ssh://carol$S" "$c:refs/heads/main" 2>&1)
rc=$?
refused push.role 'without env -i, and nothing accepted by sshd: the key says who it is'
out=$(GL_USER=dana timeout 60 git push "ssh://lax-carol$S" "$c:refs/heads/main" 2>&1)
rc=$?
refused push.identity 'without env -i, a variable that sshd lets in names somebody else: it is nobody'
ref_is refs/heads/main "$base" 'nothing moved'
# .. and that this is no idle fear:
heads() { # heads WAY: how many refs are shown to who asks for none
	with_config uploadpack.hideRefs refs/heads \
	    git ls-remote "ssh://$1$S" 'refs/heads/*' | grep -c .
}
is "$(heads lax-carol)" 0 'without env -i git obeys a configuration that sshd lets in'
is "$(heads lax-alice)" "$(git -C "$S" for-each-ref refs/heads | grep -c .)" 'with it git does not'

# protocol version 2 is asked for by a variable, which may come in
seen=$(GIT_TRACE_PACKET=1 git -c protocol.version=2 ls-remote "ssh://alice$S" 2>&1)
like "$seen" '< version 2$' 'protocol version 2 is spoken'
like "$seen" "^$base	refs/heads/main\$" 'and shows the refs'
out=$(timeout 60 git -c protocol.version=2 push "ssh://alice$S" "$c:refs/heads/feature/v2" 2>&1)
rc=$?
accepted 'a push by who asks for it'

# somebody whose key nobody knows
key stranger >/dev/null
out=$(GIT_SSH_COMMAND="ssh -F $tmp/ssh_config -i $tmp/keys/stranger -o IdentitiesOnly=yes -o IdentityFile=none -p $ssh_port -o UserKnownHostsFile=$tmp/known_hosts" \
    timeout 60 git push "ssh://$account@127.0.0.1:$ssh_port$S" "$c:refs/heads/feature/stranger" 2>&1)
rc=$?
failed 'a key that nobody knows'
says 'Permission denied' 'is no way in'
ref_is refs/heads/feature/stranger '' 'and makes nothing'
finish
