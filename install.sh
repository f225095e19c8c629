#!/bin/sh
# Builds stagegate and puts its hooks into bare repositories.
#
# Every step can be repeated: what is in place already is left as it is.  Hooks
# are real files, written beside their place, synced and renamed, so that git
# never meets half a hook or none (git skips a missing one and accepts).
set -eu
umask 022

usage() {
	cat <<'EOT'
usage: ./install.sh [OPTION]... [REPO.git]...
       ./install.sh --demo

Builds stagegate, installs it below PREFIX and puts its hooks into the bare
repositories named. Without a repository only the programs are installed.

  --demo             build, make a scratch server and walk a change through
                     the shipped flow with real pushes; installs nothing
  --prefix DIR       where the programs go (/usr/local)
  --sysconfdir DIR   where stagegate/policy.yml is looked for (/etc)
  --policy FILE      these repositories follow FILE (git config
                     stagegate.policy); otherwise the shipped policy is put
                     into SYSCONFDIR/stagegate/ unless there is one
  --all DIR          every bare repository below DIR; links are not followed
  --chain            keep a hook that is there already: it runs after ours,
                     and its refusal counts
  --no-build         the programs are installed already: only repositories
  --uninstall        take our hooks out of the repositories named; without
                     any, remove the programs. Ledger and policy stay
  --dry-run          say what would be done, do nothing
  --yes              do not ask
  --help
EOT
}

die() {
	printf 'install.sh: %s\n' "$*" >&2
	exit 1
}

say() {
	printf '%s\n' "$*"
}

# Runs a command, or says what it would be.
run() {
	if [ "$dry" = 1 ]; then
		printf '  would run: %s\n' "$*"
	else
		"$@"
	fi
}

absolute() {
	case $1 in
	/*) printf '%s\n' "$1" ;;
	*) printf '%s/%s\n' "$PWD" "$1" ;;
	esac
}

prefix=/usr/local
sysconfdir=/etc
policy=
all=
build=1
uninstall=0
dry=0
yes=0
demo=0
chain=0
one=0
destdir=${DESTDIR:-}
hooks='pre-receive update post-receive'
top=$(cd "$(dirname "$0")" && pwd)

need() {
	[ "$2" -ge 2 ] || die "$1 needs a value; see --help"
}

while [ $# -gt 0 ]; do
	case $1 in
	--prefix) need "$1" $#; prefix=$(absolute "$2"); shift ;;
	--sysconfdir) need "$1" $#; sysconfdir=$(absolute "$2"); shift ;;
	--policy) need "$1" $#; policy=$(absolute "$2"); shift ;;
	--all) need "$1" $#; all=$2; shift ;;
	--chain) chain=1 ;;
	--no-build) build=0 ;;
	--uninstall) uninstall=1 ;;
	--dry-run) dry=1 ;;
	--yes) yes=1 ;;
	--demo) demo=1 ;;
	--one) one=1 ;; # each() says so to itself
	--help) usage; exit 0 ;;
	--) shift; break ;;
	-*) die "unknown option $1; see --help" ;;
	*) break ;;
	esac
	shift
done
for repo in "$@"; do
	case $repo in
	-*) die "options come before repositories: $repo" ;;
	esac
done

libexec=$prefix/libexec/stagegate
command=$prefix/bin/stagegate

# --- the programs -----------------------------------------------------------

build_programs() {
	run sh "$top/tests/tools/deps.sh" build
	run make -C "$top" -j2 all PREFIX="$prefix" SYSCONFDIR="$sysconfdir"
}

install_programs() {
	build_programs
	run make -C "$top" install PREFIX="$prefix" SYSCONFDIR="$sysconfdir"
}

install_policy() {
	if [ -n "$policy" ]; then
		[ "$dry" = 1 ] || "$command" check "$policy" ||
		    die "$policy can't be used (see above)"
		return
	fi
	if [ -e "$destdir$sysconfdir/stagegate/policy.yml" ]; then
		[ "$dry" = 1 ] || [ -n "$destdir" ] ||
		    "$command" check "$sysconfdir/stagegate/policy.yml" ||
		    die "$sysconfdir/stagegate/policy.yml can't be used (see above)"
		return
	fi
	run install -d -m 755 "$destdir$sysconfdir/stagegate"
	run install -m 644 "$top/policy/policy.yml" \
	    "$destdir$sysconfdir/stagegate/policy.yml"
	say "policy: $destdir$sysconfdir/stagegate/policy.yml (the shipped one: edit people and roles)"
}

# --- repositories -----------------------------------------------------------

# git itself may refuse a repository of another account; its files do not.
run_config() {
	run git config --file "$gitdir/config" "$@"
}

config() {
	git config --file "$gitdir/config" "$@"
}

find_gitdir() {
	[ -d "$1" ] || die "$1: no such directory"
	gitdir=$(cd "$1" && pwd -P)
	[ ! -d "$gitdir/.git" ] || gitdir=$gitdir/.git
	if [ ! -f "$gitdir/HEAD" ] || [ ! -d "$gitdir/objects" ] ||
	    [ ! -d "$gitdir/refs" ]; then
		die "$1: not a git repository"
	fi
	case $gitdir in
	*:* | *'"'*) die "$1: a path with ':' or '\"' can't be served: git hands it to hooks in a form that libraries misread; move the repository" ;;
	esac
	if [ "$(config --get extensions.objectFormat || :)" = sha256 ]; then
		die "$1: a SHA-256 repository; stagegate serves SHA-1 ones only"
	fi
	if [ "$(config --get extensions.refStorage || :)" = reftable ]; then
		die "$1: refs in reftable format; stagegate serves the files format only"
	fi
	owner=$(stat -c %u:%g "$gitdir")
}

find_hooks() {
	hookdir=$(config --get core.hooksPath || git config --system --get core.hooksPath || :)
	case $hookdir in
	'') hookdir=$gitdir/hooks ;;
	/*) die "$1: core.hooksPath is $hookdir, shared with other repositories; unset it there, or install into each of them" ;;
	*) hookdir=$gitdir/$hookdir ;;
	esac
}

is_ours() {
	grep -q 'stagegate hook, do not edit' "$1" 2>/dev/null
}

# A synced copy under another name, then rename(2) over the place.
put_hook() {
	new=$(mktemp "$hookdir/.$1.XXXXXX")
	cp "$libexec/$1" "$new"
	chmod 755 "$new"
	sync "$new"
	mv -f "$new" "$hookdir/$1"
	sync "$hookdir"
}

install_hook() {
	hook=$hookdir/$1
	if [ -e "$hook" ] || [ -L "$hook" ]; then
		if [ ! -L "$hook" ] && cmp -s "$hook" "$libexec/$1"; then
			[ -x "$hook" ] || run chmod 755 "$hook"
			return
		fi
		if [ -L "$hook" ] || ! is_ours "$hook"; then
			[ "$chain" = 1 ] || die "$hook is not ours and was left alone; run again with --chain to keep it behind ours, or move it away"
			[ ! -e "$hook.chained" ] ||
			    die "$hook.chained is there already; look which of the two is wanted"
			run cp -p "$hook" "$hook.chained"
			run sync "$hook.chained"
		fi
	fi
	if [ "$dry" = 1 ]; then
		say "  would put $hook"
	else
		put_hook "$1"
	fi
}

# Nothing is changed before everything is known to be possible.
check_hooks() {
	for name in $hooks; do
		hook=$hookdir/$name
		if { [ -e "$hook" ] || [ -L "$hook" ]; } && [ "$chain" = 0 ]; then
			if [ -L "$hook" ] || ! is_ours "$hook"; then
				die "$hook is not ours and was left alone; run again with --chain to keep it behind ours, or move it away"
			fi
		fi
	done
}

add_config() {
	if ! config --get-all "$1" | grep -qxF "$2"; then
		run_config --add "$1" "$2"
	fi
}

set_config() {
	[ "$(config --get "$1" || :)" = "$2" ] || run_config "$1" "$2"
}

# Signed pushes are bound to this server by a secret: who knows it can make
# nonces, so it stands in a file that only the hooks' account reads.
make_nonce_seed() {
	[ -z "$(config --includes --get receive.certNonceSeed || :)" ] || return 0
	if [ "$dry" = 1 ]; then
		say "  would make $gitdir/stagegate/push-cert.config"
		return
	fi
	(
		umask 077
		seed=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
		printf '[receive]\n\tcertNonceSeed = %s\n' "$seed" \
		    >"$gitdir/stagegate/push-cert.config.new"
	)
	case $(config --get core.sharedRepository || :) in
	group | true | 1 | 0660 | 0640 | all | world | everybody | 2)
		chmod 640 "$gitdir/stagegate/push-cert.config.new" ;;
	esac
	[ "$(id -u)" != 0 ] ||
	    chown "$owner" "$gitdir/stagegate/push-cert.config.new"
	sync "$gitdir/stagegate/push-cert.config.new"
	mv -f "$gitdir/stagegate/push-cert.config.new" \
	    "$gitdir/stagegate/push-cert.config"
	add_config include.path stagegate/push-cert.config
}

configure() {
	set_config receive.advertisePushOptions true
	set_config receive.denyDeleteCurrent true
	set_config receive.fsckObjects true
	add_config receive.hideRefs refs/notes/stagegate
	add_config receive.hideRefs refs/stagegate
	add_config uploadpack.hideRefs refs/evidence
	make_nonce_seed
	set_config receive.certNonceSlop 60
	[ -z "$policy" ] || set_config stagegate.policy "$policy"
	# git config writes a new file, which is then root's
	if [ "$(stat -c %u:%g "$gitdir/config")" != "$owner" ]; then
		run chown "$owner" "$gitdir/config"
	fi
}

make_state() {
	if [ ! -d "$gitdir/stagegate" ]; then
		run mkdir -m 700 "$gitdir/stagegate"
		[ "$(id -u)" != 0 ] || run chown "$owner" "$gitdir/stagegate"
	fi
	# Where the account is another one, the first push makes the id.
	if [ "$dry" = 0 ] && [ "$(id -u)" = "${owner%%:*}" ]; then
		"$command" -C "$gitdir" id >/dev/null
	fi
}

install_repository() {
	find_gitdir "$1"
	find_hooks "$1"
	[ -d "$hookdir" ] || run mkdir -p "$hookdir"
	check_hooks
	make_state
	configure
	# update first: it refuses what no pre-receive of ours has planned
	for name in update post-receive pre-receive; do
		install_hook "$name"
	done
	if [ "$dry" = 1 ]; then
		say "$1: would be installed"
	else
		say "$1: installed"
	fi
	if [ -n "$(find "$gitdir/refs/heads" -type f 2>/dev/null | head -n 1)" ] ||
	    grep -qs ' refs/heads/' "$gitdir/packed-refs"; then
		if [ ! -f "$gitdir/refs/notes/stagegate" ] &&
		    ! grep -qs ' refs/notes/stagegate$' "$gitdir/packed-refs"; then
			say "  it has history: \`stagegate -C $gitdir adopt\` takes its stage refs as they are"
		fi
	fi
}

uninstall_repository() {
	find_gitdir "$1"
	find_hooks "$1"
	for name in pre-receive update post-receive; do
		hook=$hookdir/$name
		if [ ! -L "$hook" ] && is_ours "$hook"; then
			if [ -e "$hook.chained" ]; then
				run mv -f "$hook.chained" "$hook"
			else
				run rm -f "$hook"
			fi
		fi
	done
	say "$1: hooks removed; the ledger refs/notes/stagegate and the settings stay"
}

# Bare repositories below a directory: HEAD, objects/ and refs/ side by side.
find_all() {
	find "$1" -type d -name refs -prune 2>/dev/null | while IFS= read -r refs; do
		dir=${refs%/refs}
		if [ -f "$dir/HEAD" ] && [ -d "$dir/objects" ] && [ ! -L "$dir" ]; then
			printf '%s\n' "$dir"
		fi
	done | sort
}

ask() {
	[ "$yes" = 0 ] && [ "$dry" = 0 ] && [ -t 0 ] || return 0
	printf '%s [y/N] ' "$1"
	read -r answer
	case $answer in
	y | Y | yes) ;;
	*) die 'nothing done' ;;
	esac
}

# --- what is to be done -----------------------------------------------------

command -v git >/dev/null || die 'git is not installed'

if [ "$demo" = 1 ]; then
	dry=0
	prefix=$top/build/demo/installed
	sysconfdir=$top/build/demo/etc
	sh "$top/tests/tools/deps.sh" build
	make -C "$top" -s -j2 all
	exec sh "$top/tests/demo/demo.sh" "$top"
fi

list=
if [ -n "$all" ]; then
	[ -d "$all" ] || die "$all: no such directory"
	list=$(find_all "$all")
	[ -n "$list" ] || die "no bare repository below $all"
	ask "change $(printf '%s\n' "$list" | wc -l) repositories below $all?"
fi

# Of many repositories each is seen to by a shell of its own, so that one that
# can't be served stops no other; which ones is said at the end.
one_of_many() {
	set -- --one --prefix "$prefix" --sysconfdir "$sysconfdir" "$1"
	[ -z "$policy" ] || set -- --policy "$policy" "$@"
	[ "$chain" = 0 ] || set -- --chain "$@"
	[ "$uninstall" = 0 ] || set -- --uninstall "$@"
	[ "$dry" = 0 ] || set -- --dry-run "$@"
	sh "$top/install.sh" "$@"
}

each() {
	if [ "$one" = 1 ]; then
		if [ "$uninstall" = 1 ]; then
			uninstall_repository "$1"
		else
			install_repository "$1"
		fi
		return
	fi
	failed=
	while IFS= read -r repo; do
		[ -z "$repo" ] || one_of_many "$repo" </dev/null ||
			failed="$failed
  $repo"
	done <<EOT
$(for repo in "$@"; do printf '%s\n' "$repo"; done)
$list
EOT
	[ -z "$failed" ] || die "not done, for the reasons above:$failed"
}

if [ "$uninstall" = 1 ]; then
	each "$@"
	if [ $# = 0 ] && [ -z "$all" ]; then
		run make -C "$top" uninstall PREFIX="$prefix"
	fi
	exit 0
fi

if [ "$one" = 1 ]; then
	each "$@"
	exit 0
fi
[ -z "$destdir" ] || [ -z "$list$*" ] ||
	die 'DESTDIR is for making packages: install into repositories without it'
if [ "$build" = 1 ]; then
	install_programs
else
	[ -x "$destdir$command" ] || die "$destdir$command is not installed; leave out --no-build"
fi
install_policy
each "$@"
