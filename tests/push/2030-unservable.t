#!/bin/sh
# Repositories that can't be served refuse with a sentence of their own.
. "${0%/*}/lib.sh"
server
standard_policy
clone
c=$(commit a.txt one)
declined() { # declined PATTERN TEXT
	if [ "$rc" != 0 ]; then
		like "$out" "$1" "$2"
	else
		ok 1 "$2: was accepted"
	fi
}
push_to() {
	out=$(REMOTE_USER=alice git push "$1" "$c:refs/heads/feature/a" 2>&1)
	rc=$?
}
mkdir "$tmp/a:b"
cp -R "$S" "$tmp/a:b/x.git"
push_to "$tmp/a:b/x.git"
declined "':'" 'a path with a colon'
cp -R "$S" "$tmp/ext.git"
git -C "$tmp/ext.git" config core.repositoryFormatVersion 1
git -C "$tmp/ext.git" config extensions.worktreeConfig true
push_to "$tmp/ext.git"
declined 'extension' 'an extension that libgit2 does not know'
git init -q --bare --object-format=sha256 "$tmp/256.git"
put_hooks "$tmp/256.git"
git init -q --object-format=sha256 "$tmp/c256"
d=$(cd "$tmp/c256" && commit a.txt one)
out=$(cd "$tmp/c256" && REMOTE_USER=alice git push "$tmp/256.git" "$d:refs/heads/feature/a" 2>&1)
rc=$?
declined 'sha256|SHA-256' 'a SHA-256 repository'
if [ "$(id -u)" = 0 ]; then
	cp -R "$S" "$tmp/owner.git"
	chown -R 12345 "$tmp/owner.git"
	git config --file "$tmp/gitconfig" --add safe.directory '*'
	push_to "$tmp/owner.git"
	declined 'safe\.directory|another account|owne[rd]' 'a repository of another account'
	git config --file "$tmp/gitconfig" --unset-all safe.directory
fi
out=$(REMOTE_USER=alice GIT_NAMESPACE=ns git push --receive-pack='env GIT_NAMESPACE=ns git receive-pack' origin "$c:refs/heads/feature/a" 2>&1)
rc=$?
declined 'namespace|GIT_NAMESPACE' 'a namespace'
echo "$c" >"$S/shallow"
push alice "$c:refs/heads/feature/a"
declined 'shallow' 'a shallow repository'
rm "$S/shallow"
mkdir -p "$S/info"
echo "$c" >"$S/info/grafts"
push alice "$c:refs/heads/feature/a"
declined 'graft' 'grafts'
rm "$S/info/grafts"
push alice "$c:refs/heads/feature/a"
accepted 'and the plain repository is served'
finish
