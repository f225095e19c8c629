#!/bin/sh
# stagegate doctor and the owner of a repository who means it ill: nothing that
# stands there makes it wait for ever, and nothing leads --fix elsewhere.
. "${0%/*}/lib.sh"
. "${0%/*}/doctor.sh"

guarded
# The last output is an error of that code.
said() { # said CODE TEXT
	like "$rc $(printf '%s' "$out" | tr '\n' ' ')" "^1 .*error: $1: " "$2"
}

# --- what never answers --------------------------------------------------------

# hangs PATH: a FIFO there, between two repositories that are in order
hangs() {
	again
	for name in a c; do
		git init -q --bare "$tmp/all/$name.git"
		"$stagegate" init --programs "$programs" --policy "$tmp/server.yml" \
			"$tmp/all/$name.git" >/dev/null
	done
	rm -rf "${R:?}/$1"
	mkfifo "$R/$1"
	doctor --timeout 5 --all "$tmp/all"
	ok "$([ "$rc" = 124 ]; echo $((1 - $?)))" "a FIFO for $1 keeps nobody waiting"
}
hangs config
said repository.broken-off 'and is an error'
says "^$tmp/all/a.git: ok$" 'the one before is looked at'
says "^$tmp/all/c.git: ok$" 'and the one after'
says '^doctor: 2 of 3 repositories are in order' 'the sum has it'
doctor --timeout 5 --json --all "$tmp/all"
is "$rc $(printf '%s' "$out" | jq -c '[.errors, [.repositories[] | [.findings[] | select(.level != "note") | .code] | join(",")]]')" \
	'1 [1,["","repository.broken-off",""]]' '--json has the same'
for file in HEAD packed-refs refs/heads/main objects/info/alternates; do
	hangs "$file"
	says "^$tmp/all/c.git: ok$" 'the others are looked at'
done
hangs hooks/update
said hooks.foreign 'what is there is no hook'
hangs stagegate/id
is "$rc" 1 'and is found'
again
mkfifo "$R/refs/heads/main.lock"
touch -d '1 hour ago' "$R/refs/heads/main.lock"
doctor "$R"
said locks.stale 'a FIFO for a lock is one too'
doctor --fix "$R"
is "$rc:$(find "$R" -type p)" '0:' 'and is removed'
again
mkfifo "$tmp/fifo.yml"
git -C "$R" config stagegate.policy "$tmp/fifo.yml"
doctor "$R"
said policy.invalid 'a FIFO for a policy is no policy'
again
git -C "$R" config include.path "$tmp/fifo.yml"
doctor --timeout 1 "$R"
said repository.broken-off 'a configuration that includes a FIFO is given up'

# Each file includes the next ten times: as many reads as there are grains of
# sand, which libgit2 and git both set out to do.
again
for level in 1 2 3 4 5 6 7 8; do
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		printf '[include]\n\tpath = bomb%d\n' "$((level + 1))"
	done >"$R/bomb$level"
done
: >"$R/bomb9"
git -C "$S" config --file "$R/config" include.path bomb1
doctor --timeout 1 "$R"
said repository.broken-off 'a configuration that multiplies itself is given up'
again
for i in $(seq 1000); do
	printf '[include]\n\tpath = more%d\n' "$i"
	: >"$R/more$i"
done >>"$R/config"
doctor "$R"
like "$rc $out" '^[13] .*(unseen|error): config.unreadable: ' 'a thousand includes are not looked into'

# --- odd contents --------------------------------------------------------------

again
ln -s loop "$R/loop"
rm "$R/hooks/update"
ln -s ../loop "$R/hooks/update"
doctor "$R"
said hooks.dangling 'a link to itself is found'
doctor --fix "$R"
is "$rc:$(cmp "$R/hooks/update" "$programs/update" 2>&1)" '0:' 'and gives way to a hook'
again
cp "$programs/update" "$tmp/big"
truncate -s 100M "$R/hooks/update"
doctor "$R"
said hooks.foreign 'a hook of 100 MB is none of ours'
again
odd=$R/refs/heads/$(printf 'x\033]0;y\007z').lock
: >"$odd"
touch -d '1 hour ago' "$odd"
doctor "$R"
said locks.stale 'a name of control characters is told'
is "$(printf '%s' "$out" | LC_ALL=C tr -d '\012\040-\176' | wc -c)" 0 'without them'
doctor --fix "$R"
is "$rc:$(printf '%s' "$out" | LC_ALL=C tr -d '\012\040-\176' | wc -c)" '0:0' 'and it is removed'

# --- what would lead --fix elsewhere ---------------------------------------------

# aside NAME: a directory outside in the place of one in the repository
aside() {
	again
	rm -rf "$tmp/outside"
	mv "$R/$1" "$tmp/outside"
	ln -s "$tmp/outside" "$R/$1"
}
listing() {
	find "$tmp/outside" -printf '%P %m %u %s\n' | sort
}
aside hooks
: >"$tmp/outside/update"
chmod 755 "$tmp/outside/update"
before=$(listing)
doctor --fix "$R"
is "$rc:$(listing)" "1:$before" 'hooks/ that is a link: nothing is put where it leads'
says '^not fixed: hooks.empty: ' 'and it says so'
aside refs/heads
: >"$tmp/outside/x.lock"
touch -d '1 hour ago' "$tmp/outside/x.lock"
doctor --fix "$R"
ok "$([ -e "$tmp/outside/x.lock" ]; echo $?)" 'refs/heads that is a link: no lock of others is removed'
aside refs
: >"$tmp/outside/x.lock"
touch -d '1 hour ago' "$tmp/outside/x.lock"
doctor --fix "$R"
ok "$([ -e "$tmp/outside/x.lock" ]; echo $?)" 'nor where refs is one'
aside objects
mkdir "$tmp/outside/tmp_objdir-incoming-x"
touch -d '2 days ago' "$tmp/outside/tmp_objdir-incoming-x"
before=$(listing)
doctor --fix "$R"
is "$(listing)" "$before" 'objects/ that is a link: nothing is removed there'
aside stagegate
chmod 777 "$tmp/outside"
before=$(listing)
doctor --fix "$R"
is "$rc:$(listing)" "1:$before" 'stagegate/ that is a link: no mode is changed there'
said state.kind 'and it is an error'
again
mkdir "$tmp/shared"
cp "$R/config" "$tmp/shared/config"
git config --file "$tmp/shared/config" receive.fsckObjects false
ln -sf "$tmp/shared/config" "$R/config"
before=$(cat "$tmp/shared/config")
doctor --fix "$R"
is "$rc:$(cat "$tmp/shared/config")" "1:$before" 'config that is a link: its target stays'
again
mkdir "$R/other"
git -C "$R" config core.hooksPath "$R/hooks/../../outside"
rm -rf "$tmp/all/outside"
cp -a "$R/hooks" "$tmp/all/outside"
: >"$tmp/all/outside/update"
doctor --fix "$R"
is "$rc:$(wc -c <"$tmp/all/outside/update")" '1:0' 'core.hooksPath that leads out is not followed'

if [ "$(id -u)" = 0 ]; then
	chmod 755 "$tmp"
	nobody() {
		again
		chown -R 65534:65534 "$R"
	}
	nobody
	chown 0 "$R/config"
	chmod 666 "$R/config"
	doctor --fix "$R"
	is "$rc:$(stat -c '%a %u' "$R/config")" '1:666 0' \
		"root changes no file of root's where another account put it"
	says '^not fixed: modes.config: ' 'and says so'
	nobody
	chown 0 "$R/hooks"
	chmod 1777 "$R/hooks"
	: >"$R/hooks/update"
	doctor --fix "$R"
	is "$(stat -c %a "$R/hooks")" 1777 'nor a mode in a directory of another account'
	is "$(wc -c <"$R/hooks/update")" 0 'nor anything as root where all may write'
	nobody
	mkdir "$R/refs/heads/of-root"
	: >"$R/refs/heads/of-root/x.lock"
	touch -d '1 hour ago' "$R/refs/heads/of-root/x.lock"
	doctor --fix "$R"
	is "$rc:$(ls "$R/refs/heads/of-root")" '0:' "a lock in root's own directory is removed"
	nobody
	chown -R 1:1 "$R/hooks"
	: >"$R/hooks/update"
	doctor --fix "$R"
	is "$rc:$(wc -c <"$R/hooks/update")" '1:0' \
		"nothing is changed in a third account's directory"
	says '^not fixed: hooks.empty: ' 'and it says so'
	nobody
	rm -rf "$R/hooks"
	doctor --fix "$R"
	is "$rc:$(find "$R" ! -uid 65534)" '0:' "a missing hooks/ is made, and is that account's"
	nobody
	chmod 000 "$R/refs/heads"
	doctor "$R"
	ok "$([ "$rc" = 0 ]; echo $((1 - $?)))" 'a directory that the account cannot read is no good news'
	nobody
	chmod 000 "$R/objects"
	doctor "$R"
	ok "$([ "$rc" = 0 ]; echo $((1 - $?)))" 'nor are objects that it cannot'
fi
finish
