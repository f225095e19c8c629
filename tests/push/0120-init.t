#!/bin/sh
# `stagegate init`: odd hooks, hosts, many repositories, and an upgrade while
# people push.
. "${0%/*}/lib.sh"
p=$tmp/programs
put_programs "$p"
# another build: the same program with a byte behind it
later=$tmp/later
mkdir "$later"
for hook in pre-receive update post-receive; do
	cp "$p/$hook" "$later/$hook"
	printf x >>"$later/$hook"
done
server
rm -rf "$S/hooks"
standard_policy
init() { # init ARGS..
	out=$("$stagegate" init --programs "$p" --policy "$tmp/server.yml" "$@" 2>&1)
	rc=$?
}
git -C "$S" config receive.fsckObjects false
init "$S"
accepted 'installed'
says 'server.git: installed' 'and said'
init "$S"
says 'server.git: as it was' 'the second time there is nothing to do'
is "$(git -C "$S" config --get-all receive.fsckObjects)" true 'a setting is replaced'

# what git would take for success
for odd in empty nul dangling plain; do
	git init -q --bare "$tmp/$odd.git"
	mkdir -p "$tmp/$odd.git/hooks"
done
: >"$tmp/empty.git/hooks/update"
head -c 5000 /dev/zero >"$tmp/nul.git/hooks/update"
ln -s /nonexistent "$tmp/dangling.git/hooks/update"
echo 'exit 0' >"$tmp/plain.git/hooks/update"
chmod +x "$tmp/empty.git/hooks/update" "$tmp/nul.git/hooks/update"
for odd in empty nul dangling plain; do
	init --chain "$tmp/$odd.git"
	is "$rc" 1 "$odd: refused"
	[ ! -e "$tmp/$odd.git/hooks/pre-receive" ] && [ ! -e "$tmp/$odd.git/stagegate" ]
	ok $? "$odd: nothing was changed"
done
cp "$p/update" "$tmp/plain.git/hooks/update"
chmod -x "$tmp/plain.git/hooks/update"
init "$tmp/plain.git"
[ -x "$tmp/plain.git/hooks/update" ]
ok $? 'a hook of ours that is not executable is put again'
git -C "$tmp/empty.git" config core.hooksPath /elsewhere
init "$tmp/empty.git"
says 'core.hooksPath' 'hooks where git does not look are refused'

# out again
init --uninstall "$S"
says 'server.git: hooks removed' 'taken out'
is "$(ls "$S/hooks")" '' 'no hook is left'
is "$(git -C "$S" config receive.fsckObjects)" false 'a setting is what it was'
is "$(git -C "$S" config receive.certNonceSlop)" '' 'one that was not there is gone'
is "$(git -C "$S" config --get-all receive.hideRefs | wc -l)" 2 'what hides the ledger stays'

# hosts
git init -q --bare "$tmp/gitea/me/it.git"
for hook in pre-receive update post-receive; do
	mkdir -p "$tmp/gitea/me/it.git/hooks/$hook.d"
	printf '#!/bin/sh\nexec true\n' >"$tmp/gitea/me/it.git/hooks/$hook"
	chmod +x "$tmp/gitea/me/it.git/hooks/$hook"
done
init "$tmp/gitea/me/it.git"
says 'host gitea' "Gitea's repository is known by its hooks"
init --gitea "$tmp/gitea"
accepted 'Gitea'
cmp -s "$p/update" "$tmp/gitea/me/it.git/hooks/update.d/stagegate"
ok $? 'ours lie beside its own'
says 'GITEA_PUSHER_NAME' 'a policy that does not know its pushers is told'
says 'host_refs' 'and one that lets no pull request in'
is "$(git -C "$tmp/gitea/me/it.git" config stagegate.host)" gitea 'the host is noted'
init --gitlab "$tmp/gitlab"
cmp -s "$p/pre-receive" "$tmp/gitlab/pre-receive.d/stagegate"
ok $? 'GitLab'
init --gitolite "$tmp/gitolite"
cmp -s "$p/update" "$tmp/gitolite/VREF/stagegate" && [ ! -e "$tmp/gitolite/hooks/common/update" ] && [ -x "$tmp/gitolite/hooks/common/pre-receive" ]
ok $? 'gitolite keeps update, ours is a VREF'
init --template "$tmp/template"
git init -q --bare --template="$tmp/template" "$tmp/new.git"
clone
c=$(commit a.txt one)
out=$(REMOTE_USER=dana git push "$tmp/new.git" "$c:refs/heads/main" 2>&1)
rc=$?
refused stage.skip 'a repository made from the template is guarded'
init --host nowhere "$S"
is "$rc" 100 'an unknown host'

# while people push
init "$S"
push alice "$c:refs/heads/feature/a"
accepted 'a push, as before'
pusher() { # pusher NAME: 12 pushes; what was accepted in $tmp/NAME.ok
	git clone -q "$S" "$tmp/$1" 2>/dev/null
	for n in 1 2 3 4 5 6 7 8 9 10 11 12; do
		git -C "$tmp/$1" checkout -q --orphan "o$n" 2>/dev/null
		git -C "$tmp/$1" commit -q --allow-empty -m "$1 $n"
		if REMOTE_USER=alice git -C "$tmp/$1" push "$S" "HEAD:refs/heads/feature/$1-$n" >>"$tmp/$1.out" 2>&1; then
			echo "refs/heads/feature/$1-$n" >>"$tmp/$1.ok"
		else
			echo "push $n failed" >>"$tmp/$1.failed"
		fi
	done
	: >"$tmp/$1.done"
}
pusher one &
one=$!
pusher two &
two=$!
rounds=0
while [ ! -e "$tmp/one.done" ] || [ ! -e "$tmp/two.done" ]; do
	rounds=$((rounds + 1))
	[ "$rounds" -lt 2000 ] || break
	"$stagegate" init --programs "$later" "$S" >/dev/null 2>>"$tmp/init.err"
	"$stagegate" init --programs "$p" "$S" >/dev/null 2>>"$tmp/init.err"
done
wait "$one" "$two"
is "$(cat "$tmp/init.err")" '' 'upgrades while people push'
is "$(cat "$tmp/one.failed" "$tmp/two.failed" 2>/dev/null)" '' 'no push fails for it'
is "$(cat "$tmp/one.ok" "$tmp/two.ok" | sort)" \
    "$(ledger | grep -o 'refs/heads/feature/\(one\|two\)-[0-9]*' | sort -u)" \
    'each one is recorded'

# a policy in a repository
policy_repo=$tmp/process.git
git init -q --bare "$policy_repo"
chmod -R go-w "$policy_repo"
blob=$(git -C "$policy_repo" hash-object -w "$tmp/server.yml")
tree=$(printf '100644 blob %s\tpolicy.yml\n' "$blob" | git -C "$policy_repo" mktree)
git -C "$policy_repo" update-ref refs/tags/v1.0.0 "$(git -C "$policy_repo" commit-tree -m policy "$tree")"
O=$tmp/object.git
git init -q --bare "$O"
from() { # from POLICY: installed from the folder above
	out=$(cd "$tmp" && "$stagegate" init --programs "$p" --policy "$1" object.git 2>&1)
	rc=$?
}
from process.git:refs/tags/v1.0.0:policy.yml
accepted 'a policy of a commit'
unlike "$out" refused 'which can be read'
is "$(git -C "$O" config stagegate.policy)" "$policy_repo:refs/tags/v1.0.0:policy.yml" 'is noted with its whole path'
out=$(REMOTE_USER=dana git push "$O" "$c:refs/heads/main" 2>&1)
rc=$?
refused stage.skip 'and is followed'
out=$(REMOTE_USER=alice git push "$O" "$c:refs/heads/feature/o" 2>&1)
rc=$?
accepted 'also where it lets in'
for bad in process.git:v1.0.0:policy.yml process.git:policy.yml process.git:refs/tags/v2:policy.yml \
	process.git:refs/tags/v1.0.0:other.yml none.git:refs/tags/v1.0.0:policy.yml none.yml; do
	from "$bad"
	is "$rc" 100 "a policy that is not there: $bad"
done
is "$(git -C "$O" config stagegate.policy)" "$policy_repo:refs/tags/v1.0.0:policy.yml" 'changes nothing'
cp "$tmp/server.yml" "$tmp/a:b.yml"
ln -s a:b.yml "$tmp/link.yml"
from link.yml
is "$rc" 100 'a file whose name would be read as a repository'
says "holds a ':'" 'is refused in words'

# versions
mkdir -p "$S/stagegate/plans"
printf 'id: later\nformat: "2"\n' >"$S/stagegate/plans/0123456789abcdef0123456789abcdef.yml"
d=$(commit b.txt two)
push alice "$d:refs/heads/feature/b"
is "$rc" 1 'a plan of a later version refuses'
says 'written by another' 'in words'
rm "$S/stagegate/plans/0123456789abcdef0123456789abcdef.yml"
L=$tmp/later.git
git init -q --bare "$L"
init "$L"
tree=$(printf '100644 blob %s\tformat\n' "$(echo 2 | git -C "$L" hash-object -w --stdin)" | git -C "$L" mktree)
tree=$(printf '040000 tree %s\tmeta\n' "$tree" | git -C "$L" mktree)
git -C "$L" update-ref refs/notes/stagegate "$(git -C "$L" commit-tree -m later "$tree")"
out=$(REMOTE_USER=alice git push "$L" "$d:refs/heads/feature/b" 2>&1)
rc=$?
is "$rc" 1 'a ledger of a later version refuses'
says 'later( |$)' 'in words'
init "$L"
is "$rc" 1 'and nothing is installed over it'

# many
mkdir "$tmp/many"
git init -q --bare "$tmp/many/0.git"
n=1
while [ "$n" -lt 500 ]; do
	mkdir -p "$tmp/many/$n.git/refs/heads" "$tmp/many/$n.git/objects"
	cp "$tmp/many/0.git/HEAD" "$tmp/many/0.git/config" "$tmp/many/$n.git/"
	n=$((n + 1))
done
init --all "$tmp/many"
accepted '500 repositories in one command'
is "$(printf '%s\n' "$out" | grep -c "^$tmp/many/[0-9]*.git  *installed$")" 500 'each has a row'
is "$(printf '%s\n' "$out" | tail -n 1)" '500 repositories: 500 installed' 'and they are counted'
is "$(find "$tmp/many" -path '*/hooks/*' ! -name '*.sample' -type f -perm -111 | wc -l)" 1500 'each has its three hooks'
is "$(find "$tmp/many" -path '*/hooks/update' -printf '%i\n' | sort -u | wc -l)" 1 'of which there is one file'
out=$("$stagegate" init --json --programs "$later" --all "$tmp/many" | jq -r '.repositories[].result' | sort | uniq -c | tr -s ' ')
is "$out" ' 500 upgraded' 'and upgraded'
git init -q --bare "$tmp/many/fresh.git"
git init -q --bare --object-format=sha256 "$tmp/many/sha.git"
git -C "$tmp/many/0.git" config stagegate.host gitea
out=$("$stagegate" init --programs "$later" --all "$tmp/many" 2>"$tmp/many.err")
is "$?" 1 'one of them cannot be served'
is "$(printf '%s\n' "$out" | tail -n 1)" '502 repositories: 1 installed, 499 unchanged, 2 not done' 'the sum tells'
says "^$tmp/many/sha.git +not done +[a-z'/]" 'its row has the reason'
is "$(grep -c "^  $tmp/many/\(0\|sha\).git$" "$tmp/many.err")" 2 'standard error names them'
finish
