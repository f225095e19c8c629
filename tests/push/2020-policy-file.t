#!/bin/sh
# A policy that can't be used refuses every push, in words for the pusher that
# quote nothing of it.
. "${0%/*}/lib.sh"
server
standard_policy
clone
c=$(commit a.txt one)
y=$tmp/server.yml
broken() { # broken TEXT
	push alice "$c:refs/heads/feature/broken"
	refused policy.invalid "$1"
	says 'administrator' 'the pusher is told whom to call'
	unlike "$out" 'test-flow|alice@example|peer-review' 'and nothing of the policy'
	out=$(cd "$S" && printf '%s %s refs/heads/feature/a\n' 0000000000000000000000000000000000000000 "$c" |
	    REMOTE_USER=alice GIT_DIR=. hooks/pre-receive 2>&1)
	is "$?" 2 'exit code 2'
}
mv "$y" "$tmp/good"
broken 'missing'
sed 's/^stages:/stages: [/' "$tmp/good" >"$y"
broken 'not YAML'
sed 's/    push: \[release\]/    posh: [release]/' "$tmp/good" >"$y"
broken 'an unknown key'
: >"$y"
broken 'empty'
cp "$tmp/good" "$y"
chmod 664 "$y"
broken 'writable by the group'
chmod 646 "$y"
broken 'writable by others'
rm "$y"
mkdir "$y"
broken 'a directory'
rmdir "$y"
mkfifo "$y"
broken 'a FIFO'
rm "$y"
if [ "$(id -u)" = 0 ]; then
	cp "$tmp/good" "$y"
	chmod 644 "$y"
	chown 12345 "$y"
	broken 'of another account'
	rm "$y"
fi
cp "$tmp/good" "$y"
chmod 644 "$y"
push alice "$c:refs/heads/feature/a"
accepted 'the right one'
printf '# changed\n' >>"$y"
broken 'another text of the same version'
sed 's/^version: .*/version: 0.9.0/' "$tmp/good" >"$y"
broken 'a lower version'
sed 's/^version: .*/version: 1.1.0/' "$tmp/good" >"$y"
d=$(commit b.txt two)
push alice "$d:refs/heads/feature/a"
accepted 'a higher version'
cp "$tmp/good" "$y"
broken 'back to the first version'
sed 's/^version: .*/version: 1.1.0/' "$tmp/good" >"$y"

# replaced between pre-receive and update
mv "$S/hooks/update" "$S/hooks/real-update"
cat >"$S/hooks/update" <<X
#!/bin/sh
sed -e 's/^version: .*/version: 1.2.0/' -e 's/developers: .*/developers: [bob]/' "$tmp/good" >"$y.new"
mv "$y.new" "$y"
exec "$S/hooks/real-update" "\$@"
X
chmod +x "$S/hooks/update"
e=$(commit c.txt three)
push alice "$e:refs/heads/feature/a"
refused push.role 'update judges again by the new policy'
ref_is refs/heads/feature/a "$d" 'the ref did not move'
mv "$S/hooks/real-update" "$S/hooks/update"
push bob "$e:refs/heads/feature/a"
accepted 'which lets another one'
finish
