#!/bin/sh
# deps.sh [-n] GROUP...    build, test, hosts, fuzz, valgrind, cover, lint
#
# Sees to it that what those parts of the build need is installed, and prints
# nothing when it is.  As root on Debian it installs what is missing; as
# anybody else, or with -n, it prints the command and stops with exit code 1.
# Where there is no apt it looks with pkg-config and in PATH, and names what
# it did not find.
set -eu

# need PACKAGE [WHAT]: a Debian package, and where there is no dpkg what to
# look for: a command, or a pkg-config module as pc:NAME.  The default is the
# command of the package's name.
need() {
	if [ "$have_dpkg" = yes ]; then
		is_installed "$1" || missing="$missing $1"
	elif ! is_found "${2:-$1}"; then
		missing="$missing ${2:-$1}"
	fi
}

is_installed() {
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = \
		installed ]
}

is_found() {
	case $1 in
	pc:*) "${PKG_CONFIG:-pkg-config}" --exists "${1#pc:}" 2>/dev/null ;;
	*) command -v "$1" >/dev/null 2>&1 ;;
	esac
}

group() {
	case $1 in
	build)
		need gcc cc
		need libc6-dev cc
		need binutils strip
		need pkg-config "${PKG_CONFIG:-pkg-config}"
		need libgit2-dev pc:libgit2
		need libyaml-dev pc:yaml-0.1
		need libpcre2-dev pc:libpcre2-8
		need libsodium-dev pc:libsodium
		need libjansson-dev pc:jansson
		need libexpat1-dev pc:expat
		need libutf8proc-dev pc:libutf8proc
		need libmbedtls-dev cc # under libgit2, static only
		need zlib1g-dev pc:zlib
		;;
	test)
		need check pc:check
		need git
		need perl prove
		need openssh-client ssh-keygen
		need procps pgrep
		# which events are sent by, and read by
		need curl
		need msmtp
		need jq
		need acl setfacl # of which doctor tells
		# which the examples of command gates run
		need clang-format
		need shellcheck
		# whose reports the tests take
		need clang
		need g++
		need libgtest-dev pc:gtest
		need python3-pytest pytest
		need lcov geninfo
		need gcovr
		need hyperfine
		need libbenchmark-dev pc:benchmark
		# which the schema of events is tried with
		need python3-jsonschema jsonschema
		# which the man pages are checked with
		need mandoc
		need bsdextrautils col
		need bash
		;;
	hosts)
		# servers
		need openssh-server sshd
		need gitolite3 gitolite
		need nginx-light nginx
		need fcgiwrap
		need openssl
		# and what pushes to them
		need python3-pygit2
		need python3-dulwich
		need default-jdk-headless javac
		need libjgit-java
		need nodejs node
		# which some packages of nodejs bring along
		command -v npm >/dev/null 2>&1 || need npm
		;;
	fuzz)
		need clang
		need libclang-rt-dev clang
		;;
	valgrind)
		need valgrind
		;;
	cover)
		need gcovr
		;;
	lint)
		need clang-format
		need clang-tidy
		need cppcheck
		need shellcheck
		;;
	*)
		echo "deps.sh: no such group '$1'" >&2
		exit 100
		;;
	esac
}

dry=no
if [ "${1:-}" = -n ]; then
	dry=yes
	shift
fi
have_dpkg=no
if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
	have_dpkg=yes
fi

missing=
for name; do
	group "$name"
done
[ -n "$missing" ] || exit 0

if [ "$have_dpkg" = no ]; then
	echo "stagegate needs, and did not find:$missing" >&2
	exit 1
fi
if [ "$dry" = yes ] || [ "$(id -u)" -ne 0 ]; then
	sudo=
	[ "$(id -u)" -eq 0 ] || sudo='sudo '
	echo "stagegate needs packages that are not installed:" >&2
	echo "    ${sudo}apt-get install --no-install-recommends$missing" >&2
	exit 1
fi

echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# A server that is installed for a test is not to be started by that
# (invoke-rc.d(8)).
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
	printf '#!/bin/sh\nexit 101\n' >"$policy"
	chmod 755 "$policy"
	trap 'rm -f "$log" "$policy"' EXIT
	trap 'exit 1' HUP INT TERM
fi
# shellcheck disable=SC2086 # a list of package names
if ! {
	apt-get update || : # the lists we have may do
	apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends \
		$missing
} >"$log" 2>&1 </dev/null; then
	cat "$log" >&2
	echo "cannot install:$missing" >&2
	exit 1
fi
