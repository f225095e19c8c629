#!/bin/sh
# Builds stagegate and puts its hooks into bare repositories.
#
# Every step can be repeated: what is in place already is left as it is.  What
# is done to a repository is done by `stagegate init`.
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
                     stagegate.policy), also REPO.git:REVISION:PATH, a file
                     of a commit; otherwise the shipped policy is put
                     into SYSCONFDIR/stagegate/ unless there is one
  --all DIR          every bare repository below DIR; links are not followed
  --host NAME        what serves them: plain, ssh, http, gitolite, gitea,
                     forgejo, gitlab, github-enterprise
  --gitea DIR        --all DIR, beside Gitea's or Forgejo's own hooks
  --gitlab DIR       hooks into GitLab's directory of server hooks
  --gitolite DIR     hooks and VREF/stagegate into gitolite's LOCAL_CODE
  --template DIR     hooks and settings for new repositories
  --system           hooks for every repository (core.hooksPath)
  --chain            keep a hook that is there already: it runs after ours,
                     and its refusal counts
  --no-build         the programs are installed already: only repositories
  --uninstall        take our hooks and settings out of the repositories
                     named; without any, remove the programs. Ledger and
                     policy stay
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
host=
gitea=
gitlab=
gitolite=
template=
system=0
destdir=${DESTDIR:-}
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
	--host) need "$1" $#; host=$2; shift ;;
	--gitea) need "$1" $#; gitea=$2; shift ;;
	--gitlab) need "$1" $#; gitlab=$2; shift ;;
	--gitolite) need "$1" $#; gitolite=$2; shift ;;
	--template) need "$1" $#; template=$2; shift ;;
	--system) system=1 ;;
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

# What is done to repositories is done by the command.
init() {
	[ -z "$policy" ] || set -- --policy "$policy" "$@"
	[ -z "$all" ] || set -- --all "$all" "$@"
	[ -z "$host" ] || set -- --host "$host" "$@"
	[ -z "$gitea" ] || set -- --gitea "$gitea" "$@"
	[ -z "$gitlab" ] || set -- --gitlab "$gitlab" "$@"
	[ -z "$gitolite" ] || set -- --gitolite "$gitolite" "$@"
	[ -z "$template" ] || set -- --template "$template" "$@"
	[ "$system" = 0 ] || set -- --system "$@"
	[ "$chain" = 0 ] || set -- --chain "$@"
	[ "$uninstall" = 0 ] || set -- --uninstall "$@"
	[ "$dry" = 0 ] || set -- --dry-run "$@"
	"$command" init --programs "$libexec" "$@"
}

wanted=$*$all$gitea$gitlab$gitolite$template
[ "$system" = 0 ] || wanted=yes
[ -z "$all$gitea" ] || ask "change every repository below $all$gitea?"

if [ "$uninstall" = 1 ]; then
	if [ -n "$wanted" ]; then
		init "$@"
	else
		run make -C "$top" uninstall PREFIX="$prefix"
	fi
	exit 0
fi

[ -z "$destdir" ] || [ -z "$wanted" ] ||
	die 'DESTDIR is for making packages: install into repositories without it'
if [ "$build" = 1 ]; then
	install_programs
else
	[ -x "$destdir$command" ] || die "$destdir$command is not installed; leave out --no-build"
fi
install_policy
if [ -n "$wanted" ]; then
	if [ "$dry" = 1 ] && [ ! -x "$command" ]; then
		say "then: stagegate init, which needs the programs to say more"
	else
		init "$@"
	fi
fi
