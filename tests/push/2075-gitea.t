#!/bin/sh
# Gitea and Forgejo: git runs a script of the host, which gives what it was given
# to each file of hooks/NAME.d/ and fails when any of them did; ours lies there
# beside the host's own.  The host makes refs/pull/N/head itself, by pushes that
# run the same hooks.
# shellcheck disable=SC2016 # what the host's script expands
. "${0%/*}/lib.sh"
server
standard_policy 'host_refs: ["refs/pull/*/head"]'
sed -i 's/REMOTE_USER/GITEA_PUSHER_NAME/' "$tmp/server.yml"
git -C "$S" config stagegate.host gitea
for hook in pre-receive update post-receive; do
	mkdir "$S/hooks/$hook.d"
	mv "$S/hooks/$hook" "$S/hooks/$hook.d/stagegate"
	if [ "$hook" = update ]; then
		run='"$each" "$1" "$2" "$3"'
	else
		run='printf "%s\n" "$input" | "$each"'
	fi
	cat >"$S/hooks/$hook" <<X
#!/bin/sh
[ $hook = update ] || input=\$(cat)
failed=0
for each in "\${GIT_DIR:-\$(dirname "\$0")/..}/hooks/$hook.d"/*; do
	[ -f "\$each" ] && [ -x "\$each" ] || continue
	$run || failed=\$?
done
exit \$failed
X
	printf '#!/bin/sh\n[ %s = update ] || cat >>"%s"\nexit 0\n' "$hook" \
	    "$tmp/host.$hook" >"$S/hooks/$hook.d/gitea"
	chmod +x "$S/hooks/$hook" "$S/hooks/$hook.d/gitea"
done
clone
push() { # push USER ARGS..: as Gitea has it
	who=$1
	shift
	out=$(GITEA_PUSHER_NAME=$who GITEA_PUSHER_ID=1 GITEA_REPO_NAME=product \
	    git push origin "$@" 2>&1)
	rc=$?
}

base=$(commit a.txt one)
walk "$base" deployment
ref_is refs/heads/main "$base" 'a change walks through every stage'
ledger_has '^Pusher: dana$' 'recorded with the name that Gitea gives'
like "$(cat "$tmp/host.post-receive")" "$base refs/heads/main\$" 'the host hears of it too'

c=$(commit b.txt two)
push dana "$c:refs/heads/main"
refused stage.skip 'a push that leaves stages out is refused'
ref_is refs/heads/main "$base" 'nothing moved'
out=$(GITEA_PUSHER_NAME=dana GL_USER=alice git push origin "$base:refs/heads/feature/who" 2>&1)
rc=$?
refused push.role 'another variable names nobody'

# A pull request
push alice "$c:refs/heads/feature/b"
push alice "$c:refs/pull/1/head"
accepted 'the host makes the ref of a pull request'
ref_is refs/pull/1/head "$c" 'it is there'
d=$(git commit-tree -m 'rebased' -p "$base" "$c^{tree}")
push alice "+$d:refs/heads/feature/b"
push alice "+$d:refs/pull/1/head"
accepted 'and moves it when the branch was rebased'
attested "$d"
push alice "$c:refs/heads/integration"
refused stage.skip 'what it points at has been through nothing by that'
push alice "$d:refs/heads/integration"
accepted 'the pull request is merged'
push alice :refs/pull/1/head
accepted 'its ref goes with it'
push alice "$c:refs/pull/1/merge"
refused ref.denied 'a ref that host_refs does not name is refused'

standard_policy
sed -i -e 's/REMOTE_USER/GITEA_PUSHER_NAME/' -e 's/1\.0\.0/1.1.0/' "$tmp/server.yml"
push alice "$d:refs/pull/2/head"
refused ref.denied 'without host_refs there are no pull requests'
finish
