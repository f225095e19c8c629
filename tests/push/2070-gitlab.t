#!/bin/sh
# GitLab: hooks are run from Gitaly's own process (gitaly.pl stands in for it), so
# no git receive-pack is among their ancestors; and its pages show those lines
# alone that begin with GL-HOOK-ERR:.
. "${0%/*}/lib.sh"
server
standard_policy
sed -i 's/REMOTE_USER/GL_USERNAME/' "$tmp/server.yml"
git -C "$S" config stagegate.host gitlab
perl "$here/gitaly.pl" serve "$tmp/gitaly" </dev/null >/dev/null 2>&1 &
sinks=$!
for _ in 1 2 3 4 5 6 7 8 9 10 20 30 40 50 60 70 80 90; do
	[ -S "$tmp/gitaly" ] && break
	sleep 0.1
done
for hook in pre-receive update post-receive; do
	mkdir -p "$S/custom_hooks/$hook.d"
	mv "$S/hooks/$hook" "$S/custom_hooks/$hook.d/stagegate"
	printf '#!/bin/sh\nexec perl "%s" hook "%s" %s "$@"\n' \
	    "$here/gitaly.pl" "$tmp/gitaly" "$hook" >"$S/hooks/$hook"
	chmod +x "$S/hooks/$hook"
done
clone

push() { # push USER ARGS..: as GitLab has it
	who=$1
	shift
	out=$(GL_ID=user-1 GL_USERNAME=$who GL_PROTOCOL=ssh \
	    GL_REPOSITORY=project-1 GL_PROJECT_PATH=some/project \
	    git push origin "$@" 2>&1)
	rc=$?
}
# What a page of GitLab shows: those lines, without what they begin with.
page() {
	printf '%s\n' "$out" | sed -n 's/^remote: GL-HOOK-ERR: *\(.*[^ ]\) *$/\1/p'
}

base=$(commit a.txt one)
walk "$base" deployment
ref_is refs/heads/main "$base" 'a change walks through every stage'
ledger_has '^Pusher: dana$' 'recorded with the name that GitLab gives'
unlike "$out" 'GL-HOOK-ERR' 'nothing of it is called an error'

c=$(commit b.txt two)
push dana "$c:refs/heads/main"
refused stage.skip 'a push that leaves stages out is refused'
like "$(page)" '^error: refs/heads/main \(deployment\): refused \[stage\.skip\]$' \
    'the page says why'
like "$(page)" '^hint: push .* to a ref of stage development first:' 'and what to do'
is "$(page | tail -n 1)" 'stagegate: test-flow 1.0.0 refused 1 of 1 ref' 'and the verdict'
is "$(printf '%s\n' "$out" | grep '^remote: ' | grep -vc '^remote: GL-HOOK-ERR: ')" 0 \
    'no line of the refusal is left out of it'
ref_is refs/heads/main "$base" 'and nothing moved'

push dana -o report=json "$c:refs/heads/main"
is "$(printf '%s\n' "$out" | sed -n 's/^remote: \({.*}\) *$/\1/p' | jq -r '.refs[0].code')" \
    stage.skip 'JSON stays one line of JSON'

# options arrive, and two pushes of the same at once are told apart by nothing
# but what they say
push alice "$c:refs/heads/feature/b"
accepted 'a feature branch'
attested "$c"
push alice "$c:refs/heads/integration"
accepted 'its promotion'
git checkout -q --detach "$base"
d=$(commit c.txt three)
push alice "+$d:refs/heads/feature/b"
accepted 'a rewind, where the stage lets them be'
e=$(commit d.txt four)
for i in 1 2 3 4; do
	GL_ID=user-$i GL_USERNAME=alice git push -q origin "$e:refs/heads/feature/at-once-$i" >/dev/null 2>"$tmp/said.$i" &
	waits="${waits:-} $!"
done
# shellcheck disable=SC2086 # several
for pid in $waits; do
	wait "$pid"
	ok $? 'one of four pushes at once'
done
is "$(ledger | grep -c "^Update: 0* $e refs/heads/feature/at-once-")" 4 'each is recorded'

# A warning is no error.
version=1.1.0
standard_policy 'always: [subject]'
sed -i -e 's/REMOTE_USER/GL_USERNAME/' \
    -e 's/^gates:/gates:\n  subject: {kind: message, subject: {max: 5}, enforce: warn}/' "$tmp/server.yml"
f=$(commit e.txt five 'a subject that is longer')
push alice "$f:refs/heads/feature/warned"
accepted 'a push that a gate warns about'
says '^remote: warning: refs/heads/feature/warned' 'it is told'
unlike "$out" 'GL-HOOK-ERR' 'not as an error'

# What nobody can decide is said on the page too.
printf 'flow: [\n' | policy
push alice "$f:refs/heads/feature/broken"
[ "$rc" != 0 ]
ok $? 'a broken policy refuses'
like "$(page)" 'policy\.yml' 'the page says so'

# A host that there is not refuses: a slip would leave what it changes undone.
version=1.1.0
standard_policy
git -C "$S" config stagegate.host gitlba
push alice "$f:refs/heads/feature/slip"
[ "$rc" != 0 ]
ok $? 'a host of no such name refuses'
says 'stagegate.host is .gitlba. and' 'and says where it stands'
git -C "$S" config stagegate.host gitlab
finish
